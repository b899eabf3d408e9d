"""Batches of texts of similar length: a pure function of the lengths, a seed and the epoch."""

import numpy as np

__all__ = ["epoch_batches", "prediction_batches"]

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
