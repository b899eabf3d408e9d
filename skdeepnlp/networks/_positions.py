"""Tell a network where in the text each token stands."""

from typing import Any

import keras
import numpy as np
from keras import ops

__all__ = ["Positions"]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class Positions(keras.layers.Layer):
    """Add to each step a vector that tells its place. The mask of the input passes unchanged.

    Parameters
    ----------
    kind : {"sinusoidal", "learned"}
        Sines and cosines of many periods (Vaswani et al., 2017), or a table that is trained.
    max_positions : int
        Rows of the table; steps further back share the last one.
    seed : int or None
        Seed of the table.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(
        self, kind: str, max_positions: int = 512, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.kind, self.max_positions, self.seed = kind, max_positions, seed
        self.supports_masking = True

    def build(self, input_shape: tuple) -> None:
        """Create the table if it is to be trained."""
        if self.kind == "learned":
            self.table = self.add_weight(
                shape=(self.max_positions, input_shape[-1]),
                initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=self.seed),
                name="table",
            )

    def call(self, inputs: Any) -> Any:
        """Return the inputs with their places added."""
        places = ops.arange(ops.shape(inputs)[1], dtype="int32")
        if self.kind == "learned":
            return inputs + ops.take(
                self.table, ops.minimum(places, self.max_positions - 1), axis=0
            )
        return inputs + ops.cast(_waves(places, inputs.shape[-1]), inputs.dtype)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        own = {"kind": self.kind, "max_positions": self.max_positions, "seed": self.seed}
        return {**super().get_config(), **own}


def _waves(places: Any, width: int) -> Any:
    """Return sines, then cosines, of periods from 2 pi to 20,000 pi, small beside the embedding.

    Embedded tokens start within 0.05 of zero; waves of height 1 would drown them.
    """
    half = -(-width // 2)
    rates = (1e-4 ** (np.arange(half) / max(1, half))).astype("float32")
    angles = ops.cast(ops.expand_dims(places, -1), "float32") * rates
    return 0.05 * ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[:, :width]
