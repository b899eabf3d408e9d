"""Say what is wrong with what came in place of labels."""

from collections.abc import Callable
from enum import Enum
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from skdeepnlp._contracts import shorten

__all__ = ["refuse_numbers_as_objects", "refuse_odd_labels", "refuse_unknown_labels"]

_COLLECTIONS = (list, tuple, set, frozenset, np.ndarray)
_NUMBERS = (Number, np.bool_)
_TAKEN = (str, Number, np.generic, bytes)  # of bytes scikit-learn says what to do


def refuse_odd_labels(y: Any, name: str) -> None:
    """Raise if a row holds no label, several, one of an odd type, or one unlike the others.

    Parameters
    ----------
    y : array-like
        Labels of any type. A matrix of two columns or more is not looked into.
    name : str
        What the user calls it, for the message.

    Raises
    ------
    ValueError
        Naming the first such row.
    """
    labels = _column(y)
    if labels is None:
        return
    types = [type(label) for label in labels] if labels.dtype == object else []
    _refuse_collections(labels, types, name)
    _refuse_missing(labels, name)
    _refuse_mixed_types(labels, types, name)
    _refuse_odd_types(labels, types, name)


def refuse_numbers_as_objects(y: Any, name: str) -> None:
    """Raise if numbers came as Python objects: scorers could not read them after training.

    Parameters
    ----------
    y : array-like
        Labels as the user gave them.
    name : str
        What the user calls it, for the message.

    Raises
    ------
    ValueError
        Saying how to convert them.
    """
    if not isinstance(getattr(y, "dtype", None), np.dtype) or y.dtype != object:
        return
    first = np.asarray(y, dtype=object).reshape(-1)[:1].tolist()
    if first and isinstance(first[0], _NUMBERS):
        raise ValueError(
            f"Unknown label type: got {name} of numbers with dtype object, which the scorers of "
            "scikit-learn cannot read; expected a numeric dtype. Convert them by astype(int), or "
            "to text."
        )


def refuse_unknown_labels(
    labels: np.ndarray, classes: np.ndarray, name: str, verdict: str = "were not seen in fit"
) -> None:
    """Raise if a label is none of the classes; text is none of numbers, though it read alike.

    Parameters
    ----------
    labels, classes : ndarray
        One label a row, and all that may come.
    name : str
        What holds the labels, for the message.
    verdict : str, default="were not seen in fit"
        What is wrong with unknown ones.

    Raises
    ------
    ValueError
        Naming the labels, and those that were expected.
    """
    unlike = _is_text(labels) != _is_text(classes)  # NumPy would make numbers text
    unknown = np.unique(labels) if unlike else np.setdiff1d(labels, classes)
    if len(unknown):
        raise ValueError(
            f"{name} holds labels that {verdict}: {shorten(unknown.tolist())}; "
            f"expected labels among {shorten(classes.tolist())}."
        )


def _is_text(labels: np.ndarray) -> bool:
    return labels.dtype.kind in "OSTU"


def _column(y: Any) -> np.ndarray | None:
    """Return one label a row, Python objects as they are; None for a matrix."""
    values = y.to_numpy() if hasattr(y, "to_numpy") else y
    if not isinstance(values, (list, tuple, np.ndarray)):
        return None
    cells = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    return cells.reshape(-1) if cells.shape[1:] in ((), (1,)) else None


def _refuse_collections(labels: np.ndarray, types: list[type], name: str) -> None:
    """Raise if a row holds several labels."""
    row = _first_row(types, lambda kind: issubclass(kind, _COLLECTIONS))
    if row is not None:
        raise ValueError(
            f"Got {name} of label collections: row {row} holds {_with_type(labels[row])}; expected "
            "one label a row. For several labels a row give a matrix of zeros and ones, as "
            f"MultiLabelBinarizer().fit_transform({name}) of scikit-learn makes it."
        )


def _refuse_missing(labels: np.ndarray, name: str) -> None:
    """Raise if a label is None or nan."""
    missing = np.flatnonzero(pd.isna(labels))
    if len(missing):
        raise ValueError(
            f"Input {name} contains NaN: row {missing[0]} holds {labels[missing[0]]!r}; expected "
            "a label for every row. Drop the rows that have none."
        )


def _refuse_mixed_types(labels: np.ndarray, types: list[type], name: str) -> None:
    """Raise if there is text beside numbers, or anything beside what is not like it."""
    row = _first_row(types, lambda kind: _family(kind) is not _family(types[0]))
    if row is not None:
        raise ValueError(
            f"Got {name} of mixed types: row 0 holds {_with_type(labels[0])}, row {row} holds "
            f"{_with_type(labels[row])}; expected all text or all numbers. Make them text by "
            f"[str(label) for label in {name}]."
        )


def _refuse_odd_types(labels: np.ndarray, types: list[type], name: str) -> None:
    """Raise if labels are neither text nor numbers nor what NumPy has a type for."""
    row = _first_row(types, lambda kind: not issubclass(kind, _TAKEN) or issubclass(kind, Enum))
    if row is not None:
        raise ValueError(
            f"Got {name} of odd types: row {row} holds {_with_type(labels[row])}; expected text, "
            f"numbers or booleans. Make them text by [str(label) for label in {name}]."
        )


def _first_row(types: list[type], is_wrong: Callable[[type], bool]) -> int | None:
    """Return the first row of a wrong type; each type is looked at once."""
    wrong = {kind for kind in set(types) if is_wrong(kind)}
    return next((row for row, kind in enumerate(types) if kind in wrong), None) if wrong else None


def _family(kind: type) -> type:
    """Return one type for all text, one for all numbers, else the type itself."""
    if issubclass(kind, _NUMBERS):
        return Number
    return str if issubclass(kind, str) else kind


def _with_type(label: Any) -> str:
    return f"{shorten(label)} ({type(label).__name__})"
