"""Initial weights, drawn once for all fits that start from the same ones."""

import keras
import numpy as np
import pytest
from sklearn.base import clone

from skdeepnlp.classifiers import NetworkClassifier, network_pool
from skdeepnlp.estimators import _fitted_network
from skdeepnlp.testing._discovery import TOY_PARAMETERS

# on JAX each of these compiles for seconds
many_fits = pytest.mark.slow if keras.backend.backend() == "jax" else lambda test: test


@pytest.fixture
def drawn(monkeypatch):
    """Seeds of the networks that were built to draw weights; those of the pool have seed 0."""
    seeds, build = [], _fitted_network.build_network

    def noted(spec, *, seed):
        seeds.extend([seed] if seed else [])
        return build(spec, seed=seed)

    _fitted_network._initial_weights.clear()
    monkeypatch.setattr(_fitted_network, "build_network", noted)
    return seeds


@many_fits
def test_candidates_start_from_weights_drawn_once(toy, ids_and_labels, drawn):
    for rate in (0.01, 0.02, 0.03):
        toy(learning_rate=rate).fit(*ids_and_labels)
    assert len(drawn) == 1
    toy(random_state=1).fit(*ids_and_labels)
    toy(dropout=0.1).fit(*ids_and_labels)  # rates are no weights
    toy(units=3).fit(*ids_and_labels)
    assert len(drawn) == 3


def test_training_leaves_the_weights_drawn_as_they_were(toy, ids_and_labels):
    ids, labels = ids_and_labels
    first = toy(epochs=2, learning_rate=0.1).fit(ids, labels)
    second = clone(first).fit(ids, labels)
    _fitted_network._initial_weights.clear()
    third = clone(first).fit(ids, labels)
    for one in (second, third):
        assert np.array_equal(first.predict_proba(ids), one.predict_proba(ids))


@many_fits
def test_another_precision_draws_anew(toy, ids_and_labels, drawn):
    toy().fit(*ids_and_labels)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        toy().fit(*ids_and_labels)
    finally:
        keras.config.set_dtype_policy(policy)
    assert len(drawn) == 2


@many_fits
def test_encoders_of_the_user_draw_each_time(ids_and_labels, drawn):
    def encoder(embedded):
        return keras.layers.Dense(2)(embedded)

    own = {**TOY_PARAMETERS["NetworkClassifier"], "encoder": encoder, "random_state": 0}
    for _ in range(2):
        NetworkClassifier(**own).fit(*ids_and_labels)
    assert len(drawn) == 2


@many_fits
def test_a_pool_that_keeps_nothing_draws_each_time(toy, ids_and_labels, drawn, monkeypatch):
    monkeypatch.setattr(network_pool, "max_size", 0)
    for _ in range(2):
        toy().fit(*ids_and_labels)
    monkeypatch.undo()
    assert len(drawn) == 2


@many_fits
def test_clearing_the_pool_forgets_what_was_drawn(toy, ids_and_labels, drawn):
    for _ in range(2):
        toy().fit(*ids_and_labels)
        network_pool.clear()
    assert len(drawn) == 2
