"""The attention encoder: a weighted sum of embedded tokens."""

from collections.abc import Iterator
from typing import Any

import keras

from skdeepnlp.networks._between_layers import INITIALIZERS
from skdeepnlp.networks._masking import pooled
from skdeepnlp.networks._regularizers import AdjustableDropout

__all__ = ["attention_encoder"]


def attention_encoder(
    embedded: Any,
    *,
    units: int | None,
    activation: str,
    kernel_initializer: str,
    dropout: float,
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens as their sum with learnt weights, whatever their order.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    units : int or None
        Width of a dense layer that each token goes through first; None leaves it out.
    activation : str
        Keras' name of the function behind the dense layer.
    kernel_initializer : str
        How the matrix of the dense layer is drawn.
    dropout : float
        Dropout behind the dense layer.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    features : tensor of shape (batch, n_features)
        Without mask.

    References
    ----------
    Yang et al. (2016), "Hierarchical attention networks for document classification", NAACL.
    """
    draw, seed = INITIALIZERS[kernel_initializer](seed=next(seeds)), next(seeds)
    hidden = embedded
    if units is not None:
        hidden = keras.layers.Dense(
            units, activation=activation, kernel_initializer=draw, name="tokens"
        )(hidden)
        if dropout:
            hidden = AdjustableDropout(dropout, seed=seed, name="dropout_tokens")(hidden)
    return pooled(hidden, "attention", seeds)
