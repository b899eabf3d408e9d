"""Find every public estimator of the library, so that tests can leave none out."""

import importlib
from inspect import isclass

from sklearn.base import BaseEstimator

__all__ = ["all_estimators"]

_HOMES = {
    "step": "skdeepnlp.text",
    "classifier": "skdeepnlp.classifiers",
    "regressor": "skdeepnlp.regressors",
}


def all_estimators(kind: str | None = None) -> list[tuple[str, type]]:
    """Return the public estimators of skdeepnlp.

    Parameters
    ----------
    kind : {"step", "classifier", "regressor"} or None, default=None
        Steps work on text and need no Keras; asking for the others imports it. None returns all.

    Returns
    -------
    estimators : list of (str, type)
        Name and class, by name.

    Raises
    ------
    ValueError
        If `kind` is something else.

    See Also
    --------
    sklearn.utils.discovery.all_estimators : The same for scikit-learn.
    check_text_step : Checks a step.

    Examples
    --------
    >>> from skdeepnlp.testing import all_estimators
    >>> [name for name, _ in all_estimators("step")]
    ['SequencePadder', 'TextCleaner', 'TextTokenizer']
    """
    if kind is not None and kind not in _HOMES:
        raise ValueError(f"Got kind={kind!r}; expected one of {sorted(_HOMES)}, or None for all.")
    homes = _HOMES.values() if kind is None else [_HOMES[kind]]
    return sorted(pair for home in homes for pair in _estimators_of(home))


def _estimators_of(module_name: str) -> list[tuple[str, type]]:
    module = importlib.import_module(module_name)
    public = ((name, getattr(module, name)) for name in module.__all__)
    return [(name, value) for name, value in public if _is_estimator(value)]


def _is_estimator(value: object) -> bool:
    return isclass(value) and issubclass(value, BaseEstimator)
