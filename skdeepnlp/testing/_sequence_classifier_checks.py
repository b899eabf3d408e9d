"""Check that a classifier over token ids keeps the contracts of this library."""

import pickle
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError

from skdeepnlp.testing._runner import fill_check_docstring, try_contracts
from skdeepnlp.text import PaddedIds, TokenSequences, Vocabulary


@dataclass(frozen=True)
class SequenceCase:
    """A classifier to be checked and what it is checked on.

    Attributes
    ----------
    classifier : estimator
        The classifier; never fitted itself, only its clones.
    X : PaddedIds
        Ids to learn from, padded at the end.
    y : ndarray of shape (n_samples,)
        Labels.
    """

    classifier: Any
    X: PaddedIds
    y: np.ndarray

    def fresh(self, seed: int | None = 0) -> Any:
        """Return an unfitted copy, seeded if the classifier has a `random_state`."""
        copy = clone(self.classifier)
        seeded = "random_state" in copy.get_params()
        return copy.set_params(random_state=seed) if seeded else copy

    def fitted(self, seed: int | None = 0) -> Any:
        """Return a fitted copy."""
        return self.fresh(seed).fit(self.X, self.y)

    def sequences(self) -> TokenSequences:
        """Return the ids without padding."""
        return TokenSequences.from_padded(self.X)

    def widened(self, by: int, *, before: bool = False) -> PaddedIds:
        """Return the ids with columns of padding added after, or before, the text."""
        columns = ((0, 0), (by, 0) if before else (0, by))
        return PaddedIds(np.pad(np.asarray(self.X), columns), self.X.vocabulary)


def make_ids(n_samples: int = 24, max_length: int = 11) -> tuple[PaddedIds, np.ndarray]:
    """Make ids of texts of one to `max_length` tokens, and labels that their first token tells.

    Examples
    --------
    >>> from skdeepnlp.testing._sequence_classifier_checks import make_ids
    >>> ids, labels = make_ids()
    >>> ids.shape, sorted(set(labels.tolist()))
    ((24, 11), ['no', 'yes'])
    """
    rng = np.random.default_rng(0)
    vocabulary = Vocabulary([f"word{number}" for number in range(20)])
    ids = rng.integers(2, len(vocabulary), size=(n_samples, max_length))
    ids[:, 0] = 2 + np.arange(n_samples) % 2
    lengths = 1 + np.arange(n_samples) % max_length
    ids[np.arange(max_length) >= lengths[:, None]] = 0
    return PaddedIds(ids.astype(np.int32), vocabulary), np.array(["no", "yes"])[ids[:, 0] - 2]


# float32 rounding of sums that are taken in another order
_ROUNDING = 2e-6


def it_is_a_classifier(case: SequenceCase) -> None:
    assert is_classifier(case.classifier), "scikit-learn does not take it for a classifier"


def predict_before_fit_raises(case: SequenceCase) -> None:
    _assert_raises((NotFittedError,), case.fresh().predict, case.X)


def fit_returns_self(case: SequenceCase) -> None:
    classifier = case.fresh()
    assert classifier.fit(case.X, case.y) is classifier


def fit_leaves_its_data_alone(case: SequenceCase) -> None:
    weights = np.ones(len(case.y))
    given = (case.X.copy(), case.y.copy(), weights)
    before = [array.copy() for array in given]
    case.fresh().fit(given[0], given[1], sample_weight=given[2])
    changed = [
        name
        for name, now, then in zip(("X", "y", "sample_weight"), given, before, strict=True)
        if not np.array_equal(now, then)
    ]
    assert not changed, f"fit wrote into {changed}"


def fit_leaves_global_generators_alone(case: SequenceCase) -> None:
    original = (random.getstate(), np.random.get_state())
    # away from where a fit before may have seeded them to
    random.random(), np.random.random()
    before = (random.getstate(), pickle.dumps(np.random.get_state()))
    case.fitted()
    after = (random.getstate(), pickle.dumps(np.random.get_state()))
    random.setstate(original[0])
    np.random.set_state(original[1])
    assert before == after, "a generator of Python or NumPy was used or seeded"


def one_seed_gives_equal_fits(case: SequenceCase) -> None:
    first, second = (case.fitted().predict_proba(case.X) for _ in range(2))
    assert np.array_equal(first, second), "two fits with one random_state differ"


def other_seeds_give_other_fits(case: SequenceCase) -> None:
    if "random_state" not in case.classifier.get_params():
        return
    first, second = (case.fitted(seed).predict_proba(case.X) for seed in (0, 1))
    assert not np.array_equal(first, second), "random_state has no effect"


def refitting_forgets_the_past(case: SequenceCase) -> None:
    classifier = case.fresh().fit(case.X[::-1], case.y)
    again = classifier.fit(case.X, case.y).predict_proba(case.X)
    assert np.array_equal(again, case.fitted().predict_proba(case.X)), "an earlier fit shows"


def a_clone_of_a_fitted_one_is_unfitted(case: SequenceCase) -> None:
    _assert_raises((NotFittedError,), clone(case.fitted()).predict, case.X)


def probabilities_are_a_distribution(case: SequenceCase) -> None:
    classifier = case.fitted()
    for rows in (case.X, case.X[:1]):
        probabilities = classifier.predict_proba(rows)
        expected = (len(rows), len(classifier.classes_))
        assert probabilities.shape == expected, f"shape {probabilities.shape}, not {expected}"
        assert probabilities.dtype.kind == "f", f"dtype {probabilities.dtype}"
        assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6), (
            "the probabilities of a sample do not sum to 1"
        )


def predictions_are_the_most_probable_classes(case: SequenceCase) -> None:
    classifier = case.fitted()
    expected = classifier.classes_[classifier.predict_proba(case.X).argmax(axis=1)]
    assert np.array_equal(classifier.predict(case.X), expected)


def rows_do_not_depend_on_one_another(case: SequenceCase) -> None:
    classifier = case.fitted()
    whole = classifier.predict_proba(case.X)
    singly = np.vstack([classifier.predict_proba(case.X[[row]]) for row in range(len(case.X))])
    _assert_equal(singly, whole, "a sample predicted alone differs")
    _assert_equal(
        classifier.predict_proba(case.X[::-1]), whole[::-1], "the order of samples counts"
    )


def a_pickle_predicts_the_same(case: SequenceCase) -> None:
    classifier = case.fitted()
    copy = pickle.loads(pickle.dumps(classifier))
    assert np.array_equal(copy.predict_proba(case.X), classifier.predict_proba(case.X))


def token_sequences_are_as_good_as_padded_ids(case: SequenceCase) -> None:
    classifier = case.fresh().fit(case.sequences(), case.y)
    expected = case.fitted().predict_proba(case.X)
    _assert_equal(classifier.predict_proba(case.sequences()), expected, "the container counts")


def a_plain_matrix_is_as_good_as_padded_ids(case: SequenceCase) -> None:
    classifier = case.fitted()
    expected = classifier.predict_proba(case.X)
    for dtype in (np.int32, np.int64, np.float64):
        plain = np.asarray(case.X).astype(dtype)
        _assert_equal(classifier.predict_proba(plain), expected, f"{dtype.__name__} counts")


def ids_of_another_vocabulary_are_refused(case: SequenceCase) -> None:
    other = Vocabulary([f"other{number}" for number in range(len(case.X.vocabulary or ()) - 2)])
    _assert_raises((ValueError,), case.fitted().predict, PaddedIds(np.asarray(case.X), other))


def text_is_refused(case: SequenceCase) -> None:
    texts = ["some raw text here"] * len(case.y)
    _assert_raises((TypeError, ValueError), case.fresh().fit, texts, case.y)
    _assert_raises((TypeError, ValueError), case.fitted().predict, texts)


def bad_input_leaves_a_fitted_classifier_as_it_was(case: SequenceCase) -> None:
    classifier = case.fitted()
    before = classifier.predict_proba(case.X)
    _assert_raises((TypeError, ValueError), classifier.fit, case.X, case.y[:-1])
    _assert_raises((TypeError, ValueError), classifier.predict, -1 - np.asarray(case.X))
    assert np.array_equal(classifier.predict_proba(case.X), before), "it predicts otherwise now"


def wider_padding_does_not_change_the_prediction(case: SequenceCase) -> None:
    classifier = case.fitted()
    expected = classifier.predict_proba(case.X)
    for width in (1, 9, 50):
        _assert_equal(
            classifier.predict_proba(case.widened(width)), expected, f"{width} more columns count"
        )


def padding_before_the_text_does_not_change_the_prediction(case: SequenceCase) -> None:
    classifier = case.fitted()
    moved = classifier.predict_proba(case.widened(7, before=True))
    _assert_equal(moved, classifier.predict_proba(case.X), "the side of the padding counts")


def wider_padding_does_not_change_what_is_learnt(case: SequenceCase) -> None:
    classifier = case.fresh().fit(case.widened(30), case.y)
    expected = case.fitted().predict_proba(case.X)
    _assert_equal(classifier.predict_proba(case.widened(30)), expected, "training sees padding")


def long_neighbours_do_not_change_the_prediction(case: SequenceCase) -> None:
    classifier = case.fitted()
    longest = np.full((1, 70), 2, dtype=np.int32)
    crowd = PaddedIds(np.vstack([np.asarray(case.widened(70 - case.X.shape[1])), longest]))
    among_long = classifier.predict_proba(crowd)[:-1]
    _assert_equal(among_long, classifier.predict_proba(case.X), "a long text beside it counts")


def _assert_equal(left: np.ndarray, right: np.ndarray, message: str) -> None:
    difference = float(np.abs(left - right).max())
    assert difference <= _ROUNDING, f"{message}: probabilities differ by {difference:.1e}"


def _assert_raises(kinds: tuple, function: Callable, *args: Any) -> None:
    try:
        function(*args)
    except kinds:
        return
    names = " or ".join(kind.__name__ for kind in kinds)
    raise AssertionError(f"{function.__name__} did not raise {names}")


_OF_PADDING = (
    wider_padding_does_not_change_the_prediction,
    padding_before_the_text_does_not_change_the_prediction,
    wider_padding_does_not_change_what_is_learnt,
    long_neighbours_do_not_change_the_prediction,
)
_OF_ALL_ELSE = (
    it_is_a_classifier,
    predict_before_fit_raises,
    fit_returns_self,
    fit_leaves_its_data_alone,
    fit_leaves_global_generators_alone,
    one_seed_gives_equal_fits,
    other_seeds_give_other_fits,
    refitting_forgets_the_past,
    a_clone_of_a_fitted_one_is_unfitted,
    probabilities_are_a_distribution,
    predictions_are_the_most_probable_classes,
    rows_do_not_depend_on_one_another,
    a_pickle_predicts_the_same,
    token_sequences_are_as_good_as_padded_ids,
    a_plain_matrix_is_as_good_as_padded_ids,
    ids_of_another_vocabulary_are_refused,
    text_is_refused,
    bad_input_leaves_a_fitted_classifier_as_it_was,
)
PADDING_CONTRACTS: dict[str, Callable[[SequenceCase], None]] = {
    contract.__name__: contract for contract in _OF_PADDING
}
CONTRACTS: dict[str, Callable[[SequenceCase], None]] = {
    **{contract.__name__: contract for contract in _OF_ALL_ELSE},
    **PADDING_CONTRACTS,
}


@fill_check_docstring
def check_sequence_classifier(
    classifier: Any,
    *,
    X: PaddedIds | None = None,
    y: Any = None,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Check that a classifier over token ids keeps the contracts of this library.

    They are what scikit-learn's `check_estimator` cannot know of: that padded ids, token sequences
    and plain matrices are read alike, that seeds and global generators are respected, that samples
    do not depend on one another, and those of `check_padding_invariance`.

    Parameters
    ----------
    {classifier}
    {ids and labels}
    {expected failures}

    Returns
    -------
    {outcomes}

    Raises
    ------
    {broken}
    ValueError
        If `expected_failures` names no contract, or only one of `X` and `y` is given.

    See Also
    --------
    check_padding_invariance : The contracts about padding alone.
    check_text_step : The like for steps that take text.
    sklearn.utils.estimator_checks.check_estimator : Checks of scikit-learn itself.

    Examples
    --------
    >>> from skdeepnlp import LSTMClassifier
    >>> from skdeepnlp.testing import check_sequence_classifier
    >>> outcomes = check_sequence_classifier(LSTMClassifier(units=2, embedding_dim=2, epochs=1))
    >>> set(outcomes.values())
    {'passed'}
    """
    return try_contracts(
        CONTRACTS,
        _case(classifier, X, y),
        subject=classifier,
        expected_failures=expected_failures,
    )


@fill_check_docstring
def check_padding_invariance(
    classifier: Any,
    *,
    X: PaddedIds | None = None,
    y: Any = None,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Check that padding never changes what a classifier learns or predicts.

    Padding is widened, moved before the text, and forced on by a long neighbour; probabilities
    must stay equal up to float32 rounding (2e-6).

    Parameters
    ----------
    {classifier}
    {ids and labels}
    {expected failures}

    Returns
    -------
    {outcomes}

    Raises
    ------
    {broken}
    ValueError
        If `expected_failures` names no contract, or only one of `X` and `y` is given.

    See Also
    --------
    check_sequence_classifier : All contracts of a classifier over token ids.

    Examples
    --------
    >>> from skdeepnlp import LSTMClassifier
    >>> from skdeepnlp.testing import check_padding_invariance
    >>> outcomes = check_padding_invariance(LSTMClassifier(units=2, embedding_dim=2, epochs=1))
    >>> outcomes["wider_padding_does_not_change_the_prediction"]
    'passed'
    """
    return try_contracts(
        PADDING_CONTRACTS,
        _case(classifier, X, y),
        subject=classifier,
        expected_failures=expected_failures,
    )


def _case(classifier: Any, X: PaddedIds | None, y: Any) -> SequenceCase:
    """Return the case to be tried, on the data given or on made-up ones."""
    if (X is None) != (y is None):
        raise ValueError("Got only one of X and y; expected both, or neither for made-up ones.")
    if X is None:
        return SequenceCase(classifier, *make_ids())
    return SequenceCase(classifier, PaddedIds(X), np.asarray(y))
