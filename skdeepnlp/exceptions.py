"""Warnings of skdeepnlp, each named so that it can be filtered on its own."""

__all__ = [
    "OneHotLabelsWarning",
    "PaddingBetweenTokensWarning",
    "SkdeepnlpWarning",
    "TrainingInterruptedWarning",
    "UnknownIdsWarning",
    "UnknownTokensWarning",
    "ValidationSplitWarning",
    "WorkerLostWarning",
]


class SkdeepnlpWarning(UserWarning):
    """Parent of every warning that skdeepnlp raises."""


class OneHotLabelsWarning(SkdeepnlpWarning):
    """Every row of an indicator matrix holds one label, so that classes may have been meant."""


class TrainingInterruptedWarning(SkdeepnlpWarning):
    """Training was stopped by Ctrl-C; the epochs finished until then are kept."""


class PaddingBetweenTokensWarning(SkdeepnlpWarning):
    """Padding stands between the ids of a row, so that these may be counts or other numbers."""


class UnknownIdsWarning(SkdeepnlpWarning):
    """Ids above those of fit came where nothing tells how many there are; read as unknown."""


class UnknownTokensWarning(SkdeepnlpWarning):
    """More than half of the tokens that a tokenizer learns from get no id."""


class ValidationSplitWarning(SkdeepnlpWarning):
    """The validation set does not contain every class."""


class WorkerLostWarning(SkdeepnlpWarning):
    """A worker process of a search was killed; fits that were not finished run again."""
