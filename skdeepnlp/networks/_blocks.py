"""What stands between the layers of an encoder: initial weights, residuals, normalization."""

from collections.abc import Callable, Iterator
from typing import Any

import keras

# Glorot & Bengio (2010), also known as Xavier; He et al. (2015); Saxe et al. (2014)
INITIALIZERS: dict[str, Callable[..., Any]] = {
    "glorot_normal": keras.initializers.GlorotNormal,
    "glorot_uniform": keras.initializers.GlorotUniform,
    "he_normal": keras.initializers.HeNormal,
    "he_uniform": keras.initializers.HeUniform,
    "orthogonal": keras.initializers.Orthogonal,
}


def with_residual(before: Any, after: Any, name: str, seeds: Iterator[int]) -> Any:
    """Add what a layer was given to what it returned.

    Where the widths differ, a matrix brings the first to the width of the second.

    Parameters
    ----------
    before, after : tensor of shape (batch, time, features)
        Input and output of the layer, with their mask.
    name : str
        Name of the sum.
    seeds : iterator of int
        A seed is taken from here.

    Returns
    -------
    together : tensor of shape (batch, time, features)

    References
    ----------
    He et al. (2016), "Deep residual learning for image recognition", CVPR.
    """
    seed, width = next(seeds), after.shape[-1]
    if before.shape[-1] != width:
        before = keras.layers.Dense(
            width,
            use_bias=False,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
            name=f"{name}_projection",
        )(before)
    # the operator + would drop the mask
    return keras.layers.Add(name=name)([before, after])


def normalized(sequences: Any, normalization: str | None, name: str) -> Any:
    """Normalize a masked sequence; padding does not count.

    Parameters
    ----------
    sequences : tensor of shape (batch, time, features)
        With its mask.
    normalization : {"layer", "batch"} or None
        "layer" takes mean and variance over the features of each token (Ba et al., 2016), "batch"
        over the tokens of the batch for each feature (Ioffe & Szegedy, 2015). None does nothing.
    name : str
        Name of the layer.

    Returns
    -------
    sequences : tensor of shape (batch, time, features)
    """
    if normalization is None:
        return sequences
    kind = {"layer": keras.layers.LayerNormalization, "batch": keras.layers.BatchNormalization}
    return kind[normalization](name=name)(sequences)
