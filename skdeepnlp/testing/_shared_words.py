"""Describe what several checks have in common in words that are written once."""

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["with_shared_words"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_WORDS = {
    "classifier": """\
classifier : estimator
    The classifier to check, with small parameters: it is cloned, and fitted up to thirty times.
    A `random_state` is set if it has one.""",
    "ids and labels": """\
X : PaddedIds of shape (n_samples, max_length) or None, default=None
    Ids to learn from, with their vocabulary. None takes 24 made-up texts of 1 to 11 tokens.
y : array-like of shape (n_samples,) or None, default=None
    Labels. Given with `X`, or None.""",
    "expected failures": """\
expected_failures : mapping of str to str or None, default=None
    Reasons by the name of the contract. A contract that is named here may fail.""",
    "outcomes": """\
outcomes : dict of str to str
    For each contract that was tried "passed", or "expected failure: " and the reason.""",
    "broken": """\
AssertionError
    If a contract is broken. The message names what was checked and every broken contract.""",
}
_PLACE = re.compile(r"^\{([a-z ]+)\}$", re.MULTILINE)


def with_shared_words(function: _Function) -> _Function:
    """Fill the shared words into the docstring of a function.

    Parameters
    ----------
    function : callable
        Lines of its docstring such as ``{outcomes}`` name the words that belong there.

    Returns
    -------
    function : callable
        The same function, so that its signature and its source stay what they are.

    Examples
    --------
    >>> from skdeepnlp.testing import check_padding_invariance
    >>> "outcomes : dict of str to str" in check_padding_invariance.__doc__
    True
    """
    words = inspect.getdoc(function)
    if words is not None:  # python -OO drops docstrings
        function.__doc__ = _PLACE.sub(lambda place: _WORDS[place[1]], words)
    return function
