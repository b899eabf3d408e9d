"""The linear model that votes beside a network: calibrated, fitted once, honest on new rows."""

import itertools

import numpy as np
import pytest
from scipy.special import expit, logit, softmax
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from skdeepnlp import EpochHalvingSearchCV, make_text_pipeline
from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._ragged import RaggedIds
from skdeepnlp.classifiers import network_pool
from skdeepnlp.estimators import _linear_vote
from skdeepnlp.estimators._linear_regressions import LinearSettings
from skdeepnlp.estimators._linear_vote import (
    calibrated_scale,
    fit_linear_model,
    mean_loss,
)
from skdeepnlp.estimators._ngrams import NgramTable
from skdeepnlp.training import LabeledTexts, Softmax, SquaredError


def ragged(texts):
    offsets = np.cumsum([0, *map(len, texts)])
    return RaggedIds(np.concatenate(texts).astype("int32"), offsets)


@pytest.fixture(autouse=True)
def _nothing_fitted_before():
    _linear_vote._fitted.clear()


def settings(n_outputs=3, max_n=2, C=10.0):
    return LinearSettings(Softmax(), n_outputs, max_n, C, seed=0)


def labeled(n=60, seed=0):
    rng = np.random.default_rng(seed)
    texts = [rng.integers(2, 30, size=rng.integers(2, 6)) for _ in range(n)]
    targets = rng.integers(0, 3, size=n).astype("int32")
    return LabeledTexts(ragged(texts), targets, np.ones(n, dtype="float32"))


def test_it_is_unsure_where_labels_are_drawn_at_random():
    """The training samples are known by heart; held-out ones say that this means nothing."""
    texts = labeled()
    logits = fit_linear_model(texts, settings(C=100.0)).model.logits(texts.sequences)
    assert (logits.argmax(axis=1) == texts.targets).mean() > 0.95
    assert softmax(logits, axis=1).max(axis=1).mean() < 0.5


def test_it_is_sure_where_a_word_tells_the_label():
    texts = labeled(200)
    ids, offsets = texts.sequences
    targets = (ids[offsets[:-1]] % 3).astype("int32")
    first = np.full_like(ids, 2)  # all other words are the same
    first[offsets[:-1]] = 3 + targets
    told = LabeledTexts(RaggedIds(first, offsets), targets, texts.weights)
    fitted = fit_linear_model(told, settings(max_n=1))
    assert softmax(fitted.model.logits(told.sequences), axis=1).max(axis=1).mean() > 0.9
    assert softmax(fitted.held_out, axis=1).max(axis=1).mean() > 0.9


def test_it_is_the_mean_of_two_calibrated_regressions_written_with_scikit_learn():
    """That of Wang & Manning (2012), and one of TF-IDF."""
    texts = labeled()
    _, counts = NgramTable.of(texts.sequences, 2, 10**6)
    model = fit_linear_model(texts, settings(C=1.0)).model
    binary = (counts > 0).astype(float)
    of_bayes = np.empty((60, 3))
    for label in range(3):
        is_label = texts.targets == label
        shares = MultinomialNB().fit(binary, is_label).feature_log_prob_
        weighted = binary.multiply(shares[1] - shares[0]).tocsr()
        regression = LogisticRegression(C=1.0, tol=1e-3).fit(weighted, is_label)
        of_bayes[:, label] = regression.decision_function(weighted)
    tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    regression = LogisticRegression(C=10.0, tol=1e-3).fit(tfidf, texts.targets)
    of_tfidf = regression.decision_function(tfidf)
    columns = np.stack([of_bayes.ravel(), of_tfidf.ravel()], axis=1)
    ours = model.logits(texts.sequences).ravel()
    scales, *_ = np.linalg.lstsq(columns, ours, rcond=None)
    np.testing.assert_allclose(columns @ scales, ours, atol=2e-3)
    assert (scales > 0).all()
    assert (2 * scales < 1).all()  # less sure than on the samples it knows


def test_a_third_regression_sees_words_of_two_letters_or_more():
    """A text is told by the word that comes next, whatever stands between."""
    tokens = ["[PAD]", "[UNK]", "good", "film", ",", "a", "bad"]
    texts = [[2, 4, 3], [6, 4, 3], [2, 5, 3], [6, 5, 3], [2, 3], [6, 3]] * 5
    targets = np.tile([[1.0], [0.0]], (15, 1)).astype("float32")
    given = LabeledTexts(ragged(texts), targets, np.ones(30, dtype="float32"))
    model = fit_linear_model(given, settings(1), tokens).model
    is_word, ngrams, _ = model.words
    assert is_word.tolist() == [True, True, True, True, False, False, True]
    assert ngrams.count(ragged([[2, 3], [6, 3]])).shape[1] == 5  # 2, 3, 6, 2 3, 6 3
    assert fit_linear_model(given, settings(1)).model.words is None
    held_out = fit_linear_model(given, settings(1), tokens).held_out
    assert ((held_out > 0) == (targets > 0)).all()


def test_a_vocabulary_of_characters_has_no_words():
    assert (
        fit_linear_model(
            labeled(), settings(), list("--abcdefghijklmnopqrstuvwxyzABCD")
        ).model.words
        is None
    )


def test_held_out_logits_are_of_models_that_did_not_see_the_sample():
    """A sample of a class of its own, which no other fold holds, is never predicted."""
    texts = labeled()
    targets = np.where(np.arange(60) == 7, 2, texts.targets % 2).astype("int32")
    rare = LabeledTexts(texts.sequences, targets, texts.weights)
    fitted = fit_linear_model(rare, settings())
    assert fitted.held_out[7].argmin() == 2
    assert np.isfinite(fitted.held_out).all()


def test_weights_of_samples_count():
    texts = labeled()
    heavy = LabeledTexts(
        texts.sequences, texts.targets, np.where(texts.targets == 0, 9, 0.5).astype("float32")
    )
    unknown = ragged([[UNKNOWN_ID]])
    plain, weighted = (
        fit_linear_model(x, settings(max_n=1, C=1.0)).model.logits(unknown)[0]
        for x in (texts, heavy)
    )
    assert weighted[0] - weighted[1] > plain[0] - plain[1] + 0.5


def test_a_class_with_a_single_sample_is_unlikely_where_it_is_absent():
    texts = labeled()
    targets = np.where(np.arange(60) == 7, 2, texts.targets % 2).astype("int32")
    model = fit_linear_model(
        LabeledTexts(texts.sequences, targets, texts.weights), settings()
    ).model
    assert model.logits(ragged([[UNKNOWN_ID]])).argmin() == 2


def test_several_labels_are_fitted_one_by_one_even_if_one_never_occurs():
    texts = labeled()
    labels = np.stack([texts.targets == 0, texts.targets > 0, np.zeros(60)], axis=1)
    several = LabeledTexts(texts.sequences, labels.astype("float32"), texts.weights)
    logits = fit_linear_model(several, settings(max_n=1)).model.logits(texts.sequences)
    assert (logits[:, 2] < -1).all()
    assert np.ptp(logits[:, 2]) == 0
    assert np.ptp(logits[:, 0]) > 0


def test_the_same_samples_are_fitted_once(monkeypatch):
    fits = []
    whole = LogisticRegression.fit

    def counted(self, *args, **more):
        fits.append(1)
        return whole(self, *args, **more)

    monkeypatch.setattr(LogisticRegression, "fit", counted)
    first = fit_linear_model(labeled(), settings())
    n_fits = 4 * (3 + 1)  # three folds and all samples; three classes, and all at once
    assert len(fits) == n_fits
    assert fit_linear_model(labeled(), settings()) is first
    assert len(fits) == n_fits
    fit_linear_model(labeled(), settings(C=3.0))
    fit_linear_model(labeled(seed=1), settings())
    assert len(fits) == 3 * n_fits


def test_a_network_is_calibrated_on_held_out_samples():
    texts = labeled(600)
    sure = 9.0 * np.eye(3)[texts.targets]
    wrong = np.random.default_rng(1).random(600) < 0.3
    sure[wrong] = 9.0 * np.eye(3)[(texts.targets[wrong] + 1) % 3]  # right in 70 % of all cases
    scale = calibrated_scale(sure, texts, Softmax())
    confidence = softmax(scale * sure, axis=1).max(axis=1).mean()
    assert confidence == pytest.approx(0.7, abs=0.03)
    best = min(mean_loss(factor * sure, texts, Softmax()) for factor in np.geomspace(0.01, 5, 200))
    assert mean_loss(scale * sure, texts, Softmax()) == pytest.approx(best, abs=1e-3)


def test_few_held_out_samples_do_not_decide_alone():
    texts = labeled(2)
    right = 9.0 * np.eye(3)[texts.targets]
    assert calibrated_scale(right, texts, Softmax()) < 1
    assert calibrated_scale(None, None, Softmax()) == pytest.approx(0.4)


def test_an_untrained_network_with_it_predicts_as_the_linear_model(toy, ids_and_labels):
    """The logits of fresh weights are small beside its own."""
    ids, labels = ids_and_labels
    classifier = toy(linear_ngrams=2, linear_c=100.0).initialize(ids, labels)
    assert classifier.score(ids, labels) > 0.95
    assert toy().initialize(ids, labels).score(ids, labels) < 0.9


def test_the_network_is_trained_by_itself_and_predicts_with_the_linear_model(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"learning_rate": 0.1, "epochs": 5, "linear_share": 0.6}
    alone, beside = (toy(linear_ngrams=n, **options).fit(ids, labels) for n in (0, 2))
    assert alone.history_ == beside.history_
    vote, sequences = beside._vote, ragged([row[row > 0].tolist() for row in np.asarray(ids)])
    of_network = logit(alone.predict_proba(ids)[:, 1].astype(float))
    expected = 0.6 * vote.model.logits(sequences)[:, 0] + 0.4 * vote.scale * of_network
    np.testing.assert_allclose(beside.predict_proba(ids)[:, 1], expit(expected), atol=1e-4)
    np.testing.assert_allclose(
        np.asarray(beside.model_(np.asarray(ids))), alone.predict_proba(ids)[:, 1:], atol=1e-5
    )


def test_its_share_goes_from_the_network_alone_to_the_linear_model_alone(toy, ids_and_labels):
    ids, labels = ids_and_labels
    found = {
        share: toy(linear_ngrams=2, linear_share=share, early_stopping=False).fit(ids, labels)
        for share in (0.0, 0.25, 1.0)
    }
    own, mixed, linear = (logit(fitted.predict_proba(ids)[:, 1]) for fitted in found.values())
    alone = logit(toy(early_stopping=False).fit(ids, labels).predict_proba(ids)[:, 1])
    np.testing.assert_allclose(own, alone, atol=1e-5)
    # no held-out sample to calibrate on
    np.testing.assert_allclose(mixed, 0.75 * 0.4 * own + 0.25 * linear, rtol=1e-3, atol=1e-3)
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
    _linear_vote._fitted.clear()
    again = clone(classifier).fit(ids, labels).predict_proba(ids)
    parts = clone(classifier).fit_until(1, ids, labels).fit_until(3, ids, labels)
    assert np.array_equal(whole, again)
    assert np.array_equal(whole, parts.predict_proba(ids))


def test_the_linear_model_is_fitted_on_the_validation_set_too(toy, ids_and_labels):
    ids, labels = ids_and_labels
    options = {"linear_ngrams": 2, "linear_share": 1.0, "epochs": 1}
    held_out = toy(**options, validation_fraction=0.4).fit(ids, labels)
    all_rows = toy(**options, early_stopping=False).fit(ids, labels)
    given = toy(**options).fit(ids[:30], labels[:30], X_val=ids[30:], y_val=labels[30:])
    expected = all_rows.predict_proba(ids)
    np.testing.assert_allclose(held_out.predict_proba(ids), expected, atol=1e-6)
    assert not np.allclose(given.predict_proba(ids), expected, atol=1e-3)


def test_a_search_over_epochs_ranks_candidates_by_the_loss_of_the_vote(toy, ids_and_labels):
    """They have one network, so that its own loss could not tell them apart."""
    search = EpochHalvingSearchCV(
        toy(linear_ngrams=2, linear_c=100.0),
        {"linear_share": [0.0, 0.5, 0.9]},
        cv=2,
        min_epochs=1,
        max_epochs=3,
    )
    search.fit(*ids_and_labels)
    assert search.n_candidates_ == [3, 1]
    assert search.best_params_["linear_share"] == 0.9


def test_it_takes_several_labels_a_row(toy, ids_and_labels):
    ids, labels = ids_and_labels
    several = np.stack([labels == labels[0], labels != labels[0]], axis=1).astype(int)
    classifier = toy(linear_ngrams=2, linear_c=100.0, linear_share=0.9).fit(ids, several)
    assert (classifier.predict(ids) == several).mean() > 0.9


def test_texts_of_unknown_words_alone_are_as_likely_as_the_classes(toy):
    ids, labels = np.full((48, 6), UNKNOWN_ID), np.repeat([0, 1], [36, 12])
    fitted = toy(linear_ngrams=2, linear_share=1.0).fit(ids, labels)
    np.testing.assert_allclose(fitted.predict_proba(ids)[:, 1], 0.25, atol=0.05)


def test_chunks_are_refused(toy, ids_and_labels):
    with pytest.raises(ValueError, match="fitted on all rows at once; expected 0"):
        toy(linear_ngrams=1).partial_fit(*ids_and_labels)


def test_rare_tokens_share_the_vector_of_the_unknown_one_and_keep_their_ngrams(toy):
    """The last token of each text occurs once; the linear model alone can tell it."""
    common = np.random.default_rng(0).integers(2, 5, size=(40, 3))
    ids = np.column_stack([common, np.arange(5, 45)])
    labels = np.arange(40) % 2
    masked = np.column_stack([common, np.full(40, UNKNOWN_ID)])
    options = {"embedding_min_df": 2, "early_stopping": False}
    alone = toy(**options).fit(ids, labels)
    expected = toy(early_stopping=False).fit(masked, labels).predict_proba(masked)
    np.testing.assert_array_equal(alone.predict_proba(ids), expected)
    np.testing.assert_allclose(
        np.asarray(alone.model_(ids)), alone.predict_proba(ids)[:, 1:], atol=1e-6
    )
    assert alone._fitted.network.vocabulary_size < 10
    both = toy(**options, linear_ngrams=1, linear_c=100.0).fit(ids, labels)
    assert both.score(ids, labels) == 1.0


def test_rare_tokens_are_counted_once_a_text(toy):
    ids = np.tile([[2, 3, 3, 0], [2, 4, 5, 5]], (8, 1))
    ids[0] = [2, 9, 9, 9]
    fitted = toy(embedding_min_df=2).fit(ids, np.arange(16) % 2)
    assert fitted._embedding_ids.tolist() == [0, 1, 2, 3, 4, 5, 1, 1, 1, 1]


def test_chunks_cannot_count_rare_tokens(toy, ids_and_labels):
    with pytest.raises(ValueError, match="Got embedding_min_df=2, which counts tokens in all rows"):
        toy(embedding_min_df=2).partial_fit(*ids_and_labels)


def test_ridge_regressions_of_numbers_are_averaged_and_shrink_where_there_is_nothing_to_find():
    rng, texts = np.random.default_rng(0), labeled(200)
    ids, offsets = texts.sequences
    told = np.array([np.isin(ids[a:b], [3, 4]).sum() for a, b in itertools.pairwise(offsets)])
    told = (told - told.mean()) / told.std()
    for targets, low, high in ((told, 0.7, 1.0), (rng.normal(size=200), -0.2, 0.1)):
        numbers = LabeledTexts(texts.sequences, targets[:, None].astype("float32"), texts.weights)
        own = LinearSettings(SquaredError(), 1, 1, 3.0, seed=0)
        fitted = fit_linear_model(numbers, own)
        loss = mean_loss(fitted.held_out, numbers, SquaredError())
        assert low <= 1 - loss / targets.var() <= high


def test_ids_beyond_the_tokens_are_no_words():
    """They ended predict with an IndexError."""
    pipeline = make_text_pipeline("cnn", vocabulary_size=500, epochs=1, linear_ngrams=2)
    pipeline.fit(["a good film .", "bad film x"] * 20, ["p", "n"] * 20)
    assert pipeline[-1].predict([[2, 3, 300, 4]]).shape == (1,)


def test_a_share_of_nothing_leaves_the_probabilities_of_the_network(toy, ids_and_labels):
    alone, shared = (toy(linear_ngrams=n, linear_share=0.0).fit(*ids_and_labels) for n in (0, 2))
    ids = ids_and_labels[0]
    np.testing.assert_allclose(alone.predict_proba(ids), shared.predict_proba(ids), atol=1e-6)
