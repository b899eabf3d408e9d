"""TokenSequences: ragged ids that are indexed as a list of lists is."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split
from sklearn.utils import _safe_indexing

from skdeepnlp.text import PaddedIds, TokenSequences, Vocabulary

VOCABULARY = Vocabulary(list("abcdefgh"))
LISTS = [[4, 2, 3], [], [5], [9, 9]]
lists_of_ids = st.lists(st.lists(st.integers(0, 2**31 - 1), max_size=5), min_size=1, max_size=8)


@pytest.fixture
def sequences():
    return TokenSequences.from_lists(LISTS, VOCABULARY)


@given(lists_of_ids)
def test_lists_survive_the_way_there_and_back(lists):
    assert TokenSequences.from_lists(lists).to_lists() == lists


def test_ids_are_flat_and_typed(sequences):
    assert sequences.ids.tolist() == [4, 2, 3, 5, 9, 9]
    assert sequences.offsets.tolist() == [0, 3, 3, 4, 6]
    assert (sequences.ids.dtype, sequences.offsets.dtype) == (np.int32, np.int64)


def test_length_shape_and_lengths_count_documents(sequences):
    assert len(sequences) == 4
    assert sequences.shape == (4,)
    assert sequences.lengths.tolist() == [3, 0, 1, 2]


def test_one_document_is_a_view(sequences):
    document = sequences[0]
    assert document.tolist() == [4, 2, 3]
    assert np.shares_memory(document, sequences.ids)
    assert sequences[-1].tolist() == [9, 9]


def test_ids_cannot_be_written(sequences):
    with pytest.raises(ValueError, match="read-only"):
        sequences[0][0] = 7


def test_the_array_given_stays_writable():
    ids = np.array([4, 2], dtype=np.int32)
    TokenSequences(ids, [0, 2])
    ids[0] = 3


@given(lists_of_ids, st.data())
def test_slices_index_as_lists_do(lists, data):
    rows = data.draw(st.slices(len(lists)))
    assert TokenSequences.from_lists(lists)[rows].to_lists() == lists[rows]


@given(lists_of_ids, st.data())
def test_positions_index_as_lists_do(lists, data):
    position = st.integers(-len(lists), len(lists) - 1)
    rows = data.draw(st.lists(position, max_size=10))
    chosen = TokenSequences.from_lists(lists)[rows]
    assert chosen.to_lists() == [lists[row] for row in rows]


@given(lists_of_ids, st.data())
def test_masks_index_as_lists_do(lists, data):
    mask = data.draw(st.lists(st.booleans(), min_size=len(lists), max_size=len(lists)))
    chosen = TokenSequences.from_lists(lists)[np.array(mask)]
    assert chosen.to_lists() == [ids for ids, stays in zip(lists, mask, strict=True) if stays]


@pytest.mark.parametrize("rows", [slice(1, 3), [1, 2], np.array([False, True, True, False])])
def test_scikit_learn_can_select_samples(sequences, rows):
    chosen = _safe_indexing(sequences, rows)
    assert chosen.to_lists() == [[], [5]]
    assert chosen.vocabulary is VOCABULARY


def test_scikit_learn_can_split_them_beside_labels(sequences):
    train, test, _, labels = train_test_split(sequences, [0, 1, 2, 3], random_state=0)
    assert test.to_lists() == [LISTS[label] for label in labels]
    assert len(train) == 3


@pytest.mark.parametrize("key", [4, -5, [4], np.array([True])])
def test_documents_that_are_not_there_raise(sequences, key):
    with pytest.raises(IndexError):
        sequences[key]


def test_two_indices_raise(sequences):
    with pytest.raises(IndexError, match="expected one index, for documents"):
        sequences[0, 1]


def test_iteration_gives_the_documents(sequences):
    assert [document.tolist() for document in sequences] == LISTS


def test_pickling_keeps_ids_and_vocabulary(sequences):
    twin = pickle.loads(pickle.dumps(sequences[1:]))
    assert twin.to_lists() == LISTS[1:]
    assert twin.vocabulary == VOCABULARY


def test_padding_is_left_out_of_a_matrix():
    sequences = TokenSequences.from_padded([[2, 3, 0], [0, 0, 0], [0, 4, 5]])
    assert sequences.to_lists() == [[2, 3], [], [4, 5]]


def test_a_padded_matrix_hands_on_its_vocabulary():
    padded_ids = PaddedIds([[2, 0]], VOCABULARY)
    assert TokenSequences.from_padded(padded_ids).vocabulary is VOCABULARY


def test_they_never_become_an_array_unasked(sequences):
    with pytest.raises(TypeError, match=r"fit into no array\. Put a SequencePadder"):
        np.asarray(sequences)


def test_the_repr_counts(sequences):
    assert repr(sequences[:2]) == (
        "TokenSequences(2 documents, 3 tokens, Vocabulary(10 ids: 'a', 'b', 'c', 'd', ...))"
    )


@pytest.mark.parametrize("offsets", [[], [0], [0, 3], [1, 2], [0, 2, 1, 2], [[0, 2]]])
def test_offsets_that_do_not_fit_raise(offsets):
    with pytest.raises(ValueError, match="offsets that rise from 0 to the number of ids"):
        TokenSequences([2, 3], offsets)
