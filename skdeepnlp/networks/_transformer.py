"""The transformer encoder: blocks of self-attention over embedded tokens."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras
from keras import ops

from skdeepnlp.networks._blocks import INITIALIZERS
from skdeepnlp.networks._dropout import AdjustableDropout
from skdeepnlp.networks._masking import masked_softmax
from skdeepnlp.networks._positions import Positions

# scores that a layer holds at once, 128 MiB of them; more are computed row by row, and again in
# the backward pass
_MOST_SCORES = 1 << 25


def transformer_encoder(
    embedded: Any,
    *,
    n_layers: int,
    n_heads: int,
    feedforward_dim: int,
    positions: str | None,
    max_positions: int,
    activation: str,
    kernel_initializer: str,
    pooling: str,
    rates: Mapping[str, float],
    seeds: Iterator[int],
) -> Any:
    """Encode embedded tokens with pre-norm blocks of self-attention.

    Parameters
    ----------
    embedded : tensor of shape (batch, time, embedding_dim)
        Embedded tokens with their mask.
    n_layers : int
        Number of blocks.
    n_heads : int
        Heads of each block; divides `embedding_dim`.
    feedforward_dim : int
        Width of the dense layer in each block.
    positions : {"sinusoidal", "learned"} or None
        How tokens are told their place; None leaves it unknown.
    max_positions : int
        How many places are trained; tokens further back share the last one.
    activation : str
        Keras' name of the function in the dense layers.
    kernel_initializer : str
        How matrices are drawn.
    pooling : str
        Not used: the sequence is pooled later.
    rates : mapping of str to float
        "dropout" at the end of each half of a block.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    sequence : tensor of shape (batch, time, embedding_dim)
        With its mask.

    References
    ----------
    Vaswani et al. (2017), "Attention is all you need", NeurIPS; Xiong et al. (2020), "On layer
    normalization in the transformer architecture", ICML.
    """
    width, hidden, seed = embedded.shape[-1], embedded, next(seeds)
    dropout = rates["dropout"]
    if positions is not None:
        hidden = Positions(positions, max_positions, seed=seed, name="positions")(hidden)

    def dense(units: int, name: str, activation: str | None = None) -> keras.layers.Layer:
        draw = INITIALIZERS[kernel_initializer](seed=next(seeds))
        return keras.layers.Dense(units, activation, kernel_initializer=draw, name=name)

    def add(before: Any, after: Any, name: str) -> Any:
        seed = next(seeds)
        if dropout:
            after = AdjustableDropout(dropout, seed=seed, name=f"{name}_dropout")(after)
        return keras.layers.Add(name=name)([before, after])

    def norm(name: str) -> keras.layers.Layer:
        return keras.layers.LayerNormalization(name=name)

    for block in range(n_layers):
        name = f"attention_{block}"
        attend = MaskedSelfAttention(n_heads, kernel_initializer, seed=next(seeds), name=name)
        hidden = add(hidden, attend(norm(f"{name}_norm")(hidden)), f"{name}_sum")
        name = f"feedforward_{block}"
        inner = dense(feedforward_dim, f"{name}_inner", activation)(norm(f"{name}_norm")(hidden))
        hidden = add(hidden, dense(width, name)(inner), f"{name}_sum")
    return norm("last_norm")(hidden)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class MaskedSelfAttention(keras.layers.Layer):
    """Scaled dot-product attention of a sequence to its own real steps, in several heads.

    Scores take memory by the square of the number of steps. Where those of a batch are too many to
    be held, each row is computed by itself, and again for its gradient, with the same result.

    Parameters
    ----------
    n_heads : int
        Number of heads; divides the number of features.
    initializer : str
        How the four matrices are drawn.
    seed : int or None
        Seed of the initial weights.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(
        self,
        n_heads: int,
        initializer: str = "glorot_uniform",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.n_heads, self.initializer, self.seed = n_heads, initializer, seed
        self.supports_masking = True

    def build(self, input_shape: tuple) -> None:
        """Create the matrices of queries, keys, values and outputs."""
        width = input_shape[-1]
        self.query, self.key, self.value, self.output_ = (
            self.add_weight(
                shape=(width, width),
                initializer=INITIALIZERS[self.initializer](
                    seed=None if self.seed is None else self.seed + number
                ),
                name=f"{name}_kernel",
            )
            for number, name in enumerate(("query", "key", "value", "output"))
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return what each step gathers, shape ``(batch, time, features)``."""
        if mask is None:
            mask = ops.ones(ops.shape(inputs)[:2], dtype="bool")
        query, key, value = (
            self._by_head(ops.matmul(inputs, kernel))
            for kernel in (self.query, self.key, self.value)
        )
        gathered = _by_size(query, key, value, ops.cast(mask, query.dtype))
        gathered = ops.transpose(gathered, (0, 2, 1, 3))
        return ops.matmul(ops.reshape(gathered, ops.shape(inputs)), self.output_)

    def _by_head(self, sequences: Any) -> Any:
        """Split the features by head, shape ``(batch, heads, time, features / heads)``."""
        n_rows, n_steps = ops.shape(sequences)[:2]
        width = sequences.shape[-1] // self.n_heads
        parts = ops.reshape(sequences, (n_rows, n_steps, self.n_heads, width))
        return ops.transpose(parts, (0, 2, 1, 3))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        own = {"n_heads": self.n_heads, "initializer": self.initializer, "seed": self.seed}
        return {**super().get_config(), **own}


def _gathered(query: Any, key: Any, value: Any, mask: Any) -> Any:
    """Return what each step gathers in each head, shape ``(batch, heads, time, features)``.

    The mask is of floats, since TensorFlow asks for the gradient of every argument.
    """
    scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / key.shape[-1] ** 0.5
    return ops.matmul(masked_softmax(scores, mask[:, None, None, :] > 0), value)


def _by_size(query: Any, key: Any, value: Any, mask: Any) -> Any:
    """Return what each step gathers, of all rows at once or, where scores are many, row by row."""
    n_rows, n_heads, n_steps = ops.shape(query)[:3]

    def one_row(row: tuple) -> Any:
        return keras.remat(_gathered)(*(part[None] for part in row))[0]

    if not isinstance(n_steps, int) or not isinstance(n_rows, int):
        if keras.backend.backend() != "tensorflow":
            return _gathered(query, key, value, mask)  # a symbolic call, for the shape alone
        scores = ops.cast(n_rows * n_heads, "float32") * ops.cast(n_steps, "float32") ** 2
        return ops.cond(
            scores <= _MOST_SCORES,
            lambda: _gathered(query, key, value, mask),
            lambda: ops.map(one_row, (query, key, value, mask)),
        )
    if n_rows * n_heads * n_steps**2 <= _MOST_SCORES:
        return _gathered(query, key, value, mask)
    return ops.map(one_row, (query, key, value, mask))
