"""Checks for estimators that work on text, and the list of all estimators of this library."""

from skdeepnlp.testing._discovery import all_estimators
from skdeepnlp.testing._sequence_classifiers import (
    check_padding_invariance,
    check_sequence_classifier,
)
from skdeepnlp.testing._text_steps import check_text_step

__all__ = [
    "all_estimators",
    "check_padding_invariance",
    "check_sequence_classifier",
    "check_text_step",
]
