"""Widths of training batches: few where each is compiled, any where one trace serves all."""

import keras
import numpy as np
import pytest

from skdeepnlp import CNNClassifier, NetworkClassifier
from skdeepnlp.training import _training_loop
from skdeepnlp.training._batching import rounded_width, training_widths

SENTENCES = np.repeat([6, 10, 14], 300)


@pytest.fixture
def compiling(monkeypatch):
    """Choose as on the backend that compiles each width."""
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")


def test_batches_may_have_any_width_where_one_trace_serves_all(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert training_widths(SENTENCES, 32) == ()


@pytest.mark.usefixtures("compiling")
@pytest.mark.parametrize(
    ("lengths", "batch_size", "widths"),
    [
        ([5] * 20, 32, (32,)),  # a narrow width would not earn its compilation back
        ([*SENTENCES, 58], 32, (16, 64)),  # none of 32 for the sake of one long text
        ([*SENTENCES, 58], 1024, (64,)),  # which is in every batch
        (np.repeat([14, 30, 58], 3000), 32, (16, 32, 64)),
        (np.repeat([7, 200], 3000), 32, (8, 256)),
    ],
)
def test_widths_are_those_that_cost_least(lengths, batch_size, widths):
    assert training_widths(np.asarray(lengths), batch_size) == widths


@pytest.mark.usefixtures("compiling")
def test_the_order_of_the_texts_does_not_matter():
    shuffled = np.random.default_rng(0).permutation([*SENTENCES, 58])
    assert training_widths(shuffled, 32) == (16, 64)


@pytest.mark.usefixtures("compiling")
@pytest.mark.parametrize("seed", range(5))
def test_no_other_choice_of_widths_costs_less(seed):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, rng.integers(2, 300), size=rng.integers(1, 3000))
    powers = [8, 16, 32, 64, 128, 256, 512]
    upto = powers[: powers.index(rounded_width(int(lengths.max()))) + 1]
    choices = [
        [*(power for bit, power in enumerate(upto[:-1]) if number >> bit & 1), upto[-1]]
        for number in range(2 ** (len(upto) - 1))
    ]
    chosen = training_widths(lengths, 32)
    assert _cost(chosen, lengths) == min(_cost(choice, lengths) for choice in choices)


def _cost(widths, lengths):
    """Return the padded ids of an epoch, and 8,000 more for each width."""
    batches = np.sort(lengths)[::-32]
    padded = [next(width for width in widths if width >= longest) for longest in batches]
    return 32 * sum(padded) + 8_000 * len(widths)


def test_a_batch_gets_the_first_width_that_holds_it():
    assert [rounded_width(length, (16, 64)) for length in (1, 16, 17, 64)] == [16, 16, 64, 64]


@pytest.mark.parametrize(
    ("of_own_layers", "on_jax", "elsewhere"),
    [(True, {16, 64}, {6, 10, 58}), (False, {32, 64}, {6, 10, 58})],
)
def test_batches_have_the_widths_chosen_unless_the_layers_are_the_users(
    of_own_layers, on_jax, elsewhere, monkeypatch
):
    """A layer of the user's may want more steps than the narrowest width has."""
    seen, padded_rows = set(), _training_loop.padded_rows

    def watched(*arguments):
        seen.add(padded_rows(*arguments).shape[1])
        return padded_rows(*arguments)

    monkeypatch.setattr(_training_loop, "padded_rows", watched)
    lengths = np.repeat([6, 10, 58], [480, 478, 2])
    ids = np.where(np.arange(58) < lengths[:, None], 2, 0)
    toy = {"embedding_dim": 2, "epochs": 1, "early_stopping": False, "random_state": 0}
    own = CNNClassifier(filters=2, kernel_sizes=(2,), **toy)
    classifier = own if of_own_layers else NetworkClassifier(encoder=_itself, **toy)
    classifier.fit(ids, np.arange(960) % 2)
    assert seen == (on_jax if keras.backend.backend() == "jax" else elsewhere)


def _itself(embedded):
    return embedded
