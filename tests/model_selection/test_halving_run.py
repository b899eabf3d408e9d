"""The folds of a search over epochs: prepared once, with weights and groups, and their failures."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skdeepnlp import EpochHalvingSearchCV, LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.model_selection._halving_run import HalvingRun


class CountingStep(TransformerMixin, BaseEstimator):
    """Pass texts on and count the fits."""

    fits: list = []

    def __init__(self, strength=1):
        self.strength = strength

    def fit(self, X, y=None):
        if self.strength < 0:
            raise ValueError("too weak")
        self.fits.append(self.strength)
        self.n_features_in_ = 1
        return self

    def transform(self, X):
        return X


def test_steps_before_the_classifier_run_once_for_each_fold_and_setting(data):
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=4)
    steps = [("count", CountingStep()), ("tokenize", TextTokenizer()), ("classify", toy)]
    grid = {"count__strength": [1, 2], "classify__dropout": [0.0, 0.1, 0.2, 0.3]}
    CountingStep.fits.clear()
    EpochHalvingSearchCV(Pipeline(steps), grid, factor=2, cv=3, refit=False).fit(*data)
    assert sorted(CountingStep.fits) == [1] * 3 + [2] * 3


def test_only_those_who_may_survive_are_held(pipeline, data, monkeypatch, grid):
    held = []
    forget = HalvingRun._forget_all_but

    def note(run, best, means):
        forget(run, best, means)
        held.append(len(run._classifiers))

    monkeypatch.setattr(HalvingRun, "_forget_all_but", note)
    EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False).fit(*data)
    assert held == [1, 2, 2, 2, 2, 2, 2, 1]


def test_candidates_that_fail_get_the_error_score(data):
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=4)
    steps = [("count", CountingStep()), ("tokenize", TextTokenizer()), ("classify", toy)]
    grid = {"count__strength": [1, -1], "classify__validation_fraction": [0.1, 0.2]}
    search = EpochHalvingSearchCV(Pipeline(steps), grid, factor=2, cv=2)
    with (
        pytest.warns(UserWarning, match="non-finite"),
        pytest.warns(FitFailedWarning, match="4 fits failed out of a total of 8(.|\n)*too weak"),
    ):
        search.fit(*data)
    assert np.isnan(search.cv_results_["mean_test_score"]).sum() == 2
    assert search.best_params_["count__strength"] == 1
    with pytest.raises(ValueError, match="too weak"):
        search.set_params(error_score="raise").fit(*data)


def test_a_classifier_that_fails_is_named_before_all_others_are_lost(pipeline, data):
    grid = {"classify__units": [2, 3, 0]}
    with (
        pytest.warns(UserWarning, match="non-finite"),
        pytest.warns(FitFailedWarning, match="2 fits failed out of a total of 6(.|\n)*'units'"),
    ):
        search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False).fit(*data)
    assert search.best_params_["classify__units"] in (2, 3)


def test_sample_weights_reach_the_fits(pipeline, data, grid):
    weights = np.where(data[1] == data[1][0], 1.0, 1e-3)
    parameters = {"estimator": pipeline, "param_distributions": grid, "cv": 2, "refit": False}
    plain = EpochHalvingSearchCV(**parameters).fit(*data)
    weighted = EpochHalvingSearchCV(**parameters).fit(*data, classify__sample_weight=weights)
    assert not np.array_equal(
        plain.cv_results_["mean_test_score"], weighted.cv_results_["mean_test_score"]
    )


def test_validation_texts_go_through_the_pipeline(data):
    texts, labels = data
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=3)
    steps = [("tokenize", TextTokenizer()), ("pad", SequencePadder()), ("classify", toy)]
    with config_context(enable_metadata_routing=True):
        pipeline = Pipeline(steps, transform_input=["X_val"])
        search = EpochHalvingSearchCV(pipeline, {"classify__dropout": [0.0, 0.5]}, cv=2)
        search.fit(texts, labels, X_val=texts[:7], y_val=labels[:7])
    classifier = search.best_estimator_[-1]
    assert len(classifier.history_["val_loss"]) == classifier.n_iter_


def test_groups_reach_the_splitter(pipeline, data, grid):
    groups = np.arange(60) % 3
    search = EpochHalvingSearchCV(pipeline, grid, cv=GroupKFold(3), refit=False, max_epochs=1)
    assert search.fit(*data, groups=groups).n_splits_ == 3


def test_losses_decide_only_if_every_candidate_has_a_validation_set(pipeline, data):
    """A training loss was compared with a validation loss, and won by overfitting."""
    grid = {"classify__early_stopping": [True, False], "classify__dropout": [0.0, 0.6]}
    searches = [
        EpochHalvingSearchCV(
            pipeline, grid, factor=2, cv=2, promote_by=rule, scoring="neg_log_loss", refit=False
        ).fit(*data)
        for rule in ("loss", "score")
    ]
    assert searches[0].cv_results_["params"] == searches[1].cv_results_["params"]


def test_a_generator_of_folds_that_is_used_up_is_named(pipeline, data, grid):
    search = EpochHalvingSearchCV(pipeline, grid, cv=StratifiedKFold(2).split(*data), refit=False)
    with pytest.raises(ValueError, match="give list"):
        search.fit(*data).fit(*data)


def test_steps_that_cannot_be_pickled_are_searched(pipeline, data):
    grid = {"clean": ["passthrough", FunctionTransformer(lambda texts: texts)]}
    search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False).fit(*data)
    assert search.cv_results_["mean_test_score"][0] == search.cv_results_["mean_test_score"][1]


def test_a_pipeline_in_a_pipeline_gives_the_scores_of_the_inner_one(searched, pipeline, data, grid):
    of_nested = {f"pipeline__{name}": values for name, values in grid.items()}
    nested = make_pipeline("passthrough", pipeline)
    search = EpochHalvingSearchCV(nested, of_nested, cv=2).fit(*data)
    for name in ("mean_test_score", "n_resources"):
        assert np.array_equal(search.cv_results_[name], searched.cv_results_[name])
    assert np.array_equal(search.predict(data[0]), searched.predict(data[0]))


@pytest.mark.parametrize(
    "schedule", [{"learning_rate_schedule": "cosine"}, {"warmup": 0.5}], ids=str
)
def test_schedules_use_the_epochs_of_the_last_iteration(schedule, pipeline, data):
    """They used `epochs` of the classifier, which the last iteration need not reach."""
    scheduled = clone(pipeline).set_params(
        **{f"classify__{name}": value for name, value in schedule.items()}, classify__epochs=9
    )
    grid = {"classify__dropout": [0.0, 0.3, 0.6]}
    parameters = {"cv": 2, "max_epochs": 3, "scoring": "neg_log_loss", "refit": False}
    search = EpochHalvingSearchCV(scheduled, grid, **parameters).fit(*data)
    folds = [search.cv_results_[f"split{fold}_test_score"][-1] for fold in range(2)]
    whole = clone(scheduled).set_params(**search.best_params_)
    assert folds == cross_val_score(whole, *data, cv=2, scoring="neg_log_loss").tolist()


@pytest.mark.slow
def test_two_processes_find_the_same(searched, pipeline, data, grid):
    search = EpochHalvingSearchCV(pipeline, grid, cv=2, n_jobs=2, return_train_score=True)
    search.fit(*data)
    for name, values in searched.cv_results_.items():
        if "score" in name and "time" not in name:
            assert np.array_equal(search.cv_results_[name], values), name
