"""Batches of texts of similar length."""

import keras
import numpy as np

from skdeepnlp._ragged import RaggedIds
from skdeepnlp.training._batching import (
    epoch_batches,
    padded_rows,
    prediction_batches,
    rounded_width,
)

LENGTHS = np.random.default_rng(0).integers(1, 60, size=1000)


def test_each_row_is_in_one_batch_of_an_epoch():
    batches = epoch_batches(LENGTHS, batch_size=32, seed=0)
    assert sorted(np.concatenate(batches).tolist()) == list(range(1000))
    assert sorted({len(batch) for batch in batches}) == [8, 32]


def test_batches_are_decided_by_the_seed():
    first, again, other = (epoch_batches(LENGTHS, 32, seed) for seed in (0, 0, 1))
    assert all(map(np.array_equal, first, again))
    assert not all(map(np.array_equal, first, other))


def test_batches_hold_texts_of_similar_length():
    spread = [np.ptp(LENGTHS[batch]) for batch in epoch_batches(LENGTHS, 32, seed=0)]
    assert np.median(spread) <= 3  # drawn blindly, it is about 57


def test_batches_do_not_come_in_order_of_length():
    firsts = [LENGTHS[batch[0]] for batch in epoch_batches(LENGTHS, 32, seed=0)]
    assert firsts != sorted(firsts)


def test_texts_far_apart_in_the_shuffle_do_not_meet():
    lengths = np.tile(np.arange(1, 11), 1000)
    first, second = (epoch_batches(lengths, 10, seed)[0] for seed in (0, 1))
    # only 50 batches are sorted together, so the same texts do not always meet
    assert len(np.intersect1d(first, second)) < 5


def test_prediction_batches_cover_all_rows_once():
    batches = prediction_batches(LENGTHS, 300)
    assert [len(batch) for batch in batches] == [300, 300, 300, 100]
    assert sorted(np.concatenate(batches).tolist()) == list(range(1000))


def test_widths_are_powers_of_two_where_each_is_compiled_and_exact_elsewhere():
    widths = [rounded_width(length) for length in (1, 32, 33, 57, 64, 65)]
    on_jax = keras.backend.backend() == "jax"
    assert widths == ([32, 32, 64, 64, 64, 128] if on_jax else [1, 32, 33, 57, 64, 65])


def test_rows_are_padded_behind_the_text_in_the_order_asked_for():
    sequences = RaggedIds(np.array([2, 3, 4, 5, 6, 7], dtype=np.int32), np.array([0, 2, 3, 6]))
    padded = padded_rows(sequences, np.array([2, 0, 2, 1]))
    assert padded.dtype == np.int32
    assert padded[:, :3].tolist() == [[5, 6, 7], [2, 3, 0], [5, 6, 7], [4, 0, 0]]
    assert not padded[:, 3:].any()


def test_rows_taken_keep_their_ids():
    sequences = RaggedIds(np.array([2, 3, 4, 5, 6, 7], dtype=np.int32), np.array([0, 2, 3, 6]))
    taken = sequences.take(np.array([2, 0]))
    assert taken.ids.tolist() == [5, 6, 7, 2, 3]
    assert taken.offsets.tolist() == [0, 3, 5]


def test_rows_of_a_batch_stand_in_random_order():
    """Sorted by length, mixup gave each text the same partner again and again."""
    lengths = np.arange(1, 201)
    partners = [set() for _ in lengths]
    for epoch in range(20):
        for batch in epoch_batches(lengths, 32, seed=epoch):
            for row, partner in zip(batch, batch[::-1], strict=True):
                partners[row].add(partner)
    assert np.mean([len(others) for others in partners]) > 8
