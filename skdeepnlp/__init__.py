"""Deep text classification for scikit-learn: regularized networks that are estimators.

Importing this package loads neither Keras nor TensorFlow; each public name is imported when it is
first used.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_MODULE_OF = {
    "AttentionClassifier": "skdeepnlp.classifiers",
    "AttentionRegressor": "skdeepnlp.regressors",
    "CNNClassifier": "skdeepnlp.classifiers",
    "CNNRegressor": "skdeepnlp.regressors",
    "EpochHalvingSearchCV": "skdeepnlp.model_selection",
    "GRUClassifier": "skdeepnlp.classifiers",
    "GRURegressor": "skdeepnlp.regressors",
    "LSTMClassifier": "skdeepnlp.classifiers",
    "LSTMRegressor": "skdeepnlp.regressors",
    "NetworkClassifier": "skdeepnlp.classifiers",
    "NetworkRegressor": "skdeepnlp.regressors",
    "PaddedIds": "skdeepnlp.text",
    "SequencePadder": "skdeepnlp.text",
    "SimpleRNNClassifier": "skdeepnlp.classifiers",
    "SimpleRNNRegressor": "skdeepnlp.regressors",
    "TextCleaner": "skdeepnlp.text",
    "TextTokenizer": "skdeepnlp.text",
    "TokenSequences": "skdeepnlp.text",
    "TransformerClassifier": "skdeepnlp.classifiers",
    "TransformerRegressor": "skdeepnlp.regressors",
    "Vocabulary": "skdeepnlp.text",
    "WordVectors": "skdeepnlp.vectors",
    "fit_in_chunks": "skdeepnlp.pipelines",
    "load_glove": "skdeepnlp.vectors",
    "make_text_pipeline": "skdeepnlp.pipelines",
    "one_standard_error": "skdeepnlp.model_selection",
    "param_space": "skdeepnlp.model_selection",
}
_SUBPACKAGES = (
    "classifiers",
    "datasets",
    "exceptions",
    "model_selection",
    "pipelines",
    "regressors",
    "testing",
    "text",
    "vectors",
)

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(importlib.import_module(_MODULE_OF[name]), name)
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_SUBPACKAGES])
