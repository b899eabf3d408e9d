"""The training loop: epochs over length buckets, early stopping, history, callbacks, Ctrl-C."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from skdeepnlp._seeds import derive_seed
from skdeepnlp.training._batching import epoch_batches, padded_rows, training_widths
from skdeepnlp.training._callbacks import LogReader, epoch_restored, needs_batch_logs
from skdeepnlp.training._compiled_network import CompiledNetwork, NetworkWeights
from skdeepnlp.training._prediction import predict_logits
from skdeepnlp.training._training_state import (
    EpochObserver,
    LabeledTexts,
    TrainingResult,
    TrainingSettings,
    TrainingState,
)


def train(
    compiled: CompiledNetwork,
    texts: LabeledTexts,
    validation: LabeledTexts | None,
    settings: TrainingSettings,
    state: TrainingState,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    observer: EpochObserver | None = None,
) -> TrainingResult:
    """Train a compiled network from a state and return where training stands then.

    Parameters
    ----------
    compiled : CompiledNetwork
        The network; its present weights do not matter.
    texts : LabeledTexts
        The training set.
    validation : LabeledTexts or None
        The validation set, measured after each epoch.
    settings : TrainingSettings
        How to train.
    state : TrainingState
        Where to start; a state with a history continues it.
    callbacks : sequence of keras.callbacks.Callback
        Called as `keras.Model.fit` does, but for the batches of the validation set; may set
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
    KeyboardInterrupt
        At Ctrl-C before an epoch was finished; later, the epochs finished until then are kept.
    """
    compiled.start_training(state.weights, state.optimizer_state, settings.hyperparameters)
    run = _Run(compiled, texts, validation, settings, state)
    hooks = keras.callbacks.CallbackList([*callbacks, run.log_reader], model=compiled.network)
    hooks.set_params({"epochs": settings.epochs, "steps": run.n_steps, "verbose": 1})
    try:
        hooks.on_train_begin()
        run.epochs(hooks, observer)
        before_end = compiled.weights() if callbacks else None
        hooks.on_train_end()
    except KeyboardInterrupt:
        compiled.intact = False  # it may have been stopped in the middle of a step
        if not run.history["loss"]:
            raise
        return TrainingResult(run.last_recorded(), interrupted=True)
    return TrainingResult(run.state(callbacks, before_end))


class _Run:
    """One run of `train`, cut into its steps."""

    def __init__(
        self,
        compiled: CompiledNetwork,
        texts: LabeledTexts,
        validation: LabeledTexts | None,
        settings: TrainingSettings,
        state: TrainingState,
    ) -> None:
        self.compiled, self.texts, self.validation = compiled, texts, validation
        self.objective = compiled.network.objective
        self.targets = texts.network_targets
        self.settings, self.start = settings, state
        # not filled up beyond the next power of two: a few rows need no huge batch
        enough = 1 << (len(texts.weights) - 1).bit_length()
        self.batch_size = min(settings.batch_size, enough)
        self.n_steps = -(-len(texts.weights) // self.batch_size)
        lengths = texts.sequences.lengths
        self.widths = training_widths(lengths, self.batch_size) if settings.pad_last_batch else ()
        self.last, self.best = state.weights, state.kept_weights
        self.validation_logits = state.validation_logits  # of the weights kept
        self.validation_logits_now: np.ndarray | None = None
        names = ("loss", "score") if validation is None else _VALIDATION_NAMES
        self.history = {name: list(state.history.get(name, ())) for name in names}
        self.history |= {name: list(values) for name, values in state.history.items()}
        self.best_epoch = state.best_epoch
        self.log_reader = LogReader()

    def epochs(
        self, hooks: keras.callbacks.CallbackList, observer: EpochObserver | None = None
    ) -> None:
        """Train epoch after epoch until the last one or a reason to stop."""
        begun = len(self.history["loss"])
        for epoch in range(begun, begun + self.settings.epochs):
            if self.compiled.network.stop_training or self._out_of_patience():
                break
            hooks.on_epoch_begin(epoch)
            if observer is not None:
                observer.on_epoch_begin()
            measures = self._one_epoch(epoch, hooks)
            accuracies = self._accuracies(measures)
            with self.compiled.averaged():  # callbacks keep the weights that were validated
                hooks.on_epoch_end(epoch, {**measures, **accuracies})
            own = {*measures, *accuracies}
            logs = self.log_reader.logs
            added = {name: logs[name] for name in logs if name not in own}
            self._record(epoch, measures, added)
            if observer is not None and observer.on_epoch_end(self.state):
                break

    def last_recorded(self) -> TrainingState:
        """Return the state at the end of the last finished epoch, for a new optimizer."""
        return self._state(self.last, self.best, self.best_epoch, None)

    def state(
        self, callbacks: Sequence[keras.callbacks.Callback] = (), before_end: Any = None
    ) -> TrainingState:
        """Return where training stands; what a callback chose or restored at its end is kept."""
        last, best, best_epoch = self.last, self.best, self.best_epoch
        chosen = epoch_restored(callbacks)
        if before_end is not None and (chosen >= 0 or self._was_restored(before_end)):
            last, best_epoch = self.compiled.weights(), chosen
            best = last
            if self.validation is not None:
                self.validation_logits = predict_logits(self.compiled, self.validation.sequences)
        return self._state(last, best, best_epoch, self.compiled.optimizer_state())

    def _state(
        self, last: NetworkWeights, best: NetworkWeights, best_epoch: int, optimizer_state: Any
    ) -> TrainingState:
        return TrainingState(
            weights=last,
            seed=self.start.seed,
            n_epochs=self.start.n_epochs_before + len(self.history["loss"]),
            optimizer_state=optimizer_state,
            history=self.history,
            best_epoch=best_epoch,
            best_weights=None if best is last else best,
            validation_logits=self.validation_logits,
        )

    def _was_restored(self, before_end: NetworkWeights) -> bool:
        """Whether a callback gave the network other weights when training had ended."""
        now = self.compiled.weights()
        return not all(map(np.array_equal, now.arrays, before_end.arrays))

    def _one_epoch(self, epoch: int, hooks: keras.callbacks.CallbackList) -> dict[str, float]:
        """Train one epoch and return its means and, with a validation set, those of that."""
        seed = derive_seed(self.start.seed, "batches", self.start.n_epochs_before + epoch)
        lengths, network = self.texts.sequences.lengths, self.compiled.network
        has_listener = any(needs_batch_logs(callback) for callback in hooks.callbacks)
        network.begin_epoch()
        for step, rows in enumerate(epoch_batches(lengths, self.batch_size, seed)):
            self._set_learning_rate(epoch * self.n_steps + step)
            hooks.on_train_batch_begin(step)
            means = self.compiled.train_on(*self._batch(rows))
            hooks.on_train_batch_end(step, _as_floats(means) if has_listener else {})
            if network.stop_training:
                break
        return {**_as_floats(means), **self._validate(hooks)}

    def _set_learning_rate(self, step: int) -> None:
        """Set the rate of a step of this run, where it follows a schedule."""
        if self.settings.schedule is not None:
            factor = self.settings.schedule.factor(step, self.history.get("val_loss", []))
            rate = factor * self.settings.hyperparameters["learning_rate"]
            self.compiled.optimizer.learning_rate = rate

    def _batch(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return ids, targets and weights, filled up to the batch size where layers allow it.

        The rows that fill up have no weight and are padding alone: no layer of ours sees them.
        """
        filled = np.resize(rows, self.batch_size) if self.settings.pad_last_batch else rows
        weights = self.texts.weights[filled]
        weights[len(rows) :] = 0
        ids = padded_rows(self.texts.sequences, rows, len(filled), self.widths)
        return ids, self.targets[filled], weights

    def _validate(self, hooks: keras.callbacks.CallbackList) -> dict[str, float]:
        """Measure the validation set, if there is one."""
        if self.validation is None:
            return {}
        hooks.on_test_begin()
        with self.compiled.averaged():
            logits = predict_logits(self.compiled, self.validation.sequences)
            score = self._score(logits)
        self.validation_logits_now = logits
        measures = {"loss": self._mean(self.objective.row_losses, logits), "score": score}
        hooks.on_test_end(measures)
        return {f"val_{name}": value for name, value in measures.items()}

    def _score(self, logits: np.ndarray) -> float:
        """Score the validation set; a scorer may ask the network, which holds averages here."""
        scorer = self.settings.scorer
        return self._mean(self.objective.row_scores, logits) if scorer is None else scorer(logits)

    def _mean(self, measure: Callable[[Any, Any], Any], logits: np.ndarray) -> float:
        """Return the weighted mean of a measure over the validation set."""
        assert self.validation is not None
        values = measure(self.validation.network_targets, logits)
        return float(np.average(np.asarray(values), weights=self.validation.weights))

    def _accuracies(self, measures: dict[str, float]) -> dict[str, float]:
        """Return the accuracies by the names that callbacks written for Keras look for."""
        if "accuracy" not in self.objective.keras_metrics:
            return {}
        accuracies = {"accuracy": measures["score"]}
        if self.validation_logits_now is not None:
            now = self.validation_logits_now
            accuracies["val_accuracy"] = self._mean(self.objective.row_scores, now)
        return accuracies

    def _record(self, epoch: int, measures: dict[str, float], added: dict[str, Any]) -> None:
        """Add an epoch to the history and keep its weights if it is the best."""
        for name, value in {**measures, **added}.items():
            if np.ndim(value) == 0 and np.asarray(value).dtype.kind in "biuf":
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
        return self.validation is not None and self.settings.patience is not None

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


_VALIDATION_NAMES = ("loss", "score", "val_loss", "val_score")


def _as_floats(means: dict) -> dict[str, float]:
    """Return running means as Python numbers."""
    return {name: float(means[name]) for name in ("loss", "score")}


def _diverged(epoch: int, loss: float, settings: TrainingSettings) -> str:
    found = f"the loss of epoch {epoch + 1} is {loss}"
    if np.isfinite(loss):
        found = f"weights or measures are not finite after epoch {epoch + 1}"
    clipped = settings.hyperparameters.get("clipnorm")
    cure = "lower clipnorm" if clipped else "set clipnorm, for instance to 10.0"
    return (
        f"Training diverged: {found}. Lower learning_rate (got "
        f"{settings.hyperparameters['learning_rate']}) or {cure}."
    )
