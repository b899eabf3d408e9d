"""Groups of tasks of which one process dies: what is kept, and what runs again."""

import os
import signal
import time
import warnings

import pytest
from joblib import delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from skdeepnlp.exceptions import WorkerLostWarning
from skdeepnlp.model_selection._resilient_parallel import results_of_groups

EXPECTED = [[(group, 0), (group, 1)] for group in "abcdef"]


def leave_a_trace(folder, group, part, n_deaths):
    """Write down that a task ran, and die behind the tasks of another group, some times."""
    trace = folder / f"{group}{part}"
    with trace.open("a") as file:
        file.write("x")
    time.sleep(0.25)  # joblib sends shorter tasks in batches
    if len(trace.read_text()) <= n_deaths:
        wait_for(folder / "d0", folder / "d1")
        time.sleep(1)  # what they returned has to come in
        os.kill(os.getpid(), signal.SIGKILL)
    return group, part


def wait_for(*files):
    """Return once all files are there."""
    while not all(file.exists() for file in files):
        time.sleep(0.01)


@pytest.fixture
def results(tmp_path):
    """Run six groups of two tasks; a task may kill its process some times."""

    def run(n_jobs, deadly="", n_deaths=0):
        def task(group, part):
            dies = n_deaths * (f"{group}{part}" == deadly)
            return delayed(leave_a_trace)(tmp_path, group, part, dies)

        return results_of_groups("abcdef", task, 2, n_jobs)

    return run


def test_results_come_by_groups_in_order(results):
    assert list(results(None)) == EXPECTED


@pytest.mark.slow
@pytest.mark.parametrize("deadly", ["a0", "f0"])
def test_what_came_in_before_a_death_does_not_run_again(results, tmp_path, deadly):
    with pytest.warns(WorkerLostWarning, match="Lower n_jobs if memory is short"):
        assert list(results(2, deadly, n_deaths=1)) == EXPECTED
    assert (tmp_path / "c0").read_text() == "x"
    assert (tmp_path / deadly).read_text() == "xx"


@pytest.mark.slow
def test_a_task_that_kills_one_process_after_the_other_ends_it(results, tmp_path):
    with (
        pytest.raises(TerminatedWorkerError, match="excessive memory usage"),
        pytest.warns(WorkerLostWarning),
    ):
        list(results(2, "a0", n_deaths=9))
    assert (tmp_path / "a0").read_text() == "xxx"


def test_an_error_of_a_task_is_not_taken_for_a_death():
    def fail():
        raise TerminatedWorkerError("of a pool of its own")

    with warnings.catch_warnings(action="error"), pytest.raises(TerminatedWorkerError, match="own"):
        list(results_of_groups("a", lambda group, part: delayed(fail)(), 1, None))
