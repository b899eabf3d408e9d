"""SequencePadder: what is cut, where padding goes, and how the length is learned."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

from skdeepnlp.text import PaddedIds, SequencePadder, TextTokenizer, TokenSequences, Vocabulary

LISTS = [[5, 6], [7, 2, 3, 4, 8], []]
lists_of_ids = st.lists(st.lists(st.integers(1, 99), max_size=9), min_size=1, max_size=6)


def padded(lists=LISTS, **parameters):
    return SequencePadder(**parameters).fit_transform(lists).tolist()


def naively_padded(ids, max_length, padding, truncating):
    """Cut and pad one document, written for reading."""
    if len(ids) > max_length and truncating == "middle":
        n_tail = max_length // 2
        ids = ids[: max_length - n_tail] + ids[len(ids) - n_tail :]
    elif len(ids) > max_length:
        ids = ids[:max_length] if truncating == "post" else ids[-max_length:]
    zeros = [0] * (max_length - len(ids))
    return ids + zeros if padding == "post" else zeros + ids


def test_the_longest_document_gives_the_length():
    assert padded() == [[5, 6, 0, 0, 0], [7, 2, 3, 4, 8], [0, 0, 0, 0, 0]]


def test_padding_may_come_first():
    assert padded(padding="pre") == [[0, 0, 0, 5, 6], [7, 2, 3, 4, 8], [0, 0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("truncating", "kept"), [("post", [7, 2, 3]), ("pre", [3, 4, 8]), ("middle", [7, 2, 8])]
)
def test_long_documents_lose_one_part(truncating, kept):
    assert padded(max_length=3, truncating=truncating) == [[5, 6, 0], kept, [0, 0, 0]]


def test_the_middle_of_an_even_length_keeps_as_much_head_as_tail():
    assert padded([[7, 2, 3, 4, 8]], max_length=4, truncating="middle") == [[7, 2, 4, 8]]


@given(
    lists_of_ids,
    st.integers(1, 10),
    st.sampled_from(["pre", "post"]),
    st.sampled_from(["pre", "post", "middle"]),
)
def test_the_matrix_equals_padding_one_document_at_a_time(lists, length, padding, truncating):
    expected = [naively_padded(ids, length, padding, truncating) for ids in lists]
    assert padded(lists, max_length=length, padding=padding, truncating=truncating) == expected


@given(lists_of_ids, st.sampled_from(["pre", "post"]))
def test_inverse_transform_gives_back_what_was_not_cut(lists, padding):
    padder = SequencePadder(padding=padding)
    assert padder.inverse_transform(padder.fit_transform(lists)).to_lists() == lists


@pytest.mark.parametrize(("share", "length"), [(0.1, 1), (0.5, 5), (0.51, 6), (0.95, 10)])
def test_a_share_of_documents_is_kept_whole(share, length):
    lists = [[2] * n_ids for n_ids in range(1, 11)]
    assert SequencePadder(max_length=share).fit(lists).max_length_ == length


@pytest.mark.parametrize(
    ("max_length", "length"), [("longest", 3), (0.99, 3), (4, 3), (2, 2), (0.4, 2)]
)
def test_the_length_never_exceeds_its_cap(max_length, length):
    padder = SequencePadder(max_length=max_length, max_length_cap=3)
    assert padder.fit(LISTS).max_length_ == length


def test_documents_without_ids_have_length_one():
    assert padded([[], []]) == [[0], [0]]
    assert SequencePadder(max_length=0.5).fit([[], []]).max_length_ == 1


def test_the_length_of_fit_holds_at_transform():
    padder = SequencePadder().fit([[2, 3]])
    assert padder.transform([[4, 5, 6, 7], [8]]).tolist() == [[4, 5], [8, 0]]


def test_the_length_is_a_python_int():
    assert type(SequencePadder().fit(LISTS).max_length_) is int


def test_the_output_is_int32_and_remembers_the_vocabulary():
    vocabulary = Vocabulary(["a"])
    padded_ids = SequencePadder().fit_transform(TokenSequences([2], [0, 1], vocabulary))
    assert isinstance(padded_ids, PaddedIds)
    assert padded_ids.dtype == np.int32
    assert padded_ids.vocabulary is vocabulary


def test_a_padded_matrix_can_be_padded_again():
    assert padded(PaddedIds([[2, 3, 0], [4, 0, 0]]), padding="pre") == [[2, 3], [0, 4]]
    assert padded(np.array([[2, 3, 0], [4, 0, 0]]), max_length=1) == [[2], [4]]
    assert padded(pd.DataFrame([[2, 3, 0], [4, 0, 0]])) == [[2, 3], [4, 0]]


def test_the_sequences_given_are_not_changed():
    sequences = TokenSequences.from_lists(LISTS)
    SequencePadder(max_length=2).fit_transform(sequences)
    assert sequences.to_lists() == LISTS


def test_ids_of_another_vocabulary_raise():
    padder = SequencePadder().fit(TextTokenizer().fit_transform(["good film"]))
    other = TextTokenizer().fit_transform(["bad fun today"])
    message = (
        r"Got ids of Vocabulary\(5 ids: 'bad', 'fun', 'today'\) \(digest \w{8}\); SequencePadder "
        r"was fitted on Vocabulary\(4 ids: 'good', 'film'\)"
    )
    with pytest.raises(ValueError, match=message):
        padder.transform(other)
    with pytest.raises(ValueError, match=message):
        padder.inverse_transform(SequencePadder().fit_transform(other))


def test_ids_of_an_equal_vocabulary_pass():
    padder = SequencePadder().fit(TextTokenizer().fit_transform(["good film"]))
    assert padder.transform(TextTokenizer().fit_transform(["good film"])).tolist() == [[2, 3]]


def test_ids_without_a_vocabulary_pass_and_get_none():
    padder = SequencePadder().fit(TextTokenizer().fit_transform(["good film"]))
    assert padder.transform([[3]]).tolist() == [[3, 0]]
    assert padder.transform([[3]]).vocabulary is None


def test_columns_are_named_by_position():
    assert SequencePadder().fit([[2, 3]]).get_feature_names_out().tolist() == ["token_0", "token_1"]


def test_a_frame_of_texts_raises_with_advice():
    message = "document 0 holds str: 'good film'. Put a TextTokenizer before it"
    with pytest.raises(TypeError, match=message):
        SequencePadder().fit(pd.DataFrame({"text": ["good film"]}))


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_text_raises_with_advice(method):
    padder = SequencePadder().fit([[2]])
    message = (
        "SequencePadder expects token sequences, but document 0 is text: 'some raw text here'. "
        "Put a TextTokenizer before it."
    )
    with pytest.raises(TypeError, match=message):
        getattr(padder, method)(["some raw text here"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"max_length": 0},
        {"max_length": 1.0},
        {"max_length": "mean"},
        {"max_length_cap": 0},
        {"padding": "middle"},
        {"truncating": "head"},
    ],
)
def test_parameters_out_of_their_limits_raise(parameters):
    name = next(iter(parameters))
    with pytest.raises(ValueError, match=f"The '{name}' parameter of SequencePadder must be"):
        SequencePadder(**parameters).fit(LISTS)


@pytest.mark.parametrize("method", ["transform", "inverse_transform", "get_feature_names_out"])
def test_nothing_works_before_fit(method):
    with pytest.raises(NotFittedError):
        getattr(SequencePadder(), method)([[2]])


def test_the_number_of_features_is_not_claimed():
    padder = SequencePadder().fit(LISTS)
    assert not hasattr(padder, "n_features_in_")
    assert get_tags(padder).input_tags.two_d_array is False
