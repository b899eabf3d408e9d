"""The most regularized candidate within one standard error of the best."""

import pickle
import re
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import uniform
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

from skdeepnlp.model_selection import EpochHalvingSearchCV, one_standard_error
from skdeepnlp.model_selection._one_standard_error import simplicity_signs

SIGNS = simplicity_signs()
LESS_IS_SIMPLER = [name for name, sign in SIGNS.items() if sign > 0]
MORE_IS_SIMPLER = [name for name, sign in SIGNS.items() if sign < 0]


def results_of(params, means, stds, n_splits=5, metric="score", **more):
    """Return results whose standard errors are half of `stds`."""
    folds = {f"split{fold}_test_{metric}": means for fold in range(n_splits)}
    scores = {f"mean_test_{metric}": means, f"std_test_{metric}": stds}
    return {"params": params, **folds, **scores, **more}


def test_the_error_is_that_of_the_mean_of_the_best_from_its_folds_as_a_sample():
    params = [{"units": units} for units in (64, 32, 16)]
    # one standard error of the best is 0.04 * sqrt(5 / 4) / sqrt(5) = 0.02
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


def test_of_a_halving_search_a_finished_candidate_is_chosen(toy_classifier, padded_ids, labels):
    grid = {"dropout": [0.1, 0.3, 0.5, 0.7]}
    search = EpochHalvingSearchCV(
        toy_classifier(epochs=2), grid, factor=2, cv=2, refit=one_standard_error
    )
    assert search.fit(padded_ids, labels).best_params_["epochs"] == 2


def test_a_search_over_several_scores_takes_it_and_can_be_pickled(
    toy_classifier, padded_ids, labels
):
    search = RandomizedSearchCV(
        toy_classifier(),
        {"dropout": uniform(0.1, 0.5)},
        n_iter=2,
        cv=2,
        scoring=["accuracy", "f1_macro"],
        refit=one_standard_error(metric="f1_macro"),
        random_state=0,
    )
    found = pickle.loads(pickle.dumps(clone(search).fit(padded_ids, labels)))
    results = found.cv_results_
    assert found.best_index_ == one_standard_error(results, metric="f1_macro")
    assert not hasattr(found, "best_score_")


def test_folds_are_counted_whatever_the_name_of_the_score():
    """A sign in the name was read as a pattern, so that no fold was found."""
    params = [{"units": units} for units in (64, 32)]
    # one standard error of the best is 0.02; it would be 0.04 over one fold
    results = results_of(params, [0.80, 0.77], [0.04, 0.04], metric="f1 (macro)")
    assert one_standard_error(results, metric="f1 (macro)") == 0


@pytest.mark.parametrize("failed", [np.nan, -np.inf])
def test_without_a_finite_score_there_is_nothing_to_choose(failed):
    """Infinite scores ended in "min() arg is an empty sequence"."""
    results = results_of([{"units": 1}, {"units": 8}], [failed] * 2, [np.nan] * 2)
    with pytest.raises(ValueError, match="No candidate has a score"):
        one_standard_error(results)


def test_no_layer_is_smaller_than_any():
    results = results_of([{"units": 8}, {"units": None}], [0.9, 0.9], [0.1, 0.1])
    assert one_standard_error(results) == 1


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_one_direction_is_smaller_than_two(kind):
    params = [{"bidirectional": kind(two)} for two in (True, False)]
    assert one_standard_error(results_of(params, [0.9, 0.9], [0.1, 0.1])) == 1


def test_what_some_candidates_do_not_name_is_not_compared():
    """A dropout of 0.1 came before that of the classifier itself, which may be larger."""
    params = [{"l2": 0.1, "units": 8}, {"dropout": 0.1, "units": 8}, {"l2": 0.0, "units": 9}]
    assert one_standard_error(results_of(params, [0.9, 0.8, 0.9], [0.9] * 3)) == 0


def test_candidates_that_do_not_compete_need_not_name_what_decides():
    params = [{"l2": 0.1}, {"l2": 0.2}, {"units": 8}]
    assert one_standard_error(results_of(params, [0.9, 0.89, 0.5], [0.05] * 3)) == 1


def test_the_names_decide_in_their_order():
    names = [*LESS_IS_SIMPLER, *MORE_IS_SIMPLER]
    for former, later in pairwise(names):
        simple = {former: 1 if former in LESS_IS_SIMPLER else 2}
        simple |= {later: 2 if later in LESS_IS_SIMPLER else 1}
        bulky = {name: 3 - value for name, value in simple.items()}
        results = results_of([bulky, simple], [0.9, 0.9], [0.1, 0.1])
        assert one_standard_error(results) == 1, (former, later)


def test_the_order_written_down_is_the_order_that_decides():
    told = re.findall(r"`(\w+)`", re.search(r"in turn.*?None", one_standard_error.__doc__, re.S)[0])
    kept_quiet = {"n_resources"}
    names = [*LESS_IS_SIMPLER, *MORE_IS_SIMPLER]
    assert told == [name for name in names if name not in kept_quiet]
