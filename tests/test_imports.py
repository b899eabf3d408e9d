"""Importing the package is quick and quiet: no Keras, no print, no seed."""

import json
import subprocess
import sys

import pytest

MODULES = ("skdeepnlp", "skdeepnlp.text")
LATE = ("jax", "keras", "matplotlib", "scikeras", "tensorflow")
# scikit-learn comes first: its callbacks import rich, which draws from Python's generator itself
SCRIPT = """
import importlib, json, random, sys
import numpy, sklearn.pipeline
before = repr((random.getstate(), numpy.random.get_state()))
importlib.import_module(sys.argv[1])
after = repr((random.getstate(), numpy.random.get_state()))
late = [name for name in sys.argv[2:] if name in sys.modules]
print(json.dumps({"late": late, "same_random_state": before == after}))
"""


@pytest.fixture(scope="module", params=MODULES)
def imported(request):
    """Return what a fresh process saw and said when it imported the module."""
    command = [sys.executable, "-c", SCRIPT, request.param, *LATE]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_import_loads_no_heavy_package(imported):
    assert json.loads(imported.stdout.splitlines()[-1])["late"] == []


def test_import_prints_nothing(imported):
    assert (len(imported.stdout.splitlines()), imported.stderr) == (1, "")


def test_import_leaves_global_random_states_alone(imported):
    assert json.loads(imported.stdout.splitlines()[-1])["same_random_state"] is True


WITHOUT_NETWORK = """
import sys
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from skdeepnlp import fit_in_chunks
pipeline = make_pipeline(HashingVectorizer(), SGDClassifier())
for classes in (None, [0, 1]):
    fit_in_chunks(pipeline, [(["good", "bad"], [1, 0])], classes=classes).predict(["good"])
assert "keras" not in sys.modules
"""


def test_chunks_of_a_pipeline_without_a_network_do_without_keras():
    subprocess.run([sys.executable, "-c", WITHOUT_NETWORK], check=True)


ON_JAX = """
import os, sys
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
from skdeepnlp import LSTMClassifier
ids, labels = np.array([[2, 3], [4, 0]] * 8), [0, 1] * 8
LSTMClassifier(units=2, embedding_dim=2, epochs=1, random_state=0).fit(ids, labels).predict(ids)
assert "tensorflow" not in sys.modules
import tensorflow
"""


def test_training_on_jax_does_without_tensorflow():
    pytest.importorskip("jax")
    subprocess.run([sys.executable, "-c", ON_JAX], check=True)


WITHOUT_EXTRAS = """
import sys
for extra in ("dask", "distributed", "optuna", "polars", "matplotlib", "psutil"):
    sys.modules[extra] = None
import skdeepnlp
for name in skdeepnlp.__all__:
    getattr(skdeepnlp, name)
import skdeepnlp.datasets, skdeepnlp.testing
"""


@pytest.mark.slow
def test_every_public_name_does_without_the_extras():
    subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], check=True)
