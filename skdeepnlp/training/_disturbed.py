"""Losses of texts that are disturbed in training: mixed, passed twice, or shifted to the worst."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

__all__ = ["divergences", "gradient_of", "mixed_losses"]


def mixed_losses(losses: Callable[[Any], Any], targets: Any, weights: Any, partners: Any, share):
    """Return the weighted losses of mixed texts.

    Parameters
    ----------
    losses : callable
        From targets to the loss of each row.
    targets : tensor of shape (batch,) or (batch, n_outputs)
        Of the texts themselves.
    weights : tensor of shape (batch,)
        Of the rows.
    partners : tensor of shape (batch,), dtype int32
        Which text each one was mixed with.
    share : scalar tensor
        How much of the text itself was left.

    Returns
    -------
    losses : tensor of shape (batch,)
    """
    own = weights * losses(targets)
    of_partners = ops.take(weights, partners) * losses(ops.take(targets, partners, axis=0))
    return share * own + (1 - share) * of_partners


def divergences(first: Any, second: Any, activation: str) -> Any:
    """Return how far two predictions of each row are apart.

    Parameters
    ----------
    first, second : tensor of shape (batch, n_outputs)
        Logits.
    activation : {"softmax", "sigmoid"}
        How logits become probabilities.

    Returns
    -------
    divergences : tensor of shape (batch,)
        Mean of the Kullback-Leibler divergences of either from the other; for several labels the
        mean over them.

    References
    ----------
    Liang et al. (2021), "R-Drop: regularized dropout for neural networks", NeurIPS.
    """
    if activation == "softmax":
        logs = ops.log_softmax(first, axis=-1) - ops.log_softmax(second, axis=-1)
        return 0.5 * ops.sum((ops.softmax(first) - ops.softmax(second)) * logs, axis=-1)
    # the logarithms of odds differ as the logits do
    return 0.5 * ops.mean((ops.sigmoid(first) - ops.sigmoid(second)) * (first - second), axis=-1)


def gradient_of(function: Callable[[Any], Any], at: Any) -> Any:
    """Return the gradient of a scalar function at a tensor, itself without a gradient.

    Raises
    ------
    ValueError
        If the backend is neither TensorFlow nor JAX.
    """
    if keras.backend.backend() == "jax":
        import jax

        return jax.grad(function)(at)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(at)
            value = function(at)
        return tf.stop_gradient(tape.gradient(value, at))
    raise ValueError(
        f"adversarial_epsilon works on TensorFlow and JAX; got {keras.backend.backend()}. Set it "
        "to 0."
    )
