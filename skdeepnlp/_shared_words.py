"""Write once, in docstrings, what several functions or classes have in common."""

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["shares_words"]

_Documented = TypeVar("_Documented", bound=Callable[..., Any])
_PLACE = re.compile(r"^\{([a-z ]+)\}$", re.MULTILINE)


def shares_words(words: dict[str, str]) -> Callable[[_Documented], _Documented]:
    """Return a decorator that fills shared words into the docstring of a function or class.

    Parameters
    ----------
    words : dict of str to str
        Lines of a docstring that hold one of the names alone, in braces, are replaced by its
        words.

    Returns
    -------
    decorator : callable
        Returns the very function or class it is given, so that signature and source stay.

    Examples
    --------
    >>> from skdeepnlp._shared_words import shares_words
    >>> def look(X): "{shape}"
    >>> shares_words({"shape": "X : ndarray of shape (n_samples,)"})(look).__doc__
    'X : ndarray of shape (n_samples,)'
    """

    def fill(documented: _Documented) -> _Documented:
        text = inspect.getdoc(documented)
        if text is not None:  # python -OO drops docstrings
            documented.__doc__ = _PLACE.sub(lambda place: words[place[1]], text)
        return documented

    return fill
