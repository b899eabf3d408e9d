"""Turn a `random_state` into integers, without touching any global generator."""

from typing import Any

import numpy as np
from sklearn.utils import check_random_state

__all__ = ["derive_seeds", "integer_seed"]

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
    return int(check_random_state(random_state).randint(_SEED_LIMIT))


def derive_seeds(seed: int, *purpose: int | str, size: int) -> list[int]:
    """Derive `size` independent seeds for one purpose from one seed.

    Parameters
    ----------
    seed : int
        Non-negative seed, from `integer_seed`.
    *purpose : int or str
        What the seeds are for; other purposes get independent seeds.
    size : int
        How many seeds to derive.

    Returns
    -------
    seeds : list of int
        Between 0 and ``2**31 - 2``.

    Examples
    --------
    >>> from skdeepnlp._seeds import derive_seeds
    >>> derive_seeds(0, "weights", size=2) == derive_seeds(0, "weights", size=2)
    True
    >>> derive_seeds(0, "weights", size=1) == derive_seeds(0, "batches", size=1)
    False
    """
    words = [part if isinstance(part, int) else _number_of(part) for part in purpose]
    state = np.random.SeedSequence([seed, *words]).generate_state(size)
    return [int(word) % _SEED_LIMIT for word in state]


def _number_of(text: str) -> int:
    """Return the same integer for the same text in every process."""
    return int.from_bytes(text.encode("utf-8"), "big")
