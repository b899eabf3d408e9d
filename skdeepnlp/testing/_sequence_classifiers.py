"""Check that a classifier over token ids keeps its contracts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from skdeepnlp.testing._sequence_case import SequenceCase, make_ids
from skdeepnlp.testing._sequence_contracts import CONTRACTS, PADDING_CONTRACTS
from skdeepnlp.testing._shared_words import with_shared_words
from skdeepnlp.testing._trying import try_contracts
from skdeepnlp.text import PaddedIds

__all__ = ["check_padding_invariance", "check_sequence_classifier"]


@with_shared_words
def check_sequence_classifier(
    classifier: Any,
    *,
    X: PaddedIds | None = None,
    y: Any = None,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Check that a classifier over token ids keeps the contracts of this library.

    They are what scikit-learn's `check_estimator` cannot know of: that padded ids, token sequences
    and plain matrices are read alike, that seeds and global generators are respected, that rows do
    not depend on one another, and those of `check_padding_invariance`.

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
    sklearn.utils.estimator_checks.check_estimator : scikit-learn's own checks.

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


@with_shared_words
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
