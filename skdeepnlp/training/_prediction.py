"""Logits of many texts, computed in batches of similar length."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from skdeepnlp._ragged import RaggedIds
from skdeepnlp.networks import TextNetwork
from skdeepnlp.training._batching import padded_rows, prediction_batches
from skdeepnlp.training._compiled_network import CompiledNetwork, prediction_step

_FEW, _MANY = 32, 256  # rows of a batch
_ODD = np.uint64(0x9E3779B97F4A7C15)  # without a pattern


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
    return _predicted(compiled.predict_on, compiled.network.output_shape[-1], sequences)


def predict_features(compiled: CompiledNetwork, sequences: RaggedIds) -> np.ndarray:
    """Return what the last layer makes its logits of.

    Parameters
    ----------
    compiled : CompiledNetwork
        The network, with the weights to use.
    sequences : RaggedIds
        The texts.

    Returns
    -------
    features : ndarray of shape (n_samples, n_features), dtype float32
    """
    n_features = compiled.parts.features.shape[-1]
    return _predicted(compiled.auxiliary_step(_features_step), n_features, sequences)


def _features_step(network: TextNetwork) -> Callable[[Any], Any]:
    """Return a function from the ids of a batch to the input of the last layer."""
    return prediction_step(keras.Model(network.model.input, network.features))


def _predicted(step: Callable[[Any], Any], width: int, sequences: RaggedIds) -> np.ndarray:
    """Return what a step computes of each text, in the order given."""
    found = np.empty((len(sequences.lengths), width), dtype=np.float32)
    for rows, ids in padded_batches(sequences):
        found[rows] = np.asarray(step(ids))[: len(rows)]
    return found


def padded_batches(sequences: RaggedIds) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the places of some texts of similar length and their padded ids, until all were there.

    Where each shape is compiled, rows of padding alone fill the batch up.
    """
    n_texts, compiles = len(sequences.lengths), keras.backend.backend() == "jax"
    size = _rows_of_a_batch(n_texts, compiles)
    for rows in prediction_batches(sequences.lengths, size, _fingerprints(sequences)):
        yield rows, padded_rows(sequences, rows, size if compiles else None)


def _fingerprints(sequences: RaggedIds) -> np.ndarray:
    """Return a number for each text that depends on its tokens alone.

    Sorted by it, the same texts meet in the same batches whatever the order they are given in, and
    get the same logits to the last bit: how products are rounded depends on a row's place. Copies
    of one text may differ in the last bit, as they stand at several places.
    """
    places = np.arange(len(sequences.ids)) - np.repeat(sequences.offsets[:-1], sequences.lengths)
    mixed = (sequences.ids.astype(np.uint64) + _ODD) * (places.astype(np.uint64) * 2 + 1) * _ODD
    return np.add.reduceat(mixed ^ (mixed >> 29), sequences.offsets[:-1])


def _rows_of_a_batch(n_texts: int, compiles: bool) -> int:
    """Return how many texts to predict at once.

    A few texts are cut into batches as well, so that one long text does not make all of them long.
    Where each shape is compiled, there are two sizes only.
    """
    if compiles:
        return _FEW if n_texts <= 4 * _MANY else _MANY
    return min(_MANY, max(_FEW, n_texts // 4))
