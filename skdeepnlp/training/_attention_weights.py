"""The weights that a network with attention pooling gives to the tokens of texts."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from skdeepnlp._contracts import PAD_ID
from skdeepnlp._ragged import RaggedIds
from skdeepnlp.networks import TextNetwork
from skdeepnlp.training._compiled_network import CompiledNetwork, prediction_step
from skdeepnlp.training._prediction import padded_batches


def attention_of_texts(compiled: CompiledNetwork, sequences: RaggedIds) -> list[np.ndarray]:
    """Return the weight of each token of each text.

    Parameters
    ----------
    compiled : CompiledNetwork
        With the weights to use, and attention pooling.
    sequences : RaggedIds
        The texts.

    Returns
    -------
    weights : list of ndarray of shape (n_tokens,), dtype float32
        In the order of the texts.
    """
    attend_to = compiled.auxiliary_step(_attention_step)
    found: list[np.ndarray] = [np.empty(0, dtype=np.float32)] * len(sequences.lengths)
    for rows, ids in padded_batches(sequences):
        weights = ops.convert_to_numpy(attend_to(ids))
        for row, of_row in zip(rows, weights[: len(rows)], strict=True):
            found[row] = of_row[: sequences.lengths[row]]
    return found


def _attention_step(network: TextNetwork) -> Callable[[Any], Any]:
    """Return a function from the ids of a batch to the weights of its tokens."""
    pooling, ids = network.pooling, network.model.input
    assert pooling is not None
    # Keras counts the mask among the inputs of a layer
    before = keras.tree.flatten(pooling.input)[0]
    return prediction_step(keras.Model(ids, _AttentionOf(pooling)(before, ids)))


class _AttentionOf(keras.layers.Layer):
    """What a pooling layer weighs by, as a layer that knows the variables of the other.

    Parameters
    ----------
    pooling : keras.layers.Layer
        With a method `attention`.
    """

    def __init__(self, pooling: keras.layers.Layer) -> None:
        super().__init__(dtype="float32")  # under mixed precision too
        self.pooling, self.supports_masking = pooling, True

    def call(self, features: Any, ids: Any) -> Any:
        """Return the weight of each token of each row."""
        return self.pooling.attention(features, ops.not_equal(ids, PAD_ID))
