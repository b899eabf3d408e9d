"""Keras' own callbacks find here what `keras.Model.fit` gives them, and spoil nothing."""

import contextlib
import gc
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest

from skdeepnlp.classifiers import network_pool


class Recorder(keras.callbacks.Callback):
    """Note the name of every call, and the parameters of the run."""

    calls: list = []
    params_seen: dict = {}

    def set_params(self, params):
        super().set_params(params)
        Recorder.params_seen = params


for _name in ("train_begin", "train_end", "epoch_begin", "epoch_end", "test_begin", "test_end"):

    def _note(self, *args, name=_name, **kwargs):
        Recorder.calls.append(name)

    setattr(Recorder, f"on_{_name}", _note)


class StopInFirstBatch(keras.callbacks.Callback):
    """Ask for the end of training after one batch, and count the batches."""

    batches: list = []

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(batch)
        self.model.stop_training = True


class Evaluate(keras.callbacks.Callback):
    """Evaluate rows of its own at the end of each epoch."""

    found: list = []

    def __init__(self, ids, targets):
        super().__init__()
        self.ids, self.targets = ids, targets

    def on_epoch_end(self, epoch, logs=None):
        values = self.model.evaluate(self.ids, self.targets, verbose=0, return_dict=True)
        self.found.append((values["loss"], logs["val_loss"]))


def test_callbacks_are_called_in_the_order_of_keras(toy, ids_and_labels):
    Recorder.calls.clear()
    toy(epochs=1, batch_size=16, callbacks=[Recorder()]).fit(*ids_and_labels)
    assert Recorder.calls == [
        "train_begin",
        "epoch_begin",
        "test_begin",
        "test_end",
        "epoch_end",
        "train_end",
    ]
    assert Recorder.params_seen["steps"] == 4  # 54 of 60 rows in batches of 16
    assert Recorder.params_seen["epochs"] == 1


def test_a_callback_stops_training_in_the_middle_of_an_epoch(toy, ids_and_labels):
    StopInFirstBatch.batches.clear()
    classifier = toy(epochs=5, batch_size=16, callbacks=[StopInFirstBatch()])
    assert classifier.fit(*ids_and_labels).n_iter_ == 1
    assert StopInFirstBatch.batches == [0]


def test_a_callback_may_evaluate_the_network(toy, ids_and_labels):
    ids, labels = ids_and_labels
    Evaluate.found.clear()
    targets = (labels[:9] == "yes").astype("float32")[:, None]
    callback = Evaluate(np.asarray(ids[:9]), targets)
    toy(callbacks=[callback]).fit(ids, labels, X_val=ids[:9], y_val=labels[:9])
    assert len(Evaluate.found) == 2
    for evaluated, watched in Evaluate.found:
        assert evaluated == pytest.approx(watched, rel=1e-4)


def test_a_progress_bar_of_keras_prints(toy, ids_and_labels, capsys):
    toy(epochs=1, callbacks=[keras.callbacks.ProgbarLogger()]).fit(*ids_and_labels)
    assert "val_score" in capsys.readouterr().out


@pytest.mark.parametrize("clipnorm", [None, 1.0])
def test_a_checkpoint_loads_in_a_fresh_process(clipnorm, toy, ids_and_labels, tmp_path):
    ids, labels = ids_and_labels
    file = tmp_path / "network.keras"
    checkpoint = keras.callbacks.ModelCheckpoint(str(file))
    classifier = toy(early_stopping=False, clipnorm=clipnorm, callbacks=[checkpoint])
    expected = classifier.fit(ids, labels).predict_proba(ids)[:, 1]
    np.save(tmp_path / "ids.npy", np.asarray(ids))
    script = textwrap.dedent(
        f"""
        import keras, numpy as np
        import skdeepnlp.classifiers
        network = keras.models.load_model({str(file)!r})
        logits = network.predict(np.load({str(tmp_path / "ids.npy")!r}), verbose=0)[:, 0]
        np.save({str(tmp_path / "probabilities.npy")!r}, 1 / (1 + np.exp(-logits)))
        assert network.objective.link == "sigmoid"
        """
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    np.testing.assert_allclose(np.load(tmp_path / "probabilities.npy"), expected, atol=1e-6)


def test_functions_of_a_lambda_callback_get_the_means_of_each_batch(toy, ids_and_labels):
    seen = []
    callback = keras.callbacks.LambdaCallback(on_train_batch_end=lambda _, logs: seen.append(logs))
    toy(epochs=1, callbacks=[callback]).fit(*ids_and_labels)
    assert seen
    assert all({"loss", "score"} <= set(logs) for logs in seen)


class FreezeEmbedding(keras.callbacks.Callback):
    """Stop a layer from learning, which traces cannot see."""

    def on_train_begin(self, logs=None):
        self.model.layers[1].trainable = False


class CompileAnew(keras.callbacks.Callback):
    """Put another optimizer in place."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.compile(optimizer="sgd")


class FreezeEmbeddingLater(keras.callbacks.Callback):
    """Freeze the embedding after an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.layers[1].trainable = False


class FreezeForAStep(keras.callbacks.Callback):
    """Freeze the embedding in each step."""

    def on_train_batch_begin(self, batch, logs=None):
        self.model.layers[1].trainable = False

    def on_train_batch_end(self, batch, logs=None):
        self.model.layers[1].trainable = True


class FreezeOneWeight(keras.callbacks.Callback):
    """Freeze a weight, but not its layer."""

    def on_train_begin(self, logs=None):
        self.model.layers[1].weights[0].trainable = False


class LoseTheOptimizerAtTheBeginning(keras.callbacks.Callback):
    """Leave no optimizer in place, before the first epoch."""

    def on_train_begin(self, logs=None):
        self.model.compile(optimizer=None)


class LoseTheOptimizer(keras.callbacks.Callback):
    """Leave no optimizer in place."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.compile(optimizer=None)


class LoseTheOptimizerAtTheEnd(keras.callbacks.Callback):
    """Leave no optimizer in place, at the end."""

    def on_train_end(self, logs=None):
        self.model.compile(optimizer=None)


@pytest.mark.parametrize(
    "callback",
    [
        *(FreezeEmbedding, FreezeEmbeddingLater, FreezeForAStep, FreezeOneWeight, CompileAnew),
        *(LoseTheOptimizerAtTheBeginning, LoseTheOptimizer, LoseTheOptimizerAtTheEnd),
    ],
)
def test_a_callback_cannot_spoil_the_networks_of_other_fits(callback, toy, ids_and_labels):
    ids, labels = ids_and_labels
    expected = toy(units=3).fit(ids, labels).predict_proba(ids)
    with contextlib.suppress(Exception):  # its own fit may fail
        toy(units=3, callbacks=[callback()]).fit(ids, labels)
    assert np.array_equal(toy(units=3).fit(ids, labels).predict_proba(ids), expected)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX takes all weights to train")
def test_a_callback_may_freeze_the_embedding(toy, ids_and_labels):
    ids, labels = ids_and_labels
    frozen = toy(units=3, callbacks=[FreezeEmbedding()]).fit(ids, labels)
    start = toy(units=3).initialize(ids, labels)
    tables = [one.model_.get_layer("embedding").get_weights()[0] for one in (frozen, start)]
    assert np.array_equal(*tables)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_networks_of_mixed_precision_learn(policy, toy, ids_and_labels):
    ids, labels = ids_and_labels
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        classifier = toy(learning_rate=0.05, epochs=15).fit(ids, labels)
        assert classifier.score(ids, labels) > 0.8
    finally:
        keras.config.set_dtype_policy(before)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="counts TensorFlow's graphs")
def test_a_network_forgotten_leaves_no_graph_behind(toy, ids_and_labels):
    from tensorflow.python.framework.func_graph import FuncGraph

    def graphs():
        network_pool.clear()
        gc.collect()
        return sum(isinstance(thing, FuncGraph) for thing in gc.get_objects())

    toy(units=5, epochs=1).fit(*ids_and_labels)
    before = graphs()
    toy(units=6, epochs=1).fit(*ids_and_labels)
    assert graphs() <= before
