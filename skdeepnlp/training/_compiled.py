"""A compiled network whose weights come and go as plain arrays."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from skdeepnlp.training._optimizers import make_optimizer
from skdeepnlp.training._steps import prediction_step, training_step
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
    adjustable : tuple of str
        Which limits and decays there are; how strong they are is a variable.
    weighs_labels : bool
        Whether each label of a text has a weight of its own.
    """

    activation: str
    optimizer: str
    adjustable: tuple[str, ...] = ()
    weighs_labels: bool = False


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

    @property
    def n_bytes(self) -> int:
        """Size of all arrays."""
        return sum(array.nbytes for array in self.arrays)

    def are_finite(self) -> bool:
        """Say whether every number is finite."""
        return all(np.isfinite(array).all() for array in self.arrays)

    def with_strengths_of(self, network: keras.Model) -> "NetworkWeights":
        """Return these weights with the rates and penalties of a network of the same shape."""
        strengths = {
            id(variable)
            for layer in network.layers
            if type(layer).__module__.startswith("skdeepnlp.")
            for variable in layer.non_trainable_variables
            if len(variable.shape) == 0
        }
        fresh = zip(network.variables, NetworkWeights.of(network).arrays, self.arrays, strict=True)
        return NetworkWeights(
            tuple(new if id(variable) in strengths else old for variable, new, old in fresh)
        )

    def __deepcopy__(self, memo: dict) -> "NetworkWeights":
        return self  # never written to


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
    train_on : callable
        A training step, see `training_step`.
    predict_on : callable
        From the ids of a batch to its logits.
    optimizer : keras.optimizers.Optimizer
        Its optimizer, whatever a callback puts into the network.
    intact : bool
        False once a step was broken off: the network must not be used again.
    """

    def __init__(self, network: keras.Model, spec: TrainingSpec) -> None:
        self.network = TrainableNetwork(network.input, network.output, name=network.name)
        self.network.activation = spec.activation
        self.network.weighs_labels = spec.weighs_labels
        optimizer = make_optimizer(spec.optimizer, spec.adjustable)
        # a function, as Keras takes variables that it finds here for the optimizer's own
        optimizer.limited = weakref.ref(network.get_layer("logits").kernel)
        # XLA on TensorFlow compiles once per width; JAX always compiles.
        jit = keras.backend.backend() == "jax"
        # loss scaling would wrap the optimizer under mixed_float16
        self.network.compile(optimizer=optimizer, jit_compile=jit, auto_scale_loss=False)
        # a callback may freeze layers, or put another optimizer into the network
        self._trained = list(self.network.trainable_variables)
        self._variables = list(self.network.variables)
        self.optimizer = optimizer
        optimizer.build(self._trained)
        self._new_optimizer = _copies(optimizer.variables)
        self.train_on = training_step(self.network)
        self.predict_on = prediction_step(self.network)
        self._further_steps: dict[Callable[..., Any], Callable[[Any], Any]] = {}
        self.intact = True
        self._holds: weakref.ref[NetworkWeights] | None = None

    def load(self, weights: NetworkWeights) -> None:
        """Make the network compute with `weights`; costs nothing if it does already."""
        if self._holds is None or self._holds() is not weights:
            weights.assign_to(self.network)
            self._holds = weakref.ref(weights)

    def further_step(
        self, make: Callable[[keras.Model], Callable[[Any], Any]]
    ) -> Callable[[Any], Any]:
        """Return what `make` makes of the network, the same one each time."""
        if make not in self._further_steps:
            self._further_steps[make] = make(self.network)
        return self._further_steps[make]

    def start_training(
        self,
        weights: NetworkWeights,
        optimizer_state: tuple[np.ndarray, ...] | None,
        numbers: dict[str, float],
    ) -> None:
        """Load weights and optimizer state, a new one if None, and set the optimizer's numbers."""
        self.load(weights)
        self._holds = None
        optimizer = self.optimizer
        _assign(optimizer.variables, optimizer_state or self._new_optimizer)
        optimizer.learning_rate = numbers["learning_rate"]
        for name, variable in optimizer.numbers.items():
            variable.assign(numbers[name])
        self.network.stop_training = False

    def structure(self) -> tuple:
        """Return what traces depend on and a callback might change, to be compared."""
        layers = tuple(layer.trainable for layer in self.network.layers)
        weights = tuple(variable.trainable for variable in self._variables)
        return id(self.network.optimizer), self.network.trainable, layers, weights

    def weights(self) -> NetworkWeights:
        """Take the present weights away as arrays."""
        return NetworkWeights.of(self.network)

    @property
    def averages(self) -> list[Any]:
        """Variables of the running averages of the trained weights; none without `ema_decay`."""
        return self.optimizer.averages

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Compute with the running averages of the weights, where the optimizer has them."""
        if not self._has_averaged():
            yield
            return
        own = _copies(self._trained)
        try:
            _assign(self._trained, _copies(self.averages))
            yield
        finally:
            try:
                _assign(self._trained, own)
            except KeyboardInterrupt:  # some of them may be averages still
                _assign(self._trained, own)
                raise

    def with_averages(self, weights: NetworkWeights) -> NetworkWeights:
        """Return present weights with the averages in place of the trained, where there are any."""
        if not self._has_averaged():
            return weights
        averages = dict(zip(map(id, self._trained), _copies(self.averages), strict=True))
        pairs = zip(self._variables, weights.arrays, strict=True)
        return NetworkWeights(tuple(averages.get(id(variable), own) for variable, own in pairs))

    def _has_averaged(self) -> bool:
        """Whether there are averages, and of a step at least."""
        return bool(self.averages) and int(self.optimizer.iterations) > 0

    def optimizer_state(self) -> tuple[np.ndarray, ...]:
        """Take the present state of the optimizer away as arrays."""
        return _copies(self.optimizer.variables)


def _assign(variables: list[Any], arrays: tuple[np.ndarray, ...]) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
