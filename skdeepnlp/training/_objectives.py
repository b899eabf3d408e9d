"""What a network is trained for: its loss, its score and the link from logits to predictions."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from keras import ops


class Objective(Protocol):
    """What differs between classes that exclude one another, several labels, and numbers.

    Targets of a batch are a tensor of shape `target_shape` behind the batch; logits have shape
    ``(batch, n_outputs)``.

    Attributes
    ----------
    link : str
        Keras' name of the function from logits to predictions.
    keras_loss : str
        Keras' name of the loss of predictions.
    target_dtype : str
        Dtype of the targets.
    """

    link: ClassVar[str]
    keras_loss: ClassVar[str]
    keras_metrics: ClassVar[tuple[str, ...]]
    target_dtype: ClassVar[str]

    def target_shape(self, n_outputs: int, has_weights: bool) -> tuple[int, ...]:
        """Return the shape of the target of one text; weights of outputs stand beside them."""

    def row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the loss of each text, shape ``(batch,)``."""

    def row_scores(self, targets: Any, logits: Any) -> Any:
        """Return the score of each text, dtype float32; their mean is the higher, the better."""

    def smoothed_losses(self, losses: Any, targets: Any, logits: Any, smoothing: Any) -> Any:
        """Return the losses for targets of which a share is spread over all classes."""

    def divergences(self, first: Any, second: Any) -> Any:
        """Return how far two predictions of each text are apart, shape ``(batch,)``."""


@dataclass(frozen=True)
class Softmax:
    """One of several classes: cross-entropy and accuracy. Targets are class numbers."""

    link: ClassVar[str] = "softmax"
    keras_loss: ClassVar[str] = "sparse_categorical_crossentropy"
    keras_metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    target_dtype: ClassVar[str] = "int32"

    def target_shape(self, n_outputs: int, has_weights: bool) -> tuple[int, ...]:
        """Return the shape of the target of one text: a number."""
        return ()

    def row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the cross-entropy of each text."""
        return ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)

    def row_scores(self, targets: Any, logits: Any) -> Any:
        """Return 1.0 where the most probable class is the right one, else 0.0."""
        predicted = ops.cast(ops.argmax(logits, axis=-1), "int32")
        return ops.cast(predicted == ops.cast(targets, "int32"), "float32")

    def smoothed_losses(self, losses: Any, targets: Any, logits: Any, smoothing: Any) -> Any:
        """Return the losses with label smoothing (Szegedy et al. 2016)."""
        to_all = -ops.mean(ops.log_softmax(logits, axis=-1), axis=-1)
        return (1 - smoothing) * losses + smoothing * to_all

    def divergences(self, first: Any, second: Any) -> Any:
        """Return the mean of the Kullback-Leibler divergences of either from the other."""
        logs = ops.log_softmax(first, axis=-1) - ops.log_softmax(second, axis=-1)
        return 0.5 * ops.sum((ops.softmax(first) - ops.softmax(second)) * logs, axis=-1)


@dataclass(frozen=True)
class Sigmoid:
    """Several labels a text, or one of two classes by one logit: binary cross-entropy.

    Targets are zeros and ones; beside them may stand a weight for each label.
    """

    link: ClassVar[str] = "sigmoid"
    keras_loss: ClassVar[str] = "binary_crossentropy"
    keras_metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    target_dtype: ClassVar[str] = "float32"

    def target_shape(self, n_outputs: int, has_weights: bool) -> tuple[int, ...]:
        """Return the shape of the target of one text, with the weights of the labels."""
        return (2 * n_outputs if has_weights else n_outputs,)

    def row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the weighted mean over the labels of the binary cross-entropy."""
        targets, weights = _targets_and_weights(targets, logits)
        losses = ops.binary_crossentropy(targets, logits, from_logits=True)
        return _mean_over_outputs(losses, weights)

    def row_scores(self, targets: Any, logits: Any) -> Any:
        """Return 1.0 where every label is right, else 0.0."""
        targets, _ = _targets_and_weights(targets, logits)
        return ops.cast(ops.all((logits > 0) == (targets > 0.5), axis=-1), "float32")

    def smoothed_losses(self, losses: Any, targets: Any, logits: Any, smoothing: Any) -> Any:
        """Return the losses with half of the share given to either answer."""
        _, weights = _targets_and_weights(targets, logits)
        to_all = _mean_over_outputs(ops.softplus(logits) - 0.5 * logits, weights)
        return (1 - smoothing) * losses + smoothing * to_all

    def divergences(self, first: Any, second: Any) -> Any:
        """Return the mean over the labels of the symmetric Kullback-Leibler divergences."""
        # the logarithms of odds differ as the logits do
        apart = (ops.sigmoid(first) - ops.sigmoid(second)) * (first - second)
        return 0.5 * ops.mean(apart, axis=-1)


@dataclass(frozen=True)
class SquaredError:
    """One number a text, or several, scaled to a mean of 0 and a variance of 1.

    The mean score is the coefficient of determination against the variance of the training
    samples.
    """

    link: ClassVar[str] = "linear"
    keras_loss: ClassVar[str] = "mean_squared_error"
    keras_metrics: ClassVar[tuple[str, ...]] = ()
    target_dtype: ClassVar[str] = "float32"

    def target_shape(self, n_outputs: int, has_weights: bool) -> tuple[int, ...]:
        """Return the shape of the target of one text."""
        return (n_outputs,)

    def row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the mean over the outputs of the squared error."""
        return ops.mean(ops.square(logits - targets), axis=-1)

    def row_scores(self, targets: Any, logits: Any) -> Any:
        """Return 1 minus the squared error."""
        return ops.cast(1 - self.row_losses(targets, logits), "float32")

    def smoothed_losses(self, losses: Any, targets: Any, logits: Any, smoothing: Any) -> Any:
        """Return the losses as they are: numbers have no classes to spread over."""
        return losses

    def divergences(self, first: Any, second: Any) -> Any:
        """Return the mean squared difference of both predictions."""
        return ops.mean(ops.square(first - second), axis=-1)


def _targets_and_weights(targets: Any, logits: Any) -> tuple[Any, Any]:
    """Return zeros and ones, and the weights of the labels or None."""
    n_outputs = logits.shape[-1]
    if targets.shape[-1] == n_outputs:
        return targets, None
    return targets[:, :n_outputs], targets[:, n_outputs:]


def _mean_over_outputs(losses: Any, weights: Any) -> Any:
    return ops.mean(losses if weights is None else losses * weights, axis=-1)
