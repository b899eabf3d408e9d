"""Workers of joblib share the cores and may grow; the user's own process keeps its settings."""

import os
from types import SimpleNamespace

import psutil
import pytest
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor, process_executor

from skdeepnlp._backend import let_worker_grow, limit_threads_of_worker


def limited(environment):
    """Return an environment as it is after the limit."""
    limit_threads_of_worker(environment)
    return environment


def limited_in_worker(environment):
    return Parallel(n_jobs=2)(delayed(limited)(environment) for _ in range(2))[0]


def test_a_worker_gives_tensorflow_the_threads_that_joblib_gives_to_others():
    assert limited_in_worker({"OMP_NUM_THREADS": "3"}) == {
        "OMP_NUM_THREADS": "3",
        "TF_NUM_INTRAOP_THREADS": "3",
        "TF_NUM_INTEROP_THREADS": "3",
    }


def test_what_the_user_has_set_stays():
    environment = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "4"}
    assert limited_in_worker(environment)["TF_NUM_INTRAOP_THREADS"] == "4"


def test_a_worker_without_a_limit_gets_none():
    assert limited_in_worker({}) == {}


def test_the_own_process_of_the_user_gets_no_limit():
    assert limited({"OMP_NUM_THREADS": "3"}) == {"OMP_NUM_THREADS": "3"}


def room_to_grow():
    let_worker_grow()
    return process_executor._MAX_MEMORY_LEAK_SIZE


def room_in_worker():
    return Parallel(n_jobs=2)(delayed(room_to_grow)() for _ in range(2))[0]


def test_a_worker_may_hold_many_compiled_networks():
    """One that tokenized and then compiled was taken for leaking, and replaced in mid-search."""
    share = psutil.virtual_memory().total // (2 * os.cpu_count())
    own = process_executor._MAX_MEMORY_LEAK_SIZE
    assert room_in_worker() == max(own, min(share, 2_000_000_000))


@pytest.mark.parametrize(("n_cores", "expected"), [(8, 1_000_000_000), (160, 300_000_000)])
def test_workers_on_all_cores_fill_half_of_the_memory_at_most(monkeypatch, n_cores, expected):
    memory = SimpleNamespace(total=16_000_000_000)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    monkeypatch.setattr("os.cpu_count", lambda: n_cores)
    monkeypatch.setattr("skdeepnlp._backend._is_worker_of_joblib", lambda: True)
    monkeypatch.setattr(process_executor, "_MAX_MEMORY_LEAK_SIZE", 300_000_000)
    assert room_to_grow() == expected


def test_the_own_process_of_the_user_keeps_its_limit():
    before = process_executor._MAX_MEMORY_LEAK_SIZE
    assert room_to_grow() == before


def test_where_there_is_no_such_limit_nothing_happens(monkeypatch):
    monkeypatch.delattr(process_executor, "_MAX_MEMORY_LEAK_SIZE")
    monkeypatch.setattr("skdeepnlp._backend._is_worker_of_joblib", lambda: True)
    let_worker_grow()
    assert not hasattr(process_executor, "_MAX_MEMORY_LEAK_SIZE")


@pytest.mark.slow
def test_loading_the_classifiers_sets_the_limits():
    """Slow: two processes load TensorFlow."""

    def limits():
        import skdeepnlp.classifiers  # noqa: F401

        threads = os.environ["OMP_NUM_THREADS"], os.environ["TF_NUM_INTEROP_THREADS"]
        return threads, process_executor._MAX_MEMORY_LEAK_SIZE

    get_reusable_executor().shutdown()  # workers that other tests have set limits in
    (given, taken), room = Parallel(n_jobs=2)(delayed(limits)() for _ in range(2))[0]
    assert taken == given
    assert room == room_in_worker()
