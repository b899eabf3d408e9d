"""Parameters that make each estimator small enough to be fitted hundreds of times in tests."""

from typing import Any

__all__ = ["TOY_PARAMETERS", "toy_encoder"]


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
