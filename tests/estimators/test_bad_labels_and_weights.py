"""Labels, validation data and weights that are refused before anything is trained."""

import datetime
import enum
import warnings

import numpy as np
import pandas as pd
import pytest

from skdeepnlp.exceptions import ValidationSplitWarning


class Colour(str, enum.Enum):  # noqa: UP042
    """Text that NumPy would cut short."""

    RED = "red"
    BLUE = "blue"


@pytest.fixture
def ids(padded_ids):
    """Ids that do not remember their vocabulary, int64 as NumPy makes them."""
    return np.array(padded_ids, dtype=np.int64)


def test_a_single_class_is_refused(assert_refused, ids):
    assert_refused(ValueError, "at least two classes, .* one class only: 'a'", ids, ["a"] * 48)


def test_a_single_class_with_a_weight_is_refused(assert_refused, ids, labels):
    weights = (labels == "food").astype(float)
    message = "at least two classes with a weight above zero; got one class only: .*food"
    assert_refused(ValueError, message, ids, labels, sample_weight=weights)


def test_weights_too_far_apart_are_refused(assert_refused, ids, labels):
    weights = np.r_[1e300, np.ones(47)]
    assert_refused(ValueError, "too far apart", ids, labels, sample_weight=weights)


def test_classes_of_partial_fit_are_held_to_the_rules_of_labels(toy_classifier, ids, labels):
    with pytest.raises(ValueError, match="Input classes contains NaN: row 1"):
        toy_classifier().partial_fit(ids, labels, classes=["food", np.nan, "sport", "weather"])


def test_more_labels_than_rows_are_refused(assert_refused, ids, labels):
    assert_refused(ValueError, "Got 40 rows in X and 48 in y", ids[:40], labels)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([np.nan, 0, 1] * 16), "Input y contains NaN"),
        (np.array([None, "a", "b"] * 16, dtype=object), "y|label"),
        (pd.Series([None, "a", "b"] * 16), "NaN"),
        (pd.Series([pd.NA, 1, 2] * 16, dtype="Int64"), "Input y contains NaN"),
        (np.arange(48) + 0.5, "Unknown label type: continuous"),
        ([1, "a", "b"] * 16, r"mixed types: row 0 holds 1 \(int\), row 1 holds 'a' \(str\)"),
        (np.array(["a", "b", 2.5] * 16, dtype=object), r"row 2 holds 2.5 \(float\); .* all text"),
        (pd.DataFrame({"y": ["a", True, "b"] * 16}), r"row 1 holds True \(bool\)"),
        (pd.Series(["a", "b", datetime.date(2020, 1, 1)] * 16), r"row 2 .*\(date\)"),
        ([["a"], ["a", "b"]] * 24, r"row 0 holds \['a'\] \(list\).*MultiLabelBinarizer"),
        (["a", "b", ("a", "b")] * 16, r"row 2 holds \('a', 'b'\) \(tuple\).*MultiLabelBinarizer"),
        (pd.Series([{"a"}, {"b"}] * 24), r"row 0 holds {'a'} \(set\).*MultiLabelBinarizer"),
        ([["a", "b"], ["a", "c"]] * 24, r"shape \(48, 2\) .*MultiLabelBinarizer"),
        ([{"label": "a"}, {"label": "b"}] * 24, r"odd types: row 0 .*\(dict\); expected text, num"),
        (np.arange(96).reshape(48, 2) % 3, "values beside 0 and 1"),
        (np.where(np.eye(3)[np.arange(48) % 3] == 1, np.nan, 0), "Input y contains NaN"),
        (np.array([3, 4] * 24, dtype=object), r"numbers with dtype object.*by astype\(int\)"),
        (pd.Series([True, False] * 24, dtype=object), "numbers with dtype object"),
        ([Colour.RED, Colour.BLUE] * 24, r"odd types: row 0 holds .*\(Colour\)"),
        (None, "requires y to be passed, but the target y is None"),
    ],
    ids=[
        "NaN",
        "None",
        "None in a Series",
        "NA",
        "continuous",
        "numbers beside text",
        "text beside numbers",
        "text beside booleans",
        "dates beside text",
        "lists",
        "tuples beside text",
        "sets",
        "lists of one length",
        "dicts",
        "a matrix of three values",
        "NaN in a matrix",
        "numbers as objects",
        "booleans as objects",
        "members of an Enum of text",
        "no labels",
    ],
)
def test_labels_are_refused_that_hold(assert_refused, ids, y, message):
    assert_refused(ValueError, message, ids, y)


def test_validation_texts_need_labels_and_labels_need_texts(assert_refused, ids, labels):
    assert_refused(ValueError, "Got X_val without y_val", ids, labels, X_val=ids)
    assert_refused(ValueError, "Got y_val without X_val", ids, labels, y_val=labels)


@pytest.mark.parametrize(
    ("y_val", "message"),
    [
        (["food", "politics"], r"y_val holds labels .* not seen in fit: \['politics'\]"),
        (["food"] * 3, "Got 2 rows in X_val and 3 in y_val"),
        (
            ["food", 1],
            r"Got y_val of mixed types: row 0 holds 'food' \(str\), row 1 holds 1 \(int\)",
        ),
        (
            [["food"], ["food", "sport"]],
            r"Got y_val .*MultiLabelBinarizer\(\).fit_transform\(y_val\)",
        ),
        (np.eye(3, dtype=int)[:2], r"Got y_val of shape \(2, 3\); expected one label a row"),
    ],
)
def test_validation_labels_are_held_to_those_of_fit(assert_refused, ids, labels, y_val, message):
    assert_refused(ValueError, message, ids, labels, X_val=ids[:2], y_val=y_val)


def test_validation_indicators_need_a_column_for_each_label(assert_refused, ids):
    y, y_val = np.eye(3, dtype=int)[np.arange(48) % 3], np.eye(2, dtype=int)
    message = r"Got y_val of shape \(2, 2\); expected a matrix with a column for each of the 3"
    assert_refused(ValueError, message, ids, y, X_val=ids[:2], y_val=y_val)


@pytest.mark.parametrize("as_text", [str, object], ids=["text", "objects"])
def test_text_is_no_label_of_numbers_that_read_alike(assert_refused, ids, as_text):
    """From eleven classes on NumPy compared numbers as text, and other classes were learnt."""
    y = np.arange(48) % 20 + 2
    y_val = y.astype(str).astype(as_text)
    message = r"y_val holds labels that were not seen in fit: \['10', .*among \[2, 3, "
    assert_refused(ValueError, message, ids, y, X_val=ids, y_val=y_val)


def test_a_validation_id_above_those_of_the_vocabulary_is_refused(
    assert_refused, padded_ids, ids, labels
):
    message = "X_val cannot be used. Got id 131 in row"
    assert_refused(ValueError, message, padded_ids, labels, X_val=ids + 100, y_val=labels)


def test_validation_text_is_refused(assert_refused, ids, texts, labels):
    assert_refused(TypeError, "row 0 is text", ids, labels, X_val=texts, y_val=labels)


def test_a_class_of_one_row_is_learnt_but_not_watched_with_a_warning(toy_classifier, ids):
    y = ["single"] + ["a", "b"] * 23 + ["b"]
    with pytest.warns(ValidationSplitWarning, match=r"lacks 1 of 3 classes.*\['single'\]"):
        classifier = toy_classifier().fit(ids, y)
    assert classifier.classes_.tolist() == ["a", "b", "single"]


def test_no_warning_comes_where_nothing_is_set_aside(toy_classifier, ids):
    y = ["single"] + ["a", "b"] * 23 + ["b"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        toy_classifier(early_stopping=False).fit(ids, y)


def test_classes_of_one_row_each_leave_nothing_to_watch(assert_refused, ids, labels):
    message = "leaves no sample for the validation set: no class has two samples"
    assert_refused(ValueError, message, ids[:3], labels[:3])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(3), r"sample_weight\.shape == \(3,\), expected \(48,\)"),
        (-np.ones(48), "Negative values in data passed to `sample_weight`"),
        (np.zeros(48), "at least one non-zero"),
        (np.full(48, np.nan), "Input sample_weight contains NaN"),
    ],
    ids=["too few", "negative", "all zero", "missing"],
)
def test_sample_weights_are_refused_that_are(assert_refused, ids, labels, weights, message):
    assert_refused(ValueError, message, ids, labels, sample_weight=weights)


def test_a_class_weight_of_an_unknown_label_is_refused(assert_refused, ids, labels):
    weights = {"politics": 2.0}
    assert_refused(ValueError, "class_weight", ids, labels, parameters={"class_weight": weights})


@pytest.mark.parametrize(
    "weight",
    [
        *(-2.0, float("nan"), float("inf"), 10**400, None, [1.0], "x", 1j),
    ],
    ids=lambda weight: type(weight).__name__,
)
def test_a_class_weight_is_a_number_from_zero_up(assert_refused, ids, labels, weight):
    weights = {"food": weight}
    assert_refused(ValueError, "class_weight", ids, labels, parameters={"class_weight": weights})
