"""Draws from the documented ranges of all parameters of all families: what they fit, predicts."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from skdeepnlp import classifiers
from skdeepnlp.testing._discovery import TOY_PARAMETERS
from skdeepnlp.testing._sequence_classifier_checks import make_ids
from skdeepnlp.text import PaddedIds
from skdeepnlp.training import OPTIMIZER_NAMES

FAMILIES = sorted(name for name in TOY_PARAMETERS if name.endswith("Classifier"))
SHARES = [0.0, 0.3, 0.9]
STRENGTHS = [0.0, 1e-3, 0.5]
# few shapes, for each is traced anew; strengths that are there or not make shapes of their own
VALUES = {
    "embedding_dropout": SHARES,
    "word_dropout": SHARES,
    "dropout": SHARES,
    "l1": STRENGTHS,
    "l2": STRENGTHS,
    "label_smoothing": [0.0, 0.1, 0.9],
    "mixup": [0.0, 0.0, 0.2, 4.0],
    "r_drop": [0.0, 0.0, 1.0],
    "adversarial_epsilon": [0.0, 0.0, 0.1],
    "ema_decay": [None, 0.5, 0.99],
    "max_norm": [None, 1e-2, 3.0],
    "weight_decay": [None, 0.0, 1.0],
    "clipnorm": [None, 1e-3, 10.0],
    "clipvalue": [None, 1e-3, 1.0],
    "optimizer": list(OPTIMIZER_NAMES),
    "learning_rate": [1e-4, 1e-2, 1.0],
    "learning_rate_schedule": [None, "cosine", "one_cycle", "plateau"],
    "warmup": [0.0, 0.2],
    "batch_size": ["auto", 1, 7, 64],
    "epochs": [1, 2],
    "early_stopping": [True, False],
    "n_iter_no_change": [1, 3],
    "min_steps": [0, 300],
    "scoring": ["loss", None, "f1_macro"],
    "refit_on_all": [False, "auto"],
    "class_weight": [None, "balanced"],
    "embedding_min_df": [1, 2],
    "linear_ngrams": [0, 2],
    "linear_c": [0.1, 3.0],
    "linear_share": [0.0, 0.65, 1.0],
    "recurrent_dropout": [0.0, 0.0, 0.5],
    "weight_dropout": [0.0, 0.0, 0.5],
    "activity_l2": STRENGTHS,
    "temporal_l2": STRENGTHS,
    "bidirectional": [False, True],
    "n_layers": [1, 2],
    "pooling": ["max", "mean", "max+mean", "attention", "last"],
    "residual": [False, True],
    "normalization": [None, "layer", "batch"],
    "kernel_initializer": ["glorot_uniform", "he_normal", "orthogonal"],
    "activation": ["relu", "tanh"],
    "positions": [None, "sinusoidal", "learned"],
}


def drawn(number):
    """Return a classifier of the family that is next in turn, with parameters drawn by a seed."""
    rng = np.random.default_rng(number)
    name = FAMILIES[number % len(FAMILIES)]
    toy = getattr(classifiers, name)(**TOY_PARAMETERS[name], random_state=number)
    own = [parameter for parameter in VALUES if parameter in toy.get_params()]
    values = VALUES if "bidirectional" in own else {**VALUES, "pooling": VALUES["pooling"][:-1]}
    # a third of them each time, so that most draws do not contradict themselves
    changed = rng.permutation(own)[: len(own) // 3]
    return toy.set_params(
        **{name: values[name][rng.integers(len(values[name]))] for name in changed}
    )


def check(number):
    """Fit what is drawn and look at what it predicts; one that contradicts itself says so."""
    classifier = drawn(number)
    ids, labels = make_ids(n_samples=30)
    several = number % 3 == 2
    if several:
        labels = np.column_stack([labels == "no", np.arange(30) % 3 == 0]).astype(int)
    try:
        classifier.fit(ids, labels)
    except ValueError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "; expected" in refused, f"{classifier}: {refused}"
        return False
    found = classifier.predict_proba(ids)
    assert np.isfinite(found).all(), classifier
    if not several:
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5, err_msg=repr(classifier))
    again = pickle.loads(pickle.dumps(classifier)).predict_proba(ids)
    assert np.array_equal(found, again), classifier
    assert np.array_equal(found, clone(classifier).fit(ids, labels).predict_proba(ids)), classifier
    for before, behind in ((0, 3), (2, 0)):
        wider = PaddedIds(np.pad(np.asarray(ids), ((0, 0), (before, behind))), ids.vocabulary)
        np.testing.assert_allclose(
            classifier.predict_proba(wider), found, atol=1e-5, err_msg=repr(classifier)
        )
    alone = np.vstack([classifier.predict_proba(ids[row : row + 1]) for row in range(3)])
    np.testing.assert_allclose(alone, found[:3], atol=1e-5, err_msg=repr(classifier))
    return True


@pytest.mark.slow
def test_a_few_draws_of_parameters_fit_and_predict():
    assert sum(map(check, range(18))) > 9  # the others contradict themselves, and say so


@pytest.mark.slow
@pytest.mark.parametrize("start", range(18, 258, 24))
def test_many_draws_of_parameters_fit_and_predict(start):
    assert sum(map(check, range(start, start + 24))) > 12
