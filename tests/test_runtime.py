"""Importing and unpickling start no runtime: a process may still fork and configure its devices."""

import os
import pickle
import subprocess
import sys

import pytest

from skdeepnlp.datasets import make_text_classification

STARTED = """
import sys
from tensorflow.python.eager import context

def runtime_started():
    if "jax" in sys.modules:
        import jax._src.xla_bridge
        if jax._src.xla_bridge._backends:
            return True
    return context.context()._initialized
"""
CONFIGURE = """
import tensorflow as tf
assert not runtime_started()
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()]
)
"""
PUBLIC = "classifiers, datasets, exceptions, model_selection, pipelines, testing, text"


def run(script, *arguments, backend="tensorflow", seconds=120):
    """Run a script in a fresh process."""
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", script, *arguments]
    subprocess.run(command, check=True, timeout=seconds, env=environment)


@pytest.mark.parametrize(
    ("backend", "imports"),
    [
        ("tensorflow", f"from skdeepnlp import {PUBLIC}"),
        ("tensorflow", "import tensorflow\nimport skdeepnlp.classifiers"),
        ("tensorflow", "import jax\nimport skdeepnlp.classifiers"),
        ("jax", f"import jax\nfrom skdeepnlp import {PUBLIC}"),
        ("jax", "import tensorflow\nimport skdeepnlp.classifiers"),
    ],
)
def test_an_import_starts_no_runtime(imports, backend):
    """A Keras optimizer was made at import: forked workers hung."""
    run(f"{imports}\n{STARTED}\n{CONFIGURE}", backend=backend)


@pytest.fixture(scope="module")
def pickled(tmp_path_factory):
    """Return the file of a fitted pipeline, its texts and its probabilities."""
    from skdeepnlp import LSTMClassifier, make_text_pipeline

    texts, labels = make_text_classification(30, random_state=0)
    classifier = LSTMClassifier(units=2, embedding_dim=4, epochs=1, random_state=0)
    pipeline = make_text_pipeline(classifier).fit(texts, labels)
    path = tmp_path_factory.mktemp("pickled") / "pipeline.pkl"
    path.write_bytes(pickle.dumps((pipeline, texts, labels, pipeline.predict_proba(texts))))
    return str(path)


def test_unpickling_starts_no_runtime(pickled):
    run(
        f"import pickle, sys\npickle.load(open(sys.argv[1], 'rb'))\n{STARTED}\n{CONFIGURE}", pickled
    )


FORK = """
import multiprocessing, pickle, sys
import numpy as np
pipeline, texts, labels, expected = pickle.load(open(sys.argv[1], "rb"))

def work(queue):
    found = pipeline.predict_proba(texts)
    queue.put((np.allclose(found, expected, atol=1e-6), pipeline.fit(texts, labels).n_iter_))

if __name__ == "__main__":
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    child = fork.Process(target=work, args=(queue,), daemon=True)
    child.start()
    same, n_epochs = queue.get(timeout=60)
    child.join(30)
    assert same and n_epochs == 1 and child.exitcode == 0
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
def test_a_child_forked_after_unpickling_predicts_and_fits(pickled):
    """It hung for ever."""
    run(FORK.replace(".n_iter_", "[-1].n_iter_"), pickled)
