"""Warn at the line of the user code that led here, whatever stands between."""

import sys
import warnings

__all__ = ["warn_user"]

_PASSED_THROUGH = ("skdeepnlp", "sklearn", "joblib")


def warn_user(message: str, category: type[Warning]) -> None:
    """Issue a warning that names the first line outside this package and scikit-learn.

    In a thread or a process of joblib, that is the line which runs its tasks.

    Parameters
    ----------
    message : str
        What the user should know.
    category : type of Warning
        What to filter it by.

    Examples
    --------
    >>> import warnings
    >>> from skdeepnlp._warnings import warn_user
    >>> with warnings.catch_warnings(record=True) as seen:
    ...     warnings.simplefilter("always")
    ...     warn_user("there is no row to watch", UserWarning)
    >>> str(seen[0].message)
    'there is no row to watch'
    """
    level, frame = 1, sys._getframe()
    while frame.f_back and _package(frame.f_globals) in _PASSED_THROUGH:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


def _package(names: dict) -> str:
    return str(names.get("__name__", "")).partition(".")[0]
