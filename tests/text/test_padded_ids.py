"""PaddedIds: an array to everybody, with a vocabulary that outlives slicing and pickling."""

import copy
import pickle
from operator import attrgetter

import joblib
import numpy as np
import pytest
from sklearn.utils import _safe_indexing, check_array

from skdeepnlp.text import PaddedIds, Vocabulary

VOCABULARY = Vocabulary(["good", "film", "bore"])


@pytest.fixture
def padded_ids():
    return PaddedIds([[2, 3, 0], [4, 0, 0], [2, 4, 3]], VOCABULARY)


def test_they_are_an_int32_array(padded_ids):
    assert isinstance(padded_ids, np.ndarray)
    assert padded_ids.dtype == np.int32
    assert padded_ids.tolist() == [[2, 3, 0], [4, 0, 0], [2, 4, 3]]


def test_an_int32_array_is_not_copied():
    array = np.zeros((2, 2), dtype=np.int32)
    assert np.shares_memory(PaddedIds(array), array)


def test_a_vocabulary_that_nobody_gave_is_none():
    assert PaddedIds([[2]]).vocabulary is None


def test_padded_ids_hand_on_their_vocabulary(padded_ids):
    assert PaddedIds(padded_ids).vocabulary is VOCABULARY


@pytest.mark.parametrize(
    "select",
    [
        lambda ids: ids[1:],
        lambda ids: ids[[2, 0]],
        lambda ids: ids[np.array([True, False, True])],
        lambda ids: ids[:, :2],
        lambda ids: ids.copy(),
        lambda ids: ids.take([0], axis=0),
        lambda ids: _safe_indexing(ids, [0, 1]),
        lambda ids: np.vstack([ids, ids]),
        lambda ids: np.hstack([ids]),
        copy.deepcopy,
    ],
)
def test_the_vocabulary_survives_selecting_copying_and_joining(padded_ids, select):
    assert select(padded_ids).vocabulary is VOCABULARY


def test_joining_ids_of_equal_vocabularies_keeps_the_vocabulary(padded_ids):
    twin = PaddedIds([[3, 3, 3]], Vocabulary(["good", "film", "bore"]))
    assert np.concatenate([padded_ids, twin]).vocabulary == VOCABULARY


def test_joining_ids_of_other_vocabularies_loses_the_vocabulary(padded_ids):
    other = PaddedIds([[3, 3, 3]], Vocabulary(["bad"]))
    assert np.concatenate([padded_ids, other]).vocabulary is None


def test_joining_ids_with_other_numbers_gives_a_plain_array(padded_ids):
    assert type(np.hstack([padded_ids, np.ones((3, 1))])) is np.ndarray
    assert type(np.hstack([np.ones((3, 1), dtype=np.int32), padded_ids])) is np.ndarray


@pytest.mark.parametrize(
    "compute",
    [
        lambda ids: ids == 0,
        lambda ids: ids + 1,
        lambda ids: ids.max(axis=1),
        lambda ids: np.add.reduce(ids),
        lambda ids: np.where(ids == 0, 1, ids),
        lambda ids: check_array(ids),
    ],
)
def test_computing_gives_plain_arrays(padded_ids, compute):
    assert type(compute(padded_ids)) is np.ndarray


def test_a_count_is_a_plain_number(padded_ids):
    assert (padded_ids != 0).sum() == 6
    assert isinstance(padded_ids.sum(), np.integer)


def test_writing_in_place_keeps_the_object(padded_ids):
    alias = padded_ids
    alias += 1
    assert alias is padded_ids
    assert padded_ids[0].tolist() == [3, 4, 1]


def test_other_dtypes_have_no_vocabulary(padded_ids):
    assert padded_ids.astype(float).vocabulary is None
    assert padded_ids.argsort(axis=1).vocabulary is None


def test_pickling_keeps_the_vocabulary(padded_ids):
    twin = pickle.loads(pickle.dumps(padded_ids[:2]))
    assert twin.tolist() == [[2, 3, 0], [4, 0, 0]]
    assert twin.vocabulary == VOCABULARY


def test_one_row_can_be_pickled(padded_ids):
    assert pickle.loads(pickle.dumps(padded_ids[0])).tolist() == [2, 3, 0]


def test_joblib_maps_the_ids_into_memory(padded_ids, tmp_path):
    joblib.dump(padded_ids, tmp_path / "ids.joblib")
    loaded = joblib.load(tmp_path / "ids.joblib", mmap_mode="r")
    assert loaded.tolist() == padded_ids.tolist()
    assert loaded.vocabulary == VOCABULARY
    assert not loaded.flags.writeable


@pytest.mark.slow
def test_joblib_workers_get_the_vocabulary(padded_ids):
    jobs = [joblib.delayed(attrgetter("vocabulary"))(padded_ids) for _ in range(2)]
    # one byte: every array travels as a memory map
    assert joblib.Parallel(n_jobs=2, max_nbytes=1)(jobs) == [VOCABULARY, VOCABULARY]


def test_numpy_saves_them_as_an_array(padded_ids, tmp_path):
    np.save(tmp_path / "ids.npy", padded_ids)
    assert np.load(tmp_path / "ids.npy").tolist() == padded_ids.tolist()


@pytest.mark.parametrize("array", [[2, 3], [[[2]]], [[2.5]], [["a"]], [[True]]])
def test_what_is_no_matrix_of_whole_numbers_raises(array):
    with pytest.raises(ValueError, match=r"PaddedIds expects whole numbers of shape \(n_samples"):
        PaddedIds(array)


@pytest.mark.parametrize("array", [[[2, -1]], [[2**31]]])
def test_ids_out_of_range_raise(array):
    with pytest.raises(ValueError, match="PaddedIds expects ids from 0 to 2147483647"):
        PaddedIds(array)
