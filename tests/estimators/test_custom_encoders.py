"""Encoders of the user's: names of their own, layers of their own, a row for each text."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

from skdeepnlp import NetworkClassifier
from skdeepnlp.classifiers import network_pool
from skdeepnlp.estimators import _fitted_network
from skdeepnlp.testing._discovery import TOY_PARAMETERS

# on JAX each of these compiles for seconds
pytestmark = [pytest.mark.slow] if keras.backend.backend() == "jax" else []


def toy(encoder, **parameters):
    own = {**TOY_PARAMETERS["NetworkClassifier"], **parameters}
    return NetworkClassifier(**{**own, "encoder": encoder, "random_state": 0})


@pytest.mark.parametrize("name", ["dropout", None])
def test_layers_may_have_the_names_that_keras_gives(name, ids_and_labels):
    """Keras' first Dropout of a process is called "dropout", and was refused."""

    def encoder(embedded):
        return keras.layers.Dropout(0.1, name=name)(keras.layers.Dense(3)(embedded))

    fitted = toy(encoder, dropout=0.2, l2=0.1, mixup=0.5).fit(*ids_and_labels)
    assert np.isfinite(fitted.predict_proba(ids_and_labels[0])).all()


def test_max_norm_limits_the_last_layer_alone(ids_and_labels):
    def encoder(embedded):
        return keras.layers.Dense(3, name="inner", kernel_initializer="ones")(embedded)

    model = toy(encoder, max_norm=0.01).fit(*ids_and_labels).model_
    last, inner = (
        np.linalg.norm(model.get_layer(name).trainable_weights[0], axis=0)
        for name in ("logits", "inner")
    )
    assert last.max() < 0.0101
    assert inner.min() > 1


@pytest.mark.parametrize(
    "encoder",
    [
        lambda embedded: keras.layers.Conv1D(3, 7)(embedded),
        lambda embedded: keras.layers.MaxPooling1D(8)(embedded),
        lambda embedded: embedded[:, 6],
    ],
    ids=["window", "pool", "place"],
)
def test_texts_may_have_to_be_as_wide_as_the_users_are(encoder, ids_and_labels):
    """The check of the rows asked with texts of five tokens."""
    _, labels = ids_and_labels
    ids = np.random.default_rng(0).integers(2, 9, size=(len(labels), 20))
    assert np.isfinite(toy(encoder).fit(ids, labels).predict_proba(ids)).all()


@pytest.mark.parametrize("batch_size", [7, 32, 54])
def test_no_batch_holds_rows_that_are_padding_alone(batch_size, ids_and_labels):
    """Keras' mean over no token is nan, and was taken for a training that diverged."""

    def encoder(embedded):
        return keras.layers.GlobalAveragePooling1D()(embedded)

    history = toy(encoder, batch_size=batch_size).fit(*ids_and_labels).history_
    assert np.isfinite(history["loss"]).all()


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


@pytest.mark.parametrize(
    "error", [MemoryError("no room"), RuntimeError("RESOURCE_EXHAUSTED"), OutOfMemoryError()]
)
def test_lack_of_memory_names_what_requires_less(error, ids_and_labels):
    class Full(keras.layers.Layer):
        def call(self, inputs, training=False):
            if training:
                raise error
            return inputs

    with pytest.raises(MemoryError, match="max_length"):
        toy(lambda embedded: Full()(embedded)).fit(*ids_and_labels)


def test_no_batch_is_filled_up(ids_and_labels, monkeypatch):
    """Rows that filled up, of no weight, were partners of others in mixup."""
    batches = []

    class Noted(_fitted_network.CompiledNetwork):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            step = self.train_on
            self.train_on = lambda *batch: batches.append(batch) or step(*batch)

    network_pool.clear()
    monkeypatch.setattr(_fitted_network, "CompiledNetwork", Noted)
    ids, labels = ids_and_labels
    toy(dense_of_three, batch_size=8, mixup=0.5).partial_fit(ids[:50], labels[:50])
    trained = batches
    assert sorted(len(ids) for ids, _, _ in trained) == [2, 8, 8, 8, 8, 8, 8]
    assert all((ids > 0).any(axis=1).all() for ids, _, _ in trained)
    assert all((weights > 0).all() for _, _, weights in trained)


def dense_of_three(embedded):
    return keras.layers.Dense(3)(embedded)


def test_a_layer_may_be_called_without_a_use(ids_and_labels):
    def encoder(embedded):
        dense = keras.layers.Dense(3)
        dense(embedded[:, :1])
        return dense(embedded)

    toy(encoder).fit(*ids_and_labels)


@pytest.mark.filterwarnings("ignore:Layer .* does not support masking")
def test_layers_made_outside_are_refused_within_others_too(ids_and_labels):
    """Predictions of a fitted classifier changed with the next fit of another."""
    outside = keras.layers.Dense(3)
    with pytest.raises(ValueError, match="Make them inside the function"):
        toy(lambda embedded: keras.Sequential([outside])(embedded)).fit(*ids_and_labels)


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
        (lambda embedded: np.ones((4, 3)), "encoder returned array"),
        (lambda embedded: ops.ones((4, 3)), "encoder returned "),
        (lambda embedded: ops.cast(ops.mean(embedded, axis=1), "int32"), "dtype int32"),
        (lambda embedded: embedded[:, :, :0], r"shape \(None, None, 0\).* above 0"),
    ],
    ids=["numpy", "constant", "integers", "nothing"],
)
def test_what_is_no_tensor_of_features_is_refused(encoder, got, ids_and_labels):
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


def dense_of(embedded, width):
    return keras.layers.Dense(width)(embedded)


def test_an_equal_partial_goes_on_with_training_in_parts(ids_and_labels):
    fitted = toy(functools.partial(dense_of, width=3)).fit_until(1, *ids_and_labels)
    fitted.set_params(encoder=functools.partial(dense_of, width=3)).fit_until(2, *ids_and_labels)
    with pytest.raises(ValueError, match="training: encoder changed"):
        fitted.set_params(encoder=functools.partial(dense_of, width=2)).fit_until(
            3, *ids_and_labels
        )
