"""The user's Keras callbacks: parameters like others, which nothing is left on."""

import pickle

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import log_loss


class NotesItsNetwork(keras.callbacks.Callback):
    """Keep the network, as a careless callback does."""

    network = None

    def on_epoch_end(self, epoch, logs=None):
        self.network = self.model


CALLBACKS = {
    "ReduceLROnPlateau": lambda: keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=9),
    "NotesItsNetwork": NotesItsNetwork,
}


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_clone_of_a_fitted_classifier_with_a_callback_learns_the_same(name, toy, ids_and_labels):
    ids, labels = ids_and_labels
    fitted = toy(epochs=3, callbacks=[CALLBACKS[name]()]).fit(ids, labels)
    copy = clone(fitted)
    assert not copy.initialized_
    assert copy.callbacks[0] is not fitted.callbacks[0]
    assert np.array_equal(copy.fit(ids, labels).predict_proba(ids), fitted.predict_proba(ids))


@pytest.mark.parametrize("name", CALLBACKS)
def test_the_callback_given_never_keeps_the_network(name, toy, ids_and_labels):
    callback = CALLBACKS[name]()
    before = dict(vars(callback))
    classifier = toy(epochs=1, callbacks=[callback]).fit(*ids_and_labels)
    assert classifier.partial_fit(*ids_and_labels).callbacks == [callback]
    assert vars(callback) == before
    assert callback.model is None


def test_a_callback_lowers_the_learning_rate_of_its_own_fit(toy, ids_and_labels):
    ids, labels = ids_and_labels
    slower = keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=9, factor=1e-6)
    fits = [toy(epochs=4, callbacks=callbacks) for callbacks in ([slower], None)]
    reduced, plain = (fit.fit(ids, labels).history_["val_loss"] for fit in fits)
    assert reduced[:2] == plain[:2]
    assert reduced[3] == pytest.approx(reduced[2], abs=1e-6) != pytest.approx(plain[3], abs=1e-6)


def test_a_classifier_with_a_callback_can_be_pickled(toy, ids_and_labels):
    ids, labels = ids_and_labels
    reduce = CALLBACKS["ReduceLROnPlateau"]()
    fitted = toy(epochs=1, callbacks=[reduce]).fit(ids, labels)
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(ids), fitted.predict_proba(ids))


class NamesThePhase(keras.callbacks.Callback):
    """Put text and a number into the logs."""

    def on_epoch_end(self, epoch, logs=None):
        logs["phase"], logs["margin"] = "warm", np.float32(0.5)


def test_text_in_the_logs_is_left_out_of_the_history(toy, ids_and_labels):
    """It ended the fit."""
    history = toy(callbacks=[NamesThePhase()]).fit(*ids_and_labels).history_
    assert history["margin"] == [0.5, 0.5]
    assert "phase" not in history


@pytest.mark.parametrize("ema_decay", [None, 0.9])
def test_early_stopping_of_keras_keeps_the_weights_that_were_validated(
    ema_decay, toy, ids_and_labels
):
    """With averages it kept the raw weights of the best epoch."""
    ids, labels = ids_and_labels
    stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    options = {"ema_decay": ema_decay, "learning_rate": 0.1, "epochs": 8, "callbacks": [stop]}
    classifier = toy(early_stopping=False, **options).fit(
        ids, labels, X_val=ids[:20], y_val=labels[::-1][:20]
    )
    losses = classifier.history_["val_loss"]
    assert classifier.best_iteration_ == np.argmin(losses)
    found = log_loss(labels[::-1][:20], classifier.predict_proba(ids[:20]))
    assert found == pytest.approx(losses[classifier.best_iteration_], rel=1e-4)


def test_a_best_epoch_that_a_callback_chose_is_never_overruled(toy, ids_and_labels):
    """Its last epoch was the best one of the training loss, not of the validation loss."""
    ids, labels = ids_and_labels
    stop = keras.callbacks.EarlyStopping("loss", patience=20, restore_best_weights=True)
    dropout = {"dropout": 0.0, "embedding_dropout": 0.0}
    options = {"epochs": 6, "n_iter_no_change": 20, "learning_rate": 0.2, **dropout}
    classifier = toy(callbacks=[stop], **options).fit(
        ids, labels, X_val=ids[:20], y_val=labels[::-1][:20]
    )
    assert np.argmin(classifier.history_["val_loss"]) < 5
    assert classifier.best_iteration_ == np.argmin(classifier.history_["loss"]) == 5
    last = toy(early_stopping=False, **options).fit(ids, labels)
    assert np.array_equal(classifier.predict_proba(ids), last.predict_proba(ids))
