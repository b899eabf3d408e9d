"""Run searches on a Dask cluster, and outlive its workers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dask
import joblib
from joblib._dask import DaskDistributedBackend

from skdeepnlp._backend import THREAD_VARIABLES
from skdeepnlp._optional import require

_LONG_LIST = 1_000  # items; from here on a list travels once, not with each task


class SteadyDaskBackend(DaskDistributedBackend):
    """Run joblib's tasks on a Dask cluster whose workers may die.

    Parameters
    ----------
    client : dask.distributed.Client, default=None
        Where to run; None, in a worker, is the client of its cluster.
    """

    def __init__(self, client: Any = None, **options: Any) -> None:
        super().__init__(client=None if client is None else _LastingData(client), **options)

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return the cores of the cluster, but at least 2: joblib keeps one job for itself.

        A cluster of two is one of one while a worker that died starts again.
        """
        return max(super().effective_n_jobs(n_jobs), 2)

    def stop_call(self) -> None:
        """End a call of `Parallel`; a list that the next one gets may have changed meanwhile."""
        super().stop_call()
        if isinstance(self.client, _LastingData):
            self.client.forget_lists()

    def submit(self, func: Any, callback: Callable | None = None) -> Future:
        """Start a batch; if its workers die, raise where it is waited for.

        joblib calls back for what a task returns or raises alone, and would wait forever.
        """

        def call_back_on_error(future: Future) -> None:
            if callback is not None and future.exception() is not None:
                callback(future.exception())

        future = super().submit(func, callback)
        future.add_done_callback(call_back_on_error)
        return future


class _LastingData:
    """A client, as joblib uses one, whose data outlive the worker that holds them.

    joblib hands large arguments to one worker by `Client.scatter`; if it dies, Dask cannot get
    them back and cancels every task that needs them. Here they are results of tasks instead,
    which the scheduler repeats elsewhere. Long lists, which joblib sends along with every task,
    go the same way.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._long_lists: dict[int, tuple[list, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def scatter(self, data: Any, **options: Any) -> Any:
        """Return a future of the data; joblib awaits it."""
        return self._future_of(data)

    def submit(self, function: Any, **options: Any) -> Any:
        """Start a batch of calls, or joblib's probe for workers, which has none."""
        if "tasks" in options:
            calls = options["tasks"]
            options["tasks"] = [
                (_Opening(call), self._packed(args), kw) for call, args, kw in calls
            ]
        return self._client.submit(function, **options)

    def forget_lists(self) -> None:
        """Let go of the lists that were sent, here and on the cluster."""
        self._long_lists.clear()

    def _packed(self, values: list) -> list:
        """Return the values with futures of parcels in the place of long lists."""
        return [self._parcel(value) if _is_long_list(value) else value for value in values]

    def _parcel(self, values: list) -> Any:
        """Return the future of a list; the list is held, so that no other gets its id."""
        if id(values) not in self._long_lists:
            self._long_lists[id(values)] = (values, self._future_of(_Parcel(values)))
        return self._long_lists[id(values)][1]

    def _future_of(self, data: Any) -> Any:
        """Return a future that the scheduler can compute again."""
        # Dask warns of tasks that carry 10 MB, for most are sent often
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            return self._client.submit(_itself, data, pure=False)


@dataclass(frozen=True, eq=False)
class _Parcel:
    """A list that Dask shall not take apart: sending 100,000 texts one by one took it 7 s."""

    content: list


@dataclass(frozen=True, eq=False)
class _Opening:
    """A call that opens the parcels among its arguments."""

    call: Callable

    def __call__(self, *args: Any, **named: Any) -> Any:
        opened = [arg.content if isinstance(arg, _Parcel) else arg for arg in args]
        return self.call(*opened, **named)


def _is_long_list(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= _LONG_LIST


def _itself(data: Any) -> Any:
    return data


# a worker that died took up to 13 s to start again, longer on a busy machine; joblib waits for 10,
# and a cluster gives up the worker after 15
_SECONDS_TO_START = 60
_PATIENCE = "distributed.deploy.lost-worker-timeout"


@contextmanager
def dask_backend(client: Any = None, *, verbose: int = 0) -> Iterator[Any]:
    """Run what scikit-learn runs in parallel, such as the fits of a search, on a Dask cluster.

    Inside the ``with`` block a search with ``n_jobs=None`` takes every core of the cluster. A
    worker that dies costs the fits it was at: they are begun again elsewhere, and the texts, which
    the scheduler keeps, are sent again. A fit that takes four workers down with it raises Dask's
    ``KilledWorker``.

    Parameters
    ----------
    client : dask.distributed.Client, default=None
        Where to run. None takes the current client, if one is open; if none is, a cluster of one
        process a core is opened on this machine, and closed at the end.
    verbose : int, default=0
        With 1 and up, joblib prints in this process how many fits are done; from 10 on, all of
        its lines. The dashboard of the cluster, ``client.dashboard_link``, shows the same.

    Yields
    ------
    client : dask.distributed.Client
        The client in use.

    Raises
    ------
    ImportError
        If dask.distributed is not installed.
    TypeError
        If `client` is something else than a client, or one for coroutines.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : A search whose fits may run anywhere.

    Notes
    -----
    A script that has no client opened needs ``if __name__ == "__main__":`` around its work, as
    the processes of the cluster import it. Results do not depend on where the fits run.

    Workers of a cluster of your own need this package and one thread each
    (``threads_per_worker=1``); set ``TF_NUM_INTRAOP_THREADS`` and ``TF_NUM_INTEROP_THREADS`` in
    their environment, or each takes all cores of its machine. If no worker of the cluster is left,
    Dask waits for new ones. A ``LocalCluster`` of this process gives up a worker that takes too
    long to start again: after 60 s inside the ``with`` block, or after the setting
    ``distributed.deploy.lost-worker-timeout`` where that is longer; by itself, after 15.

    Examples
    --------
    >>> from skdeepnlp.model_selection import dask_backend
    >>> with dask_backend() as client:  # doctest: +SKIP
    ...     search.fit(texts, labels)
    """
    distributed = require("distributed", needed_by="dask_backend", extra="search")
    with _patience_for_workers(), _open_client(client, distributed) as opened:
        from skdeepnlp.model_selection._dask import SteadyDaskBackend  # imports dask

        backend = SteadyDaskBackend(client=opened, wait_for_workers_timeout=_SECONDS_TO_START)
        with joblib.parallel_config(backend=backend, verbose=verbose):
            yield opened


def _patience_for_workers() -> Any:
    """Let clusters of this process wait longer for workers that start again."""
    import dask
    from dask.utils import parse_timedelta

    asked = parse_timedelta(dask.config.get(_PATIENCE))
    return dask.config.set({_PATIENCE: f"{max(asked, _SECONDS_TO_START)}s"})


@contextmanager
def _open_client(client: Any, distributed: Any) -> Iterator[Any]:
    """Lend the client given, the current one, or one of a cluster that is closed at the end."""
    if client is None:
        client = _current_client(distributed)
    if client is not None:
        yield _checked(client, distributed)
        return
    threads = dict.fromkeys(THREAD_VARIABLES, "1")
    with (
        distributed.LocalCluster(
            n_workers=joblib.cpu_count(),
            threads_per_worker=1,
            dashboard_address=":0",
            env=threads,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as own,
    ):
        yield own


def _current_client(distributed: Any) -> Any:
    """Return the client that Dask would use here, or None."""
    try:
        return distributed.Client.current()
    except ValueError:
        return None


def _checked(client: Any, distributed: Any) -> Any:
    """Return a client that joblib can wait for."""
    if not isinstance(client, distributed.Client) or client.asynchronous:
        raise TypeError(
            f"Got client={client!r}; expected None or a dask.distributed.Client that is not "
            "asynchronous. Give Client(address) for the cluster at an address."
        )
    return client
