"""What each regularizer does to a classifier, and that strengths share a network."""

import keras
import numpy as np
import pytest

from skdeepnlp import GRUClassifier
from skdeepnlp.classifiers import network_pool
from skdeepnlp.training import CompiledNetwork

# on JAX each of these compiles for seconds
pytestmark = [pytest.mark.slow] if keras.backend.backend() == "jax" else []

ON = [
    {"word_dropout": 0.2},
    {"weight_dropout": 0.3},
    {"recurrent_dropout": 0.3},
    {"activity_l2": 0.5, "temporal_l2": 0.5},
    {"label_smoothing": 0.1},
    {"weight_decay": 0.1},
    {"clipvalue": 0.01},
    {"max_norm": 0.5},
    {"learning_rate_schedule": "cosine", "warmup": 0.2},
    {"learning_rate_schedule": "one_cycle"},
    {"learning_rate_schedule": "plateau"},
    {"warmup": 0.5},
    {"ema_decay": 0.8},
    {"mixup": 0.5},
    {"r_drop": 2.0},
    {"adversarial_epsilon": 0.3},
]


@pytest.fixture
def built(monkeypatch):
    """Count the networks that are built."""
    count = []
    whole = CompiledNetwork.__init__

    def counted(self, *args):
        count.append(1)
        whole(self, *args)

    monkeypatch.setattr(CompiledNetwork, "__init__", counted)
    network_pool.clear()
    return count


@pytest.mark.parametrize("options", ON, ids=str)
def test_training_in_parts_ends_where_training_at_once_ends(options, toy, ids_and_labels):
    ids, labels = ids_and_labels
    parameters = {**options, "epochs": 4, "n_iter_no_change": 9}
    at_once = toy(**parameters).fit_until(4, ids, labels)
    in_parts = toy(**parameters).fit_until(1, ids, labels).fit_until(4, ids, labels)
    assert np.array_equal(at_once.predict_proba(ids), in_parts.predict_proba(ids))
    whole = toy(**parameters).fit(ids, labels)
    assert np.array_equal(whole.predict_proba(ids), at_once.predict_proba(ids))


@pytest.mark.parametrize(
    "options", [on for on in ON if on.get("learning_rate_schedule") != "plateau"], ids=str
)
def test_each_changes_what_is_learnt(options, toy, ids_and_labels):
    ids, labels = ids_and_labels
    plain, regularized = (
        toy(**more, epochs=4, n_iter_no_change=9, learning_rate=0.3).fit(ids, labels)
        for more in ({}, options)
    )
    assert not np.array_equal(plain.predict_proba(ids), regularized.predict_proba(ids))


@pytest.mark.parametrize(
    "name",
    [
        "activity_l2",
        "adversarial_epsilon",
        "clipvalue",
        "ema_decay",
        "label_smoothing",
        "max_norm",
        "mixup",
        "r_drop",
        "recurrent_dropout",
        "temporal_l2",
        "weight_decay",
        "weight_dropout",
        "word_dropout",
    ],
)
def test_strengths_share_one_network_and_learn_as_in_a_new_one(name, built, toy, ids_and_labels):
    ids, labels = ids_and_labels
    weak, strong = (1e-2, 1e-3) if name == "clipvalue" else (0.1, 0.5)
    lent = [toy(**{name: each}).fit(ids, labels).predict_proba(ids) for each in (weak, strong)]
    assert len(built) == 1
    network_pool.clear()
    assert np.array_equal(lent[1], toy(**{name: strong}).fit(ids, labels).predict_proba(ids))
    assert not np.array_equal(lent[0], lent[1])


def test_schedules_share_the_network_of_none(built, toy, ids_and_labels):
    for schedule in (None, "cosine", "plateau"):
        toy(learning_rate_schedule=schedule).fit(*ids_and_labels)
    assert len(built) == 1


def looking_at_rates():
    """Return a callback that notes the rate of each step in its class, as it is copied itself."""

    class Rates(keras.callbacks.Callback):
        seen: list = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append(float(np.asarray(self.model.optimizer.learning_rate.value)))

    return Rates()


def test_the_rate_follows_the_schedule_and_falls_to_nothing(toy, ids_and_labels):
    rates = looking_at_rates()
    classifier = toy(
        learning_rate_schedule="cosine",
        warmup=0.5,
        learning_rate=0.2,
        epochs=4,
        batch_size=30,
        early_stopping=False,
        callbacks=[rates],
    )
    classifier.fit(*ids_and_labels)
    # 60 rows are two batches an epoch, eight in all, of which four warm up
    expected = [0.05, 0.1, 0.15, 0.2, 0.2, 0.1707, 0.1, 0.0293]
    np.testing.assert_allclose(rates.seen, expected, atol=1e-4)


def test_one_cycle_rises_to_the_rate_and_falls_to_nothing(toy, ids_and_labels):
    rates = looking_at_rates()
    options = {"learning_rate": 0.1, "epochs": 5, "batch_size": 15, "early_stopping": False}
    toy(learning_rate_schedule="one_cycle", callbacks=[rates], **options).fit(*ids_and_labels)
    top = int(np.argmax(rates.seen))
    assert len(rates.seen) == 20
    assert 0 < top < 19
    assert rates.seen[0] < 0.05
    assert rates.seen[top] == pytest.approx(0.1, rel=0.05)
    assert rates.seen[-1] < 0.01
    assert (np.diff(rates.seen[: top + 1]) > 0).all()
    assert (np.diff(rates.seen[top:]) < 0).all()


def test_a_plateau_lowers_the_rate_when_the_loss_stops_falling(toy, ids_and_labels):
    ids, labels = ids_and_labels
    rates = looking_at_rates()
    options = {"learning_rate": 2.0, "epochs": 12, "n_iter_no_change": 12, "batch_size": 64}
    classifier = toy(learning_rate_schedule="plateau", callbacks=[rates], **options)
    losses = classifier.fit(ids, labels).history_["val_loss"]
    of_epochs = np.array(rates.seen)
    assert of_epochs[0] == 2.0
    assert of_epochs[-1] < 2.0
    fell = np.flatnonzero(np.diff(of_epochs)) + 1
    best = np.minimum.accumulate(losses)
    assert all(best[epoch - 1] == best[epoch - 2] for epoch in fell)  # no new best before it


def test_embedded_numbers_are_dropped_at_the_rate_and_the_others_scaled_up(toy, ids_and_labels):
    ids, labels = ids_and_labels
    model = toy(embedding_dropout=0.4, embedding_dim=32, epochs=1).fit(ids, labels).model_
    kept = keras.Model(model.input, model.get_layer("embedding").output)(ids)
    dropped = keras.Model(model.input, model.get_layer("embedding_dropout").output)
    kept, found = np.asarray(kept), np.asarray(dropped(ids, training=True))
    assert (found == 0).mean() == pytest.approx(0.4, abs=0.03)
    np.testing.assert_allclose(found[found != 0], kept[found != 0] / 0.6, rtol=1e-5)
    np.testing.assert_allclose(np.asarray(dropped(ids, training=False)), kept)


def test_max_norm_holds_after_training(toy, ids_and_labels):
    classifier = toy(max_norm=0.3, learning_rate=0.5, epochs=3).fit(*ids_and_labels)
    kernel = classifier.model_.get_layer("logits").get_weights()[0]
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=0).max(), 0.3, rtol=1e-4)


def test_decay_leaves_smaller_matrices(toy, ids_and_labels):
    """Four epochs of two steps, each of which takes a share of 0.001 * 50."""
    tables = []
    for decay in (None, 50.0):
        classifier = toy(weight_decay=decay, epochs=4, early_stopping=False)
        tables.append(classifier.fit(*ids_and_labels).model_.get_layer("embedding").get_weights())
    sizes = [np.linalg.norm(table) for table in tables]
    assert sizes[1] / sizes[0] == pytest.approx(0.95**8, abs=0.03)


def test_smoothed_labels_make_probabilities_less_sure(toy, ids_and_labels):
    ids, labels = ids_and_labels
    sure, unsure = (
        toy(label_smoothing=share, epochs=30, learning_rate=0.05, early_stopping=False)
        .fit(ids, labels)
        .predict_proba(ids)
        .max(axis=1)
        .mean()
        for share in (0.0, 0.5)
    )
    assert unsure < sure - 0.1


def test_the_history_goes_by_the_labels_as_they_are(toy, ids_and_labels):
    options = {"batch_size": 64, "epochs": 1, "dropout": 0.0, "embedding_dropout": 0.0}
    options["early_stopping"] = False
    first, second = (
        toy(label_smoothing=share, **options).fit(*ids_and_labels).history_["loss"]
        for share in (0.0, 0.4)
    )
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_a_plateau_needs_rows_that_are_watched(toy, ids_and_labels):
    with pytest.raises(ValueError, match=r"'plateau' uses .*; expected early_stopping=True"):
        toy(learning_rate_schedule="plateau", early_stopping=False).fit(*ids_and_labels)


@pytest.mark.parametrize("options", [{"learning_rate_schedule": "cosine"}, {"warmup": 0.1}])
def test_chunks_know_no_last_epoch(options, toy, ids_and_labels):
    with pytest.raises(ValueError, match=r"use the number of all epochs; expected None and 0"):
        toy(**options).partial_fit(*ids_and_labels)


def test_penalties_on_outputs_make_them_smaller_and_steadier(toy, ids_and_labels):
    ids, labels = ids_and_labels
    sizes, changes = [], []
    for strength in (0.0, 3.0):
        more = {"activity_l2": strength, "temporal_l2": strength, "early_stopping": False}
        model = toy(**more, epochs=30, learning_rate=0.05).fit(ids, labels).model_
        before = keras.Model(model.input, model.get_layer("lstm_0_both").output)
        outputs = np.asarray(before(np.asarray(ids)[:, :1].repeat(5, axis=1)))
        sizes.append(np.square(outputs).mean())
        changes.append(np.square(np.diff(outputs, axis=1)).mean())
    assert sizes[1] < 0.5 * sizes[0]
    assert changes[1] < 0.5 * changes[0]


def test_the_history_leaves_penalties_out(toy, ids_and_labels):
    options = {"batch_size": 64, "epochs": 1, "dropout": 0.0, "embedding_dropout": 0.0}
    options["early_stopping"] = False
    first, second = (
        toy(activity_l2=strength, **options).fit(*ids_and_labels).history_["loss"]
        for strength in (0.0, 50.0)
    )
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_the_last_state_alone_has_no_outputs_to_penalize(toy, ids_and_labels):
    with pytest.raises(ValueError, match="expected another pooling, or 0 for both"):
        toy(pooling="last", temporal_l2=0.1).fit(*ids_and_labels)


def test_refitting_trains_on_all_rows_for_the_best_number_of_epochs(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"epochs": 12, "learning_rate": 0.1, "n_iter_no_change": 2}
    stopped = toy(**options).fit(ids, labels)
    refitted = toy(**options, refit_on_all=True).fit(ids, labels)
    assert refitted.history_ == stopped.history_
    assert refitted.best_iteration_ == stopped.best_iteration_
    assert refitted.n_iter_ == stopped.best_iteration_ + 1
    by_hand = toy(**{**options, "epochs": refitted.n_iter_}, early_stopping=False)
    expected = by_hand.fit(ids, labels).predict_proba(ids)
    assert np.array_equal(refitted.predict_proba(ids), expected)


def test_initial_weights_need_no_rows_that_are_watched(toy, ids_and_labels):
    """They were refused, and early_stopping=True asked for, which was set."""
    classifier = toy(learning_rate_schedule="plateau", n_iter_no_change=5)
    assert classifier.initialize(*ids_and_labels).initialized_


@pytest.mark.parametrize("options", [{"early_stopping": False}, {"warm_start": True}])
def test_refitting_is_refused_where_it_makes_no_sense(options, toy, ids_and_labels):
    with pytest.raises(ValueError, match="Got refit_on_all=True with early_stopping="):
        toy(refit_on_all=True, **options).fit(*ids_and_labels)


def test_refitting_is_refused_with_validation_data_and_in_parts(toy, ids_and_labels):
    ids, labels = ids_and_labels
    with pytest.raises(ValueError, match="Got X_val with refit_on_all=True"):
        toy(refit_on_all=True).fit(ids, labels, X_val=ids, y_val=labels)
    with pytest.raises(ValueError, match="expected False for fit_until"):
        toy(refit_on_all=True).fit_until(1, ids, labels)
    with pytest.raises(ValueError, match="expected False for training by chunks"):
        toy(refit_on_all=True).partial_fit(ids, labels)


@pytest.mark.parametrize(
    "options", [{"mixup": 0.2, "r_drop": 1.0}, {"r_drop": 1.0, "adversarial_epsilon": 0.1}], ids=str
)
def test_at_most_one_may_change_the_passes_of_a_step(options, toy, ids_and_labels):
    with pytest.raises(ValueError, match=r"r_drop=1.0, each .*; expected at most one above 0"):
        toy(**options).fit(*ids_and_labels)


def test_a_live_model_neither_mixes_nor_doubles(toy, ids_and_labels):
    ids, labels = ids_and_labels
    for options in ({"mixup": 0.5}, {"r_drop": 2.0}, {"adversarial_epsilon": 0.3}):
        classifier = toy(**options).fit(ids, labels)
        model, some = classifier.model_, np.asarray(ids)
        assert model(some, training=True).shape == (60, 1)
        np.testing.assert_allclose(
            np.asarray(model(some, training=False))[:, 0],
            classifier.predict_proba(ids)[:, 1],
            atol=1e-6,
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate_schedule": "plateau", "refit_on_all": True}, "trains without one"),
        ({"learning_rate_schedule": "plateau", "n_iter_no_change": 2}, "Got n_iter_no_change=2"),
        ({"r_drop": 1.0, "dropout": 0.0, "embedding_dropout": 0.0}, "both passes are the same"),
        ({"r_drop": 1.0, "dropout": 0, "embedding_dropout": 0, "weight_dropout": 0.5}, "both pass"),
        ({"pooling": "last", "residual": True}, "no layer returns a sequence"),
        ({"pooling": "last", "normalization": "layer"}, "no layer returns a sequence"),
    ],
    ids=str,
)
def test_options_that_would_have_no_effect_are_refused(options, message, toy, ids_and_labels):
    with pytest.raises(ValueError, match=message):
        toy(**options).fit(*ids_and_labels)


def test_weight_decay_leaves_the_biases_of_a_gru_alone(ids_and_labels):
    """They have two axes, as matrices have."""
    fitted = [
        GRUClassifier(
            units=2, embedding_dim=2, epochs=5, weight_decay=decay, learning_rate=0.01,
            clipnorm=None, random_state=0, early_stopping=False, batch_size=32,
        ).fit(*ids_and_labels)
        for decay in (1e-9, 50.0)
    ]  # fmt: skip
    norms = [
        sum(np.square(w.numpy()).sum() for w in model.model_.weights if "bias" in w.name)
        for model in fitted
    ]
    assert norms[1] > 0.3 * norms[0]
