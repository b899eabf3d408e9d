"""What the contracts of text steps are tried on: a step, its texts, and what makes its input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.base import clone

__all__ = ["OTHER_TEXTS", "STRANGE_TEXTS", "TEXTS", "UNKNOWN_TEXTS", "TextCase"]

TEXTS = (
    "the film was good, and the music was very good",
    "a bad film; bad actors and worse music",
    "Don't miss it: 10 of 10 points!",
    "see https://example.org/reviews or ask @critic",
    "ein schöner Film über das Kino",
    "정말 좋은 영화 였다",
    "the actors were good, the end was bad",
    "good good good",
)
OTHER_TEXTS = (
    "markets fell again on Monday morning",
    "shares of the bank rose by two per cent, and those of its rivals by three",
    "oil fell",
)
UNKNOWN_TEXTS = ("qqxv zzwy", "wvvk", "xqzj kvvq wqqz")
# no lone surrogates: they are no text, and no file or network can carry them
STRANGE_TEXTS = (
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 and flag \U0001f1f0\U0001f1f7 good",
    "שלום עולם good مرحبا",
    "cafe\u0301 good \u0928\u092e\u0938\u094d\u0924\u0947",
    "null \x00 bell \x07 good \ufeff\u200b\u2028line",
    "good " + "\U0001d4b3" * 50 + " \U0010ffff",
    "long" * 5000,
    "%s {0} \\d+ <tag> &amp; good",
)


@dataclass(frozen=True)
class TextCase:
    """A step to be checked and what it is checked on.

    Attributes
    ----------
    step : estimator
        The step; never fitted itself, only its clones.
    texts : sequence of str
        What the step learns from.
    y : sequence
        One label for each text.
    before : estimator or None
        Fitted step that makes the input of `step` from texts; None where it takes texts.
    """

    step: Any
    texts: Sequence[str]
    y: Sequence
    before: Any = None

    def feed(self, texts: Sequence[str]) -> Any:
        """Return the input of the step that stands for these texts."""
        return list(texts) if self.before is None else self.before.transform(list(texts))

    def labels(self, n_samples: int) -> list:
        """Return as many labels as asked for, by going round those of the case."""
        return [self.y[index % len(self.y)] for index in range(n_samples)]

    def fresh(self) -> Any:
        """Return an unfitted copy of the step."""
        return clone(self.step)

    def fit(self, step: Any, texts: Sequence[str] | None = None) -> Any:
        """Fit a step on the texts of the case, or on others, and return it."""
        texts = self.texts if texts is None else texts
        step.fit(self.feed(texts), self.labels(len(texts)))
        return step

    def fitted(self) -> Any:
        """Return a copy of the step that is fitted on the texts of the case."""
        return self.fit(self.fresh())

    def output(self, step: Any) -> Any:
        """Return what the step makes of the texts of the case."""
        return step.transform(self.feed(self.texts))
