"""Attention of many scores is computed row by row, with the same result."""

import keras
import numpy as np
import pytest

from skdeepnlp import TransformerClassifier
from skdeepnlp.classifiers import network_pool
from skdeepnlp.networks import _transformer
from skdeepnlp.testing._discovery import TOY_PARAMETERS
from skdeepnlp.testing._sequence_classifier_checks import make_ids
from skdeepnlp.training import CompiledNetwork


@pytest.fixture
def row_by_row(monkeypatch):
    """Let a layer hold no scores of several rows."""
    network_pool.clear()
    monkeypatch.setattr(_transformer, "_MOST_SCORES", 1)
    yield
    network_pool.clear()


def fitted(**parameters):
    ids, labels = make_ids(n_samples=40)
    options = {**TOY_PARAMETERS["TransformerClassifier"], "random_state": 0, **parameters}
    return TransformerClassifier(**options).fit(ids, labels), ids


@pytest.fixture(scope="module")
def at_once():
    return [fitted(epochs=3, **more)[0] for more in ({}, {"mixup": 0.3})]


@pytest.mark.parametrize("number", [0, 1])
def test_training_row_by_row_gives_the_same_network(at_once, row_by_row, number):
    """Scores of all rows took 18 GB for texts of 4,000 words."""
    found, ids = fitted(epochs=3, **({}, {"mixup": 0.3})[number])
    np.testing.assert_allclose(
        found.predict_proba(ids), at_once[number].predict_proba(ids), atol=1e-5
    )
    assert found.history_["loss"] == pytest.approx(at_once[number].history_["loss"], abs=1e-5)


def test_a_layer_gives_the_same_outputs_row_by_row(row_by_row, monkeypatch):
    layer = _transformer.MaskedSelfAttention(2, seed=1)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 7, 8)).astype("float32")
    mask = keras.ops.convert_to_tensor(np.arange(7) < np.array([[7], [3], [1]]))
    found = np.asarray(layer(x, mask=mask))
    monkeypatch.setattr(_transformer, "_MOST_SCORES", 1 << 25)
    np.testing.assert_allclose(found, np.asarray(layer(x, mask=mask)), atol=1e-6)


class ResourceExhaustedError(Exception):
    """Stands in for TensorFlow's."""


def test_an_error_for_want_of_memory_names_what_asks_for_less(monkeypatch):
    classifier, ids = fitted()

    def exhausted(*arguments):
        raise ResourceExhaustedError("OOM when allocating tensor")

    for name in ("predict_on", "train_on"):
        network_pool.clear()
        build = CompiledNetwork.__init__

        def broken(self, *arguments, name=name, build=build):
            build(self, *arguments)
            setattr(self, name, exhausted)

        monkeypatch.setattr(CompiledNetwork, "__init__", broken)
        act = classifier.predict if name == "predict_on" else lambda _: fitted()
        with pytest.raises(MemoryError, match=r"pad__max_length.*batch_size"):
            act(ids)
        monkeypatch.setattr(CompiledNetwork, "__init__", build)
    network_pool.clear()
