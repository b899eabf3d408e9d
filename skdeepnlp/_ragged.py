"""Rows of any length that lie one after the other in a flat array."""

from typing import NamedTuple

import numpy as np


def joined_ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the ranges from each start on, of the given lengths, joined into one array.

    Parameters
    ----------
    starts, lengths : ndarray of shape (n_ranges,), dtype int64
        Where each range starts, and how many numbers it has.

    Returns
    -------
    positions : ndarray of shape (lengths.sum(),), dtype int64
        The numbers of all ranges.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp._ragged import joined_ranges
    >>> joined_ranges(np.array([7, 0]), np.array([2, 3])).tolist()
    [7, 8, 0, 1, 2]
    """
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - before, lengths)


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
