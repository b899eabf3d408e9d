"""Texts, targets and weights put together, and a validation set held out of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skdeepnlp._ragged import RaggedIds
from skdeepnlp.estimators._class_weight import row_weights
from skdeepnlp.estimators._fit import FitData
from skdeepnlp.estimators._input_validation import read_ids
from skdeepnlp.estimators._splitting import split_rows
from skdeepnlp.estimators._targets import check_same_length
from skdeepnlp.training import LabeledTexts

_SMALLEST_BATCH, LARGEST_BATCH = 8, 32
_STEPS_OF_AN_EPOCH = 25  # at least, unless batches are the smallest


@dataclass(frozen=True, eq=False)
class Given:
    """What the user gave to fit."""

    X: Any
    y: Any
    sample_weight: Any = None
    X_val: Any = None
    y_val: Any = None


def weighted_texts(
    sequences: RaggedIds,
    targets: np.ndarray,
    weights: np.ndarray,
    sample_weight: Any = None,
    *,
    rescale: bool,
) -> LabeledTexts:
    """Put texts, targets and weights together; samples of weight zero are dropped.

    On `rescale` weights are scaled to a mean of one, so that the learning rate keeps its meaning;
    one chunk of many keeps its weights, which count relative to those of the other chunks.
    """
    check_same_length(sequences, targets, ("X", "y"))
    texts = _with_weights(sequences, targets, weights)
    if sample_weight is not None:
        given = np.asarray(sample_weight, dtype=float).reshape(len(weights), -1).mean(axis=1)
        texts = replace(texts, sample_weight=given)
    texts = take(texts, np.flatnonzero(texts.weights))
    mean = texts.weights.mean() if rescale else 1.0
    scaled = (texts.weights / mean).astype(np.float32)
    if not scaled.all() or not np.isfinite(scaled).all():
        raise ValueError(
            f"Got weights from {texts.weights.min():g} to {texts.weights.max():g}, too far apart "
            "for 32-bit numbers; expected weights of similar size."
        )
    return replace(texts, weights=scaled)


def _with_weights(sequences: RaggedIds, targets: np.ndarray, weights: np.ndarray) -> LabeledTexts:
    """Put texts, targets and weights of rows, or of each label of a row, together."""
    if weights.ndim == 1:
        return LabeledTexts(sequences, targets, weights)
    of_rows = weights.mean(axis=1)
    of_labels = weights / np.where(of_rows > 0, of_rows, 1)[:, None]
    return LabeledTexts(sequences, targets, of_rows, of_labels.astype(np.float32))


def validation_samples(
    estimator: Any, given: Given, class_factors: np.ndarray | None, like: LabeledTexts
) -> LabeledTexts | None:
    """Read the validation set if one is given, weighted as the training samples `like`."""
    X_val, y_val = given.X_val, given.y_val
    if (X_val is None) != (y_val is None):
        there, missing = ("y_val", "X_val") if X_val is None else ("X_val", "y_val")
        raise ValueError(f"Got {there} without {missing}; expected both or neither.")
    if X_val is None:
        return None
    try:
        sequences = read_ids(estimator, X_val, reset=False)
    except (TypeError, ValueError) as error:
        raise type(error)(f"X_val cannot be used. {error}") from error
    targets = estimator._targets.encode(estimator._check_targets(y_val, "y_val"), "y_val")
    check_same_length(sequences, targets, ("X_val", "y_val"))
    texts = _with_weights(sequences, targets, row_weights(None, class_factors, targets))
    if like.label_weights is not None and texts.label_weights is None:
        texts = replace(texts, label_weights=np.ones_like(targets))
    return replace(texts, weights=texts.weights.astype(np.float32))


def hold_out(data: FitData, classes: np.ndarray | None, fraction: float, seed: int) -> FitData:
    """Split all samples into a training and a validation set, stratified if there are classes."""
    texts = data.all_samples
    training, held_out = split_rows(texts.targets, classes, fraction, seed)
    return FitData(take(texts, training), texts, take(texts, held_out), held_out)


def take(texts: LabeledTexts, rows: np.ndarray) -> LabeledTexts:
    """Take some rows, in this order."""
    return texts if len(rows) == len(texts.weights) else texts.take(rows)


def joined_histories(
    earlier: dict[str, list[float]], later: dict[str, list[float]]
) -> dict[str, list[float]]:
    """Append one history to another; a measure that one of them lacks is nan there."""
    lengths = [len(history.get("loss", ())) for history in (earlier, later)]
    return {
        name: earlier.get(name, [np.nan] * lengths[0]) + later.get(name, [np.nan] * lengths[1])
        for name in {**later, **earlier}
    }


def automatic_batch_size(n_samples: int) -> int:
    """Return the batch size for so many training samples: 8, 16 or 32.

    Few samples need about as many steps as more of them; smaller batches are steps that cost less.
    300 samples in batches of 8 had the accuracy that batches of 32 had after as many steps, in less
    time and with a smaller loss.

    Examples
    --------
    >>> from skdeepnlp.estimators._samples import automatic_batch_size
    >>> [automatic_batch_size(n_samples) for n_samples in (60, 270, 500, 900, 100_000)]
    [8, 8, 16, 32, 32]
    """
    per_step = max(1, n_samples // _STEPS_OF_AN_EPOCH)
    return min(LARGEST_BATCH, max(_SMALLEST_BATCH, 1 << (per_step.bit_length() - 1)))
