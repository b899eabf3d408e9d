"""Small things that many tests share: short real sentences, and toys to train on them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from sklearn.pipeline import Pipeline

# how long an example takes says nothing on a machine that others share
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")

TEXTS_BY_LABEL = {
    "food": [
        "the soup was warm and salty",
        "fresh bread with butter",
        "she baked an apple cake",
        "salty cheese and dry bread",
        "the rice needs more salt",
        "we ate soup with bread",
        "he fried eggs in butter",
        "a sweet cake with cream",
        "cold soup for lunch",
        "the cheese tastes old",
        "rice with beans and salt",
        "they ate cake for lunch",
        "butter makes the cake sweet",
        "bread and cheese for dinner",
        "the dinner was too salty",
        "she cooked rice for lunch",
    ],
    "sport": [
        "the team won the match",
        "he scored a late goal",
        "our keeper lost the ball",
        "the match ended in a draw",
        "they lost the final game",
        "she won the long race",
        "a great goal by the team",
        "the coach praised the keeper",
        "the game went to penalties",
        "the team lost again",
        "he ran a fast race",
        "the ball hit the post",
        "the coach left the team",
        "they won the last match",
        "a draw was not enough",
        "she scored in every game",
    ],
    "weather": [
        "rain fell all night",
        "a cold wind from the north",
        "the sun is out today",
        "heavy snow in the hills",
        "clouds and rain tomorrow",
        "a warm and sunny day",
        "the storm brought hail",
        "fog over the river today",
        "snow turned to rain",
        "a dry day with sun",
        "strong wind and rain tonight",
        "the night was cold and clear",
        "the sun came after the storm",
        "warm wind from the south",
        "hail and snow tomorrow",
        "the day began with fog",
    ],
}


@pytest.fixture(scope="session")
def texts():
    """48 sentences of 4 to 6 words; their labels take turns."""
    return [text for triple in zip(*TEXTS_BY_LABEL.values(), strict=True) for text in triple]


@pytest.fixture
def labels():
    """The subject of each text: "food", "sport", "weather", and again from the start."""
    return np.array(list(TEXTS_BY_LABEL) * 16)


@pytest.fixture
def two_labels(labels):
    """Labels of two classes: "sport" or "other"."""
    return np.where(labels == "sport", "sport", "other")


@pytest.fixture(scope="session")
def toy_classifier():
    """Make an LSTMClassifier that trains in a twentieth of a second once it is traced."""
    from skdeepnlp import LSTMClassifier

    def make(**parameters):
        network = {"units": 2, "embedding_dim": 4, "bidirectional": False}
        stopping = {"min_steps": 0, "refit_on_all": False}
        training = {"epochs": 1, "batch_size": 32, "random_state": 0, **stopping}
        return LSTMClassifier(**{**network, **training, **parameters})

    return make


@pytest.fixture(scope="session")
def toy_pipeline(toy_classifier):
    """Make a pipeline from text to labels around a toy; parameters are the classifier's.

    Thirty words get an id in every fold, so that all fits of one test run share a trace.
    """
    from skdeepnlp import SequencePadder, TextCleaner, TextTokenizer

    def make(memory=None, transform_input=None, **parameters):
        steps = [
            ("clean", TextCleaner()),
            ("tokenize", TextTokenizer(max_tokens=30)),
            ("pad", SequencePadder(max_length=6)),
            ("classify", toy_classifier(**parameters)),
        ]
        return Pipeline(steps, memory=memory, transform_input=transform_input)

    return make


@pytest.fixture(scope="session")
def padded_ids(texts):
    """The texts as ids of 32 kinds, 6 a row, which remember their vocabulary."""
    from skdeepnlp import SequencePadder, TextTokenizer

    sequences = TextTokenizer(max_tokens=30).fit_transform(texts)
    return SequencePadder(max_length=6).fit_transform(sequences)
