"""Searches over the parameters of every step of a pipeline."""

import numpy as np
import pytest
from scipy.stats import loguniform, uniform
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import (
    GridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
    cross_val_score,
)

EVERY_STEP = [
    {"clean": ["passthrough"]},
    {"clean__strip_accents": [True]},
    {"tokenize__punctuation": ["drop"]},
    {"pad__max_length": [4]},
    {"pad__truncating": ["pre"]},
    {"classify__units": [3]},
    {"classify__dropout": [0.2]},
    {"classify__learning_rate": [0.1]},
]
RANDOM = {
    "pad__max_length": [4, 5, 6],
    "classify__dropout": uniform(0.1, 0.5),
    "classify__learning_rate": loguniform(1e-3, 1e-1),
}


def grid_search(pipeline, **options):
    return GridSearchCV(pipeline, EVERY_STEP, cv=2, error_score="raise", **options)


def random_search(pipeline, **options):
    return RandomizedSearchCV(
        pipeline, RANDOM, n_iter=4, cv=2, random_state=0, error_score="raise", **options
    )


@pytest.fixture(scope="module")
def fitted_grid(toy_pipeline, texts):
    labels = np.array(["food", "sport", "weather"] * 16)
    return grid_search(toy_pipeline()).fit(texts, labels)


def test_grid_search_reaches_parameters_of_every_step(fitted_grid):
    assert len(fitted_grid.cv_results_["params"]) == 8
    assert np.isfinite(fitted_grid.cv_results_["mean_test_score"]).all()


def test_grid_search_predicts_with_the_best_candidate_refitted(fitted_grid, texts):
    chosen = fitted_grid.best_estimator_.get_params()
    assert fitted_grid.best_params_.items() <= chosen.items()
    assert set(fitted_grid.predict(texts[:5])) <= {"food", "sport", "weather"}


def test_a_second_grid_search_finds_the_same_scores(fitted_grid, toy_pipeline, texts, labels):
    again = grid_search(toy_pipeline()).fit(texts, labels)
    for split in ("split0_test_score", "split1_test_score"):
        assert again.cv_results_[split].tolist() == fitted_grid.cv_results_[split].tolist()


def test_random_search_draws_from_distributions(toy_pipeline, texts, labels):
    search = random_search(toy_pipeline()).fit(texts, labels)
    rates = [params["classify__learning_rate"] for params in search.cv_results_["params"]]
    assert len(set(rates)) == 4
    assert all(1e-3 <= rate <= 1e-1 for rate in rates)


@pytest.mark.slow
@pytest.mark.parametrize("search", [grid_search, random_search])
def test_two_processes_find_the_scores_of_one(search, toy_pipeline, texts, labels):
    """Slow: each of two processes has to load TensorFlow."""
    alone, shared = (
        search(toy_pipeline(), n_jobs=n_jobs).fit(texts, labels).cv_results_ for n_jobs in (1, 2)
    )
    assert alone["split0_test_score"].tolist() == shared["split0_test_score"].tolist()
    assert alone["split1_test_score"].tolist() == shared["split1_test_score"].tolist()


def test_grid_search_prefers_the_learning_rate_that_learns(toy_pipeline, texts, labels):
    pipeline = toy_pipeline(epochs=30, early_stopping=False)
    grid = {"classify__learning_rate": [1e-6, 1e-1]}
    search = GridSearchCV(pipeline, grid, scoring="neg_log_loss", cv=2).fit(texts, labels)
    assert search.best_params_ == {"classify__learning_rate": 1e-1}
    assert search.score(texts, labels) > -0.5  # at first it is -log(3), that is -1.1


def test_nested_cross_validation_scores_the_search_itself(toy_pipeline, texts, labels):
    search = GridSearchCV(toy_pipeline(), {"classify__dropout": [0.2, 0.5]}, cv=2)
    scores = cross_val_score(search, texts, labels, cv=2, error_score="raise")
    assert scores.shape == (2,)


def test_halving_gives_more_epochs_to_fewer_candidates(toy_pipeline, texts, labels):
    search = HalvingRandomSearchCV(
        toy_pipeline(),
        {"classify__learning_rate": loguniform(1e-3, 1e-1)},
        resource="classify__epochs",
        n_candidates=4,
        min_resources=1,
        max_resources=4,
        factor=2,
        cv=2,
        random_state=0,
        error_score="raise",
    ).fit(texts, labels)
    assert search.n_resources_ == [1, 2, 4]
    assert search.n_candidates_ == [4, 2, 1]
    assert search.best_estimator_[-1].epochs == 4
