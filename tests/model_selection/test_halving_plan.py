"""The candidates of a search over epochs, their schedule, and what is no search."""

import numpy as np
import pytest
from scipy.stats import uniform
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from skdeepnlp import EpochHalvingSearchCV, LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.model_selection._halving_plan import HalvingSchedule


def two_scores(classifier, X, y):
    return {"a": 0.5, "b": 0.2}


@pytest.mark.parametrize(
    ("candidates", "factor", "least", "most", "expected"),
    [
        (27, 3, "exhaust", 9, [(27, 1), (9, 3), (3, 9)]),
        (8, 3, "exhaust", 9, [(8, 3), (3, 9)]),
        (9, 3, 1, 9, [(9, 1), (3, 3), (1, 9)]),
        (10, 2, 2, 9, [(10, 2), (5, 4), (3, 8)]),
        (2, 3, "exhaust", 20, [(2, 20)]),
        # where epochs are few, fewer iterations use them to the end
        (27, 3, "exhaust", 8, [(27, 2), (9, 6)]),
        (27, 3, "exhaust", 2, [(27, 2)]),
        (9, 3, np.int64(1), 9, [(9, 1), (3, 3), (1, 9)]),
        (1000, 10, 1, 100, [(1000, 1), (100, 10), (10, 100)]),
    ],
)
def test_the_schedule_halves_candidates_and_multiplies_epochs(
    candidates, factor, least, most, expected
):
    assert HalvingSchedule(candidates, factor, least, most).iterations() == expected


def test_candidates_can_be_drawn_from_distributions(pipeline, data):
    space = {"classify__dropout": uniform(0, 0.9)}
    searches = [
        EpochHalvingSearchCV(pipeline, space, n_candidates=3, cv=2, max_epochs=3, random_state=1)
        for _ in range(2)
    ]
    first, second = (search.fit(*data).cv_results_["params"] for search in searches)
    assert first == second
    assert len({parameters["classify__dropout"] for parameters in first}) == 3


def test_distributions_need_a_number_of_candidates(pipeline, data):
    space = {"classify__dropout": uniform(0.1, 0.5)}
    with pytest.raises(ValueError, match=r"for classify__dropout.*a number as n_candidates"):
        EpochHalvingSearchCV(pipeline, space, cv=2).fit(*data)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"param_distributions": {"classify__epochs": [1]}}, ValueError, "epochs are the resource"),
        ({"min_epochs": 9}, ValueError, "Got min_epochs=9 and max_epochs=6"),
        ({"factor": 1}, ValueError, "'factor' parameter of EpochHalvingSearchCV"),
        ({"estimator": LogisticRegression()}, TypeError, "LogisticRegression cannot do"),
        ({"param_distributions": {"classify__unit": [1]}}, ValueError, "Invalid parameter 'unit'"),
        ({"scoring": ["accuracy"]}, ValueError, "'scoring' parameter"),
        ({"scoring": two_scores}, ValueError, "Got the scores .* from scoring; expected one"),
        ({"param_distributions": []}, ValueError, "Got no candidates"),
        ({"cv": []}, ValueError, "Got no folds from cv="),
        ({"param_distributions": {"classify__refit_on_all": [False, True]}}, ValueError, "in a se"),
        ({"param_distributions": {"classify": [LogisticRegression()]}}, TypeError, "cannot do"),
    ],
)
def test_bad_parameters_raise(parameters, error, message, pipeline, data, grid):
    search = EpochHalvingSearchCV(**{"estimator": pipeline, "param_distributions": grid})
    with pytest.raises(error, match=message):
        search.set_params(**parameters).fit(*data)


def test_a_classifier_without_a_pipeline_is_searched_over_ids(data):
    tokenized = TextTokenizer().fit_transform(data[0])
    ids = SequencePadder().fit_transform(tokenized)
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=3)
    search = EpochHalvingSearchCV(toy, {"dropout": [0.0, 0.2, 0.4]}, cv=2, scoring="f1_macro")
    assert search.fit(ids, data[1]).best_params_["epochs"] == 3
    assert search.predict(ids[:3]).shape == (3,)


def test_a_search_with_bad_parameters_leaves_the_one_before_as_it_was(pipeline, data, grid):
    """The number of iterations was that of the one that raised."""
    search = EpochHalvingSearchCV(clone(pipeline), grid, cv=2).fit(*data)
    before = dict(vars(search))
    search.set_params(param_distributions={"classify__nope": [1]}, cv=3)
    with pytest.raises(ValueError, match="nope"):
        search.fit(*data)
    search.set_params(param_distributions=grid, cv=2)
    assert vars(search) == before
