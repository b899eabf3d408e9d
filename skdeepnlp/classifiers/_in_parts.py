"""What training in parts and by chunks asks for."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

from sklearn.utils.validation import check_scalar

from skdeepnlp.classifiers._contradictions import must_refit
from skdeepnlp.classifiers._keeping import plain_value
from skdeepnlp.networks import comparable

__all__ = ["check_by_chunks", "check_in_parts", "settled"]

_MAY_CHANGE = frozenset({"callbacks", "verbose"})


def settled(classifier: Any, X_val: Any) -> dict[str, Any]:
    """Return what must not change between the parts of a training.

    Parameters
    ----------
    classifier : classifier
        One of this package.
    X_val : object or None
        The rows to watch, where some are given.

    Returns
    -------
    settled : dict
        All parameters but `callbacks` and `verbose`, and whether there is `X_val`.
    """
    parameters = {
        name: dict(value) if isinstance(value, Mapping) else comparable(plain_value(value))
        for name, value in classifier.get_params(deep=False).items()
        if name not in _MAY_CHANGE
    }
    return {**parameters, "X_val": X_val is not None}


def check_in_parts(n_epochs: Any, now: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Raise if a classifier cannot train to so many epochs, or not go on where it stopped.

    Parameters
    ----------
    n_epochs : int
        Epochs in all.
    now, before : dict
        What is settled, and was when training stopped; None if it has not begun.
    """
    check_scalar(n_epochs, "n_epochs", Integral, min_val=1)
    if must_refit(now["refit_on_all"]):
        raise ValueError(
            "Got refit_on_all=True, which begins again when training has ended; expected "
            "False for training in parts. Set it when all is decided, and call fit."
        )
    if n_epochs > now["epochs"] and _follows_schedule(now):
        cure = "Clone the classifier, raise epochs and begin anew" if before else "Raise epochs"
        raise ValueError(
            f"Got n_epochs={n_epochs} and epochs={now['epochs']}, at whose end the schedule of "
            f"the learning rate is over; expected n_epochs not to be above. {cure}."
        )
    if before is not None and (changed := _changed(now, before)):
        raise ValueError(
            f"What fit_until goes by was changed after its last call ({', '.join(changed)}), so "
            "that training cannot go on as if never stopped. Change it back, or clone the "
            "classifier first."
        )


def check_by_chunks(classifier: Any) -> None:
    """Raise if an option of a classifier asks for all rows at once."""
    if isinstance(classifier.class_weight, str):
        raise ValueError(
            "class_weight='balanced' cannot be computed from one chunk; expected a dict, such "
            "as compute_class_weight of scikit-learn gives from all labels."
        )
    if classifier.linear_ngrams:
        raise ValueError(
            f"Got linear_ngrams={classifier.linear_ngrams}, whose linear model learns from all "
            "rows at once; expected 0 for training by chunks."
        )
    if classifier.embedding_min_df > 1:
        raise ValueError(
            f"Got embedding_min_df={classifier.embedding_min_df}, which counts tokens in all rows; "
            "expected 1 for training by chunks. Set min_df of the tokenizer in its place."
        )
    if must_refit(classifier.refit_on_all):
        raise ValueError(
            "Got refit_on_all=True, which trains anew on all rows; expected False for training by "
            "chunks, of which each is seen once."
        )
    if classifier.learning_rate_schedule is not None or classifier.warmup:
        raise ValueError(
            f"Got learning_rate_schedule={classifier.learning_rate_schedule!r} and "
            f"warmup={classifier.warmup}, which go by the number of all epochs; expected None and "
            "0 for training by chunks. Set learning_rate between the chunks."
        )


def _changed(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Return the names of what was changed; `epochs` counts where a schedule goes by it."""
    names = sorted(name for name in now if now[name] != before.get(name))
    goes_by_epochs = _follows_schedule(now) and _follows_schedule(before)
    return [name for name in names if name != "epochs" or goes_by_epochs]


def _follows_schedule(parameters: dict[str, Any]) -> bool:
    return parameters["learning_rate_schedule"] is not None or bool(parameters["warmup"])
