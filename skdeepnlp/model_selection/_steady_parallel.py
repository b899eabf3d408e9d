"""Groups of tasks in processes of joblib, of which one may die without taking all with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from joblib import Parallel
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import get_active_backend

from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import WorkerLostWarning

__all__ = ["results_of_groups"]


def results_of_groups(
    groups: Sequence[Any],
    tasks_of: Callable[[Any], Iterable[Any]],
    group_size: int,
    n_jobs: int | None,
) -> Iterator[list[Any]]:
    """Yield the results of each group of tasks, in order.

    joblib returns all results or, where a process dies, none. Here the groups before stay, and the
    others run again in new processes, as long as one is finished between two deaths.

    Parameters
    ----------
    groups : sequence
        What `tasks_of` knows the groups by.
    tasks_of : callable
        From a group to its tasks, as made by `joblib.delayed`; asked again for what runs again.
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
        If processes die twice without a group finished in between.
    """
    n_done, n_at_last_death = 0, -1
    while n_done < len(groups):
        tasks = chain.from_iterable(map(tasks_of, groups[n_done:]))
        try:
            outcomes = iter(_parallel(n_jobs)(tasks))
            while results := list(islice(outcomes, group_size)):
                n_done += 1
                yield results
        except TerminatedWorkerError:
            if n_done == n_at_last_death:
                raise
            n_at_last_death = n_done
            warn_user(_LOST, WorkerLostWarning)


_LOST = (
    "A process of n_jobs died, as a rule for want of memory. The candidates before it are kept; "
    "the others run again in new processes. Lower n_jobs if memory is short."
)


def _parallel(n_jobs: int | None) -> Parallel:
    """Return joblib's Parallel, one that yields results as they come where its backend can."""
    backend, _ = get_active_backend()
    can = getattr(backend, "supports_return_generator", False)
    return Parallel(n_jobs=n_jobs, return_as="generator" if can else "list")
