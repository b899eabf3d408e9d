"""Few widths of batches, close to the texts, where each width costs a compilation."""

import keras
import numpy as np

from skdeepnlp.training._ragged import rounded_width

__all__ = ["training_widths"]

_NARROWEST = 8
# A step of 64 units takes 3 s to compile, as long as half a million ids of padding cost. This is
# what is left of it for each of sixty epochs: one long fit, or several short ones of a search.
_IDS_FOR_A_COMPILATION = 8_000


def training_widths(lengths: np.ndarray, batch_size: int) -> tuple[int, ...]:
    """Choose the widths of training batches: those that cost the least, compilation included.

    Where a single long text would have a width compiled for itself and its like, it is left to a
    wider one; where nearly all texts are short, they get a narrow one of their own. The lengths
    and the size of a batch alone decide, so that training in parts goes on with the same batches,
    and widths are powers of two, so that the folds of a search mostly share them.

    Parameters
    ----------
    lengths : ndarray of shape (n_samples,), dtype int
        Length of each text to learn from.
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
