"""A toy search over epochs that several modules look at."""

import pytest

from skdeepnlp import EpochHalvingSearchCV, LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


@pytest.fixture(scope="session")
def data():
    return make_text_classification(n_samples=60, random_state=0)


@pytest.fixture(scope="session")
def pipeline():
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, learning_rate=0.05, epochs=6)
    return make_text_pipeline(toy.set_params(min_steps=0, refit_on_all=False))


@pytest.fixture(scope="session")
def grid():
    return {"classify__dropout": [0.0, 0.3, 0.6], "tokenize__min_df": [1, 2]}


@pytest.fixture(scope="session")
def searched(pipeline, grid, data):
    return EpochHalvingSearchCV(pipeline, grid, cv=2, return_train_score=True).fit(*data)
