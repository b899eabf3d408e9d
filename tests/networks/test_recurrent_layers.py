"""Recurrent layers that drop weights or states at rates that are variables."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._recurrent_layers import DroppableGRU, DroppableLSTM, DroppableSimpleRNN

LAYERS = [DroppableLSTM, DroppableGRU, DroppableSimpleRNN]
PLAIN = {
    DroppableLSTM: keras.layers.LSTM,
    DroppableGRU: keras.layers.GRU,
    DroppableSimpleRNN: keras.layers.SimpleRNN,
}


@pytest.fixture
def sequences():
    return np.random.default_rng(0).normal(size=(4, 6, 3)).astype("float32")


@pytest.mark.parametrize("layer", LAYERS)
def test_outside_training_the_layer_is_that_of_keras(layer, sequences):
    dropping, plain = layer(5, weight_dropout=0.5, seed=1), PLAIN[layer](5)
    for each in (dropping, plain):
        each.build(sequences.shape)
    dropping.cell.set_weights(plain.cell.get_weights()[: len(dropping.cell.get_weights())])
    for mine, theirs in zip(dropping.trainable_variables, plain.trainable_variables, strict=True):
        mine.assign(theirs)
    expected = np.asarray(plain(sequences))
    np.testing.assert_allclose(np.asarray(dropping(sequences)), expected, atol=1e-6)
    assert np.abs(np.asarray(dropping(sequences, training=True)) - expected).max() > 1e-3
    # the layer has its own matrix back
    np.testing.assert_allclose(np.asarray(dropping(sequences)), expected, atol=1e-6)


@pytest.mark.parametrize("layer", LAYERS)
def test_weights_are_dropped_at_the_rate_and_the_others_scaled_up(layer):
    dropping = layer(40, weight_dropout=0.25, seed=1)
    ones = keras.ops.ones((40, 160))
    found = np.asarray(dropping._dropped(ones, dropping.weight_rate))
    assert (found == 0).mean() == pytest.approx(0.25, abs=0.02)
    np.testing.assert_allclose(np.unique(found), [0, 4 / 3], rtol=1e-6)


def test_all_weights_dropped_leave_each_step_to_its_input(sequences):
    """Nearly all entries are dropped: what the first five steps held cannot reach the last one."""
    dropping = DroppableSimpleRNN(5, weight_dropout=0.99999, seed=1)
    same_end = np.where(np.arange(6)[:, None] == 5, sequences, -sequences).astype("float32")
    found, other = (np.asarray(dropping(x, training=True)) for x in (sequences, same_end))
    np.testing.assert_allclose(found, other, atol=1e-6)


def test_one_mask_of_the_states_holds_over_time():
    """A state is handed on at each step or at none; with a mask a step nearly all would be lost."""
    layer = DroppableSimpleRNN(
        400,
        activation="linear",
        kernel_initializer="identity",
        recurrent_initializer="identity",
        recurrent_dropout=0.25,
        seed=1,
    )
    pulse = np.zeros((2, 8, 400), dtype="float32")
    pulse[:, 0] = 1
    found = np.asarray(layer(pulse, training=True))
    assert (found == 0).mean() == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(found[found != 0], (4 / 3) ** 7, rtol=1e-4)
    assert not np.array_equal(found[0] == 0, found[1] == 0)  # each text has a mask of its own


@pytest.mark.parametrize("name", ["weight_dropout", "recurrent_dropout"])
@pytest.mark.parametrize("layer", LAYERS)
def test_the_rate_is_a_variable(layer, name, sequences):
    high, low = (layer(5, seed=1, **{name: rate}) for rate in (0.9, 0.1))
    for each in (high, low):
        each.build(sequences.shape)
    for mine, theirs in zip(low.trainable_variables, high.trainable_variables, strict=True):
        mine.assign(theirs)
    rate = "weight_rate" if name == "weight_dropout" else "state_rate"
    getattr(low, rate).assign(0.9)
    found, expected = (np.asarray(each(sequences, training=True)) for each in (low, high))
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_copy_in_both_directions_keeps_rates_and_seed(layer):
    both = keras.layers.Bidirectional(layer(2, weight_dropout=0.5, seed=7))
    assert both.forward_layer.weight_dropout == 0.5
    assert both.forward_layer.cell.seed == 7
