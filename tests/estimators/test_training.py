"""Early stopping, history, resuming, callbacks, progress."""

import os
import pickle
import random
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest

from skdeepnlp import LSTMClassifier

GOING_ON = {"early_stopping": False, "dropout": 0.5, "embedding_dropout": 0.3}


class StopAfterFirstEpoch(keras.callbacks.Callback):
    """Ask for the end of training, and note what was seen."""

    seen: list = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(sorted(logs))
        self.model.stop_training = True


def test_history_is_a_plain_dict_with_stable_names(toy, ids_and_labels):
    first, second = (toy(early_stopping=stops).fit(*ids_and_labels) for stops in (True, False))
    assert type(first.history_) is dict
    assert sorted(first.history_) == ["loss", "score", "val_loss", "val_score"]
    assert sorted(second.history_) == ["loss", "score"]
    assert [len(values) for values in first.history_.values()] == [2] * 4
    assert {type(value) for values in first.history_.values() for value in values} == {float}


def test_early_stopping_stops_and_keeps_the_best_weights(toy, ids_and_labels):
    ids, labels = ids_and_labels
    parameters = {"epochs": 30, "learning_rate": 0.3, "n_iter_no_change": 2}
    classifier = toy(**parameters).fit(ids, labels, X_val=ids[:9], y_val=labels[::-1][:9])
    losses = classifier.history_["val_loss"]
    assert classifier.n_iter_ == len(losses) == classifier.best_iteration_ + 3 < 30
    assert classifier.best_iteration_ == int(np.argmin(losses))
    truth = (labels[::-1][:9] == "yes").astype(int)
    picked = classifier.predict_proba(ids[:9])[np.arange(9), truth]
    assert -np.log(picked).mean() == pytest.approx(min(losses), rel=1e-4)


def test_without_early_stopping_the_last_weights_are_kept(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(early_stopping=False, epochs=3).fit(ids, labels, X_val=ids, y_val=labels)
    assert classifier.n_iter_ == 3
    assert classifier.best_iteration_ == 2
    assert classifier.history_["val_score"][-1] == pytest.approx(classifier.score(ids, labels))


def test_validation_data_keep_all_rows_for_learning(toy, ids_and_labels):
    ids, labels = ids_and_labels
    given = toy().fit(ids, labels, X_val=ids[:5], y_val=labels[:5])
    all_rows = toy(early_stopping=False).fit(ids, labels)
    assert given.history_["loss"] == all_rows.history_["loss"]


def test_two_seeded_fits_are_bit_equal(toy, ids_and_labels):
    first, second = (toy(random_state=5).fit(*ids_and_labels) for _ in range(2))
    assert first.history_ == second.history_
    for left, right in zip(first.model_.weights, second.model_.weights, strict=True):
        assert np.array_equal(keras.ops.convert_to_numpy(left), keras.ops.convert_to_numpy(right))


@pytest.mark.parametrize("level", [None, "3"])
def test_a_fresh_process_learns_the_same_bits(level, ids_and_labels):
    script = textwrap.dedent(
        """
        from skdeepnlp import LSTMClassifier
        from skdeepnlp.testing._sequence_classifier_checks import make_ids
        ids, labels = make_ids(n_samples=60)
        toy = LSTMClassifier(units=2, embedding_dim=4, epochs=2, random_state=0)
        print(toy.fit(ids, labels).predict_proba(ids).tobytes().hex())
        """
    )
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    if level is not None:
        environment["TF_CPP_MIN_LOG_LEVEL"] = level
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    ids, labels = ids_and_labels
    same = LSTMClassifier(units=2, embedding_dim=4, epochs=2, random_state=0)
    here = same.fit(ids, labels).predict_proba(ids).tobytes().hex()
    assert run.stdout.strip() == here, run.stderr


def test_no_random_state_varies(toy, ids_and_labels):
    ids, labels = ids_and_labels
    first, second = (toy(random_state=None).fit(ids, labels).predict_proba(ids) for _ in range(2))
    assert not np.array_equal(first, second)


def test_a_generator_is_consumed_so_that_fits_vary(toy, ids_and_labels):
    # scikeras copies the generator's state, so every fit comes out the same
    ids, labels = ids_and_labels
    classifier = toy(random_state=np.random.RandomState(0))
    first, second = (classifier.fit(ids, labels).predict_proba(ids) for _ in range(2))
    assert not np.array_equal(first, second)


def test_a_seeded_fit_leaves_no_global_switch_behind(toy, ids_and_labels):
    before = (random.getstate(), np.random.get_state()[1].tolist())
    toy(random_state=0).fit(*ids_and_labels)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    # under scikeras an unseeded draw now raises "Random ops require a seed"
    first, second = (np.asarray(keras.random.uniform((3,))) for _ in range(2))
    assert not np.array_equal(first, second)
    if keras.backend.backend() == "tensorflow":
        from tensorflow.python.framework import config
        from tensorflow.random import uniform

        assert not config.is_op_determinism_enabled()
        uniform((3,))


def test_a_fit_leaves_keras_global_seed_alone(toy, ids_and_labels):
    keras.utils.set_random_seed(3)
    expected = np.asarray(keras.random.uniform((3,)))
    keras.utils.set_random_seed(3)
    toy().fit(*ids_and_labels)
    assert np.array_equal(np.asarray(keras.random.uniform((3,))), expected)


def test_warm_start_goes_on_as_if_never_stopped(toy, ids_and_labels):
    ids, labels = ids_and_labels
    through = toy(epochs=4, **GOING_ON).fit(ids, labels)
    halves = toy(epochs=2, warm_start=True, **GOING_ON).fit(ids, labels).fit(ids, labels)
    assert halves.history_ == through.history_
    assert halves.n_iter_ == 4
    assert np.array_equal(halves.predict_proba(ids), through.predict_proba(ids))
    assert halves.classes_.tolist() == ["no", "yes"]


def test_partial_fit_is_one_epoch(toy, ids_and_labels):
    ids, labels = ids_and_labels
    through = toy(epochs=3, **GOING_ON).fit(ids, labels)
    parts = toy(epochs=99, **{**GOING_ON, "early_stopping": True})
    for _ in range(3):
        parts.partial_fit(ids, labels)
    assert parts.n_iter_ == 3
    assert np.array_equal(parts.predict_proba(ids), through.predict_proba(ids))


def test_training_goes_on_from_the_best_weights_not_from_the_last(toy, ids_and_labels):
    ids, labels = ids_and_labels
    stopped = toy(epochs=30, learning_rate=0.3, n_iter_no_change=4)
    stopped.fit(ids, labels, X_val=ids[:9], y_val=labels[::-1][:9])
    assert stopped.best_iteration_ < stopped.n_iter_ - 1
    before = stopped.predict_proba(ids)
    stopped.set_params(learning_rate=1e-9).partial_fit(ids, labels)
    np.testing.assert_allclose(stopped.predict_proba(ids), before, atol=1e-5)


def test_partial_fit_takes_chunks_that_lack_a_class(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy()
    for label in ("no", "yes"):
        rows = labels == label
        classifier.partial_fit(ids[rows], labels[rows], classes=["no", "yes", "maybe"])
    assert classifier.classes_.tolist() == ["maybe", "no", "yes"]
    assert classifier.n_iter_ == 2


def test_partial_fit_refuses_a_class_that_was_not_named(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().partial_fit(ids, labels)
    with pytest.raises(ValueError, match=r"not seen in fit: \['new'\]"):
        classifier.partial_fit(ids, np.full(60, "new"))
    assert classifier.n_iter_ == 1


def test_warm_start_refuses_another_network(toy, ids_and_labels):
    classifier = toy(warm_start=True).fit(*ids_and_labels)
    with pytest.raises(ValueError, match=r"shape the network were changed.*warm_start=False"):
        classifier.set_params(units=3).fit(*ids_and_labels)


def test_another_optimizer_starts_anew(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(warm_start=True).fit(ids, labels).set_params(optimizer="sgd")
    assert classifier.fit(ids, labels).n_iter_ == 4
    assert classifier.set_params(optimizer="rmsprop").partial_fit(ids, labels).n_iter_ == 5


def test_warm_start_takes_other_strengths(toy, ids_and_labels):
    ids, labels = ids_and_labels
    probabilities = [
        toy(warm_start=True, **GOING_ON)
        .fit(ids, labels)
        .set_params(dropout=rate)
        .fit(ids, labels)
        .predict_proba(ids)
        for rate in (0.5, 0.9)
    ]
    assert not np.array_equal(*probabilities)


@pytest.mark.parametrize(
    "weight",
    [2, np.float32(2), np.int8(2)],
    ids=lambda weight: type(weight).__name__,
)
def test_a_class_weight_may_be_a_number_of_any_type(weight, toy, ids_and_labels):
    ids, labels = ids_and_labels
    plain, other = (
        toy(class_weight={labels[0]: value}).fit(ids, labels) for value in (2.0, weight)
    )
    assert other.history_ == plain.history_


class RestoreFirstEpoch(keras.callbacks.Callback):
    """Put the weights of the first epoch back, by a hook set once training has begun."""

    def on_train_begin(self, logs=None):
        self.on_train_end = self.restore

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            self.first = self.model.get_weights()

    def restore(self, logs=None):
        self.model.set_weights(self.first)


def test_what_a_hook_restores_that_was_set_in_training_is_kept(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"early_stopping": False}
    restored = toy(epochs=3, callbacks=[RestoreFirstEpoch()], **options).fit(ids, labels)
    first = toy(epochs=1, **options).fit(ids, labels)
    assert np.array_equal(restored.predict_proba(ids), first.predict_proba(ids))


def test_a_callback_is_copied_and_may_stop_training(toy, ids_and_labels):
    callback = StopAfterFirstEpoch()
    StopAfterFirstEpoch.seen.clear()
    classifier = toy(epochs=5, callbacks=[callback])
    for _ in range(2):  # under scikeras the second fit meets the first one's network
        assert classifier.fit(*ids_and_labels).n_iter_ == 1
    names = ["accuracy", "loss", "score", "val_accuracy", "val_loss", "val_score"]
    assert StopAfterFirstEpoch.seen == [names] * 2
    assert callback.model is None


def test_weights_that_a_callback_restores_at_the_end_are_kept(toy, ids_and_labels):
    ids, labels = ids_and_labels
    watch = {"X_val": ids[:9], "y_val": labels[::-1][:9]}
    restore = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    fit = {"epochs": 30, "learning_rate": 0.3}
    ours = toy(n_iter_no_change=2, **fit).fit(ids, labels, **watch)
    theirs = toy(early_stopping=False, callbacks=[restore], **fit).fit(ids, labels, **watch)
    assert theirs.n_iter_ == ours.n_iter_ < 30
    np.testing.assert_allclose(theirs.predict_proba(ids), ours.predict_proba(ids), atol=1e-6)


def test_a_schedule_of_learning_rates_does_not_leak_into_the_next_fit(toy, ids_and_labels):
    ids, labels = ids_and_labels
    expected = toy().fit(ids, labels).predict_proba(ids)
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 100 * rate)
    assert not np.array_equal(
        toy(callbacks=[schedule]).fit(ids, labels).predict_proba(ids), expected
    )
    assert np.array_equal(toy().fit(ids, labels).predict_proba(ids), expected)


def test_verbose_prints_a_line_an_epoch_and_nothing_else(toy, ids_and_labels, capfd):
    ids, labels = ids_and_labels
    toy(verbose=1).fit(ids, labels).predict(ids)
    printed = capfd.readouterr()
    lines = printed.out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["Epoch 1/2", "Epoch 2/2"]
    assert "val_score" in lines[0]
    assert printed.err == ""


def test_silence_by_default(toy, ids_and_labels, capfd):
    ids, labels = ids_and_labels
    toy().fit(ids, labels).predict(ids)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("parts", [(1, 3, 6), (2, 2, 6), (5, 6)], ids=str)
@pytest.mark.parametrize("clipnorm", [None, 0.1])
def test_training_in_parts_is_training_without_a_break(parts, clipnorm, toy, ids_and_labels):
    ids, labels = ids_and_labels
    parameters = {"learning_rate": 0.05, "dropout": 0.4, "clipnorm": clipnorm, "epochs": 6}
    whole = toy(**parameters).fit(ids, labels)
    parted = toy(**parameters)
    for n_epochs in parts:
        parted.fit_until(n_epochs, ids, labels)
        toy(units=3).fit(ids, labels)  # somebody else trains in between
    assert parted.history_ == whole.history_
    assert (parted.n_iter_, parted.best_iteration_) == (whole.n_iter_, whole.best_iteration_)
    assert np.array_equal(parted.predict_proba(ids), whole.predict_proba(ids))


def test_training_in_parts_stops_early_like_training_without_a_break(toy, ids_and_labels):
    ids, labels = ids_and_labels
    watch = {"X_val": ids[:9], "y_val": labels[::-1][:9]}
    parameters = {"learning_rate": 0.3, "n_iter_no_change": 2}
    whole = toy(epochs=30, **parameters).fit(ids, labels, **watch)
    parted = toy(**parameters)
    for n_epochs in range(1, 31):
        again = pickle.loads(pickle.dumps(parted))
        parted = again.fit_until(n_epochs, ids, labels, **watch)
    assert parted.n_iter_ == whole.n_iter_ < 30
    assert parted.history_ == whole.history_
    assert np.array_equal(parted.predict_proba(ids), whole.predict_proba(ids))


def test_a_fit_forgets_training_in_parts(toy, ids_and_labels):
    ids, labels = ids_and_labels
    parted = toy().fit_until(1, ids, labels).fit(ids, labels)
    assert parted.n_iter_ == 2
    assert parted.fit_until(1, ids, labels).n_iter_ == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"dropout": 0.8},
        {"units": 3},
        {"optimizer": "sgd"},
        {"dropout": 0.0},
        {"clipvalue": 0.1},
        {"batch_size": 7},
        {"early_stopping": False},
        {"learning_rate": 0.1},
        {"warmup": 0.1},
    ],
    ids=str,
)
def test_training_in_parts_refuses_other_parameters(changed, toy, ids_and_labels):
    """They had no effect, or ended in Keras' words about shapes."""
    parted = toy(dropout=0.1).fit_until(1, *ids_and_labels)
    with pytest.raises(ValueError, match="Cannot resume training"):
        parted.set_params(**changed).fit_until(2, *ids_and_labels)
    given = {**toy(dropout=0.1).get_params(), "epochs": 50, "verbose": 0}
    parted.set_params(**given).fit_until(2, *ids_and_labels)


@pytest.mark.parametrize("n_epochs", [0, -1, 2.5, "3", None], ids=repr)
def test_training_in_parts_asks_for_a_number_of_epochs(n_epochs, toy, ids_and_labels):
    with pytest.raises((TypeError, ValueError), match="n_epochs"):
        toy().fit_until(n_epochs, *ids_and_labels)


def test_training_in_parts_refuses_to_go_beyond_its_schedule(toy, ids_and_labels):
    parted = toy(learning_rate_schedule="cosine", epochs=2).fit_until(2, *ids_and_labels)
    with pytest.raises(ValueError, match=r"Got n_epochs=3 and epochs=2.*Raise epochs|start again"):
        parted.fit_until(3, *ids_and_labels)
    with pytest.raises(ValueError, match=r"resume training: epochs changed"):
        parted.set_params(epochs=3).fit_until(3, *ids_and_labels)


@pytest.mark.parametrize("early_stopping", [True, False])
def test_training_in_parts_refuses_rows_to_watch_in_one_part_alone(
    early_stopping, toy, ids_and_labels
):
    """The history had lists of unequal lengths, and the best epoch was the wrong one."""
    ids, labels = ids_and_labels
    watch = {"X_val": ids[:9], "y_val": labels[:9]}
    for first, second in (({}, watch), (watch, {})):
        parted = toy(early_stopping=early_stopping).fit_until(1, ids, labels, **first)
        with pytest.raises(ValueError, match=r"resume training: X_val changed"):
            parted.fit_until(2, ids, labels, **second)


def test_training_in_parts_takes_an_equal_dict_in_another_order(toy, ids_and_labels):
    ids, labels = ids_and_labels
    weights = dict.fromkeys(np.unique(labels).tolist(), 1)
    parted = toy(class_weight=weights).fit_until(1, ids, labels)
    parted.set_params(class_weight=dict(reversed(weights.items()))).fit_until(2, ids, labels)
    assert parted.n_iter_ == 2


def test_training_in_parts_notices_a_dict_that_was_changed(toy, ids_and_labels):
    ids, labels = ids_and_labels
    parted = toy(class_weight=dict.fromkeys(np.unique(labels), 1)).fit_until(1, ids, labels)
    parted.class_weight[labels[0]] = 9
    with pytest.raises(ValueError, match=r"training: class_weight changed"):
        parted.fit_until(2, ids, labels)
    parted.set_params(class_weight=None, learning_rate_schedule="cosine", epochs=7)
    with pytest.raises(ValueError, match=r"class_weight, learning_rate_schedule changed"):
        parted.fit_until(2, ids, labels)
