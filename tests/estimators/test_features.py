"""Features for the middle of a pipeline, log probabilities, and callbacks written for Keras."""

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline

from skdeepnlp import AttentionClassifier, CNNClassifier, TransformerClassifier
from skdeepnlp.testing._discovery import TOY_PARAMETERS


def logits_of(classifier, features):
    kernel, bias = classifier.model_.get_layer("logits").get_weights()
    return features @ kernel + bias


@pytest.mark.parametrize(
    "regularizer",
    [{}, {"l2": 0.1, "label_smoothing": 0.1}, {"mixup": 0.3}, {"r_drop": 1.0}],
    ids=str,
)
def test_the_last_layer_makes_the_logits_of_the_features(toy, ids_and_labels, regularizer):
    ids, labels = ids_and_labels
    classifier = toy(dropout=0.5, **regularizer).fit(ids, labels)
    features = classifier.transform(ids)
    assert features.dtype == np.float32
    assert features.shape == (60, 8)  # two units, two directions, maximum and mean
    probabilities = 1 / (1 + np.exp(-logits_of(classifier, features)[:, 0]))
    np.testing.assert_allclose(probabilities, classifier.predict_proba(ids)[:, 1], atol=1e-5)


@pytest.mark.parametrize("family", [AttentionClassifier, CNNClassifier, TransformerClassifier])
def test_other_families_have_features(family, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = family(**TOY_PARAMETERS[family.__name__], random_state=0).fit(ids, labels)
    features = classifier.transform(ids)
    assert features.shape == (60, len(classifier.get_feature_names_out()))
    probabilities = 1 / (1 + np.exp(-logits_of(classifier, features)[:, 0]))
    np.testing.assert_allclose(probabilities, classifier.predict_proba(ids)[:, 1], atol=1e-5)


def test_features_are_those_of_the_network_alone(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"embedding_min_df": 2}
    with_vote = toy(linear_ngrams=2, **options).fit(ids, labels)
    alone = toy(**options).fit(ids, labels)
    assert np.array_equal(with_vote.transform(ids), alone.transform(ids))


def test_features_have_names_and_become_frames(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().set_output(transform="pandas").fit(ids, labels)
    frame = classifier.transform(ids)
    assert isinstance(frame, pd.DataFrame)
    assert frame.columns.tolist() == [f"lstmclassifier{i}" for i in range(8)]
    assert classifier.get_feature_names_out().tolist() == frame.columns.tolist()


def test_a_network_feeds_a_linear_model_in_a_pipeline(toy, ids_and_labels):
    ids, labels = ids_and_labels
    network = toy(epochs=10, learning_rate=0.05, early_stopping=False)
    pipeline = make_pipeline(network, LogisticRegression()).fit(ids, labels)
    assert pipeline.score(ids, labels) > 0.9
    union = FeatureUnion([("one", network), ("other", clone(network))]).fit(ids, labels)
    assert union.transform(ids).shape == (60, 16)


def test_an_unfitted_network_has_no_features(toy, ids_and_labels):
    with pytest.raises(ValueError, match="not fitted"):
        toy().transform(ids_and_labels[0])


def test_log_probabilities_are_the_logarithms_of_probabilities(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().fit(ids, labels)
    np.testing.assert_allclose(
        np.exp(classifier.predict_log_proba(ids)), classifier.predict_proba(ids), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"epochs": 3}, r"LSTMClassifier.fit got epochs=.*LSTMClassifier\(epochs=...\)"),
        ({"callbacks": []}, r"got callbacks=.*LSTMClassifier\(callbacks=...\)"),
        ({"validation_data": ()}, "got validation_data=.*Give fit X_val and y_val"),
        ({"validation_split": 0.1}, "Set validation_fraction"),
        ({"sample_weights": 1}, "Did you mean sample_weight"),
        ({"qqqq": 1}, "Leave it out"),
    ],
)
def test_arguments_of_keras_are_named_with_what_to_do(toy, ids_and_labels, argument, message):
    with pytest.raises(TypeError, match=message):
        toy().fit(*ids_and_labels, **argument)


def test_a_dataset_of_tensorflow_is_named(toy, ids_and_labels):
    tensorflow = pytest.importorskip("tensorflow")
    dataset = tensorflow.data.Dataset.from_tensor_slices(np.asarray(ids_and_labels[0])).batch(4)
    with pytest.raises(TypeError, match=r"LSTMClassifier\.fit got a _Batch.*fit_in_chunks"):
        toy().fit(dataset)


# Callbacks as they are written for Keras


class AddsF1(keras.callbacks.Callback):
    """Add a measure to the logs, as tutorials do."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch:
            logs["val_f1"] = 0.5 + epoch / 10


def test_what_a_callback_adds_to_the_logs_is_in_the_history(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"epochs": 3, "n_iter_no_change": 9, "callbacks": [AddsF1()]}
    history = toy(**options).fit(ids, labels).history_
    np.testing.assert_allclose(history["val_f1"], [np.nan, 0.6, 0.7])
    assert sorted(history) == ["loss", "score", "val_f1", "val_loss", "val_score"]
    parts = toy(**options).fit_until(2, ids, labels).fit_until(3, ids, labels)
    np.testing.assert_allclose(parts.history_["val_f1"], [np.nan, 0.6, 0.7])


class RestoresFirst(keras.callbacks.Callback):
    """Restore the weights of the first epoch when training has ended."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            self.first = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.first)


@pytest.mark.parametrize("ema_decay", [None, 0.9])
@pytest.mark.parametrize("early_stopping", [True, False])
def test_weights_that_a_callback_restores_are_kept(toy, ids_and_labels, early_stopping, ema_decay):
    """With early stopping, or averages, they were thrown away without a word."""
    ids, labels = ids_and_labels
    options = {"early_stopping": early_stopping, "learning_rate": 0.05, "n_iter_no_change": 9}
    options["ema_decay"] = ema_decay
    first = toy(epochs=1, **options).fit(ids, labels)
    restored = toy(epochs=4, callbacks=[RestoresFirst()], **options)
    restored.fit(ids, labels)
    assert np.array_equal(restored.predict_proba(ids), first.predict_proba(ids))
    assert (restored.n_iter_, restored.best_iteration_) == (4, -1)


def test_early_stopping_of_keras_finds_accuracy_and_says_which_epoch_it_kept(toy, ids_and_labels):
    ids, labels = ids_and_labels
    stop = keras.callbacks.EarlyStopping(
        "val_accuracy", mode="max", patience=2, restore_best_weights=True
    )
    classifier = toy(epochs=12, learning_rate=0.1, callbacks=[stop], early_stopping=False)
    classifier.fit(ids, labels, X_val=ids, y_val=labels)
    scores = classifier.history_["val_score"]
    assert classifier.n_iter_ < 12
    assert classifier.best_iteration_ == int(np.argmax(scores))
    assert classifier.score(ids, labels) == pytest.approx(max(scores))
