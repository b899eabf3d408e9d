"""Token ids of texts of any length, and padded batches of them."""

from typing import NamedTuple

import numpy as np

__all__ = ["RaggedIds", "padded_rows", "rounded_width"]

_WIDTH_STEP = 8


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


def rounded_width(length: int) -> int:
    """Return the width of a batch whose longest text has `length` tokens: a multiple of 8."""
    return max(_WIDTH_STEP, -(-length // _WIDTH_STEP) * _WIDTH_STEP)


def padded_rows(sequences: RaggedIds, rows: np.ndarray) -> np.ndarray:
    """Pad the texts at `rows` to the rounded width of the longest of them.

    Parameters
    ----------
    sequences : RaggedIds
        All texts.
    rows : ndarray of shape (n_rows,), dtype int
        Which texts to take, in this order; repeats are allowed.

    Returns
    -------
    ids : ndarray of shape (n_rows, width), dtype int32
        Padded with 0 behind the text.
    """
    starts = sequences.offsets[rows]
    lengths = sequences.offsets[rows + 1] - starts
    padded = np.zeros((len(rows), rounded_width(int(lengths.max()))), dtype=np.int32)
    ends = np.cumsum(lengths)
    positions = np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = sequences.ids[positions]
    return padded
