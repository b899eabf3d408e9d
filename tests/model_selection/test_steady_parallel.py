"""Groups of tasks of which one process dies: what is kept, and what runs again."""

import os
import signal
import time

import pytest
from joblib import delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from skdeepnlp.exceptions import WorkerLostWarning
from skdeepnlp.model_selection._steady_parallel import results_of_groups

EXPECTED = [[(group, "0"), (group, "1")] for group in "abcdef"]


def leave_a_trace(folder, group, part, n_deaths):
    """Write down that a task ran, and die behind the groups before it, some times."""
    with (folder / f"{group}{part}").open("a") as file:
        file.write("x")
    time.sleep(0.25)  # joblib sends shorter tasks in batches
    if len((folder / f"{group}{part}").read_text()) <= n_deaths:
        while not (folder / "d came").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)
    return group, part


@pytest.fixture
def results(tmp_path):
    """Run six groups of two tasks; one task of the last group kills its process some times."""

    def run(n_jobs, n_deaths=0):
        def tasks(group):
            yield delayed(leave_a_trace)(tmp_path, group, "0", n_deaths * (group == "f"))
            yield delayed(leave_a_trace)(tmp_path, group, "1", 0)

        for results in results_of_groups("abcdef", tasks, 2, n_jobs):
            (tmp_path / f"{results[0][0]} came").touch()
            yield results

    return run


def test_results_come_by_groups_in_order(results):
    assert list(results(None)) == EXPECTED


@pytest.mark.slow
def test_what_came_before_a_death_is_kept_and_does_not_run_again(results, tmp_path):
    with pytest.warns(WorkerLostWarning, match="Lower n_jobs if memory is short"):
        assert list(results(2, n_deaths=1)) == EXPECTED
    assert (tmp_path / "d0").read_text() == "x"
    assert (tmp_path / "f0").read_text() == "xx"


@pytest.mark.slow
def test_a_task_that_kills_one_process_after_the_other_ends_it(results, tmp_path):
    with (
        pytest.raises(TerminatedWorkerError, match="excessive memory usage"),
        pytest.warns(WorkerLostWarning),
    ):
        list(results(2, n_deaths=9))
    assert len((tmp_path / "f0").read_text()) in (2, 3)  # "e" may have come in between
