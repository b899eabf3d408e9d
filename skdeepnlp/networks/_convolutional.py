"""The convolutional encoder: embedded tokens to a sequence."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from skdeepnlp.networks._blocks import INITIALIZERS, normalized, with_residual
from skdeepnlp.networks._dropout import AdjustableDropout
from skdeepnlp.networks._masking import MaskedConv1D


def cnn_encoder(
    embedded: Any,
    *,
    filters: int,
    kernel_sizes: tuple[int, ...],
    n_layers: int,
    residual: bool,
    normalization: str | None,
    activation: str,
    kernel_initializer: str,
    pooling: str,
    rates: Mapping[str, float],
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with convolutions of several widths side by side.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    filters : int
        Number of filters of each width.
    kernel_sizes : tuple of int
        How many tokens the filters see at a time.
    n_layers : int
        How many such layers follow one another.
    residual : bool
        Whether the input of each layer is added to its outputs.
    normalization : {"layer", "batch"} or None
        What follows each layer.
    activation : str
        Keras' name of the function that outputs go through.
    kernel_initializer : str
        How the filters are drawn.
    pooling : str
        Not used: the sequence is pooled later.
    rates : mapping of str to float
        "dropout" between the layers.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    sequence : tensor of shape (batch, time, n)
        With its mask.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", EMNLP.
    """
    hidden, dropout = embedded, rates["dropout"]
    for layer in range(n_layers):
        seen = [
            MaskedConv1D(
                filters,
                size,
                activation=activation,
                kernel_initializer=INITIALIZERS[kernel_initializer](seed=next(seeds)),
                name=f"convolution_{layer}_{place}",
            )(hidden)
            for place, size in enumerate(kernel_sizes)
        ]
        together = keras.layers.Concatenate(name=f"widths_{layer}")(seen) if seen[1:] else seen[0]
        if residual:
            together = with_residual(hidden, together, f"residual_{layer}", seeds)
        hidden, seed = normalized(together, normalization, f"normalization_{layer}"), next(seeds)
        if dropout and layer < n_layers - 1:
            hidden = AdjustableDropout(dropout, seed=seed, name=f"dropout_{layer}")(hidden)
    return hidden
