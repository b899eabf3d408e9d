"""A linear model of n-grams beside the network: its features, and the layer that computes it."""

from typing import Any

import keras
import numpy as np
from keras import ops

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID

__all__ = ["NO_KEY", "LinearPath", "LinearVote", "joined_keys", "n_linear_rows"]

NO_KEY = np.iinfo(np.int32).max
_MOST_ROWS = 1 << 18
_MOST_NUMBERS = 1 << 22
_FACTOR = np.int32(-1640531535)  # odd, and far from any power of two


def n_linear_rows(vocabulary_size: int, n_outputs: int) -> int:
    """Return how many n-grams are kept: a power of two, eight or more for each token.

    Examples
    --------
    >>> from skdeepnlp.networks._linear_path import n_linear_rows
    >>> n_linear_rows(1000, 2), n_linear_rows(20_000, 2), n_linear_rows(20_000, 100)
    (8192, 262144, 32768)
    """
    wanted = 1 << (8 * vocabulary_size - 1).bit_length()
    bearable = 1 << (_MOST_NUMBERS // n_outputs).bit_length() - 1
    return max(2, min(wanted, bearable, _MOST_ROWS))


def joined_keys(earlier: Any, ids: Any) -> Any:
    """Return the 32-bit key of each n-gram, from that of the tokens before and the last token.

    The key of a single token is its id. Works on arrays and on tensors of dtype int32, whose
    products wrap around: among a hundred thousand n-grams one pair, if any, shares a key.
    """
    return earlier * _FACTOR + ids


@keras.saving.register_keras_serializable(package="skdeepnlp")
class LinearPath(keras.layers.Layer):
    """Logits of a linear model of which n-grams stand in a text, however often.

    Its numbers are learnt before the network is trained, and are not trained with it.

    Parameters
    ----------
    longest : int
        Tokens of the longest n-gram.
    n_rows : int
        How many n-grams there may be.
    n_outputs : int
        Number of logits.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    Attributes
    ----------
    keys : variable of shape (n_rows,), dtype int32
        Keys of the n-grams, in rising order; `NO_KEY` behind them.
    scores, bias : variable of shape (n_rows, n_outputs) and (n_outputs,)
        What each n-gram adds to the logits; logits without any.
    """

    def __init__(self, longest: int, n_rows: int, n_outputs: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sizes = {"longest": longest, "n_rows": n_rows, "n_outputs": n_outputs}
        self.keys = self.add_weight(
            shape=(n_rows,), initializer="zeros", trainable=False, name="keys", dtype="int32"
        )
        self.scores, self.bias = (
            self.add_weight(shape=shape, initializer="zeros", trainable=False, name=name)
            for name, shape in (("scores", (n_rows, n_outputs)), ("bias", (n_outputs,)))
        )
        self.built = True

    def call(self, ids: Any) -> Any:
        """Return the logits of texts, padded behind the tokens."""
        rows, known = self._found(self._ngrams(ids))
        found = ops.take(self.scores, rows, axis=0) * ops.expand_dims(known, -1)
        return ops.sum(found, axis=1) + self.bias

    def _ngrams(self, ids: Any) -> Any:
        """Return the keys of the n-grams of each text, (batch, n_ngrams), `NO_KEY` for no n-gram.

        One with padding or an unknown word in it is none.
        """
        real = ops.logical_and(ids != PAD_ID, ids != UNKNOWN_ID)
        keys, reals = [ids], [real]
        for n_before in range(1, self.sizes["longest"]):
            keys.append(joined_keys(keys[-1][:, :-1], ids[:, n_before:]))
            reals.append(ops.logical_and(reals[-1][:, :-1], real[:, n_before:]))
        return ops.where(ops.concatenate(reals, axis=1), ops.concatenate(keys, axis=1), NO_KEY)

    def _found(self, keys: Any) -> tuple[Any, Any]:
        """Return the row of each n-gram, and 1.0 for the first of its kind if it has one."""
        keys = ops.sort(keys, axis=1)
        is_new = ops.concatenate([keys[:, :1] == keys[:, :1], keys[:, 1:] != keys[:, :-1]], axis=1)
        places = ops.searchsorted(ops.convert_to_tensor(self.keys), ops.reshape(keys, (-1,)))
        rows = ops.reshape(ops.minimum(places, self.sizes["n_rows"] - 1), ops.shape(keys))
        known = ops.logical_and(ops.take(self.keys, rows) == keys, keys != NO_KEY)
        return rows, ops.cast(ops.logical_and(known, is_new), "float32")

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the logits."""
        return (input_shape[0], self.sizes["n_outputs"])

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), **self.sizes}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class LinearVote(keras.layers.Layer):
    """Mean of two logits, the network's and the linear model's; in training the network's alone.

    Parameters
    ----------
    share : float
        Weight of the linear model's logits; the rest is that of the network's.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, share: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_share = share
        initializer = keras.initializers.Constant(share)
        self.share = self.add_weight(
            shape=(), initializer=initializer, trainable=False, name="share"
        )
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the logits."""
        own, linear = inputs
        return own if training else own + self.share * (linear - own)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        """Return the shape of the logits."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "share": self.initial_share}
