"""What a benchmark ran on."""

import importlib
import os
import platform


def machine() -> str:
    """Return versions, backend, processor and cores in one line; loads Keras."""
    import keras

    backend = importlib.import_module(keras.backend.backend())
    on = f"{backend.__name__} {backend.__version__}"
    versions = f"CPython {platform.python_version()}, Keras {keras.__version__} on {on}"
    return f"{versions}, {platform.machine()}, {os.cpu_count()} cores"
