"""Padding between the ids of a row comes from no padder, and is spoken of once."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline, make_union

from skdeepnlp import PaddedIds, SequencePadder, TextTokenizer, TokenSequences
from skdeepnlp.exceptions import PaddingBetweenTokensWarning


def of_padding(caught):
    return [str(w.message) for w in caught if w.category is PaddingBetweenTokensWarning]


def warned(function, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*args)
    return of_padding(caught)


def test_counts_of_words_warn_once_and_name_the_cause(toy_classifier, texts, labels):
    counts = CountVectorizer().fit_transform(texts).toarray()
    messages = warned(toy_classifier().fit, counts, labels)
    assert len(messages) == 1
    assert "in 48 of 48 rows it stands between ids, first in row 0, before column" in messages[0]
    assert "counts of words, as CountVectorizer makes them" in messages[0]


@pytest.fixture
def frame(texts):
    return pd.DataFrame({"text": texts, "stars": 3 + np.arange(48) % 2})


@pytest.mark.parametrize("padding", ["post", "pre"])
def test_a_column_of_numbers_beside_padded_ids_is_named(toy_classifier, frame, labels, padding):
    ids = make_pipeline(TextTokenizer(max_tokens=30), SequencePadder(padding=padding))
    parts = [(ids, "text"), ("passthrough", ["stars"])][:: 1 if padding == "post" else -1]
    columns = make_column_transformer(*parts)
    column = 6 if padding == "post" else 0
    message = f"stands beside column {column} alone, which looks like numbers beside padded ids"
    assert message in warned(make_pipeline(columns, toy_classifier()).fit, frame, labels)[0]
    columns.set_output(transform="pandas")
    named = f"beside column {column} ('passthrough__stars') alone"
    assert named in warned(make_pipeline(columns, toy_classifier()).fit, frame, labels)[0]


@pytest.mark.parametrize("padding", ["post", "pre"])
def test_padding_on_either_side_is_as_it_should_be(toy_classifier, texts, labels, padding):
    ids = make_pipeline(TextTokenizer(), SequencePadder(max_length=9, padding=padding))
    padded = ids.fit_transform(texts)
    plain = np.asarray(padded)
    for X in (padded, plain, plain.tolist(), pd.DataFrame(plain)):
        assert warned(toy_classifier().fit, X, labels) == []
    assert warned(toy_classifier().fit, np.pad(plain, ((0, 0), (3, 3))), labels) == []
    assert warned(SequencePadder().fit, plain) == []


def test_a_union_of_padders_is_as_it_should_be(toy_classifier, texts, labels):
    views = make_union(
        *(
            make_pipeline(TextTokenizer(), SequencePadder(max_length=6, truncating=side))
            for side in ("post", "pre")
        )
    )
    assert warned(make_pipeline(views, toy_classifier()).fit, texts, labels) == []


@pytest.mark.parametrize("make", [list, TokenSequences.from_lists])
def test_words_numbered_from_zero_are_noticed(toy_classifier, make):
    rows = [[5, 0, 2], [3, 4], [0, 3]] * 6
    messages = warned(toy_classifier().fit, make(rows), [0, 1, 1] * 6)
    assert "in 6 of 18 rows it stands between ids, first in row 0. " in messages[0]
    assert "if 0 is a word of yours, add 2 to all ids" in messages[0]


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize("make", [list, np.array, pd.DataFrame])
def test_a_padder_notices_them_as_well_and_a_classifier_behind_it_is_silent(
    toy_classifier, method, make
):
    rows = make([[5, 0, 2, 0], [3, 0, 0, 4], [3, 0, 0, 0]] * 6)
    padder = SequencePadder()
    assert len(warned(getattr(padder, method), rows)) == 1
    assert warned(toy_classifier().fit, padder.transform(rows), [0, 1, 1] * 6) == []


def test_predicting_does_not_say_it_again(toy_classifier):
    rows = np.array([[5, 0, 2], [3, 4, 0]] * 9)
    classifier = toy_classifier()
    assert len(warned(classifier.fit, rows, [0, 1] * 9)) == 1
    assert warned(classifier.predict, rows) == []


def test_what_stands_between_is_still_left_out(toy_classifier):
    rows = np.array([[5, 0, 2], [3, 4, 0]] * 9)
    with pytest.warns(PaddingBetweenTokensWarning):
        classifier = toy_classifier().fit(rows, [0, 1] * 9)
    expected = classifier.predict_proba(PaddedIds(np.array([[5, 2, 0]])))
    np.testing.assert_array_equal(classifier.predict_proba(rows[:1]), expected)
