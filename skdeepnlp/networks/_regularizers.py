"""Regularisers whose strength is a variable, so that networks that differ in it share a trace."""

from typing import Any

import keras
from keras import ops

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID

__all__ = [
    "ActivityPenalty",
    "AdjustableDropout",
    "HeldStrength",
    "WeightPenalty",
    "WordDropout",
]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class AdjustableDropout(keras.layers.Layer):
    """Dropout whose rate is a variable of the layer. The mask of the input passes unchanged.

    Parameters
    ----------
    rate : float
        Share of the values set to zero in training, in ``[0, 1)``; the others are scaled up
        by ``1 / (1 - rate)``.
    seed : int or None
        Seed of the layer's own generator.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from
    overfitting", JMLR 15.
    """

    def __init__(self, rate: float, *, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True
        self.rate = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(rate), trainable=False, name="rate"
        )
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop values in training; return the inputs as they are otherwise."""
        if not training:
            return inputs
        draw = keras.random.uniform(ops.shape(inputs), dtype="float32", seed=self.seed_generator)
        keep = 1 - ops.cast(self.rate, inputs.dtype)
        return inputs * (ops.cast(draw >= ops.cast(self.rate, draw.dtype), inputs.dtype) / keep)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "rate": self.initial_rate, "seed": self.seed}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class WordDropout(AdjustableDropout):
    """Make whole tokens unknown in training; padding stays padding.

    Parameters
    ----------
    rate : float
        Share of the tokens that become the unknown one, in ``[0, 1)``.
    seed : int or None
        Seed of the layer's own generator.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Iyyer et al. (2015), "Deep unordered composition rivals syntactic methods for text
    classification", ACL; Gal & Ghahramani (2016).
    """

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the ids, in training some of them unknown."""
        if not training:
            return inputs
        draw = keras.random.uniform(ops.shape(inputs), dtype="float32", seed=self.seed_generator)
        dropped = ops.logical_and(draw < ops.cast(self.rate, draw.dtype), inputs != PAD_ID)
        return ops.where(dropped, ops.cast(UNKNOWN_ID, inputs.dtype), inputs)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class HeldStrength(keras.layers.Layer):
    """Holds a strength that the loss needs, so that it is kept with the weights.

    Parameters
    ----------
    strength : float
        Its initial value.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, strength: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_strength = strength
        initializer = keras.initializers.Constant(strength)
        self.strength = self.add_weight(
            shape=(), initializer=initializer, trainable=False, name="strength"
        )
        self.built = True
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs: the layer takes part in the network only to be kept with it."""
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "strength": self.initial_strength}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class WeightPenalty(keras.layers.Layer):
    """Holds the strengths of the L1 and L2 penalties and computes them for given kernels.

    Parameters
    ----------
    l1 : float
        Factor of the sum of absolute values.
    l2 : float
        Factor of the sum of squares.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial = {"l1": l1, "l2": l2}
        self.l1, self.l2 = (
            self.add_weight(
                shape=(),
                initializer=keras.initializers.Constant(value),
                trainable=False,
                name=name,
            )
            for name, value in self.initial.items()
        )
        self.built = True
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs: the layer takes part in the network only to be kept with it."""
        return inputs

    def penalty(self, kernels: list[Any]) -> Any:
        """Return the penalty, a scalar tensor, of a list of weight tensors."""
        absolute = sum(ops.sum(ops.abs(kernel)) for kernel in kernels)
        squares = sum(ops.sum(ops.square(kernel)) for kernel in kernels)
        return self.l1 * absolute + self.l2 * squares

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), **self.initial}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class ActivityPenalty(keras.layers.Layer):
    """Add to the loss, in training, the size of a masked sequence and of its changes in time.

    Both are means over the numbers of the real steps, those that have one before them for the
    changes; padding does not count. The sequence and its mask pass unchanged.

    Parameters
    ----------
    activity_l2 : float
        Factor of the mean square of the sequence.
    temporal_l2 : float
        Factor of the mean square of its changes from step to step.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Merity, McCann & Socher (2017), "Revisiting activation regularization for language RNNs",
    arXiv:1708.01009.
    """

    def __init__(self, activity_l2: float = 0.0, temporal_l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial = {"activity_l2": activity_l2, "temporal_l2": temporal_l2}
        self.activity_l2, self.temporal_l2 = (
            self.add_weight(
                shape=(),
                initializer=keras.initializers.Constant(value),
                trainable=False,
                name=name,
            )
            for name, value in self.initial.items()
        )
        self.built = True
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None, training: bool = False) -> Any:
        """Return the inputs."""
        if training:
            if mask is None:
                mask = ops.ones(ops.shape(inputs)[:2], dtype="bool")
            # sums of squares outgrow half precision
            values = ops.cast(inputs, "float32")
            real = ops.expand_dims(ops.cast(mask, "float32"), -1)
            changes, both_real = values[:, 1:] - values[:, :-1], real[:, 1:] * real[:, :-1]
            self.add_loss(
                ops.cast(self.activity_l2, "float32") * _mean_square(values, real)
                + ops.cast(self.temporal_l2, "float32") * _mean_square(changes, both_real)
            )
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), **self.initial}


def _mean_square(values: Any, real: Any) -> Any:
    """Return the mean square of the numbers at real steps."""
    n_numbers = ops.maximum(ops.sum(real), 1) * values.shape[-1]
    return ops.sum(ops.square(values) * real) / n_numbers
