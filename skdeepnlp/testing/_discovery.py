"""Find every public estimator of the library, and parameters that make each of them small."""

import importlib
from inspect import isclass
from typing import Any

from sklearn.base import BaseEstimator

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


def toy_encoder(embedded: Any) -> Any:
    """Return two features of a masked sequence, for a `NetworkClassifier`."""
    import keras

    return keras.layers.GRU(2)(embedded)


_SMALL = {"embedding_dim": 4, "epochs": 1, "early_stopping": False}
_RECURRENT = {**_SMALL, "units": 2, "bidirectional": False}

_CLASSIFIERS: dict[str, dict[str, Any]] = {
    "AttentionClassifier": _SMALL,
    "CNNClassifier": {**_SMALL, "filters": 2, "kernel_sizes": (2, 3)},
    "GRUClassifier": _RECURRENT,
    "LSTMClassifier": _RECURRENT,
    "NetworkClassifier": {**_SMALL, "encoder": toy_encoder},
    "SimpleRNNClassifier": _RECURRENT,
    "TransformerClassifier": {**_SMALL, "n_layers": 1, "n_heads": 2, "feedforward_dim": 4},
}
TOY_PARAMETERS = _CLASSIFIERS | {
    name.replace("Classifier", "Regressor"): toy for name, toy in _CLASSIFIERS.items()
}
