"""Text classifiers as members of scikit-learn's ensembles and meta-estimators."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TunedThresholdClassifierCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline


def bag_of_words():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def text_column(texts):
    return np.array(texts, dtype=object)[:, np.newaxis]


def test_soft_voting_averages_the_network_with_a_bag_of_words(toy_pipeline, texts, labels):
    members = [("network", toy_pipeline()), ("words", bag_of_words())]
    vote = VotingClassifier(members, voting="soft").fit(texts, labels)
    network = toy_pipeline().fit(texts, labels).predict_proba(texts)
    words = bag_of_words().fit(texts, labels).predict_proba(texts)
    np.testing.assert_allclose(vote.predict_proba(texts), (network + words) / 2, atol=1e-6)


def test_stacking_learns_from_the_probabilities_of_both_members(toy_pipeline, texts, labels):
    members = [("network", toy_pipeline()), ("words", bag_of_words())]
    stack = StackingClassifier(members, cv=2).fit(texts, labels)
    assert stack.final_estimator_.coef_.shape == (3, 6)
    assert stack.score(texts, labels) > 0.5


def test_bagging_around_the_classifier_draws_padded_ids(toy_classifier, padded_ids, labels):
    bag = BaggingClassifier(toy_classifier(), n_estimators=3, random_state=0)
    bag.fit(padded_ids, labels)
    single = [member.predict_proba(np.asarray(padded_ids)) for member in bag.estimators_]
    assert not np.array_equal(single[0], single[1])
    np.testing.assert_allclose(bag.predict_proba(padded_ids), np.mean(single, axis=0), atol=1e-6)


def test_bagging_takes_texts_as_a_column(toy_pipeline, texts, labels):
    """Bagging itself asks for two dimensions; a list of texts it refuses."""
    bag = BaggingClassifier(toy_pipeline(), n_estimators=2, random_state=0)
    with pytest.raises(ValueError, match="Expected 2D array, got 1D array"):
        bag.fit(texts, labels)
    bag.fit(text_column(texts), labels)
    assert bag.predict_proba(text_column(texts)).shape == (48, 3)


def test_bagging_around_a_pipeline_gives_each_member_its_own_vocabulary(
    toy_pipeline, texts, labels
):
    bag = BaggingClassifier(toy_pipeline(), n_estimators=2, random_state=0)
    bag.fit(text_column(texts), labels)
    first, second = (member["tokenize"].vocabulary_ for member in bag.estimators_)
    assert first.digest != second.digest


def test_calibration_keeps_the_order_of_the_classes(toy_pipeline, texts, labels):
    calibrated = CalibratedClassifierCV(toy_pipeline(), cv=2).fit(texts, labels)
    assert calibrated.classes_.tolist() == ["food", "sport", "weather"]
    np.testing.assert_allclose(calibrated.predict_proba(texts).sum(axis=1), 1)


def test_calibration_leaves_a_frozen_pipeline_as_it_was(toy_pipeline, texts, labels):
    pipeline = toy_pipeline().fit(texts, labels)
    before = pipeline.predict_proba(texts)
    CalibratedClassifierCV(FrozenEstimator(pipeline)).fit(texts, labels)
    np.testing.assert_array_equal(pipeline.predict_proba(texts), before)


def test_a_tuned_threshold_decides_on_the_probability_of_the_second_class(
    toy_pipeline, texts, two_labels
):
    tuned = TunedThresholdClassifierCV(toy_pipeline(), cv=2, random_state=0)
    tuned.fit(texts, two_labels)
    is_sport = tuned.estimator_.predict_proba(texts)[:, 1] >= tuned.best_threshold_
    assert (tuned.predict(texts) == np.where(is_sport, "sport", "other")).all()


def test_one_vs_rest_trains_a_network_for_each_class(toy_pipeline, texts, labels):
    each = OneVsRestClassifier(toy_pipeline()).fit(texts, labels)
    assert [member.classes_.tolist() for member in each.estimators_] == [[0, 1]] * 3
    np.testing.assert_allclose(each.predict_proba(texts).sum(axis=1), 1, atol=1e-6)


def test_one_vs_rest_takes_rows_of_several_labels(toy_pipeline, texts, labels):
    indicators = np.stack([labels == "food", labels != "sport"], axis=1).astype(int)
    each = OneVsRestClassifier(toy_pipeline()).fit(texts, indicators)
    assert each.predict(texts).shape == (48, 2)
