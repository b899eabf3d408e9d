"""Searches on a real local Dask cluster of two processes, some of which are killed."""

import contextlib
import os
import signal
import sys
import time

import keras
import numpy as np
import pytest
from joblib import Parallel, cpu_count, delayed
from sklearn.model_selection import GridSearchCV

from skdeepnlp.model_selection import EpochHalvingSearchCV, dask_backend

dask = pytest.importorskip("dask", reason="dask is not installed")
distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
DROPOUTS = {"classify__dropout": [0.2, 0.5]}
PATIENCE = "distributed.deploy.lost-worker-timeout"


class DiesWhenItGoesOn(keras.callbacks.Callback):
    """Kill the worker that trains beyond the epochs of the first iteration, once."""

    def __init__(self, mark, main):
        super().__init__()
        self.mark, self.main = mark, main

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2 and os.getpid() != self.main and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def cluster_of(n_workers):
    """Open a cluster of processes of one thread; its client is not the current client."""
    with (
        distributed.LocalCluster(
            n_workers=n_workers, threads_per_worker=1, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        assert len(client.nthreads()) == n_workers
        yield client


@pytest.fixture(scope="module")
def client():
    """A client of two processes."""
    with cluster_of(2) as client:
        yield client


@pytest.fixture
def dies(tmp_path):
    """Make a function of a text that kills the first `n_deaths` workers it comes to."""
    main = os.getpid()

    def make(n_deaths):
        for number in range(n_deaths):
            (tmp_path / str(number)).touch()

        def die_or_return(text):
            for path in tmp_path.iterdir():
                with contextlib.suppress(FileNotFoundError):  # it was another worker's
                    path.unlink()
                    if os.getpid() != main:
                        os.kill(os.getpid(), signal.SIGKILL)
            return text

        return die_or_return

    return make


@pytest.fixture
def search(toy_pipeline):
    """Make a search, whose other parameters are GridSearchCV's."""

    def make(grid=DROPOUTS, **options):
        return GridSearchCV(toy_pipeline(), grid, cv=2, error_score="raise", **options)

    return make


def test_what_is_no_client_raises():
    with (
        pytest.raises(TypeError, match=r"Got client='tcp://.*Give Client\(address\)"),
        dask_backend("tcp://127.0.0.1:8786"),
    ):
        pass


def test_a_missing_dask_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ImportError, match=r'dask_backend needs distributed.*"skdeepnlp\[search\]"'),
        dask_backend(),
    ):
        pass


@pytest.mark.slow
def test_a_search_on_a_cluster_finds_the_scores_of_one_process(client, search, texts, labels):
    alone = search().fit(texts, labels).cv_results_
    with dask_backend(client):
        spread = search().fit(texts, labels).cv_results_
    for split in ("split0_test_score", "split1_test_score"):
        assert spread[split].tolist() == alone[split].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("container", [list, np.array])
def test_killed_workers_cost_their_fits_only(
    container, client, search, dies, texts, labels, tmp_path
):
    """joblib alone loses the labels with the first worker, and every fit with them.

    On a busy machine both took so long to start again that the cluster gave them up, and the
    search waited forever.
    """
    texts, labels = container(texts * 25), labels.repeat(25)
    grid = [DROPOUTS, {"clean__function": [dies(2)]}]
    with dask.config.set({PATIENCE: "1s"}), dask_backend(client):
        spread = search(grid, refit=False).fit(texts, labels).cv_results_
    assert not list(tmp_path.iterdir())  # both have died
    alone = search(grid, refit=False).fit(texts, labels).cv_results_
    assert spread["split0_test_score"].tolist() == alone["split0_test_score"].tolist()


@pytest.mark.parametrize(("asked", "inside"), [("1s", "60s"), ("5 minutes", "300s")])
def test_a_cluster_is_patient_with_workers_inside_only(asked, inside):
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
        dask.config.set({PATIENCE: asked}),
    ):
        with dask_backend(client):
            assert dask.config.get(PATIENCE) == inside
        assert dask.config.get(PATIENCE) == asked


@pytest.mark.slow
def test_a_killed_worker_costs_a_halving_search_nothing_but_time(
    client, toy_pipeline, texts, labels, tmp_path
):
    died = tmp_path / "died"
    pipeline = toy_pipeline(callbacks=[DiesWhenItGoesOn(died, os.getpid())])
    grid = {"classify__dropout": [0.1, 0.2, 0.5]}
    search = EpochHalvingSearchCV(pipeline, grid, max_epochs=6, cv=2, error_score="raise")
    with dask_backend(client):
        spread = search.fit(texts, labels).cv_results_
    assert died.exists()
    alone = search.fit(texts, labels).cv_results_
    for name in ("n_resources", "split0_test_score", "split1_test_score"):
        assert spread[name].tolist() == alone[name].tolist()


@pytest.mark.slow
def test_a_task_that_kills_every_worker_ends_in_an_error():
    """joblib alone waits for it forever."""

    def die():
        time.sleep(1)  # Dask gives a worker up for good that dies while it is being started
        os.kill(os.getpid(), signal.SIGKILL)

    with (
        cluster_of(2) as client,
        dask_backend(client),
        pytest.raises(distributed.KilledWorker, match="4 different workers"),
    ):
        Parallel()([delayed(die)()])


@pytest.mark.slow
def test_a_long_list_is_sent_once_for_all_tasks(client, tmp_path):
    log = tmp_path / "log"

    class Counted:
        def __reduce__(self):
            with log.open("a") as file:
                file.write("pickled ")
            return str, ()

    texts = [Counted()] + ["a text"] * 1_000
    with dask_backend(client):
        lengths = Parallel()(delayed(len)(texts) for _ in range(12))
    assert lengths == [1_001] * 12
    assert log.read_text() == "pickled "


@pytest.mark.slow
def test_a_cluster_of_one_core_does_the_work_all_the_same():
    """joblib alone runs the tasks of a single job in the process that asks."""
    with cluster_of(1) as client, dask_backend(client):
        assert os.getpid() not in Parallel()(delayed(os.getpid)() for _ in range(3))


@pytest.mark.slow
def test_finished_tasks_are_counted_where_verbose(client, capsys):
    with dask_backend(client, verbose=10):
        Parallel()(delayed(abs)(number) for number in range(4))
    assert "Done   4 out of   4" in capsys.readouterr().err


@pytest.mark.slow
def test_the_current_client_is_used_where_there_is_one(client):
    with client.as_current(), dask_backend() as used:
        assert used is client


@pytest.mark.slow
def test_a_cluster_of_its_own_has_a_process_a_core_and_is_closed():
    with dask_backend() as client:
        threads = client.run(lambda: os.environ["TF_NUM_INTRAOP_THREADS"])
        assert list(client.nthreads().values()) == [1] * cpu_count()
        assert set(threads.values()) == {"1"}
    assert client.status == "closed"


@pytest.mark.slow
def test_a_cluster_of_its_own_waits_for_its_only_process_to_start_again(
    search, dies, texts, labels, monkeypatch, tmp_path
):
    """Dask gave it up after 15 s, and the search waited forever for another one."""
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    grid = {"clean__function": [dies(1)]}
    with dask_backend() as client:
        assert len(client.nthreads()) == 1
        assert dask.config.get(PATIENCE) == "60s"
        found = search(grid, refit=False).fit(texts, labels).cv_results_
    assert not list(tmp_path.iterdir())
    assert np.isfinite(found["split0_test_score"]).all()


def test_a_list_that_changed_between_two_calls_is_sent_again(client):
    """The second call got the list as it had been."""
    texts = ["good"] * 1_200
    with dask_backend(client):
        assert Parallel()(delayed(set)(texts) for _ in range(3)) == [{"good"}] * 3
        texts[:] = ["bad"] * 1_200
        assert Parallel()(delayed(set)(texts) for _ in range(3)) == [{"bad"}] * 3
