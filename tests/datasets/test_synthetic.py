"""make_text_classification: what the classes differ in, and what they do not."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from skdeepnlp.datasets import make_text_classification


def _accuracy(X, y, analyzer="word"):
    """Cross-validated accuracy of a linear model on counts."""
    model = make_pipeline(
        CountVectorizer(analyzer=analyzer, min_df=5), LogisticRegression(max_iter=1000)
    )
    return cross_val_score(model, X, y, cv=StratifiedKFold(3)).mean()


def _ordered_pairs(text):
    """All pairs of words in their order: one of them is the order of two markers."""
    return list(combinations(text.split(), 2))


@pytest.mark.parametrize("n_classes", [2, 3])
def test_counting_words_is_chance_where_order_matters(n_classes):
    X, y = make_text_classification(
        600, n_classes=n_classes, order_matters=True, vocabulary_size=20, random_state=0
    )
    # 600 guesses at 1/2 scatter by 0.02; 0.08 is four times that
    assert _accuracy(X, y) == pytest.approx(1 / n_classes, abs=0.08)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_order_of_pairs_solves_it_where_order_matters(n_classes):
    X, y = make_text_classification(
        600,
        n_classes=n_classes,
        order_matters=True,
        vocabulary_size=20,
        length=(4, 8),
        random_state=0,
    )
    assert _accuracy(X, y, analyzer=_ordered_pairs) > 0.95


@pytest.mark.parametrize("n_classes", [2, 5])
def test_counting_words_solves_it_where_order_does_not_matter(n_classes):
    X, y = make_text_classification(600, n_classes=n_classes, random_state=0)
    assert _accuracy(X, y) > 0.95


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_each_class_starts_the_same_cycle_elsewhere(n_classes):
    X, y = make_text_classification(
        50, n_classes=n_classes, order_matters=True, vocabulary_size=30, random_state=0
    )
    markers = set.intersection(*(set(text.split()) for text in X))
    cycles = {
        (label, *(word for word in text.split() if word in markers))
        for text, label in zip(X, y.tolist(), strict=True)
    }
    assert len(markers) == len(cycles) == n_classes
    assert len({cycle[1] for cycle in cycles}) == n_classes
    for label, *cycle in cycles:
        start = cycle.index("baba")
        assert label == -start % n_classes
        assert cycle[start:] + cycle[:start] == sorted(markers)


def test_class_sizes_differ_by_one_at_most():
    _, y = make_text_classification(11, n_classes=3, random_state=0)
    assert sorted(Counter(y.tolist()).values()) == [3, 4, 4]


def test_lengths_stay_within_their_bounds_and_reach_them():
    X, _ = make_text_classification(200, length=(2, 4), random_state=0)
    assert {len(text.split()) for text in X} == {2, 3, 4}


def test_no_more_words_than_the_vocabulary_holds():
    X, _ = make_text_classification(500, vocabulary_size=12, random_state=0)
    assert len({word for text in X for word in text.split()}) == 12


def test_large_vocabularies_have_no_word_twice():
    X, _ = make_text_classification(
        2, vocabulary_size=6_000, length=(60_000, 60_000), order_matters=True, random_state=0
    )
    assert 5_000 < len(set(X[0].split())) <= 6_000


def test_noise_replaces_exactly_its_share_of_labels():
    texts, noisy = make_text_classification(50, n_classes=3, noise=0.2, random_state=0)
    same_texts, clean = make_text_classification(50, n_classes=3, noise=0.0, random_state=0)
    assert texts == same_texts
    assert (noisy != clean).sum() == 10
    assert set(noisy.tolist()) == {0, 1, 2}


def test_equal_seeds_give_equal_problems():
    first, second = (make_text_classification(noise=0.1, random_state=3) for _ in range(2))
    assert first[0] == second[0]
    np.testing.assert_array_equal(first[1], second[1])


def test_other_seeds_give_other_texts_of_the_same_problem():
    train_X, train_y = make_text_classification(400, random_state=0)
    test_X, test_y = make_text_classification(200, random_state=1)
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(train_X, train_y)
    assert not set(train_X) & set(test_X)
    assert model.score(test_X, test_y) > 0.95


def test_no_seed_leaves_the_global_generator_alone():
    before = np.random.get_state()[1].copy()
    make_text_classification(5)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("length", [(5,), (5, 4), (0, 4), (2.0, 4), ("2", "4")], ids=str)
def test_a_length_that_is_no_range_raises(length):
    with pytest.raises(ValueError, match=r"Got length=.*, expected two ints"):
        make_text_classification(length=length)


def test_texts_too_short_for_the_markers_raise():
    with pytest.raises(ValueError, match="6 <= smallest"):
        make_text_classification(n_classes=6, order_matters=True, length=(5, 9))


def test_a_vocabulary_too_small_for_the_classes_raises():
    with pytest.raises(ValueError, match=r"Got vocabulary_size=4, expected more than n_classes=4"):
        make_text_classification(n_classes=4, vocabulary_size=4)


@pytest.mark.parametrize(
    "wrong", [{"n_samples": 0}, {"n_classes": 1}, {"noise": 1.1}, {"length": 5}], ids=str
)
def test_wrong_parameters_are_named(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f"'{name}' parameter of make_text_classification"):
        make_text_classification(**wrong)
