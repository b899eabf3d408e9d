"""One training step and one prediction, as cheap to call as the backend allows."""

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
    return lambda *batch: network.train_on_batch(*batch, return_dict=True)


def prediction_step(network: keras.Model) -> Callable[[Any], Any]:
    """Return a function from the ids of a batch to its logits."""
    if keras.backend.backend() == "tensorflow":
        return _traced_once(lambda ids: network(ids, training=False), [((None, None), "int32")])
    return network.predict_on_batch


def _batch_signature(network: TrainableNetwork) -> list[tuple[tuple, str]]:
    """Return shape and dtype of ids, targets and weights, of any width and number of rows."""
    n_outputs = network.output_shape[-1]
    one_of_many = network.activation == "softmax"
    targets = ((None,), "int32") if one_of_many else ((None, n_outputs), "float32")
    return [((None, None), "int32"), targets, ((None,), "float32")]


def _traced_once(function: Callable, signature: list[tuple[tuple, str]]) -> Callable:
    """Trace a function for arrays of any size; Keras' own traces the first size by itself."""
    import tensorflow as tf

    specs = [tf.TensorSpec(shape, dtype) for shape, dtype in signature]
    return tf.function(function, input_signature=specs, autograph=False)
