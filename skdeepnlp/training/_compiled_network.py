"""A compiled network whose weights and hyperparameters can be replaced without retracing."""

import functools
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from skdeepnlp.networks import TextNetwork, hyperparameters_of
from skdeepnlp.training._objectives import Objective
from skdeepnlp.training._optimizers import make_optimizer
from skdeepnlp.training._trainable_network import LOSS_TERMS, TrainableNetwork


@dataclass(frozen=True)
class TrainingSpec:
    """What a training step depends on, beside the network.

    Parameters
    ----------
    objective : Objective
        Loss, score and link.
    optimizer : str
        Keras' name of the optimizer.
    terms : tuple of str
        Which hyperparameters of the loss and of the optimizer are on; their values are variables.
    has_target_weights : bool
        Whether each label of a text has a weight of its own.
    """

    objective: Objective
    optimizer: str
    terms: tuple[str, ...] = ()
    has_target_weights: bool = False


@dataclass(frozen=True, eq=False)
class NetworkWeights:
    """What training changes in a network, as plain arrays in the order of its variables.

    Parameters
    ----------
    arrays : tuple of ndarray
        Weights, and states of normalization and of seed generators; no hyperparameters.
    """

    arrays: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, network: keras.Model) -> "NetworkWeights":
        """Copy the present weights of a network."""
        return cls(_copies(_state_variables(network)))

    def assign_to(self, network: keras.Model) -> None:
        """Copy the weights into a network of the same shape."""
        _assign(_state_variables(network), self.arrays)

    @property
    def n_bytes(self) -> int:
        """Size of all arrays."""
        return sum(array.nbytes for array in self.arrays)

    def are_finite(self) -> bool:
        """Say whether every number is finite."""
        return all(np.isfinite(array).all() for array in self.arrays)

    def __deepcopy__(self, memo: dict) -> "NetworkWeights":
        return self  # never written to


def _state_variables(network: keras.Model) -> list[Any]:
    """Return the variables of a network but its hyperparameters."""
    held = hyperparameters_of([network, *network.layers]).values()
    hyperparameters = {id(variable) for variables in held for variable in variables}
    return [variable for variable in network.variables if id(variable) not in hyperparameters]


def _copies(variables: list[Any]) -> tuple[np.ndarray, ...]:
    """Return the values of Keras variables as new arrays."""
    return tuple(np.array(_as_array(variable.value)) for variable in variables)


def _as_array(tensor: Any) -> Any:
    """Return a tensor as an array, which may share its memory."""
    if keras.backend.backend() == "torch":
        return keras.ops.convert_to_numpy(tensor)
    return np.asarray(tensor)  # Keras' own way warns that TensorFlow does not know copy=


def _assign(variables: list[Any], arrays: tuple[np.ndarray, ...]) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


class CompiledNetwork:
    """A compiled Keras model whose weights and hyperparameters can be replaced without retracing.

    Parameters
    ----------
    parts : TextNetwork
        Uncompiled network from ids to logits.
    spec : TrainingSpec
        Loss and optimizer.

    Attributes
    ----------
    network : TrainableNetwork
        The network.
    parts : TextNetwork
        Its layers.
    train_on : callable
        A training step, see `training_step`.
    predict_on : callable
        From the ids of a batch to its logits.
    optimizer : keras.optimizers.Optimizer
        Its optimizer, whatever a callback puts into the network.
    intact : bool
        False once a step was interrupted: the network must not be used again.
    """

    def __init__(self, parts: TextNetwork, spec: TrainingSpec) -> None:
        terms = tuple(name for name in LOSS_TERMS if name in spec.terms)
        of_optimizer = tuple(name for name in spec.terms if name not in LOSS_TERMS)
        self.parts, self.network = parts, TrainableNetwork.of(parts, spec.objective, terms)
        self.optimizer = make_optimizer(spec.optimizer, of_optimizer)
        # a function, as Keras takes variables that it finds here for the optimizer's own
        self.optimizer.limited = weakref.ref(parts.logits.kernel)
        # XLA on TensorFlow compiles once per width; JAX always compiles.
        jit = keras.backend.backend() == "jax"
        # loss scaling would wrap the optimizer under mixed_float16
        self.network.compile(optimizer=self.optimizer, jit_compile=jit, auto_scale_loss=False)
        self._trained = list(self.network.trainable_variables)
        self._state = _state_variables(self.network)
        self.optimizer.build(self._trained)
        self._new_optimizer = _copies(self.optimizer.variables)
        self._hyperparameters = hyperparameters_of([self.network, *self.network.layers])
        self.train_on = training_step(self.network, spec.has_target_weights)
        self.predict_on = prediction_step(self.network)
        self._auxiliary_steps: dict[Callable[..., Any], Callable[[Any], Any]] = {}
        self.intact = True
        self._holds: weakref.ref[NetworkWeights] | None = None

    def load(self, weights: NetworkWeights) -> None:
        """Make the network compute with `weights`; costs nothing if it does already."""
        if self._holds is None or self._holds() is not weights:
            _assign(self._state, weights.arrays)
            self._holds = weakref.ref(weights)

    def auxiliary_step(
        self, make: Callable[[TextNetwork], Callable[[Any], Any]]
    ) -> Callable[[Any], Any]:
        """Return what `make` makes of the network, the same one each time."""
        if make not in self._auxiliary_steps:
            self._auxiliary_steps[make] = make(self.parts)
        return self._auxiliary_steps[make]

    def start_training(
        self,
        weights: NetworkWeights,
        optimizer_state: tuple[np.ndarray, ...] | None,
        hyperparameters: Mapping[str, float],
    ) -> None:
        """Load weights and optimizer state, a new one if None, and set the hyperparameters."""
        self.load(weights)
        self._holds = None
        _assign(self.optimizer.variables, optimizer_state or self._new_optimizer)
        self.set_hyperparameters(hyperparameters)
        self.network.stop_training = False

    def set_hyperparameters(self, values: Mapping[str, float]) -> None:
        """Set the rates of layers, the weights of terms of the loss and the optimizer's numbers.

        Parameters
        ----------
        values : mapping of str to float
            By the names of the classifier's parameters; must have "learning_rate". What is not
            named is 0.
        """
        self.optimizer.learning_rate = values["learning_rate"]
        for name, variable in self.optimizer.numbers.items():
            variable.assign(values[name])
        for name, variables in self._hyperparameters.items():
            for variable in variables:
                variable.assign(values.get(name, 0.0))

    def weights(self) -> NetworkWeights:
        """Copy the present weights."""
        return NetworkWeights(_copies(self._state))

    @property
    def averages(self) -> list[Any]:
        """Moving averages of the trained weights; none without `ema_decay`."""
        return self.optimizer.averages

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Compute with the moving averages of the weights, where the optimizer has them."""
        if not self._has_averaged():
            yield
            return
        own = _copies(self._trained)
        try:
            _assign(self._trained, _copies(self.averages))
            yield
        finally:
            _assign(self._trained, own)

    def with_averages(self, weights: NetworkWeights) -> NetworkWeights:
        """Return present weights with the averages in place of the trained, where there are any."""
        if not self._has_averaged():
            return weights
        averages = dict(zip(map(id, self._trained), _copies(self.averages), strict=True))
        pairs = zip(self._state, weights.arrays, strict=True)
        return NetworkWeights(tuple(averages.get(id(variable), own) for variable, own in pairs))

    def _has_averaged(self) -> bool:
        """Whether there are averages, and of a step at least."""
        return bool(self.averages) and int(self.optimizer.iterations) > 0

    def optimizer_state(self) -> tuple[np.ndarray, ...]:
        """Copy the present state of the optimizer."""
        return _copies(self.optimizer.variables)


def training_step(
    network: TrainableNetwork, has_target_weights: bool = False
) -> Callable[[Any, Any, Any], dict[str, Any]]:
    """Return a function that trains on one batch.

    Parameters
    ----------
    network : TrainableNetwork
        A compiled network.
    has_target_weights : bool, default=False
        Whether weights of outputs stand beside the targets.

    Returns
    -------
    step : callable
        From ids, targets and weights of a batch to the running means of the epoch, by name, as
        tensors: reading them waits for the step to end.
    """
    if keras.backend.backend() == "tensorflow":
        signature = _batch_signature(network, has_target_weights)
        return _traced_once(lambda *batch: network.train_step(batch), signature)
    if keras.backend.backend() == "jax":
        return _jitted_training(network)
    return lambda *batch: network.train_on_batch(*batch, return_dict=True)


def prediction_step(network: keras.Model) -> Callable[[Any], Any]:
    """Return a function from the ids of a batch to its outputs."""
    if keras.backend.backend() == "tensorflow":
        return _traced_once(lambda ids: network(ids, training=False), [((None, None), "int32")])
    if keras.backend.backend() == "jax":
        return _jitted_prediction(network)
    return network.predict_on_batch


def _batch_signature(
    network: TrainableNetwork, has_target_weights: bool
) -> list[tuple[tuple, str]]:
    """Return shape and dtype of ids, targets and weights, of any width and number of rows."""
    objective, n_outputs = network.objective, network.output_shape[-1]
    of_one = objective.target_shape(n_outputs, has_target_weights)
    targets = ((None, *of_one), objective.target_dtype)
    return [((None, None), "int32"), targets, ((None,), "float32")]


def _traced_once(function: Callable, signature: list[tuple[tuple, str]]) -> Callable:
    """Trace a function for arrays of any size; Keras' own traces the first size by itself.

    The trace is called as such: finding it by the types of the arguments takes half a millisecond.
    """
    import tensorflow as tf

    specs = [tf.TensorSpec(shape, dtype) for shape, dtype in signature]
    traced = tf.function(function, input_signature=specs, autograph=False)
    trace = functools.cache(traced.get_concrete_function)
    return lambda *arrays: trace()(*map(tf.constant, arrays))


def _jitted_training(network: TrainableNetwork) -> Callable[..., dict[str, Any]]:
    """Compile a step on JAX; Keras' `train_on_batch` waits for each one and reads its means."""
    import jax

    # the state is given away, so that tables are updated where they lie
    compiled = jax.jit(network.train_step, donate_argnums=0)
    groups = (
        network.trainable_variables,
        network.non_trainable_variables,
        network.optimizer.variables,
        network.metrics_variables,
    )

    def step(*batch: Any) -> dict[str, Any]:
        means, state = compiled([_values(group) for group in groups], batch)
        for group, values in zip(groups, state, strict=True):
            for variable, value in zip(group, values, strict=True):
                variable._direct_assign(value)  # assign() would check each shape, at 20 us each
        return means

    return step


def _jitted_prediction(network: keras.Model) -> Callable[[Any], Any]:
    """Compile a prediction on JAX."""
    import jax

    groups = (network.trainable_variables, network.non_trainable_variables)
    compiled = jax.jit(
        lambda trained, others, ids: network.stateless_call(trained, others, ids, training=False)[0]
    )
    return lambda ids: compiled(*map(_values, groups), ids)


def _values(variables: list[Any]) -> list[Any]:
    """Return the present arrays of Keras variables."""
    return [variable.value for variable in variables]
