"""Read what an estimator is given as X: padded ids, token sequences, rows or a plain matrix."""

from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import check_array, validate_data

from skdeepnlp._contracts import (
    FOR_TOKENS,
    PAD_ID,
    UNKNOWN_ID,
    check_id_lists,
    id_lists,
    refuse_counts,
    shorten,
)
from skdeepnlp._gaps import warn_of_gaps
from skdeepnlp._ragged import RaggedIds
from skdeepnlp._warnings import warn_user
from skdeepnlp.estimators._fitted_network import embedding_rows
from skdeepnlp.exceptions import UnknownIdsWarning
from skdeepnlp.text import PaddedIds, TokenSequences
from skdeepnlp.text._vocabulary import check_same_vocabulary

_LARGEST_ID = np.iinfo(np.int32).max
_INT32_ITEMSIZE = 4
_FLOAT32_ITEMSIZE = 4
_MUCH = 1 << 28  # bytes of an embedding in training
_FEW = 1 / 16  # ids that occur, as a share of the rows of an embedding
# arrays of an embedding's size that training holds: weights, gradient, and what optimizers keep
_N_ARRAYS = {"sgd": 2, "adagrad": 3, "lion": 3, "rmsprop": 3}
_N_ARRAYS_OF_ADAM = 4
_INSTEAD = {
    "validation_data": "Give fit X_val and y_val",
    "validation_split": "Set validation_fraction",
    "initial_epoch": "Call fit_until, which continues where training stopped",
    "shuffle": "Leave it out: each epoch shuffles the samples",
    "steps_per_epoch": "Leave it out: an epoch sees each sample once",
}
_DATASETS = ("tensorflow", "torch", "keras")


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
        The estimator; on `reset` it gets `n_features_in_`, `feature_names_in_`,
        `vocabulary_` and `vocabulary_size_`.
    X : PaddedIds, TokenSequences, sequences of int of any lengths, or matrix
        Token ids. A plain matrix must be as wide as the one seen in fit.
    reset : bool
        Whether this is what the classifier is fitted on.
    one_chunk : bool, default=False
        Whether more rows are to come, so that these may hold no word that is known.

    Returns
    -------
    sequences : RaggedIds
    """
    _check_not_text(estimator, X)
    refuse_counts(X, type(estimator).__name__)
    rows = _rows_of(estimator, X, reset=reset)
    vocabulary = getattr(X, "vocabulary", None)
    if reset:
        if vocabulary is None or not one_chunk:
            _check_any_token(estimator, rows)
        is_ours = isinstance(X, PaddedIds | TokenSequences)
        estimator._saw_matrix = not is_ours and bool((rows.lengths == rows.width).all())
        if not rows.is_matrix or isinstance(X, PaddedIds):
            _forget_feature_names(estimator)
            estimator.n_features_in_ = rows.width
        if not isinstance(X, PaddedIds):  # a union of padders may put padding between
            names = getattr(estimator, "feature_names_in_", None)
            caller, is_matrix = type(estimator).__name__, rows.is_matrix
            warn_of_gaps(rows.ids, rows.offsets, caller=caller, is_matrix=is_matrix, names=names)
    sequences = _without_padding(rows.ids, rows.lengths)
    if reset:
        _learn_ids(estimator, sequences, vocabulary)
    return _known_ids(estimator, sequences, vocabulary)


def _rows_of(estimator: Any, X: Any, *, reset: bool) -> _Rows:
    """Return the rows of whatever holds ids."""
    if isinstance(X, TokenSequences):
        if not len(X):
            raise ValueError("Got TokenSequences with 0 texts; expected at least one.")
        _check_id_numbers(X.ids[None, :])
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
        if reset or estimator._saw_matrix:
            matrix = np.asarray(validate_data(estimator, X, reset=reset, dtype="numeric"))
        else:  # rows of any lengths were seen in fit
            matrix = check_array(X, dtype="numeric", estimator=estimator, input_name="X")
    _check_id_numbers(matrix)
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


def _check_any_token(estimator: Any, rows: _Rows) -> None:
    """Raise if there is not a single token to learn from."""
    if not rows.ids.any():
        raise ValueError(
            f"{type(estimator).__name__} cannot be fitted to these texts: each of the "
            f"{len(rows.lengths)} rows is all padding. Look at the steps before it: does a "
            "cleaner drop too much?"
        )


def _forget_feature_names(estimator: Any) -> None:
    if hasattr(estimator, "feature_names_in_"):
        del estimator.feature_names_in_


def _learn_ids(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> None:
    """Store the vocabulary, the number of ids, and whether that is known or only seen.

    Parameters
    ----------
    estimator : estimator
        The classifier; it gets `vocabulary_` and `vocabulary_size_`.
    sequences : RaggedIds
        The ids of `fit`.
    vocabulary : Vocabulary or None
        The tokens behind them.
    """
    asked, largest = estimator.vocabulary_size, _largest_id(sequences)[0]
    if asked is None and vocabulary is None:
        _check_largest_id(estimator, sequences)
    if asked is not None and vocabulary is not None and asked < len(vocabulary):
        raise ValueError(
            f"Got vocabulary_size={asked} and ids of {vocabulary!r}; expected {len(vocabulary)} or "
            "more. Leave it None, since the ids know their vocabulary."
        )
    seen = largest + 1 if vocabulary is None else len(vocabulary)
    estimator.vocabulary_ = vocabulary
    estimator.vocabulary_size_ = seen if asked is None else int(asked)
    estimator._ids_are_settled = asked is not None or vocabulary is not None


def _known_ids(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> RaggedIds:
    """Return ids that the classifier knows: others raise, or become unknown if only some were seen.

    Parameters
    ----------
    estimator : estimator
        The classifier.
    sequences : RaggedIds
        The ids.
    vocabulary : Vocabulary or None
        The tokens behind them.

    Returns
    -------
    sequences : RaggedIds
        The same texts.
    """
    check_same_vocabulary(estimator.vocabulary_, vocabulary, caller=type(estimator).__name__)
    beyond = sequences.ids >= estimator.vocabulary_size_
    if not beyond.any():
        return sequences
    if estimator._ids_are_settled:
        _raise_for_ids_beyond(estimator, sequences)
    _warn_of_ids_beyond(estimator, sequences, beyond)
    return RaggedIds(np.where(beyond, np.int32(UNKNOWN_ID), sequences.ids), sequences.offsets)


def _raise_for_ids_beyond(estimator: Any, sequences: RaggedIds) -> None:
    (largest, row), size = _largest_id(sequences), estimator.vocabulary_size_
    if estimator.vocabulary_ is None:
        raise ValueError(
            f"Got id {largest} in row {row} and vocabulary_size={size}; expected ids from 0 to "
            f"{size - 1}. Raise vocabulary_size, or leave it None to have ids that were not seen "
            "in fit read as unknown."
        )
    raise ValueError(
        f"Got id {largest} in row {row}; expected ids from 0 to {size - 1}, those of the "
        f"vocabulary that {type(estimator).__name__} was fitted on. Transform the texts with the "
        "tokenizer used in fit, or fit again."
    )


def _warn_of_ids_beyond(estimator: Any, sequences: RaggedIds, beyond: np.ndarray) -> None:
    largest, row = _largest_id(sequences)
    places = np.flatnonzero(beyond)
    n_rows = len(np.unique(np.searchsorted(sequences.offsets, places, side="right")))
    warn_user(
        f"{type(estimator).__name__} has seen ids from 0 to {estimator.vocabulary_size_ - 1} in "
        f"fit; others are read as id {UNKNOWN_ID}, the unknown token: {len(places)} of "
        f"{len(beyond)} tokens, in {n_rows} of {len(sequences.lengths)} rows, such as id {largest} "
        f"in row {row}. Set vocabulary_size to the number of all ids, such as X.max() + 1 of all "
        "rows, to have them known from the start; TokenSequences and PaddedIds of a TextTokenizer "
        "tell it themselves.",
        UnknownIdsWarning,
    )


def _check_not_text(estimator: Any, X: Any) -> None:
    """Raise if X is text: the most common mistake."""
    first, are_tokens = _first_row(X), False
    if isinstance(first, np.ndarray) and first.dtype.kind in "OU" and first.size:
        first, are_tokens = first.flat[0], first.size > 1
    if isinstance(first, (list, tuple)) and first:
        first, are_tokens = first[0], True
    if isinstance(first, str):
        raise TypeError(
            f"{type(estimator).__name__} expects token ids, but row 0 is text: {shorten(first)}. "
            "Put a TextTokenizer and a SequencePadder before it, or use make_text_pipeline()"
            f"{FOR_TOKENS if are_tokens else '.'}"
        )


def _first_row(X: Any) -> Any:
    """Return the first row of list-likes, arrays and frames; the text itself for a bare str."""
    if isinstance(X, str) or X is None or issparse(X):
        return X
    makers = (getattr(X, name) for name in ("to_pylist", "to_numpy") if hasattr(X, name))
    rows = next(makers, lambda: X)()  # of Arrow's columns not all become arrays
    try:
        return rows[0]
    except (IndexError, KeyError, TypeError):
        return None


def _check_id_numbers(matrix: np.ndarray) -> None:
    """Raise if a number cannot be a token id, naming its row."""
    if matrix.dtype.kind == "b":
        raise TypeError("Got a matrix of bool; expected token ids, whole numbers from 0 up.")
    if matrix.dtype.kind in "if":
        _raise_where(matrix, matrix < 0, "Negative values in data: got")
    if matrix.dtype.kind == "f":
        _raise_where(matrix, matrix != np.floor(matrix), "Got fractional")
    if matrix.dtype.kind == "f" or matrix.dtype.itemsize >= _INT32_ITEMSIZE:
        _raise_where(matrix, matrix > _LARGEST_ID, "Got too large an")


def _largest_id(sequences: RaggedIds) -> tuple[int, int]:
    """Return the largest id, and the first row that holds it."""
    place = int(sequences.ids.argmax())
    row = int(np.searchsorted(sequences.offsets, place, side="right")) - 1
    return int(sequences.ids[place]), row


def _check_largest_id(estimator: Any, sequences: RaggedIds) -> None:
    """Raise if one id makes the embedding huge, though few different ids occur."""
    largest, row = _largest_id(sequences)
    n_rows = embedding_rows(largest + 1)
    n_arrays = _N_ARRAYS.get(estimator.optimizer, _N_ARRAYS_OF_ADAM)
    n_arrays += estimator.ema_decay is not None
    n_bytes = n_rows * int(estimator.embedding_dim) * _FLOAT32_ITEMSIZE * n_arrays
    if n_bytes <= _MUCH:
        return
    n_distinct = len(np.unique(sequences.ids))
    if n_distinct < _FEW * n_rows:
        raise ValueError(
            f"Got id {largest} in row {row}, for which the embedding and what training keeps "
            f"beside it would take {n_bytes:,} bytes, though X holds {n_distinct} different ids "
            f"only; expected ids without large gaps. If it is no id, keep it out of X; number the "
            f"words from 2 on; or set vocabulary_size={largest + 1} if that is the size you want."
        )


def _raise_where(matrix: np.ndarray, bad: np.ndarray, what: str) -> None:
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{what} id {matrix[row, column]} in row {row}, column {column}; expected token "
            "ids: 0 for padding, 1 for unknown words, 2 and up for words. A TextTokenizer and a "
            "SequencePadder make them from text."
        )


def check_arguments_of_fit(estimator: Any, X: Any, unexpected: dict[str, Any]) -> None:
    """Raise a TypeError if `fit` got what Keras' own takes, and say where it goes here.

    Parameters
    ----------
    estimator : estimator
        The classifier.
    X : object
        What was given as texts.
    unexpected : dict of str to object
        Further arguments.
    """
    caller = type(estimator).__name__
    if hasattr(X, "element_spec") or (
        type(X).__module__.partition(".")[0] in _DATASETS and not hasattr(X, "shape")
    ):
        raise TypeError(
            f"{caller}.fit got a {type(X).__name__}; expected token ids as an array or sequences, "
            "and labels. Collect the batches into arrays, or give fit_in_chunks an iterable of "
            "(texts, labels) for data larger than memory."
        )
    for name in unexpected:
        raise TypeError(
            f"{caller}.fit got {name}=..., which it does not take; expected X, y, sample_weight, "
            f"X_val and y_val. {_advice(estimator, caller, name)}."
        )


def _advice(estimator: Any, caller: str, name: str) -> str:
    parameters = estimator.get_params(deep=False)
    if name in parameters:
        return f"Set it as a parameter: {caller}({name}=...)"
    close = get_close_matches(name, [*parameters, "sample_weight", "X_val", "y_val"], 1)
    return _INSTEAD.get(name, f"Did you mean {close[0]}" if close else "Leave it out")
