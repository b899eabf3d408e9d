"""Successive halving over epochs: the same scores as training without a break, at a fraction."""

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_score

from skdeepnlp import (
    EpochHalvingSearchCV,
)
from skdeepnlp.datasets import make_text_classification


class Interrupt(keras.callbacks.Callback):
    """Press Ctrl-C in the third epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


def test_scores_equal_those_of_training_without_a_break(searched, pipeline, data):
    results = searched.cv_results_
    for row, parameters in enumerate(results["params"]):
        folds = [results[f"split{fold}_test_score"][row] for fold in range(2)]
        whole = clone(pipeline).set_params(**parameters)
        assert folds == cross_val_score(whole, *data, cv=2).tolist()


def test_results_have_a_row_for_each_candidate_in_each_iteration(searched):
    results = searched.cv_results_
    assert results["iter"].tolist() == [0] * 6 + [1] * 2
    assert results["n_resources"].tolist() == [2] * 6 + [6] * 2
    assert (searched.n_resources_, searched.n_candidates_) == ([2, 6], [6, 2])
    assert results["param_classify__epochs"].tolist() == [2] * 6 + [6] * 2
    names = {"mean_fit_time", "std_score_time", "rank_test_score", "std_train_score"}
    assert names | {"param_tokenize__min_df"} <= set(results)
    assert searched.n_iterations_ == searched.n_required_iterations_ == 2
    assert (searched.min_resources_, searched.max_resources_, searched.n_splits_) == (2, 6, 2)
    assert searched.n_remaining_candidates_ == 1


def test_by_score_the_survivors_are_the_best_of_the_iteration_before(searched, data):
    results = clone(searched).set_params(promote_by="score").fit(*data).cv_results_
    first = results["mean_test_score"][:6]
    survivors = [{**p, "classify__epochs": 2} for p in results["params"][6:]]
    scores = [first[results["params"].index(survivor)] for survivor in survivors]
    assert sorted(scores) == sorted(first)[-2:]


def test_by_loss_those_survive_who_learn_where_scores_tell_nothing(pipeline):
    data = make_text_classification(n_samples=300, random_state=0)
    rates = [1e-7, 0.1, 1e-6]
    search = EpochHalvingSearchCV(
        pipeline,
        {"classify__learning_rate": rates},
        scoring=lambda classifier, X, y: 0.5,
        min_epochs=2,
        max_epochs=6,
        cv=2,
    )
    by_loss, by_score = (
        clone(search).set_params(promote_by=way).fit(*data).cv_results_["params"][3:]
        for way in ("loss", "score")
    )
    assert [row["classify__learning_rate"] for row in by_loss] == [0.1]
    assert [row["classify__learning_rate"] for row in by_score] == [1e-7]


def test_the_best_is_of_the_last_iteration_and_is_trained_on_all_samples(searched, pipeline, data):
    last = searched.cv_results_["mean_test_score"][6:]
    assert searched.best_score_ == last.max()
    assert searched.best_params_ == searched.cv_results_["params"][searched.best_index_]
    assert searched.best_params_["classify__epochs"] == 6
    again = clone(pipeline).set_params(**searched.best_params_).fit(*data)
    assert np.array_equal(searched.predict_proba(data[0]), again.predict_proba(data[0]))
    assert searched.classes_.tolist() == again.classes_.tolist()
    assert searched.score(*data) == again.score(*data)


def test_a_callable_may_choose(pipeline, data, grid):
    search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=lambda results: 0)
    assert search.fit(*data).best_index_ == 0
    assert search.best_estimator_[-1].epochs == search.n_resources_[0]


def test_without_refit_there_is_a_best_but_no_estimator(pipeline, data, grid):
    cv = StratifiedKFold(2, shuffle=True, random_state=0)
    search = EpochHalvingSearchCV(pipeline, grid, cv=cv, refit=False).fit(*data)
    assert search.best_params_ in search.cv_results_["params"]
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        search.predict(data[0])


def test_ctrl_c_leaves_the_finished_iterations(pipeline, data, grid):
    interrupted = clone(pipeline).set_params(classify__callbacks=[Interrupt()])
    search = EpochHalvingSearchCV(interrupted, grid, cv=2)
    with pytest.raises(KeyboardInterrupt):
        search.fit(*data)
    assert search.n_resources_ == [2]
    assert len(search.cv_results_["params"]) == 6


def test_progress_is_a_line_an_iteration(pipeline, data, capsys, grid):
    EpochHalvingSearchCV(pipeline, grid, cv=2, verbose=1, refit=False).fit(*data)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(", best")[0] for line in lines] == [
        "Iteration 1: 6 candidates in 2 folds, 2 epochs",
        "Iteration 2: 2 candidates in 2 folds, 6 epochs",
    ]


def test_scikit_learns_callbacks_hear_of_iterations(pipeline, data, grid):
    callback = pytest.importorskip("sklearn.callback")
    search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False)
    search.set_callbacks(callback.ProgressBar()).fit(*data)
    assert search.n_iterations_ == 2


def test_an_interrupted_search_keeps_nothing_of_the_one_before(pipeline, data, grid):
    search = EpochHalvingSearchCV(clone(pipeline), grid, cv=2).fit(*data)
    search.set_params(estimator__classify__callbacks=[Interrupt()])
    with pytest.raises(KeyboardInterrupt):
        search.fit(*data)
    assert not hasattr(search, "best_index_")
    with pytest.raises(AttributeError):
        search.predict(data[0])
    wrong = {"param_distributions": {"classify__dropout": [5.0, 6.0]}, "error_score": "raise"}
    with pytest.raises(ValueError, match="'dropout' parameter"):
        search.set_params(estimator__classify__callbacks=None, **wrong).fit(*data)
    assert not hasattr(search, "n_iterations_")
    assert not hasattr(search, "n_remaining_candidates_")


def test_progress_without_a_score_warns_of_nothing_more(pipeline, data, capsys, recwarn, grid):
    search = EpochHalvingSearchCV(
        pipeline, grid, cv=2, verbose=1, refit=False, scoring=lambda classifier, X, y: np.nan
    )
    search.fit(*data)
    assert "best mean score nan" in capsys.readouterr().out
    assert not [warning for warning in recwarn if "All-NaN" in str(warning.message)]
