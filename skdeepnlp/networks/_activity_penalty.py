"""Penalty on the outputs of a recurrent layer and on their changes in time."""

from typing import Any

import keras
from keras import ops

from skdeepnlp.networks._dropout import add_hyperparameter


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
            add_hyperparameter(self, name, value) for name, value in self.initial.items()
        )
        self.built = True
        self.supports_masking = True

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """Both factors, by their names."""
        return {"activity_l2": self.activity_l2, "temporal_l2": self.temporal_l2}

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
