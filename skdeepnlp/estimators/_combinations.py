"""Parameters that contradict one another, and those that training in parts does not allow."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils.validation import check_scalar

from skdeepnlp.networks import comparable

_ONE_OF_PASSES = ("adversarial_epsilon", "mixup", "r_drop")
_RESAMPLED = ("dropout", "embedding_dropout", "word_dropout", "recurrent_dropout")
_MAY_CHANGE = frozenset({"callbacks", "verbose"})


def check_combinations(estimator: Any) -> None:
    """Raise a ValueError if parameters contradict one another, or leave one without effect.

    Parameters
    ----------
    estimator : estimator
        One of this package.
    """
    _check_refit(estimator)
    _check_plateau(estimator)
    _check_passes(estimator)


def must_refit(refit_on_all: Any) -> bool:
    """Whether `refit_on_all` is True, not "auto"."""
    return refit_on_all != "auto" and bool(refit_on_all)


def _check_refit(estimator: Any) -> None:
    if not must_refit(estimator.refit_on_all):
        return
    if estimator.warm_start or not estimator.early_stopping:
        raise ValueError(
            f"Got refit_on_all=True with early_stopping={estimator.early_stopping} and "
            f"warm_start={estimator.warm_start}; expected early_stopping=True, which finds the "
            "number of epochs, and warm_start=False."
        )
    if estimator.learning_rate_schedule == "plateau":
        raise ValueError(
            "Got refit_on_all=True with learning_rate_schedule='plateau', which needs a validation "
            "set, and refit_on_all trains without one; expected another schedule, or "
            "refit_on_all=False."
        )


def _check_plateau(estimator: Any) -> None:
    halves = estimator.learning_rate_schedule == "plateau" and estimator.early_stopping
    if halves and estimator.n_iter_no_change <= 2:
        raise ValueError(
            f"Got n_iter_no_change={estimator.n_iter_no_change} with "
            "learning_rate_schedule='plateau', which waits for two epochs before it halves the "
            "rate; expected 3 or more, so that training does not stop before."
        )


def _check_passes(estimator: Any) -> None:
    passes = {name: getattr(estimator, name) for name in _ONE_OF_PASSES}
    if sum(map(bool, passes.values())) > 1:
        raise ValueError(
            f"Got {_listed(passes)}, each of which changes the passes of a training step in its "
            "own way; expected at most one above 0."
        )
    resampled = {name: getattr(estimator, name, 0) for name in _RESAMPLED}
    if estimator.r_drop and not any(resampled.values()) and not hasattr(estimator, "encoder"):
        raise ValueError(
            f"Got r_drop={estimator.r_drop} with {_listed(resampled)}, so that both passes are the "
            "same; expected one of these above 0."
        )


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def check_recurrent(estimator: Any) -> None:
    """Raise a ValueError if parameters of a recurrent network contradict one another."""
    returns_sequence = estimator.pooling != "last" or estimator.n_layers > 1
    if not returns_sequence and (estimator.residual or estimator.normalization is not None):
        raise ValueError(
            f"Got residual={estimator.residual} and normalization={estimator.normalization!r} with "
            "pooling='last' and n_layers=1, where no layer returns a sequence that they could "
            "change; expected another pooling, more layers, or neither of them."
        )
    if estimator.pooling == "last" and (estimator.activity_l2 or estimator.temporal_l2):
        raise ValueError(
            f"Got pooling='last' with activity_l2={estimator.activity_l2} and "
            f"temporal_l2={estimator.temporal_l2}, which penalize outputs over time that are not "
            "there then; expected another pooling, or 0 for both."
        )


def resume_signature(estimator: Any, X_val: Any) -> dict[str, Any]:
    """Return what must not change between calls of `fit_until`.

    Parameters
    ----------
    estimator : estimator
        One of this package.
    X_val : object or None
        The validation set, if one is given.

    Returns
    -------
    signature : dict
        All parameters but `callbacks` and `verbose`, and whether there is `X_val`.
    """
    parameters = {
        name: dict(value) if isinstance(value, Mapping) else comparable(plain_value(value))
        for name, value in estimator.get_params(deep=False).items()
        if name not in _MAY_CHANGE
    }
    return {**parameters, "X_val": X_val is not None}


def check_resume(n_epochs: Any, now: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Raise if an estimator cannot train to so many epochs, or not resume its training.

    Parameters
    ----------
    n_epochs : int
        Epochs in all.
    now, before : dict
        Signatures of now and of when training stopped; None if it has not begun.
    """
    check_scalar(n_epochs, "n_epochs", Integral, min_val=1)
    if must_refit(now["refit_on_all"]):
        raise ValueError(
            "Got refit_on_all=True, which trains again when training has ended; expected False for "
            "fit_until. Set it when all is decided, and call fit."
        )
    if n_epochs > now["epochs"] and _follows_schedule(now):
        cure = "Clone it, raise epochs and start again" if before else "Raise epochs"
        raise ValueError(
            f"Got n_epochs={n_epochs} and epochs={now['epochs']}, where the schedule of the "
            f"learning rate ends; expected n_epochs not to be above. {cure}."
        )
    if before is not None and (changed := _changed(now, before)):
        raise ValueError(
            f"Cannot resume training: {', '.join(changed)} changed since the last call to "
            "fit_until. Restore the value, or clone the estimator first."
        )


def check_by_chunks(estimator: Any) -> None:
    """Raise if a parameter of an estimator requires all samples at once."""
    if isinstance(getattr(estimator, "class_weight", None), str):
        raise ValueError(
            "class_weight='balanced' cannot be computed from one chunk; expected a dict, such "
            "as compute_class_weight of scikit-learn gives from all labels."
        )
    if estimator.linear_ngrams:
        raise ValueError(
            f"Got linear_ngrams={estimator.linear_ngrams}, whose linear model is fitted on all "
            "rows at once; expected 0 for training by chunks."
        )
    if estimator.embedding_min_df > 1:
        raise ValueError(
            f"Got embedding_min_df={estimator.embedding_min_df}, which counts tokens in all rows; "
            "expected 1 for training by chunks. Set min_df of the tokenizer in its place."
        )
    if must_refit(estimator.refit_on_all):
        raise ValueError(
            "Got refit_on_all=True, which trains again on all rows; expected False for training by "
            "chunks, of which each is seen once."
        )
    if estimator.learning_rate_schedule is not None or estimator.warmup:
        raise ValueError(
            f"Got learning_rate_schedule={estimator.learning_rate_schedule!r} and "
            f"warmup={estimator.warmup}, which use the number of all epochs; expected None and "
            "0 for training by chunks. Set learning_rate between the chunks."
        )


def plain_value(value: Any) -> Any:
    """Return a NumPy scalar, as random searches draw it, as a Python value; a list as a tuple."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return tuple(map(plain_value, value))
    return value.item() if isinstance(value, np.generic) else value


def _changed(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Return the names of what was changed; `epochs` counts where a schedule uses it."""
    names = sorted(name for name in now if now[name] != before.get(name))
    uses_epochs = _follows_schedule(now) and _follows_schedule(before)
    return [name for name in names if name != "epochs" or uses_epochs]


def _follows_schedule(parameters: dict[str, Any]) -> bool:
    return parameters["learning_rate_schedule"] is not None or bool(parameters["warmup"])
