"""A network with its loss, its penalty and its running means, ready for compiling."""

from contextlib import nullcontext
from typing import Any

import keras
from keras import ops

from skdeepnlp.training._disturbed import divergences, gradient_of, mixed_losses
from skdeepnlp.training._losses import row_hits, row_losses, smoothed_losses

__all__ = ["TrainableNetwork"]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class TrainableNetwork(keras.Model):
    """A functional network that computes its own weighted loss from logits.

    The loss of a batch is the sum of weighted row losses over the number of rows with a weight
    above zero, so that rows that only fill up a batch change nothing; to it comes the penalty on
    the kernels. The running means "loss" (without penalty, of the labels as they are) and "score"
    are weighted by row. Layers named "mixup", "r_drop" and "perturbation" change the passes of a
    training step, and no other ones.

    Attributes
    ----------
    activation : {"softmax", "sigmoid"}
        How logits become probabilities. Set before compiling.
    weighs_labels : bool
        Whether targets have a weight for each label beside them. Set before compiling.
    """

    activation = "softmax"
    weighs_labels = False

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

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return the logits; in training with mixed texts, or of each text twice, if so asked."""
        if not training:
            return super().call(inputs, training=training, mask=mask)
        if self._layer_named("r_drop"):
            inputs = ops.concatenate([inputs, inputs], axis=0)
        mixup = self._layer_named("mixup")
        with mixup.mixing() if mixup else nullcontext():
            return super().call(inputs, training=training, mask=mask)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the loss of a batch, a scalar, and update the running means."""
        added = self.losses  # by layers, in this pass
        passes = self._passes(y_pred, training)
        losses = row_losses(y, passes[0], self.activation)
        weights = ops.ones_like(losses) if sample_weight is None else sample_weight
        self.loss_mean.update_state(losses, sample_weight=weights)
        hits = row_hits(y, passes[0], self.activation)
        self.score_mean.update_state(hits, sample_weight=weights)
        of_rows = self._of_rows(x, y, passes, weights, training)
        if training and self._layer_named("perturbation"):
            of_rows = 0.5 * (of_rows + weights * self._worst_losses(x, y, weights))
        n_rows = ops.sum(ops.cast(weights > 0, losses.dtype))
        return sum(added, start=ops.sum(of_rows) / ops.maximum(n_rows, 1) + self._penalty())

    def _passes(self, logits: Any, training: bool) -> list[Any]:
        """Return the logits of each pass of the texts."""
        twice = training and self._layer_named("r_drop")
        return list(ops.split(logits, 2, axis=0)) if twice else [logits]

    def _of_rows(self, x: Any, y: Any, passes: list[Any], weights: Any, training: bool) -> Any:
        """Return the weighted loss of each row, as far as training asks for, disturbed."""
        if training and (mixup := self._layer_named("mixup")):
            logits, share = passes[0], ops.convert_to_tensor(mixup.share)
            return mixed_losses(
                lambda targets: self._row_losses(targets, logits),
                y,
                weights,
                mixup.partners_of(x),
                share,
            )
        losses = sum(self._row_losses(y, logits) for logits in passes) / len(passes)
        if training and (holder := self._layer_named("r_drop")):
            losses = losses + holder.strength * divergences(passes[0], passes[1], self.activation)
        return losses * weights

    def _worst_losses(self, x: Any, y: Any, weights: Any) -> Any:
        """Return the losses of texts that are shifted to where these rise most."""
        layer = self._layer_named("perturbation")
        n_features = self.get_layer("embedding").output_dim
        nowhere = ops.zeros((*ops.shape(x), n_features), dtype="float32")

        def losses(direction: Any, mapping: list) -> Any:
            # the same dropout in both passes, and no trace of them in the state of the network
            with keras.StatelessScope(state_mapping=mapping), layer.along(direction):
                return self._row_losses(y, self(x, training=True))

        values = [(variable, variable.value) for variable in self.variables]
        fixed = [(variable, ops.stop_gradient(value)) for variable, value in values]
        gradient = gradient_of(lambda at: ops.sum(losses(at, fixed) * weights), nowhere)
        return losses(ops.stop_gradient(layer.direction_of(gradient)), values)

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

    def _row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the loss of each row; smoothed, where a layer named "label_smoothing" says so."""
        losses = row_losses(targets, logits, self.activation)
        holder = self._layer_named("label_smoothing")
        if holder is None:
            return losses
        return smoothed_losses(losses, targets, logits, self.activation, holder.strength)

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
