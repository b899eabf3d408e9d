"""Rows of any lengths go into a classifier as they are, and count as the same rows padded."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.model_selection import cross_val_predict, cross_val_score

from skdeepnlp import SequencePadder, TokenSequences


class ArrowColumn:
    """What pyarrow's columns offer of lists."""

    def __init__(self, rows):
        self.rows = list(rows)
        self.shape = (len(self.rows),)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        return self.rows[key]

    def to_pylist(self):
        return list(self.rows)


def objects(rows):
    array = np.empty(len(rows), dtype=object)
    for number, row in enumerate(rows):
        array[number] = row
    return array


CONTAINERS = {
    "list of lists": list,
    "tuple of tuples": lambda rows: tuple(map(tuple, rows)),
    "list of arrays": lambda rows: list(map(np.array, rows)),
    "list of arrays of float": lambda rows: [np.array(row, dtype=float) for row in rows],
    "object array of lists": objects,
    "object array of arrays": lambda rows: objects(list(map(np.array, rows))),
    "column of an object array": lambda rows: objects(rows)[:, np.newaxis],
    "Series of lists": lambda rows: pd.Series(rows, index=range(7, 7 + len(rows))),
    "Series of arrays": lambda rows: pd.Series(list(map(np.array, rows))),
    "frame of one column": lambda rows: pd.DataFrame({"ids": rows}),
    "polars Series": pl.Series,
    "polars frame of one column": lambda rows: pl.DataFrame({"ids": rows}),
    "Arrow column": ArrowColumn,
}
SLICEABLE = sorted(set(CONTAINERS) - {"Arrow column"})


@pytest.fixture(params=CONTAINERS)
def container(request):
    return CONTAINERS[request.param]


@pytest.fixture
def rows():
    """36 rows of one to six ids; the first one tells the label, and one row is empty."""
    rng = np.random.default_rng(0)
    rows = [[2 + number % 2, *rng.integers(4, 9, number % 6).tolist()] for number in range(36)]
    rows[7] = []
    return rows


@pytest.fixture
def padded(rows):
    return np.asarray(SequencePadder().fit_transform(rows))


@pytest.fixture
def y():
    return np.arange(36) % 2


def test_they_are_learnt_from_and_predicted_as_if_padded(toy, container, rows, padded, y):
    expected = toy().fit(padded, y)
    classifier = toy().fit(container(rows), y)
    assert (classifier.n_features_in_, classifier.vocabulary_size_) == (6, 9)
    assert not hasattr(classifier, "feature_names_in_")
    for X in (container(rows), padded, TokenSequences.from_lists(rows)):
        np.testing.assert_array_equal(classifier.predict_proba(X), expected.predict_proba(padded))
    np.testing.assert_array_equal(expected.predict(container(rows)), expected.predict(padded))


def test_rows_that_are_longer_shorter_or_of_one_length_are_predicted(toy, rows, y):
    classifier = toy().fit(rows, y)
    found = classifier.predict_proba([[2, 5, 0], [3, 4, 5], [2, *[4] * 20]][:2])
    singly = [classifier.predict_proba([[2, 5]]), classifier.predict_proba([np.array([3, 4, 5])])]
    np.testing.assert_allclose(found, np.vstack(singly), atol=2e-6)
    assert classifier.predict([[2, *[4] * 20]]).shape == (1,)


def test_they_are_validation_data(toy, container, rows, padded, y):
    expected = toy().fit(padded, y, X_val=padded[:9], y_val=y[:9]).history_
    assert toy().fit(rows, y, X_val=container(rows[:9]), y_val=y[:9]).history_ == expected


def test_they_are_learnt_from_in_chunks(toy, container, rows, padded, y):
    expected, chunked = toy(), toy()
    for part in (slice(0, 18), slice(18, 36)):
        expected.partial_fit(padded[part], y[part])
        chunked.partial_fit(container(rows[part]), y[part])
    np.testing.assert_array_equal(chunked.predict_proba(rows), expected.predict_proba(padded))


@pytest.mark.parametrize("name", SLICEABLE)
def test_they_are_cross_validated(toy, name, rows, padded, y):
    expected = cross_val_predict(toy(), padded, y, cv=2, method="predict_proba")
    X = CONTAINERS[name](rows)
    found = cross_val_predict(toy(), X, y, cv=2, method="predict_proba")
    np.testing.assert_array_equal(found, expected)


def test_a_column_of_pyarrow_goes_wherever_a_list_goes(toy, rows, padded, y):
    arrow = pytest.importorskip("pyarrow")
    expected = toy().fit(padded, y).predict_proba(padded)
    table = arrow.table({"ids": rows})
    as_series = pd.Series(table["ids"], dtype=pd.ArrowDtype(table["ids"].type))
    for X in (table["ids"], arrow.array(rows), as_series):
        np.testing.assert_array_equal(toy().fit(X, y).predict_proba(X), expected)
        assert cross_val_score(toy(), X, y, cv=2, error_score="raise").shape == (2,)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (None, ValueError, "1 of 36 are missing, the first in row 3: None"),
        ([3, -4], ValueError, "whole numbers from 0 .*document 3 holds -4"),
        ([3, 4.5], ValueError, "document 3 holds 4.5"),
        ([3, "good"], TypeError, "document 3 holds str: 'good'.*with analyzer=list"),
        ("good", TypeError, "document 3 is text: 'good'"),
        ([[3], [4]], TypeError, "document 3 holds list"),
    ],
)
def test_what_is_no_row_of_ids_is_refused_by_its_number(toy, rows, y, wrong, error, message):
    rows[3] = wrong
    with pytest.raises(error, match=message):
        toy().fit(rows, y)


def test_rows_without_a_single_id_are_refused(toy, y):
    with pytest.raises(ValueError, match="each of the 36 rows is all padding"):
        toy().fit([[]] * 36, y)
