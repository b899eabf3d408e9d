"""The linear path adds up what the n-grams of a text score, whatever the padding."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._linear_path import NO_KEY, LinearPath, joined_keys


def path_of(grams, longest=2, n_rows=8):
    """Return a layer that knows some n-grams, each with its scores."""
    keys = {}
    for gram, scores in grams.items():
        key = np.int32([gram[0]])
        for token in gram[1:]:
            key = joined_keys(key, np.int32([token]))
        keys[int(key[0])] = scores
    layer = LinearPath(longest, n_rows, 2)
    ordered = sorted(keys)
    filled = np.full(n_rows, NO_KEY, dtype="int32")
    filled[: len(ordered)] = ordered
    scores = np.zeros((n_rows, 2))
    for row, key in enumerate(ordered):
        scores[row] = keys[key]
    layer.set_weights([filled, scores, np.array([0.5, -0.5])])
    return layer


GRAMS = {(2,): [1, 0], (3,): [0, 4], (2, 3): [3, 3]}


def test_each_ngram_counts_once_however_often_it_stands_there():
    ids = np.array([[2, 3, 2, 3, 2, 0], [3, 2, 0, 0, 0, 0]], dtype="int32")
    found = np.asarray(path_of(GRAMS)(ids))
    np.testing.assert_allclose(found, [[4.5, 6.5], [1.5, 3.5]], rtol=1e-6)


def test_ngrams_with_an_unknown_word_are_none():
    layer = path_of({**GRAMS, (1,): [7, 7], (1, 2): [7, 7]})
    found = np.asarray(layer(np.array([[1, 2, 1]], dtype="int32")))
    np.testing.assert_allclose(found, [[1.5, -0.5]])


def test_ngrams_that_were_never_seen_change_nothing():
    layer = path_of(GRAMS)
    known, mixed = (
        np.asarray(layer(np.array([ids], dtype="int32"))) for ids in ([2, 0, 0], [7, 2, 8])
    )
    np.testing.assert_allclose(known, mixed, rtol=1e-6)
    nothing = np.asarray(layer(np.array([[7, 8, 9]], dtype="int32")))
    np.testing.assert_allclose(nothing, [[0.5, -0.5]])


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_padding_changes_nothing(longest):
    layer = path_of({**GRAMS, (3, 2, 3): [2, -1]}, longest)
    ids = np.array([[3, 2, 3]], dtype="int32")
    wide = np.pad(ids, ((0, 0), (0, 5)))
    np.testing.assert_allclose(np.asarray(layer(ids)), np.asarray(layer(wide)), rtol=1e-6)


def test_keys_are_the_same_for_arrays_and_tensors_and_hardly_ever_shared():
    rng = np.random.default_rng(0)
    first, second = rng.integers(1, 20_000, size=(2, 200_000), dtype=np.int32)
    keys = joined_keys(first, second)
    tensors = (keras.ops.convert_to_tensor(x) for x in (first, second))
    assert np.array_equal(np.asarray(joined_keys(*tensors)), keys)
    n_pairs = len(np.unique(first.astype(np.int64) * 20_000 + second))
    assert len(np.unique(keys)) > n_pairs - 20


def test_it_is_built_again_from_its_configuration():
    layer = path_of(GRAMS)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
