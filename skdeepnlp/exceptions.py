"""Warnings of skdeepnlp, each named so that it can be filtered on its own."""

__all__ = [
    "SkdeepnlpWarning",
    "TrainingInterruptedWarning",
    "ValidationSplitWarning",
    "WorkerLostWarning",
]


class SkdeepnlpWarning(UserWarning):
    """Parent of every warning that skdeepnlp raises."""


class TrainingInterruptedWarning(SkdeepnlpWarning):
    """Training was stopped by Ctrl-C; what was learnt until then is kept."""


class ValidationSplitWarning(SkdeepnlpWarning):
    """The rows that early stopping watches do not hold every class."""


class WorkerLostWarning(SkdeepnlpWarning):
    """A process of a search died; fits that had not come in by then run again."""
