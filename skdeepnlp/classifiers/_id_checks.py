"""Say what is wrong with what came in place of token ids."""

from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeepnlp._contracts import FOR_TOKENS, shorten
from skdeepnlp.classifiers._keeping import rounded_rows
from skdeepnlp.training import RaggedIds

__all__ = ["largest_id", "refuse_bad_numbers", "refuse_stray_id", "refuse_text"]

_LARGEST_ID = np.iinfo(np.int32).max
_INT32_ITEMSIZE = 4
_FLOAT32_ITEMSIZE = 4
_MUCH = 1 << 28  # bytes of an embedding in training
_FEW = 1 / 16  # ids that occur, as a share of the rows of an embedding
# arrays of an embedding's size that training holds: weights, gradient, and what optimizers keep
_N_ARRAYS = {"sgd": 2, "adagrad": 3, "lion": 3, "rmsprop": 3}
_N_ARRAYS_OF_ADAM = 4


def refuse_text(estimator: Any, X: Any) -> None:
    """Raise if X is text: the commonest slip, so it gets the plainest words."""
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


def refuse_bad_numbers(matrix: np.ndarray) -> None:
    """Raise if a number cannot be a token id, naming its row."""
    if matrix.dtype.kind == "b":
        raise TypeError("Got a matrix of bool; expected token ids, whole numbers from 0 up.")
    if matrix.dtype.kind in "if":
        _refuse_where(matrix, matrix < 0, "Negative values in data: got")
    if matrix.dtype.kind == "f":
        _refuse_where(matrix, matrix != np.floor(matrix), "Got fractional")
    if matrix.dtype.kind == "f" or matrix.dtype.itemsize >= _INT32_ITEMSIZE:
        _refuse_where(matrix, matrix > _LARGEST_ID, "Got too large an")


def largest_id(sequences: RaggedIds) -> tuple[int, int]:
    """Return the largest id, and the first row that holds it."""
    place = int(sequences.ids.argmax())
    row = int(np.searchsorted(sequences.offsets, place, side="right")) - 1
    return int(sequences.ids[place]), row


def refuse_stray_id(estimator: Any, sequences: RaggedIds) -> None:
    """Raise if one id makes the embedding huge, though few different ids occur."""
    largest, row = largest_id(sequences)
    n_rows = rounded_rows(largest + 1)
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


def _refuse_where(matrix: np.ndarray, bad: np.ndarray, what: str) -> None:
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{what} id {matrix[row, column]} in row {row}, column {column}; expected token "
            "ids: 0 for padding, 1 for unknown words, 2 and up for words. A TextTokenizer and a "
            "SequencePadder make them from text."
        )
