"""Read what a classifier is given as X: padded ids, token sequences or a plain integer matrix."""

from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import validate_data

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp.text import PaddedIds, TokenSequences
from skdeepnlp.text._vocabulary import check_same_vocabulary
from skdeepnlp.training import RaggedIds

__all__ = ["read_ids", "shorten"]

_LARGEST_ID = np.iinfo(np.int32).max
_INT32_ITEMSIZE = 4


def read_ids(estimator: Any, X: Any, *, reset: bool) -> RaggedIds:
    """Return the ids of each text without padding, or say what is wrong with X.

    A text without any token is read as one unknown token, so that no text is empty.

    Parameters
    ----------
    estimator : estimator
        The classifier that asks; on `reset` it gets `n_features_in_`, `feature_names_in_`,
        `vocabulary_` and `vocabulary_size_`.
    X : PaddedIds, TokenSequences or array-like of shape (n_samples, max_length)
        Token ids. A plain matrix must be as wide as the one seen in fit.
    reset : bool
        Whether this is what the classifier learns from.

    Returns
    -------
    sequences : RaggedIds
    """
    _refuse_text(estimator, X)
    if isinstance(X, TokenSequences):
        sequences, width = _from_sequences(X)
    else:
        matrix = _id_matrix(estimator, X, reset=reset)
        sequences, width = _from_matrix(matrix), matrix.shape[1]
    vocabulary = getattr(X, "vocabulary", None)
    if reset:
        _refuse_all_padding(estimator, X, sequences)
        _learn_vocabulary(estimator, sequences, vocabulary)
        if isinstance(X, (TokenSequences, PaddedIds)):
            _forget_feature_names(estimator)
            estimator.n_features_in_ = width
    _check_vocabulary(estimator, sequences, vocabulary)
    return sequences


def shorten(value: Any) -> str:
    """Return the repr of a value, cut to 60 characters."""
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _refuse_text(estimator: Any, X: Any) -> None:
    """Raise if X is text: the commonest slip, so it gets the plainest words."""
    first = _first_row(X)
    if isinstance(first, np.ndarray) and first.dtype.kind in "OU" and first.size:
        first = first.flat[0]
    if isinstance(first, (list, tuple)) and first:
        first = first[0]
    if isinstance(first, str):
        raise TypeError(
            f"{type(estimator).__name__} expects token ids, but row 0 is text: {shorten(first)}. "
            "Put a TextTokenizer and a SequencePadder before it, or use make_text_pipeline()."
        )


def _first_row(X: Any) -> Any:
    """Return the first row of list-likes, arrays and frames; the text itself for a bare str."""
    if isinstance(X, str) or X is None or issparse(X):
        return X
    rows = X.to_numpy() if hasattr(X, "to_numpy") else X
    try:
        return rows[0]
    except (IndexError, KeyError, TypeError):
        return None


def _id_matrix(estimator: Any, X: Any, *, reset: bool) -> np.ndarray:
    """Return X as a matrix of whole numbers from 0 up, int32."""
    if isinstance(X, PaddedIds):
        if not len(X):
            raise ValueError("Got PaddedIds with 0 rows; expected at least one text.")
        matrix = np.asarray(X)
    else:
        matrix = np.asarray(validate_data(estimator, X, reset=reset, dtype="numeric"))
    _refuse_bad_numbers(matrix)
    return matrix.astype(np.int32, copy=False)


def _refuse_bad_numbers(matrix: np.ndarray) -> None:
    """Raise if a number cannot be a token id, naming its row."""
    if matrix.dtype.kind in "if":
        _refuse_where(matrix, matrix < 0, "Negative values in data: got")
    if matrix.dtype.kind == "f":
        _refuse_where(matrix, matrix != np.floor(matrix), "Got fractional")
    if matrix.dtype.kind == "f" or matrix.dtype.itemsize >= _INT32_ITEMSIZE:
        _refuse_where(matrix, matrix > _LARGEST_ID, "Got too large an")


def _refuse_where(matrix: np.ndarray, bad: np.ndarray, what: str) -> None:
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{what} id {matrix[row, column]} in row {row}, column {column}; expected token "
            "ids: 0 for padding, 1 for unknown words, 2 and up for words. A TextTokenizer and a "
            "SequencePadder make them from text."
        )


def _from_sequences(X: TokenSequences) -> tuple[RaggedIds, int]:
    """Return the sequences as they are, an empty one as one unknown token."""
    if not len(X):
        raise ValueError("Got TokenSequences with 0 texts; expected at least one.")
    _refuse_bad_numbers(X.ids[None, :])
    # zeros inside token sequences are padding as everywhere
    return _without_padding(X.ids, np.asarray(X.lengths)), max(1, int(X.lengths.max()))


def _from_matrix(matrix: np.ndarray) -> RaggedIds:
    """Drop the padding of a matrix, wherever it stands."""
    return _without_padding(matrix.ravel(), np.full(len(matrix), matrix.shape[1]))


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


def _refuse_all_padding(estimator: Any, X: Any, sequences: RaggedIds) -> None:
    """Raise if there is not a single token to learn from."""
    if not np.any(X.ids if isinstance(X, TokenSequences) else np.asarray(X)):
        raise ValueError(
            f"{type(estimator).__name__} cannot learn from these texts: each of the "
            f"{len(sequences.lengths)} rows is all padding. Look at the steps before it: does a "
            "cleaner drop too much?"
        )


def _forget_feature_names(estimator: Any) -> None:
    if hasattr(estimator, "feature_names_in_"):
        del estimator.feature_names_in_


def _learn_vocabulary(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> None:
    """Note the vocabulary, and how many ids there are."""
    estimator.vocabulary_ = vocabulary
    largest = int(sequences.ids.max())
    estimator.vocabulary_size_ = largest + 1 if vocabulary is None else len(vocabulary)


def _check_vocabulary(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> None:
    """Raise if the ids are not those of the vocabulary learnt from."""
    caller = type(estimator).__name__
    check_same_vocabulary(estimator.vocabulary_, vocabulary, caller=caller)
    largest = int(sequences.ids.max())
    if largest >= estimator.vocabulary_size_:
        row = int(np.searchsorted(sequences.offsets, int(sequences.ids.argmax()), side="right") - 1)
        raise ValueError(
            f"Got id {largest} in row {row}; expected ids from 0 to "
            f"{estimator.vocabulary_size_ - 1}, those {caller} was fitted on. "
            "Transform the texts with the tokenizer used in fit, or fit again."
        )
