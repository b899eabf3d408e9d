"""N-grams are counted exactly: each has a column of its own, and none spans two texts."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._ragged import RaggedIds
from skdeepnlp.estimators._ngrams import NgramTable


def ragged(texts):
    offsets = np.cumsum([0, *map(len, texts)])
    return RaggedIds(np.concatenate(texts).astype("int32"), offsets)


def dense_counts(texts, max_n):
    """Count the n-grams without an unknown token by scikit-learn, as a sorted list of columns."""

    def ngrams(text):
        found = [text[i : i + n] for n in range(1, max_n + 1) for i in range(len(text) - n + 1)]
        return [" ".join(map(str, one)) for one in found if UNKNOWN_ID not in one]

    return CountVectorizer(analyzer=ngrams).fit_transform(texts).toarray()


def sorted_columns(counts):
    return sorted(map(tuple, np.asarray(counts).T.tolist()))


@pytest.mark.parametrize("max_n", [1, 2, 4])
def test_counts_are_those_of_scikit_learn(max_n):
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, 7, size=n).tolist() for n in (1, 9, 3, 30, 2, 5)]
    table, counts = NgramTable.of(ragged(texts), max_n, 10**6)
    assert sorted_columns(counts.toarray()) == sorted_columns(dense_counts(texts, max_n))
    assert np.array_equal(table.count(ragged(texts)).toarray(), counts.toarray())


def test_new_texts_are_counted_in_the_columns_of_the_training_texts():
    table, counts = NgramTable.of(ragged([[2, 3], [3, 4]]), 2, 10**6)
    assert counts.shape == (2, 5)  # 2, 3, 4, 2 3, 3 4
    new = table.count(ragged([[2, 3, 2, 3], [9, 2, 9], [4, 3], [99]]))
    assert new.toarray().tolist() == [[2, 2, 0, 2, 0], [1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0] * 5]


def test_an_ngram_does_not_span_two_texts_nor_an_unknown_token():
    _, counts = NgramTable.of(ragged([[2], [3], [4, UNKNOWN_ID, 5]]), 2, 10**6)
    assert counts.shape == (3, 4)


@pytest.mark.parametrize("max_ngrams", [1, 2, 3, 4, 6])
def test_the_ngrams_of_the_most_texts_are_kept(max_ngrams):
    texts = [[2, 3, 4], [2, 3], [2, 3, 5], [2, 5]]
    table, counts = NgramTable.of(ragged(texts), 3, max_ngrams)
    _, whole = NgramTable.of(ragged(texts), 3, 10**6)
    n_texts = np.sort((whole.toarray() > 0).sum(axis=0))[::-1][:max_ngrams]
    assert np.array_equal(np.sort((counts.toarray() > 0).sum(axis=0))[::-1], n_texts)
    assert np.array_equal(table.count(ragged(texts)).toarray(), counts.toarray())
