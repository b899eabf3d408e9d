"""Set aside the rows that early stopping watches."""

import warnings
from typing import Any

import numpy as np

from skdeepnlp.classifiers._id_checks import shorten
from skdeepnlp.exceptions import ValidationSplitWarning

__all__ = ["split_rows"]


def split_rows(
    targets: np.ndarray, classes: np.ndarray, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Split rows into those to learn from and those to watch, class by class.

    Each class with two rows or more has at least one row on either side; a class with a single
    row is learnt from and not watched, with a warning.

    Parameters
    ----------
    targets : ndarray of shape (n_samples,), (n_samples, 1) or (n_samples, n_labels)
        Encoded targets. Rows with several labels are split without regard to them.
    classes : ndarray of shape (n_classes,)
        The labels, for the message.
    fraction : float
        Share of the rows to watch.
    seed : int
        Decides which rows.

    Returns
    -------
    learnt, watched : ndarray of int
        Row numbers, each in rising order.

    Raises
    ------
    ValueError
        If no row can be watched.
    """
    rng = np.random.default_rng(seed)
    one_label = targets.ndim == 1 or targets.shape[1] == 1
    groups = targets.reshape(-1).astype(int) if one_label else np.zeros(len(targets), dtype=int)
    watched = np.sort(
        np.concatenate([_pick(rows, fraction, rng) for rows in _rows_by_group(groups)])
    )
    if not len(watched):
        raise ValueError(
            f"early_stopping=True with validation_fraction={fraction} leaves no row to watch: "
            f"none of the {len(classes)} classes has two rows. Give more rows, give X_val and "
            "y_val, or set early_stopping=False."
        )
    if one_label:
        _warn_of_unwatched(groups, watched, classes)
    return np.setdiff1d(np.arange(len(targets)), watched), watched


def _rows_by_group(groups: np.ndarray) -> list[np.ndarray]:
    """Return the row numbers of each group."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _pick(rows: np.ndarray, fraction: float, rng: Any) -> np.ndarray:
    """Pick a share of the rows: at least one, and never all."""
    n_picked = min(max(1, round(fraction * len(rows))), len(rows) - 1)
    return rng.permutation(rows)[:n_picked]


def _warn_of_unwatched(groups: np.ndarray, watched: np.ndarray, classes: np.ndarray) -> None:
    """Warn if a class has no row among those watched."""
    unwatched = np.setdiff1d(groups, groups[watched])
    if len(unwatched):
        warnings.warn(
            f"validation_fraction leaves out {len(unwatched)} of {len(classes)} classes, which "
            f"have a single row each: {shorten(classes[unwatched].tolist())}. Early stopping "
            "does not watch them; give X_val and y_val, or set early_stopping=False.",
            ValidationSplitWarning,
            stacklevel=4,
        )
