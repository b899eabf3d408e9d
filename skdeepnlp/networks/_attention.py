"""The attention encoder: each token by itself, for a weighted sum of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from skdeepnlp.networks._blocks import INITIALIZERS
from skdeepnlp.networks._dropout import AdjustableDropout


def attention_encoder(
    embedded: Any,
    *,
    units: int | None,
    activation: str,
    kernel_initializer: str,
    pooling: str,
    rates: Mapping[str, float],
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens one by one, whatever their order.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    units : int or None
        Width of a dense layer that each token goes through first; None leaves it out.
    activation : str
        Keras' name of the function after the dense layer.
    kernel_initializer : str
        How the matrix of the dense layer is drawn.
    pooling : str
        Not used: "attention" pools the sequence later.
    rates : mapping of str to float
        "dropout" after the dense layer.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    sequence : tensor of shape (batch, time, n)
        With its mask.

    References
    ----------
    Yang et al. (2016), "Hierarchical attention networks for document classification", NAACL.
    """
    draw, seed = INITIALIZERS[kernel_initializer](seed=next(seeds)), next(seeds)
    hidden, dropout = embedded, rates["dropout"]
    if units is not None:
        hidden = keras.layers.Dense(
            units, activation=activation, kernel_initializer=draw, name="tokens"
        )(hidden)
        if dropout:
            hidden = AdjustableDropout(dropout, seed=seed, name="dropout_tokens")(hidden)
    return hidden
