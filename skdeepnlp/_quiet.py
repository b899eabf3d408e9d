"""Import Keras and its backend without TensorFlow's start-up chatter, and SciKeras with them."""

import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["import_quietly", "import_scikeras"]

_LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_SILENT = "3"
_CHATTER = re.compile(
    rb"(WARNING: All log messages before absl|[IWE]\d{4} \d\d:|To enable the following instr)"
)


def import_quietly(name: str) -> None:
    """Import the module `name`, keeping TensorFlow's native log lines off the standard error.

    TensorFlow writes some lines before any Python setting of its logger can reach it, so the
    standard error is put aside while it loads; whatever else was written there is written back.
    Who has set ``TF_CPP_MIN_LOG_LEVEL``, to another level than 3, gets what TensorFlow writes.

    Parameters
    ----------
    name : str
        Module to import, such as ``"keras"``.
    """
    asked = os.environ.get(_LOG_LEVEL)
    if name in sys.modules or asked not in (None, _SILENT):
        importlib.import_module(name)
        return
    os.environ[_LOG_LEVEL] = _SILENT
    try:
        with _native_stderr_without_chatter():
            importlib.import_module(name)
    finally:
        if asked is None:
            del os.environ[_LOG_LEVEL]


def import_scikeras() -> None:
    """Import SciKeras, and TensorFlow only where it is Keras' backend.

    SciKeras loads TensorFlow for its random seeds whatever the backend, which takes seconds and
    some hundred MiB in each process, and goes without where TensorFlow cannot be imported. The
    backend of Keras is not changed, and TensorFlow can be imported afterwards.
    """
    import_quietly("keras")
    without = sys.modules["keras"].backend.backend() != "tensorflow"
    hidden = without and "tensorflow" not in sys.modules
    if hidden:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]  # its import raises
    try:
        import_quietly("scikeras.wrappers")
    finally:
        if hidden:
            del sys.modules["tensorflow"]


@contextmanager
def _native_stderr_without_chatter() -> Iterator[None]:
    """Put file descriptor 2 aside; on leaving, write back every line that is not chatter."""
    try:
        saved = os.dup(2)
    except OSError:  # a process without a standard error, such as a Windows service
        yield
        return
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            aside.seek(0)
            for line in aside:
                if not _CHATTER.match(line):
                    os.write(2, line)
