"""Read what a classifier is given as X: padded ids, token sequences, rows or a plain matrix."""

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import validate_data

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID, check_id_lists, id_lists, refuse_counts
from skdeepnlp._gaps import warn_of_gaps
from skdeepnlp.classifiers._id_checks import refuse_bad_numbers, refuse_text
from skdeepnlp.classifiers._known_ids import known_ids, learn_ids
from skdeepnlp.text import PaddedIds, TokenSequences
from skdeepnlp.training import RaggedIds

__all__ = ["read_ids"]


class _Rows(NamedTuple):
    """Rows as they came, padding included: flat ids, the length of each row, the longest one."""

    ids: np.ndarray
    lengths: np.ndarray
    width: int
    is_matrix: bool

    @property
    def offsets(self) -> np.ndarray:
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.lengths)])


def read_ids(estimator: Any, X: Any, *, reset: bool, one_chunk: bool = False) -> RaggedIds:
    """Return the ids of each text without padding, or say what is wrong with X.

    A text without any token is read as one unknown token, so that no text is empty.

    Parameters
    ----------
    estimator : estimator
        The classifier that asks; on `reset` it gets `n_features_in_`, `feature_names_in_`,
        `vocabulary_` and `vocabulary_size_`.
    X : PaddedIds, TokenSequences, sequences of int of any lengths, or matrix
        Token ids. A plain matrix must be as wide as the one seen in fit.
    reset : bool
        Whether this is what the classifier learns from.
    one_chunk : bool, default=False
        Whether more rows are to come, so that these may hold no word that is known.

    Returns
    -------
    sequences : RaggedIds
    """
    refuse_text(estimator, X)
    refuse_counts(X, type(estimator).__name__)
    rows = _rows_of(estimator, X, reset=reset)
    vocabulary = getattr(X, "vocabulary", None)
    if reset:
        if vocabulary is None or not one_chunk:
            _refuse_all_padding(estimator, rows)
        if not rows.is_matrix or isinstance(X, PaddedIds):
            _forget_feature_names(estimator)
            estimator.n_features_in_ = rows.width
        if not isinstance(X, PaddedIds):  # a union of padders may put padding between
            names = getattr(estimator, "feature_names_in_", None)
            caller, is_matrix = type(estimator).__name__, rows.is_matrix
            warn_of_gaps(rows.ids, rows.offsets, caller=caller, is_matrix=is_matrix, names=names)
    sequences = _without_padding(rows.ids, rows.lengths)
    if reset:
        learn_ids(estimator, sequences, vocabulary)
    return known_ids(estimator, sequences, vocabulary)


def _rows_of(estimator: Any, X: Any, *, reset: bool) -> _Rows:
    """Return the rows of whatever holds ids."""
    if isinstance(X, TokenSequences):
        if not len(X):
            raise ValueError("Got TokenSequences with 0 texts; expected at least one.")
        refuse_bad_numbers(X.ids[None, :])
        ids, lengths = X.ids, np.asarray(X.lengths)
    elif (lists := None if isinstance(X, PaddedIds) else id_lists(X)) is not None:
        ids, offsets = check_id_lists(lists, caller=type(estimator).__name__)
        lengths = np.diff(offsets)
    else:
        matrix = _id_matrix(estimator, X, reset=reset)
        n_rows, width = matrix.shape
        return _Rows(matrix.ravel(), np.full(n_rows, width), width, True)
    return _Rows(ids, lengths, max(1, int(lengths.max())), False)


def _id_matrix(estimator: Any, X: Any, *, reset: bool) -> np.ndarray:
    """Return X as a matrix of whole numbers from 0 up, int32."""
    if isinstance(X, PaddedIds):
        if not len(X):
            raise ValueError("Got PaddedIds with 0 rows; expected at least one text.")
        matrix = np.asarray(X)
        if matrix.ndim != 2:
            raise ValueError(
                f"Got PaddedIds of shape {matrix.shape}; expected (n_samples, max_length). Take "
                "one text as padded[:1]."
            )
    else:
        matrix = np.asarray(validate_data(estimator, X, reset=reset, dtype="numeric"))
    refuse_bad_numbers(matrix)
    return matrix.astype(np.int32, copy=False)


def _without_padding(ids: np.ndarray, lengths: np.ndarray) -> RaggedIds:
    """Drop every padding id; texts left empty become one unknown token."""
    real = ids != PAD_ID
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    kept = np.bincount(row_of[real], minlength=len(lengths))
    empty = np.flatnonzero(kept == 0)
    starts = np.cumsum(kept) - kept
    filled = np.insert(ids[real], starts[empty], UNKNOWN_ID)
    offsets = np.concatenate([[0], np.cumsum(np.maximum(kept, 1))])
    return RaggedIds(filled.astype(np.int32, copy=False), offsets)


def _refuse_all_padding(estimator: Any, rows: _Rows) -> None:
    """Raise if there is not a single token to learn from."""
    if not rows.ids.any():
        raise ValueError(
            f"{type(estimator).__name__} cannot learn from these texts: each of the "
            f"{len(rows.lengths)} rows is all padding. Look at the steps before it: does a "
            "cleaner drop too much?"
        )


def _forget_feature_names(estimator: Any) -> None:
    if hasattr(estimator, "feature_names_in_"):
        del estimator.feature_names_in_
