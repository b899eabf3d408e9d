"""scikit-learn's own callbacks, from version 1.9 on, around and inside a training."""

import pickle
import warnings

import keras
import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

callback = pytest.importorskip("sklearn.callback", reason="scikit-learn < 1.9 has no callbacks")
rich = pytest.importorskip("rich", reason="scikit-learn's ProgressBar is drawn by rich")


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_a_progress_bar_counts_the_epochs_inside_a_pipeline(toy_pipeline, texts, labels, capsys):
    pipeline = toy_pipeline(epochs=2).set_callbacks(callback.ProgressBar())
    pipeline.fit(texts, labels)
    shown = capsys.readouterr().out
    assert "Pipeline - fit" in shown
    assert "LSTMClassifier - fit" in shown


def test_a_progress_bar_counts_the_fits_of_a_grid_search(toy_pipeline, texts, labels, capsys):
    search = GridSearchCV(toy_pipeline(), {"classify__dropout": [0.2, 0.5]}, cv=2)
    search.set_callbacks(callback.ProgressBar()).fit(texts, labels)
    assert "GridSearchCV - fit" in capsys.readouterr().out


def test_a_scoring_monitor_scores_every_epoch(toy_classifier, padded_ids, labels):
    monitor = callback.ScoringMonitor(scoring="accuracy")
    classifier = toy_classifier(epochs=3, early_stopping=False).set_callbacks(monitor)
    classifier.fit(padded_ids, labels)
    entries = monitor.get_logs().data
    assert [entry["task_name"] for entry in entries] == ["epoch"] * 3
    assert entries[-1]["accuracy"] == classifier.score(padded_ids, labels)


def test_a_scoring_monitor_on_the_last_step_scores_inside_a_pipeline(toy_pipeline, texts, labels):
    monitor = callback.ScoringMonitor(scoring="accuracy")
    pipeline = toy_pipeline(epochs=2, early_stopping=False)
    pipeline[-1].set_callbacks(monitor)
    pipeline.fit(texts, labels)
    assert monitor.get_logs().data[-1]["accuracy"] == pipeline.score(texts, labels)


class Keeps:
    """A callback of scikit-learn's that pickles what there is after each epoch."""

    def __init__(self):
        self.kept = []

    def setup(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        pass

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        if fitted_estimator is not None:
            self.kept.append(pickle.dumps(fitted_estimator))


def test_the_classifier_after_each_epoch_can_be_pickled(toy_classifier, padded_ids, labels):
    """It knew nothing of how it was trained, and pickling it raised an AttributeError."""
    keeps = Keeps()
    classifier = toy_classifier(epochs=2, early_stopping=False).set_callbacks(keeps)
    classifier.fit(padded_ids, labels)
    first, last = map(pickle.loads, keeps.kept)
    assert not np.array_equal(first.predict_proba(padded_ids), last.predict_proba(padded_ids))
    expected = classifier.predict_proba(padded_ids)
    assert np.array_equal(last.predict_proba(padded_ids), expected)


@pytest.mark.parametrize("ema_decay", [None, 0.9])
def test_training_goes_on_from_what_a_callback_kept(ema_decay, toy_classifier, padded_ids, labels):
    """It went on from the chunk before, or from averages, and with a new optimizer."""
    keeps = Keeps()
    classifier = toy_classifier(ema_decay=ema_decay).set_callbacks(keeps)
    classifier.partial_fit(padded_ids, labels).partial_fit(padded_ids, labels)
    again = pickle.loads(pickle.dumps(pickle.loads(keeps.kept[-1])))
    assert (again.n_iter_, again.history_) == (classifier.n_iter_, classifier.history_)
    for goes_on in (again, classifier):
        goes_on.set_callbacks().partial_fit(padded_ids, labels)
    expected = classifier.predict_proba(padded_ids)
    assert np.array_equal(again.predict_proba(padded_ids), expected)


def test_training_goes_on_by_chunks_from_what_a_callback_of_fit_kept(
    toy_classifier, padded_ids, labels
):
    keeps = Keeps()
    toy_classifier(epochs=1, early_stopping=False).set_callbacks(keeps).fit(padded_ids, labels)
    assert pickle.loads(keeps.kept[-1]).partial_fit(padded_ids, labels).n_iter_ == 2


def test_what_a_callback_gets_is_what_training_to_that_epoch_leaves(
    toy_classifier, padded_ids, labels
):
    """It held the weights of the last epoch, and called that the best one."""
    keeps = Keeps()
    options = {"learning_rate": 1.0, "n_iter_no_change": 2}
    best = toy_classifier(epochs=8, **options).set_callbacks(keeps).fit(padded_ids, labels)
    assert best.best_iteration_ < best.n_iter_ - 1, "no epoch to go back to"
    for n_epochs, kept in enumerate(map(pickle.loads, keeps.kept), start=1):
        ended = toy_classifier(epochs=n_epochs, **options).fit(padded_ids, labels)
        assert kept.history_ == ended.history_
        assert (kept.n_iter_, kept.best_iteration_) == (ended.n_iter_, ended.best_iteration_)
        expected = ended.predict_proba(padded_ids)
        assert np.array_equal(kept.predict_proba(padded_ids), expected)


class WritesIntoLogs(keras.callbacks.Callback):
    """Does to the measures of an epoch what careless callbacks do."""

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = 1.0
        del logs["loss"]


def test_what_a_callback_gets_has_the_history_of_the_classifier(toy_classifier, padded_ids, labels):
    """It had what other callbacks wrote into the measures of an epoch."""
    keeps = Keeps()
    classifier = toy_classifier(epochs=2, callbacks=[WritesIntoLogs()]).set_callbacks(keeps)
    classifier.fit(padded_ids, labels)
    kept = pickle.loads(keeps.kept[-1])
    assert (kept.history_, kept.n_iter_) == (classifier.history_, classifier.n_iter_)


def test_what_a_callback_gets_holds_no_training_in_parts_from_before(
    toy_classifier, padded_ids, labels
):
    """`fit_until` went on from a training of other rows."""
    keeps = Keeps()
    classifier = toy_classifier(early_stopping=False, epochs=2).fit_until(1, padded_ids, labels)
    classifier.set_callbacks(keeps).fit(padded_ids, labels)
    kept = pickle.loads(keeps.kept[-1])
    for model in (kept, classifier):
        model.set_callbacks().fit_until(2, padded_ids[::-1], labels[::-1])
    assert kept.history_ == classifier.history_


class StopsAtOnce(Keeps):
    """A callback that asks for an end after each task."""

    def on_fit_task_end(self, estimator, context):
        return True


def test_a_callback_ends_training(toy_classifier, padded_ids, labels):
    classifier = toy_classifier(epochs=4).set_callbacks(StopsAtOnce()).fit(padded_ids, labels)
    assert classifier.n_iter_ == 1


def test_callbacks_do_not_change_what_is_learnt(toy_classifier, padded_ids, labels):
    plain = toy_classifier(epochs=2).fit(padded_ids, labels)
    monitored = toy_classifier(epochs=2)
    monitored.set_callbacks(callback.ScoringMonitor(scoring="accuracy")).fit(padded_ids, labels)
    assert monitored.history_ == plain.history_
