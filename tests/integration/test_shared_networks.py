"""Fits that take turns on compiled networks learn what fits on networks of their own learn."""

import signal
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from sklearn.base import clone

from skdeepnlp import CNNClassifier, LSTMClassifier
from skdeepnlp.classifiers import network_pool
from skdeepnlp.testing._sequence_classifier_checks import make_ids

COMMON = {"embedding_dim": 4, "epochs": 1, "random_state": 0}
CLASSIFIERS = [
    LSTMClassifier(units=2, **COMMON),
    CNNClassifier(filters=3, **COMMON),
    LSTMClassifier(units=2, l2=0.1, ema_decay=0.9, optimizer="sgd", **COMMON),
    LSTMClassifier(units=2, dropout=0.2, learning_rate=0.1, **COMMON),
    LSTMClassifier(units=2, **COMMON).set_params(random_state=1),
]


class Stops(keras.callbacks.Callback):
    """End training in its first step, by Ctrl-C or by an error."""

    def __init__(self, by):
        super().__init__()
        self.by = by

    def on_train_batch_end(self, batch, logs=None):
        if self.by == "an error":
            raise RuntimeError("the callback failed")
        signal.raise_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def data():
    return make_ids(n_samples=60)


@pytest.fixture(scope="module")
def alone(data):
    """Probabilities of each classifier, on a network of its own."""
    network_pool.max_size = 0
    try:
        return [clone(each).fit(*data).predict_proba(data[0]) for each in CLASSIFIERS]
    finally:
        network_pool.max_size = 8


@pytest.fixture(autouse=True)
def _empty_pool():
    network_pool.clear()


def probabilities(number, data):
    return clone(CLASSIFIERS[number]).fit(*data).predict_proba(data[0])


def test_fits_of_many_shapes_take_turns(data, alone):
    for number in (0, 1, 2, 3, 4, 3, 0, 2, 1, 4):
        assert np.array_equal(probabilities(number, data), alone[number]), number
    assert len(network_pool) < len(CLASSIFIERS)


def test_fitted_classifiers_predict_in_turn(data, alone):
    fitted = [clone(CLASSIFIERS[number]).fit(*data) for number in (0, 3, 4)]
    for _ in range(2):
        for each, number in zip(fitted, (0, 3, 4), strict=True):
            assert np.array_equal(each.predict_proba(data[0]), alone[number])


@pytest.mark.parametrize("by", ["Ctrl-C", "an error"])
def test_a_fit_that_was_ended_leaves_nothing_behind(by, data, alone):
    probabilities(0, data)
    ended = clone(CLASSIFIERS[0]).set_params(callbacks=[Stops(by)])
    with pytest.raises(RuntimeError if by == "an error" else KeyboardInterrupt):
        ended.fit(*data)
    for number in (0, 3, 0):
        assert np.array_equal(probabilities(number, data), alone[number])


def test_fits_in_threads_are_those_of_one_after_the_other(data, alone):
    order = [0, 3, 4, 1, 0, 3]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda number: probabilities(number, data), order))
    for number, each in zip(order, found, strict=True):
        assert np.array_equal(each, alone[number]), number


def test_threads_that_predict_share_one_network(data, alone):
    """Each thread traced one of its own; beyond eight these were dropped and traced for ever."""
    fitted = clone(CLASSIFIERS[0]).fit(*data)
    network_pool.clear()
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda _: fitted.predict_proba(data[0]), range(36)))
    assert all(np.array_equal(one, alone[0]) for one in found)
    assert len(network_pool) == 1


def test_a_prediction_does_not_wait_for_a_fit(data, alone):
    fitted, found = clone(CLASSIFIERS[0]).fit(*data), []

    class Predicts(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            with ThreadPoolExecutor(1) as threads:
                found.append(threads.submit(fitted.predict_proba, data[0]).result(timeout=60))

    clone(CLASSIFIERS[0]).set_params(callbacks=[Predicts()]).fit(*data)
    assert np.array_equal(found[0], alone[0])
