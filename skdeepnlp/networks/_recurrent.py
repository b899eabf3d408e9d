"""Recurrent encoders: embedded tokens to a sequence, or to the final state."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from skdeepnlp.networks._activity_penalty import ActivityPenalty
from skdeepnlp.networks._blocks import INITIALIZERS, normalized, with_residual
from skdeepnlp.networks._dropout import AdjustableDropout
from skdeepnlp.networks._recurrent_layers import (
    ConcatenateDirections,
    DroppableGRU,
    DroppableLSTM,
    DroppableSimpleRNN,
)

Layer = type[keras.layers.Layer]


def lstm_encoder(embedded: Any, **options: Any) -> Any:
    """Encode embedded tokens with long short-term memory layers.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    **options : dict
        See `stacked_encoder`.

    Returns
    -------
    encoded : tensor of shape (batch, time, n) or (batch, n)
        The outputs of the last layer, or its final state.

    References
    ----------
    Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9(8).
    """
    return stacked_encoder(embedded, DroppableLSTM, "lstm", {}, **options)


def gru_encoder(embedded: Any, **options: Any) -> Any:
    """Encode embedded tokens with gated recurrent unit layers.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    **options : dict
        See `stacked_encoder`.

    Returns
    -------
    encoded : tensor of shape (batch, time, n) or (batch, n)
        The outputs of the last layer, or its final state.

    References
    ----------
    Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder for statistical
    machine translation", EMNLP.
    """
    return stacked_encoder(embedded, DroppableGRU, "gru", {}, **options)


def simple_rnn_encoder(embedded: Any, *, activation: str, **options: Any) -> Any:
    """Encode embedded tokens with plain recurrent layers, as Elman (1990) described them.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    activation : str
        Keras' name of the function that the state goes through.
    **options : dict
        See `stacked_encoder`.

    Returns
    -------
    encoded : tensor of shape (batch, time, n) or (batch, n)
        The outputs of the last layer, or its final state.

    References
    ----------
    Elman (1990), "Finding structure in time", Cognitive Science 14(2).
    """
    extra = {"activation": activation}
    return stacked_encoder(embedded, DroppableSimpleRNN, "rnn", extra, **options)


def stacked_encoder(
    embedded: Any,
    cell: Layer,
    name: str,
    extra: dict[str, Any],
    *,
    units: int,
    n_layers: int,
    bidirectional: bool,
    pooling: str,
    residual: bool,
    normalization: str | None,
    kernel_initializer: str,
    rates: Mapping[str, float],
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with a stack of recurrent layers.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    cell : type
        Class of the layers.
    name : str
        What the names of the layers begin with.
    extra : dict
        What the class takes beside the options below.
    units : int
        Width of each layer, in each direction.
    n_layers : int
        Number of layers.
    bidirectional : bool
        Whether each layer reads the text in both directions.
    pooling : str
        With "last" the final state of the last layer is returned in place of its outputs.
    residual : bool
        Whether the input of each layer is added to its outputs.
    normalization : {"layer", "batch"} or None
        What follows each layer that hands on a sequence.
    kernel_initializer : str
        How the matrices that meet a layer's input are drawn.
    rates : mapping of str to float
        "dropout" between the layers; "recurrent_dropout" of the state, one mask for all time steps
        (Gal & Ghahramani, 2016); "weight_dropout" of the matrices that states are multiplied by
        (Wan et al., 2013); the penalties "activity_l2" and "temporal_l2" (Merity et al., 2017).
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    encoded : tensor of shape (batch, time, n) or (batch, n)
        The outputs of the last layer, or its final state.
    """
    hidden, dropout = embedded, rates["dropout"]
    drops = {name: rates[name] for name in ("recurrent_dropout", "weight_dropout")}
    shared = {**extra, **drops, "units": units}
    for layer in range(n_layers):
        sequences = layer < n_layers - 1 or pooling != "last"
        shared["return_sequences"] = sequences
        read = _one_layer(
            hidden, cell, f"{name}_{layer}", bidirectional, kernel_initializer, shared, seeds
        )
        if sequences:
            read = with_residual(hidden, read, f"residual_{layer}", seeds) if residual else read
            read = normalized(read, normalization, f"normalization_{layer}")
        hidden, seed = read, next(seeds)
        if dropout and layer < n_layers - 1:
            hidden = AdjustableDropout(dropout, seed=seed, name=f"dropout_{layer}")(hidden)
    activity_l2, temporal_l2 = rates["activity_l2"], rates["temporal_l2"]
    if pooling != "last" and (activity_l2 or temporal_l2):
        hidden = ActivityPenalty(activity_l2, temporal_l2, name="activity_penalty")(hidden)
    return hidden


def _one_layer(
    hidden: Any,
    cell: Layer,
    name: str,
    bidirectional: bool,
    kernel_initializer: str,
    shared: dict[str, Any],
    seeds: Iterator[int],
) -> Any:
    """Add one recurrent layer, in one direction or both."""

    def one_direction(name: str, backwards: bool = False) -> keras.layers.Layer:
        return cell(
            go_backwards=backwards,
            kernel_initializer=INITIALIZERS[kernel_initializer](seed=next(seeds)),
            recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
            seed=next(seeds),
            name=name,
            **shared,
        )

    if not bidirectional:
        return one_direction(name)(hidden)
    forwards = one_direction(f"{name}_forward")(hidden)
    backwards = one_direction(f"{name}_backward", backwards=True)(hidden)
    return ConcatenateDirections(name=f"{name}_both")([forwards, backwards])
