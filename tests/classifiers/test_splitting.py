"""The rows that early stopping watches."""

import warnings

import numpy as np
import pytest

from skdeepnlp.classifiers._splitting import split_rows
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
    for fraction in (0.01, 0.1, 0.9):
        learnt, watched = split_rows(targets, CLASSES[:2], fraction, seed=0)
        assert set(targets[learnt]) == set(targets[watched]) == {0, 1}


def test_a_class_of_one_row_is_learnt_and_warned_of():
    targets = np.array([0] * 20 + [1] * 20 + [2])
    with pytest.warns(ValidationSplitWarning, match=r"validation_fraction leaves out 1 of 3.*eggs"):
        learnt, watched = split_rows(targets, CLASSES, 0.1, seed=0)
    assert 40 in learnt
    assert 40 not in watched


def test_nothing_is_said_if_every_class_is_watched():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        split_rows(np.repeat([0, 1], 5), CLASSES[:2], 0.2, seed=0)


def test_classes_of_one_row_only_cannot_be_watched():
    with pytest.raises(ValueError, match=r"leaves no row to watch.*early_stopping=False"):
        split_rows(np.array([0, 1, 2]), CLASSES, 0.1, seed=0)


def test_rows_of_several_labels_are_split_as_one_group():
    targets = np.random.default_rng(0).integers(0, 2, size=(50, 4)).astype(np.float32)
    learnt, watched = split_rows(targets, np.arange(4), 0.2, seed=0)
    assert (len(learnt), len(watched)) == (40, 10)
