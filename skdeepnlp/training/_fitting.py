"""The fit loop: epochs over length buckets, early stopping, history, callbacks, Ctrl-C."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import keras
import numpy as np

from skdeepnlp._seeds import derive_seed
from skdeepnlp.training._batches import epoch_batches
from skdeepnlp.training._compiled import CompiledNetwork, NetworkWeights
from skdeepnlp.training._losses import row_hits, row_losses
from skdeepnlp.training._predicting import predict_logits
from skdeepnlp.training._ragged import RaggedIds, padded_rows

__all__ = ["LabelledTexts", "TrainingResult", "TrainingSettings", "TrainingState", "train"]


@dataclass(frozen=True, eq=False)
class LabelledTexts:
    """Texts with what is to be learnt of them.

    Parameters
    ----------
    sequences : RaggedIds
        The texts.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Class numbers, int32, or zeros and ones, float32.
    weights : ndarray of shape (n_samples,), dtype float32
        Weight of each text, above zero.
    """

    sequences: RaggedIds
    targets: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class TrainingSettings:
    """How to train.

    Parameters
    ----------
    learning_rate : float
        Step size of the optimizer.
    batch_size : int
        Rows of a batch.
    epochs : int
        Epochs of this run, at most.
    patience : int or None
        Stop after this many epochs without a smaller validation loss, and keep the weights of
        the best epoch. None trains to the end and keeps the last weights.
    """

    learning_rate: float
    batch_size: int
    epochs: int
    patience: int | None


@dataclass(frozen=True, eq=False)
class TrainingState:
    """What is needed to go on training where a run ended.

    Parameters
    ----------
    weights : NetworkWeights
        Where to start; at the end of a run the last weights, not the best ones.
    seed : int
        Seed of the batches.
    n_epochs : int
        How many epochs have been trained.
    optimizer_state : tuple of ndarray or None
        Variables of the optimizer; None for a new one.
    """

    weights: NetworkWeights
    seed: int
    n_epochs: int = 0
    optimizer_state: tuple[np.ndarray, ...] | None = None

    def with_new_optimizer(self) -> "TrainingState":
        """Return the same state for an optimizer that starts anew."""
        return replace(self, optimizer_state=None)

    def with_weights(self, weights: NetworkWeights) -> "TrainingState":
        """Return the same state with other weights."""
        return replace(self, weights=weights)


@dataclass(eq=False)
class TrainingResult:
    """What a run of training leaves behind.

    Attributes
    ----------
    weights : NetworkWeights
        Weights to predict with: of the best epoch, or the last ones.
    state : TrainingState
        For going on.
    history : dict of str to list of float
        One entry an epoch: "loss", "score", and with watched texts "val_loss", "val_score".
    best_epoch : int
        Index into the lists of `history`; -1 if no epoch was finished.
    interrupted : bool
        Whether Ctrl-C ended the run.
    """

    weights: NetworkWeights
    state: TrainingState
    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = -1
    interrupted: bool = False


def train(
    compiled: CompiledNetwork,
    texts: LabelledTexts,
    watched: LabelledTexts | None,
    settings: TrainingSettings,
    state: TrainingState,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingResult:
    """Train a compiled network from a state and return what was learnt.

    Parameters
    ----------
    compiled : CompiledNetwork
        The network; its present weights do not matter.
    texts : LabelledTexts
        What to learn from.
    watched : LabelledTexts or None
        What to measure after each epoch.
    settings : TrainingSettings
        How to train.
    state : TrainingState
        Where to start.
    callbacks : sequence of keras.callbacks.Callback
        Called as `keras.Model.fit` does; may set ``model.stop_training``.

    Returns
    -------
    result : TrainingResult

    Raises
    ------
    FloatingPointError
        If the loss of an epoch is not finite.
    """
    compiled.start_training(state.weights, state.optimizer_state, settings.learning_rate)
    run = _Run(compiled, texts, watched, settings, state)
    hooks = keras.callbacks.CallbackList(list(callbacks), model=compiled.network)
    hooks.set_params({"epochs": settings.epochs, "verbose": 0})
    hooks.on_train_begin()
    try:
        run.epochs(hooks)
    except KeyboardInterrupt:
        run.interrupt()
    hooks.on_train_end()
    return run.result()


class _Run:
    """One run of `train`, cut into its steps."""

    def __init__(
        self,
        compiled: CompiledNetwork,
        texts: LabelledTexts,
        watched: LabelledTexts | None,
        settings: TrainingSettings,
        state: TrainingState,
    ) -> None:
        self.compiled, self.texts, self.watched = compiled, texts, watched
        self.settings, self.start = settings, state
        # not filled up beyond the next power of two: a few rows need no huge batch
        enough = 1 << (len(texts.weights) - 1).bit_length()
        self.batch_size = min(settings.batch_size, enough)
        self.last, self.best = state.weights, state.weights
        self.history: dict[str, list[float]] = {"loss": [], "score": []}
        if watched is not None:
            self.history |= {"val_loss": [], "val_score": []}
        self.best_epoch, self.interrupted = -1, False

    def epochs(self, hooks: keras.callbacks.CallbackList) -> None:
        """Train epoch after epoch until the last one or a reason to stop."""
        for epoch in range(self.settings.epochs):
            hooks.on_epoch_begin(epoch)
            logs = self._one_epoch(epoch, hooks)
            hooks.on_epoch_end(epoch, logs)
            self._record(epoch, logs)
            if self.compiled.network.stop_training or self._out_of_patience(epoch):
                break

    def interrupt(self) -> None:
        """Keep what was learnt up to an interruption."""
        self.interrupted = True
        self.compiled.intact = False  # it may have been stopped in the middle of a step
        try:
            self.last = self.compiled.weights()
        except RuntimeError:  # JAX had given its buffers away: the last full epoch stays
            return
        if not self._keeps_best() or self.best_epoch < 0:
            self.best = self.last

    def result(self) -> TrainingResult:
        """Collect what the run leaves behind."""
        if not self._keeps_best() and not self.interrupted:
            # a callback may have restored weights of its own at the end of training
            self.last = self.best = self.compiled.weights()
        n_epochs = self.start.n_epochs + len(self.history["loss"])
        # an interrupted step may have left half of the optimizer's variables behind
        optimizer = None if self.interrupted else self.compiled.optimizer_state()
        state = TrainingState(self.last, self.start.seed, n_epochs, optimizer)
        return TrainingResult(self.best, state, self.history, self.best_epoch, self.interrupted)

    def _one_epoch(self, epoch: int, hooks: keras.callbacks.CallbackList) -> dict[str, float]:
        """Train one epoch and return its means and, with watched texts, theirs."""
        seed = derive_seed(self.start.seed, "batches", self.start.n_epochs + epoch)
        lengths, network = self.texts.sequences.lengths, self.compiled.network
        network.begin_epoch()
        for step, rows in enumerate(epoch_batches(lengths, self.batch_size, seed)):
            hooks.on_train_batch_begin(step)
            logs = network.train_on_batch(*self._batch(rows), return_dict=True)
            hooks.on_train_batch_end(step, logs)
        means = {name: float(logs[name]) for name in ("loss", "score")}
        return {**means, **self._watch()}

    def _batch(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return ids, targets and weights, filled up to the batch size by rows of no weight."""
        filled = np.resize(rows, self.batch_size)
        weights = self.texts.weights[filled]
        weights[len(rows) :] = 0
        return padded_rows(self.texts.sequences, filled), self.texts.targets[filled], weights

    def _watch(self) -> dict[str, float]:
        """Measure the watched texts, if there are any."""
        if self.watched is None:
            return {}
        network, watched = self.compiled.network, self.watched
        logits = predict_logits(network, watched.sequences)
        losses, hits = (
            np.average(
                np.asarray(measure(watched.targets, logits, network.activation)),
                weights=watched.weights,
            )
            for measure in (row_losses, row_hits)
        )
        return {"val_loss": float(losses), "val_score": float(hits)}

    def _record(self, epoch: int, logs: dict[str, float]) -> None:
        """Write down an epoch and keep its weights if they are to be kept."""
        for name, value in logs.items():
            self.history[name].append(value)
        self.last = self.compiled.weights()
        if not np.isfinite(list(logs.values())).all() or not self.last.are_finite():
            raise FloatingPointError(_diverged(epoch, logs["loss"], self.settings))
        if not self._keeps_best() or np.argmin(self.history["val_loss"]) == epoch:
            self.best, self.best_epoch = self.last, epoch

    def _keeps_best(self) -> bool:
        """Whether the best epoch counts, not the last one."""
        return self.watched is not None and self.settings.patience is not None

    def _out_of_patience(self, epoch: int) -> bool:
        """Whether the validation loss has stopped falling."""
        patience = self.settings.patience
        return self._keeps_best() and patience is not None and epoch - self.best_epoch >= patience


def _diverged(epoch: int, loss: float, settings: TrainingSettings) -> str:
    return (
        f"Training diverged: the loss of epoch {epoch + 1} is {loss}. Lower learning_rate (got "
        f"{settings.learning_rate}) or set clipnorm, for instance to 1.0."
    )
