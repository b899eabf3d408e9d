"""Encoders of the user's: names of their own, layers of their own, a row for each text."""

import keras
import numpy as np
import pytest
from keras import ops

from skdeepnlp import NetworkClassifier
from skdeepnlp.classifiers import network_pool
from skdeepnlp.testing._toys import TOY_PARAMETERS

# on JAX each of these compiles for seconds
pytestmark = [pytest.mark.slow] if keras.backend.backend() == "jax" else []


def toy(encoder, **parameters):
    own = {**TOY_PARAMETERS["NetworkClassifier"], **parameters}
    return NetworkClassifier(**{**own, "encoder": encoder, "random_state": 0})


@pytest.mark.parametrize(
    "name", ["dropout", "embedding", "logits", "mixup", "penalty", "perturbation", "r_drop"]
)
def test_layers_may_have_the_names_that_ours_have(name, ids_and_labels):
    """Keras' first Dropout of a process is called "dropout", and was refused."""

    def encoder(embedded):
        return keras.layers.Dense(3, name=name)(embedded)

    fitted = toy(encoder, dropout=0.2, l2=0.1, mixup=0.5).fit(*ids_and_labels)
    assert np.isfinite(fitted.predict_proba(ids_and_labels[0])).all()
    assert fitted.model_.get_layer(f"encoder_{name}").units == 3


def test_layers_made_outside_are_refused(ids_and_labels):
    outside = keras.layers.Dense(3)
    with pytest.raises(ValueError, match="Make them inside the function"):
        toy(lambda embedded: outside(embedded)).fit(*ids_and_labels)


def test_a_layer_may_be_used_twice_within(ids_and_labels):
    def encoder(embedded):
        shared = keras.layers.Dense(embedded.shape[-1])
        return shared(shared(embedded))

    toy(encoder).fit(*ids_and_labels)


@pytest.mark.parametrize(
    ("encoder", "got"),
    [
        (lambda embedded: ops.mean(embedded, axis=0), r"features of shape \(5, 4\) for 7 texts"),
        (lambda embedded: ops.mean(embedded, axis=(0, 1), keepdims=True), r"for 7 texts"),
        (lambda embedded: np.ones((4, 3)), "encoder returned array"),
        (lambda embedded: ops.ones((4, 3)), "encoder returned "),
        (lambda embedded: ops.cast(ops.mean(embedded, axis=1), "int32"), "dtype int32"),
    ],
    ids=["texts", "both", "numpy", "constant", "integers"],
)
def test_what_is_no_row_for_each_text_is_refused(encoder, got, ids_and_labels):
    with pytest.raises(ValueError, match=got):
        toy(encoder, embedding_dim=4).fit(*ids_and_labels)


class Scaled(keras.layers.Layer):
    """A layer with one trained number, and one that is only kept."""

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(), initializer="zeros", name="factor")
        self.kept = self.add_weight(shape=(), initializer="zeros", trainable=False, name="kept")

    def call(self, inputs):
        return inputs * self.factor


def scaled(embedded):
    return Scaled(name="scaled")(keras.layers.Dense(3)(embedded))


def test_trained_scalars_go_on_with_training(ids_and_labels):
    """Each further chunk began from their initial values, as if they were strengths."""
    fitted = toy(scaled, learning_rate=0.1).partial_fit(*ids_and_labels)
    before = float(fitted.model_.get_layer("scaled").factor.numpy())
    fitted.set_params(learning_rate=1e-9).partial_fit(*ids_and_labels)
    after = float(fitted.model_.get_layer("scaled").factor.numpy())
    assert before != 0
    assert after == pytest.approx(before, rel=1e-4)


@pytest.fixture(autouse=True)
def _nothing_compiled_before():
    network_pool.clear()
