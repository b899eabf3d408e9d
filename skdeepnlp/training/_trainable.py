"""A network with its loss, its penalty and its running means, ready for compiling."""

from typing import Any

import keras
from keras import ops

from skdeepnlp.training._losses import row_hits, row_losses, smoothed_losses

__all__ = ["TrainableNetwork"]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class TrainableNetwork(keras.Model):
    """A functional network that computes its own weighted loss from logits.

    The loss of a batch is the sum of weighted row losses over the number of rows with a weight
    above zero, so that rows that only fill up a batch change nothing; to it comes the penalty on
    the kernels. The running means "loss" (without penalty, of the labels as they are) and "score"
    are weighted by row.

    Attributes
    ----------
    activation : {"softmax", "sigmoid"}
        How logits become probabilities. Set before compiling.
    """

    activation = "softmax"

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Compile as Keras does, with the running means added."""
        super().compile(*args, **kwargs)
        self.loss_mean = keras.metrics.Mean(name="row_loss")
        self.score_mean = keras.metrics.Mean(name="row_hit")

    def begin_epoch(self) -> None:
        """Reset the running means."""
        super().reset_metrics()

    def reset_metrics(self) -> None:
        """Do nothing: some versions of Keras reset in every `train_on_batch`, for 1 ms a step."""

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        """Return the loss and the score of some texts, as a callback may ask for."""
        self.begin_epoch()
        return super().evaluate(*args, **kwargs)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the loss of a batch, a scalar, and update the running means."""
        losses = row_losses(y, y_pred, self.activation)
        if sample_weight is None:
            sample_weight = ops.ones_like(losses)
        self.loss_mean.update_state(losses, sample_weight=sample_weight)
        self.score_mean.update_state(
            row_hits(y, y_pred, self.activation), sample_weight=sample_weight
        )
        losses = self._smoothed(losses, y_pred)
        n_rows = ops.sum(ops.cast(sample_weight > 0, losses.dtype))
        of_rows = ops.sum(losses * sample_weight) / ops.maximum(n_rows, 1)
        # self.losses are what layers added in this pass
        return sum(self.losses, start=of_rows + self._penalty())

    def compute_metrics(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Return the running means of this epoch."""
        return {"loss": self.loss_mean.result(), "score": self.score_mean.result()}

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the network again, as a checkpoint does."""
        return {**super().get_config(), "activation": self.activation}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Build the network from its configuration."""
        plain = {name: value for name, value in config.items() if name != "activation"}
        network = super().from_config(plain, custom_objects)
        network.activation = config["activation"]
        return network

    def _smoothed(self, losses: Any, logits: Any) -> Any:
        """Smooth the labels of row losses, where a layer named "label_smoothing" says so."""
        holder = self._layer_named("label_smoothing")
        if holder is None:
            return losses
        return smoothed_losses(losses, logits, self.activation, holder.strength)

    def _penalty(self) -> Any:
        """Return the penalty of the layer named "penalty", or 0 where there is none."""
        holder = self._layer_named("penalty")
        return 0.0 if holder is None else holder.penalty(self._penalised_kernels())

    def _layer_named(self, name: str) -> Any:
        """Return a layer by its name, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def _penalised_kernels(self) -> list[Any]:
        """Return every matrix that multiplies features; embeddings and biases are left alone."""
        return [weight for weight in self.trainable_weights if "kernel" in weight.name]
