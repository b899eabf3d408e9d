"""Ids, labels and toy classifiers for the tests of this folder."""

import pytest

from skdeepnlp import LSTMClassifier
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
