"""The linear model that votes beside a network: calibrated, learnt once, exact in the layer."""

import keras
import numpy as np
import pytest
from scipy.special import expit, logit, softmax
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp.classifiers import _linear_model, network_pool
from skdeepnlp.classifiers._linear_model import LinearSettings, linear_model_of, ngram_features
from skdeepnlp.networks import NO_KEY, joined_keys
from skdeepnlp.training import LabelledTexts, RaggedIds

TEXTS = [[2, 3, 4], [2, 5], [3, 4, 6], [5, 6, 2, 3]]


def ragged(texts):
    offsets = np.cumsum([0, *map(len, texts)])
    return RaggedIds(np.concatenate(texts).astype("int32"), offsets)


@pytest.fixture(autouse=True)
def _nothing_learnt_before():
    _linear_model._models.clear()


def test_features_tell_which_ngrams_stand_in_a_text():
    keys, features = ngram_features(ragged([*TEXTS, [2, 3, 2, 3]]), 2, 100)
    column = {key: number for number, key in enumerate(keys.tolist())}
    expected = np.zeros((5, len(keys)))
    for row, text in enumerate([*TEXTS, [2, 3, 2, 3]]):
        pairs = joined_keys(np.int32(text[:-1]), np.int32(text[1:]))
        expected[row, [column[key] for key in (*text, *pairs.tolist())]] = 1
    assert (expected.sum(axis=0) > 0).all()  # and nothing across two texts
    assert np.array_equal(features.toarray(), expected)


def test_ngrams_with_an_unknown_word_are_none():
    keys, _ = ngram_features(ragged([[2, UNKNOWN_ID, 3, 4], [UNKNOWN_ID, UNKNOWN_ID]]), 2, 100)
    pair = joined_keys(np.int32([3]), np.int32([4]))
    assert sorted(keys.tolist()) == sorted([2, 3, 4, *pair.tolist()])


def test_the_commonest_ngrams_are_kept():
    keys, features = ngram_features(ragged(TEXTS), 2, 3)
    assert {2, 3} < set(keys.tolist())  # in three texts each, the others in two or one
    assert keys.tolist() == sorted(keys)
    assert features.shape == (4, 3)


def labelled(n=60, seed=0):
    rng = np.random.default_rng(seed)
    texts = [rng.integers(2, 30, size=rng.integers(2, 6)) for _ in range(n)]
    targets = rng.integers(0, 3, size=n).astype("int32")
    return LabelledTexts(ragged(texts), targets, np.ones(n, dtype="float32"))


def test_it_is_unsure_where_labels_are_drawn_at_random():
    """The training rows are known by heart; those not learnt from say that this means nothing."""
    texts = labelled()
    model = linear_model_of(texts, LinearSettings(3, 2, 1024, 100.0, seed=0))
    _, features = ngram_features(texts.sequences, 2, 1024)
    logits = features @ model.scores[: features.shape[1]] + model.bias
    assert (logits.argmax(axis=1) == texts.targets).mean() > 0.95
    assert softmax(logits, axis=1).max(axis=1).mean() < 0.5


def test_it_is_sure_where_a_word_tells_the_label():
    texts = labelled(200)
    ids, offsets = texts.sequences
    told = LabelledTexts(texts.sequences, (ids[offsets[:-1]] % 3).astype("int32"), texts.weights)
    first = np.full_like(ids, 2)  # all other words are the same
    first[offsets[:-1]] = 3 + told.targets
    told = LabelledTexts(RaggedIds(first, offsets), told.targets, told.weights)
    model = linear_model_of(told, LinearSettings(3, 1, 1024, 10.0, seed=0))
    _, features = ngram_features(told.sequences, 1, 1024)
    logits = features @ model.scores[: features.shape[1]] + model.bias
    assert softmax(logits, axis=1).max(axis=1).mean() > 0.9


def test_ngrams_are_weighted_by_their_log_count_ratio():
    """The regression of Wang & Manning (2012), written with scikit-learn's own naive Bayes."""
    texts = labelled()
    _, features = ngram_features(texts.sequences, 2, 1024)
    model = linear_model_of(texts, LinearSettings(3, 2, 1024, 1.0, seed=0))
    for label in range(3):
        is_label = texts.targets == label
        counts = MultinomialNB().fit(features, is_label).feature_log_prob_
        weighted = features.multiply(counts[1] - counts[0]).tocsr()
        theirs = LogisticRegression(C=1.0, tol=1e-3).fit(weighted, is_label)
        expected = theirs.decision_function(weighted)
        ours = (features @ model.scores[: features.shape[1]] + model.bias)[:, label]
        scale = ours.std() / expected.std()  # what makes it as sure as it is right
        assert 0 < scale < 1
        np.testing.assert_allclose(ours, scale * expected, rtol=1e-2, atol=1e-2)


def test_weights_of_rows_count():
    texts = labelled()
    heavy = LabelledTexts(
        texts.sequences, texts.targets, np.where(texts.targets == 0, 9, 0.5).astype("float32")
    )
    plain, weighted = (
        linear_model_of(x, LinearSettings(3, 1, 1024, 1.0, seed=0)).bias for x in (texts, heavy)
    )
    assert weighted[0] - weighted[1] > plain[0] - plain[1] + 1


def test_a_class_with_a_single_row_is_unlikely_where_it_is_absent():
    texts = labelled()
    targets = np.where(np.arange(60) == 7, 2, texts.targets % 2).astype("int32")
    rare = LabelledTexts(texts.sequences, targets, texts.weights)
    model = linear_model_of(rare, LinearSettings(3, 2, 1024, 10.0, seed=0))
    assert np.isfinite(model.scores).all()
    assert model.bias.argmin() == 2


def test_several_labels_are_learnt_one_by_one_even_if_one_never_occurs():
    texts = labelled()
    labels = np.stack([texts.targets == 0, texts.targets > 0, np.zeros(60)], axis=1)
    several = LabelledTexts(texts.sequences, labels.astype("float32"), texts.weights)
    start = linear_model_of(several, LinearSettings(3, 1, 1024, 10.0, seed=0))
    assert start.bias[2] == start.bias.min()
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
    first = linear_model_of(texts, LinearSettings(3, 2, 1024, 10.0, seed=0))
    assert len(fits) == 4 * 3  # three parts and all rows, three classes
    assert linear_model_of(labelled(), LinearSettings(3, 2, 1024, 10.0, seed=0)) is first
    assert len(fits) == 12
    linear_model_of(texts, LinearSettings(3, 2, 1024, 3.0, seed=0))
    linear_model_of(labelled(seed=1), LinearSettings(3, 2, 1024, 10.0, seed=0))
    assert len(fits) == 36


def test_two_classes_need_one_regression():
    texts = labelled()
    two = LabelledTexts(texts.sequences, (texts.targets % 2).astype("int32"), texts.weights)
    model = linear_model_of(two, LinearSettings(2, 2, 1024, 1.0, seed=0))
    assert model.scores.any()
    assert np.array_equal(model.scores[:, 0], -model.scores[:, 1])
    assert model.bias[0] == -model.bias[1]


def test_an_untrained_network_with_it_predicts_as_the_linear_model(toy, ids_and_labels):
    """The logits of fresh weights are small beside its own."""
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=2, linear_c=100.0).initialize(ids, labels)
    assert classifier.score(ids, labels) > 0.95
    assert toy().initialize(ids, labels).score(ids, labels) < 0.9


def test_the_network_is_trained_by_itself_and_predicts_with_the_linear_model(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"early_stopping": False, "learning_rate": 0.1, "epochs": 5}
    alone, beside = (toy(linear_ngrams=longest, **options).fit(ids, labels) for longest in (0, 2))
    assert alone.history_ == beside.history_
    linear = toy(linear_ngrams=2, **options).initialize(ids, labels)

    def layer(classifier, name):
        model = classifier.model_
        return np.asarray(keras.Model(model.input, model.get_layer(name).output)(np.asarray(ids)))

    voted = 0.35 * layer(alone, "logits") + 0.65 * layer(linear, "linear_path")
    np.testing.assert_allclose(beside.predict_proba(ids)[:, 1], expit(voted)[:, 0], atol=1e-6)


def test_its_share_goes_from_the_network_alone_to_the_linear_model_alone(toy, ids_and_labels):
    ids, labels = ids_and_labels
    found = {
        share: toy(linear_ngrams=2, linear_share=share, early_stopping=False).fit(ids, labels)
        for share in (0.0, 0.25, 1.0)
    }
    own, mixed, linear = (logit(fitted.predict_proba(ids)[:, 1]) for fitted in found.values())
    alone = toy(early_stopping=False).fit(ids, labels)
    np.testing.assert_allclose(own, logit(alone.predict_proba(ids)[:, 1]), atol=1e-5)
    np.testing.assert_allclose(mixed, 0.75 * own + 0.25 * linear, rtol=1e-3, atol=1e-3)
    assert not np.allclose(own, linear, atol=0.01)


def test_candidates_of_another_share_use_one_network(toy, ids_and_labels):
    network_pool.clear()
    for share in (0.0, 0.3, 0.6):
        toy(linear_ngrams=2, linear_share=share).fit(*ids_and_labels)
    assert len(network_pool) == 1


def test_fits_are_bit_equal_in_parts_and_by_clones(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=2, epochs=3, n_iter_no_change=9)
    whole = classifier.fit(ids, labels).predict_proba(ids)
    _linear_model._models.clear()
    again = clone(classifier).fit(ids, labels).predict_proba(ids)
    parts = clone(classifier).fit_until(1, ids, labels).fit_until(3, ids, labels)
    assert np.array_equal(whole, again)
    assert np.array_equal(whole, parts.predict_proba(ids))


def test_the_watched_rows_are_judged_as_new_texts(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=1, epochs=2, early_stopping=False)
    classifier.fit(ids, labels, X_val=ids, y_val=labels)
    assert classifier.history_["val_score"][-1] == pytest.approx(classifier.score(ids, labels))


def test_rows_that_were_watched_are_learnt_from_in_the_end(toy, ids_and_labels):
    """Not while they are watched: their loss would tell nothing."""
    ids, labels = ids_and_labels
    asked = {"linear_ngrams": 2, "linear_share": 1.0, "epochs": 1, "validation_fraction": 0.4}
    fitted, seen = toy(**asked), []

    class Last(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            seen.append(np.count_nonzero(self.model.get_layer("linear_path").keys != NO_KEY))

    fitted.set_params(callbacks=[Last()]).fit(ids, labels)
    known = np.count_nonzero(fitted.model_.get_layer("linear_path").keys != NO_KEY)
    assert seen[0] < known
    given = toy(**asked, callbacks=[Last()])
    given.fit(ids[:30], labels[:30], X_val=ids[30:], y_val=labels[30:])
    assert seen[1] == np.count_nonzero(given.model_.get_layer("linear_path").keys != NO_KEY)


def test_it_takes_several_labels_a_row_and_a_live_model(toy, ids_and_labels):
    ids, labels = ids_and_labels
    several = np.stack([labels == labels[0], labels != labels[0]], axis=1).astype(int)
    classifier = toy(linear_ngrams=2).fit(ids, several)
    live = np.asarray(classifier.model_(np.asarray(ids)))
    np.testing.assert_allclose(live, classifier.predict_proba(ids), atol=1e-6)


def test_texts_of_unknown_words_alone_are_as_likely_as_the_classes(toy):
    ids, labels = np.full((48, 6), UNKNOWN_ID), np.repeat([0, 1], [36, 12])
    fitted = toy(linear_ngrams=2, linear_share=1.0).fit(ids, labels)
    np.testing.assert_allclose(fitted.predict_proba(ids)[:, 1], 0.25, atol=0.05)


def test_chunks_are_refused(toy, ids_and_labels):
    with pytest.raises(ValueError, match="learns from all rows at once; expected 0"):
        toy(linear_ngrams=1).partial_fit(*ids_and_labels)
