"""The user's Keras callbacks: parameters like others, which nothing is left on."""

import pickle

import keras
import numpy as np
import pytest
from sklearn.base import clone


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
