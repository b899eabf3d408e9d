"""Weights and validation data on their way through pipelines and searches."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_validate
from sklearn.utils.metadata_routing import get_routing_for_object

from skdeepnlp import LSTMClassifier


class CountingClassifier(LSTMClassifier):
    """Notes how many rows it was given to watch."""

    def fit(self, X, y, sample_weight=None, X_val=None, y_val=None):
        self.n_watched_ = len(X_val)
        return super().fit(X, y, sample_weight, X_val, y_val)


@pytest.fixture
def routing():
    with config_context(enable_metadata_routing=True):
        yield


@pytest.fixture
def halves(texts, labels):
    """40 texts to learn from and 8 to watch."""
    return {
        "learnt": (texts[:40], labels[:40]),
        "watched": {"X_val": texts[40:], "y_val": labels[40:]},
    }


@pytest.fixture
def counting(toy_pipeline, toy_classifier):
    pipeline = toy_pipeline(transform_input=["X_val"])
    classifier = CountingClassifier(**toy_classifier().get_params())
    return pipeline.set_params(classify=classifier)


def test_fit_asks_for_validation_data_and_not_for_weights(toy_classifier):
    requests = get_routing_for_object(toy_classifier()).fit.requests
    assert requests == {"X_val": True, "y_val": True, "sample_weight": None}


def test_weights_reach_the_classifier_once_it_asks_for_them(routing, toy_pipeline, texts, labels):
    weights = np.where(labels == "food", 5.0, 1.0)
    unweighted = toy_pipeline().fit(texts, labels)
    routed = toy_pipeline()
    routed[-1].set_fit_request(sample_weight=True)
    routed.fit(texts, labels, sample_weight=weights)
    with config_context(enable_metadata_routing=False):
        expected = toy_pipeline().fit(texts, labels, classify__sample_weight=weights)
    assert routed[-1].history_ == expected[-1].history_
    assert routed[-1].history_ != unweighted[-1].history_


def test_weights_that_nobody_asked_for_are_refused(routing, toy_pipeline, texts, labels):
    with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
        toy_pipeline().fit(texts, labels, sample_weight=np.ones(48))


def test_each_fold_gets_the_weights_of_its_rows(routing, toy_pipeline, texts, labels):
    weights, cv = np.arange(1.0, 49.0), StratifiedKFold(2)
    pipeline = toy_pipeline()
    pipeline[-1].set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
    folds = cross_validate(
        pipeline,
        texts,
        labels,
        params={"sample_weight": weights},
        cv=cv,
        return_estimator=True,
        error_score="raise",
    )
    rows, _ = next(cv.split(texts, labels))
    alone = pipeline.fit([texts[row] for row in rows], labels[rows], sample_weight=weights[rows])
    assert folds["estimator"][0][-1].history_ == alone[-1].history_


def test_validation_texts_pass_through_the_steps_before_the_classifier(
    routing, toy_pipeline, halves
):
    pipeline = toy_pipeline(transform_input=["X_val"])
    pipeline.fit(*halves["learnt"], **halves["watched"])
    X_val = pipeline[:-1].transform(halves["watched"]["X_val"])
    y_val = halves["watched"]["y_val"]
    assert pipeline[-1].history_["val_loss"] == [
        pytest.approx(_log_loss(pipeline[-1], X_val, y_val), rel=1e-5)
    ]


def test_without_transform_input_validation_texts_are_refused_as_text(
    routing, toy_pipeline, halves
):
    with pytest.raises(TypeError, match="expects token ids, but row 0 is text"):
        toy_pipeline().fit(*halves["learnt"], **halves["watched"])


def test_without_routing_validation_ids_go_by_the_name_of_the_step(toy_pipeline, halves):
    pipeline = toy_pipeline()
    X_val = pipeline[:-1].fit(halves["learnt"][0]).transform(halves["watched"]["X_val"])
    pipeline.fit(
        *halves["learnt"], classify__X_val=X_val, classify__y_val=halves["watched"]["y_val"]
    )
    assert len(pipeline[-1].history_["val_loss"]) == 1


def test_a_search_gives_all_validation_texts_to_every_fold(routing, counting, halves):
    result = cross_validate(
        counting,
        *halves["learnt"],
        params=halves["watched"],
        cv=2,
        return_estimator=True,
        error_score="raise",
    )
    assert [pipeline[-1].n_watched_ for pipeline in result["estimator"]] == [8, 8]


def test_a_grid_search_takes_validation_texts(routing, counting, halves):
    search = GridSearchCV(counting, {"classify__units": [2]}, cv=2, error_score="raise")
    search.fit(*halves["learnt"], **halves["watched"])
    assert search.best_estimator_[-1].n_watched_ == 8


def test_validation_data_as_long_as_the_training_data_is_cut_like_it(
    routing, counting, texts, labels
):
    """A trap of scikit-learn's: it takes any metadata with a row for each row of X as one a row.

    Texts and labels to watch stay side by side, but each fold watches a part of them only. One row
    more or less brings all of them to every fold.
    """
    counted = {}
    for n_watched in (24, 23):
        X_val, y_val = texts[24 : 24 + n_watched], labels[24 : 24 + n_watched]
        result = cross_validate(
            counting,
            texts[:24],
            labels[:24],
            params={"X_val": X_val, "y_val": y_val},
            cv=2,
            return_estimator=True,
            error_score="raise",
        )
        counted[n_watched] = [pipeline[-1].n_watched_ for pipeline in result["estimator"]]
    assert counted == {24: [12, 12], 23: [23, 23]}


def _log_loss(classifier, X, y):
    columns = np.searchsorted(classifier.classes_, y)
    return -np.log(classifier.predict_proba(X)[np.arange(len(y)), columns]).mean()
