"""Vocabulary: a value that never changes and is equal by its tokens."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from skdeepnlp.text import TextTokenizer, Vocabulary

TOKENS = ["good", "film", "그림", "👍🏽"]
token_lists = st.lists(st.text().filter(lambda t: t not in ("[PAD]", "[UNK]")), unique=True)


def test_padding_and_unknown_come_before_the_tokens():
    vocabulary = Vocabulary(["good", "film"])
    assert vocabulary.tokens == ("[PAD]", "[UNK]", "good", "film")
    assert len(vocabulary) == 4


def test_every_token_finds_its_id_and_back():
    vocabulary = Vocabulary(["good", "film"])
    assert vocabulary.id_of("film") == 3
    assert vocabulary.id_of("grief") == 1
    assert vocabulary.id_of("[PAD]") == 0
    assert vocabulary.token_of(2) == "good"
    assert "film" in vocabulary
    assert "grief" not in vocabulary


def test_ids_are_int32():
    ids = Vocabulary(["good", "film"]).to_ids(["film", "grief", "good"])
    assert ids.tolist() == [3, 1, 2]
    assert ids.dtype == np.int32


def test_no_ids_have_no_tokens():
    assert Vocabulary(["good"]).to_tokens([]) == []


@pytest.mark.parametrize("token_id", [-1, 3])
def test_ids_beyond_the_vocabulary_raise(token_id):
    with pytest.raises(ValueError, match="expected ids from 0 to 2"):
        Vocabulary(["good"]).token_of(token_id)


def test_counts_are_aligned_with_ids_and_read_only():
    vocabulary = Vocabulary(["good", "film"], counts=[7, 4], unknown_count=3)
    assert vocabulary.counts.tolist() == [0, 3, 7, 4]
    assert vocabulary.counts.dtype == np.int64
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[2] = 0


def test_counts_that_nobody_gave_are_none():
    assert Vocabulary(["good"]).counts is None


def test_own_names_for_padding_and_unknown_are_kept():
    vocabulary = Vocabulary(["good"], padding_token="<pad>", unknown_token="<unk>")
    assert (vocabulary.padding_token, vocabulary.unknown_token) == ("<pad>", "<unk>")
    assert vocabulary.to_tokens([0, 1, 2]) == ["<pad>", "<unk>", "good"]


def test_equal_tokens_make_equal_vocabularies_whatever_their_counts():
    first, second = Vocabulary(["a", "b"]), Vocabulary(["a", "b"], counts=[2, 1])
    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize("other", [["b", "a"], ["a"], ["ab"], ["a", "b", "c"]])
def test_other_tokens_make_other_vocabularies(other):
    assert Vocabulary(["a", "b"]) != Vocabulary(other)


def test_the_digest_is_the_same_in_another_process():
    code = "from skdeepnlp.text import Vocabulary; print(Vocabulary(['good', '그림']).digest)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.strip()
    assert printed == Vocabulary(["good", "그림"]).digest


def test_copies_are_the_same_object():
    vocabulary = Vocabulary(TOKENS)
    assert copy.copy(vocabulary) is vocabulary
    assert copy.deepcopy(vocabulary) is vocabulary
    assert clone(TextTokenizer(vocabulary=vocabulary)).vocabulary is vocabulary


@given(token_lists)
def test_pickling_and_json_keep_the_value(tokens):
    vocabulary = Vocabulary(tokens, counts=range(len(tokens)), unknown_count=5)
    for twin in (
        pickle.loads(pickle.dumps(vocabulary)),
        Vocabulary.from_json(vocabulary.to_json()),
    ):
        assert twin == vocabulary
        assert twin.tokens == vocabulary.tokens
        assert twin.counts.tolist() == vocabulary.counts.tolist()


def test_json_without_counts_has_none():
    assert Vocabulary.from_json(Vocabulary(["a"]).to_json()).counts is None


def test_looking_things_up_does_not_change_the_pickle():
    vocabulary = Vocabulary(TOKENS)
    before = pickle.dumps(vocabulary)
    vocabulary.id_of("good"), vocabulary.digest, vocabulary == Vocabulary(TOKENS)
    assert pickle.dumps(vocabulary) == before


@pytest.mark.parametrize("name", ["tokens", "counts", "padding_token", "unknown_token"])
def test_nothing_can_be_set(name):
    with pytest.raises(AttributeError):
        setattr(Vocabulary(["a"]), name, None)


def test_tokens_of_an_array_become_str():
    assert {type(token) for token in Vocabulary(np.array(["a", "b"])).tokens} == {str}


def test_the_repr_shows_the_first_tokens():
    assert repr(Vocabulary(list("abcdef"))) == "Vocabulary(8 ids: 'a', 'b', 'c', 'd', ...)"


@pytest.mark.parametrize(
    ("tokens", "error", "message"),
    [
        (["a", "b", "a"], ValueError, "Got the token 'a' 2 times; expected each token once"),
        (["[UNK]"], ValueError, r"Got the token '\[UNK\]' 2 times; .* ids 0 and 1 already"),
        (["a", 7], TypeError, "Got the token 7; expected every token to be a str"),
        ("abc", TypeError, "Got tokens='abc'; expected a sequence of str"),
        (None, TypeError, "Got tokens=None; expected a sequence of str"),
    ],
)
def test_bad_tokens_raise_by_name(tokens, error, message):
    with pytest.raises(error, match=message):
        Vocabulary(tokens)


def test_counts_of_another_length_raise():
    with pytest.raises(ValueError, match="Got 1 counts for 2 tokens"):
        Vocabulary(["a", "b"], counts=[3])


@pytest.mark.parametrize("text", ["[]", '{"tokens": []}'])
def test_other_json_raises(text):
    with pytest.raises(ValueError, match=r"expected what Vocabulary\.to_json wrote"):
        Vocabulary.from_json(text)
