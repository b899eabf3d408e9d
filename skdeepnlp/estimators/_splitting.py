"""Hold out the validation set of early stopping."""

from typing import Any

import numpy as np

from skdeepnlp._contracts import shorten
from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import ValidationSplitWarning


def split_rows(
    targets: np.ndarray, classes: np.ndarray | None, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Split samples into a training and a validation set, stratified by class.

    Each class gives its share of the validation set, rounded so that the shares add up to
    `fraction` of all samples. A class with two samples or more gives at least one, as long as the
    validation set takes no more than about twice `fraction` then; no class gives all its samples.
    A warning names the classes that are in the training set alone.

    Parameters
    ----------
    targets : ndarray of shape (n_samples,), (n_samples, 1) or (n_samples, n_labels)
        Encoded targets. Rows with several labels are split without regard to them.
    classes : ndarray of shape (n_classes,) or None
        The labels, for the message; None for targets without classes.
    fraction : float
        Share of the validation set.
    seed : int
        Decides which samples.

    Returns
    -------
    training, validation : ndarray of int
        Row numbers, each in rising order.

    Raises
    ------
    ValueError
        If no sample can be held out.
    """
    one_label = classes is not None and (targets.ndim == 1 or targets.shape[1] == 1)
    groups = targets.reshape(-1).astype(int) if one_label else np.zeros(len(targets), dtype=int)
    held_out = _pick(_rows_by_group(groups), fraction, np.random.default_rng(seed))
    if not len(held_out):
        raise ValueError(
            f"early_stopping=True with validation_fraction={fraction} leaves no sample "
            "for the validation set: no class has two samples. Give more of them, give X_val and "
            "y_val, or set early_stopping=False."
        )
    if one_label:
        _warn_of_missing_classes(groups, held_out, classes)
    return np.setdiff1d(np.arange(len(targets)), held_out), held_out


def _rows_by_group(groups: np.ndarray) -> list[np.ndarray]:
    """Return the row numbers of each group."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _pick(groups: list[np.ndarray], fraction: float, rng: Any) -> np.ndarray:
    """Pick the rows of the validation set, in rising order."""
    shuffled = [rng.permutation(rows) for rows in groups]
    shares = _shares(np.array([len(rows) for rows in groups]), fraction)
    allotted = _whole_numbers(shares, rng)
    return np.sort(np.concatenate([r[:n] for r, n in zip(shuffled, allotted, strict=True)]))


def _shares(sizes: np.ndarray, fraction: float) -> np.ndarray:
    """Return how many rows each group should give, in fractions of a row; never all its rows."""
    shares = np.minimum(fraction * sizes, sizes - 1)
    with_every_group = np.maximum(shares, sizes > 1)
    # 20 texts of 3 classes may hold out 3 instead of 2, but not 60 texts of 30 classes 30
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


def _warn_of_missing_classes(groups: np.ndarray, held_out: np.ndarray, classes: Any) -> None:
    """Warn if the validation set lacks a class."""
    missing = np.setdiff1d(groups, groups[held_out])
    if len(missing):
        warn_user(
            f"The validation set lacks {len(missing)} of {len(classes)} classes: "
            f"{shorten(classes[missing].tolist())}. It holds {len(held_out)} of {len(groups)} "
            "samples, and no class of a single sample. Give X_val and y_val, raise "
            "validation_fraction, or set early_stopping=False.",
            ValidationSplitWarning,
        )
