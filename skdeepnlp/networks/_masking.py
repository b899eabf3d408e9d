"""The one file that thinks about padding: pooling, attention and convolution over real steps."""

from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

# below any activation or score met here, and finite in half precision too
_LOWEST = -1e4


def pooled(sequences: Any, pooling: str, seeds: Iterator[int]) -> tuple[keras.layers.Layer, Any]:
    """Pool a masked sequence over time.

    Parameters
    ----------
    sequences : tensor of shape (batch, time, features)
        With its mask.
    pooling : {"max", "mean", "max+mean", "attention"}
        How.
    seeds : iterator of int
        A seed is taken from here.

    Returns
    -------
    layer : keras.layers.Layer
        What pools.
    features : tensor of shape (batch, n_features)
        Without mask.
    """
    seed, layer = next(seeds), MaskedPooling(pooling, name="pooling")
    if pooling == "attention":
        layer = AttentionPooling(seed=seed, name="pooling")
    return layer, layer(sequences)


def masked_softmax(scores: Any, mask: Any) -> Any:
    """Return weights over the last axis that are 0 where the mask is False.

    Parameters
    ----------
    scores : tensor of shape (..., time)
        Any numbers.
    mask : tensor of bool that broadcasts to scores
        Which steps are real. Where none is, all weights are 0.

    Returns
    -------
    weights : tensor of shape (..., time)
    """
    real = ops.cast(mask, scores.dtype)
    return ops.softmax(scores + (real - 1) * -_LOWEST, axis=-1) * real


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
    highest = ops.max(inputs + (real - 1) * -_LOWEST, axis=1)
    return highest * ops.max(real, axis=1)


def _mean_over_time(inputs: Any, real: Any) -> Any:
    return ops.sum(inputs * real, axis=1) / ops.maximum(ops.sum(real, axis=1), 1)


_POOL = {"max": _max_over_time, "mean": _mean_over_time}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class AttentionPooling(keras.layers.Layer):
    """Sum a masked sequence over time with weights that the layer learns to give its steps.

    The score of a step is ``v . tanh(W x + b)``, the weights are the softmax of the scores of the
    real steps.

    Parameters
    ----------
    seed : int or None
        Seed of the initial weights.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Bahdanau, Cho & Bengio (2015), "Neural machine translation by jointly learning to align and
    translate", ICLR; Yang et al. (2016), "Hierarchical attention networks for document
    classification", NAACL.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.supports_masking = True

    def build(self, input_shape: tuple) -> None:
        """Create a square matrix, its bias and the vector of the scores."""
        width = input_shape[-1]
        draw = keras.initializers.GlorotUniform
        other = None if self.seed is None else self.seed + 1
        self.kernel = self.add_weight(
            shape=(width, width), initializer=draw(seed=self.seed), name="kernel"
        )
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias")
        self.query = self.add_weight(
            shape=(width, 1), initializer=draw(seed=other), name="query_kernel"
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the weighted sum, shape ``(batch, features)``."""
        weights = self.attention(inputs, mask)
        return ops.sum(inputs * ops.expand_dims(weights, -1), axis=1)

    def attention(self, inputs: Any, mask: Any = None) -> Any:
        """Return the weight of each step, shape ``(batch, time)``."""
        if mask is None:
            mask = ops.ones(ops.shape(inputs)[:2], dtype="bool")
        hidden = ops.tanh(ops.matmul(inputs, self.kernel) + self.bias)
        return masked_softmax(ops.squeeze(ops.matmul(hidden, self.query), -1), mask)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return None: no time axis is left to mask."""
        return None

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return ``(batch, features)``."""
        return input_shape[0], input_shape[-1]

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class MaskedConv1D(keras.layers.Conv1D):
    """Keras' convolution over time, for which padding is the void behind the text.

    Steps that are padding count as zeros and give zeros; the mask goes on. Keras' own layer drops
    the mask and reads whatever stands at padding.

    Parameters
    ----------
    filters : int
        Number of outputs.
    kernel_size : int
        How many steps are seen at a time.
    **kwargs : dict
        Passed to `keras.layers.Conv1D`; ``padding`` must be "same".
    """

    def __init__(self, filters: int, kernel_size: Any, **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, **{"padding": "same", **kwargs})
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the outputs, shape ``(batch, time, filters)``."""
        if mask is None:
            return super().call(inputs)
        real = ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        return super().call(inputs * real) * real

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask as it came."""
        return mask
