"""What is no training data is refused before anything is trained, and changes nothing."""

import re

import keras
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from skdeepnlp import LSTMClassifier, PaddedIds, SequencePadder, TextTokenizer, Vocabulary

NOT_POSITIVE_INTS = [0, -1, 1.5, "2", None]
NO_SHARES = [-0.1, 1.0, 1.5, float("nan"), "0.5", None]
NO_STRENGTHS = [-1e-3, float("inf"), float("nan"), "0.1", None]
NO_BOOLEANS = [1, "yes", None]
NO_LIMITS = [0, -1.0, float("inf"), "1"]
BAD_PARAMETERS = {
    "activity_l2": NO_STRENGTHS,
    "batch_size": NOT_POSITIVE_INTS,
    "bidirectional": NO_BOOLEANS,
    "callbacks": ["early", keras.callbacks.TerminateOnNaN()],
    "class_weight": ["equal", 2.0, (1, 2)],
    "clipnorm": NO_LIMITS,
    "clipvalue": NO_LIMITS,
    "dropout": NO_SHARES,
    "early_stopping": NO_BOOLEANS,
    "embedding_dim": NOT_POSITIVE_INTS,
    "embedding_dropout": NO_SHARES,
    "epochs": NOT_POSITIVE_INTS,
    "kernel_initializer": ["xavier", "GlorotUniform", keras.initializers.HeNormal(), None],
    "adversarial_epsilon": NO_STRENGTHS,
    "ema_decay": [0, 1, 1.5, -0.1, float("nan"), "0.9"],
    "l1": NO_STRENGTHS,
    "l2": NO_STRENGTHS,
    "label_smoothing": NO_SHARES,
    "linear_c": [0, -1.0, float("nan"), "10", None],
    "linear_share": [-0.1, 1.1, float("nan"), "1", None],
    "embedding_min_df": [0, -1, 0.5, "2", None],
    "linear_ngrams": [-1, 51, 0.5, "2", None],
    "learning_rate": [0, -1e-3, float("inf"), float("nan"), "fast", None],
    "learning_rate_schedule": ["linear", 0.1, keras.optimizers.schedules.CosineDecay(1, 2)],
    "max_norm": NO_LIMITS,
    "min_steps": [-1, 0.5, "all", None],
    "mixup": NO_STRENGTHS,
    "n_iter_no_change": NOT_POSITIVE_INTS,
    "n_layers": NOT_POSITIVE_INTS,
    "normalization": ["group", True, 1],
    "optimizer": ["Adam", "gradient descent", keras.optimizers.Adam, None],
    "pooling": ["min", "mean+max", 1, None],
    "r_drop": NO_STRENGTHS,
    "random_state": [-1, 0.5, "zero", np.random.default_rng(0)],
    "recurrent_dropout": NO_SHARES,
    "refit_on_all": NO_BOOLEANS,
    "residual": NO_BOOLEANS,
    "scoring": ["f2_macro", "Accuracy", 1.0, ["loss"]],
    "temporal_l2": NO_STRENGTHS,
    "units": NOT_POSITIVE_INTS,
    "vocabulary_size": [*(value for value in NOT_POSITIVE_INTS if value is not None), 1],
    "validation_fraction": [0, 1, 1.5, -0.1, float("nan"), "0.1", None],
    "verbose": [-1, 0.5, "loud", None],
    "warm_start": NO_BOOLEANS,
    "warmup": NO_SHARES,
    "weight_decay": [value for value in NO_STRENGTHS if value is not None],
    "weight_dropout": NO_SHARES,
    "word_dropout": NO_SHARES,
}
TEXT_BY_CONTAINER = {
    "list": lambda texts: texts,
    "array": np.array,
    "object array": lambda texts: np.array(texts, dtype=object),
    "Series": pd.Series,
    "Series with gaps in its index": lambda texts: pd.Series(texts, index=range(7, 55)),
    "frame": lambda texts: pd.DataFrame({"text": texts}),
    "lists of tokens": lambda texts: [text.split() for text in texts],
    "a single text": lambda texts: texts[0],
}
NO_IDS = {
    "negative": (lambda ids: ids - 1, r"Negative values in data: got id -1 in row 1, column 5"),
    "fractional": (lambda ids: ids + 0.5, r"Got fractional id \d+\.5 in row 0, column 0"),
    "missing": (lambda ids: np.where(ids == 0, np.nan, ids), "Input X contains NaN"),
    "infinite": (lambda ids: np.where(ids == 0, np.inf, ids), "Input X contains infinity"),
    "beyond int32": (lambda ids: ids + 2**31, "Got too large an id"),
    "complex": (lambda ids: ids * 1j, "Complex data not supported"),
    "of one dimension": (lambda ids: ids[0], "Expected 2D array, got 1D array"),
    "of three dimensions": (lambda ids: ids[np.newaxis], "Found array with dim 3"),
    "without rows": (lambda ids: ids[:0], r"Found array with 0 sample"),
    "all padding": (lambda ids: ids * 0, "each of the 48 rows is all padding"),
}


@pytest.fixture
def ids(padded_ids):
    """Ids that do not remember their vocabulary, int64 as NumPy makes them."""
    return np.array(padded_ids, dtype=np.int64)


# Text and ids in the wrong place


@pytest.mark.parametrize("container", TEXT_BY_CONTAINER)
def test_text_is_no_input_of_a_classifier(assert_refused, texts, labels, container):
    X = TEXT_BY_CONTAINER[container](texts)
    message = r"expects token ids, but row 0 is text: .*Put a TextTokenizer and a SequencePadder"
    assert_refused(TypeError, message, X, labels)


def test_documents_cut_into_tokens_are_shown_the_way_in(assert_refused, texts, labels):
    """The messages of tokenizer, padder and classifier pointed at each other."""
    for cut in (str.split, lambda text: np.array(text.split()), lambda text: tuple(text.split())):
        X = [cut(text) for text in texts]
        assert_refused(TypeError, "row 0 is text: 'the'.*with analyzer=list it takes", X, labels)
    with pytest.raises(TypeError, match=r"document 0 holds str: 'the'.*with analyzer=list it ta"):
        SequencePadder().fit(X)
    with pytest.raises(TypeError, match=r"document 0 is of type tuple.*set analyzer=list of the"):
        TextTokenizer().fit(X)


def test_text_is_refused_at_predict(fitted, texts):
    with pytest.raises(TypeError, match="expects token ids, but row 0 is text: 'the soup was"):
        fitted.predict(texts)


def test_ids_are_no_input_of_a_tokenizer(padded_ids):
    with pytest.raises(TypeError, match="TextTokenizer expects texts"):
        TextTokenizer().fit(padded_ids)


def test_text_is_no_input_of_a_padder(texts):
    with pytest.raises(TypeError, match=r"document 0 is text: .*Put a TextTokenizer before it"):
        SequencePadder().fit(texts)


# Numbers that are no ids


@pytest.mark.parametrize("kind", NO_IDS)
def test_ids_are_refused_that_are(assert_refused, ids, labels, kind):
    change, message = NO_IDS[kind]
    assert_refused(ValueError, message, change(ids), labels)


def test_a_sparse_matrix_is_refused(assert_refused, ids, labels):
    message = "Sparse data was passed to LSTMClassifier: counts .*TextTokenizer in the place of"
    for X in (sparse.csr_array(ids), sparse.csc_matrix(ids), sparse.coo_array(ids / 7)):
        assert_refused(TypeError, message, X, labels)


def test_a_single_row_of_padding_is_learnt_from_and_predicted(toy_classifier, ids, labels):
    ids[0] = 0
    classifier = toy_classifier().fit(ids, labels)
    assert classifier.predict_proba(np.zeros((1, 6), dtype=int)).shape == (1, 3)


def test_an_id_above_those_of_fit_is_refused_at_predict(fitted, padded_ids, ids):
    before = fitted.predict_proba(padded_ids)
    ids[3, 0] = 99
    with pytest.raises(ValueError, match="Got id 99 in row 3; expected ids from 0 to 31"):
        fitted.predict(ids)
    np.testing.assert_array_equal(fitted.predict_proba(padded_ids), before)


def test_plain_ids_of_another_width_are_refused_at_predict(toy_classifier, ids, labels):
    classifier = toy_classifier().fit(ids, labels)
    with pytest.raises(ValueError, match="X has 5 features, but LSTMClassifier is expecting 6"):
        classifier.predict(ids[:, :5])


def test_predicting_before_fit_is_refused(toy_classifier, ids):
    for method in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError, match="This LSTMClassifier instance is not fitted"):
            getattr(toy_classifier(), method)(ids)


def test_one_text_of_padded_ids_is_no_matrix(fitted, padded_ids):
    """It was an IndexError."""
    with pytest.raises(ValueError, match=r"PaddedIds of shape \(\d,\).*one text as padded\[:1\]"):
        fitted.predict(padded_ids[0])
    with pytest.raises(ValueError, match=r"PaddedIds of shape \(1, 48, \d\)"):
        fitted.predict(padded_ids[None])


def test_ids_of_another_vocabulary_are_refused_at_predict(fitted, ids):
    others = PaddedIds(ids, Vocabulary([f"other{number}" for number in range(30)]))
    with pytest.raises(
        ValueError, match=r"Got ids of Vocabulary\(32 ids: 'other0'.*was fitted on Voc"
    ):
        fitted.predict(others)


def test_ids_of_another_vocabulary_are_refused_as_validation_data(
    assert_refused, padded_ids, labels, ids
):
    others = PaddedIds(ids, Vocabulary([f"other{number}" for number in range(30)]))
    assert_refused(
        ValueError, "Got ids of Vocabulary", padded_ids, labels, X_val=others, y_val=labels
    )


# A corpus that holds nothing


def test_a_corpus_of_no_texts_is_refused(toy_pipeline):
    with pytest.raises(ValueError, match="Got no documents"):
        toy_pipeline().fit([], [])


def test_a_corpus_that_cleans_to_nothing_is_refused(toy_pipeline, labels):
    pipeline = toy_pipeline().set_params(clean__html_tags="drop")
    with pytest.raises(ValueError, match="48 documents without a single token"):
        pipeline.fit(["<br>", "  ", "<p></p>"] * 16, labels)


# Labels


# Validation data


# Rows set aside by the classifier itself


# Weights


# Parameters


@pytest.mark.parametrize("name", BAD_PARAMETERS)
def test_a_bad_parameter_is_named(assert_refused, ids, labels, fitted, name):
    good = getattr(fitted, name)
    for value in BAD_PARAMETERS[name]:
        message = re.escape(f"The '{name}' parameter of LSTMClassifier must be")
        assert_refused(ValueError, message, ids, labels, parameters={name: value})
        fitted.set_params(**{name: good})


def test_every_parameter_has_bad_values_here():
    assert sorted(BAD_PARAMETERS) == sorted(LSTMClassifier().get_params())


def test_what_is_no_keras_callback_is_refused(assert_refused, ids, labels):
    for callbacks in (["early"], [keras.callbacks.TerminateOnNaN]):
        assert_refused(
            (TypeError, ValueError), "callbacks", ids, labels, parameters={"callbacks": callbacks}
        )
