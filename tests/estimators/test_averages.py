"""Moving averages of the weights: what is validated, kept and resumed from."""

import keras
import numpy as np
import pytest


class Weights(keras.callbacks.Callback):
    """Notes the embedding after each step."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(np.array(self.model.get_layer("embedding").get_weights()[0]))

    def __deepcopy__(self, memo):
        return self


def averaged(seen, decay):
    """Average weights as `ema_decay` says."""
    average = seen[0]
    for step, weights in enumerate(seen):
        kept = min(decay, step / (step + 9))
        average = kept * average + (1 - kept) * weights
    return average


def embedding_of(classifier):
    return classifier.model_.get_layer("embedding").get_weights()[0]


@pytest.mark.parametrize("by_chunks", [False, True])
def test_the_weights_kept_are_the_averages(by_chunks, toy, ids_and_labels):
    notes = Weights()
    classifier = toy(
        ema_decay=0.6,
        learning_rate=0.1,
        batch_size=8,
        epochs=3,
        early_stopping=False,
        callbacks=[notes],
    )
    if by_chunks:
        for _ in range(3):
            classifier.partial_fit(*ids_and_labels)
    else:
        classifier.fit(*ids_and_labels)
    assert len(notes.seen) == 24
    expected = averaged(notes.seen, 0.6)
    assert np.abs(expected - notes.seen[-1]).max() > 0.01
    np.testing.assert_allclose(embedding_of(classifier), expected, atol=1e-5)


def test_averages_are_what_is_watched(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(ema_decay=0.9, learning_rate=0.1, epochs=5, early_stopping=False)
    classifier.fit(ids, labels, X_val=ids, y_val=labels)
    own = classifier.predict_proba(ids)[np.arange(60), np.searchsorted(classifier.classes_, labels)]
    assert classifier.history_["val_loss"][-1] == pytest.approx(-np.log(own).mean(), rel=1e-4)


def test_training_goes_on_from_the_weights_not_from_their_averages(toy, ids_and_labels):
    options = {"learning_rate": 0.1, "early_stopping": False, "warm_start": True}
    plain, average = (
        toy(ema_decay=decay, **options).fit(*ids_and_labels).fit(*ids_and_labels).history_["loss"]
        for decay in (None, 0.9)
    )
    assert plain == average


def test_without_an_epoch_there_are_no_averages_to_keep(toy, ids_and_labels):
    ids, labels = ids_and_labels
    plain, average = (
        toy(ema_decay=decay).initialize(ids, labels).predict_proba(ids) for decay in (None, 0.9)
    )
    assert np.array_equal(plain, average)
