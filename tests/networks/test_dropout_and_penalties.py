"""Dropout and penalties whose strengths are variables."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._activity_penalty import ActivityPenalty
from skdeepnlp.networks._dropout import AdjustableDropout, WordDropout, hyperparameters_of

ONES = np.ones((200, 5, 10), dtype="float32")


def dropped(layer):
    return np.asarray(layer(ONES, training=True))


def test_the_share_of_zeros_is_the_rate_and_the_mean_stays():
    values = dropped(AdjustableDropout(0.4, seed=0))
    assert (values == 0).mean() == pytest.approx(0.4, abs=0.02)
    assert values.mean() == pytest.approx(1.0, abs=0.03)
    np.testing.assert_allclose(np.unique(values), [0, 1 / 0.6], rtol=1e-6)


def test_nothing_is_dropped_outside_training():
    assert np.array_equal(np.asarray(AdjustableDropout(0.9, seed=0)(ONES)), ONES)


def test_the_rate_can_be_changed_after_building():
    layer = AdjustableDropout(0.1, seed=0)
    layer.rate.assign(0.8)
    assert (dropped(layer) == 0).mean() == pytest.approx(0.8, abs=0.02)


def test_one_seed_drops_the_same_values_and_each_call_others():
    first, second = (AdjustableDropout(0.5, seed=3) for _ in range(2))
    before = dropped(first)
    assert np.array_equal(before, dropped(second))
    assert not np.array_equal(before, dropped(first))


def test_dropout_survives_its_config():
    config = AdjustableDropout(0.3, seed=4, name="d").get_config()
    layer = AdjustableDropout.from_config(config)
    assert (layer.initial_rate, layer.seed, layer.name) == (0.3, 4, "d")
    assert float(np.asarray(layer.rate.value)) == pytest.approx(0.3)


def test_hyperparameters_are_found_by_name_in_whatever_layers_hold_them():
    layers = [AdjustableDropout(0.1), AdjustableDropout(0.2, "other"), WordDropout(0.3)]
    found = hyperparameters_of([*layers, ActivityPenalty(), keras.layers.Dense(2)])
    assert sorted(found) == ["activity_l2", "dropout", "other", "temporal_l2", "word_dropout"]
    assert found["other"] == [layers[1].rate]


def test_dropped_words_become_unknown_and_padding_stays():
    ids = np.tile(np.array([5, 6, 7, 0], dtype="int32"), (500, 1))
    found = np.asarray(WordDropout(0.3, seed=0)(ids, training=True))
    assert found.dtype == np.int32
    assert (found[:, :3] == 1).mean() == pytest.approx(0.3, abs=0.03)
    assert set(np.unique(found[:, 1])) == {1, 6}
    assert not found[:, 3].any()
    assert np.array_equal(np.asarray(WordDropout(0.3, seed=0)(ids)), ids)


def activity_loss(layer, outputs, mask, training=True):
    layer(np.array(outputs, dtype="float32"), mask=np.array(mask), training=training)
    return [float(np.asarray(loss)) for loss in layer.losses]


def test_the_penalties_are_means_over_real_steps():
    outputs = [[[1.0, 2.0], [3.0, 2.0], [9.0, 9.0]]]
    mask = [[True, True, False]]
    # squares 1 + 4 + 9 + 4 over 4 numbers; changes 4 + 0 over 2 numbers
    assert activity_loss(ActivityPenalty(1.0, 0.0), outputs, mask) == pytest.approx([4.5])
    assert activity_loss(ActivityPenalty(0.0, 1.0), outputs, mask) == pytest.approx([2.0])
    assert activity_loss(ActivityPenalty(0.1, 10.0), outputs, mask) == pytest.approx([20.45])


def test_rows_of_padding_alone_do_not_count():
    outputs, mask = [[[1.0], [3.0]], [[9.0], [9.0]]], [[True, True], [False, False]]
    assert activity_loss(ActivityPenalty(1.0, 1.0), outputs, mask) == pytest.approx([5.0 + 4.0])


def test_nothing_is_penalized_outside_training():
    assert activity_loss(ActivityPenalty(1.0, 1.0), [[[1.0]]], [[True]], training=False) == []


def drawn_again(layer, shape):
    """Return the numbers that a layer draws in its next pass."""
    generator = keras.random.SeedGenerator(0)
    generator.state.assign(layer.seed_generator.state)
    return np.asarray(keras.random.uniform(shape, seed=generator))


@pytest.mark.parametrize("n_rows", [1, 2, 3, 32])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_values_are_dropped_by_the_numbers_drawn_and_differ_in_each_pass(rate, n_rows):
    layer = AdjustableDropout(rate, seed=7)
    inputs = np.random.default_rng(0).normal(size=(n_rows, 5, 16)).astype("float32")
    passes = []
    for _ in range(2):
        kept = drawn_again(layer, inputs.shape) >= np.float32(rate)
        found = np.asarray(layer(inputs, training=True))
        np.testing.assert_allclose(found, np.where(kept, inputs / (1 - rate), 0), rtol=2e-6)
        rows = {row.tobytes() for row in kept}
        steps = {step.tobytes() for row in kept for step in row}
        assert len(rows) == n_rows  # each row has a mask of its own, and each step
        assert len(steps) > n_rows
        passes.append(kept)
    assert not np.array_equal(*passes)


@pytest.mark.parametrize("n_rows", [1, 2, 3, 32])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_words_are_dropped_whole_by_the_numbers_drawn(rate, n_rows):
    layer = WordDropout(rate, seed=7)
    rng = np.random.default_rng(0)
    lengths = rng.integers(0, 41, size=(n_rows, 1))
    ids = np.where(np.arange(40) < lengths, rng.integers(1, 9, size=(n_rows, 40)), 0)
    passes = []
    for _ in range(2):
        made_unknown = drawn_again(layer, ids.shape) < np.float32(rate)
        found = np.asarray(layer(ids.astype("int32"), training=True))
        assert np.array_equal(found, np.where(made_unknown & (ids > 0), 1, ids))
        passes.append(made_unknown)
    assert not np.array_equal(*passes)
