"""Start Keras and its backend quietly, and give worker processes their fair share."""

import multiprocessing
import os
import sys
from collections.abc import MutableMapping
from typing import Any

# TensorFlow takes these where its own thread counts were not set; joblib does not know them
THREAD_VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
_MOST_BYTES_TO_GROW = 2_000_000_000  # some fifty shapes on JAX, at up to 40 MB each


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


def let_worker_grow() -> None:
    """Raise loky's memory-leak threshold, which compiled networks would trigger.

    Where psutil is installed, loky takes a process for leaking that holds 300 MB more than after
    its first task, and starts another one, which has to compile everything again. That much is
    reached as soon as the first task only tokenized, or by ten compiled shapes. As many workers
    as cores may fill half of the memory in all now. loky has no setting for it; where it has no
    such limit any more, nothing happens.
    """
    loky: Any = sys.modules.get("joblib.externals.loky.process_executor")
    psutil: Any = sys.modules.get("psutil")  # loky loads it to measure
    if psutil and hasattr(loky, "_MAX_MEMORY_LEAK_SIZE") and _is_worker_of_joblib():
        share = psutil.virtual_memory().total // (2 * (os.cpu_count() or 1))
        allowed = min(share, _MOST_BYTES_TO_GROW)
        loky._MAX_MEMORY_LEAK_SIZE = max(loky._MAX_MEMORY_LEAK_SIZE, allowed)


def _is_worker_of_joblib() -> bool:
    """Whether this process was started by loky, the default backend of joblib."""
    return "loky" in type(multiprocessing.current_process()).__module__.split(".")


def import_scikeras() -> None:
    """Import SciKeras, and TensorFlow only where it is Keras' backend.

    SciKeras loads TensorFlow for its random seeds whatever the backend, which takes seconds and
    some hundred MiB in each process, and goes without where TensorFlow cannot be imported. The
    backend of Keras is not changed, and TensorFlow can be imported afterwards. TensorFlow logs
    errors alone, unless ``TF_CPP_MIN_LOG_LEVEL`` says otherwise.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    hidden = keras.backend.backend() != "tensorflow" and "tensorflow" not in sys.modules
    if hidden:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]  # its import raises
    try:
        import scikeras.wrappers  # noqa: F401
    finally:
        if hidden:
            del sys.modules["tensorflow"]
