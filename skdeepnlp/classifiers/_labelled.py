"""Texts, labels and weights read together, and split for early stopping."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skdeepnlp._contracts import shorten
from skdeepnlp.classifiers._input import read_ids
from skdeepnlp.classifiers._splitting import split_rows
from skdeepnlp.classifiers._targets import TargetEncoding, check_labels, check_same_length
from skdeepnlp.classifiers._weighting import row_weights
from skdeepnlp.training import LabelledTexts, RaggedIds

__all__ = [
    "TrainingData",
    "read_validation",
    "require_two_classes",
    "split_labelled",
    "weighted_texts",
]


@dataclass(frozen=True, eq=False)
class TrainingData:
    """What a fit uses.

    Parameters
    ----------
    texts : LabelledTexts
        The training set of the network.
    validation : LabelledTexts or None
        The validation set.
    everything : LabelledTexts
        All samples given to fit, of which the linear model is fitted.
    validation_rows : ndarray of int or None, default=None
        Which of them are the validation set; None if none are.
    """

    texts: LabelledTexts
    validation: LabelledTexts | None
    everything: LabelledTexts
    validation_rows: np.ndarray | None = None


def weighted_texts(
    sequences: RaggedIds, targets: np.ndarray, weights: np.ndarray, *, rescale: bool
) -> LabelledTexts:
    """Put texts, targets and weights together; rows of weight zero are dropped.

    On `rescale` weights are scaled to a mean of one, so that the learning rate keeps its meaning;
    one chunk of many keeps its weights, which count relative to those of the other chunks.
    """
    check_same_length(sequences, targets, ("X", "y"))
    texts = _with_weights(sequences, targets, weights)
    texts = take(texts, np.flatnonzero(texts.weights))
    mean = texts.weights.mean() if rescale else 1.0
    scaled = (texts.weights / mean).astype(np.float32)
    if not scaled.all() or not np.isfinite(scaled).all():
        raise ValueError(
            f"Got weights from {texts.weights.min():g} to {texts.weights.max():g}, too far apart "
            "for 32-bit numbers; expected weights of similar size."
        )
    return replace(texts, weights=scaled)


def _with_weights(sequences: RaggedIds, targets: np.ndarray, weights: np.ndarray) -> LabelledTexts:
    """Put texts, targets and weights of rows, or of each label of a row, together."""
    if weights.ndim == 1:
        return LabelledTexts(sequences, targets, weights)
    of_rows = weights.mean(axis=1)
    of_labels = weights / np.where(of_rows > 0, of_rows, 1)[:, None]
    return LabelledTexts(sequences, targets, of_rows, of_labels.astype(np.float32))


def read_validation(
    estimator: Any,
    X_val: Any,
    y_val: Any,
    encoding: TargetEncoding,
    factors: np.ndarray | None,
    like: LabelledTexts,
) -> LabelledTexts | None:
    """Read the validation data, if there are any, weighted as the training data `like`."""
    if (X_val is None) != (y_val is None):
        given, missing = ("y_val", "X_val") if X_val is None else ("X_val", "y_val")
        raise ValueError(f"Got {given} without {missing}; expected both or neither.")
    if X_val is None:
        return None
    try:
        sequences = read_ids(estimator, X_val, reset=False)
    except (TypeError, ValueError) as error:
        raise type(error)(f"X_val cannot be used. {error}") from error
    targets = encoding.encode(check_labels(y_val, estimator, "y_val"), "y_val")
    check_same_length(sequences, targets, ("X_val", "y_val"))
    texts = _with_weights(sequences, targets, row_weights(None, factors, targets))
    if like.label_weights is not None and texts.label_weights is None:
        texts = replace(texts, label_weights=np.ones_like(targets))
    return replace(texts, weights=texts.weights.astype(np.float32))


def split_labelled(
    texts: LabelledTexts, encoding: TargetEncoding, fraction: float, seed: int
) -> TrainingData:
    """Split into a training and a validation set."""
    training, held_out = split_rows(texts.targets, encoding.classes, fraction, seed)
    return TrainingData(take(texts, training), take(texts, held_out), texts, held_out)


def take(texts: LabelledTexts, rows: np.ndarray) -> LabelledTexts:
    """Take some rows, in this order."""
    return texts if len(rows) == len(texts.weights) else texts.take(rows)


def require_two_classes(
    estimator: Any, targets: np.ndarray, weights: np.ndarray, encoding: TargetEncoding
) -> None:
    """Raise if the rows that have a weight are all of one class."""
    weighted = targets[weights > 0]
    if not encoding.multi_label and len(np.unique(weighted)) < 2:
        label = shorten(encoding.classes[int(weighted.flat[0])])
        raise ValueError(
            f"{type(estimator).__name__} needs rows of at least two classes with a weight above "
            f"zero; got one class only: {label}. Look at sample_weight and class_weight."
        )
