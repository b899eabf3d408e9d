"""Say what is wrong with what came in place of token ids."""

from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeepnlp._contracts import shorten

__all__ = ["refuse_bad_numbers", "refuse_ragged_lists", "refuse_text"]

_LARGEST_ID = np.iinfo(np.int32).max
_INT32_ITEMSIZE = 4


def refuse_text(estimator: Any, X: Any) -> None:
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


def refuse_ragged_lists(estimator: Any, X: Any) -> None:
    """Raise if X is lists of ids of different lengths."""
    if isinstance(X, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in X):
        lengths = {len(row) for row in X}
        if len(lengths) > 1:
            raise ValueError(
                f"{type(estimator).__name__} got lists of {min(lengths)} to {max(lengths)} ids; "
                "expected rows of one length, or TokenSequences. Put a SequencePadder before it, "
                "or use TokenSequences.from_lists."
            )


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


def _refuse_where(matrix: np.ndarray, bad: np.ndarray, what: str) -> None:
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{what} id {matrix[row, column]} in row {row}, column {column}; expected token "
            "ids: 0 for padding, 1 for unknown words, 2 and up for words. A TextTokenizer and a "
            "SequencePadder make them from text."
        )
