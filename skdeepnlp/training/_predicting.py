"""Logits of many texts, computed in batches of similar length."""

import numpy as np

from skdeepnlp.training._batches import prediction_batches
from skdeepnlp.training._compiled import CompiledNetwork
from skdeepnlp.training._ragged import RaggedIds, padded_rows

__all__ = ["predict_logits"]


def predict_logits(compiled: CompiledNetwork, sequences: RaggedIds) -> np.ndarray:
    """Return the logits of each text, in the order given.

    Parameters
    ----------
    compiled : CompiledNetwork
        The network, with the weights to use.
    sequences : RaggedIds
        The texts.

    Returns
    -------
    logits : ndarray of shape (n_samples, n_outputs), dtype float32
    """
    logits = np.empty((len(sequences.lengths), compiled.network.output_shape[-1]), dtype=np.float32)
    for rows in prediction_batches(sequences.lengths):
        # a number of rows that is a power of two: JAX compiles once per shape
        filled = np.resize(rows, 1 << (len(rows) - 1).bit_length())
        batch = compiled.predict_on(padded_rows(sequences, filled))
        logits[rows] = np.asarray(batch)[: len(rows)]
    return logits
