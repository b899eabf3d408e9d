"""Check that a step which takes text keeps scikit-learn's contracts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.base import clone

from skdeepnlp.testing._shared_words import with_shared_words
from skdeepnlp.testing._text_case import TEXTS, TextCase
from skdeepnlp.testing._text_contracts import CONTRACTS
from skdeepnlp.testing._trying import try_contracts

__all__ = ["check_text_step"]

_OF_TEXT_CONTAINERS = ("list_array_and_series_are_equal", "frame_of_one_column_is_its_column")


@with_shared_words
def check_text_step(
    step: Any,
    *,
    texts: Sequence[str] | None = None,
    y: Sequence | None = None,
    before: Any = None,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Check that a transformer of text keeps scikit-learn's contracts.

    scikit-learn's own `check_estimator` feeds numbers and so skips nearly everything for a step
    that takes text. These are the same contracts, on text, for transformers of any library.

    Parameters
    ----------
    step : estimator
        The step to check. It is cloned and never fitted itself.
    texts : sequence of str or None, default=None
        Texts that the step learns from. None takes eight short texts in English, German and Korean.
    y : sequence of shape (n_samples,) or None, default=None
        Labels that are handed to `fit`. None takes 0 and 1 in turn.
    before : estimator or None, default=None
        Step that makes the input of `step` from texts, such as a `TextTokenizer` for a
        `SequencePadder`. The contracts about containers of text are then left out.
    {expected failures}

    Returns
    -------
    {outcomes}

    Raises
    ------
    {broken}
    ValueError
        If `expected_failures` names no contract.

    See Also
    --------
    sklearn.utils.estimator_checks.check_estimator : The checks for steps that take numbers.
    skdeepnlp.testing.all_estimators : All steps and classifiers of this library.

    Notes
    -----
    Parameters are set to arbitrary objects, to see whether `__init__` and `set_params` only store
    them. Rows must be transformed each by itself, whatever other rows come along. Wrong input,
    that is one bare text, missing texts, bytes and numbers, must raise TypeError or ValueError.

    A `Pipeline` is no step: scikit-learn's own replaces its parameter `steps` in `fit`. Check its
    members one by one.

    Examples
    --------
    >>> from skdeepnlp.testing import check_text_step
    >>> from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer
    >>> outcomes = check_text_step(TextCleaner(urls="<url>"))
    >>> outcomes["each_row_comes_out_once"]
    'passed'
    >>> outcomes = check_text_step(SequencePadder(max_length=5), before=TextTokenizer())
    """
    case = _case(step, texts, y, before)
    left_out = () if before is None else _OF_TEXT_CONTAINERS
    contracts = {name: CONTRACTS[name] for name in CONTRACTS if name not in left_out}
    return try_contracts(contracts, case, subject=step, expected_failures=expected_failures)


def _case(step: Any, texts: Sequence[str] | None, y: Sequence | None, before: Any) -> TextCase:
    """Return the case to be tried, with `before` fitted on its texts."""
    chosen = list(TEXTS if texts is None else texts)
    labels = [index % 2 for index in range(len(chosen))] if y is None else list(y)
    fitted = None if before is None else clone(before).fit(chosen, labels)
    return TextCase(step=step, texts=chosen, y=labels, before=fitted)
