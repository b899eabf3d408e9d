"""An encoder that the user wrote, checked before any training."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from skdeepnlp.networks._custom_checks import check_features, claim_layers, is_lack_of_memory
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
        If the function fails, returns something else than is expected, or uses a layer again
        that another network has.
    """
    with _drawing_from(next(seeds)):
        features = _called(encoder, embedded)
    check_features(features)
    claim_layers(embedded, features)
    return pooled(features, pooling, seeds) if len(features.shape) == 3 else features


def _called(encoder: Callable[[Any], Any], embedded: Any) -> Any:
    try:
        return encoder(embedded)
    except Exception as error:
        if is_lack_of_memory(error):
            raise
        raise ValueError(
            f"encoder failed when it was given the embedded tokens, {embedded!r}; expected a "
            "function of one tensor that puts layers or operations of Keras on it. "
            f"{type(error).__name__}: {error}"
        ) from error


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
