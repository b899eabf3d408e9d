"""Small helpers of fit: undo on error, join histories, plain values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from sklearn.base import BaseEstimator

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp.training import RaggedIds

__all__ = [
    "embedding_lookup",
    "joined_histories",
    "plain_value",
    "rounded_rows",
    "unchanged_on_error",
]

_BITS_OF_SMALL = 13  # up to 8,192 rows an optimizer's step over all of them costs little


@contextmanager
def unchanged_on_error(estimator: BaseEstimator) -> Iterator[None]:
    """Give the estimator its attributes back if the block raises."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


def joined_histories(
    earlier: dict[str, list[float]], later: dict[str, list[float]]
) -> dict[str, list[float]]:
    """Append one history to another; a measure that one of them lacks is nan there."""
    lengths = [len(history.get("loss", ())) for history in (earlier, later)]
    return {
        name: earlier.get(name, [np.nan] * lengths[0]) + later.get(name, [np.nan] * lengths[1])
        for name in {**later, **earlier}
    }


def plain_value(value: Any) -> Any:
    """Return a NumPy scalar, as random searches draw it, as a Python value; a list as a tuple."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return tuple(map(plain_value, value))
    return value.item() if isinstance(value, np.generic) else value


def rounded_rows(vocabulary_size: int) -> int:
    """Return how many rows the embedding gets: some more than there are ids.

    The folds of a cross-validation have vocabularies of slightly different sizes; rounded up by at
    most an eighth, they share one compiled network. On JAX, where a network takes seconds to
    compile, small numbers become powers of two, so that all rows mostly share that network too.

    Examples
    --------
    >>> from skdeepnlp.classifiers._keeping import rounded_rows
    >>> [rounded_rows(size) for size in (8000, 8190, 9000)]
    [8192, 8192, 9216]
    """
    n_bits = (vocabulary_size - 1).bit_length()
    if keras.backend.backend() == "jax" and n_bits <= _BITS_OF_SMALL:
        return 1 << n_bits
    step = max(1, 1 << max(0, vocabulary_size.bit_length() - 4))
    return -(-vocabulary_size // step) * step


def embedding_lookup(sequences: RaggedIds, n_ids: int, min_df: int) -> np.ndarray | None:
    """Return the id that the network gets for each token id: unknown for rare tokens.

    Parameters
    ----------
    sequences : RaggedIds
        The training texts.
    n_ids : int
        Number of token ids.
    min_df : int
        Training texts that a token must occur in to keep its id.

    Returns
    -------
    lookup : ndarray of shape (n_ids,), dtype int32, or None
        None if every id is kept.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp.classifiers._keeping import embedding_lookup
    >>> from skdeepnlp.training import RaggedIds
    >>> texts = RaggedIds(np.array([2, 3, 2, 4, 4]), np.array([0, 2, 5]))
    >>> embedding_lookup(texts, 5, min_df=2).tolist()
    [0, 1, 2, 1, 1]
    """
    if min_df <= 1:
        return None
    text_of = np.repeat(np.arange(len(sequences.lengths)), sequences.lengths)
    once_a_text = np.unique(text_of * n_ids + sequences.ids)
    n_texts = np.bincount(once_a_text % n_ids, minlength=n_ids)
    lookup = np.where(n_texts >= min_df, np.arange(n_ids), UNKNOWN_ID).astype(np.int32)
    lookup[PAD_ID] = PAD_ID
    return lookup
