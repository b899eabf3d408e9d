"""The learning rate as a function of the step."""

import keras
import numpy as np
import pytest

from skdeepnlp.training import Schedule


def factors(kind, warmup=0.0, n_steps=10, losses=()):
    schedule = Schedule(kind, warmup, n_steps)
    return [round(schedule.factor(step, list(losses)), 4) for step in range(n_steps)]


def test_warming_up_is_a_straight_line_and_then_nothing_changes():
    assert factors(None, 0.4) == [0.25, 0.5, 0.75, 1.0, 1, 1, 1, 1, 1, 1]


def test_a_cosine_starts_at_the_top_is_half_way_in_the_middle_and_ends_near_nothing():
    found = factors("cosine")
    assert (found[0], found[5]) == (1.0, 0.5)
    assert found == sorted(found, reverse=True)
    assert 0 < found[-1] < 0.03


def test_one_cycle_rises_for_three_tenths_and_falls():
    found = factors("one_cycle", n_steps=100)
    assert found[0] == 0.04
    assert found.index(max(found)) == 30
    assert found[:31] == sorted(found[:31])
    assert found[30:] == sorted(found[30:], reverse=True)
    assert 0 < found[-1] < 0.01


def test_warmup_is_the_rise_of_one_cycle():
    """The rate rose to its height, fell to a 25th and rose again."""
    found = factors("one_cycle", 0.1, n_steps=100)
    assert found[0] == 0.04
    assert found.index(max(found)) == 10
    assert found[:11] == sorted(found[:11])
    assert found[10:] == sorted(found[10:], reverse=True)


@pytest.mark.parametrize(
    ("losses", "factor"),
    [
        ([], 1.0),
        ([3, 2, 1], 1.0),
        ([1, 2], 1.0),
        ([1, 2, 2], 0.5),
        ([1, 2, 2, 2], 0.5),
        ([1, 2, 2, 2, 2], 0.25),
        ([1, 2, 2, 0.5, 1], 0.5),
    ],
)
def test_on_a_plateau_the_rate_is_halved_after_two_epochs_without_a_smaller_loss(losses, factor):
    assert factors("plateau", losses=losses) == [factor] * 10


def test_beyond_the_last_step_the_rate_stays_at_its_end():
    assert Schedule("cosine", 0.0, 10).factor(25, []) == 0.0
    assert Schedule("one_cycle", 0.0, 10).factor(25, []) == pytest.approx(1e-4)


def straight_rise(warmup, n_steps):
    """Return the warmed-up part of the rates: equal steps up to the whole."""
    n_warm = int(np.ceil(warmup * n_steps))
    return np.arange(1, n_warm + 1) / max(n_warm, 1)


@pytest.mark.parametrize("n_steps", [1, 2, 7, 40, 333])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5, 0.95])
def test_warmup_and_cosine_are_those_of_the_paper(n_steps, warmup):
    """Loshchilov & Hutter's formula without restarts, written as the square of a cosine."""
    rise = straight_rise(warmup, n_steps)
    n_left = n_steps - len(rise)
    wave = np.cos(np.pi / 2 * np.arange(n_left) / max(n_left, 1)) ** 2
    for kind, rest in (("cosine", wave), (None, np.ones(n_left)), ("plateau", np.ones(n_left))):
        schedule = Schedule(kind, warmup, n_steps)
        found = [schedule.factor(step, []) for step in range(n_steps)]
        np.testing.assert_allclose(found, [*rise, *rest], atol=1e-12)
        assert 0 < min(found) <= max(found) <= 1


@pytest.mark.parametrize("n_steps", [1, 7, 40, 333])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.9])
def test_one_cycle_is_two_half_waves(n_steps, warmup):
    """From 1/25 of the rate to the whole, and from there to 1/10,000 of it."""
    done = np.arange(n_steps) / n_steps
    top = warmup or 0.3
    up = 0.04 + 0.96 * np.sin(np.pi / 2 * done / top) ** 2
    down = 1e-4 + 0.9999 * np.cos(np.pi / 2 * (done - top) / (1 - top)) ** 2
    schedule = Schedule("one_cycle", warmup, n_steps)
    found = [schedule.factor(step, []) for step in range(n_steps)]
    np.testing.assert_allclose(found, np.where(done < top, up, down), atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_a_plateau_is_that_of_keras_callback(seed):
    """The rate after each of 30 epochs is that of `ReduceLROnPlateau` with the same losses."""
    losses = np.random.default_rng(seed).integers(1, 60, size=30).astype(float) + 30 / (1 + seed)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(1.0))
    callback = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_delta=0.0)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(30):
        callback.on_epoch_end(epoch, {"val_loss": losses[epoch]})
        found = Schedule("plateau", 0.0, 300).factor(10 * (epoch + 1), list(losses[: epoch + 1]))
        assert found == pytest.approx(float(np.asarray(model.optimizer.learning_rate)))
    assert found < 1e-2
