"""Losses and hits of single rows, from logits."""

from typing import Any

from keras import ops

__all__ = ["row_hits", "row_losses", "smoothed_losses"]


def row_losses(targets: Any, logits: Any, activation: str) -> Any:
    """Return the cross-entropy of each row.

    Parameters
    ----------
    targets : tensor of shape (batch,) or (batch, n_outputs)
        Class numbers for "softmax", zeros and ones for "sigmoid".
    logits : tensor of shape (batch, n_outputs)
        Output of the network.
    activation : {"softmax", "sigmoid"}
        How logits become probabilities.

    Returns
    -------
    losses : tensor of shape (batch,)
        For several labels the mean over them.
    """
    if activation == "softmax":
        return ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    return ops.mean(ops.binary_crossentropy(targets, logits, from_logits=True), axis=-1)


def smoothed_losses(losses: Any, logits: Any, activation: str, smoothing: Any) -> Any:
    """Return the losses for targets of which a share is spread over all classes.

    Parameters
    ----------
    losses : tensor of shape (batch,)
        From `row_losses`.
    logits : tensor of shape (batch, n_outputs)
        Output of the network.
    activation : {"softmax", "sigmoid"}
        How logits become probabilities.
    smoothing : float or scalar tensor
        The share, from 0 to below 1.

    Returns
    -------
    losses : tensor of shape (batch,)

    References
    ----------
    Szegedy et al. (2016), "Rethinking the inception architecture for computer vision", CVPR.
    """
    if activation == "softmax":
        to_all = -ops.mean(ops.log_softmax(logits, axis=-1), axis=-1)
    else:
        # half of the share to either answer
        to_all = ops.mean(ops.softplus(logits) - 0.5 * logits, axis=-1)
    return (1 - smoothing) * losses + smoothing * to_all


def row_hits(targets: Any, logits: Any, activation: str) -> Any:
    """Return 1.0 for each row whose prediction is right (in every label), else 0.0.

    Parameters
    ----------
    targets, logits, activation
        As for `row_losses`.

    Returns
    -------
    hits : tensor of shape (batch,), dtype float32
    """
    if activation == "softmax":
        predicted = ops.cast(ops.argmax(logits, axis=-1), "int32")
        return ops.cast(predicted == ops.cast(targets, "int32"), "float32")
    return ops.cast(ops.all((logits > 0) == (targets > 0.5), axis=-1), "float32")
