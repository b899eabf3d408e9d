"""From a feature vector to one logit an output."""

from collections.abc import Iterator
from typing import Any

import keras

from skdeepnlp.networks._regularizers import AdjustableDropout, HeldStrength, WeightPenalty

__all__ = ["add_head"]


def add_head(
    features: Any,
    *,
    n_outputs: int,
    dropout: float,
    l1: float,
    l2: float,
    label_smoothing: float,
    seeds: Iterator[int],
) -> Any:
    """Add dropout and a dense layer of logits.

    Parameters
    ----------
    features : tensor of shape (batch, n_features)
        What the encoder returned.
    n_outputs : int
        Number of logits.
    dropout : float
        Share of the features dropped in training; 0 leaves dropout out.
    l1, l2 : float
        Strengths of the penalties, kept in a layer named "penalty"; both 0 leave it out.
    label_smoothing : float
        Kept in a layer named "label_smoothing" for the loss; 0 leaves it out.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    logits : tensor of shape (batch, n_outputs)
    """
    seed = next(seeds)
    if dropout:
        features = AdjustableDropout(dropout, seed=seed, name="dropout")(features)
    if l1 or l2:
        features = WeightPenalty(l1, l2, name="penalty")(features)
    if label_smoothing:
        features = HeldStrength(label_smoothing, name="label_smoothing")(features)
    return keras.layers.Dense(
        n_outputs,
        kernel_initializer=keras.initializers.GlorotUniform(seed=next(seeds)),
        dtype="float32",  # losses need it where the other layers compute in half precision
        name="logits",
    )(features)
