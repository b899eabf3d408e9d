"""Read what a classifier is given as X: padded ids, token sequences or a plain integer matrix."""

from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp.classifiers._id_checks import refuse_bad_numbers, refuse_ragged_lists, refuse_text
from skdeepnlp.text import PaddedIds, TokenSequences
from skdeepnlp.text._vocabulary import check_same_vocabulary
from skdeepnlp.training import RaggedIds

__all__ = ["read_ids"]


def read_ids(estimator: Any, X: Any, *, reset: bool, one_chunk: bool = False) -> RaggedIds:
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
    one_chunk : bool, default=False
        Whether more rows are to come, so that these may hold no word that is known.

    Returns
    -------
    sequences : RaggedIds
    """
    refuse_text(estimator, X)
    if isinstance(X, TokenSequences):
        sequences, width = _from_sequences(X)
    else:
        matrix = _id_matrix(estimator, X, reset=reset)
        sequences, width = _from_matrix(matrix), matrix.shape[1]
    vocabulary = getattr(X, "vocabulary", None)
    if reset:
        if vocabulary is None or not one_chunk:
            _refuse_all_padding(estimator, X, sequences)
        _learn_vocabulary(estimator, sequences, vocabulary)
        if isinstance(X, (TokenSequences, PaddedIds)):
            _forget_feature_names(estimator)
            estimator.n_features_in_ = width
    _check_vocabulary(estimator, sequences, vocabulary)
    return sequences


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
        refuse_ragged_lists(estimator, X)
        matrix = np.asarray(validate_data(estimator, X, reset=reset, dtype="numeric"))
    refuse_bad_numbers(matrix)
    return matrix.astype(np.int32, copy=False)


def _from_sequences(X: TokenSequences) -> tuple[RaggedIds, int]:
    """Return the sequences as they are, an empty one as one unknown token."""
    if not len(X):
        raise ValueError("Got TokenSequences with 0 texts; expected at least one.")
    refuse_bad_numbers(X.ids[None, :])
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
            "Transform the texts with the tokenizer used in fit, or fit again. In cross-validation "
            "give PaddedIds or TokenSequences, which know all ids of their vocabulary."
        )
