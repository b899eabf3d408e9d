"""A compiled network whose weights come and go as plain arrays."""

import weakref
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from skdeepnlp.training._trainable import TrainableNetwork

__all__ = ["CompiledNetwork", "NetworkWeights", "TrainingSpec"]


@dataclass(frozen=True)
class TrainingSpec:
    """What a training step depends on, beside the network.

    Parameters
    ----------
    activation : {"softmax", "sigmoid"}
        How logits become probabilities.
    optimizer : str
        Keras' name of the optimizer.
    clipnorm : float or None
        Longest gradient of one weight tensor; None clips nothing.
    """

    activation: str
    optimizer: str
    clipnorm: float | None


@dataclass(frozen=True, eq=False)
class NetworkWeights:
    """All variables of a network as plain arrays, in the order the network lists them.

    Parameters
    ----------
    arrays : tuple of ndarray
        Weights, strengths of regularisers and states of seed generators.
    """

    arrays: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, network: keras.Model) -> "NetworkWeights":
        """Copy the present weights of a network."""
        return cls(_copies(network.variables))

    def assign_to(self, network: keras.Model) -> None:
        """Copy the weights into a network of the same shape."""
        _assign(network.variables, self.arrays)

    def are_finite(self) -> bool:
        """Say whether every number is finite."""
        return all(np.isfinite(array).all() for array in self.arrays)

    def with_strengths_of(self, other: "NetworkWeights") -> "NetworkWeights":
        """Return these weights with the scalars (rates, penalties) of another's."""
        pairs = zip(self.arrays, other.arrays, strict=True)
        return NetworkWeights(tuple(new if old.ndim == 0 else old for old, new in pairs))

    def __deepcopy__(self, memo: dict) -> "NetworkWeights":
        return self  # never written to


def _optimizer(spec: TrainingSpec) -> keras.optimizers.Optimizer:
    """Return a new optimizer that sees whole gradients.

    TensorFlow hands over the gradient of an embedding as one slice for each token of the batch.
    Keras' optimizers square and clip the slices of a repeated token one by one, where the method
    asks for their sum: weighing a row twice then moved probabilities by 2e-2 against giving it
    twice. Summing the slices first costs about 6 % of an epoch.
    """
    base = type(keras.optimizers.get(spec.optimizer))

    class WithWholeGradients(base):  # type: ignore[misc, valid-type]
        def apply(self, grads: Any, trainable_variables: Any = None) -> Any:
            # reshaping is what turns slices into a tensor on every backend; others it leaves alone
            whole = [grad if grad is None else ops.reshape(grad, grad.shape) for grad in grads]
            return super().apply(whole, trainable_variables)

    return WithWholeGradients(clipnorm=spec.clipnorm)


def _copies(variables: list[Any]) -> tuple[np.ndarray, ...]:
    """Return the values of Keras variables as arrays of one's own."""
    return tuple(np.array(_as_array(variable.value)) for variable in variables)


def _as_array(tensor: Any) -> Any:
    """Return a tensor as an array, which may share its memory."""
    if keras.backend.backend() == "torch":
        return keras.ops.convert_to_numpy(tensor)
    return np.asarray(tensor)  # Keras' own way warns that TensorFlow does not know copy=


class CompiledNetwork:
    """A network with its loss and its optimizer, whose traces outlive its weights.

    Parameters
    ----------
    network : keras.Model
        Uncompiled network from ids to logits.
    spec : TrainingSpec
        Loss and optimizer.

    Attributes
    ----------
    intact : bool
        False once a step was broken off: the network must not be used again.
    """

    def __init__(self, network: keras.Model, spec: TrainingSpec) -> None:
        self.network = TrainableNetwork(network.input, network.output, name=network.name)
        self.network.activation = spec.activation
        optimizer = _optimizer(spec)
        # XLA on TensorFlow compiles once per width; JAX always compiles.
        jit = keras.backend.backend() == "jax"
        self.network.compile(optimizer=optimizer, jit_compile=jit)
        optimizer.build(self.network.trainable_variables)
        self._new_optimizer = _copies(optimizer.variables)
        self.intact = True
        self._holds: weakref.ref[NetworkWeights] | None = None

    def load(self, weights: NetworkWeights) -> None:
        """Make the network compute with `weights`; costs nothing if it does already."""
        if self._holds is None or self._holds() is not weights:
            weights.assign_to(self.network)
            self._holds = weakref.ref(weights)

    def start_training(
        self,
        weights: NetworkWeights,
        optimizer_state: tuple[np.ndarray, ...] | None,
        learning_rate: float,
    ) -> None:
        """Load weights and optimizer state, a new one if None, and set the learning rate."""
        self.load(weights)
        self._holds = None
        _assign(self.network.optimizer.variables, optimizer_state or self._new_optimizer)
        self.network.optimizer.learning_rate = learning_rate
        self.network.stop_training = False

    def weights(self) -> NetworkWeights:
        """Take the present weights away as arrays."""
        return NetworkWeights.of(self.network)

    def optimizer_state(self) -> tuple[np.ndarray, ...]:
        """Take the present state of the optimizer away as arrays."""
        return _copies(self.network.optimizer.variables)


def _assign(variables: list[Any], arrays: tuple[np.ndarray, ...]) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
