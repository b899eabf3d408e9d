"""A custom encoder, called with reproducible seeds and checked."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from skdeepnlp._contracts import shorten


def custom_encoder(
    embedded: Any,
    *,
    encoder: Callable[[Any], Any],
    pooling: str,
    rates: Mapping[str, float],
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with a custom function.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    encoder : callable
        From the embedded tokens to features, or to a sequence that is pooled.
    pooling, rates
        Not used: they belong to the layers around the encoder.
    seeds : iterator of int
        A seed is taken from here for what the function draws.

    Returns
    -------
    encoded : tensor of shape (batch, n) or (batch, time, n)

    Raises
    ------
    ValueError
        If the function returns something else.
    """
    with _drawing_from(next(seeds)):
        encoded = encoder(embedded)
    shape = tuple(encoded.shape) if isinstance(encoded, keras.KerasTensor) else ()
    if len(shape) in (2, 3) and shape[-1] and "float" in str(encoded.dtype):
        return encoded
    shown = f"a tensor of shape {shape} and dtype {encoded.dtype}" if shape else shorten(encoded)
    raise ValueError(
        f"encoder returned {shown}; expected features of shape (batch, n) or a sequence of "
        "shape (batch, time, n), with n known, above 0 and of floats, computed from what it was "
        "given by Keras layers or keras.ops."
    )


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


def is_lack_of_memory(error: Exception) -> bool:
    """Say whether an error of a backend is one of memory."""
    said = f"{type(error).__name__} {error}"
    by_backend = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OutOfMemory")  # torch's is the last
    return isinstance(error, MemoryError) or any(words in said for words in by_backend)
