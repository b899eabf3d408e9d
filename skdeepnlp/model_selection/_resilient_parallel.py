"""Tasks in processes of joblib: the results of finished ones survive a process that is killed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import LokyBackend, get_active_backend

from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import WorkerLostWarning


def results_of_groups(
    groups: Sequence[Any],
    task_of: Callable[[Any, int], Any],
    group_size: int,
    n_jobs: int | None,
) -> Iterator[list[Any]]:
    """Yield the results of groups of tasks, in order.

    joblib returns all results or, where a process is killed, none. Here results that came in
    before are kept, and the rest runs again in new processes.

    Parameters
    ----------
    groups : sequence
        What `task_of` knows the groups by.
    task_of : callable
        From a group, and a number below `group_size`, to a task as made by `joblib.delayed`; called
        again for what runs again.
    group_size : int
        Number of tasks of each group.
    n_jobs : int or None
        How many processes to use.

    Yields
    ------
    results : list
        What the tasks of a group returned.

    Raises
    ------
    TerminatedWorkerError
        If three processes are killed while the same group is due.
    """
    places = [(group, part) for group in range(len(groups)) for part in range(group_size)]
    found: dict[tuple[int, int], Any] = {}
    due, n_losses = 0, 0
    while due < len(groups):
        missing = [place for place in places if place[0] >= due and place not in found]
        tasks = (delayed(_placed)(place, task_of(groups[place[0]], place[1])) for place in missing)
        try:
            for place, result in _parallel(n_jobs)(tasks):
                found[place] = result
                while all((due, part) in found for part in range(group_size)):
                    yield [found.pop((due, part)) for part in range(group_size)]
                    due, n_losses = due + 1, 0
        except TerminatedWorkerError:
            n_losses += 1
            if n_losses == _MAX_LOSSES or not _has_processes(n_jobs):
                raise
            warn_user(_LOST, WorkerLostWarning)


_MAX_LOSSES = 3
_LOST = (
    "A worker process was killed, probably because it ran out of memory. Finished fits are kept; "
    "the others run again in new processes. Lower n_jobs if memory is short."
)


def _placed(place: tuple[int, int], task: tuple) -> tuple[tuple[int, int], Any]:
    """Run a task and return its result with its place."""
    function, args, kwargs = task
    return place, function(*args, **kwargs)


def _has_processes(n_jobs: int | None) -> bool:
    """Whether tasks run in processes of loky; elsewhere it is an error of the task's own."""
    return isinstance(get_active_backend()[0], LokyBackend) and effective_n_jobs(n_jobs) > 1


def _parallel(n_jobs: int | None) -> Parallel:
    """Return joblib's Parallel, one that yields results as they come where its backend can."""
    can = getattr(get_active_backend()[0], "supports_return_generator", False)
    return Parallel(n_jobs=n_jobs, return_as="generator_unordered" if can else "list")
