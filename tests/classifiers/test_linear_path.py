"""The linear model beside a network: honest about its own rows, learnt once, exact in the layer."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from skdeepnlp.classifiers import _linear_start
from skdeepnlp.classifiers._linear_start import linear_start, ngram_features
from skdeepnlp.networks import joined_keys
from skdeepnlp.training import LabelledTexts, RaggedIds

TEXTS = [[2, 3, 4], [2, 5], [3, 4, 6], [5, 6, 2, 3]]


def ragged(texts):
    offsets = np.cumsum([0, *map(len, texts)])
    return RaggedIds(np.concatenate(texts).astype("int32"), offsets)


@pytest.fixture(autouse=True)
def _nothing_learnt_before():
    _linear_start._cache.clear()


def test_features_are_the_tf_idf_of_scikit_learn():
    keys, features, rarity = ngram_features(ragged(TEXTS), 2, 100)
    column = {key: number for number, key in enumerate(keys.tolist())}
    counts = np.zeros((4, len(keys)))
    for row, text in enumerate(TEXTS):
        for token in text:
            counts[row, column[token]] += 1
        pairs = joined_keys(np.int32(text[:-1]), np.int32(text[1:]))
        for pair in pairs.tolist():
            counts[row, column[pair]] += 1
    assert (counts.sum(axis=0) > 0).all()  # and nothing across two texts
    theirs = TfidfTransformer().fit(csr_matrix(counts))
    np.testing.assert_allclose(features.toarray(), theirs.transform(csr_matrix(counts)).toarray())
    np.testing.assert_allclose(rarity, theirs.idf_)


def test_the_commonest_ngrams_are_kept():
    keys, features, _ = ngram_features(ragged(TEXTS), 2, 3)
    assert {2, 3} < set(keys.tolist())  # in three texts each, the others in two or one
    assert keys.tolist() == sorted(keys)
    assert features.shape == (4, 3)


def labelled(n=60, seed=0):
    rng = np.random.default_rng(seed)
    texts = [rng.integers(2, 30, size=rng.integers(2, 6)) for _ in range(n)]
    targets = rng.integers(0, 3, size=n).astype("int32")
    return LabelledTexts(ragged(texts), targets, np.ones(n, dtype="float32"))


def test_offsets_take_the_answers_by_heart_away():
    """Labels drawn at random are known by heart, and cannot be told by others."""
    texts = labelled()
    start = linear_start(texts, 3, 2, 1024, 100.0, seed=0)
    _, features, rarity = ngram_features(texts.sequences, 2, 1024)
    coefficients = start.scores[: len(rarity)] / rarity[:, None]
    seen = features @ coefficients + start.bias
    assert (seen.argmax(axis=1) == texts.targets).mean() > 0.95
    unseen = (seen + start.offsets).argmax(axis=1)
    assert (unseen == texts.targets).mean() < 0.6


def test_weights_of_rows_count():
    texts = labelled()
    heavy = LabelledTexts(
        texts.sequences, texts.targets, np.where(texts.targets == 0, 9, 0.5).astype("float32")
    )
    plain, weighted = (linear_start(x, 3, 1, 1024, 1.0, seed=0).bias for x in (texts, heavy))
    assert weighted[0] - weighted[1] > plain[0] - plain[1] + 1


def test_a_class_with_a_single_row_is_unlikely_where_it_is_absent():
    texts = labelled()
    targets = np.where(np.arange(60) == 7, 2, texts.targets % 2).astype("int32")
    rare = LabelledTexts(texts.sequences, targets, texts.weights)
    assert np.isfinite(linear_start(rare, 3, 2, 1024, 10.0, seed=0).offsets).all()


def test_several_labels_are_learnt_one_by_one_even_if_one_never_occurs():
    texts = labelled()
    labels = np.stack([texts.targets == 0, texts.targets > 0, np.zeros(60)], axis=1)
    several = LabelledTexts(texts.sequences, labels.astype("float32"), texts.weights)
    start = linear_start(several, 3, 1, 1024, 10.0, seed=0)
    assert start.bias[2] == pytest.approx(-np.log(61))
    assert not start.scores[:, 2].any()
    assert start.scores[:, 0].any()


def test_the_same_rows_are_learnt_once(monkeypatch):
    fits = []
    whole = LogisticRegression.fit

    def counted(self, *args, **more):
        fits.append(1)
        return whole(self, *args, **more)

    monkeypatch.setattr(LogisticRegression, "fit", counted)
    texts = labelled()
    first = linear_start(texts, 3, 2, 1024, 10.0, seed=0)
    assert len(fits) == 6
    assert linear_start(labelled(), 3, 2, 1024, 10.0, seed=0) is first
    assert len(fits) == 6
    linear_start(texts, 3, 2, 1024, 3.0, seed=0)
    linear_start(labelled(seed=1), 3, 2, 1024, 10.0, seed=0)
    assert len(fits) == 18


def test_no_more_than_sixteen_are_remembered():
    for seed in range(20):
        linear_start(labelled(12, seed), 3, 1, 64, 1.0, seed=0)
    assert len(_linear_start._cache) == 16


def test_an_untrained_network_with_it_predicts_as_the_linear_model(toy, ids_and_labels):
    """The recurrent part of fresh weights is small beside it."""
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=2, linear_c=100.0).initialize(ids, labels)
    assert classifier.score(ids, labels) == 1.0
    assert toy().initialize(ids, labels).score(ids, labels) < 0.9


def test_training_starts_from_logits_that_have_not_seen_their_row(toy, ids_and_labels):
    ids, _ = ids_and_labels
    labels = np.random.default_rng(0).integers(0, 2, size=60)
    options = {"linear_c": 1000.0, "epochs": 1, "learning_rate": 1e-6, "early_stopping": False}
    classifier = toy(linear_ngrams=2, **options).fit(ids, labels)
    assert classifier.score(ids, labels) > 0.9  # by heart
    assert classifier.history_["score"][0] < 0.7
    assert classifier.history_["loss"][0] > 0.5


def test_fits_are_bit_equal_in_parts_and_by_clones(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=2, epochs=3, n_iter_no_change=9)
    whole = classifier.fit(ids, labels).predict_proba(ids)
    _linear_start._cache.clear()
    again = clone(classifier).fit(ids, labels).predict_proba(ids)
    parts = clone(classifier).fit_until(1, ids, labels).fit_until(3, ids, labels)
    assert np.array_equal(whole, again)
    assert np.array_equal(whole, parts.predict_proba(ids))


def test_the_watched_rows_are_judged_as_new_texts(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=1, epochs=2, early_stopping=False)
    classifier.fit(ids, labels, X_val=ids, y_val=labels)
    assert classifier.history_["val_score"][-1] == pytest.approx(classifier.score(ids, labels))


def test_it_takes_several_labels_a_row_and_a_live_model(toy, ids_and_labels):
    ids, labels = ids_and_labels
    several = np.stack([labels == labels[0], labels != labels[0]], axis=1).astype(int)
    classifier = toy(linear_ngrams=2).fit(ids, several)
    live = np.asarray(classifier.model_(np.asarray(ids)))
    np.testing.assert_allclose(live, classifier.predict_proba(ids), atol=1e-6)


def test_chunks_and_mixing_are_refused(toy, ids_and_labels):
    with pytest.raises(ValueError, match="learns from all rows at once; expected 0"):
        toy(linear_ngrams=1).partial_fit(*ids_and_labels)
    with pytest.raises(ValueError, match="does not see; expected one of them to be 0"):
        toy(linear_ngrams=1, mixup=0.2).fit(*ids_and_labels)
