"""Run the checks of an object one by one, on cases of text, and compare what they return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import clone

from skdeepnlp._docstrings import fill_docstring

_DESCRIPTIONS = {
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
fill_check_docstring = fill_docstring(_DESCRIPTIONS)


@fill_check_docstring
def try_contracts(
    contracts: Mapping[str, Callable[[Any], None]],
    case: Any,
    *,
    subject: Any,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Try each contract on a case.

    Parameters
    ----------
    contracts : mapping of str to callable
        Functions that raise where a contract is broken, by name.
    case : object
        What they are tried on.
    subject : estimator
        Whose contracts they are, for the message.
    {expected failures}

    Returns
    -------
    {outcomes}

    Raises
    ------
    {broken}
    ValueError
        If `expected_failures` names no contract.
    """
    reasons = dict(expected_failures or {})
    _check_names(reasons, contracts)
    errors = {name: _broken(contract, case) for name, contract in contracts.items()}
    _raise_unexpected(subject, {name: e for name, e in errors.items() if name not in reasons})
    return {
        name: "passed" if error is None else f"expected failure: {reasons[name]}"
        for name, error in errors.items()
    }


def _check_names(reasons: Mapping[str, str], contracts: Mapping[str, Any]) -> None:
    unknown = sorted(set(reasons) - set(contracts))
    if unknown:
        raise ValueError(
            f"Got expected_failures for {unknown}; expected names of contracts. Choose from "
            f"{sorted(contracts)}."
        )


def _broken(contract: Callable[[Any], None], case: Any) -> Exception | None:
    """Return what a contract raised, None where it is kept."""
    try:
        contract(case)
    except Exception as error:  # whatever a foreign estimator raises, the contract is broken
        return error
    return None


def _raise_unexpected(subject: Any, errors: Mapping[str, Exception | None]) -> None:
    broken = {name: error for name, error in errors.items() if error is not None}
    if broken:
        lines = [f"  {name}: {_told(error)}" for name, error in broken.items()]
        title = f"{type(subject).__name__} breaks {len(broken)} of {len(errors)} contracts:"
        raise AssertionError("\n".join([title, *lines])) from next(iter(broken.values()))


def _told(error: Exception) -> str:
    """Return what to say of an error; the kind matters only where it is no failed check."""
    if isinstance(error, AssertionError):
        return str(error) or "the check failed"
    return f"raised {error!r}"


def n_samples_of(output: Any) -> int:
    """Return the number of samples of an array, sparse matrix, frame or ragged container.

    Examples
    --------
    >>> from skdeepnlp.testing._runner import n_samples_of
    >>> n_samples_of([[1, 2], [3]])
    2
    """
    return int(output.shape[0]) if hasattr(output, "shape") else len(output)


def sample(output: Any, index: int) -> Any:
    """Return one sample of an output, a dense one of a sparse matrix.

    Examples
    --------
    >>> from skdeepnlp.testing._runner import sample
    >>> sample([[1, 2], [3]], 1)
    [3]
    """
    if sparse.issparse(output):
        return output.tocsr()[[index]].toarray()[0]
    return output.iloc[index] if hasattr(output, "iloc") else output[index]


def same_output(left: Any, right: Any) -> bool:
    """Say whether two outputs have the same kind, shape and values, up to rounding of floats.

    Examples
    --------
    >>> from skdeepnlp.testing._runner import same_output
    >>> same_output([[1, 2], [3]], [[1, 2], [3]])
    True
    >>> same_output(["a"], ["b"])
    False
    """
    if type(left) is not type(right):
        return False
    if sparse.issparse(left):
        return same_output(left.toarray(), right.toarray())
    if hasattr(left, "iloc"):
        return _same_array(left.to_numpy(), right.to_numpy())
    if getattr(left, "vocabulary", None) != getattr(right, "vocabulary", None):
        return False  # token ids mean nothing without it
    if isinstance(left, np.ndarray):
        return _same_array(np.asarray(left), np.asarray(right))
    if isinstance(left, (str, bytes)) or not hasattr(left, "__len__"):
        return bool(left == right)
    return len(left) == len(right) and all(
        same_output(sample(left, index), sample(right, index)) for index in range(len(left))
    )


def _same_array(left: np.ndarray, right: np.ndarray) -> bool:
    if left.shape != right.shape or left.dtype != right.dtype:
        return False
    if left.dtype.kind in "fc":
        return np.allclose(left, right, rtol=1e-6, atol=1e-9, equal_nan=True)
    return bool(np.array_equal(left, right))


TEXTS = (
    "the film was good, and the music was very good",
    "a bad film; bad actors and worse music",
    "Don't miss it: 10 of 10 points!",
    "see https://example.org/reviews or ask @critic",
    "ein schöner Film über das Kino",
    "정말 좋은 영화 였다",
    "the actors were good, the end was bad",
    "good good good",
)
OTHER_TEXTS = (
    "markets fell again on Monday morning",
    "shares of the bank rose by two per cent, and those of its rivals by three",
    "oil fell",
)
UNKNOWN_TEXTS = ("qqxv zzwy", "wvvk", "xqzj kvvq wqqz")
# no lone surrogates: they are no text, and no file or network can carry them
STRANGE_TEXTS = (
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 and flag \U0001f1f0\U0001f1f7 good",
    "שלום עולם good مرحبا",
    "cafe\u0301 good \u0928\u092e\u0938\u094d\u0924\u0947",
    "null \x00 bell \x07 good \ufeff\u200b\u2028line",
    "good " + "\U0001d4b3" * 50 + " \U0010ffff",
    "long" * 5000,
    "%s {0} \\d+ <tag> &amp; good",
)


@dataclass(frozen=True)
class TextCase:
    """A step to be checked and what it is checked on.

    Attributes
    ----------
    step : estimator
        The step; never fitted itself, only its clones.
    texts : sequence of str
        What the step learns from.
    y : sequence
        One label for each text.
    before : estimator or None
        Fitted step that makes the input of `step` from texts; None where it takes texts.
    """

    step: Any
    texts: Sequence[str]
    y: Sequence
    before: Any = None

    def feed(self, texts: Sequence[str]) -> Any:
        """Return the input of the step that stands for these texts."""
        return list(texts) if self.before is None else self.before.transform(list(texts))

    def labels(self, n_samples: int) -> list:
        """Return `n_samples` labels: those of the case, repeated if need be."""
        return [self.y[index % len(self.y)] for index in range(n_samples)]

    def fresh(self) -> Any:
        """Return an unfitted copy of the step."""
        return clone(self.step)

    def fit(self, step: Any, texts: Sequence[str] | None = None) -> Any:
        """Fit a step on the texts of the case, or on others, and return it."""
        texts = self.texts if texts is None else texts
        step.fit(self.feed(texts), self.labels(len(texts)))
        return step

    def fitted(self) -> Any:
        """Return a copy of the step that is fitted on the texts of the case."""
        return self.fit(self.fresh())

    def output(self, step: Any) -> Any:
        """Return what the step makes of the texts of the case."""
        return step.transform(self.feed(self.texts))
