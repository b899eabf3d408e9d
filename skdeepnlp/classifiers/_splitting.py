"""Set aside the rows that early stopping watches."""

from typing import Any

import numpy as np

from skdeepnlp._contracts import shorten
from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import ValidationSplitWarning

__all__ = ["split_rows"]


def split_rows(
    targets: np.ndarray, classes: np.ndarray, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Split rows into those to learn from and those to watch, class by class.

    Each class gives its share of the rows to watch, rounded so that the shares add up to
    `fraction` of all rows. A class with two rows or more gives at least one, as long as no more
    than about twice `fraction` of the rows are watched then; no class gives all its rows. A
    warning names the classes that are learnt from and not watched.

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
    one_label = targets.ndim == 1 or targets.shape[1] == 1
    groups = targets.reshape(-1).astype(int) if one_label else np.zeros(len(targets), dtype=int)
    watched = _pick(_rows_by_group(groups), fraction, np.random.default_rng(seed))
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


def _pick(groups: list[np.ndarray], fraction: float, rng: Any) -> np.ndarray:
    """Pick the rows to watch, in rising order."""
    shuffled = [rng.permutation(rows) for rows in groups]
    shares = _shares(np.array([len(rows) for rows in groups]), fraction)
    allotted = _whole_numbers(shares, rng)
    return np.sort(np.concatenate([r[:n] for r, n in zip(shuffled, allotted, strict=True)]))


def _shares(sizes: np.ndarray, fraction: float) -> np.ndarray:
    """Return how many rows each group should give, in fractions of a row; never all its rows."""
    shares = np.minimum(fraction * sizes, sizes - 1)
    with_every_group = np.maximum(shares, sizes > 1)
    # 20 texts of 3 classes may watch 3 instead of 2, but not 60 texts of 30 classes 30
    affordable = with_every_group.sum() <= np.ceil(2 * fraction * sizes.sum())
    return with_every_group if affordable else shares


def _whole_numbers(shares: np.ndarray, rng: Any) -> np.ndarray:
    """Round shares to whole numbers that add up, at least to one; the largest remainders gain."""
    numbers = np.floor(shares).astype(int)
    remainders = shares - numbers
    n_wanted = max(1, round(shares.sum())) - numbers.sum()
    by_chance = rng.permutation(np.flatnonzero(remainders))
    gaining = by_chance[np.argsort(-remainders[by_chance], kind="stable")][:n_wanted]
    numbers[gaining] += 1
    return numbers


def _warn_of_unwatched(groups: np.ndarray, watched: np.ndarray, classes: np.ndarray) -> None:
    """Warn if a class has no row among those watched."""
    unwatched = np.setdiff1d(groups, groups[watched])
    if len(unwatched):
        warn_user(
            f"validation_fraction leaves out {len(unwatched)} of {len(classes)} classes: "
            f"{shorten(classes[unwatched].tolist())}. Early stopping watches {len(watched)} of "
            f"{len(groups)} rows, and no class of a single row. Give X_val and y_val, raise "
            "validation_fraction, or set early_stopping=False.",
            ValidationSplitWarning,
        )
