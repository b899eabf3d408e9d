"""Arguments of Keras' fit that a classifier takes elsewhere, and what to do instead."""

from difflib import get_close_matches
from typing import Any

__all__ = ["check_arguments_of_fit"]

_INSTEAD = {
    "validation_data": "Give fit X_val and y_val",
    "validation_split": "Set validation_fraction",
    "initial_epoch": "Call fit_until, which goes on where training stopped",
    "shuffle": "Leave it out: each epoch shuffles the samples",
    "steps_per_epoch": "Leave it out: an epoch sees each sample once",
}
_DATASETS = ("tensorflow", "torch", "keras")


def check_arguments_of_fit(estimator: Any, X: Any, unexpected: dict[str, Any]) -> None:
    """Raise a TypeError if `fit` got what Keras' own takes, and say where it goes here.

    Parameters
    ----------
    estimator : estimator
        The classifier.
    X : object
        What was given as texts.
    unexpected : dict of str to object
        Further arguments.
    """
    caller = type(estimator).__name__
    if hasattr(X, "element_spec") or (
        type(X).__module__.partition(".")[0] in _DATASETS and not hasattr(X, "shape")
    ):
        raise TypeError(
            f"{caller}.fit got a {type(X).__name__}; expected token ids as an array or sequences, "
            "and labels. Collect the batches into arrays, or give fit_in_chunks an iterable of "
            "(texts, labels) for data larger than memory."
        )
    for name in unexpected:
        raise TypeError(
            f"{caller}.fit got {name}=..., which it does not take; expected X, y, sample_weight, "
            f"X_val and y_val. {_advice(estimator, caller, name)}."
        )


def _advice(estimator: Any, caller: str, name: str) -> str:
    parameters = estimator.get_params(deep=False)
    if name in parameters:
        return f"Set it as a parameter: {caller}({name}=...)"
    close = get_close_matches(name, [*parameters, "sample_weight", "X_val", "y_val"], 1)
    return _INSTEAD.get(name, f"Did you mean {close[0]}" if close else "Leave it out")
