"""Recurrent layers with dropout of weights or states, and both directions of them together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from skdeepnlp.networks._dropout import add_hyperparameter
from skdeepnlp.networks.kernels._fused_lstm import FusedLSTM


class _Droppable:
    """Mixin before a recurrent layer of Keras.

    `weight_dropout` drops entries of the matrix that the state is multiplied by, one mask for
    all rows and steps of a batch (DropConnect); `recurrent_dropout` drops the state itself, by
    one mask for each row and gate, the same at all steps.
    """

    def __init__(self, *args: Any, weight_dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weight_dropout = weight_dropout
        self.weight_rate = self._rate(weight_dropout, "weight_rate")
        self.state_rate = self._rate(self.recurrent_dropout, "state_rate")  # type: ignore[attr-defined]
        if self.recurrent_dropout:  # type: ignore[attr-defined]
            # Keras' own method would bake the rate in
            self.cell._create_dropout_mask = self._state_mask  # type: ignore[attr-defined]

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The rates that are not 0, by the names of their hyperparameters."""
        rates = {"weight_dropout": self.weight_rate, "recurrent_dropout": self.state_rate}
        return {name: rate for name, rate in rates.items() if rate is not None}

    def inner_loop(
        self, sequences: Any, initial_state: Any, mask: Any, training: bool = False
    ) -> Any:
        """Return the last output, all outputs and the last states."""
        run = super().inner_loop  # type: ignore[misc]
        if not training or not self.weight_dropout:
            return run(sequences, initial_state, mask, training=training)
        with self._dropped_weights():
            return run(sequences, initial_state, mask, training=training)

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again; some of Keras' leave the seed out."""
        own = {"weight_dropout": self.weight_dropout, "seed": self.cell.seed}  # type: ignore[attr-defined]
        return {**super().get_config(), **own}  # type: ignore[misc]

    def _rate(self, rate: float, name: str) -> Any:
        """Return a variable for a rate that is not 0."""
        return add_hyperparameter(self, name, rate) if rate else None  # type: ignore[arg-type]

    @contextmanager
    def _dropped_weights(self) -> Iterator[None]:
        """Let the cell find a matrix with entries dropped in the place of its own."""
        cell = self.cell  # type: ignore[attr-defined]
        whole = cell.recurrent_kernel
        object.__setattr__(cell, "recurrent_kernel", self._dropped(whole.value, self.weight_rate))
        try:
            yield
        finally:
            object.__setattr__(cell, "recurrent_kernel", whole)

    def _state_mask(self, state: Any, rate: float) -> Any:
        """Return the mask of the states of a batch, in the place of Keras' own.

        Cells with gates take a list of masks, one for each gate.
        """
        n_gates = getattr(self.cell, "dropout_mask_count", None)  # type: ignore[attr-defined]
        ones = ops.ones_like(state)
        if n_gates is None:
            return self._dropped(ones, self.state_rate)
        return ops.unstack(self._dropped(ops.stack([ones] * n_gates), self.state_rate), n_gates)

    def _dropped(self, values: Any, rate: Any) -> Any:
        """Return values, some of them zero and the others scaled up."""
        generator = self.cell.seed_generator  # type: ignore[attr-defined]
        draw = keras.random.uniform(ops.shape(values), dtype="float32", seed=generator)
        rate = ops.cast(rate, draw.dtype)
        return values * ops.cast(ops.cast(draw >= rate, draw.dtype) / (1 - rate), values.dtype)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class DroppableLSTM(_Droppable, FusedLSTM):
    """`FusedLSTM` with `weight_dropout`."""


@keras.saving.register_keras_serializable(package="skdeepnlp")
class DroppableGRU(_Droppable, keras.layers.GRU):
    """Keras' GRU layer with `weight_dropout`."""


@keras.saving.register_keras_serializable(package="skdeepnlp")
class DroppableSimpleRNN(_Droppable, keras.layers.SimpleRNN):
    """Keras' plain recurrent layer with `weight_dropout`."""


@keras.saving.register_keras_serializable(package="skdeepnlp")
class ConcatenateDirections(keras.layers.Layer):
    """Concatenate the outputs of a layer that reads forwards and of one that reads backwards.

    Sequences read backwards are reversed first, so that outputs at the same step meet. With the
    two layers this computes what `keras.layers.Bidirectional` does, which loads TensorFlow
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
