"""Early stopping: when an epoch may be the best one, and by what score it is chosen."""

import keras
import numpy as np
import pytest
from sklearn.metrics import f1_score, get_scorer, make_scorer

from skdeepnlp import EpochHalvingSearchCV

OVERFITTING = {"epochs": 12, "learning_rate": 0.3, "n_iter_no_change": 2}


class Counts(keras.callbacks.Callback):
    """Count steps."""

    steps = 0

    def on_train_batch_begin(self, batch, logs=None):
        Counts.steps += 1


class Rising:
    """A scorer that likes each call better than the one before."""

    n_calls = 0

    def __call__(self, estimator, X, y):
        Rising.n_calls += 1
        return Rising.n_calls


@pytest.fixture
def wrong(ids_and_labels):
    """A validation set whose labels are wrong, so that its loss rises from the first epoch on."""
    ids, labels = ids_and_labels
    return {"X_val": ids[:9], "y_val": labels[::-1][:9]}


# min_steps


def test_no_epoch_is_the_best_one_before_min_steps(toy, ids_and_labels, wrong):
    free = toy(**OVERFITTING).fit(*ids_and_labels, **wrong)
    assert free.best_iteration_ < 4, "the loss fell too long to tell"
    late = toy(**OVERFITTING, min_steps=10).fit(*ids_and_labels, **wrong)  # two steps an epoch
    losses = late.history_["val_loss"]
    assert late.best_iteration_ == 4 + int(np.argmin(losses[4:]))
    assert late.n_iter_ == late.best_iteration_ + 3


def test_where_epochs_end_before_min_steps_the_last_one_is_kept(toy, ids_and_labels, wrong):
    ids, labels = ids_and_labels
    kept = toy(**{**OVERFITTING, "epochs": 6}, min_steps=100).fit(ids, labels, **wrong)
    last = toy(**{**OVERFITTING, "epochs": 6}, early_stopping=False).fit(ids, labels, **wrong)
    assert kept.best_iteration_ == 5
    assert np.array_equal(kept.predict_proba(ids), last.predict_proba(ids))


def test_training_in_parts_counts_the_steps_of_all_parts(toy, ids_and_labels, wrong):
    whole = toy(**OVERFITTING, min_steps=10).fit(*ids_and_labels, **wrong)
    parted = toy(**OVERFITTING, min_steps=10)
    for n_epochs in range(1, 13):
        parted.fit_until(n_epochs, *ids_and_labels, **wrong)
    assert parted.history_ == whole.history_
    assert parted.best_iteration_ == whole.best_iteration_


def test_a_warm_start_has_the_steps_of_the_fits_before_behind_it(toy, ids_and_labels, wrong):
    classifier = toy(**{**OVERFITTING, "epochs": 5}, min_steps=10, warm_start=True)
    classifier.fit(*ids_and_labels, **wrong).fit(*ids_and_labels, **wrong)
    losses = classifier.history_["val_loss"]
    assert classifier.best_iteration_ == 5 + int(np.argmin(losses[5:])) < 9


# batch_size="auto"


@pytest.mark.parametrize(("n_rows", "n_steps"), [(40, 5), (500, 32), (900, 29)])
def test_few_rows_are_trained_on_in_small_batches(n_rows, n_steps, toy):
    Counts.steps = 0
    ids = np.random.default_rng(0).integers(2, 9, size=(n_rows, 3))
    options = {"batch_size": "auto", "epochs": 1, "early_stopping": False}
    toy(**options, callbacks=[Counts()]).fit(ids, ids[:, 0] % 2)
    assert Counts.steps == n_steps


def test_chunks_are_trained_on_in_batches_of_one_size(toy):
    Counts.steps = 0
    ids = np.random.default_rng(0).integers(2, 9, size=(64, 3))
    toy(batch_size="auto", callbacks=[Counts()]).partial_fit(ids, ids[:, 0] % 2)
    assert Counts.steps == 2


# scoring


@pytest.mark.parametrize("scoring", ["f1_macro", "roc_auc", "neg_log_loss"])
def test_val_score_is_what_the_scorer_gives_for_the_weights_of_each_epoch(
    scoring, toy, ids_and_labels
):
    ids, labels = ids_and_labels
    watched = {"X_val": ids[:20], "y_val": labels[:20]}
    for n_epochs in (1, 3):
        classifier = toy(scoring=scoring, epochs=n_epochs, learning_rate=0.1, early_stopping=False)
        classifier.fit(ids, labels, **watched)
        expected = get_scorer(scoring)(classifier, *watched.values())
        assert classifier.history_["val_score"][-1] == pytest.approx(expected, rel=1e-5)


def test_the_epoch_of_the_best_score_is_kept_and_of_the_least_loss_among_equal_ones(
    toy, ids_and_labels
):
    ids, labels = ids_and_labels
    options = {**OVERFITTING, "epochs": 8, "n_iter_no_change": 8, "scoring": "f1_macro"}
    watched = {"X_val": ids[:30], "y_val": np.r_[labels[:20], labels[::-1][20:30]]}
    classifier = toy(**options).fit(ids, labels, **watched)
    history = classifier.history_
    order = sorted(range(8), key=lambda n: (-history["val_score"][n], history["val_loss"][n], n))
    assert classifier.best_iteration_ == order[0]
    predicted = classifier.predict(watched["X_val"])
    expected = f1_score(watched["y_val"], predicted, average="macro")
    assert max(history["val_score"]) == pytest.approx(expected)


def test_scoring_and_loss_may_choose_different_epochs(toy, ids_and_labels, wrong):
    by_loss = toy(**OVERFITTING).fit(*ids_and_labels, **wrong)
    latest = toy(**OVERFITTING, scoring=Rising()).fit(*ids_and_labels, **wrong)
    assert by_loss.best_iteration_ < latest.best_iteration_ == latest.n_iter_ - 1 == 11


def test_none_stands_for_the_accuracy(toy, ids_and_labels):
    none, named = (
        toy(scoring=scoring, epochs=6, learning_rate=0.1).fit(*ids_and_labels)
        for scoring in (None, "accuracy")
    )
    np.testing.assert_allclose(none.history_["val_score"], named.history_["val_score"], rtol=1e-6)
    assert none.best_iteration_ == named.best_iteration_


def test_a_callable_sees_labels_ids_parameters_and_predictions_of_other_rows_too(
    toy, ids_and_labels
):
    ids, labels = ids_and_labels
    seen = []

    def scorer(estimator, X, y):
        both = estimator.predict_proba(X[:3]), estimator.predict_proba(X)[:3]
        seen.append((estimator.classes_.tolist(), estimator.units, *both, X.shape, y.tolist()))
        return estimator.score(X, y)

    toy(scoring=scorer, epochs=1).fit(ids, labels, X_val=ids[:9], y_val=labels[:9])
    assert len(seen) == 2, "once before training, to find errors, and once after the epoch"
    classes, units, some, all_rows, shape, y = seen[-1]
    assert (classes, units, shape, y) == (["no", "yes"], 2, ids[:9].shape, labels[:9].tolist())
    np.testing.assert_allclose(some, all_rows, atol=1e-6)
    assert not np.allclose(seen[0][2], some)


def test_several_labels_a_row_are_scored_as_indicators(toy, ids_and_labels):
    ids, labels = ids_and_labels
    indicators = np.c_[labels == "yes", labels == "no", labels == "yes"].astype(int)
    options = {"epochs": 3, "learning_rate": 0.3, "early_stopping": False}
    classifier = toy(scoring="f1_macro", **options)
    classifier.fit(ids, indicators, X_val=ids, y_val=indicators)
    expected = f1_score(indicators, classifier.predict(ids), average="macro")
    assert classifier.history_["val_score"][-1] == pytest.approx(expected) != 0


def test_sample_weights_reach_the_scorer_and_class_weights_do_not(toy, ids_and_labels):
    ids, labels = ids_and_labels
    given = []

    def scorer(estimator, X, y, sample_weight=None):
        given.append(sample_weight)
        return 0.5

    toy(scoring=scorer, class_weight={"yes": 3.0}).fit(ids, labels)
    assert given.pop() is None
    weights = np.where(labels == "yes", 1.0, 2.0)
    toy(scoring=scorer, class_weight={"yes": 3.0}).fit(ids, labels, sample_weight=weights)
    assert sorted(set(np.round(given[-1] / given[-1].min(), 4))) == [1, 2]


def test_a_scorer_of_log_probabilities_or_features_sees_this_epoch(toy, ids_and_labels):
    """It scored the fit before, or none."""
    ids, labels = ids_and_labels

    def features(estimator, X, y):
        return float(estimator.transform(X).sum() + estimator.predict_log_proba(X)[:, 1].sum())

    fitted = toy(scoring=features, epochs=4, n_iter_no_change=9).fit(ids, labels)
    assert len(set(fitted.history_["val_score"])) == 4
    again = fitted.fit(ids, labels)
    assert len(set(again.history_["val_score"])) == 4


def test_class_weights_of_several_labels_do_not_reach_the_scorer(toy, ids_and_labels):
    ids, labels = ids_and_labels
    y, seen = np.column_stack([labels == labels[0], labels != labels[0]]).astype(int), []

    def scorer(estimator, X, y, sample_weight=None):
        seen.append(sample_weight)
        return 0.5

    weights = [{0: 1, 1: 9.0}, {0: 1, 1: 1}]
    toy(scoring=scorer, class_weight=weights).fit(ids, y)
    assert seen
    assert all(one is None for one in seen)


def test_the_best_iteration_is_an_index_after_a_second_training_and_more(toy, ids_and_labels):
    """It counted the epochs trained, of which the history had more."""
    ids, labels = ids_and_labels
    refitted = toy(refit_on_all=True, **OVERFITTING).fit(ids, labels)
    n_before = len(refitted.history_["loss"])
    refitted.set_params(refit_on_all=False).partial_fit(ids, labels)
    assert refitted.best_iteration_ == n_before == len(refitted.history_["loss"]) - 1


def test_averaged_weights_are_scored_where_they_are_kept(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"ema_decay": 0.9, "epochs": 4, "learning_rate": 0.1, "early_stopping": False}
    classifier = toy(scoring="neg_log_loss", **options)
    classifier.fit(ids, labels, X_val=ids[:9], y_val=labels[:9])
    expected = get_scorer("neg_log_loss")(classifier, ids[:9], labels[:9])
    assert classifier.history_["val_score"][-1] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("scoring", "message"),
    [
        ("f1", r"scoring='f1' cannot score the validation set\. pos_label=1"),
        (lambda estimator, X, y: float("nan"), r"gave nan for the validation set; expected"),
        (lambda estimator, X, y: "good", r"cannot score the validation set\. could not convert"),
        (make_scorer(f1_score, pos_label="maybe"), r"cannot score.*pos_label=maybe"),
    ],
)
def test_a_scorer_that_fails_is_refused_before_training(scoring, message, toy, ids_and_labels):
    Counts.steps = 0
    with pytest.raises(ValueError, match=message):
        toy(scoring=scoring, callbacks=[Counts()]).fit(*ids_and_labels)
    assert Counts.steps == 0


def test_a_search_over_epochs_takes_scoring_of_its_candidates(toy, ids_and_labels):
    search = EpochHalvingSearchCV(
        toy(scoring="f1_macro", epochs=4), {"learning_rate": [0.01, 0.1]}, factor=2, cv=2
    ).fit(*ids_and_labels)
    assert len(search.best_estimator_.history_["val_score"]) == search.best_params_["epochs"]


def test_the_plateau_schedule_follows_the_loss_whatever_is_scored(toy, ids_and_labels, wrong):
    options = {"learning_rate_schedule": "plateau", "epochs": 6, "n_iter_no_change": 6}
    by_loss = toy(**options).fit(*ids_and_labels, **wrong)
    by_score = toy(**options, scoring="f1_macro").fit(*ids_and_labels, **wrong)
    assert by_loss.history_["loss"] == by_score.history_["loss"]


# refit_on_all="auto"


def test_few_rows_are_all_trained_on_in_the_end(toy, ids_and_labels):
    auto = toy(**OVERFITTING, refit_on_all="auto").fit(*ids_and_labels)
    asked = toy(**OVERFITTING, refit_on_all=True).fit(*ids_and_labels)
    stopped = toy(**OVERFITTING, refit_on_all=False).fit(*ids_and_labels)
    ids = ids_and_labels[0]
    assert np.array_equal(auto.predict_proba(ids), asked.predict_proba(ids))
    assert not np.array_equal(auto.predict_proba(ids), stopped.predict_proba(ids))
    assert auto.history_ == stopped.history_


@pytest.mark.parametrize(
    "options",
    [
        {"warm_start": True},
        {"early_stopping": False},
        {"learning_rate_schedule": "plateau", "n_iter_no_change": 3},
        {"callbacks": [keras.callbacks.TerminateOnNaN()]},
    ],
)
def test_auto_trains_once_where_a_second_training_would_mean_something_else(
    options, toy, ids_and_labels
):
    auto, once = (
        toy(**options, refit_on_all=refit).fit(*ids_and_labels) for refit in ("auto", False)
    )
    ids = ids_and_labels[0]
    assert np.array_equal(auto.predict_proba(ids), once.predict_proba(ids))


def test_auto_trains_once_beside_x_val_in_parts_and_by_chunks(toy, ids_and_labels):
    ids, labels = ids_and_labels
    fits = (
        lambda one: one.fit(ids, labels, X_val=ids[:9], y_val=labels[:9]),
        lambda one: one.fit_until(2, ids, labels),
        lambda one: one.partial_fit(ids, labels),
    )
    for fit in fits:
        auto, once = (fit(toy(refit_on_all=refit)) for refit in ("auto", False))
        assert np.array_equal(auto.predict_proba(ids), once.predict_proba(ids))


def test_many_rows_are_trained_on_once(toy, ids_and_labels, monkeypatch):
    monkeypatch.setattr("skdeepnlp.estimators._base._MANY_SAMPLES", 60)
    auto, once = (toy(refit_on_all=refit).fit(*ids_and_labels) for refit in ("auto", False))
    ids = ids_and_labels[0]
    assert np.array_equal(auto.predict_proba(ids), once.predict_proba(ids))
