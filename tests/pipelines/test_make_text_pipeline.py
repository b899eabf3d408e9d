"""make_text_pipeline: what its steps may be, and what is refused before anything is fitted."""

from inspect import signature

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from skdeepnlp import (
    LSTMClassifier,
    TextCleaner,
    TextTokenizer,
    fit_in_chunks,
    make_text_pipeline,
    param_space,
)
from skdeepnlp.testing import all_estimators


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


def test_an_unknown_word_for_cleaning_raises_with_those_that_are_known():
    # ended in scikit-learn's "Cannot clone object ''strip''"
    with pytest.raises(ValueError, match=r"Got clean='strip'; expected True, False, None, 'pass"):
        make_text_pipeline(clean="strip")


@pytest.mark.parametrize(
    "clean",
    [3, str.lower, object(), TextCleaner, BaseEstimator(), LSTMClassifier()],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_clean_raises_at_once(clean):
    # ended in scikit-learn's message on clones, or in fit
    with pytest.raises(TypeError, match=r"Got clean=.*; expected True, .* or a transformer inst"):
        make_text_pipeline(clean=clean)


def test_a_classifier_is_cloned():
    classifier = LSTMClassifier(units=3)
    step = make_text_pipeline(classifier)["classify"]
    assert step is not classifier
    assert step.units == 3


def test_an_unknown_name_of_a_classifier_raises_with_those_that_are_known():
    with pytest.raises(
        ValueError,
        match=r"Got classifier='bert' and task='classification'; expected 'attention', .* Give one",
    ):
        make_text_pipeline("bert")


@pytest.mark.parametrize(
    "classifier",
    [None, 3, LSTMClassifier, TextTokenizer(), LooksFitted(), LooksFitted],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_classify_raises_at_once(classifier):
    # a transformer passed until predict; what cannot be cloned ended in scikit-learn's message
    with pytest.raises(TypeError, match=r"Got classifier=.*; expected a name .* fit and predict"):
        make_text_pipeline(classifier)


@pytest.mark.parametrize("kind", [str, joblib.Memory])
def test_memory_may_be_a_folder_or_an_object_that_caches(kind, tmp_path):
    memory = kind(tmp_path)
    assert make_text_pipeline(memory=memory).memory is memory


def test_what_cannot_cache_raises_at_once(tmp_path):
    # was found in fit only
    for memory in (3, True, tmp_path, joblib.Memory):
        with pytest.raises(TypeError, match=r"Got memory=.*; expected None, a folder as str, or a"):
            make_text_pipeline(memory=memory)


# Further parameters


def test_further_parameters_go_to_the_classifier_that_is_named():
    classifier = make_text_pipeline("lstm", units=32, epochs=5)["classify"]
    chosen = {"linear_ngrams": 2, "embedding_min_df": 2, "ema_decay": 0.99}
    assert repr(classifier) == repr(LSTMClassifier(units=32, epochs=5, **chosen))


def test_rare_tokens_are_kept_for_the_linear_model_and_dropped_where_there_is_none():
    for pipeline, expected in (
        (make_text_pipeline("lstm"), (1, 2)),
        (make_text_pipeline("lstm", min_df=3), (3, 1)),
        (make_text_pipeline("lstm", linear_ngrams=0), (2, 1)),
        (make_text_pipeline(LSTMClassifier()), (2, 1)),
    ):
        found = pipeline["tokenize"].min_df, pipeline["classify"].embedding_min_df
        assert found == expected


def test_further_parameters_stand_above_those_chosen_for_names():
    classifier = make_text_pipeline("cnn", linear_ngrams=0, ema_decay=None)["classify"]
    assert (classifier.linear_ngrams, classifier.ema_decay) == (0, None)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"unit": 3, "epochs": 2}, "Got unit=.*of LSTMClassifier. Did you mean 'units' for 'unit'"),
        ({"classify__units": 3}, "Did you mean 'units' for 'classify__units'"),
        ({"tokenize__min_df": 3}, "Did you mean 'min_df' for 'tokenize__min_df'"),
        ({"max_len": 9}, "Did you mean 'max_length' or .* for 'max_len'"),
        ({"stop_words": "english"}, r"is set by set_params\(tokenize__stop_words=...\)"),
        ({"filters": 3}, "expected analyzer, .* or parameters of LSTMClassifier"),
        ({"qqq": 1, "epoch": 3}, "Got qqq=..., epoch=...; .*in place of 'qqq'.*'epochs' for 'epo"),
    ],
)
def test_parameters_that_the_classifier_lacks_are_named_with_close_ones(parameters, message):
    with pytest.raises(TypeError, match=message):
        make_text_pipeline("lstm", **parameters)


def test_an_estimator_has_its_parameters_already():
    message = r"Got units=..., epochs=... beside an estimator.*LSTMClassifier\(units=...\)"
    with pytest.raises(TypeError, match=message):
        make_text_pipeline(LSTMClassifier(), units=3, epochs=2)


def test_no_parameter_of_the_pipeline_hides_one_of_a_classifier():
    own = set(signature(make_text_pipeline).parameters)
    for _, kind in all_estimators("classifier"):
        assert not own & set(kind().get_params())


# Documents that are cut into tokens already


def test_documents_cut_into_tokens_give_what_their_texts_give():
    texts, labels = ["a good film", "good fun", "a bad film", "bad and dull"] * 5, [1, 1, 0, 0] * 5
    toy = {"units": 2, "embedding_dim": 4, "epochs": 2, "random_state": 0}
    expected = make_text_pipeline("lstm", **toy).fit(texts, labels).predict_proba(texts)
    cut = [text.split() for text in texts]
    found = make_text_pipeline("lstm", analyzer=list, **toy).fit(cut, labels).predict_proba(cut)
    np.testing.assert_array_equal(found, expected)


def test_documents_cut_into_tokens_are_searched_and_cross_validated():
    cut, labels = [["a", "good"], ["good"], ["a", "bad"], ["bad"]] * 5, [1, 1, 0, 0] * 5
    toy = {"units": 2, "embedding_dim": 4, "epochs": 30, "learning_rate": 0.1, "random_state": 0}
    pipeline = make_text_pipeline(LSTMClassifier(**toy), analyzer=list)
    assert cross_val_score(pipeline, cut, labels, cv=2, error_score="raise").tolist() == [1, 1]


def test_documents_cut_into_tokens_are_learned_from_in_chunks():
    chunks = [([["a", "good"], ["bad"]], [1, 0]), ([["a", "bad"], ["good"]], [0, 1])]
    toy = {"units": 2, "embedding_dim": 4, "learning_rate": 0.1, "random_state": 0}
    pipeline = make_text_pipeline(LSTMClassifier(**toy), analyzer=list)
    fitted = fit_in_chunks(pipeline, chunks, epochs=30)
    assert fitted.predict([["a", "good"], ["bad"]]).tolist() == [1, 0]


@pytest.mark.parametrize("name", ["lstm", "cnn"])
def test_a_pipeline_for_numbers_ends_in_a_regressor(name, texts):
    lengths = [float(len(text)) for text in texts]
    pipeline = make_text_pipeline(name, task="regression", epochs=2, random_state=0)
    assert list(pipeline.named_steps) == ["clean", "tokenize", "pad", "regress"]
    found = pipeline.fit(texts, lengths).predict(texts)
    assert (found.shape, found.dtype) == ((len(texts),), np.float64)
    assert abs(found.mean() - np.mean(lengths)) < 3
    space = param_space(pipeline, "large")
    assert "regress__dropout" in space
    assert "regress__label_smoothing" not in space


def test_another_task_raises():
    with pytest.raises(ValueError, match=r"task='ranking'; expected .*'regression'"):
        make_text_pipeline("lstm", task="ranking")
