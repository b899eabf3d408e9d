"""Checks for estimators that work on text, and the list of all estimators of this library."""

from skdeepnlp.testing._discovery import all_estimators
from skdeepnlp.testing._text_steps import check_text_step

__all__ = ["all_estimators", "check_text_step"]
