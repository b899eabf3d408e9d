"""One fit: a plan, data and a start in; a fitted network, its vote and its history out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import keras
import numpy as np

from skdeepnlp._seeds import derive_seed
from skdeepnlp.estimators._fitted_network import (
    FittedNetwork,
    borrow_network,
    fresh_weights,
    mapped_ids,
)
from skdeepnlp.estimators._linear_vote import (
    CrossFitted,
    LinearSettings,
    Vote,
    best_share,
    calibrated_scale,
    fit_linear_model,
    mean_loss,
)
from skdeepnlp.networks import NetworkSpec
from skdeepnlp.training import (
    CompiledNetwork,
    LabeledTexts,
    Schedule,
    TrainingSettings,
    TrainingSpec,
    TrainingState,
    train,
)

Scorer = Callable[[np.ndarray], float]
_SHARE = 0.5  # of the linear model, where there is no validation set to choose it on


@dataclass(frozen=True, eq=False)
class FitData:
    """What a fit uses.

    Parameters
    ----------
    training : LabeledTexts
        The training set of the network.
    all_samples : LabeledTexts
        All samples given to fit, on which the linear model is fitted.
    validation : LabeledTexts or None, default=None
        The validation set.
    held_out : ndarray of int or None, default=None
        Which of all samples are the validation set; None if it was given, or if there is none.
    """

    training: LabeledTexts
    all_samples: LabeledTexts
    validation: LabeledTexts | None = None
    held_out: np.ndarray | None = None

    def merged(self) -> "FitData":
        """Return the same data without a validation set: all samples train the network."""
        return FitData(self.all_samples, self.all_samples)


@dataclass(frozen=True, eq=False)
class LinearPlan:
    """The linear model of a fit.

    Parameters
    ----------
    settings : LinearSettings
        How to fit it.
    share : float or None
        Its weight in the vote; None chooses it on the validation set.
    tokens : sequence of str or None
        The token of each id, if known.
    n_ids : int
        Number of ids, which may be more than there are tokens.
    """

    settings: LinearSettings
    share: float | None
    tokens: Sequence[str] | None
    n_ids: int


@dataclass(frozen=True, eq=False)
class FitPlan:
    """How to fit.

    Parameters
    ----------
    network : NetworkSpec
        The network.
    training : TrainingSpec
        Objective and optimizer.
    settings : TrainingSettings
        Hyperparameters, batches, epochs, early stopping.
    embedding_ids : ndarray of shape (n_ids,) or None, default=None
        The id that the network gets for each token id.
    linear : LinearPlan or None, default=None
        The linear model; None fits none.
    make_scorer : callable or None, default=None
        From the network in training, a function from texts to their logits, and the validation
        set, to a function from its logits to its score. None takes that of the objective.
    """

    network: NetworkSpec
    training: TrainingSpec
    settings: TrainingSettings
    embedding_ids: np.ndarray | None = None
    linear: LinearPlan | None = None
    make_scorer: Callable[..., Scorer] | None = None

    def for_epochs(self, epochs: int, schedule: Schedule | None) -> "FitPlan":
        """Return the plan of a training for so many epochs, without linear model and scorer."""
        settings = replace(self.settings, epochs=epochs, schedule=schedule)
        return replace(self, settings=settings, linear=None, make_scorer=None)


@dataclass(frozen=True, eq=False)
class FitResult:
    """What a fit leaves behind.

    Parameters
    ----------
    fitted : FittedNetwork
        The network, with the weights kept.
    state : TrainingState
        Where training stands.
    vote : Vote or None
        How predictions average the network with the linear model.
    validation_loss : float
        Loss of the validation set by these predictions; nan if there is none.
    interrupted : bool
        Whether Ctrl-C ended training.
    """

    fitted: FittedNetwork
    state: TrainingState
    vote: Vote | None = None
    validation_loss: float = np.nan
    interrupted: bool = False


class FitObserver(Protocol):
    """Who is told of each epoch, and may ask what the fit would leave behind."""

    def on_epoch_begin(self) -> None:
        """Take notice of the beginning of an epoch."""

    def on_epoch_end(self, result_now: Callable[[], FitResult]) -> bool:
        """Take notice of its end; say whether to end training."""


def fit_network(
    plan: FitPlan,
    data: FitData,
    start: TrainingState,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    observer: FitObserver | None = None,
    *,
    private: bool = False,
) -> FitResult:
    """Train a network from a state, beside a linear model if there is one.

    Parameters
    ----------
    plan : FitPlan
        How.
    data : FitData
        On what.
    start : TrainingState
        From where.
    callbacks : sequence of keras.callbacks.Callback
        Called as by `keras.Model.fit`.
    observer : FitObserver or None
        Told of each epoch, after the callbacks.
    private : bool, default=False
        Whether to train a network that no other fit uses.

    Returns
    -------
    result : FitResult
    """
    linear = None
    if plan.linear is not None:
        aim = plan.linear
        linear = fit_linear_model(data.all_samples, aim.settings, aim.tokens, aim.n_ids)

    def result_at(state: TrainingState, interrupted: bool = False) -> FitResult:
        weights, ids = state.kept_weights, plan.embedding_ids
        fitted = FittedNetwork(plan.network, plan.training, weights, ids)
        vote, loss = _vote(plan, data, state, linear)
        return FitResult(fitted, state, vote, loss, interrupted)

    training, ids = data.training, plan.embedding_ids
    training = replace(training, sequences=mapped_ids(training.sequences, ids))
    validation = data.validation
    if validation is not None:
        validation = replace(validation, sequences=mapped_ids(validation.sequences, ids))
    with borrow_network(plan.network, plan.training, private=private) as compiled:
        settings = _with_scorer(plan, compiled, data.validation, start)
        looking_on = None if observer is None else _Relay(observer, result_at)
        result = train(compiled, training, validation, settings, start, callbacks, looking_on)
    return result_at(result.state, result.interrupted)


def fresh_state(network: NetworkSpec, seed: int) -> TrainingState:
    """Return where training starts by a seed: at new random weights."""
    return TrainingState(fresh_weights(network, derive_seed(seed, "weights")), seed)


class _Relay:
    """Hands what the fit would leave behind to an observer, in place of the state of training."""

    def __init__(
        self, observer: FitObserver, result_at: Callable[[TrainingState], FitResult]
    ) -> None:
        self.on_epoch_begin = observer.on_epoch_begin
        self._observer, self._result_at = observer, result_at

    def on_epoch_end(self, state_now: Callable[[], TrainingState]) -> bool:
        """Tell the observer of the end of an epoch."""
        return self._observer.on_epoch_end(lambda: self._result_at(state_now()))


def _with_scorer(
    plan: FitPlan, compiled: CompiledNetwork, validation: LabeledTexts | None, start: TrainingState
) -> TrainingSettings:
    """Return the settings with the scorer of the plan, tried at the initial weights."""
    if validation is None or plan.make_scorer is None:
        return plan.settings
    compiled.load(start.weights)
    scorer = plan.make_scorer(compiled, plan.embedding_ids, validation)
    return replace(plan.settings, scorer=scorer)


def _vote(
    plan: FitPlan, data: FitData, state: TrainingState, linear: CrossFitted | None
) -> tuple[Vote | None, float]:
    """Return the vote with a network that stands at a state, and its validation loss."""
    if linear is None or plan.linear is None:
        losses = state.history.get("val_loss", [])
        return None, losses[state.best_epoch] if losses and state.best_epoch >= 0 else np.nan
    of_network, validation = state.validation_logits, data.validation
    objective = plan.training.objective
    share, scale = plan.linear.share, 1.0
    if share != 0:
        scale = calibrated_scale(of_network, validation, objective)
    if of_network is None or validation is None:
        return Vote(linear.model, _SHARE if share is None else share, scale), np.nan
    of_linear = (
        linear.model.logits(validation.sequences)
        if data.held_out is None
        else linear.held_out[data.held_out]
    )
    if share is None:
        share = best_share(of_linear, scale * of_network, validation)
    vote = Vote(linear.model, share, scale)
    return vote, mean_loss(vote.mean(of_linear, of_network), validation, objective)
