"""The rows that early stopping watches."""

import warnings

import numpy as np
import pytest

from skdeepnlp.estimators._splitting import split_rows
from skdeepnlp.exceptions import ValidationSplitWarning

CLASSES = np.array(["ham", "spam", "eggs"])


def test_each_class_gives_its_share():
    targets = np.repeat([0, 1, 2], [100, 50, 10])
    learnt, watched = split_rows(targets, CLASSES, 0.1, seed=0)
    assert np.bincount(targets[watched]).tolist() == [10, 5, 1]
    assert sorted([*learnt, *watched]) == list(range(160))


def test_sorted_labels_are_watched_from_every_class():
    # scikeras watches the unshuffled tail, which here is one class
    targets = np.repeat([0, 1], 50)
    _, watched = split_rows(targets, CLASSES[:2], 0.2, seed=0)
    assert set(targets[watched]) == {0, 1}


def test_the_seed_decides_which_rows():
    targets = np.repeat([0, 1], 50)
    first, again, other = (split_rows(targets, CLASSES[:2], 0.2, seed)[1] for seed in (0, 0, 1))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_a_class_of_two_rows_has_one_on_either_side():
    targets = np.array([0] * 20 + [1] * 2)
    for fraction in (0.05, 0.1, 0.9):
        learnt, watched = split_rows(targets, CLASSES[:2], fraction, seed=0)
        assert set(targets[learnt]) == set(targets[watched]) == {0, 1}


@pytest.mark.parametrize(
    ("sizes", "n_watched"),
    [
        ([30, 30], [3, 3]),
        ([10, 10], [1, 1]),
        ([7, 7, 6], [1, 1, 1]),  # a tenth of 20 is 2, but 3 classes are worth 3
        ([10, 10, 10, 10, 10, 2], [1] * 6),
        ([400, 400, 2, 2], [40, 40, 1, 1]),
    ],
    ids=str,
)
def test_small_data_watch_every_class_at_the_price_of_a_few_rows(sizes, n_watched):
    targets = np.repeat(np.arange(len(sizes)), sizes)
    _, watched = split_rows(targets, np.arange(len(sizes)), 0.1, seed=0)
    assert np.bincount(targets[watched]).tolist() == n_watched


@pytest.mark.parametrize(
    ("n_classes", "size", "fraction", "n_watched"),
    [(30, 2, 0.1, 6), (30, 4, 0.1, 12), (100, 15, 0.1, 150), (7, 3, 0.01, 1), (30, 2, 0.5, 30)],
)
@pytest.mark.filterwarnings("ignore::skdeepnlp.exceptions.ValidationSplitWarning")
def test_many_small_classes_do_not_blow_up_the_share(n_classes, size, fraction, n_watched):
    # each class used to give a row: 30 classes of 2 rows were split 30 to 30 whatever the fraction
    targets = np.repeat(np.arange(n_classes), size)
    learnt, watched = split_rows(targets, np.arange(n_classes), fraction, seed=0)
    assert len(watched) == n_watched
    assert set(targets[learnt]) == set(range(n_classes))


def test_the_classes_that_nothing_was_left_for_are_named():
    targets = np.repeat([0, 1, 2], 2)
    with pytest.warns(
        ValidationSplitWarning,
        match=r"lacks 2 of 3 classes: \[.*\]\. It holds 1 of 6 samples.*"
        r"X_val and y_val, raise validation_fraction, or set early_stopping=False",
    ) as warned:
        _, watched = split_rows(targets, CLASSES, 0.05, seed=0)
    (left_out,) = set(CLASSES) - {name for name in CLASSES if f"'{name}'" in str(warned[0].message)}
    assert CLASSES[targets[watched]].tolist() == [left_out]


def test_chance_decides_which_of_many_equal_classes_are_watched():
    targets = np.repeat(np.arange(30), 2)
    with pytest.warns(ValidationSplitWarning):
        first, again, other = (
            split_rows(targets, np.arange(30), 0.1, seed)[1] for seed in (0, 0, 1)
        )
    assert first.tolist() == again.tolist()
    assert set(targets[first]) != set(targets[other])


def test_a_fit_warns_once_of_classes_left_out_and_points_to_its_caller(toy):
    ids, labels = np.arange(60)[:, None] + 2, np.repeat(np.arange(30), 2)
    with pytest.warns(ValidationSplitWarning, match="lacks 24 of 30 classes") as warned:
        toy(epochs=1).fit(ids, labels)
    assert [warning.filename for warning in warned] == [__file__]


def test_a_class_of_one_row_is_learnt_and_warned_of():
    targets = np.array([0] * 20 + [1] * 20 + [2])
    with pytest.warns(ValidationSplitWarning, match=r"lacks 1 of 3.*eggs"):
        learnt, watched = split_rows(targets, CLASSES, 0.1, seed=0)
    assert 40 in learnt
    assert 40 not in watched


def test_nothing_is_said_if_every_class_is_watched():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        split_rows(np.repeat([0, 1], 5), CLASSES[:2], 0.2, seed=0)


def test_classes_of_one_row_only_cannot_be_watched():
    with pytest.raises(ValueError, match=r"leaves no sample.*early_stopping=False"):
        split_rows(np.array([0, 1, 2]), CLASSES, 0.1, seed=0)


def test_rows_of_several_labels_are_split_as_one_group():
    targets = np.random.default_rng(0).integers(0, 2, size=(50, 4)).astype(np.float32)
    learnt, watched = split_rows(targets, np.arange(4), 0.2, seed=0)
    assert (len(learnt), len(watched)) == (40, 10)
