"""A network with its loss, its penalty and its running means, ready for compiling."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import keras
from keras import ops

from skdeepnlp.networks import TextNetwork, add_hyperparameter
from skdeepnlp.training._objectives import Objective, Sigmoid, Softmax, SquaredError

LOSS_TERMS = ("l1", "l2", "label_smoothing", "r_drop")
_OBJECTIVES: dict[str, Objective] = {
    objective.link: objective for objective in (Softmax(), Sigmoid(), SquaredError())
}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class TrainableNetwork(keras.Model):
    """A functional network that computes its own weighted loss from logits.

    The loss of a batch is the sum of weighted row losses over the number of rows with a weight
    above zero, so that rows that only fill up a batch change nothing; to it comes the penalty on
    the kernels. The running means "loss" (without penalty, of the labels as they are) and "score"
    are weighted by row. Mixup, R-Drop and adversarial training change the passes of a training
    step, and no other ones.

    Attributes
    ----------
    objective : Objective
        Loss and score. Set by `of`.
    parts : TextNetwork
        The layers that a training step needs. Set by `of`.
    hyperparameters : dict of str to variable
        Weights of the terms of the loss that there are, some of `LOSS_TERMS`.
    """

    objective: Objective = Softmax()
    parts: TextNetwork

    @classmethod
    def of(
        cls, parts: TextNetwork, objective: Objective, loss_terms: tuple[str, ...] = ()
    ) -> "TrainableNetwork":
        """Make a network trainable; the layers and weights are shared."""
        network = cls(parts.model.input, parts.model.output, name=parts.model.name)
        network._set_up(parts, objective, loss_terms)
        return network

    def _set_up(
        self, parts: TextNetwork, objective: Objective, loss_terms: tuple[str, ...]
    ) -> None:
        self.parts, self.objective = parts, objective
        self.hyperparameters = {name: add_hyperparameter(self, name, 0.0) for name in loss_terms}

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
        """Return the logits; in training of mixed texts, or of each text twice, if so set."""
        if not training:
            return super().call(inputs, training=training, mask=mask)
        if "r_drop" in self.hyperparameters:
            inputs = ops.concatenate([inputs, inputs], axis=0)
        mixup = self.parts.mixup
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
        losses = self.objective.row_losses(y, passes[0])
        weights = ops.ones_like(losses) if sample_weight is None else sample_weight
        self.loss_mean.update_state(losses, sample_weight=weights)
        scores = self.objective.row_scores(y, passes[0])
        self.score_mean.update_state(scores, sample_weight=weights)
        of_rows = self._of_rows(x, y, passes, weights, training)
        if training and (shift := self.parts.adversarial):
            of_rows = 0.5 * (of_rows + weights * self._adversarial_losses(shift, x, y, weights))
        n_rows = ops.sum(ops.cast(weights > 0, losses.dtype))
        return sum(added, start=ops.sum(of_rows) / ops.maximum(n_rows, 1) + self._penalty())

    def _passes(self, logits: Any, training: bool) -> list[Any]:
        """Return the logits of each pass of the texts."""
        twice = training and "r_drop" in self.hyperparameters
        return list(ops.split(logits, 2, axis=0)) if twice else [logits]

    def _of_rows(self, x: Any, y: Any, passes: list[Any], weights: Any, training: bool) -> Any:
        """Return the weighted loss of each row, in training as mixup or R-Drop have it."""
        if training and (mixup := self.parts.mixup):
            return self._mixed_losses(mixup, x, y, passes[0], weights)
        losses = sum(self._row_losses(y, logits) for logits in passes) / len(passes)
        if len(passes) > 1:
            apart = self.objective.divergences(passes[0], passes[1])
            losses = losses + self.hyperparameters["r_drop"] * apart
        return losses * weights

    def _mixed_losses(self, mixup: Any, x: Any, y: Any, logits: Any, weights: Any) -> Any:
        """Return the weighted losses of texts that are mixed in pairs."""
        share, partners = ops.convert_to_tensor(mixup.share), mixup.partners_of(x)
        own = weights * self._row_losses(y, logits)
        of_partners = ops.take(weights, partners) * self._row_losses(
            ops.take(y, partners, axis=0), logits
        )
        return share * own + (1 - share) * of_partners

    def _adversarial_losses(self, shift: Any, x: Any, y: Any, weights: Any) -> Any:
        """Return the losses of texts that are shifted to where these rise most."""
        n_features = self.parts.embedding.output_dim
        nowhere = ops.zeros((*ops.shape(x), n_features), dtype="float32")

        def losses(direction: Any, mapping: list) -> Any:
            # the same dropout in both passes, and no trace of them in the state of the network
            with keras.StatelessScope(state_mapping=mapping), shift.along(direction):
                return self._row_losses(y, self(x, training=True))

        values = [(variable, variable.value) for variable in self.variables]
        fixed = [(variable, ops.stop_gradient(value)) for variable, value in values]
        gradient = gradient_of(lambda at: ops.sum(losses(at, fixed) * weights), nowhere)
        return losses(ops.stop_gradient(shift.direction_of(gradient)), values)

    def compute_metrics(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Return the running means of this epoch."""
        return {"loss": self.loss_mean.result(), "score": self.score_mean.result()}

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the network again, as a checkpoint does."""
        parts = {
            name: layer.name
            for name, layer in vars(self.parts).items()
            if isinstance(layer, keras.layers.Layer) and name != "model"
        }
        own = {"link": self.objective.link, "parts": parts, "terms": list(self.hyperparameters)}
        return {**super().get_config(), "training": own}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Build the network from its configuration."""
        config = dict(config)
        own = config.pop("training")
        network = super().from_config(config, custom_objects)
        layers = {name: network.get_layer(of_layer) for name, of_layer in own["parts"].items()}
        parts = TextNetwork(keras.Model(network.input, network.output), **layers)
        network._set_up(parts, _OBJECTIVES[own["link"]], tuple(own["terms"]))
        return network

    def _row_losses(self, targets: Any, logits: Any) -> Any:
        """Return the loss of each row, with label smoothing where it is on."""
        losses = self.objective.row_losses(targets, logits)
        smoothing = self.hyperparameters.get("label_smoothing")
        if smoothing is None:
            return losses
        return self.objective.smoothed_losses(losses, targets, logits, smoothing)

    def _penalty(self) -> Any:
        """Return the L1 and L2 penalties on the kernels."""
        sizes = {"l1": ops.abs, "l2": ops.square}
        return sum(
            weight * sum(ops.sum(sizes[name](kernel)) for kernel in self._penalized_kernels())
            for name, weight in self.hyperparameters.items()
            if name in sizes
        )

    def _penalized_kernels(self) -> list[Any]:
        """Return every matrix that multiplies features; embeddings and biases are left alone."""
        return [weight for weight in self.trainable_weights if "kernel" in weight.name]


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
