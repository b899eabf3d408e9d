"""Losses and hits of single rows, from logits."""

from typing import Any

from keras import ops

__all__ = ["row_hits", "row_losses", "smoothed_losses"]


def row_losses(targets: Any, logits: Any, activation: str) -> Any:
    """Return the cross-entropy of each row.

    Parameters
    ----------
    targets : tensor of shape (batch,), (batch, n_outputs) or (batch, 2 * n_outputs)
        Class numbers for "softmax", zeros and ones for "sigmoid", and beside these a weight for
        each label where labels have weights.
    logits : tensor of shape (batch, n_outputs)
        Output of the network.
    activation : {"softmax", "sigmoid"}
        How logits become probabilities.

    Returns
    -------
    losses : tensor of shape (batch,)
        For several labels the weighted mean over them.
    """
    if activation == "softmax":
        return ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    targets, weights = _labels_and_weights(targets, logits)
    return _mean_over_labels(ops.binary_crossentropy(targets, logits, from_logits=True), weights)


def smoothed_losses(losses: Any, targets: Any, logits: Any, activation: str, smoothing: Any) -> Any:
    """Return the losses for targets of which a share is spread over all classes.

    Parameters
    ----------
    losses : tensor of shape (batch,)
        From `row_losses`.
    targets : tensor
        As for `row_losses`.
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
        _, weights = _labels_and_weights(targets, logits)
        to_all = _mean_over_labels(ops.softplus(logits) - 0.5 * logits, weights)
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
    targets, _ = _labels_and_weights(targets, logits)
    return ops.cast(ops.all((logits > 0) == (targets > 0.5), axis=-1), "float32")


def _labels_and_weights(targets: Any, logits: Any) -> tuple[Any, Any]:
    """Return zeros and ones, and the weights of the labels or None."""
    n_outputs = logits.shape[-1]
    if targets.shape[-1] == n_outputs:
        return targets, None
    return targets[:, :n_outputs], targets[:, n_outputs:]


def _mean_over_labels(losses: Any, weights: Any) -> Any:
    return ops.mean(losses if weights is None else losses * weights, axis=-1)
