"""What goes wrong in a search: what is said, and what is kept."""

import errno
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GridSearchCV

from skdeepnlp import EpochHalvingSearchCV
from skdeepnlp.exceptions import WorkerLostWarning

# with the second learning rate no loss stays a number
ONE_FAILS = {"classify__learning_rate": [1e-3, 1e38]}
INTERRUPTED = """
import os, sys
from sklearn.model_selection import GridSearchCV
from skdeepnlp import LSTMClassifier, make_text_pipeline

texts, labels = ["a good film", "bad and dull"] * 20, [1, 0] * 20
classifier = LSTMClassifier(units=2, epochs=10_000, early_stopping=False, verbose=1)
grid = {"classify__dropout": [0.2, 0.5]}
GridSearchCV(make_text_pipeline(classifier), grid, cv=2, n_jobs=2).fit(texts, labels)
"""


class CtrlC(keras.callbacks.Callback):
    """Press Ctrl-C when the first epoch begins, in as many fits as are given."""

    left = 0

    def on_epoch_begin(self, epoch, logs=None):
        if CtrlC.left and epoch == 0:
            CtrlC.left -= 1
            signal.raise_signal(signal.SIGINT)


class Dies(keras.callbacks.Callback):
    """Kill the process, not the one this was made in, at an epoch, as often as files are named."""

    def __init__(self, files, epoch):
        super().__init__()
        self.files, self.epoch, self.main = files, epoch, os.getpid()

    def on_epoch_begin(self, epoch, logs=None):
        left = [file for file in self.files if not file.exists()]
        if epoch == self.epoch and os.getpid() != self.main and left:
            left[0].touch()
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def search(toy_pipeline):
    """Make a search over a toy that takes some steps an epoch; options are GridSearchCV's."""

    def make(grid, memory=None, callbacks=None, **options):
        pipeline = toy_pipeline(memory=memory, callbacks=callbacks, batch_size=4)
        return GridSearchCV(pipeline, grid, cv=2, **options)

    return make


@pytest.fixture
def full_disk(monkeypatch):
    """Nothing more can be written by joblib."""

    def refuse(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("joblib.numpy_pickle.dump", refuse)


@pytest.fixture
def read_only(tmp_path, monkeypatch):
    """A folder in which no other can be made, not even by root."""
    make_folder = os.mkdir

    def refuse(path, *args, **kwargs):
        if str(path).startswith(str(tmp_path)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        make_folder(path, *args, **kwargs)

    monkeypatch.setattr(os, "mkdir", refuse)
    return str(tmp_path)


def test_a_candidate_that_fails_leaves_the_scores_of_the_others(search, texts, labels):
    with pytest.warns(FitFailedWarning, match=r"Training diverged.*Lower learning_rate"):
        results = search(ONE_FAILS).fit(texts, labels).cv_results_
    assert np.isfinite(results["mean_test_score"]).tolist() == [True, False]


def test_a_candidate_that_fails_ends_the_search_where_that_is_asked_for(search, texts, labels):
    with pytest.raises(FloatingPointError, match="Training diverged"):
        search(ONE_FAILS, error_score="raise").fit(texts, labels)


def test_a_candidate_that_fails_does_not_change_the_fit_after_it(search, texts, labels):
    grid = {"classify__learning_rate": [1e38, 1e-3]}
    with pytest.warns(FitFailedWarning):
        after = search(grid).fit(texts, labels).cv_results_["mean_test_score"][1]
    alone = search({"classify__learning_rate": [1e-3]}).fit(texts, labels).cv_results_
    assert after == alone["mean_test_score"][0]


def test_a_full_disk_costs_the_cache_alone(search, texts, labels, tmp_path, full_disk):
    grid = {"classify__dropout": [0.2, 0.5]}
    with pytest.warns(match="Unable to cache to disk.*No space left on device"):
        cached = search(grid, memory=str(tmp_path)).fit(texts, labels).cv_results_
    plain = search(grid).fit(texts, labels).cv_results_
    assert cached["mean_test_score"].tolist() == plain["mean_test_score"].tolist()


def test_a_cache_folder_that_is_read_only_is_named_before_any_training(
    toy_pipeline, texts, labels, read_only
):
    with pytest.raises(OSError, match=f"Read-only file system: '{read_only}"):
        toy_pipeline(memory=read_only).fit(texts, labels)


def test_a_search_says_why_no_fit_could_use_the_cache(search, texts, labels, read_only):
    with pytest.raises(ValueError, match=r"All the 2 fits failed(?s:.*)Read-only file system"):
        search({"classify__dropout": [0.2]}, memory=read_only).fit(texts, labels)


@pytest.mark.parametrize("kind", ["grid", "halving"])
def test_ctrl_c_ends_a_search(kind, search, toy_pipeline, texts, labels, monkeypatch):
    monkeypatch.setattr(CtrlC, "left", 1)
    grid = {"classify__dropout": [0.2, 0.5]}
    found = search(grid, callbacks=[CtrlC()])
    if kind == "halving":
        found = EpochHalvingSearchCV(toy_pipeline(callbacks=[CtrlC()]), grid, max_epochs=3, cv=2)
    with pytest.raises(KeyboardInterrupt):
        found.fit(texts, labels)


@pytest.mark.slow
def test_a_dead_process_ends_the_search_and_the_next_one_gets_new_processes(
    search, texts, labels, tmp_path
):
    """joblib keeps nothing of such a search; dask_backend does."""
    main = os.getpid()

    def die_or_return(text):
        if os.getpid() != main and not (tmp_path / "died").exists():
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return text

    found = search({"clean__function": [die_or_return]}, n_jobs=2)
    with pytest.raises(TerminatedWorkerError, match="excessive memory usage"):
        found.fit(texts, labels)
    assert np.isfinite(found.fit(texts, labels).best_score_)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal to a group of processes")
def test_one_ctrl_c_ends_a_search_in_two_processes_and_both_of_them():
    command = [sys.executable, "-u", "-c", INTERRUPTED]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:
        lines = iter(process.stdout.readline, "")
        assert any("Epoch 3/" in line for line in lines)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        said = process.stdout.read()  # until no process is left that could write
    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")


@pytest.fixture
def halving(toy_pipeline):
    """Make a search of three candidates over 1 and 3 epochs, in two processes."""

    def make(*callbacks):
        grid = {"classify__dropout": [0.1, 0.3, 0.5]}
        pipeline = toy_pipeline(callbacks=callbacks)
        return EpochHalvingSearchCV(pipeline, grid, max_epochs=3, cv=2, n_jobs=2)

    return make


@pytest.mark.slow
@pytest.mark.parametrize("epoch", [0, 2])
def test_a_halving_search_outlives_a_dead_process(halving, texts, labels, tmp_path, epoch):
    died = tmp_path / "died"
    with pytest.warns(WorkerLostWarning, match="Lower n_jobs") as warned:
        found = halving(Dies([died], epoch)).fit(texts, labels)
    assert died.exists()
    lost = [entry.filename for entry in warned if entry.category is WorkerLostWarning]
    assert lost == [__file__]
    expected = halving().fit(texts, labels).cv_results_["mean_test_score"]
    assert np.array_equal(found.cv_results_["mean_test_score"], expected)


@pytest.mark.slow
def test_a_candidate_that_kills_process_after_process_ends_a_halving_search(
    halving, texts, labels, tmp_path
):
    files = [tmp_path / name for name in "abcdef"]  # two processes may die at a time
    search = halving(Dies(files, 2))
    with (
        pytest.raises(TerminatedWorkerError, match="excessive memory usage"),
        pytest.warns(WorkerLostWarning),
    ):
        search.fit(texts, labels)
    assert search.n_resources_ == [1]
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
