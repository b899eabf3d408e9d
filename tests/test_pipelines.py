"""make_text_pipeline: what its steps may be, and what is refused before anything is fitted."""

import joblib
import pytest
from sklearn.base import BaseEstimator
from sklearn.pipeline import make_pipeline

from skdeepnlp import LSTMClassifier, TextCleaner, TextTokenizer, make_text_pipeline


class LooksFitted:
    """Somebody's model with `fit` and `predict` that is no scikit-learn estimator."""

    def fit(self, X, y):
        return self

    def predict(self, X):
        return X


def test_true_puts_a_cleaner_with_default_parameters_first():
    assert repr(make_text_pipeline(clean=True)["clean"]) == "TextCleaner()"


@pytest.mark.parametrize("clean", [False, None, "passthrough"])
def test_without_cleaning_texts_pass_as_they_are(clean):
    pipeline = make_text_pipeline(clean=clean)
    assert pipeline["clean"] == "passthrough"
    tokens = pipeline[:2].fit(["a&amp;b"] * 2)["tokenize"].vocabulary_.tokens
    assert "amp" in tokens


def test_a_cleaner_can_be_put_where_there_was_none():
    pipeline = make_text_pipeline(clean=None).set_params(clean=TextCleaner())
    tokens = pipeline[:2].fit(["a&amp;b"] * 2)["tokenize"].vocabulary_.tokens
    assert "amp" not in tokens


@pytest.mark.parametrize("clean", [TextCleaner(lowercase=True), make_pipeline(TextCleaner())])
def test_a_cleaner_is_cloned(clean):
    step = make_text_pipeline(clean=clean)["clean"]
    assert step is not clean
    assert repr(step) == repr(clean)


def test_an_unknown_word_for_cleaning_is_refused_with_those_that_are_known():
    # ended in scikit-learn's "Cannot clone object ''strip''"
    with pytest.raises(ValueError, match=r"Got clean='strip'; expected True, False, None, 'pass"):
        make_text_pipeline(clean="strip")


@pytest.mark.parametrize(
    "clean",
    [3, str.lower, object(), TextCleaner, BaseEstimator(), LSTMClassifier()],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_clean_is_refused_at_once(clean):
    # ended in scikit-learn's message on clones, or in fit
    with pytest.raises(TypeError, match=r"Got clean=.*; expected True, .* or a transformer inst"):
        make_text_pipeline(clean=clean)


def test_a_classifier_is_cloned():
    classifier = LSTMClassifier(units=3)
    step = make_text_pipeline(classifier)["classify"]
    assert step is not classifier
    assert step.units == 3


def test_an_unknown_name_of_a_classifier_is_refused_with_those_that_are_known():
    with pytest.raises(
        ValueError, match=r"Got classifier='bert'; expected 'attention', .* Give one"
    ):
        make_text_pipeline("bert")


@pytest.mark.parametrize(
    "classifier",
    [None, 3, LSTMClassifier, TextTokenizer(), LooksFitted(), LooksFitted],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_classify_is_refused_at_once(classifier):
    # a transformer passed until predict; what cannot be cloned ended in scikit-learn's message
    with pytest.raises(TypeError, match=r"Got classifier=.*; expected a name .* fit and predict"):
        make_text_pipeline(classifier)


@pytest.mark.parametrize("kind", [str, joblib.Memory])
def test_memory_may_be_a_folder_or_an_object_that_caches(kind, tmp_path):
    memory = kind(tmp_path)
    assert make_text_pipeline(memory=memory).memory is memory


def test_what_cannot_cache_is_refused_at_once(tmp_path):
    # was found in fit only
    for memory in (3, True, tmp_path, joblib.Memory):
        with pytest.raises(TypeError, match=r"Got memory=.*; expected None, a folder as str, or a"):
            make_text_pipeline(memory=memory)
