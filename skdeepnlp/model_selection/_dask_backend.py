"""joblib's Dask backend, made to survive the loss of a worker; importing it imports Dask."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import dask
from joblib._dask import DaskDistributedBackend

_LONG_LIST = 1_000  # items; from here on a list travels once, not with each task


class ResilientDaskBackend(DaskDistributedBackend):
    """Run joblib's tasks on a Dask cluster whose workers may be killed.

    Parameters
    ----------
    client : dask.distributed.Client, default=None
        Where to run; None, in a worker, is the client of its cluster.
    """

    def __init__(self, client: Any = None, **options: Any) -> None:
        super().__init__(client=None if client is None else _RecoverableData(client), **options)

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return the cores of the cluster, but at least 2: joblib keeps one job for itself.

        A cluster of two is one of one while a worker that was killed starts again.
        """
        return max(super().effective_n_jobs(n_jobs), 2)

    def stop_call(self) -> None:
        """End a call of `Parallel`; a list that the next one gets may have changed meanwhile."""
        super().stop_call()
        if isinstance(self.client, _RecoverableData):
            self.client.forget_lists()

    def submit(self, func: Any, callback: Callable | None = None) -> Future:
        """Start a batch; if its workers are killed, raise where it is waited for.

        joblib calls back for what a task returns or raises alone, and would wait forever.
        """

        def call_back_on_error(future: Future) -> None:
            if callback is not None and future.exception() is not None:
                callback(future.exception())

        future = super().submit(func, callback)
        future.add_done_callback(call_back_on_error)
        return future


class _RecoverableData:
    """A client, as joblib uses one, whose data outlive the worker that holds them.

    joblib hands large arguments to one worker by `Client.scatter`; if that is killed, Dask cannot
    get them back and cancels every task that needs them. Here they are results of tasks instead,
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
