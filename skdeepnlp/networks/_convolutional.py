"""The convolutional encoder: embedded tokens to one feature vector a text."""

from collections.abc import Iterator
from typing import Any

import keras

from skdeepnlp.networks._between_layers import INITIALIZERS, normalized, with_residual
from skdeepnlp.networks._masking import MaskedConv1D, pooled
from skdeepnlp.networks._regularizers import AdjustableDropout

__all__ = ["cnn_encoder"]


def cnn_encoder(
    embedded: Any,
    *,
    filters: int,
    kernel_sizes: tuple[int, ...],
    n_layers: int,
    pooling: str,
    residual: bool,
    normalization: str | None,
    activation: str,
    kernel_initializer: str,
    dropout: float,
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
    pooling : {"max", "mean", "max+mean", "attention"}
        How the last layer's outputs are pooled over time.
    residual : bool
        Whether the input of each layer is added to its outputs.
    normalization : {"layer", "batch"} or None
        What follows each layer.
    activation : str
        Keras' name of the function that outputs go through.
    kernel_initializer : str
        How the filters are drawn.
    dropout : float
        Dropout between the layers.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    features : tensor of shape (batch, n_features)
        Without mask.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", EMNLP.
    """
    hidden = embedded
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
    return pooled(hidden, pooling, seeds)
