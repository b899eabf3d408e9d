"""What a benchmark ran on."""

import os
import platform
from importlib.metadata import version


def machine() -> str:
    """Return versions, backend, processor and cores in one line."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    versions = f"CPython {platform.python_version()}, Keras {version('keras')} on {backend}"
    return f"{versions} {version(backend)}, {platform.machine()}, {os.cpu_count()} cores"
