"""One weight a row, out of sample weights and class weights."""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.validation import _check_sample_weight

from skdeepnlp._contracts import shorten
from skdeepnlp.classifiers._targets import TargetEncoding

__all__ = ["class_factors", "row_weights"]


def class_factors(
    class_weight: Any, targets: np.ndarray, encoding: TargetEncoding
) -> np.ndarray | None:
    """Return the weight of each class, learnt from these targets where it is "balanced".

    Parameters
    ----------
    class_weight : dict, "balanced" or None
        Weight of each label.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Encoded targets of all rows given to fit.
    encoding : TargetEncoding
        How they were encoded.

    Returns
    -------
    factors : ndarray of shape (n_classes,) or None
        In the order of the classes; None weighs nothing.

    Raises
    ------
    ValueError
        If rows have several labels, a label is unknown, or a weight is negative or not finite.
    """
    if class_weight is None:
        return None
    if encoding.multi_label:
        raise ValueError(
            f"Got class_weight={shorten(class_weight)} for rows of several labels; expected None. "
            "Weigh such rows by sample_weight."
        )
    if isinstance(class_weight, str):
        return _balanced_factors(targets.reshape(-1).astype(int), len(encoding.classes))
    return _factors_given(class_weight, encoding.classes.tolist())


def row_weights(sample_weight: Any, factors: np.ndarray | None, targets: np.ndarray) -> np.ndarray:
    """Multiply sample weights by the weights of the classes into an array of its own.

    Parameters
    ----------
    sample_weight : array-like of shape (n_samples,) or None
        What the user gave; never written to.
    factors : ndarray of shape (n_classes,) or None
        Weight of each class.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Encoded targets.

    Returns
    -------
    weights : ndarray of shape (n_samples,), dtype float64

    Raises
    ------
    ValueError
        If a weight is negative, or all are zero.
    """
    weights = _check_sample_weight(
        sample_weight, targets, dtype=np.float64, copy=True, ensure_non_negative=True
    )
    if factors is not None:
        weights = weights * factors[targets.reshape(-1).astype(int)]
    if not weights.any():
        raise ValueError(
            "Got weights that are all zero; expected at least one row with a weight above zero."
        )
    return weights


def _balanced_factors(numbers: np.ndarray, n_classes: int) -> np.ndarray:
    """Weigh classes inversely to how often they occur; one that does not occur weighs 1."""
    factors, present = np.ones(n_classes), np.unique(numbers)
    factors[present] = compute_class_weight("balanced", classes=present, y=numbers)
    return factors


def _factors_given(class_weight: dict[Any, float], known: list[Any]) -> np.ndarray:
    """Return the weights of a dict in the order of the classes; one not named weighs 1."""
    unknown = [label for label in class_weight if label not in known]
    if unknown and any(label not in class_weight for label in known):
        raise ValueError(
            f"class_weight names labels that are not in y: {shorten(unknown)}; expected labels "
            f"among {shorten(known)}."
        )
    return np.array([_factor(label, class_weight.get(label, 1.0)) for label in known])


def _factor(label: Any, weight: Any) -> float:
    """Return a class weight as a float, whatever type of number it is."""
    try:
        factor = _number(weight)
    except (TypeError, ValueError, OverflowError):
        factor = np.nan
    if not 0 <= factor < np.inf:
        raise ValueError(
            f"Got {shorten(weight)} as class_weight of {shorten(label)}; expected a finite real "
            "number from 0 up."
        )
    return factor


def _number(weight: Any) -> float:
    """Return a real number as a float; raise for all else, text of digits and spans of time too."""
    array = np.asarray(weight)
    number = array.item() if array.ndim == 0 and array.dtype.kind not in "mM" else None
    if np.ma.is_masked(weight) or not isinstance(number, (Real, Decimal)):
        raise TypeError("no real number")
    return float(number)
