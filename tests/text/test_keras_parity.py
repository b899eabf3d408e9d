"""The tutorials' chain, Tokenizer and pad_sequences, gives the same ids and the same matrix.

With an out-of-vocabulary token the ids are equal as they stand: Keras gives it 1 and its words 2
and up. Without one, Keras' words start at 1, one below ours. Keras' `num_words` bounds the ids, so
``num_words=n`` with an out-of-vocabulary token is ``max_tokens=n - 2``.
"""

import importlib

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from skdeepnlp.text import SequencePadder, TextTokenizer

CORPUS = [
    "A moving, funny film -- the best of the year!",
    "The plot is thin; the film is long, and the ending is worse.",
    "I don't know why the critics loved it...",
    "Funny? No. Long? Yes!",
    "the the the best film",
]
UNSEEN = ["The best book of the century", "???", "A thin, moving plot: I loved it & the ending!"]
FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TO_SPACES = str.maketrans(FILTERS, " " * len(FILTERS))


def keras_words(text):
    """Cut as Keras did: its filters become spaces, and spaces separate words."""
    return text.translate(_TO_SPACES).split()


def our_matrix(max_tokens, texts, max_length=8):
    steps = make_pipeline(
        TextTokenizer(analyzer=keras_words, max_tokens=max_tokens),
        SequencePadder(max_length=max_length, padding="pre", truncating="pre"),
    )
    return np.asarray(steps.fit(CORPUS).transform(texts))


@pytest.fixture(scope="module")
def keras_chain():
    """The old Tokenizer, wherever this Keras keeps it, and pad_sequences."""
    for name in ("keras.src.legacy.preprocessing.text", "keras.preprocessing.text"):
        try:
            tokenizer = importlib.import_module(name).Tokenizer
        except (ImportError, AttributeError):
            continue
        return tokenizer, importlib.import_module("keras.utils").pad_sequences
    pytest.skip("this version of Keras no longer holds its old Tokenizer")


def test_the_tutorial_chain_written_out():
    # the: 7 times, film, is: 3, a, funny, best, of, ... in the order of first appearance
    assert our_matrix(max_tokens=4, texts=["The best film is funny, is it?"]).tolist() == [
        [0, 2, 1, 3, 4, 5, 4, 1]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("num_words", [None, 3, 10, 100])
@pytest.mark.parametrize("texts", [CORPUS, UNSEEN], ids=["seen", "unseen"])
def test_ids_and_padding_equal_those_of_keras(keras_chain, num_words, texts):
    tokenizer_class, pad_sequences = keras_chain
    tokenizer = tokenizer_class(num_words=num_words, oov_token="[UNK]")
    tokenizer.fit_on_texts(CORPUS)
    expected = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=8)
    max_tokens = None if num_words is None else num_words - 2
    np.testing.assert_array_equal(our_matrix(max_tokens, texts), expected)


@pytest.mark.slow
def test_without_an_unknown_token_the_ids_of_keras_are_one_lower(keras_chain):
    tokenizer_class, _ = keras_chain
    tokenizer = tokenizer_class()
    tokenizer.fit_on_texts(CORPUS)
    ours = TextTokenizer(analyzer=keras_words).fit_transform(CORPUS)
    theirs = tokenizer.texts_to_sequences(CORPUS)
    assert [[number - 1 for number in row] for row in ours.to_lists()] == theirs
