"""The learning rate as a function of the step."""

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
