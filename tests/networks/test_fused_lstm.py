"""FusedLSTM computes what Keras' own layer computes, and so do its gradients."""

import keras
import numpy as np
import pytest
from keras import ops

from skdeepnlp.networks.kernels._fused_lstm import FusedLSTM

LENGTHS = np.array([7, 3, 1, 5])
MASK = np.arange(7) < LENGTHS[:, None]


def two_way(layer, return_sequences):
    forward, backward = (
        layer(5, return_sequences=return_sequences, go_backwards=back) for back in (False, True)
    )
    return keras.layers.Bidirectional(forward, backward_layer=backward)


def one_way(layer, return_sequences):
    return layer(5, return_sequences=return_sequences)


def pair(make, return_sequences):
    """Return Keras' layer and the fused one with the same weights, drawn from a normal."""
    layers = [make(cls, return_sequences) for cls in (keras.layers.LSTM, FusedLSTM)]
    rng = np.random.default_rng(0)
    for layer in layers:
        layer.build((None, None, 3))
    weights = [rng.normal(size=weight.shape) for weight in layers[0].get_weights()]
    for layer in layers:
        layer.set_weights(weights)
    return layers


def network_around(layer, return_sequences):
    """Return a network whose loss depends on the layer's outputs at real tokens alone."""
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(
        9, 3, mask_zero=True, embeddings_initializer=keras.initializers.RandomNormal(seed=0)
    )(ids)
    found = layer(vectors)
    if return_sequences:
        real = ops.cast(ops.expand_dims(ids > 0, -1), "float32")
        found = ops.sum(ops.sin(found) * real, axis=1)
    return keras.Model(ids, keras.layers.Dense(1, kernel_initializer="ones")(found))


def ids_of(lengths):
    ids = np.random.default_rng(1).integers(1, 9, size=(4, 7))
    return np.where(np.arange(7) < lengths[:, None], ids, 0).astype("int32")


@pytest.fixture
def sequences():
    return np.random.default_rng(0).normal(size=(4, 7, 3)).astype("float32")


@pytest.mark.parametrize("make", [one_way, two_way])
@pytest.mark.parametrize("mask", [MASK, None], ids=["padded", "full"])
def test_outputs_at_real_tokens_are_those_of_keras(make, mask, sequences):
    expected, found = (np.asarray(layer(sequences, mask=mask)) for layer in pair(make, True))
    real = np.ones((4, 7), dtype=bool) if mask is None else mask
    np.testing.assert_allclose(found[real], expected[real], atol=1e-6)


@pytest.mark.parametrize("make", [one_way, two_way])
@pytest.mark.parametrize("mask", [MASK, None], ids=["padded", "full"])
def test_the_last_output_is_that_of_keras(make, mask, sequences):
    expected, found = (np.asarray(layer(sequences, mask=mask)) for layer in pair(make, False))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_last_output_of_a_row_without_a_token_is_zero(sequences):
    _, fused = pair(one_way, False)
    mask = MASK & (LENGTHS != 3)[:, None]
    assert np.asarray(fused(sequences, mask=mask))[1].tolist() == [0.0] * 5


@pytest.mark.parametrize("make", [one_way, two_way])
@pytest.mark.parametrize("return_sequences", [True, False])
def test_a_step_of_training_moves_the_weights_as_with_keras(make, return_sequences):
    ids, targets = ids_of(LENGTHS), np.arange(4, dtype="float32")[:, None]
    trained = []
    for layer in pair(make, return_sequences):
        network = network_around(layer, return_sequences)
        network.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
        before = network.get_weights()
        network.train_on_batch(ids, targets)
        trained.append([new - old for new, old in zip(network.get_weights(), before, strict=True)])
    for expected, found in zip(*trained, strict=True):
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the kernel is TensorFlow's")
def test_no_loop_over_time_is_left_on_the_processor(sequences):
    import tensorflow as tf

    def operations(layer):
        function = tf.function(lambda x: layer(x), autograph=False)
        graph = function.get_concrete_function(tf.TensorSpec((None, None, 3))).graph
        return {operation.type for operation in graph.get_operations()}

    expected, fused = pair(one_way, True)
    assert {"While", "StatelessWhile"} & operations(expected)
    assert not {"While", "StatelessWhile"} & operations(fused)
    assert "BlockLSTM" in operations(fused)


@pytest.mark.parametrize(
    "options", [{"recurrent_dropout": 0.5}, {"dtype": "mixed_float16"}], ids=str
)
def test_what_the_kernel_cannot_do_is_left_to_keras(options, sequences):
    layer = FusedLSTM(5, **options)
    assert not layer._has_kernel()
    assert np.isfinite(np.asarray(layer(sequences, training=True))).all()


def test_it_is_built_again_from_its_configuration():
    layer = FusedLSTM(5, go_backwards=True, name="read")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is FusedLSTM
    assert (again.units, again.go_backwards, again.name) == (5, True, "read")
