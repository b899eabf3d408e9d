"""The fit loop: epochs over length buckets, early stopping, history, callbacks, Ctrl-C."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from skdeepnlp._interrupts import interrupted_again
from skdeepnlp._seeds import derive_seed
from skdeepnlp.training._batches import epoch_batches
from skdeepnlp.training._compiled import CompiledNetwork, NetworkWeights
from skdeepnlp.training._hooks import LogReader, hears_batches, with_notes
from skdeepnlp.training._losses import row_hits, row_losses
from skdeepnlp.training._predicting import predict_logits
from skdeepnlp.training._ragged import padded_rows
from skdeepnlp.training._state import (
    EpochObserver,
    LabelledTexts,
    TrainingResult,
    TrainingSettings,
    TrainingState,
)
from skdeepnlp.training._widths import training_widths

__all__ = ["train"]


def train(
    compiled: CompiledNetwork,
    texts: LabelledTexts,
    watched: LabelledTexts | None,
    settings: TrainingSettings,
    state: TrainingState,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    observer: EpochObserver | None = None,
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
        Where to start; a state with a history goes on in it.
    callbacks : sequence of keras.callbacks.Callback
        Called as `keras.Model.fit` does, but for the batches of the watched texts; may set
        ``model.stop_training``.
    observer : EpochObserver or None
        Told of each epoch, after the callbacks.

    Returns
    -------
    result : TrainingResult

    Raises
    ------
    FloatingPointError
        If the loss, a measure or a weight is not finite after an epoch.
    ValueError
        If a callback compiles the network anew, or freezes or frees a layer.
    KeyboardInterrupt
        At a second Ctrl-C within two seconds, or at one before the first epoch; another one ends
        the run.
    """
    compiled.start_training(state.weights, state.optimizer_state, settings.numbers)
    run = _Run(compiled, texts, watched, settings, state)
    listed = [*with_notes(callbacks, run.note), run.log_reader]
    hooks = keras.callbacks.CallbackList(listed, model=compiled.network)
    hooks.set_params({"epochs": settings.epochs, "steps": run.n_steps, "verbose": 1})
    hooks.on_train_begin()
    try:
        run.epochs(hooks, observer)
    except KeyboardInterrupt:
        if interrupted_again():
            raise
        run.break_off()
    run.end(hooks)
    run.refuse_another_structure()
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
        self.targets = texts.network_targets
        self.structure = compiled.structure()
        self.settings, self.start = settings, state
        # not filled up beyond the next power of two: a few rows need no huge batch
        enough = 1 << (len(texts.weights) - 1).bit_length()
        self.batch_size = min(settings.batch_size, enough)
        self.n_steps = -(-len(texts.weights) // self.batch_size)
        lengths = texts.sequences.lengths
        self.widths = training_widths(lengths, self.batch_size) if settings.own_layers else ()
        self.last, self.best = state.weights, state.kept_weights
        self.validation_logits = state.validation_logits  # of the weights kept
        self.validation_logits_now: np.ndarray | None = None
        names = ("loss", "score") if watched is None else _WATCHED_NAMES
        self.history = {name: list(state.history.get(name, ())) for name in names}
        self.history |= {name: list(values) for name, values in state.history.items()}
        self.best_epoch, self.interrupted, self.broken_off = state.best_epoch, False, False
        self.noted: TrainingState | None = None
        self.log_reader = LogReader()
        self.before_end: NetworkWeights | None = None
        self.callbacks: Sequence[keras.callbacks.Callback] = ()

    def epochs(
        self, hooks: keras.callbacks.CallbackList, observer: EpochObserver | None = None
    ) -> None:
        """Train epoch after epoch until the last one or a reason to stop."""
        begun = len(self.history["loss"])
        for epoch in range(begun, begun + self.settings.epochs):
            if self.compiled.network.stop_training or self._out_of_patience():
                break
            self.refuse_another_structure()
            hooks.on_epoch_begin(epoch)
            if observer is not None:
                observer.on_epoch_begin()
            measures = self._one_epoch(epoch, hooks)
            accuracies = self._accuracies(measures)
            hooks.on_epoch_end(epoch, {**measures, **accuracies})
            own = {*measures, *accuracies}
            logs = self.log_reader.logs
            added = {name: logs[name] for name in logs if name not in own}
            self._record(epoch, measures, added)
            if observer is not None and observer.on_epoch_end(self._state):
                break

    def break_off(self) -> None:
        """Keep what was learnt up to an interruption inside an epoch."""
        self.interrupted = self.broken_off = True
        self.compiled.intact = False  # it may have been stopped in the middle of a step
        try:
            now = self.compiled.weights()
            kept = self.compiled.with_averages(now)
            self.compiled.optimizer_state()  # callbacks may read it at the end
        except RuntimeError:  # JAX had given its buffers away: the last full epoch stays
            self.compiled.start_training(self.last, None, self.settings.numbers)
            self.compiled.network.begin_epoch()
            return
        self.last = now
        if not self._keeps_best() or self.best_epoch < 0:
            self.best = kept

    def end(self, hooks: keras.callbacks.CallbackList) -> None:
        """Let the callbacks end; Ctrl-C drops what the one at hand did, and those behind it."""
        try:
            self.note()
            if len(hooks.callbacks) > 1 and not self.broken_off:
                self.before_end, self.callbacks = self.compiled.weights(), hooks.callbacks
            hooks.on_train_end()
        except KeyboardInterrupt:
            if interrupted_again():
                raise
            self.interrupted = True
            self.compiled.intact = False  # who knows what the callback was doing

    def note(self) -> None:
        """Take down where training stands; what the callback before did stays in any case."""
        self.noted = None
        self.noted = self._state()

    def result(self) -> TrainingResult:
        """Collect what the run leaves behind."""
        # none where Ctrl-C came while it was taken down, between two callbacks
        state = self._state() if self.noted is None else self.noted
        return TrainingResult(state, self.interrupted, self.broken_off)

    def refuse_another_structure(self) -> None:
        """Raise if a callback changed what the traces of the network, shared by fits, rest on."""
        if self.compiled.structure() != self.structure:
            raise ValueError(
                "A callback compiled the network anew, or changed which of its weights are "
                "trained; expected callbacks to leave that alone. Set optimizer and learning_rate "
                "of the classifier, or train model_ by Keras' own fit."
            )

    def _state(self) -> TrainingState:
        """Return where training stands, whole."""
        last, best, best_epoch = self.last, self.best, self.best_epoch
        logits = self.validation_logits
        if self._was_restored():
            last = best = self.compiled.weights()
            best_epoch = _epoch_restored(self.callbacks)
            if self.watched is not None:
                logits = predict_logits(self.compiled, self.watched.sequences)
        elif not self._keeps_best() and not self.broken_off:
            last = self.compiled.weights()
            best = self.compiled.with_averages(last)
        return TrainingState(
            weights=last,
            seed=self.start.seed,
            n_epochs=self.start.n_epochs_before + len(self.history["loss"]),
            # an interrupted step may have left half of the optimizer's variables behind
            optimizer_state=None if self.broken_off else self.compiled.optimizer_state(),
            history=self.history,
            best_epoch=best_epoch,
            best_weights=None if best is last else best,
            validation_logits=logits,
        )

    def _was_restored(self) -> bool:
        """Whether a callback gave the network other weights when training had ended."""
        if self.before_end is None:
            return False
        now = self.compiled.weights()
        return not all(map(np.array_equal, now.arrays, self.before_end.arrays))

    def _one_epoch(self, epoch: int, hooks: keras.callbacks.CallbackList) -> dict[str, float]:
        """Train one epoch and return its means and, with watched texts, theirs."""
        seed = derive_seed(self.start.seed, "batches", self.start.n_epochs_before + epoch)
        lengths, network = self.texts.sequences.lengths, self.compiled.network
        listened_to = any(hears_batches(callback) for callback in hooks.callbacks)
        network.begin_epoch()
        for step, rows in enumerate(epoch_batches(lengths, self.batch_size, seed)):
            self._set_learning_rate(epoch * self.n_steps + step)
            hooks.on_train_batch_begin(step)
            self.refuse_another_structure()
            means = self.compiled.train_on(*self._batch(rows))
            hooks.on_train_batch_end(step, _numbers(means) if listened_to else {})
            if network.stop_training:
                break
        return {**_numbers(means), **self._watch(hooks)}

    def _set_learning_rate(self, step: int) -> None:
        """Set the rate of a step of this run, where it follows a schedule."""
        if self.settings.schedule is not None:
            factor = self.settings.schedule.factor(step, self.history.get("val_loss", []))
            rate = factor * self.settings.numbers["learning_rate"]
            self.compiled.optimizer.learning_rate = rate

    def _batch(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return ids, targets and weights, filled up to the batch size for layers of our own.

        The rows that fill up have no weight and are padding alone: no layer of ours sees them.
        """
        filled = np.resize(rows, self.batch_size) if self.settings.own_layers else rows
        weights = self.texts.weights[filled]
        weights[len(rows) :] = 0
        ids = padded_rows(self.texts.sequences, rows, len(filled), self.widths)
        return ids, self.targets[filled], weights

    def _watch(self, hooks: keras.callbacks.CallbackList) -> dict[str, float]:
        """Measure the watched texts, if there are any."""
        if self.watched is None:
            return {}
        hooks.on_test_begin()
        with self.compiled.averaged():
            logits = predict_logits(self.compiled, self.watched.sequences)
            score = self._score(logits)
        self.validation_logits_now = logits
        measures = {"loss": self._mean(row_losses, logits), "score": score}
        hooks.on_test_end(measures)
        return {f"val_{name}": value for name, value in measures.items()}

    def _score(self, logits: np.ndarray) -> float:
        """Score the watched texts; a scorer may ask the network, which holds averages here."""
        scorer = self.settings.scorer
        return self._mean(row_hits, logits) if scorer is None else scorer(logits)

    def _mean(self, measure, logits: np.ndarray) -> float:
        """Return the weighted mean of a measure over the watched texts."""
        assert self.watched is not None
        targets = self.watched.network_targets
        values = measure(targets, logits, self.compiled.network.activation)
        return float(np.average(np.asarray(values), weights=self.watched.weights))

    def _accuracies(self, measures: dict[str, float]) -> dict[str, float]:
        """Return the accuracies by the names that callbacks written for Keras look for."""
        accuracies = {"accuracy": measures["score"]}
        if self.validation_logits_now is not None:
            accuracies["val_accuracy"] = self._mean(row_hits, self.validation_logits_now)
        return accuracies

    def _record(self, epoch: int, measures: dict[str, float], added: dict[str, Any]) -> None:
        """Write down an epoch and keep its weights if they are to be kept."""
        for name, value in {**measures, **added}.items():
            if np.ndim(value) == 0:
                earlier = self.history.setdefault(name, [])
                earlier.extend([np.nan] * (epoch - len(earlier)))
                earlier.append(float(value))
        self.last = self.compiled.weights()
        if not np.isfinite(list(measures.values())).all() or not self.last.are_finite():
            raise FloatingPointError(_diverged(epoch, measures["loss"], self.settings))
        if not self._keeps_best() or self._is_best(epoch):
            self.best, self.best_epoch = self.compiled.with_averages(self.last), epoch
            self.validation_logits = self.validation_logits_now

    def _keeps_best(self) -> bool:
        """Whether the best epoch counts, not the last one."""
        return self.watched is not None and self.settings.patience is not None

    def _is_best(self, epoch: int) -> bool:
        """Whether the last epoch is the best of those that count, or none counts before it."""
        first = -(-self.settings.min_steps // self.n_steps) - 1 - self.start.n_epochs_before
        if epoch <= max(0, first):
            return True
        return self._rank(epoch) < min(map(self._rank, range(max(0, first), epoch)))

    def _rank(self, epoch: int) -> tuple[float, float]:
        """Return what is the smaller, the better the epoch is."""
        score = self.history["val_score"][epoch] if self.settings.by_score else 0.0
        return -score, self.history["val_loss"][epoch]

    def _out_of_patience(self) -> bool:
        """Whether epochs have stopped getting better."""
        patience, n_epochs = self.settings.patience, len(self.history["loss"])
        if not self._keeps_best() or patience is None:
            return False
        return n_epochs > 0 and n_epochs - 1 - self.best_epoch >= patience


_WATCHED_NAMES = ("loss", "score", "val_loss", "val_score")


def _epoch_restored(callbacks: Sequence[keras.callbacks.Callback]) -> int:
    """Return the epoch whose weights a callback restored, as far as one says so; else -1."""
    said = [
        callback.best_epoch
        for callback in callbacks
        if getattr(callback, "restore_best_weights", False) and hasattr(callback, "best_epoch")
    ]
    return int(said[-1]) if said else -1


def _numbers(means: dict) -> dict[str, float]:
    """Return running means as Python numbers."""
    return {name: float(means[name]) for name in ("loss", "score")}


def _diverged(epoch: int, loss: float, settings: TrainingSettings) -> str:
    found = f"the loss of epoch {epoch + 1} is {loss}"
    if np.isfinite(loss):
        found = f"weights or measures are not finite after epoch {epoch + 1}"
    clipped = settings.numbers.get("clipnorm")
    cure = "lower clipnorm" if clipped else "set clipnorm, for instance to 10.0"
    return (
        f"Training diverged: {found}. Lower learning_rate (got "
        f"{settings.numbers['learning_rate']}) or {cure}."
    )
