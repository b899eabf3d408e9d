"""What one fit made and another may use."""

import keras
import numpy as np
import pytest
from sklearn.base import clone

from skdeepnlp.classifiers import NetworkClassifier, _fitted
from skdeepnlp.classifiers._remembering import Memory
from skdeepnlp.testing._toys import TOY_PARAMETERS


@pytest.fixture
def drawn(monkeypatch):
    """Seeds of the networks that were built to draw weights; those of the pool have seed 0."""
    seeds, build = [], _fitted.build_network

    def noted(spec, *, seed):
        seeds.extend([seed] if seed else [])
        return build(spec, seed=seed)

    _fitted._drawn.clear()
    monkeypatch.setattr(_fitted, "build_network", noted)
    return seeds


def test_what_is_in_memory_is_not_made_again():
    memory = Memory(10, len)
    made = memory.get("a", lambda: [1])
    assert memory.get("a", list) is made
    memory.clear()
    assert memory.get("a", list) == []


def test_memory_forgets_what_was_not_asked_for_longest():
    memory = Memory(6, len)
    for key in "abc":
        memory.get(key, lambda: [0, 0])
    memory.get("a", list)
    memory.get("d", lambda: [0, 0])
    assert len(memory) == 3
    assert memory.get("b", lambda: ["anew"]) == ["anew"]
    assert memory.get("a", list) == [0, 0]


def test_memory_keeps_the_latest_however_large():
    memory = Memory(1, len)
    memory.get("a", lambda: [0])
    large = memory.get("b", lambda: [0, 0])
    assert memory.get("b", list) is large
    assert len(memory) == 1


def test_what_fails_is_not_remembered():
    memory = Memory(10, len)
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 / 0)
    assert memory.get("a", lambda: [1]) == [1]


def test_candidates_start_from_weights_drawn_once(toy, ids_and_labels, drawn):
    for rate in (0.01, 0.02, 0.03):
        toy(learning_rate=rate).fit(*ids_and_labels)
    assert len(drawn) == 1
    toy(random_state=1).fit(*ids_and_labels)
    toy(dropout=0.1).fit(*ids_and_labels)
    toy(units=3).fit(*ids_and_labels)
    assert len(drawn) == 4


def test_training_leaves_the_weights_drawn_as_they_were(toy, ids_and_labels):
    ids, labels = ids_and_labels
    first = toy(epochs=2, learning_rate=0.1).fit(ids, labels)
    second = clone(first).fit(ids, labels)
    _fitted._drawn.clear()
    third = clone(first).fit(ids, labels)
    for one in (second, third):
        assert np.array_equal(first.predict_proba(ids), one.predict_proba(ids))


def test_another_precision_draws_anew(toy, ids_and_labels, drawn):
    toy().fit(*ids_and_labels)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        toy().fit(*ids_and_labels)
    finally:
        keras.config.set_dtype_policy(policy)
    assert len(drawn) == 2


def test_encoders_of_the_user_draw_each_time(ids_and_labels, drawn):
    def encoder(embedded):
        return keras.layers.Dense(2)(embedded)

    own = {**TOY_PARAMETERS["NetworkClassifier"], "encoder": encoder, "random_state": 0}
    for _ in range(2):
        NetworkClassifier(**own).fit(*ids_and_labels)
    assert len(drawn) == 2
