"""What scikeras hangs on every classifier and nothing here uses: it says what to use instead."""

from typing import Any

__all__ = ["WithoutLeftovers"]


class Leftover:
    """An attribute of scikeras that has no effect here; an instance does not have it.

    Parameters
    ----------
    instead : str
        A sentence on what to use.
    """

    def __init__(self, instead: str) -> None:
        self.instead = instead

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> "Leftover":
        if instance is None:
            return self
        raise AttributeError(
            f"{type(instance).__name__} has no {self.name!r}, which scikeras' own wrappers have. "
            f"{self.instead}"
        )


class WithoutLeftovers:
    """Hides what scikeras' own `fit` and `score` would use."""

    feature_encoder = Leftover(
        "Put the steps that make token ids before the classifier, in a Pipeline."
    )
    scorer = Leftover(
        "Use score for the accuracy, or scoring= of cross_validate and of the searches."
    )
    target_encoder = Leftover("Use labels of any type; fit encodes them, and classes_ holds them.")
