"""Logits of many texts, computed in batches of similar length."""

import keras
import numpy as np

from skdeepnlp.training._batches import prediction_batches
from skdeepnlp.training._ragged import RaggedIds, padded_rows

__all__ = ["predict_logits"]


def predict_logits(network: keras.Model, sequences: RaggedIds) -> np.ndarray:
    """Return the logits of each text, in the order given.

    Parameters
    ----------
    network : keras.Model
        From ids to logits.
    sequences : RaggedIds
        The texts.

    Returns
    -------
    logits : ndarray of shape (n_samples, n_outputs), dtype float32
    """
    logits = np.empty((len(sequences.lengths), network.output_shape[-1]), dtype=np.float32)
    for rows in prediction_batches(sequences.lengths):
        # a number of rows that is a power of two: JAX compiles once per shape
        filled = np.resize(rows, 1 << (len(rows) - 1).bit_length())
        batch = network.predict_on_batch(padded_rows(sequences, filled))
        logits[rows] = np.asarray(batch)[: len(rows)]
    return logits
