"""Run searches on a Dask cluster; Dask is imported by the call alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import joblib

from skdeepnlp._backend import THREAD_VARIABLES
from skdeepnlp._optional import require

# a worker that was killed took up to 13 s to start again, longer on a busy machine; joblib waits
# for 10, and a cluster gives up the worker after 15
_SECONDS_TO_START = 60
_PATIENCE = "distributed.deploy.lost-worker-timeout"


@contextmanager
def dask_backend(client: Any = None, *, verbose: int = 0) -> Iterator[Any]:
    """Run what scikit-learn runs in parallel, such as the fits of a search, on a Dask cluster.

    Inside the ``with`` block a search with ``n_jobs=None`` takes every core of the cluster. A
    worker that is killed costs the fits it was at: they start again elsewhere, and the texts, which
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

    Workers of another cluster need this package and one thread each
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
        from skdeepnlp.model_selection._dask_backend import ResilientDaskBackend  # imports Dask

        backend = ResilientDaskBackend(client=opened, wait_for_workers_timeout=_SECONDS_TO_START)
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
        yield _check_client(client, distributed)
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


def _check_client(client: Any, distributed: Any) -> Any:
    """Return a client that joblib can wait for."""
    if not isinstance(client, distributed.Client) or client.asynchronous:
        raise TypeError(
            f"Got client={client!r}; expected None or a dask.distributed.Client that is not "
            "asynchronous. Give Client(address) for the cluster at an address."
        )
    return client
