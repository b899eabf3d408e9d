"""Token ids of texts of any length, and padded batches of them."""

from typing import NamedTuple

import keras
import numpy as np

from skdeepnlp._ragged import joined_ranges

__all__ = ["RaggedIds", "padded_rows", "rounded_width"]

_LEAST_WIDTH = 32  # on JAX, which compiles each; TensorFlow's traces take any width


class RaggedIds(NamedTuple):
    """Ids of many texts in one array.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all texts, one text after the other, without padding.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Text i is ``ids[offsets[i]:offsets[i + 1]]``; no text is empty.
    """

    ids: np.ndarray
    offsets: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Number of tokens of each text, shape (n_samples,)."""
        return np.diff(self.offsets)

    def take(self, rows: np.ndarray) -> "RaggedIds":
        """Return some texts, in the order of `rows`."""
        starts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - starts
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        return RaggedIds(self.ids[joined_ranges(starts, lengths)], offsets)


def rounded_width(length: int, widths: tuple[int, ...] = ()) -> int:
    """Return the width of a batch whose longest text has `length` tokens.

    The first of `widths` that holds it. Beyond them, on JAX, which compiles once per width, the
    next power of two: its loop over time ends at the longest text all the same.
    """
    for width in widths:
        if length <= width:
            return width
    if keras.backend.backend() != "jax":
        return length
    return max(_LEAST_WIDTH, 1 << (length - 1).bit_length())


def padded_rows(
    sequences: RaggedIds,
    rows: np.ndarray,
    n_rows: int | None = None,
    widths: tuple[int, ...] = (),
) -> np.ndarray:
    """Pad the texts at `rows` to the rounded width of the longest of them.

    Parameters
    ----------
    sequences : RaggedIds
        All texts.
    rows : ndarray of shape (n_rows,), dtype int
        Which texts to take, in this order; repeats are allowed.
    n_rows : int or None
        Fill up to so many rows with padding alone; None adds no row.
    widths : tuple of int, default=()
        Widths to choose from, from narrow to wide.

    Returns
    -------
    ids : ndarray of shape (n_rows, width), dtype int32
        Padded with 0 behind the text.
    """
    starts = sequences.offsets[rows]
    lengths = sequences.offsets[rows + 1] - starts
    shape = (n_rows or len(rows), rounded_width(int(lengths.max()), widths))
    padded = np.zeros(shape, dtype=np.int32)
    real = np.arange(shape[1]) < lengths[:, None]
    padded[: len(rows)][real] = sequences.ids[joined_ranges(starts, lengths)]
    return padded
