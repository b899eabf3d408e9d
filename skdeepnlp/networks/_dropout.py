"""Dropout whose rate is a hyperparameter that a compiled network can change."""

from collections.abc import Iterable
from typing import Any

import keras
from keras import ops

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID


def hyperparameters_of(layers: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the variables of each hyperparameter that some layers hold, by its name.

    Parameters
    ----------
    layers : iterable of keras.layers.Layer
        Those that hold some have a dict `hyperparameters` of variables.

    Returns
    -------
    hyperparameters : dict of str to list of variable
    """
    found: dict[str, list[Any]] = {}
    for layer in layers:
        for name, variable in getattr(layer, "hyperparameters", {}).items():
            found.setdefault(name, []).append(variable)
    return found


def add_hyperparameter(layer: keras.layers.Layer, name: str, value: float) -> Any:
    """Add a scalar variable that is not trained to a layer or a model."""
    initializer = keras.initializers.Constant(value)
    return layer.add_weight(shape=(), initializer=initializer, trainable=False, name=name)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class AdjustableDropout(keras.layers.Layer):
    """Dropout whose rate is a variable of the layer. The mask of the input passes unchanged.

    Parameters
    ----------
    rate : float
        Share of the values set to zero in training, in ``[0, 1)``; the others are scaled up
        by ``1 / (1 - rate)``.
    hyperparameter : str, default="dropout"
        Name of the hyperparameter that the rate is.
    seed : int or None
        Seed of the layer's own generator.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from
    overfitting", JMLR 15.
    """

    def __init__(
        self,
        rate: float,
        hyperparameter: str = "dropout",
        *,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.initial_rate, self.hyperparameter, self.seed = rate, hyperparameter, seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True
        self.rate = add_hyperparameter(self, "rate", rate)
        self.built = True

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The rate, by the name of its hyperparameter."""
        return {self.hyperparameter: self.rate}

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
        own = {"rate": self.initial_rate, "hyperparameter": self.hyperparameter, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class WordDropout(AdjustableDropout):
    """Make whole tokens unknown in training; padding stays padding.

    Parameters
    ----------
    rate : float
        Share of the tokens that become the unknown one, in ``[0, 1)``.
    hyperparameter : str, default="word_dropout"
        Name of the hyperparameter that the rate is.
    seed : int or None
        Seed of the layer's own generator.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    References
    ----------
    Iyyer et al. (2015), "Deep unordered composition rivals syntactic methods for text
    classification", ACL; Gal & Ghahramani (2016).
    """

    def __init__(self, rate: float, hyperparameter: str = "word_dropout", **kwargs: Any) -> None:
        super().__init__(rate, hyperparameter, **kwargs)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the ids, in training some of them unknown."""
        if not training:
            return inputs
        draw = keras.random.uniform(ops.shape(inputs), dtype="float32", seed=self.seed_generator)
        dropped = ops.logical_and(draw < ops.cast(self.rate, draw.dtype), inputs != PAD_ID)
        return ops.where(dropped, ops.cast(UNKNOWN_ID, inputs.dtype), inputs)
