"""Recurrent encoders: embedded tokens to one feature vector a text."""

from collections.abc import Iterator
from typing import Any

import keras

from skdeepnlp.networks._fused_lstm import FusedLSTM
from skdeepnlp.networks._masking import MaskedPooling
from skdeepnlp.networks._regularizers import AdjustableDropout

__all__ = ["lstm_encoder"]


def lstm_encoder(
    embedded: Any,
    *,
    units: int,
    n_layers: int,
    bidirectional: bool,
    pooling: str,
    dropout: float,
    recurrent_dropout: float,
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with a stack of LSTM layers, then pool over time.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    units : int
        Width of each layer, in each direction.
    n_layers : int
        Number of layers.
    bidirectional : bool
        Whether each layer reads the text in both directions.
    pooling : {"max", "mean", "max+mean", "last"}
        What is kept of the last layer: a pool over its outputs, or its final state.
    dropout : float
        Dropout between the layers.
    recurrent_dropout : float
        Dropout of the recurrent state, one mask for all time steps (Gal & Ghahramani, 2016).
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    features : tensor of shape (batch, n_features)
        Without mask.

    References
    ----------
    Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9(8).
    """
    hidden = embedded
    for layer in range(n_layers):
        sequences = layer < n_layers - 1 or pooling != "last"
        hidden = _lstm_layer(
            hidden, layer, units, bidirectional, sequences, recurrent_dropout, seeds
        )
        seed = next(seeds)
        if dropout and layer < n_layers - 1:
            hidden = AdjustableDropout(dropout, seed=seed, name=f"dropout_{layer}")(hidden)
    return hidden if pooling == "last" else MaskedPooling(pooling, name="pooling")(hidden)


def _lstm_layer(
    hidden: Any,
    layer: int,
    units: int,
    bidirectional: bool,
    sequences: bool,
    recurrent_dropout: float,
    seeds: Iterator[int],
) -> Any:
    """Add one LSTM layer, in one direction or both."""

    def one_direction(name: str, backwards: bool = False) -> FusedLSTM:
        return FusedLSTM(
            units,
            return_sequences=sequences,
            go_backwards=backwards,
            recurrent_dropout=recurrent_dropout,
            kernel_initializer=keras.initializers.GlorotUniform(seed=next(seeds)),
            recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
            seed=next(seeds),
            name=name,
        )

    forward = one_direction(f"lstm_{layer}_forward" if bidirectional else f"lstm_{layer}")
    if not bidirectional:
        return forward(hidden)
    backward = one_direction(f"lstm_{layer}_backward", backwards=True)
    return keras.layers.Bidirectional(forward, backward_layer=backward, name=f"both_{layer}")(
        hidden
    )
