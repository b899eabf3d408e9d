"""Ids that a classifier has not seen: unknown, refused or known from the start."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsOneClassifier
from sklearn.pipeline import make_pipeline
from sklearn.semi_supervised import SelfTrainingClassifier

from skdeepnlp import (
    GRUClassifier,
    LSTMClassifier,
    PaddedIds,
    SequencePadder,
    TextTokenizer,
    TokenSequences,
    Vocabulary,
)
from skdeepnlp.estimators import _input_validation
from skdeepnlp.exceptions import UnknownIdsWarning

RARE = [[2, 30, 31, 0], [3, 4, 30, 30]]
AS_UNKNOWN = [[2, 1, 1, 0], [3, 4, 1, 1]]


@pytest.fixture
def matrix():
    """40 rows of ids from 2 to 9; the first one tells the label."""
    ids = np.random.default_rng(0).integers(4, 10, (40, 4))
    ids[:, 0] = 2 + np.arange(40) % 2
    ids[0, 1] = 9
    return ids


@pytest.fixture
def y():
    return np.arange(40) % 2


@pytest.fixture
def with_rare(matrix):
    """The same with an id in one row that no other row has."""
    rare = matrix.copy()
    rare[39, 3] = 25
    return rare


# Where only the ids of fit are known


@pytest.mark.parametrize("container", [np.asarray, PaddedIds, list, TokenSequences.from_padded])
def test_ids_above_those_of_fit_are_read_as_unknown(toy, matrix, y, container):
    classifier = toy().fit(container(matrix), y)
    assert (classifier.vocabulary_, classifier.vocabulary_size_) == (None, 10)
    expected = classifier.predict_proba(container(np.array(AS_UNKNOWN)))
    with pytest.warns(UnknownIdsWarning):
        found = classifier.predict_proba(container(np.array(RARE)))
    np.testing.assert_array_equal(found, expected)


def test_one_warning_tells_how_many_and_what_settles_it(toy, matrix, y):
    classifier = toy().fit(matrix, y)
    message = (
        r"seen ids from 0 to 9 in fit; .* id 1.*: 4 of 7 tokens, in 2 of 2 rows, such as id 31 in "
        r"row 0. Set vocabulary_size"
    )
    with pytest.warns(UnknownIdsWarning, match=message) as caught:
        classifier.predict(RARE)
    assert len(caught) == 1


def test_known_ids_give_no_warning_and_what_is_given_is_not_changed(toy, matrix, y):
    classifier = toy().fit(matrix, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier.predict(matrix)
    given = np.array(RARE)
    with pytest.warns(UnknownIdsWarning):
        classifier.predict(given)
    assert given.tolist() == RARE


def test_a_pickle_reads_them_as_unknown_too(toy, matrix, y):
    classifier = pickle.loads(pickle.dumps(toy().fit(matrix, y)))
    with pytest.warns(UnknownIdsWarning):
        found = classifier.predict_proba(RARE)
    np.testing.assert_array_equal(found, classifier.predict_proba(AS_UNKNOWN))


def test_they_are_unknown_in_validation_data_and_in_later_chunks(toy, matrix, y):
    with pytest.warns(UnknownIdsWarning):
        watched = toy().fit(matrix, y, X_val=RARE, y_val=[0, 1])
    as_unknown = toy().fit(matrix, y, X_val=AS_UNKNOWN, y_val=[0, 1])
    assert watched.history_ == as_unknown.history_
    chunked = toy().partial_fit(matrix, y)
    expected = copy.deepcopy(chunked).partial_fit(AS_UNKNOWN, [0, 1]).predict_proba(matrix)
    with pytest.warns(UnknownIdsWarning):
        found = chunked.partial_fit(RARE, [0, 1]).predict_proba(matrix)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("container", [np.asarray, PaddedIds])
def test_a_plain_matrix_is_cross_validated(toy, with_rare, y, container):
    """The fold whose training rows lacked an id was nan."""
    classifier = toy(epochs=30, learning_rate=0.1, early_stopping=False)
    with pytest.warns(UnknownIdsWarning):
        scores = cross_val_score(classifier, container(with_rare), y, cv=4, error_score="raise")
    assert scores.tolist() == [1, 1, 1, 1]


def test_a_plain_matrix_is_searched(toy, with_rare, y):
    search = GridSearchCV(toy(), {"dropout": [0.1, 0.2]}, cv=4, error_score="raise")
    with pytest.warns(UnknownIdsWarning):
        search.fit(with_rare, y)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.fixture
def with_rare_words():
    """Texts of three classes; the last rows hold words that the others lack."""
    texts = [f"{word} {n % 4}" for n in range(10) for word in ("good", "bad", "odd")]
    return [*texts, "good lonely", "bad single", "odd unique"], np.array([0, 1, 2] * 11)


def ids_of():
    return make_pipeline(TextTokenizer(), SequencePadder())


@pytest.mark.slow
def test_self_training_stands_around_the_last_step(toy, with_rare_words):
    """It takes the vocabulary away, and learns from the labeled rows first."""
    texts, labels = with_rare_words
    few = np.where(np.arange(33) < 30, labels, -1)
    classifier = toy(epochs=30, learning_rate=0.1)
    pipeline = make_pipeline(*ids_of(), SelfTrainingClassifier(classifier, threshold=0.99))
    with pytest.warns(UnknownIdsWarning):
        assert pipeline.fit(texts, few).score(texts, labels) == 1


@pytest.mark.slow
def test_one_versus_one_stands_around_the_last_step(toy, with_rare_words):
    texts, labels = with_rare_words
    classifier = toy(epochs=30, learning_rate=0.1)
    pipeline = make_pipeline(*ids_of(), OneVsOneClassifier(classifier))
    with pytest.warns(UnknownIdsWarning):
        assert pipeline.fit(texts, labels).score(texts, labels) == 1


# Where it is settled how many ids there are


def test_ids_below_vocabulary_size_are_known_from_the_start(toy, matrix, y):
    classifier = toy(vocabulary_size=40).fit(matrix, y)
    assert classifier.vocabulary_size_ == 40
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = classifier.predict_proba(RARE)
    assert np.abs(found - classifier.predict_proba(AS_UNKNOWN)).max() > 1e-5


def test_an_id_beyond_vocabulary_size_is_refused_in_fit_and_after_it(toy, matrix, with_rare, y):
    message = "Got id 25 in row 39 and vocabulary_size=25; expected ids from 0 to 24. Raise"
    for fit in (toy(vocabulary_size=25).fit, toy(vocabulary_size=25).partial_fit):
        with pytest.raises(ValueError, match=message):
            fit(with_rare, y)
    with pytest.raises(ValueError, match=message):
        toy(vocabulary_size=25).fit(matrix, y).predict(with_rare)


def test_chunks_learn_every_id_below_vocabulary_size(toy, matrix, y):
    classifier = toy(vocabulary_size=40).partial_fit(matrix, y)
    before = classifier.predict_proba([[30, 30, 30, 30]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            classifier.partial_fit(RARE, [0, 1])
    assert np.abs(classifier.predict_proba([[30, 30, 30, 30]]) - before).max() > 1e-5


def test_a_vocabulary_must_fit_into_vocabulary_size(toy, y):
    ids = PaddedIds(np.full((40, 2), 2), Vocabulary(["good", "bad"]))
    message = r"Got vocabulary_size=3 and ids of Vocabulary\(4 ids: .*expected 4 or more"
    with pytest.raises(ValueError, match=message):
        toy(vocabulary_size=3).fit(ids, y)
    assert toy(vocabulary_size=6).fit(ids, y).vocabulary_size_ == 6


def test_ids_of_a_vocabulary_never_go_beyond_it(toy, y):
    classifier = toy().fit(PaddedIds(np.full((40, 2), 2), Vocabulary(["good", "bad"])), y)
    with pytest.raises(ValueError, match="Got id 7 in row 0; expected ids from 0 to 3, those of"):
        classifier.predict([[7, 2]])


def test_another_vocabulary_size_after_fit_is_refused_where_training_goes_on(toy, matrix, y):
    classifier = toy(warm_start=True).fit(matrix, y)
    classifier.set_params(vocabulary_size=10).fit(matrix, y)
    with pytest.raises(ValueError, match="Parameters that shape the network were changed"):
        classifier.set_params(vocabulary_size=50).fit(matrix, y)


# One id that would make the network huge


@pytest.mark.parametrize("kind", [LSTMClassifier, GRUClassifier])
def test_a_stray_id_is_refused_with_its_row_and_the_bytes_it_would_cost(matrix, y, kind):
    matrix[7, 2] = 50_000_000
    message = (
        r"Got id 50000000 in row 7, .* 51,539,607,552 bytes, though X holds \d+ different ids "
        r"only.*vocabulary_size=50000001"
    )
    with pytest.raises(ValueError, match=message):
        kind().fit(matrix, y)


def test_the_bytes_are_those_of_all_that_training_holds(matrix, y):
    """2,097,152 rows of 64 numbers of 4 bytes: weights, gradient, and averages of the weights."""
    matrix[7, 2] = 2_000_000
    plain = LSTMClassifier(optimizer="sgd", ema_decay=0.99)
    with pytest.raises(ValueError, match=f"{2_097_152 * 64 * 4 * 3:,} bytes"):
        plain.fit(matrix, y)


def test_a_large_id_among_many_others_is_none_that_strays(toy, y, monkeypatch):
    monkeypatch.setattr(_input_validation, "_MUCH", 10_000)  # as if a few thousand rows were much
    ids = np.arange(2, 4_002).reshape(40, 100)
    assert toy().initialize(ids, y).vocabulary_size_ == 4_002
    with pytest.raises(ValueError, match=r"Got id 3906 in row 39.* though X holds 200 different"):
        toy().initialize(ids[:, :5], y)


def test_a_stray_id_after_fit_is_unknown(toy, matrix, y):
    classifier = toy().fit(matrix, y)
    with pytest.warns(UnknownIdsWarning, match="such as id 2000000000 in row 0"):
        found = classifier.predict_proba([[2, 2_000_000_000, 5, 6]])
    np.testing.assert_array_equal(found, classifier.predict_proba([[2, 1, 5, 6]]))


def test_the_standalone_model_reads_ids_it_has_not_seen_as_unknown(matrix, y, toy):
    """On JAX they gave nan, on TensorFlow an error."""
    fitted = toy(epochs=1).fit(matrix, y)
    with pytest.warns(UnknownIdsWarning):
        expected = fitted.predict_proba(RARE)[:, 1]
    found = np.asarray(fitted.model_(np.array(RARE, dtype="int32")))[:, 0]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_matrix_of_any_width_follows_rows_of_any_lengths(y, toy):
    """Its width was compared with the longest row of fit."""
    rows = [[2 + label, 4, 5][: 2 + label] for label in y]
    fitted = toy(epochs=1).fit(rows, y)
    wide = np.zeros((2, 9), dtype=int)
    wide[:, :3] = [[2, 4, 0], [3, 4, 5]]
    expected = fitted.predict_proba([[2, 4], [3, 4, 5]])
    np.testing.assert_allclose(fitted.predict_proba(wide), expected, atol=1e-6)
