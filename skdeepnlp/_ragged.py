"""Index arithmetic for rows of any length that lie one after the other in a flat array."""

import numpy as np

__all__ = ["joined_ranges"]


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
