"""Turn a `random_state` into integers, without touching any global generator."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["derive_seed", "integer_seed", "seed_stream"]

_SEED_LIMIT = 2**31 - 1


def integer_seed(random_state: Any) -> int:
    """Draw one integer seed from a scikit-learn `random_state`.

    Parameters
    ----------
    random_state : int, RandomState instance or None
        An int is returned unchanged up to wrapping into 31 bits, a generator is advanced by one
        draw, None draws from fresh entropy and leaves NumPy's global generator alone.

    Returns
    -------
    seed : int
        Between 0 and ``2**31 - 2``.

    Examples
    --------
    >>> from skdeepnlp._seeds import integer_seed
    >>> integer_seed(7)
    7
    """
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0]) % _SEED_LIMIT
    if isinstance(random_state, (int, np.integer)):
        return int(random_state) % _SEED_LIMIT
    from sklearn.utils import check_random_state  # here, for networks do without scikit-learn

    return int(check_random_state(random_state).randint(_SEED_LIMIT))


def derive_seed(seed: int, *purpose: int | str) -> int:
    """Derive one independent seed for a purpose from a seed.

    Parameters
    ----------
    seed : int
        Non-negative seed, from `integer_seed`.
    *purpose : int or str
        What the seed is for; other purposes get independent seeds.

    Returns
    -------
    seed : int
        Between 0 and ``2**31 - 2``; the same in every process.

    Examples
    --------
    >>> from skdeepnlp._seeds import derive_seed
    >>> derive_seed(0, "batches", 3) == derive_seed(0, "batches", 3)
    True
    >>> derive_seed(0, "batches", 3) == derive_seed(0, "batches", 4)
    False
    """
    words = [part if isinstance(part, int) else _number_of(part) for part in purpose]
    return int(np.random.SeedSequence([seed, *words]).generate_state(1)[0]) % _SEED_LIMIT


def seed_stream(seed: int, purpose: str) -> Iterator[int]:
    """Yield as many independent seeds for one purpose as are asked for.

    Parameters
    ----------
    seed : int
        Non-negative seed, from `integer_seed`.
    purpose : str
        What the seeds are for.

    Yields
    ------
    seed : int
        Between 0 and ``2**31 - 2``.

    Examples
    --------
    >>> from skdeepnlp._seeds import seed_stream
    >>> stream = seed_stream(0, "network")
    >>> next(stream) == next(stream)
    False
    """
    return (derive_seed(seed, purpose, index) for index in itertools.count())


def _number_of(text: str) -> int:
    """Return the same integer for the same text in every process."""
    return int.from_bytes(text.encode("utf-8"), "big")
