"""A fair share of the cores for TensorFlow in each worker process of joblib."""

import multiprocessing
import os
from collections.abc import MutableMapping

__all__ = ["THREAD_VARIABLES", "limit_threads_of_worker"]

# TensorFlow takes these where its own thread counts were not set; joblib does not know them
THREAD_VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def limit_threads_of_worker(environment: MutableMapping[str, str] = os.environ) -> None:
    """In a worker process of joblib, give TensorFlow as many threads as joblib gives to others.

    joblib shares the cores out by ``OMP_NUM_THREADS`` and its like, which TensorFlow does not
    read: each of k workers would start a thread a core. Elsewhere, and where the user has set a
    variable, nothing changes. TensorFlow reads them once, when Keras is imported.

    Parameters
    ----------
    environment : mutable mapping of str to str, default=os.environ
        The variables of this process.
    """
    threads = environment.get("OMP_NUM_THREADS")
    if threads is None or not _is_worker_of_joblib():
        return
    for name in THREAD_VARIABLES:
        environment.setdefault(name, threads)


def _is_worker_of_joblib() -> bool:
    """Whether this process was started by loky, the default backend of joblib."""
    return "loky" in type(multiprocessing.current_process()).__module__.split(".")
