"""Check that a step over texts keeps the contracts of this library."""

import pickle
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

from skdeepnlp.testing._runner import (
    OTHER_TEXTS,
    STRANGE_TEXTS,
    TEXTS,
    UNKNOWN_TEXTS,
    TextCase,
    fill_check_docstring,
    n_samples_of,
    same_output,
    sample,
    try_contracts,
)


def init_only_stores_its_parameters(case: TextCase) -> None:
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    names = [name for name, p in signature(type(case.step)).parameters.items() if p.kind in kinds]
    given = {name: object() for name in names}
    step = type(case.step)(**given)
    for name, value in given.items():
        assert getattr(step, name, None) is value, f"{name} was not stored as given"
    assert set(vars(step)) == set(names), (
        f"__init__ also set {sorted(set(vars(step)) - set(names))}"
    )


def set_params_is_read_by_get_params(case: TextCase) -> None:
    step = case.fresh()
    given = {name: object() for name in step.get_params(deep=False)}
    assert step.set_params(**given) is step, "set_params did not return the step"
    taken = step.get_params(deep=False)
    lost = [name for name in given if taken[name] is not given[name]]
    assert not lost, f"{lost} did not come back as set"
    _assert_raises((ValueError,), step.set_params, no_such_parameter=1)


def clone_is_unfitted_with_equal_parameters(case: TextCase) -> None:
    copy = clone(case.fitted())
    assert _digests(copy.get_params()) == _digests(case.step.get_params()), "parameters differ"
    assert not _fitted_names(copy), f"the clone holds {sorted(_fitted_names(copy))}"


def fit_returns_self(case: TextCase) -> None:
    step = case.fresh()
    assert step.fit(case.feed(case.texts), case.labels(len(case.texts))) is step


def fit_leaves_parameters_alone(case: TextCase) -> None:
    step = case.fresh()
    before, digests = step.get_params(deep=False), _digests(step.get_params())
    case.output(case.fit(step))
    after = step.get_params(deep=False)
    replaced = [name for name in before if after[name] is not before[name]]
    assert not replaced, f"{replaced} were replaced"
    assert _digests(step.get_params()) == digests, "a parameter was written into"


def fit_sets_names_that_end_in_an_underscore(case: TextCase) -> None:
    step = case.fresh()
    known = set(vars(step))
    wrong = [name for name in set(vars(case.fit(step))) - known if not _is_fitted_name(name)]
    assert not wrong, f"fit set {sorted(wrong)}"


def fitting_twice_gives_the_same(case: TextCase) -> None:
    step = case.fitted()
    first = case.output(step)
    assert same_output(case.output(case.fit(step)), first), "the second fit gave other output"


def refitting_forgets_the_past(case: TextCase) -> None:
    step = case.fit(case.fit(case.fresh(), OTHER_TEXTS))
    fresh = case.fitted()
    assert same_output(case.output(step), case.output(fresh)), "output depends on an earlier fit"
    assert _fitted_names(step) == _fitted_names(fresh), "an earlier fit left attributes"


def fit_transform_is_fit_then_transform(case: TextCase) -> None:
    output = case.fresh().fit_transform(case.feed(case.texts), case.labels(len(case.texts)))
    assert same_output(output, case.output(case.fitted())), "the outputs differ"


def transform_changes_nothing_learnt(case: TextCase) -> None:
    step = case.fitted()
    before = _digests(_public_attributes(step))
    case.output(step)
    step.transform(case.feed(OTHER_TEXTS))
    after = _digests(_public_attributes(step))
    changed = [name for name, digest in after.items() if before.get(name) != digest]
    assert not changed, f"transform changed {changed}"


def the_input_is_left_alone(case: TextCase) -> None:
    X, y = case.feed(case.texts), case.labels(len(case.texts))
    before = joblib.hash([X, y])
    case.fresh().fit(X, y).transform(X)
    assert joblib.hash([X, y]) == before, "X or y was written into"


def global_random_state_is_left_alone(case: TextCase) -> None:
    kept = np.random.get_state()
    np.random.random()  # a step that sets the seed each time has set it in other contracts already
    before = joblib.hash(np.random.get_state())
    case.output(case.fitted())
    after = joblib.hash(np.random.get_state())
    np.random.set_state(kept)
    assert after == before, "numpy.random was drawn from or seeded"


def transform_before_fit_is_refused_or_needs_no_fit(case: TextCase) -> None:
    step, X = case.fresh(), case.feed(case.texts)
    if get_tags(step).requires_fit:
        _assert_raises((NotFittedError,), step.transform, X)
    else:
        message = "requires_fit is False, but fit changes the output"
        assert same_output(step.transform(X), case.output(case.fitted())), message


def list_array_and_series_are_equal(case: TextCase) -> None:
    texts, index = list(case.texts), range(len(case.texts), 0, -1)
    arrays = [np.array(texts), np.array(texts, dtype=object), pd.Series(texts, index=index)]
    expected = case.output(case.fitted())
    for X in (tuple(texts), *arrays):
        output = case.fresh().fit(X, case.labels(len(texts))).transform(X)
        kind = f"{type(X).__name__} of {getattr(X, 'dtype', 'str')}"
        assert same_output(output, expected), f"a {kind} gave other output than a list"


def frame_of_one_column_is_its_column(case: TextCase) -> None:
    frame = pd.DataFrame({"review": list(case.texts)})
    output = case.fresh().fit(frame, case.labels(len(frame))).transform(frame)
    assert same_output(output, case.output(case.fitted())), "a frame gave other output than a list"


def pickles_give_equal_output(case: TextCase) -> None:
    step = case.fitted()
    copies = pickle.loads(pickle.dumps(step)), case.fit(pickle.loads(pickle.dumps(case.fresh())))
    for copy in copies:
        assert same_output(case.output(copy), case.output(step)), "the outputs differ"


def each_row_comes_out_once(case: TextCase) -> None:
    step = case.fitted()
    for texts in (case.texts, OTHER_TEXTS, case.texts[:1]):
        n = n_samples_of(step.transform(case.feed(texts)))
        assert n == len(texts), f"{len(texts)} samples went in, {n} came out"


def each_row_is_transformed_by_itself(case: TextCase) -> None:
    step = case.fitted()
    together = case.output(step)
    for index, text in enumerate(case.texts):
        alone = step.transform(case.feed([text]))
        assert same_output(sample(alone, 0), sample(together, index)), (
            f"sample {index} depends on others"
        )


def empty_texts_are_taken(case: TextCase) -> None:
    _assert_taken(case, ["", "  \n", case.texts[0], ""])


def unknown_words_are_taken(case: TextCase) -> None:
    _assert_taken(case, UNKNOWN_TEXTS, learn=False)


def strange_unicode_is_taken(case: TextCase) -> None:
    _assert_taken(case, STRANGE_TEXTS)


def feature_names_fit_the_output(case: TextCase) -> None:
    step = case.fitted()
    if not hasattr(step, "get_feature_names_out"):
        return
    names = np.asarray(step.get_feature_names_out())
    assert names.ndim == 1, "expected a one-dimensional array of names"
    assert all(isinstance(name, str) for name in names), "expected names of type str"
    assert len(set(names)) == len(names), "a name occurs twice"
    width = _n_columns(case.output(step))
    assert width in (None, len(names)), f"{len(names)} names for {width} columns"


def one_text_instead_of_many_is_refused(case: TextCase) -> None:
    _assert_raises_and_stays(case, case.texts[0])


def missing_texts_are_refused(case: TextCase) -> None:
    _assert_raises_and_stays(case, [case.texts[0], None])
    _assert_raises_and_stays(case, [case.texts[0], float("nan")])


def bytes_are_refused(case: TextCase) -> None:
    _assert_raises_and_stays(case, [text.encode() for text in case.texts])


def numbers_are_refused(case: TextCase) -> None:
    _assert_raises_and_stays(case, [1, 2, 3])
    _assert_raises_and_stays(case, np.array([1.5, 2.5]))


CONTRACTS: dict[str, Callable[[TextCase], None]] = {
    contract.__name__: contract
    for contract in (
        init_only_stores_its_parameters,
        set_params_is_read_by_get_params,
        clone_is_unfitted_with_equal_parameters,
        fit_returns_self,
        fit_leaves_parameters_alone,
        fit_sets_names_that_end_in_an_underscore,
        fitting_twice_gives_the_same,
        refitting_forgets_the_past,
        fit_transform_is_fit_then_transform,
        transform_changes_nothing_learnt,
        the_input_is_left_alone,
        global_random_state_is_left_alone,
        transform_before_fit_is_refused_or_needs_no_fit,
        list_array_and_series_are_equal,
        frame_of_one_column_is_its_column,
        pickles_give_equal_output,
        each_row_comes_out_once,
        each_row_is_transformed_by_itself,
        empty_texts_are_taken,
        unknown_words_are_taken,
        strange_unicode_is_taken,
        feature_names_fit_the_output,
        one_text_instead_of_many_is_refused,
        missing_texts_are_refused,
        bytes_are_refused,
        numbers_are_refused,
    )
}


def _assert_taken(case: TextCase, texts: Any, *, learn: bool = True) -> None:
    """Fail unless these texts pass through transform, and through fit where it shall learn."""
    n = n_samples_of(case.fitted().transform(case.feed(texts)))
    assert n == len(texts), f"{len(texts)} samples went in, {n} came out"
    if learn:
        mixed = [*case.texts, *texts]
        n = n_samples_of(case.fit(case.fresh(), mixed).transform(case.feed(mixed)))
        assert n == len(mixed), f"{len(mixed)} samples went in, {n} came out"


def _assert_raises_and_stays(case: TextCase, wrong: Any) -> None:
    """Fail unless fit and transform raise at this input, and the step works on as before."""
    step = case.fitted()
    expected = case.output(step)
    _assert_raises((TypeError, ValueError), step.transform, wrong)
    assert same_output(case.output(step), expected), "a transform that raised changed the step"
    labels = case.labels(1 if isinstance(wrong, str) else len(wrong))
    _assert_raises((TypeError, ValueError), step.fit, wrong, labels)
    assert same_output(case.output(case.fit(step)), expected), "a fit that raised changed the step"


def _assert_raises(kinds: tuple[type[Exception], ...], call: Callable, *args, **kwargs) -> None:
    expected = " or ".join(kind.__name__ for kind in kinds)
    try:
        call(*args, **kwargs)
    except kinds:
        return
    except Exception as error:
        raise AssertionError(f"{call.__name__} raised {error!r}, expected {expected}") from error
    raise AssertionError(f"{call.__name__} raised nothing, expected {expected}")


def _n_columns(output: Any) -> int | None:
    """Return how many columns an output has; None where its samples are of many lengths."""
    if len(getattr(output, "shape", ())) == 2:
        return output.shape[1]
    return 1 if isinstance(output, np.ndarray) else None


def _digests(values: dict[str, Any]) -> dict[str, str]:
    return {name: _digest(value) for name, value in values.items()}


def _digest(value: Any) -> str:
    try:
        return joblib.hash(value)
    except Exception:  # a lambda, for one, cannot be pickled: whether it is the same one is enough
        return str(id(value))


def _is_fitted_name(name: str) -> bool:
    return name.startswith("_") or name.endswith("_")


def _public_attributes(step: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(step).items() if not name.startswith("_")}


def _fitted_names(step: Any) -> set[str]:
    return {name for name in _public_attributes(step) if name.endswith("_")}


_OF_TEXT_CONTAINERS = ("list_array_and_series_are_equal", "frame_of_one_column_is_its_column")


@fill_check_docstring
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
    them. Each sample must be transformed by itself, whatever other samples come along. Wrong input,
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
