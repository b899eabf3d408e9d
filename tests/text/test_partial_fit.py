"""Learning chunk by chunk: what TextTokenizer and SequencePadder learn is that of one fit."""

import pickle

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from skdeepnlp.text import SequencePadder, TextTokenizer, TokenSequences, Vocabulary

CHUNKS = [["b a a", "c b a"], ["c d"], ["e a"]]
CORPUS = [text for chunk in CHUNKS for text in chunk]
words = st.text(alphabet="abcdé ,", max_size=12)
chunked = st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=5)
limits = st.fixed_dictionaries(
    {},
    optional={
        "max_tokens": st.integers(1, 4),
        "min_df": st.integers(1, 3) | st.floats(0, 0.5),
        "max_df": st.integers(2, 9) | st.floats(0.5, 1),
        "stop_words": st.lists(st.sampled_from(["a", "b", ","])),
        "vocabulary": st.just(["b", "zz", "a"]),
        "punctuation": st.just("drop"),
    },
)
lengths = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=8), min_size=1, max_size=5)


def by_chunks(step, chunks):
    for chunk in chunks:
        assert step.partial_fit(chunk) is step
    return step


def facts(learn, corpus):
    """Return all that a tokenizer knows and does, or why it knows nothing."""
    try:
        tokenizer = learn()
        vocabulary = tokenizer.vocabulary_
    except ValueError as error:
        return str(error)
    return (
        vocabulary.tokens,
        vocabulary.counts.tolist(),
        tokenizer.stop_words_,
        tokenizer.n_documents_,
        tokenizer.transform(corpus).to_lists(),
    )


@settings(max_examples=300)
@given(chunked, limits)
@example([[""]], {"max_df": 0.5})  # chunks were said to hold no token, where fit found no room
def test_chunks_teach_what_one_fit_teaches(chunks, parameters):
    corpus = [text for chunk in chunks for text in chunk]
    tokenizer = TextTokenizer(**parameters)
    at_once = facts(lambda: clone(tokenizer).fit(corpus), corpus)
    assert facts(lambda: by_chunks(tokenizer, chunks), corpus) == at_once


def test_the_vocabulary_can_be_used_between_chunks():
    tokenizer = TextTokenizer().partial_fit(CHUNKS[0])
    assert tokenizer.transform(["a b c d"]).to_lists() == [[2, 3, 4, 1]]
    by_chunks(tokenizer, CHUNKS[1:])
    assert tokenizer.vocabulary_.tokens[2:] == ("a", "b", "c", "d", "e")
    assert tokenizer.vocabulary_.counts.tolist() == [0, 0, 4, 2, 2, 1, 1]
    assert tokenizer.n_documents_ == 4


def test_a_chunk_without_tokens_is_no_error_but_using_nothing_is():
    tokenizer = TextTokenizer(min_df=2).partial_fit(["", " "])
    with pytest.raises(ValueError, match="Got 2 documents without a single token"):
        tokenizer.transform(["a"])
    with pytest.raises(ValueError, match="leave none of the 2 distinct tokens"):
        _ = tokenizer.partial_fit(["a b"]).vocabulary_
    assert tokenizer.partial_fit(["a"]).vocabulary_.tokens[2:] == ("a",)


def test_fit_forgets_the_chunks():
    tokenizer = by_chunks(TextTokenizer(), CHUNKS).fit(["x"])
    assert (tokenizer.vocabulary_.tokens[2:], tokenizer.n_documents_) == (("x",), 1)
    assert vars(tokenizer).keys() == vars(TextTokenizer().fit(["x"])).keys()


def test_a_chunk_after_fit_raises():
    with pytest.raises(ValueError, match=r"Got partial_fit after fit, .*on the first chunk too"):
        TextTokenizer().fit(CORPUS).partial_fit(CORPUS)


def test_a_given_vocabulary_goes_on_after_fit():
    tokenizer = TextTokenizer(vocabulary=["c", "a"]).fit(CHUNKS[0]).partial_fit(CORPUS[2:])
    assert tokenizer.vocabulary_.counts.tolist() == [0, 4, 2, 4]
    assert tokenizer.n_documents_ == 4


def test_a_given_vocabulary_with_counts_is_kept_as_it_is():
    vocabulary = Vocabulary(["c", "a"], counts=[100, 50])
    assert by_chunks(TextTokenizer(vocabulary=vocabulary), CHUNKS).vocabulary_ is vocabulary


def test_clone_drops_the_chunks():
    twin = clone(by_chunks(TextTokenizer(), CHUNKS))
    with pytest.raises(NotFittedError):
        twin.transform(["a"])


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_pickle_goes_on_where_the_tokenizer_was(is_asked):
    tokenizer = TextTokenizer(min_df=2).partial_fit(CHUNKS[0])
    if is_asked:
        assert tokenizer.vocabulary_.tokens[2:] == ("a", "b")
    again = by_chunks(pickle.loads(pickle.dumps(tokenizer)), CHUNKS[1:])
    assert again.vocabulary_.tokens[2:] == ("a", "b", "c")


def test_the_pickle_of_a_fitted_tokenizer_holds_the_chosen_tokens_alone():
    texts = [f"word{number} common" for number in range(1000)]
    fitted = len(pickle.dumps(TextTokenizer(max_tokens=1).fit(texts)))
    assert fitted < 2_000 < len(pickle.dumps(TextTokenizer(max_tokens=1).partial_fit(texts)))


def test_parameters_are_checked_with_the_first_chunk():
    with pytest.raises(ValueError, match="The 'min_df' parameter of TextTokenizer must be"):
        TextTokenizer(min_df=-1).partial_fit(CORPUS)


@given(lengths, st.just("longest") | st.floats(0.01, 0.99), st.none() | st.integers(1, 20))
def test_a_padder_learns_the_same_length_by_chunks(chunks, max_length, cap):
    sequences = [[[2] * length for length in chunk] for chunk in chunks]
    padder = SequencePadder(max_length=max_length, max_length_cap=cap)
    at_once = clone(padder).fit([row for chunk in sequences for row in chunk])
    assert by_chunks(padder, sequences).max_length_ == at_once.max_length_


@given(st.lists(st.integers(1, 30), min_size=1), st.integers(1, 99))
def test_a_share_is_the_length_that_so_many_do_not_exceed(lengths, percent):
    fitted = SequencePadder(max_length=percent / 100).fit([[2] * length for length in lengths])
    enough = [n for n in lengths if 100 * sum(m <= n for m in lengths) >= percent * len(lengths)]
    assert fitted.max_length_ == min(enough)


def test_a_padder_forgets_the_chunks_when_it_is_fitted():
    padder = by_chunks(SequencePadder(), [[[2, 3, 4]], [[5]]]).fit([[5, 6]])
    assert padder.max_length_ == 2
    assert padder.partial_fit([[5]]).max_length_ == 2


def test_a_padder_refuses_chunks_of_two_vocabularies():
    one, other = (TextTokenizer().fit_transform([text]) for text in ("a b", "c d e"))
    with pytest.raises(ValueError, match="SequencePadder was fitted on Vocabulary"):
        SequencePadder().partial_fit(one).partial_fit(other)


def test_a_padder_remembers_the_vocabulary_of_its_chunks():
    sequences = TextTokenizer().fit_transform(CORPUS)
    plain = TokenSequences(np.array([2]), np.array([0, 1]))
    padder = SequencePadder().partial_fit(plain).partial_fit(sequences).partial_fit(plain)
    assert padder.vocabulary_ is sequences.vocabulary
