"""TextTokenizer: which tokens get an id, which become unknown, and which are left out."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils import get_tags

from skdeepnlp.text import PaddedIds, TextTokenizer, TokenSequences, Vocabulary

CORPUS = ["b a a", "c b a", "c d", "e a"]  # a: 4 times, b and c: twice, d and e: once
documents = st.lists(st.text(alphabet="ab c", max_size=12), min_size=1).filter(
    lambda texts: any(text.strip() for text in texts)
)


def learned(corpus=CORPUS, **parameters):
    """Return the tokens from id 2 on."""
    return list(TextTokenizer(**parameters).fit(corpus).vocabulary_.tokens[2:])


def test_ids_go_by_falling_count_and_ties_by_first_appearance():
    tokenizer = TextTokenizer()
    sequences = tokenizer.fit_transform(CORPUS)
    assert tokenizer.vocabulary_.tokens == ("[PAD]", "[UNK]", "a", "b", "c", "d", "e")
    assert sequences.to_lists() == [[3, 2, 2], [4, 3, 2], [4, 5], [6, 2]]


def test_sequences_remember_the_vocabulary():
    tokenizer = TextTokenizer()
    assert tokenizer.fit_transform(CORPUS).vocabulary is tokenizer.vocabulary_
    assert tokenizer.transform(CORPUS).vocabulary is tokenizer.vocabulary_


def test_unknown_words_share_one_id():
    assert TextTokenizer().fit(CORPUS).transform(["a x", "y b"]).to_lists() == [[2, 1], [1, 3]]


def test_a_text_without_tokens_is_an_empty_sequence():
    assert TextTokenizer().fit(CORPUS).transform(["", " ", "a"]).to_lists() == [[], [], [2]]


def test_max_tokens_does_not_count_padding_and_unknown():
    tokenizer = TextTokenizer(max_tokens=2)
    assert tokenizer.fit_transform(CORPUS).to_lists() == [[3, 2, 2], [1, 3, 2], [1, 1], [1, 2]]
    assert len(tokenizer.vocabulary_) == 4


@pytest.mark.parametrize("min_df", [2, 0.5])
def test_rare_words_are_unknown_in_training_too(min_df):
    tokenizer = TextTokenizer(min_df=min_df)
    assert tokenizer.fit_transform(CORPUS).to_lists() == [[3, 2, 2], [4, 3, 2], [4, 1], [1, 2]]


def test_min_df_counts_documents_and_not_occurrences():
    assert learned(["a a a b", "b"], min_df=2) == ["b"]


@pytest.mark.parametrize("max_df", [2, 0.5])
def test_words_beyond_max_df_are_left_out(max_df):
    tokenizer = TextTokenizer(max_df=max_df)
    assert tokenizer.fit_transform(CORPUS).to_lists() == [[2], [3, 2], [3, 4], [5]]
    assert tokenizer.transform(["x a b"]).to_lists() == [[1, 2]]
    assert tokenizer.stop_words_ == {"a"}


@pytest.mark.parametrize("stop_words", [["a", "d"], ("A", "D"), {"a", "d"}])
def test_stop_words_are_left_out(stop_words):
    tokenizer = TextTokenizer(stop_words=stop_words)
    assert tokenizer.fit_transform(CORPUS).to_lists() == [[2], [3, 2], [3], [4]]
    assert tokenizer.transform(["d x b a"]).to_lists() == [[1, 2]]


def test_stop_words_keep_their_case_without_lowercase():
    assert learned(["The the film"], lowercase=False, stop_words=["the"]) == ["The", "film"]


def test_english_stop_words_are_those_of_scikit_learn():
    assert learned(["the film of the year"], stop_words="english") == ["film", "year"]


def test_a_stop_word_that_is_no_str_raises():
    with pytest.raises(TypeError, match="Got the stop word 7; expected every stop word to be"):
        learned(stop_words=["a", 7])


def test_stop_words_changed_after_fit_change_nothing():
    tokenizer = TextTokenizer(stop_words=["a"]).fit(CORPUS)
    assert tokenizer.set_params(stop_words=None).transform(["a b"]).to_lists() == [[2]]


def test_counts_are_those_of_the_sequences():
    vocabulary = TextTokenizer(max_tokens=2, stop_words=["c"]).fit(CORPUS).vocabulary_
    assert vocabulary.tokens == ("[PAD]", "[UNK]", "a", "b")
    assert vocabulary.counts.tolist() == [0, 2, 4, 2]


@pytest.mark.parametrize(
    ("corpus", "parameters"),
    [
        (CORPUS, {"min_df": 2, "max_df": 3}),
        (CORPUS, {"min_df": 0.3, "max_df": 0.7}),
        (CORPUS, {"max_df": 1, "min_df": 1}),
        (CORPUS, {"max_tokens": 3}),
    ],
)
def test_the_same_words_are_chosen_as_by_count_vectorizer(corpus, parameters):
    names = {"max_tokens": "max_features"}
    theirs = {names.get(name, name): value for name, value in parameters.items()}
    vectorizer = CountVectorizer(token_pattern=r"\w+", **theirs).fit(corpus)
    assert sorted(learned(corpus, **parameters)) == list(vectorizer.get_feature_names_out())


@pytest.mark.parametrize(
    "vocabulary",
    [
        ["c", "a"],
        ("c", "a"),
        np.array(["c", "a"]),
        {"a": 7, "c": 3},
        Vocabulary(["c", "a"]),
        SimpleNamespace(tokens=["c", "a"]),
        SimpleNamespace(vocabulary=Vocabulary(["c", "a"])),
    ],
)
def test_a_given_vocabulary_decides_the_ids(vocabulary):
    tokenizer = TextTokenizer(vocabulary=vocabulary, max_tokens=1)
    assert tokenizer.fit_transform(CORPUS).to_lists() == [[1, 3, 3], [2, 1, 3], [2, 1], [1, 3]]
    assert tokenizer.transform(["a c x"]).to_lists() == [[3, 2, 1]]


def test_a_given_list_is_counted_in_the_corpus():
    vocabulary = TextTokenizer(vocabulary=["c", "a"], oov_token="?").fit(CORPUS).vocabulary_
    assert vocabulary.tokens == ("[PAD]", "?", "c", "a")
    assert vocabulary.counts.tolist() == [0, 4, 2, 4]


def test_a_given_vocabulary_is_kept_as_it_is():
    vocabulary = Vocabulary(["c", "a"], counts=[100, 50])
    assert clone(TextTokenizer(vocabulary=vocabulary)).fit(CORPUS).vocabulary_ is vocabulary


def test_a_vocabulary_of_count_vectorizer_can_be_given():
    indices = CountVectorizer(token_pattern=r"\w+").fit(CORPUS).vocabulary_
    assert learned(vocabulary=indices) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("vocabulary", "error", "message"),
    [
        ("abc", TypeError, "Got tokens='abc'; expected a sequence of str"),
        (7, TypeError, "Got tokens=7; expected a sequence of str"),
        (["a", "a"], ValueError, "Got the token 'a' 2 times"),
        ({"a": 0, "b": 0}, ValueError, "maps several tokens to one index"),
    ],
)
def test_a_bad_vocabulary_raises(vocabulary, error, message):
    with pytest.raises(error, match=message):
        TextTokenizer(vocabulary=vocabulary).fit(CORPUS)


def test_a_text_that_spells_the_reserved_tokens_is_unknown_and_never_padding():
    tokenizer = TextTokenizer(analyzer=str.split, lowercase=False)
    assert tokenizer.fit_transform(["[PAD] a [UNK]"]).to_lists() == [[1, 2, 1]]
    assert tokenizer.transform(["[PAD] a [UNK]"]).to_lists() == [[1, 2, 1]]


def test_the_unknown_token_can_be_named():
    tokenizer = TextTokenizer(oov_token="<oov>").fit(CORPUS)
    assert tokenizer.inverse_transform([[1, 2]]) == [["<oov>", "a"]]


@given(documents)
def test_tokens_survive_the_way_to_ids_and_back(texts):
    tokenizer = TextTokenizer()
    words = [text.split() for text in texts]
    assert tokenizer.inverse_transform(tokenizer.fit_transform(texts)) == words
    assert tokenizer.inverse_transform(tokenizer.transform(texts)) == words


@given(documents, st.integers(1, 3), st.sampled_from([0.5, 1.0]))
def test_fit_transform_equals_fit_and_then_transform(texts, max_tokens, max_df):
    tokenizer = TextTokenizer(max_tokens=max_tokens, max_df=max_df, min_df=0.0)
    try:
        expected = tokenizer.fit_transform(texts).to_lists()
    except ValueError:
        return  # max_df left no token
    assert tokenizer.transform(texts).to_lists() == expected


def test_many_documents_are_one_corpus():
    texts = ["rare"] + ["a b", "a"] * 5_000 + ["rare"]
    tokenizer = TextTokenizer()
    sequences = tokenizer.fit_transform(texts)
    assert tokenizer.vocabulary_.tokens[2:] == ("a", "b", "rare")
    assert tokenizer.vocabulary_.counts.tolist() == [0, 0, 10_000, 5_000, 2]
    assert sequences[[0, 1, 2, -2, -1]].to_lists() == [[4], [2, 3], [2], [2], [4]]
    assert tokenizer.n_documents_ == 10_002


@pytest.mark.parametrize(
    "ids", [[[3, 0, 1, 2]], TokenSequences([3, 1, 2], [0, 3]), PaddedIds([[3, 1, 2, 0]])]
)
def test_inverse_transform_leaves_padding_out(ids):
    assert TextTokenizer().fit(CORPUS).inverse_transform(ids) == [["b", "[UNK]", "a"]]


def test_inverse_transform_refuses_ids_of_another_vocabulary():
    other = TextTokenizer().fit_transform(["x y z"])
    with pytest.raises(ValueError, match=r"Got ids of Vocabulary\(5 ids: 'x'.*was fitted on Voc"):
        TextTokenizer().fit(CORPUS).inverse_transform(other)


def test_inverse_transform_refuses_ids_beyond_the_vocabulary():
    with pytest.raises(ValueError, match="Got ids from 7 to 7; expected ids from 0 to 6"):
        TextTokenizer().fit(CORPUS).inverse_transform([[7]])


def test_names_belong_to_ids():
    names = TextTokenizer().fit(CORPUS).get_feature_names_out()
    assert names.tolist() == ["[PAD]", "[UNK]", "a", "b", "c", "d", "e"]
    assert names.dtype == object


@pytest.mark.parametrize(
    ("texts", "parameters", "message"),
    [
        (["", " "], {}, "Got 2 documents without a single token; .*analyzer and punctuation"),
        (["!!"], {"punctuation": "drop"}, "Got 1 documents without a single token"),
        (CORPUS, {"min_df": 4}, "Got min_df=4, .*leave none of the 5 distinct tokens.*Lower"),
        (CORPUS, {"min_df": 3, "max_df": 0.5}, "at least 3 documents, and max_df=0.5, at most 2"),
        (["the of"], {"stop_words": "english"}, "318 stop words, which leave none"),
        ([], {}, "Got no documents; TextTokenizer expects at least one text"),
    ],
)
def test_a_corpus_that_leaves_no_token_raises_with_advice(texts, parameters, message):
    with pytest.raises(ValueError, match=message):
        TextTokenizer(**parameters).fit(texts)


@pytest.mark.parametrize(
    "parameters",
    [
        {"analyzer": "word_wb"},
        {"lowercase": "yes"},
        {"punctuation": None},
        {"max_tokens": 0},
        {"min_df": -1},
        {"max_df": 1.5},
        {"stop_words": "german"},
        {"oov_token": None},
    ],
)
def test_parameters_out_of_their_limits_raise(parameters):
    name = next(iter(parameters))
    with pytest.raises(ValueError, match=f"The '{name}' parameter of TextTokenizer must be"):
        TextTokenizer(**parameters).fit(CORPUS)


def test_parameters_are_keyword_only():
    with pytest.raises(TypeError, match="positional"):
        TextTokenizer("word")


@pytest.mark.parametrize("method", ["transform", "inverse_transform", "get_feature_names_out"])
def test_nothing_works_before_fit(method):
    with pytest.raises(NotFittedError):
        getattr(TextTokenizer(), method)(["a"])


def test_one_text_is_not_taken_for_many_letters():
    with pytest.raises(TypeError, match="TextTokenizer expects a sequence of texts, but got one"):
        TextTokenizer().fit("one text")


def test_fitting_again_forgets_the_past():
    tokenizer = TextTokenizer().fit(CORPUS)
    assert tokenizer.fit(["x"]).vocabulary_.tokens == ("[PAD]", "[UNK]", "x")
    assert tokenizer.n_documents_ == 1


def test_the_tags_ask_for_strings():
    tags = get_tags(TextTokenizer()).input_tags
    assert (tags.string, tags.one_d_array, tags.two_d_array) == (True, True, False)


def test_importing_the_text_package_does_not_load_keras():
    code = "import sys, skdeepnlp.text; print({'keras', 'tensorflow'} & set(sys.modules))"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.strip()
    assert printed == "set()"


# Documents that are no texts


TOKENS = [["a", "Good", "film"], ["don't", "like", "C++"], [], ["a", "film"]]


class Parsed:
    """What a parser makes of a text: no sequence, but it tells its tokens."""

    def __init__(self, tokens):
        self.tokens = tokens


@pytest.mark.parametrize(
    "container",
    [
        list,
        tuple,
        lambda documents: np.array(documents, dtype=object),
        lambda documents: pd.Series(documents, index=[7, 3, 5, 9]),
        lambda documents: pd.DataFrame({"tokens": documents}),
        pl.Series,
        lambda documents: [tuple(document) for document in documents],
        lambda documents: [np.array(document, dtype=str) for document in documents],
    ],
)
def test_documents_cut_into_tokens_keep_their_tokens(container):
    tokenizer = TextTokenizer(analyzer=list)
    sequences = tokenizer.fit_transform(container(TOKENS))
    assert tokenizer.inverse_transform(sequences) == TOKENS
    assert tokenizer.transform(container(TOKENS)).to_lists() == sequences.to_lists()


def test_a_callable_gets_each_document_as_a_count_vectorizer_gives_it():
    documents = [Parsed(tokens) for tokens in TOKENS]
    tokenizer = TextTokenizer(analyzer=lambda document: document.tokens).fit(documents)
    vectorizer = CountVectorizer(analyzer=lambda document: document.tokens).fit(documents)
    assert set(tokenizer.vocabulary_.tokens[2:]) == set(vectorizer.vocabulary_)
    assert tokenizer.transform(documents[3:]).to_lists() == [[2, 3]]


def test_texts_are_put_into_lower_case_for_a_callable_and_tokens_are_not():
    tokenizer = TextTokenizer(analyzer=lambda document: list(document))
    tokenizer.fit(["AB", ["AB"]])
    assert tokenizer.vocabulary_.tokens[2:] == ("a", "b", "AB")


def test_chunks_of_documents_cut_into_tokens_teach_what_all_of_them_teach():
    by_chunks = TextTokenizer(analyzer=list).partial_fit(TOKENS[:2]).partial_fit(TOKENS[2:])
    at_once = TextTokenizer(analyzer=list).fit(TOKENS)
    assert by_chunks.vocabulary_.tokens == at_once.vocabulary_.tokens


@pytest.mark.parametrize("wrong", [[["a"], 3], [["a"], b"a"], [["a"], True]])
def test_numbers_and_bytes_are_no_documents_for_a_callable(wrong):
    with pytest.raises(TypeError, match="document 1 is of type"):
        TextTokenizer(analyzer=list).fit(wrong)


def test_missing_documents_are_counted_for_a_callable_too():
    with pytest.raises(ValueError, match="2 of 3 are missing, the first in row 1: None"):
        TextTokenizer(analyzer=list).fit([["a"], None, float("nan")])
