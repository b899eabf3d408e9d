"""Ids, labels and toy classifiers for the tests of this folder."""

import copy

import numpy as np
import pytest

from skdeepnlp import LSTMClassifier
from skdeepnlp.estimators import _fit
from skdeepnlp.testing._sequence_classifier_checks import make_ids

TOY = {
    "units": 2,
    "embedding_dim": 4,
    "epochs": 2,
    "batch_size": 32,
    "min_steps": 0,
    "refit_on_all": False,
    "random_state": 0,
}


@pytest.fixture(scope="session")
def ids_and_labels():
    """Padded ids of 60 short texts, and the label that each one's first token tells."""
    return make_ids(n_samples=60)


@pytest.fixture(scope="session")
def toy():
    """Make a toy classifier, with the parameters given on top."""
    return lambda **parameters: LSTMClassifier(**{**TOY, **parameters})


@pytest.fixture(scope="module")
def fitted_once(toy_classifier, padded_ids):
    labels = np.array(["food", "sport", "weather"] * 16)
    return toy_classifier().fit(padded_ids, labels)


@pytest.fixture
def fitted(fitted_once):
    """A fitted classifier to be mistreated."""
    return copy.deepcopy(fitted_once)


@pytest.fixture
def assert_refused(fitted, padded_ids, monkeypatch):
    """Assert that fit raises before training, and that the fit before it still predicts."""

    def never(*args, **kwargs):
        pytest.fail("training had begun")

    def check(error, message, X, y, *, parameters=None, **named):
        before, known = fitted.predict_proba(padded_ids), set(vars(fitted))
        fitted.set_params(**parameters or {})
        with monkeypatch.context() as patch:
            patch.setattr(_fit, "train", never)
            with pytest.raises(error, match=message):
                fitted.fit(X, y, **named)
        assert set(vars(fitted)) == known
        np.testing.assert_array_equal(fitted.predict_proba(padded_ids), before)

    return check
