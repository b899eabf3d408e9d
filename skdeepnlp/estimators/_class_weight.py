"""One weight a row, out of sample weights and class weights."""

from typing import Any

import numpy as np
from sklearn.utils import check_array
from sklearn.utils.class_weight import compute_class_weight

from skdeepnlp._contracts import shorten
from skdeepnlp._sklearn import _check_sample_weight
from skdeepnlp.estimators._targets import TargetEncoding


def class_factors(
    class_weight: Any, targets: np.ndarray, encoding: TargetEncoding
) -> np.ndarray | None:
    """Return the weight of each class, computed from these targets where it is "balanced".

    Parameters
    ----------
    class_weight : dict, list of dict, "balanced" or None
        Weight of each class; for several labels a row, a dict for each label.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Encoded targets of all rows given to fit.
    encoding : TargetEncoding
        How they were encoded.

    Returns
    -------
    factors : ndarray of shape (n_classes,) or (n_labels, 2) or None
        In the order of the classes; for several labels a row, of a 0 and of a 1 of each. None
        weighs nothing.

    Raises
    ------
    ValueError
        If `class_weight` is not of the kind of the labels, a label is unknown, or a weight is
        negative or not finite.
    """
    if class_weight is None:
        return None
    if encoding.multi_label:
        return _factors_of_labels(class_weight, targets)
    if isinstance(class_weight, list):
        raise ValueError(
            f"Got class_weight={shorten(class_weight)} for one label a row; expected a dict, "
            "'balanced' or None. A list of dicts is for several labels a row."
        )
    if isinstance(class_weight, str):
        return _balanced_factors(targets.reshape(-1).astype(int), len(encoding.classes))
    return _factors_given(class_weight, encoding.classes.tolist())


def row_weights(sample_weight: Any, factors: np.ndarray | None, targets: np.ndarray) -> np.ndarray:
    """Multiply sample weights by the weights of the classes into an array of its own.

    Parameters
    ----------
    sample_weight : array-like of shape (n_samples,) or (n_samples, n_labels), or None
        What the user gave; never written to.
    factors : ndarray of shape (n_classes,) or (n_labels, 2) or None
        Weight of each class.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Encoded targets.

    Returns
    -------
    weights : ndarray of shape (n_samples,) or (n_samples, n_labels), dtype float64

    Raises
    ------
    ValueError
        If a weight is negative, or all are zero.
    """
    if sample_weight is not None and np.asarray(sample_weight).ndim == 2:
        weights = _weights_of_labels(sample_weight, targets)
    else:
        weights = _check_sample_weight(
            sample_weight, targets, dtype=np.float64, copy=True, ensure_non_negative=True
        )
    if factors is not None and factors.ndim == 2:
        of_labels = factors[np.arange(targets.shape[1]), targets.astype(int)]
        weights = weights.reshape(len(weights), -1) * of_labels
    elif factors is not None:
        weights = weights * factors[targets.reshape(-1).astype(int)]
    if not weights.any():
        raise ValueError(
            "Got weights that are all zero; expected at least one row with a weight above zero."
        )
    return weights


def _weights_of_labels(sample_weight: Any, targets: np.ndarray) -> np.ndarray:
    """Return a weight for each label of each row."""
    weights = check_array(
        sample_weight,
        dtype=np.float64,
        copy=True,
        ensure_non_negative=True,
        input_name="sample_weight",
    )
    if targets.ndim != 2 or weights.shape != targets.shape or targets.shape[1] == 1:
        raise ValueError(
            f"Got sample_weight of shape {weights.shape} for {len(targets)} rows; expected one "
            "weight a row, or for several labels a row one for each label, in the shape of y."
        )
    return weights


def _factors_of_labels(class_weight: Any, targets: np.ndarray) -> np.ndarray:
    """Return the weights of a 0 and of a 1 of each label, shape (n_labels, 2)."""
    n_labels = targets.shape[1]
    if isinstance(class_weight, str):
        return np.array([_balanced_factors(column.astype(int), 2) for column in targets.T])
    if not isinstance(class_weight, list) or len(class_weight) != n_labels:
        raise ValueError(
            f"Got class_weight={shorten(class_weight)} for rows of several labels; expected "
            f"'balanced', None or a list of {n_labels} dicts, one for each label, such as "
            "[{0: 1, 1: 5}, ...]."
        )
    return np.array([_factors_given(of_label, [0, 1]) for of_label in class_weight])


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
    try:
        factors = np.array([float(class_weight.get(label, 1.0)) for label in known])
    except (TypeError, ValueError, OverflowError):
        factors = np.array([np.nan])
    if not (np.isfinite(factors) & (factors >= 0)).all():
        raise ValueError(
            f"Got class_weight={shorten(class_weight)}; expected finite numbers from 0 up."
        )
    return factors
