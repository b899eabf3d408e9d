"""Adversarial training: embedded tokens shifted to where the loss rises most."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from skdeepnlp.networks._dropout import add_hyperparameter


@keras.saving.register_keras_serializable(package="skdeepnlp")
class AdversarialShift(keras.layers.Layer):
    """Shift embedded tokens, inside `along`; the mask passes unchanged.

    Parameters
    ----------
    epsilon : float
        Size of the shift of a text, relative to the L2 norm of its embedded tokens.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, epsilon: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_epsilon = epsilon
        self.epsilon = add_hyperparameter(self, "epsilon", epsilon)
        self.direction: Any = None
        self.built = self.supports_masking = True

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The size of the shift, by the name of its hyperparameter."""
        return {"adversarial_epsilon": self.epsilon}

    @contextmanager
    def along(self, direction: Any) -> Iterator[None]:
        """Shift what is called in the block along a direction.

        Parameters
        ----------
        direction : tensor of shape (batch, time, features)
            Of length 1 for each text.
        """
        self.direction = direction
        try:
            yield
        finally:
            self.direction = None

    def call(self, embedded: Any, mask: Any = None) -> Any:
        """Return the embedded tokens, shifted where asked for."""
        if self.direction is None:
            return embedded
        real = embedded if mask is None else embedded * _as_numbers(mask, embedded.dtype)
        longest = self.epsilon * _length_of_texts(ops.cast(real, "float32"))
        return embedded + ops.cast(ops.stop_gradient(longest) * self.direction, embedded.dtype)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "epsilon": self.initial_epsilon}

    def direction_of(self, gradient: Any) -> Any:
        """Return the direction of a gradient, of length 1 for each text; zeros stay."""
        largest = ops.max(ops.absolute(gradient), axis=(1, 2), keepdims=True)
        # squares of very small numbers are 0
        scaled = gradient / ops.where(largest > 0, largest, 1.0)
        return scaled / ops.maximum(_length_of_texts(scaled), 1.0)


def _as_numbers(mask: Any, dtype: str) -> Any:
    return ops.cast(ops.expand_dims(mask, -1), dtype)


def _length_of_texts(values: Any) -> Any:
    """Return the length of all numbers of each text together, of shape (batch, 1, 1)."""
    return ops.sqrt(ops.sum(ops.square(values), axis=(1, 2), keepdims=True))
