"""The weights that a network with attention pooling gives to the tokens of texts."""

import keras
import numpy as np
from keras import ops

from skdeepnlp._contracts import PAD_ID
from skdeepnlp.training._batches import prediction_batches
from skdeepnlp.training._ragged import RaggedIds, padded_rows

__all__ = ["attention_of_texts"]

_ROWS = 256


def attention_of_texts(network: keras.Model, sequences: RaggedIds) -> list[np.ndarray]:
    """Return the weight of each token of each text.

    Parameters
    ----------
    network : keras.Model
        With a layer "pooling" that has a method `attention`.
    sequences : RaggedIds
        The texts.

    Returns
    -------
    weights : list of ndarray of shape (n_tokens,), dtype float32
        In the order of the texts.
    """
    pooling = network.get_layer("pooling")
    # Keras counts the mask among the inputs of a layer
    before = keras.Model(network.input, keras.tree.flatten(pooling.input)[0])
    found: list[np.ndarray] = [np.empty(0, dtype=np.float32)] * len(sequences.lengths)
    for rows in prediction_batches(sequences.lengths, _ROWS):
        ids = padded_rows(sequences, rows)
        weights = pooling.attention(before(ids, training=False), ids != PAD_ID)
        for row, of_row in zip(rows, ops.convert_to_numpy(weights), strict=True):
            found[row] = of_row[: sequences.lengths[row]]
    return found
