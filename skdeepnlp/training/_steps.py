"""One training step and one prediction, as cheap to call as the backend allows."""

import functools
from collections.abc import Callable
from typing import Any

import keras

from skdeepnlp.training._trainable import TrainableNetwork

__all__ = ["prediction_step", "training_step"]


def training_step(network: TrainableNetwork) -> Callable[[Any, Any, Any], dict[str, Any]]:
    """Return a function that trains on one batch.

    Parameters
    ----------
    network : TrainableNetwork
        A compiled network.

    Returns
    -------
    step : callable
        From ids, targets and weights of a batch to the running means of the epoch, by name, as
        tensors: reading them waits for the step to end.
    """
    if keras.backend.backend() == "tensorflow":
        return _traced_once(lambda *batch: network.train_step(batch), _batch_signature(network))
    if keras.backend.backend() == "jax":
        return _jitted_training(network)
    return lambda *batch: network.train_on_batch(*batch, return_dict=True)


def prediction_step(network: keras.Model) -> Callable[[Any], Any]:
    """Return a function from the ids of a batch to its logits."""
    if keras.backend.backend() == "tensorflow":
        return _traced_once(lambda ids: network(ids, training=False), [((None, None), "int32")])
    if keras.backend.backend() == "jax":
        return _jitted_prediction(network)
    return network.predict_on_batch


def _batch_signature(network: TrainableNetwork) -> list[tuple[tuple, str]]:
    """Return shape and dtype of ids, targets and weights, of any width and number of rows."""
    n_outputs = network.output_shape[-1]
    one_of_many = network.activation == "softmax"
    width = 2 * n_outputs if network.weighs_labels else n_outputs
    targets = ((None,), "int32") if one_of_many else ((None, width), "float32")
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
