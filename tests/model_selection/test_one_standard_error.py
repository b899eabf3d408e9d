"""The most regularised candidate within one standard error of the best."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

from skdeepnlp.model_selection import EpochHalvingSearchCV, one_standard_error
from skdeepnlp.model_selection._one_standard_error import LESS_IS_SIMPLER, MORE_IS_SIMPLER


def results_of(params, means, stds, n_splits=4, metric="score", **more):
    """Return results whose standard errors are half of `stds`."""
    folds = {f"split{fold}_test_{metric}": means for fold in range(n_splits)}
    scores = {f"mean_test_{metric}": means, f"std_test_{metric}": stds}
    return {"params": params, **folds, **scores, **more}


def test_the_error_is_that_of_the_best_over_the_root_of_the_number_of_folds():
    params = [{"units": units} for units in (64, 32, 16)]
    # one standard error of the best is 0.04 / sqrt(4) = 0.02
    assert one_standard_error(results_of(params, [0.80, 0.781, 0.779], [0.04, 0.9, 0.9])) == 1


@pytest.mark.parametrize("name", LESS_IS_SIMPLER)
def test_less_of_a_size_is_chosen(name):
    results = results_of([{f"a__{name}": 4}, {f"a__{name}": 2}], [0.9, 0.9], [0.1, 0.1])
    assert one_standard_error(results) == 1


@pytest.mark.parametrize("name", MORE_IS_SIMPLER)
def test_more_of_a_strength_is_chosen(name):
    results = results_of([{name: 0.2}, {name: 0.4}], [0.9, 0.9], [0.1, 0.1])
    assert one_standard_error(results) == 1


def test_a_smaller_network_comes_before_a_stronger_dropout():
    params = [{"m__dropout": 0.9, "m__units": 64}, {"m__dropout": 0.1, "m__units": 32}]
    assert one_standard_error(results_of(params, [0.9, 0.9], [0.1, 0.1])) == 1


@pytest.mark.parametrize(
    ("first", "second"), [({"clipnorm": None}, {"clipnorm": 1.0}), ({"l2": None}, {"l2": 1e-9})]
)
def test_none_is_no_limit_and_no_strength(first, second):
    assert one_standard_error(results_of([first, second], [0.9, 0.9], [0.1, 0.1])) == 1


def test_of_equal_parameters_the_higher_mean_is_chosen_then_the_first_row():
    params = [{"learning_rate": rate} for rate in (0.1, 0.2, 0.3)]
    assert one_standard_error(results_of(params, [0.88, 0.9, 0.9], [0.1] * 3)) == 1


def test_candidates_that_failed_do_not_compete():
    params = [{"units": 1}, {"units": 8}]
    assert one_standard_error(results_of(params, [np.nan, 0.9], [np.nan, 0.1])) == 1
    with pytest.raises(ValueError, match="No candidate has a score"):
        one_standard_error(results_of(params, [np.nan, np.nan], [np.nan, np.nan]))


def test_of_halving_the_last_iteration_competes_alone():
    params = [{"units": units} for units in (1, 8, 4)]
    results = results_of(params, [0.9, 0.8, 0.8], [0.1] * 3, iter=np.array([0, 1, 1]))
    assert one_standard_error(results) == 2


def test_the_metric_is_named_where_there_are_several():
    results = results_of([{"units": 8}, {"units": 4}], [0.9, 0.5], [0.1, 0.1], metric="f1")
    assert one_standard_error(metric="f1")(results) == 0
    with pytest.raises(ValueError, match=r"Got metric='score'; expected one of \['f1'\]"):
        one_standard_error(results)


@pytest.mark.parametrize("search", [GridSearchCV, EpochHalvingSearchCV])
def test_searches_take_it(search, toy_classifier, padded_ids, labels):
    grid = {"dropout": [0.1, 0.5]}
    found = search(toy_classifier(), grid, cv=2, refit=one_standard_error).fit(padded_ids, labels)
    assert found.best_index_ == one_standard_error(found.cv_results_)
    assert found.best_estimator_.dropout == found.best_params_["dropout"]
