"""Batches of texts of similar length: which rows, how wide, and their padded ids."""

import keras
import numpy as np

from skdeepnlp._ragged import RaggedIds, joined_ranges

_LEAST_WIDTH = 32  # on JAX, which compiles each; TensorFlow's traces take any width
_NARROWEST = 8
# A step of 64 units takes 3 s to compile, as long as half a million ids of padding cost. This is
# what is left of it for each of sixty epochs: one long fit, or several short ones of a search.
_IDS_FOR_A_COMPILATION = 8_000

# Sorting inside pools this many batches wide keeps batches random, yet narrow: at 50 batches of
# 32 sentences less than a tenth of a batch is padding.
_BATCHES_PER_POOL = 50


def epoch_batches(lengths: np.ndarray, batch_size: int, seed: int) -> list[np.ndarray]:
    """Plan the batches of one epoch.

    Rows are shuffled, sorted by length inside pools of 50 batches, cut into batches, and the
    batches are shuffled, and the rows in each of them.

    Parameters
    ----------
    lengths : ndarray of shape (n_samples,), dtype int
        Length of each text.
    batch_size : int
        Rows of a batch; the last one may have fewer.
    seed : int
        Seed of this epoch.

    Returns
    -------
    batches : list of ndarray of int
        Row numbers; each row is in one batch.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(lengths))
    pool_rows = batch_size * _BATCHES_PER_POOL
    pools = [order[start : start + pool_rows] for start in range(0, len(order), pool_rows)]
    ordered = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    batches = _cut(ordered, batch_size)
    return [rng.permutation(batches[index]) for index in rng.permutation(len(batches))]


def prediction_batches(
    lengths: np.ndarray, size: int, ties: np.ndarray | None = None
) -> list[np.ndarray]:
    """Plan the batches of a prediction: all rows by length, the shortest first.

    Parameters
    ----------
    lengths : ndarray of shape (n_samples,), dtype int
        Length of each text.
    size : int
        Rows of a batch; the last one may have fewer.
    ties : ndarray of shape (n_samples,) or None, default=None
        Orders texts of one length; None leaves them in their order.

    Returns
    -------
    batches : list of ndarray of int
        Row numbers; each row is in one batch.
    """
    return _cut(np.lexsort((np.zeros_like(lengths) if ties is None else ties, lengths)), size)


def _cut(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut row numbers into runs of `size`."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def training_widths(lengths: np.ndarray, batch_size: int) -> tuple[int, ...]:
    """Choose the widths of training batches: those that cost the least, compilation included.

    Where a single long text would have a width compiled for itself and its like, it is left to a
    wider one; where nearly all texts are short, they get a narrow one of their own. The lengths
    and the size of a batch alone decide, so that training in parts goes on with the same batches,
    and widths are powers of two, so that the folds of a search mostly share them.

    Parameters
    ----------
    lengths : ndarray of shape (n_samples,), dtype int
        Length of each training text.
    batch_size : int
        Rows of a batch.

    Returns
    -------
    widths : tuple of int
        From narrow to wide; the last one holds every text. Empty where batches of any width
        share one trace.
    """
    if keras.backend.backend() != "jax":
        return ()
    widest = rounded_width(int(lengths.max()))
    widths = [_NARROWEST << number for number in range((widest // _NARROWEST).bit_length())]
    longest_of_batches = np.sort(lengths)[::-batch_size]
    n_held = [0, *(int((longest_of_batches <= width).sum()) for width in widths)]
    return _cheapest(widths, n_held, batch_size)


def _cheapest(widths: list[int], n_held: list[int], batch_size: int) -> tuple[int, ...]:
    """Return the widths, the last one among them, at which an epoch costs the least.

    `n_held` says how many batches fit into no width, the first one, the second one and so on.
    """
    plans: list[tuple[int, tuple[int, ...]]] = [(0, ())]  # for what fits into so many widths
    for number, width in enumerate(widths, 1):
        costs = [
            cost + (n_held[number] - n_held[before]) * width * batch_size + _IDS_FOR_A_COMPILATION
            for before, (cost, _) in enumerate(plans)
        ]
        best = int(np.argmin(costs))
        plans.append((costs[best], (*plans[best][1], width)))
    return plans[-1][1]


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
        Padded with 0 after the text.
    """
    starts = sequences.offsets[rows]
    lengths = sequences.offsets[rows + 1] - starts
    shape = (n_rows or len(rows), rounded_width(int(lengths.max()), widths))
    padded = np.zeros(shape, dtype=np.int32)
    real = np.arange(shape[1]) < lengths[:, None]
    padded[: len(rows)][real] = sequences.ids[joined_ranges(starts, lengths)]
    return padded
