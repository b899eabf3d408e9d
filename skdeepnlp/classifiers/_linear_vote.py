"""The linear model that votes beside a network, and the mean of the logits of both."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp.classifiers._ngrams import NgramTable
from skdeepnlp.training import LabelledTexts, RaggedIds, network_pool

__all__ = ["LinearModel", "LinearSettings", "Vote", "calibrated_scale", "fit_linear_model"]

_TWO_LETTERS = re.compile(r"\w\w")
_N_FOLDS = 3
_MAX_NGRAMS = 1 << 20
_MAX_COEFFICIENTS = 1 << 22  # of one model: 16 MiB
# TF-IDF features are shorter than those of naive Bayes, so that they want a weaker penalty
_TFIDF_C = 10.0
# log scale of a network's logits, before any held-out sample is seen, and how sure that is
_PRIOR_LOG_SCALE, _PRIOR_WEIGHT = np.log(0.4), 0.5


@dataclass(frozen=True)
class LinearSettings:
    """What a linear model depends on, beside the texts.

    Parameters
    ----------
    n_outputs : int
        Number of logits.
    max_n : int
        Maximum length of an n-gram in tokens.
    C : float
        Inverse regularization strength, as in `sklearn.linear_model.LogisticRegression`.
    seed : int
        Decides the folds of cross-fitting.
    """

    n_outputs: int
    max_n: int
    C: float
    seed: int


@dataclass(frozen=True, eq=False)
class TfidfWeights:
    """A linear model of TF-IDF with sublinear frequencies and rows of length one.

    Parameters
    ----------
    idf : ndarray of shape (n_ngrams,), dtype float32
        Inverse document frequencies.
    coefficients : ndarray of shape (n_ngrams, n_outputs), dtype float32
        Coefficients of the normalized values.
    """

    idf: np.ndarray
    coefficients: np.ndarray

    def logits(self, counts: csr_matrix) -> np.ndarray:
        """Return the logits of texts by the counts of their n-grams, without a bias."""
        return _tfidf(counts, self.idf) @ self.coefficients


@dataclass(frozen=True, eq=False)
class LinearModel:
    """The mean of calibrated logistic regressions of n-grams.

    One sees which n-grams occur, weighted by their log-count ratios as in naive Bayes (Wang &
    Manning 2012), one their TF-IDF. Where the tokens are known, a third one sees the TF-IDF of
    the words of two letters or more, as `TfidfVectorizer` finds them.

    Parameters
    ----------
    ngrams : NgramTable
        The n-grams of the first two.
    occurring : ndarray of shape (n_ngrams, n_outputs), dtype float32
        What each n-gram adds to the logits if it occurs.
    tfidf : TfidfWeights
        The second one.
    bias : ndarray of shape (n_outputs,), dtype float32
        Logits of a text of unknown n-grams.
    words : tuple of (ndarray of bool, NgramTable, TfidfWeights) or None
        Which ids are words, their n-grams, and the third one.
    """

    ngrams: NgramTable
    occurring: np.ndarray
    tfidf: TfidfWeights
    bias: np.ndarray
    words: tuple[np.ndarray, NgramTable, TfidfWeights] | None

    def logits(self, sequences: RaggedIds) -> np.ndarray:
        """Return the logits of texts, shape (n_samples, n_outputs), dtype float32."""
        counts = self.ngrams.count(sequences)
        logits = _binary(counts) @ self.occurring + self.tfidf.logits(counts) + self.bias
        if self.words is not None:
            is_word, ngrams, tfidf = self.words
            logits += tfidf.logits(ngrams.count(_only(is_word, sequences)))
        return logits.astype(np.float32)

    @property
    def n_bytes(self) -> int:
        """Size of all arrays."""
        parts = [(self.ngrams, self.tfidf), *([self.words[1:]] if self.words else [])]
        return self.occurring.nbytes + sum(
            ngrams.n_bytes + tfidf.idf.nbytes + tfidf.coefficients.nbytes for ngrams, tfidf in parts
        )


@dataclass(frozen=True, eq=False)
class CrossFitted:
    """A linear model, and logits of its training samples by models that did not see them.

    Parameters
    ----------
    model : LinearModel
        Fitted on all samples.
    held_out : ndarray of shape (n_samples, n_outputs), dtype float32
        Cross-fitted logits.
    """

    model: LinearModel
    held_out: np.ndarray


@dataclass(frozen=True, eq=False)
class Vote:
    """The weighted mean of the logits of a linear model and of a network.

    Parameters
    ----------
    model : LinearModel
        The linear model.
    share : float
        Its weight, from 0 to 1.
    scale : float
        Factor of the network's logits, which calibrates them.
    """

    model: LinearModel
    share: float
    scale: float

    def logits(self, sequences: RaggedIds, of_network: np.ndarray) -> np.ndarray:
        """Return the logits of the vote, shape (n_samples, n_outputs), dtype float32."""
        return self.mean(self.model.logits(sequences), of_network)

    def mean(self, of_linear: np.ndarray, of_network: np.ndarray) -> np.ndarray:
        """Return the weighted mean of the logits of both."""
        return self.share * of_linear + (1 - self.share) * self.scale * of_network


# for other fits on the same samples
_fitted = network_pool.memory(1 << 28, lambda one: one.model.n_bytes + one.held_out.nbytes)


def fit_linear_model(
    texts: LabelledTexts, settings: LinearSettings, tokens: Sequence[str] | None = None
) -> CrossFitted:
    """Fit the linear model of some texts, unless that was just done.

    Parameters
    ----------
    texts : LabelledTexts
        The training samples.
    settings : LinearSettings
        What the model depends on.
    tokens : sequence of str or None, default=None
        The token of each id, if known.

    Returns
    -------
    fitted : CrossFitted
    """
    is_word = None if tokens is None else np.array([_is_word(token) for token in tokens])
    if is_word is None or is_word.all() or not is_word[texts.sequences.ids].any():
        is_word = None
    key = _digest(texts, settings, is_word)
    return _fitted.get(key, lambda: _fit(texts, settings, is_word))


def calibrated_scale(logits: np.ndarray | None, texts: LabelledTexts | None) -> float:
    """Return the factor that makes a network's logits as sure as they are right.

    It minimizes the log loss of held-out samples, as in Platt (1999) without a shift; a weak prior
    keeps few samples from deciding alone.

    Parameters
    ----------
    logits : ndarray of shape (n_samples, n_outputs) or None
        Logits of held-out samples; None if there are none.
    texts : LabelledTexts or None
        These samples.

    Returns
    -------
    scale : float
    """
    if logits is None or texts is None or not np.isfinite(logits).all():
        return float(np.exp(_PRIOR_LOG_SCALE))
    return _calibration(logits, texts, _PRIOR_WEIGHT)


def mean_log_loss(logits: np.ndarray, texts: LabelledTexts) -> float:
    """Return the weighted mean of the log loss."""
    if texts.targets.ndim == 1:
        of_class = logits[np.arange(len(logits)), texts.targets]
        losses = (logsumexp(logits, axis=1) - of_class)[:, None]
    else:
        losses = np.logaddexp(0, logits) - texts.targets * logits
    return float(np.average(losses, weights=_label_weights(texts, losses.shape[1])))


def _label_weights(texts: LabelledTexts, n_labels: int) -> np.ndarray:
    """Return the weight of each label of each text, shape (n_samples, n_labels)."""
    of_rows = np.repeat(texts.weights[:, None].astype(float), n_labels, axis=1)
    return of_rows if texts.label_weights is None else of_rows * texts.label_weights


def _is_word(token: str) -> bool:
    """Whether a token has two letters or digits in a row, as words of `TfidfVectorizer` have."""
    return _TWO_LETTERS.search(token) is not None


def _only(is_word: np.ndarray, sequences: RaggedIds) -> RaggedIds:
    """Return texts without the tokens that are no words; unknown ones stay."""
    kept = is_word[sequences.ids] | (sequences.ids == UNKNOWN_ID)
    n_before = np.concatenate([[0], np.cumsum(kept)])
    return RaggedIds(sequences.ids[kept], n_before[sequences.offsets])


def _digest(texts: LabelledTexts, settings: LinearSettings, is_word: np.ndarray | None) -> bytes:
    digest = hashlib.sha256(repr((settings, is_word is None, texts.label_weights is None)).encode())
    given = (*texts.sequences, texts.targets, texts.weights, texts.label_weights, is_word)
    for array in (array for array in given if array is not None):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _fit(texts: LabelledTexts, settings: LinearSettings, is_word: np.ndarray | None) -> CrossFitted:
    folds = _folds(texts.targets, settings.seed)
    # the linear algebra of small problems gains nothing from threads, and loses much on busy cores
    with threadpool_limits(1, user_api="blas"):
        ngrams, counts = _ngrams_of(texts.sequences, settings)
        bayes = _NaiveBayesRegression(_binary(counts), texts, settings)
        fits = [_cross_fit(bayes, texts, folds), _fit_tfidf(counts, texts, settings, folds)]
        if is_word is not None:
            of_words, word_counts = _ngrams_of(_only(is_word, texts.sequences), settings)
            fits.append(_fit_tfidf(word_counts, texts, settings, folds))
    coefficients = [(one.coefficients / len(fits)).astype(np.float32) for one in fits]
    weights = [
        TfidfWeights(one.idf.astype(np.float32), own)
        for one, own in zip(fits, coefficients, strict=True)
    ]
    bias, held_out = (
        np.mean([getattr(one, name) for one in fits], axis=0).astype(np.float32)
        for name in ("bias", "held_out")
    )
    words = None if is_word is None else (is_word, of_words, weights[2])
    return CrossFitted(LinearModel(ngrams, coefficients[0], weights[1], bias, words), held_out)


def _ngrams_of(sequences: RaggedIds, settings: LinearSettings) -> tuple[NgramTable, csr_matrix]:
    limit = min(_MAX_NGRAMS, max(2, _MAX_COEFFICIENTS // settings.n_outputs))
    return NgramTable.of(sequences, settings.max_n, limit)


@dataclass(frozen=True, eq=False)
class _Fit:
    """Calibrated coefficients, bias and cross-fitted logits of one regression."""

    coefficients: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray
    idf: np.ndarray


def _fit_tfidf(
    counts: csr_matrix, texts: LabelledTexts, settings: LinearSettings, folds: np.ndarray
) -> _Fit:
    idf = _idf(counts, texts.weights)
    fitted = _cross_fit(_Regression(_tfidf(counts, idf), texts, settings), texts, folds)
    return replace(fitted, idf=idf)


def _cross_fit(model: "_Regression", texts: LabelledTexts, folds: np.ndarray) -> _Fit:
    """Fit one regression on all samples, and calibrate it on held-out folds."""
    coefficients, bias = model.fit(np.arange(len(folds)))
    held_out = np.zeros((len(folds), len(bias)))
    for fold in np.unique(folds):
        inside = np.flatnonzero(folds == fold)
        of_others, bias_of_others = model.fit(np.flatnonzero(folds != fold))
        held_out[inside] = model.features[inside] @ of_others + bias_of_others
    scale = _calibration(held_out, texts)
    return _Fit(scale * coefficients, scale * bias, scale * held_out, np.empty(0))


def _calibration(logits: np.ndarray, texts: LabelledTexts, prior_weight: float = 0.0) -> float:
    """Return the factor of logits with the least log loss."""

    def loss(log_scale: float) -> float:
        prior = prior_weight * (log_scale - _PRIOR_LOG_SCALE) ** 2
        return mean_log_loss(np.exp(log_scale) * logits, texts) + prior / len(logits)

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def _folds(targets: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each sample, each class spread over all folds."""
    shuffled = np.random.default_rng(seed).permutation(len(targets))
    by_class = np.lexsort((shuffled, *targets.reshape(len(targets), -1).T))
    folds = np.empty(len(targets), dtype=int)
    folds[by_class] = np.arange(len(targets)) % _N_FOLDS
    return folds


def _binary(counts: csr_matrix) -> csr_matrix:
    """Return 1.0 where an n-gram occurs, however often."""
    return csr_matrix((np.ones_like(counts.data), counts.indices, counts.indptr), counts.shape)


def _idf(counts: csr_matrix, weights: np.ndarray) -> np.ndarray:
    """Return smooth inverse document frequencies, as `TfidfTransformer` has them."""
    n_texts = _binary(counts).T @ weights
    return np.log((1 + weights.sum()) / (1 + n_texts)) + 1


def _tfidf(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """Return TF-IDF with sublinear frequencies and rows of length one."""
    values = (1 + np.log(counts.data)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=counts.shape[0]))
    return csr_matrix((values / lengths[rows], counts.indices, counts.indptr), counts.shape)


class _Regression:
    """Logistic regressions of the same features and targets, fitted on changing rows."""

    def __init__(self, features: csr_matrix, texts: LabelledTexts, settings: LinearSettings):
        self.features, self.texts, self.n_outputs = features, texts, settings.n_outputs
        self.C = _TFIDF_C * settings.C

    def fit(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return coefficients of shape (n_features, n_outputs) and a bias for each output."""
        if self.texts.targets.ndim == 1:
            return self._fit_classes(rows)
        return self._fit_labels(rows, self.texts.targets[rows].astype(bool))

    def _fit_classes(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Fit one multinomial regression; a class without a sample is unlikely everywhere."""
        numbers, n_features = self.texts.targets[rows], self.features.shape[1]
        present = np.unique(numbers)
        coefficients = np.zeros((n_features, self.n_outputs))
        bias = np.full(self.n_outputs, -np.log(1 + len(rows)))
        if len(present) == 1 or not n_features:
            counts = np.bincount(numbers, self.texts.weights[rows], minlength=self.n_outputs)
            bias[present] = np.log(counts[present] / counts.sum())
            return coefficients, bias
        model = LogisticRegression(C=self.C, max_iter=200, tol=1e-3)
        model.fit(self.features[rows], numbers, sample_weight=self.texts.weights[rows])
        if len(present) == 2:  # scikit-learn gives one row for two classes
            model.coef_ = np.vstack([-model.coef_, model.coef_]) / 2
            model.intercept_ = np.hstack([-model.intercept_, model.intercept_]) / 2
        coefficients[:, present] = model.coef_.T
        bias[present] = model.intercept_
        return coefficients, bias

    def _fit_labels(self, rows: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Fit one regression for each column of zeros and ones."""
        weights = _label_weights(self.texts, targets.shape[1])[rows]
        fits = [
            self._fit_label(self.features[rows], yes, weight)
            for yes, weight in zip(targets.T, weights.T, strict=True)
        ]
        return np.stack([one for one, _ in fits], axis=1), np.array([bias for _, bias in fits])

    def _fit_label(
        self, features: csr_matrix, yes: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, float]:
        """Fit one label; where all samples agree, only how sure that makes is kept."""
        n_yes = int(yes[weights > 0].sum())
        if n_yes in (0, np.count_nonzero(weights)):
            surprise = np.log(1 + len(yes))
            return np.zeros(features.shape[1]), surprise if n_yes else -surprise
        if not features.shape[1]:  # no text holds a known word
            return np.zeros(0), float(np.log(weights[yes].sum() / weights[~yes].sum()))
        ratios = self._ratios(features, yes, weights)
        model = LogisticRegression(C=self.C, max_iter=200, tol=1e-3)
        model.fit(features.multiply(ratios).tocsr(), yes, sample_weight=weights)
        return model.coef_[0] * ratios, float(model.intercept_[0])

    def _ratios(self, features: csr_matrix, yes: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return what each feature is multiplied by."""
        return np.ones(features.shape[1])


class _NaiveBayesRegression(_Regression):
    """Logistic regressions, one against the others, of features weighted by naive Bayes."""

    def __init__(self, features: csr_matrix, texts: LabelledTexts, settings: LinearSettings):
        super().__init__(features, texts, settings)
        self.C = settings.C

    def _fit_classes(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        targets = self.texts.targets[rows][:, None] == np.arange(self.n_outputs)
        return self._fit_labels(rows, targets)

    def _ratios(self, features: csr_matrix, yes: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return how much more often each n-gram occurs with the label, as logarithms.

        As naive Bayes has them, one text that holds it added on both sides.
        """
        with_it, without = (1 + features.T @ (weights * side) for side in (yes, ~yes))
        return np.log(with_it / with_it.sum()) - np.log(without / without.sum())
