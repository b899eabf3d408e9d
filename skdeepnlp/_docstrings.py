"""Fill text that several functions or classes share into their docstrings."""

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

_Documented = TypeVar("_Documented", bound=Callable[..., Any])
_PLACE = re.compile(r"^\{([a-z ]+)\}$", re.MULTILINE)


def fill_docstring(texts: dict[str, str]) -> Callable[[_Documented], _Documented]:
    """Return a decorator that fills shared text into the docstring of a function or class.

    Parameters
    ----------
    texts : dict of str to str
        Lines of a docstring that hold one of the names alone, in braces, are replaced by its text.

    Returns
    -------
    decorator : callable
        Returns the very function or class it is given, so that signature and source stay.

    Examples
    --------
    >>> from skdeepnlp._docstrings import fill_docstring
    >>> def look(X): "{shape}"
    >>> fill_docstring({"shape": "X : ndarray of shape (n_samples,)"})(look).__doc__
    'X : ndarray of shape (n_samples,)'
    """

    def fill(documented: _Documented) -> _Documented:
        text = inspect.getdoc(documented)
        if text is not None:  # python -OO drops docstrings
            documented.__doc__ = _PLACE.sub(lambda place: texts[place[1]], text)
        return documented

    return fill
