"""Ctrl-C: once to end the training at hand, twice to end what it is part of."""

import math
from time import monotonic

__all__ = ["interrupted_again"]

_TWICE_WITHIN = 2.0  # seconds


class _Last:
    """When Ctrl-C came last, on the monotonic clock."""

    seconds = -math.inf


def interrupted_again() -> bool:
    """Note an interruption and say whether there was another in the two seconds before.

    A search trains many times: one Ctrl-C ends the training at hand, and the search goes on.

    Returns
    -------
    again : bool
        Whether the interruption should end the search too.
    """
    now = monotonic()
    again = now - _Last.seconds < _TWICE_WITHIN
    _Last.seconds = now
    return again
