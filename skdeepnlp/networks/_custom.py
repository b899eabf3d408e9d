"""An encoder that the user wrote, checked before any training."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from skdeepnlp.networks._masking import pooled

__all__ = ["custom_encoder"]


def custom_encoder(
    embedded: Any,
    *,
    encoder: Callable[[Any], Any],
    pooling: str,
    dropout: float,
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with a function of the user's.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    encoder : callable
        From the embedded tokens to features, or to a sequence that is pooled.
    pooling : {"max", "mean", "max+mean", "attention"}
        How a sequence is pooled over time.
    dropout : float
        Belongs to the head; not used here.
    seeds : iterator of int
        Seeds are taken from here, also for what the function draws.

    Returns
    -------
    features : tensor of shape (batch, n_features)
        Without mask.

    Raises
    ------
    ValueError
        If the function returns something else than is expected.
    """
    with _drawing_from(next(seeds)):
        features = encoder(embedded)
    shape = getattr(features, "shape", None)
    if shape is None or len(shape) not in (2, 3) or shape[-1] is None:
        shown = f"a tensor of shape {tuple(shape)}" if shape is not None else repr(features)
        raise ValueError(
            f"encoder returned {shown}; expected features of shape (batch, n) or a sequence of "
            "shape (batch, time, n), with n known."
        )
    return pooled(features, pooling, seeds) if len(shape) == 3 else features


@contextmanager
def _drawing_from(seed: int) -> Iterator[None]:
    """Let Keras layers without a seed draw theirs, from Python's generator, by one seed."""
    with _one_at_a_time:
        before = random.getstate()
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(before)


_one_at_a_time = threading.RLock()
