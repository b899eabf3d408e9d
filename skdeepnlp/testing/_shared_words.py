"""What several checks have in common, in words that are written once."""

from skdeepnlp._docstrings import fill_docstring

__all__ = ["with_shared_words"]

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
with_shared_words = fill_docstring(_WORDS)
