"""One weight a row, out of sample weights and class weights."""

from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import _check_sample_weight

from skdeepnlp.classifiers._targets import TargetEncoding

__all__ = ["row_weights"]


def row_weights(
    sample_weight: Any,
    class_weight: Any,
    targets: np.ndarray,
    encoding: TargetEncoding,
) -> np.ndarray:
    """Multiply sample weights by class weights into an array of its own.

    Parameters
    ----------
    sample_weight : array-like of shape (n_samples,) or None
        What the user gave; never written to.
    class_weight : dict, "balanced" or None
        Weight of each label.
    targets : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Encoded targets.
    encoding : TargetEncoding
        How they were encoded.

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
    if class_weight is not None:
        weights = weights * _weights_of_classes(class_weight, targets, encoding)
        if not (np.isfinite(weights) & (weights >= 0)).all():
            raise ValueError(
                f"Got class_weight={class_weight!r}; expected finite weights from 0 up."
            )
    if not weights.any():
        raise ValueError(
            "Got weights that are all zero; expected at least one row with a weight above zero."
        )
    return weights


def _weights_of_classes(
    class_weight: Any, targets: np.ndarray, encoding: TargetEncoding
) -> np.ndarray:
    """Return the class weight of each row."""
    if encoding.multi_label:
        raise ValueError(
            f"Got class_weight={class_weight!r} for rows of several labels; expected None. Weigh "
            "such rows by sample_weight."
        )
    numbers = targets.reshape(-1).astype(int)
    if isinstance(class_weight, str):
        return compute_sample_weight(class_weight, numbers)
    known = encoding.classes.tolist()
    unknown = [label for label in class_weight if label not in known]
    if unknown and any(label not in class_weight for label in known):
        raise ValueError(
            f"class_weight names labels that are not in y: {unknown!r}; expected labels among "
            f"{known!r}."
        )
    return np.array([class_weight.get(label, 1.0) for label in known])[numbers]
