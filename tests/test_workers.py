"""Workers of joblib share the cores and may grow; the user's own process keeps its settings."""

import os

import pytest
from joblib import Parallel, delayed
from joblib.externals.loky import process_executor

from skdeepnlp._workers import let_worker_grow, limit_threads_of_worker


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


def test_a_worker_may_hold_many_compiled_networks():
    """One that tokenised and then compiled was taken for leaking, and replaced in mid-search."""
    assert Parallel(n_jobs=2)(delayed(room_to_grow)() for _ in range(2)) == [2_000_000_000] * 2


def test_the_own_process_of_the_user_keeps_its_limit():
    before = process_executor._MAX_MEMORY_LEAK_SIZE
    assert room_to_grow() == before


def test_where_there_is_no_such_limit_nothing_happens(monkeypatch):
    monkeypatch.delattr(process_executor, "_MAX_MEMORY_LEAK_SIZE")
    monkeypatch.setattr("skdeepnlp._workers._is_worker_of_joblib", lambda: True)
    let_worker_grow()
    assert not hasattr(process_executor, "_MAX_MEMORY_LEAK_SIZE")


@pytest.mark.slow
def test_loading_the_classifiers_sets_the_limit():
    """Slow: two processes load TensorFlow."""

    def threads():
        import skdeepnlp.classifiers  # noqa: F401

        return os.environ["OMP_NUM_THREADS"], os.environ["TF_NUM_INTEROP_THREADS"]

    given, taken = Parallel(n_jobs=2)(delayed(threads)() for _ in range(2))[0]
    assert taken == given
