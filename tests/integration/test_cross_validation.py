"""Pipelines from text to labels in scikit-learn's cross-validation and curves."""

import warnings

import numpy as np
import pytest
from sklearn.base import is_classifier
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
    validation_curve,
)

from skdeepnlp.exceptions import UnknownIdsWarning
from skdeepnlp.text import PaddedIds, Vocabulary

SPLITTERS = [
    (KFold(3, shuffle=True, random_state=0), 3),
    (StratifiedKFold(3), 3),
    (RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=0), 4),
]


def test_a_pipeline_and_its_last_step_are_classifiers(toy_pipeline):
    pipeline = toy_pipeline()
    assert is_classifier(pipeline)
    assert is_classifier(pipeline[-1])


@pytest.mark.parametrize(("cv", "n_fits"), SPLITTERS, ids=lambda value: type(value).__name__)
def test_every_fold_of_a_splitter_gets_a_score(toy_pipeline, texts, labels, cv, n_fits):
    scores = cross_val_score(toy_pipeline(), texts, labels, cv=cv, error_score="raise")
    assert scores.shape == (n_fits,)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_an_integer_cv_gives_every_class_to_every_fold_of_sorted_labels(
    toy_pipeline, texts, labels
):
    order = np.argsort(labels, kind="stable")
    sorted_texts = [texts[row] for row in order]
    result = cross_validate(
        toy_pipeline(), sorted_texts, labels[order], cv=3, return_estimator=True
    )
    learnt = [pipeline.classes_.tolist() for pipeline in result["estimator"]]
    assert learnt == [["food", "sport", "weather"]] * 3


def test_groups_stay_on_one_side_of_each_fold(toy_pipeline, texts, labels):
    groups = np.arange(48) // 12
    result = cross_validate(
        toy_pipeline(),
        texts,
        labels,
        groups=groups,
        cv=GroupKFold(4),
        return_indices=True,
        error_score="raise",
    )
    held_out = [set(groups[rows].tolist()) for rows in result["indices"]["test"]]
    assert sorted(held_out, key=min) == [{0}, {1}, {2}, {3}]


def test_scores_of_labels_and_of_probabilities_are_all_numbers(toy_pipeline, texts, labels):
    scoring = ["accuracy", "f1_macro", "roc_auc_ovr", "neg_log_loss"]
    result = cross_validate(
        toy_pipeline(),
        texts,
        labels,
        cv=2,
        scoring=scoring,
        return_train_score=True,
        error_score="raise",
    )
    names = [f"{side}_{name}" for side in ("train", "test") for name in scoring]
    assert np.isfinite([result[name] for name in names]).all()
    # one epoch learns next to nothing: the log loss is that of three equal classes
    np.testing.assert_allclose(result["test_neg_log_loss"], -np.log(3), atol=0.05)


def test_two_classes_can_be_scored_by_roc_auc(toy_pipeline, texts, two_labels):
    scores = cross_val_score(
        toy_pipeline(), texts, two_labels, cv=2, scoring="roc_auc", error_score="raise"
    )
    assert ((scores >= 0) & (scores <= 1)).all()


def test_cross_val_predict_gives_each_text_the_probabilities_of_a_fold_without_it(
    toy_pipeline, texts, labels
):
    cv = StratifiedKFold(3)
    together = cross_val_predict(toy_pipeline(), texts, labels, cv=cv, method="predict_proba")
    learnt, held_out = next(cv.split(texts, labels))
    alone = toy_pipeline().fit([texts[row] for row in learnt], labels[learnt])
    np.testing.assert_array_equal(
        together[held_out], alone.predict_proba([texts[row] for row in held_out])
    )


def test_each_fold_learns_its_own_vocabulary(toy_pipeline, texts, labels):
    order = np.argsort(labels, kind="stable")  # food, then sport, then weather
    sorted_texts = [texts[row] for row in order]
    folds = cross_validate(
        toy_pipeline(), sorted_texts, labels[order], cv=KFold(2), return_estimator=True
    )
    without_food, without_weather = (
        fold[-1].vocabulary_.id_by_token for fold in folds["estimator"]
    )
    assert "rain" in without_food
    assert "bread" not in without_food
    assert "bread" in without_weather
    assert "rain" not in without_weather


def test_a_word_of_one_fold_only_is_unknown_to_the_others_unless_ids_tell_their_vocabulary(
    toy_classifier, labels
):
    """Plain ids bring no vocabulary, and the rarest word has the largest id; it was an error."""
    ids = np.tile([[2, 3, 4]], (48, 1))
    ids[-1] = 5
    with pytest.warns(UnknownIdsWarning, match="3 of 72 tokens, in 1 of 24 rows, such as id 5 in"):
        scores = cross_val_score(toy_classifier(), ids, labels, cv=2, error_score="raise")
    assert np.isfinite(scores).all()
    padded_ids = PaddedIds(ids, Vocabulary(["the", "match", "was", "won"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownIdsWarning)
        cross_val_score(toy_classifier(), padded_ids, labels, cv=2, error_score="raise")
        sized = toy_classifier(vocabulary_size=6)
        cross_val_score(sized, ids, labels, cv=2, error_score="raise")


def test_learning_curve_grows_the_training_texts(toy_pipeline, texts, labels):
    sizes, train_scores, test_scores = learning_curve(
        toy_pipeline(), texts, labels, train_sizes=[0.5, 1.0], cv=2, error_score="raise"
    )
    assert sizes.tolist() == [12, 24]
    assert train_scores.shape == test_scores.shape == (2, 2)


def test_validation_curve_varies_a_parameter_of_the_network(toy_pipeline, texts, labels):
    train_scores, test_scores = validation_curve(
        toy_pipeline(),
        texts,
        labels,
        param_name="classify__dropout",
        param_range=[0.1, 0.5, 0.9],
        cv=2,
        error_score="raise",
    )
    assert train_scores.shape == test_scores.shape == (3, 2)
