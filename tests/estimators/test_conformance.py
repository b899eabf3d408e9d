"""scikit-learn's own checks of an estimator, and ours where its data are no token ids."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from skdeepnlp import LSTMClassifier
from skdeepnlp.testing import all_estimators
from skdeepnlp.testing._discovery import TOY_PARAMETERS

ORDER = "looks at the order of scikeras' own base classes, which no subclass can change"
OLD_TAGS = "looks at each base class alone, and scikeras' one still has _more_tags"
NO_IDS = "feeds numbers that are no token ids, which are refused on purpose; see below for ids"
EXPECTED_FAILURES = {
    "check_mixin_order": ORDER,
    "check_estimator_tags_renamed": OLD_TAGS,
    "check_sample_weight_equivalence_on_dense_data": NO_IDS,
    "check_class_weight_classifiers": NO_IDS,
}
TOY = TOY_PARAMETERS["LSTMClassifier"]


@pytest.fixture
def without_chance():
    """A toy whose one batch holds all rows, and which drops nothing."""
    still = {"dropout": 0.0, "embedding_dropout": 0.0, "batch_size": 64, "random_state": 0}
    return LSTMClassifier(**{**TOY, **still, "epochs": 5, "learning_rate": 0.05})


def scikit_learns_checks():
    """Give each check of each family its name, and the expected failures their reasons."""
    for family, classifier in all_estimators("classifier"):
        for estimator, check in estimator_checks_generator(classifier(**TOY_PARAMETERS[family])):
            name = check.func.__name__
            # strict: an expected failure that passes must leave the list
            reason = EXPECTED_FAILURES.get(name)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            marks += [] if family == "LSTMClassifier" else [pytest.mark.slow]
            yield pytest.param(estimator, check, marks=marks, id=f"{family}-{name}")


def test_every_expected_failure_is_the_name_of_a_check():
    names = {parameters.id.partition("-")[2] for parameters in scikit_learns_checks()}
    assert names >= set(EXPECTED_FAILURES)


@pytest.mark.parametrize(("estimator", "check"), list(scikit_learns_checks()))
def test_scikit_learns_check(estimator, check):
    check(estimator)


def test_a_weight_of_two_counts_as_the_row_twice(without_chance, padded_ids, labels):
    ids, y = np.asarray(padded_ids)[:24], labels[:24]
    repeats = 1 + np.arange(24) % 2
    weighted = without_chance.fit(ids, y, sample_weight=repeats).predict_proba(ids)
    repeated = without_chance.fit(ids.repeat(repeats, axis=0), y.repeat(repeats))
    np.testing.assert_allclose(repeated.predict_proba(ids), weighted, atol=1e-5)


def test_a_weight_of_zero_counts_as_no_row(without_chance, padded_ids, labels):
    ids, present = np.asarray(padded_ids), np.arange(48) % 4 > 0
    weighted = without_chance.fit(ids, labels, sample_weight=present).predict_proba(ids)
    fewer = without_chance.fit(padded_ids[present], labels[present]).predict_proba(ids)
    np.testing.assert_allclose(fewer, weighted, atol=1e-5)


def test_equal_weights_change_nothing(without_chance, padded_ids, labels):
    plain = without_chance.fit(padded_ids, labels).predict_proba(padded_ids)
    weighted = without_chance.fit(padded_ids, labels, sample_weight=np.full(48, 0.2))
    np.testing.assert_allclose(weighted.predict_proba(padded_ids), plain, atol=1e-5)


@pytest.mark.parametrize("favoured", ["food", "sport", "weather"])
def test_a_heavy_class_takes_all_predictions(without_chance, padded_ids, labels, favoured):
    weights = dict.fromkeys(["food", "sport", "weather"], 1e-3) | {favoured: 1e3}
    classifier = without_chance.set_params(class_weight=weights).fit(padded_ids, labels)
    assert classifier.predict(padded_ids).tolist() == [favoured] * 48


def test_balanced_weights_are_those_that_make_classes_equal(without_chance, padded_ids, two_labels):
    """16 rows of 48 are "sport", so each weighs 48 / (2 * 16), and each other 48 / (2 * 32)."""
    balanced = without_chance.set_params(class_weight="balanced").fit(padded_ids, two_labels)
    found = balanced.predict_proba(padded_ids)
    by_hand = without_chance.set_params(class_weight={"sport": 1.5, "other": 0.75})
    expected = by_hand.fit(padded_ids, two_labels).predict_proba(padded_ids)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_weights_given_are_not_written_to(without_chance, padded_ids, labels):
    weights = np.ones(48)
    without_chance.set_params(class_weight="balanced")
    without_chance.fit(padded_ids, labels, sample_weight=weights)
    assert weights.tolist() == [1.0] * 48
