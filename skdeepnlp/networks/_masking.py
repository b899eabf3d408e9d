"""The one file that thinks about padding: pooling over the real time steps only."""

from typing import Any

import keras
from keras import ops

__all__ = ["POOLINGS", "MaskedPooling"]

POOLINGS = ("last", "max", "max+mean", "mean")


@keras.saving.register_keras_serializable(package="skdeepnlp")
class MaskedPooling(keras.layers.Layer):
    """Pool a masked sequence over time, so that padding cannot be seen in the result.

    The mask is used and ends here: the output has no time axis and no mask. A sequence without
    a single real step pools to zeros.

    Parameters
    ----------
    pooling : {"max", "mean", "max+mean"}
        What to compute over the real steps; "max+mean" concatenates both.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, pooling: str = "max", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pooling = pooling
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the pooled features, shape ``(batch, features)``."""
        if mask is None:
            mask = ops.ones(ops.shape(inputs)[:2], dtype="bool")
        real = ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        parts = [_POOL[part](inputs, real) for part in self.pooling.split("+")]
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return None: no time axis is left to mask."""
        return None

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return ``(batch, features)``; "max+mean" doubles the features."""
        return input_shape[0], input_shape[-1] * len(self.pooling.split("+"))

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "pooling": self.pooling}


def _max_over_time(inputs: Any, real: Any) -> Any:
    # -1e4 is below any activation met here, and finite in half precision too
    highest = ops.max(inputs + (real - 1) * 1e4, axis=1)
    return highest * ops.max(real, axis=1)


def _mean_over_time(inputs: Any, real: Any) -> Any:
    return ops.sum(inputs * real, axis=1) / ops.maximum(ops.sum(real, axis=1), 1)


_POOL = {"max": _max_over_time, "mean": _mean_over_time}
