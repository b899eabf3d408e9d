"""Parameters of every classifier that contradict one another."""

from typing import Any

__all__ = ["check_combinations", "must_refit"]

_ONE_OF_PASSES = ("adversarial_epsilon", "mixup", "r_drop")
_DRAWN_IN_EACH_PASS = ("dropout", "embedding_dropout", "word_dropout", "recurrent_dropout")


def check_combinations(classifier: Any) -> None:
    """Raise a ValueError if parameters contradict one another, or leave one without effect.

    Parameters
    ----------
    classifier : classifier
        One of this package.
    """
    _check_refit(classifier)
    _check_plateau(classifier)
    _check_passes(classifier)


def must_refit(refit_on_all: Any) -> bool:
    """Whether training on all rows is asked for by True, not left to "auto"."""
    return refit_on_all != "auto" and bool(refit_on_all)


def _check_refit(classifier: Any) -> None:
    if not must_refit(classifier.refit_on_all):
        return
    if classifier.warm_start or not classifier.early_stopping:
        raise ValueError(
            f"Got refit_on_all=True with early_stopping={classifier.early_stopping} and "
            f"warm_start={classifier.warm_start}; expected early_stopping=True, which finds the "
            "number of epochs, and warm_start=False."
        )
    if classifier.learning_rate_schedule == "plateau":
        raise ValueError(
            "Got refit_on_all=True with learning_rate_schedule='plateau', which goes by rows that "
            "are watched, and then none are; expected another schedule, or refit_on_all=False."
        )


def _check_plateau(classifier: Any) -> None:
    halves = classifier.learning_rate_schedule == "plateau" and classifier.early_stopping
    if halves and classifier.n_iter_no_change <= 2:
        raise ValueError(
            f"Got n_iter_no_change={classifier.n_iter_no_change} with "
            "learning_rate_schedule='plateau', which waits for two epochs before it halves the "
            "rate; expected 3 or more, so that training does not stop before."
        )


def _check_passes(classifier: Any) -> None:
    passes = {name: getattr(classifier, name) for name in _ONE_OF_PASSES}
    if sum(map(bool, passes.values())) > 1:
        raise ValueError(
            f"Got {_listed(passes)}, each of which changes the passes of a training step in its "
            "own way; expected at most one above 0."
        )
    drawn = {name: getattr(classifier, name, 0) for name in _DRAWN_IN_EACH_PASS}
    if classifier.r_drop and not any(drawn.values()) and not hasattr(classifier, "encoder"):
        raise ValueError(
            f"Got r_drop={classifier.r_drop} with {_listed(drawn)}, so that both passes are the "
            "same; expected one of these above 0."
        )


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
