"""Two layers side by side compute what Keras' Bidirectional computes."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._recurrent_layers import ConcatenateDirections

IDS = np.array([[1, 2, 3, 0, 0], [4, 1, 0, 0, 0], [2, 2, 2, 2, 2]])


def layers(return_sequences):
    options = {"return_sequences": return_sequences, "kernel_initializer": "ones"}
    forwards = keras.layers.LSTM(3, recurrent_initializer="identity", **options)
    backwards = keras.layers.LSTM(
        3, recurrent_initializer="orthogonal", go_backwards=True, **options
    )
    return forwards, backwards


def embedded():
    ids = keras.Input((None,), dtype="int32")
    return ids, keras.layers.Embedding(5, 2, mask_zero=True)(ids)


@pytest.mark.parametrize("return_sequences", [True, False])
def test_outputs_at_real_steps_are_those_of_bidirectional(return_sequences):
    (forwards, backwards), (ids, vectors) = layers(return_sequences), embedded()
    ours = ConcatenateDirections()([forwards(vectors), backwards(vectors)])
    both = keras.layers.Bidirectional(forwards, backward_layer=backwards)
    theirs = both(vectors)
    # Bidirectional copies the layer that reads forwards
    both.set_weights([*forwards.get_weights(), *backwards.get_weights()])
    found, expected = map(np.asarray, keras.Model(ids, [ours, theirs])(IDS))
    real = IDS > 0 if return_sequences else np.ones(3, dtype=bool)
    np.testing.assert_allclose(found[real], expected[real], rtol=1e-5, atol=1e-6)
    assert ours.shape == theirs.shape


@pytest.mark.parametrize("return_sequences", [True, False])
def test_the_mask_goes_on_with_sequences_only(return_sequences):
    (forwards, backwards), (_, vectors) = layers(return_sequences), embedded()
    joined = ConcatenateDirections()([forwards(vectors), backwards(vectors)])
    assert (getattr(joined, "_keras_mask", None) is not None) == return_sequences
