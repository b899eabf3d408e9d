"""What training needs and what it leaves behind, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from skdeepnlp._ragged import RaggedIds
from skdeepnlp.training._compiled_network import NetworkWeights
from skdeepnlp.training._schedules import Schedule


@dataclass(frozen=True, eq=False)
class LabeledTexts:
    """Texts with their targets and weights.

    Parameters
    ----------
    sequences : RaggedIds
        The texts.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Class numbers, int32; or zeros and ones, or numbers, float32.
    weights : ndarray of shape (n_samples,), dtype float32
        Weight of each text, above zero.
    label_weights : ndarray of shape (n_samples, n_outputs), dtype float32, or None
        For several labels a text, the weight of each label; mean of 1 for each text.
    sample_weight : ndarray of shape (n_samples,) or None
        Weight that the user gave each text, without that of its class.
    """

    sequences: RaggedIds
    targets: np.ndarray
    weights: np.ndarray
    label_weights: np.ndarray | None = None
    sample_weight: np.ndarray | None = None

    @property
    def network_targets(self) -> np.ndarray:
        """Targets as the loss takes them: with the weights of the labels, if any, beside them."""
        if self.label_weights is None:
            return self.targets
        return np.hstack([self.targets, self.label_weights])

    def take(self, rows: np.ndarray) -> "LabeledTexts":
        """Return some of the texts, in the order of `rows`."""
        optional = (self.label_weights, self.sample_weight)
        of_labels, given = (one if one is None else one[rows] for one in optional)
        texts, targets, weights = self.sequences.take(rows), self.targets[rows], self.weights[rows]
        return LabeledTexts(texts, targets, weights, of_labels, given)


@dataclass(frozen=True)
class TrainingSettings:
    """How to train.

    Parameters
    ----------
    hyperparameters : dict of str to float
        Learning rate, rates of layers, weights of terms of the loss, numbers of the optimizer.
    batch_size : int
        Rows of a batch.
    epochs : int
        Epochs of this run, at most.
    patience : int or None
        Stop after this many epochs without a better one, and keep the weights of the best epoch.
        None trains to the end and keeps the last weights.
    min_steps : int
        Steps from which on an epoch may be the best one; before that the last one is kept.
    by_score : bool
        Whether the best epoch is that of the highest validation score, among equal ones of the
        smallest loss; else that of the smallest validation loss.
    scorer : callable or None
        From the logits of the validation set to its score; None takes that of the objective.
    schedule : Schedule or None
        How the learning rate goes; None leaves it alone.
    pad_last_batch : bool
        Whether the last batch of an epoch is filled up by rows of padding without a weight, and
        widths are chosen by the lengths, so that JAX compiles few shapes. Layers of this package
        allow that; those of a custom encoder may not.
    """

    hyperparameters: dict[str, float]
    batch_size: int
    epochs: int
    patience: int | None
    min_steps: int = 0
    by_score: bool = False
    scorer: Callable[[np.ndarray], float] | None = None
    schedule: Schedule | None = None
    pad_last_batch: bool = True


@dataclass(frozen=True, eq=False)
class TrainingState:
    """Where training stands: enough to continue as if it had never stopped.

    Parameters
    ----------
    weights : NetworkWeights
        The weights of now.
    seed : int
        Seed of the batches.
    n_epochs : int
        How many epochs have been trained, earlier runs included.
    optimizer_state : tuple of ndarray or None
        Variables of the optimizer; None for a new one.
    history : dict of str to list of float
        One entry an epoch of this run: "loss", "score", and with a validation set
        "val_loss", "val_score".
    best_epoch : int
        Index into the lists of `history` of the epoch whose weights are kept; -1 if no epoch was
        finished.
    best_weights : NetworkWeights or None
        Weights of that epoch, averages where training keeps them; None where they are `weights`.
    validation_logits : ndarray of shape (n_samples, n_outputs) or None
        Logits of the validation set by these weights, if there is one.
    """

    weights: NetworkWeights
    seed: int
    n_epochs: int = 0
    optimizer_state: tuple[np.ndarray, ...] | None = None
    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = -1
    best_weights: NetworkWeights | None = None
    validation_logits: np.ndarray | None = None

    @property
    def kept_weights(self) -> NetworkWeights:
        """Weights to predict with."""
        return self.weights if self.best_weights is None else self.best_weights

    @property
    def n_epochs_before(self) -> int:
        """How many epochs were trained in earlier runs."""
        return self.n_epochs - len(self.history.get("loss", ()))

    def for_another_run(self) -> "TrainingState":
        """Return a state to start another run from, with no history.

        It continues with the weights and the optimizer of now if those of the last epoch are kept,
        be it as averages; else from the weights kept, with a new optimizer.
        """
        if self.best_weights is None or self.best_epoch == len(self.history["loss"]) - 1:
            return TrainingState(self.weights, self.seed, self.n_epochs, self.optimizer_state)
        return TrainingState(self.kept_weights, self.seed, self.n_epochs, None)

    def with_new_optimizer(self) -> "TrainingState":
        """Return the same state with a new optimizer."""
        return replace(self, optimizer_state=None)


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a run of training leaves behind.

    Parameters
    ----------
    state : TrainingState
        Where training stands.
    interrupted : bool
        Whether Ctrl-C ended the run.
    """

    state: TrainingState
    interrupted: bool = False


class EpochObserver(Protocol):
    """Who is told of each epoch, and may ask where training stands."""

    def on_epoch_begin(self) -> None:
        """Take notice of the beginning of an epoch."""

    def on_epoch_end(self, state_now: Callable[[], TrainingState]) -> bool:
        """Take notice of the end of an epoch.

        Parameters
        ----------
        state_now : callable
            Returns the state that the run would leave behind, if it ended with this epoch and no
            callback changed the weights at the end.

        Returns
        -------
        stop : bool
            Whether to end the run.
        """
