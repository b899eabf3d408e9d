"""Ctrl-C: the epochs finished until then are kept, and a search ends."""

import copy

import keras
import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_predict

from skdeepnlp.exceptions import TrainingInterruptedWarning


class InterruptAt(keras.callbacks.Callback):
    """Press Ctrl-C in an epoch."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.epoch:
            raise KeyboardInterrupt


class InterruptAtTheEnd(keras.callbacks.Callback):
    """Press Ctrl-C when all epochs are trained."""

    def on_train_end(self, logs=None):
        raise KeyboardInterrupt


def test_ctrl_c_keeps_the_epochs_finished_until_then(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(epochs=9, callbacks=[InterruptAt(2)])
    with pytest.warns(TrainingInterruptedWarning, match="the 2 epochs finished") as warned:
        classifier.fit(ids, labels)
    assert warned[-1].filename == __file__
    whole = toy(epochs=2).fit(ids, labels)
    assert (classifier.n_iter_, classifier.history_) == (2, whole.history_)
    assert np.array_equal(classifier.predict_proba(ids), whole.predict_proba(ids))
    assert toy(epochs=2).fit(ids, labels).history_ == whole.history_  # nothing is left broken


def test_ctrl_c_keeps_the_best_epoch_and_its_averages(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"ema_decay": 0.5, "learning_rate": 0.3, "n_iter_no_change": 9}
    with pytest.warns(TrainingInterruptedWarning):
        classifier = toy(epochs=9, callbacks=[InterruptAt(5)], **options).fit(ids, labels)
    whole = toy(epochs=5, **options).fit(ids, labels)
    assert classifier.best_iteration_ == whole.best_iteration_
    assert np.array_equal(classifier.predict_proba(ids), whole.predict_proba(ids))


def test_ctrl_c_at_the_end_of_training_keeps_all_epochs(toy, ids_and_labels):
    ids, labels = ids_and_labels
    with pytest.warns(TrainingInterruptedWarning, match="the 2 epochs finished"):
        classifier = toy(epochs=2, callbacks=[InterruptAtTheEnd()]).fit(ids, labels)
    whole = toy(epochs=2).fit(ids, labels)
    assert np.array_equal(classifier.predict_proba(ids), whole.predict_proba(ids))


def test_ctrl_c_in_the_first_epoch_leaves_the_classifier_as_it_was(toy, ids_and_labels):
    classifier = toy(callbacks=[InterruptAt(0)])
    before = copy.deepcopy(vars(classifier))
    with pytest.raises(KeyboardInterrupt):
        classifier.fit(*ids_and_labels)
    assert vars(classifier).keys() == before.keys()


def test_ctrl_c_while_all_samples_are_trained_on_keeps_the_first_training(toy, ids_and_labels):
    ids, labels = ids_and_labels

    class InterruptTheSecondTraining(InterruptAt):
        trainings: list = []

        def on_train_begin(self, logs=None):
            self.trainings.append(self)

        def on_train_batch_end(self, batch, logs=None):
            if len(self.trainings) == 2:
                raise KeyboardInterrupt

    callbacks = [InterruptTheSecondTraining(0)]
    with pytest.warns(TrainingInterruptedWarning):
        classifier = toy(refit_on_all=True, callbacks=callbacks).fit(ids, labels)
    first = toy().fit(ids, labels)
    assert np.array_equal(classifier.predict_proba(ids), first.predict_proba(ids))


def test_ctrl_c_in_fit_until_leaves_the_state_of_the_call_before(toy, ids_and_labels):
    ids, labels = ids_and_labels
    begun = toy(early_stopping=False).fit_until(1, ids, labels)
    with pytest.raises(KeyboardInterrupt):
        begun.set_params(callbacks=[InterruptAt(2)]).fit_until(4, ids, labels)
    begun.set_params(callbacks=None).fit_until(4, ids, labels)
    whole = toy(early_stopping=False).fit_until(4, ids, labels)
    assert np.array_equal(begun.predict_proba(ids), whole.predict_proba(ids))


def test_ctrl_c_in_partial_fit_leaves_the_classifier_of_the_chunk_before(toy, ids_and_labels):
    ids, labels = ids_and_labels
    trained = toy().partial_fit(ids, labels)
    expected = trained.predict_proba(ids)
    with pytest.raises(KeyboardInterrupt):
        trained.set_params(callbacks=[InterruptAt(0)]).partial_fit(ids, labels)
    assert np.array_equal(trained.predict_proba(ids), expected)


def test_ctrl_c_ends_a_search_and_a_cross_validation(toy, ids_and_labels):
    classifier = toy(callbacks=[InterruptAt(1)])
    with pytest.raises(KeyboardInterrupt):
        GridSearchCV(classifier, {"dropout": [0.1, 0.2]}, cv=2).fit(*ids_and_labels)
    with pytest.raises(KeyboardInterrupt):
        cross_val_predict(classifier, *ids_and_labels, cv=2)
