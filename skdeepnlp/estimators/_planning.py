"""From the parameters of an estimator and its data to the plan of a fit."""

from functools import partial
from typing import Any

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._seeds import derive_seed
from skdeepnlp.estimators._combinations import plain_value
from skdeepnlp.estimators._fit import FitData, FitPlan, LinearPlan
from skdeepnlp.estimators._fitted_network import embedding_rows
from skdeepnlp.estimators._linear_regressions import LinearSettings
from skdeepnlp.estimators._parameters import Receiver
from skdeepnlp.estimators._samples import LARGEST_BATCH, automatic_batch_size
from skdeepnlp.estimators._scoring import scorer_in_training
from skdeepnlp.networks import NetworkSpec
from skdeepnlp.training import Schedule, TrainingSettings, TrainingSpec


def plan_fit(
    estimator: Any,
    data: FitData,
    epochs: int,
    seed: int,
    one_chunk: bool = False,
) -> FitPlan:
    """Return how to fit, by the parameters and the data."""
    n_samples = len(data.all_samples.weights)
    if estimator.batch_size != "auto":
        batch_size = int(estimator.batch_size)
    else:
        batch_size = LARGEST_BATCH if one_chunk else automatic_batch_size(n_samples)
    scorer = None
    if estimator.scoring not in ("loss", None):
        scorer = partial(scorer_in_training, estimator)
    has_weights = data.all_samples.label_weights is not None
    settings = _settings(estimator, data, batch_size, epochs)
    return FitPlan(
        _network_spec(estimator),
        _training_spec(estimator, has_weights),
        settings,
        estimator._embedding_ids,
        _linear_plan(estimator, seed),
        scorer,
    )


def _settings(estimator: Any, data: FitData, batch_size: int, epochs: int) -> TrainingSettings:
    """Return how to train."""
    return TrainingSettings(
        _hyperparameters(estimator),
        batch_size,
        epochs,
        patience=estimator.n_iter_no_change if estimator.early_stopping else None,
        min_steps=estimator.min_steps,
        by_score=estimator.scoring != "loss",
        schedule=schedule_of(estimator, data, batch_size) if epochs else None,
        pad_last_batch=not estimator._is_custom,
    )


def _hyperparameters(estimator: Any) -> dict[str, float]:
    """Return the values of all parameters that are variables of a network."""
    rates = {name: value for name, value in _values(estimator, Receiver.RATE).items() if value}
    loss = {name: value for name, value in _values(estimator, Receiver.LOSS).items() if value}
    given = _values(estimator, Receiver.OPTIMIZER).items()
    optimizer = {name: value for name, value in given if value is not None}
    return {"learning_rate": estimator.learning_rate, **rates, **loss, **optimizer}


def _values(estimator: Any, receiver: Receiver) -> dict[str, Any]:
    """Return the parameters that a receiver gets, as plain Python values, sorted by name."""
    table = estimator._parameter_table.items()
    names = sorted(name for name, entry in table if entry.receiver is receiver)
    return {name: plain_value(getattr(estimator, name)) for name in names}


def _network_spec(estimator: Any) -> NetworkSpec:
    """Return what decides which network is built."""
    rates = {name: rate for name, rate in _values(estimator, Receiver.RATE).items() if rate}
    sizes = {"pooling": "attention", **_values(estimator, Receiver.NETWORK)}
    return NetworkSpec(
        encoder=type(estimator)._encoder,
        encoder_options=tuple(_values(estimator, Receiver.ENCODER).items()),
        vocabulary_size=embedding_rows(_n_embedded(estimator)),
        n_outputs=estimator._targets.n_outputs,
        rates=tuple(rates.items()),
        is_custom=estimator._is_custom,
        **sizes,
    )


def _n_embedded(estimator: Any) -> int:
    """Return how many ids the network has to know."""
    ids = estimator._embedding_ids
    return estimator.vocabulary_size_ if ids is None else max(UNKNOWN_ID, int(ids.max())) + 1


def _training_spec(estimator: Any, has_target_weights: bool) -> TrainingSpec:
    """Return what a training step depends on."""
    receivers = (Receiver.LOSS, Receiver.OPTIMIZER)
    known = {name for one in receivers for name in _values(estimator, one)}
    terms = tuple(name for name in _hyperparameters(estimator) if name in known)
    objective, optimizer = estimator._targets.objective, str(estimator.optimizer)
    return TrainingSpec(objective, optimizer, terms, has_target_weights)


def _linear_plan(estimator: Any, seed: int) -> LinearPlan | None:
    """Return how to fit the linear model, None if there is none."""
    if not estimator.linear_ngrams:
        return None
    settings = LinearSettings(
        objective=estimator._targets.objective,
        n_outputs=estimator._targets.n_outputs,
        max_n=int(estimator.linear_ngrams),
        C=float(estimator.linear_c),
        seed=derive_seed(seed, "linear"),
    )
    tokens = None if estimator.vocabulary_ is None else estimator.vocabulary_.tokens
    n_ids = estimator.vocabulary_size_
    share = estimator.linear_share
    return LinearPlan(settings, None if share == "auto" else float(share), tokens, n_ids)


def schedule_of(estimator: Any, data: FitData, batch_size: int) -> Schedule | None:
    """Return the schedule of the learning rate, None if that stays."""
    if estimator.learning_rate_schedule is None and not estimator.warmup:
        return None
    if estimator.learning_rate_schedule == "plateau" and data.validation is None:
        raise ValueError(
            "learning_rate_schedule='plateau' uses the validation loss; expected "
            "early_stopping=True, or X_val and y_val."
        )
    n_steps = -(-len(data.training.weights) // batch_size)
    return Schedule(estimator.learning_rate_schedule, estimator.warmup, estimator.epochs * n_steps)
