"""What two recurrent layers read in opposite directions, joined."""

from typing import Any

import keras
from keras import ops

__all__ = ["SideBySide"]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class SideBySide(keras.layers.Layer):
    """Put the outputs of a layer that reads backwards beside those of one that reads forwards.

    Sequences read backwards are turned round first, so that outputs at the same step meet. With
    the two layers this computes what `keras.layers.Bidirectional` does, which loads TensorFlow
    whatever the backend, to copy its layer.

    References
    ----------
    Schuster & Paliwal (1997), "Bidirectional recurrent neural networks", IEEE Transactions on
    Signal Processing 45(11).
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: list[Any], mask: Any = None) -> Any:
        """Return both, shape ``(batch, time, 2 * features)`` or ``(batch, 2 * features)``."""
        forwards, backwards = inputs
        if len(backwards.shape) > 2:
            backwards = ops.flip(backwards, axis=1)
        return ops.concatenate([forwards, backwards], axis=-1)

    def compute_mask(self, inputs: list[Any], mask: Any = None) -> Any:
        """Return the mask of the sequences; final states have none."""
        return mask[0] if mask and len(inputs[0].shape) > 2 else None

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        """Return the shape of one input, with twice its features."""
        return (*input_shape[0][:-1], 2 * input_shape[0][-1])
