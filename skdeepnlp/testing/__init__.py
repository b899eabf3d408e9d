"""Checks for estimators that work on text, and the list of all estimators of this library."""

from skdeepnlp.testing._discovery import all_estimators
from skdeepnlp.testing._sequence_classifier_checks import (
    check_padding_invariance,
    check_sequence_classifier,
)
from skdeepnlp.testing._text_step_checks import check_text_step

__all__ = [
    "all_estimators",
    "check_padding_invariance",
    "check_sequence_classifier",
    "check_text_step",
]
