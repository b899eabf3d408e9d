"""The linear model that votes beside a network, and the mean of the logits of both."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from threadpoolctl import threadpool_limits

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._ragged import RaggedIds
from skdeepnlp.estimators._linear_regressions import (
    LinearSettings,
    NaiveBayesRegression,
    RidgeRegression,
    TfidfRegression,
    binary,
    inverse_frequencies,
    label_weights,
    tfidf,
)
from skdeepnlp.estimators._ngrams import NgramTable
from skdeepnlp.training import LabeledTexts, Objective, SquaredError, network_pool

_TWO_LETTERS = re.compile(r"\w\w")
_N_FOLDS = 3
_MAX_NGRAMS = 1 << 20
_MAX_COEFFICIENTS = 1 << 22  # of one model: 16 MiB
# log scale of a classifier's logits, before any held-out sample is seen, and how sure that is
_PRIOR_LOG_SCALE, _PRIOR_WEIGHT = np.log(0.4), 0.5


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
        return tfidf(counts, self.idf) @ self.coefficients


@dataclass(frozen=True, eq=False)
class LinearModel:
    """The mean of calibrated linear regressions of n-grams.

    One sees which n-grams occur, weighted by their log-count ratios as in naive Bayes (Wang &
    Manning 2012), one their TF-IDF. Where the tokens are known, a third one sees the TF-IDF of
    the words of two letters or more, as `TfidfVectorizer` finds them. For numbers these are ridge
    regressions, without the first one.

    Parameters
    ----------
    ngrams : NgramTable
        The n-grams of the first two.
    occurring : ndarray of shape (n_ngrams, n_outputs), dtype float32, or None
        What each n-gram adds to the logits if it occurs.
    tfidf : TfidfWeights
        The second one.
    bias : ndarray of shape (n_outputs,), dtype float32
        Logits of a text of unknown n-grams.
    words : tuple of (ndarray of bool, NgramTable, TfidfWeights) or None
        Which ids are words, their n-grams, and the third one.
    """

    ngrams: NgramTable
    occurring: np.ndarray | None
    tfidf: TfidfWeights
    bias: np.ndarray
    words: tuple[np.ndarray, NgramTable, TfidfWeights] | None

    def logits(self, sequences: RaggedIds) -> np.ndarray:
        """Return the logits of texts, shape (n_samples, n_outputs), dtype float32."""
        counts = self.ngrams.count(sequences)
        logits = self.tfidf.logits(counts) + self.bias
        if self.occurring is not None:
            logits = binary(counts) @ self.occurring + logits
        if self.words is not None:
            is_word, ngrams, tfidf = self.words
            logits += tfidf.logits(ngrams.count(_only(is_word, sequences)))
        return logits.astype(np.float32)

    @property
    def n_bytes(self) -> int:
        """Size of all arrays."""
        parts = [(self.ngrams, self.tfidf), *([self.words[1:]] if self.words else [])]
        occurring = 0 if self.occurring is None else self.occurring.nbytes
        return occurring + sum(
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
_fitted = network_pool.cache(1 << 28, lambda one: one.model.n_bytes + one.held_out.nbytes)


def fit_linear_model(
    texts: LabeledTexts,
    settings: LinearSettings,
    tokens: Sequence[str] | None = None,
    n_ids: int = 0,
) -> CrossFitted:
    """Fit the linear model of some texts, unless that was just done.

    Parameters
    ----------
    texts : LabeledTexts
        The training samples.
    settings : LinearSettings
        What the model depends on.
    tokens : sequence of str or None, default=None
        The token of each id, if known.
    n_ids : int, default=0
        Number of ids, if there are more than tokens.

    Returns
    -------
    fitted : CrossFitted
    """
    is_word = None
    if tokens is not None:
        is_word = np.zeros(max(n_ids, len(tokens)), dtype=bool)
        is_word[: len(tokens)] = [_is_word(token) for token in tokens]
        if is_word[: len(tokens)].all() or not is_word[texts.sequences.ids].any():
            is_word = None
    key = _digest(texts, settings, is_word)
    return _fitted.get(key, lambda: _fit(texts, settings, is_word))


def calibrated_scale(
    logits: np.ndarray | None, texts: LabeledTexts | None, objective: Objective
) -> float:
    """Return the factor that makes a network's logits as sure as they are right.

    It minimizes the loss of held-out samples, as in Platt (1999) without a shift; a weak prior
    keeps few samples from deciding alone.

    Parameters
    ----------
    logits : ndarray of shape (n_samples, n_outputs) or None
        Logits of held-out samples; None if there are none.
    texts : LabeledTexts or None
        These samples.
    objective : Objective
        What the network is trained for.

    Returns
    -------
    scale : float
    """
    prior = 0.0 if isinstance(objective, SquaredError) else _PRIOR_LOG_SCALE
    if logits is None or texts is None or not np.isfinite(logits).all():
        return float(np.exp(prior))
    return _calibration(logits, texts, objective, (prior, _PRIOR_WEIGHT))


def best_share(of_linear: np.ndarray, of_network: np.ndarray, texts: LabeledTexts) -> float:
    """Return the weight of a linear model with the least squared error of the mean.

    Parameters
    ----------
    of_linear, of_network : ndarray of shape (n_samples, n_outputs)
        Scaled numbers that both predict for held-out samples.
    texts : LabeledTexts
        These samples.

    Returns
    -------
    share : float
        From 0 to 1.
    """
    weights = texts.weights[:, None]
    apart, left = of_linear - of_network, texts.targets - of_network
    size = float((weights * apart**2).sum())
    return float(np.clip((weights * apart * left).sum() / size, 0, 1)) if size else 0.5


def mean_loss(logits: np.ndarray, texts: LabeledTexts, objective: Objective) -> float:
    """Return the weighted mean of the log loss, or of the squared error."""
    if isinstance(objective, SquaredError):
        losses = (logits - texts.targets) ** 2
    elif texts.targets.ndim == 1:
        of_class = logits[np.arange(len(logits)), texts.targets]
        losses = (logsumexp(logits, axis=1) - of_class)[:, None]
    else:
        losses = np.logaddexp(0, logits) - texts.targets * logits
    return float(np.average(losses, weights=label_weights(texts, losses.shape[1])))


def _is_word(token: str) -> bool:
    """Whether a token has two letters or digits in a row, as words of `TfidfVectorizer` have."""
    return _TWO_LETTERS.search(token) is not None


def _only(is_word: np.ndarray, sequences: RaggedIds) -> RaggedIds:
    """Return texts without the tokens that are no words; unknown ones stay."""
    kept = is_word[sequences.ids] | (sequences.ids == UNKNOWN_ID)
    n_before = np.concatenate([[0], np.cumsum(kept)])
    return RaggedIds(sequences.ids[kept], n_before[sequences.offsets])


def _digest(texts: LabeledTexts, settings: LinearSettings, is_word: np.ndarray | None) -> bytes:
    digest = hashlib.sha256(repr((settings, is_word is None, texts.label_weights is None)).encode())
    given = (*texts.sequences, texts.targets, texts.weights, texts.label_weights, is_word)
    for array in (array for array in given if array is not None):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _fit(texts: LabeledTexts, settings: LinearSettings, is_word: np.ndarray | None) -> CrossFitted:
    folds = _folds(texts.targets, settings.seed)
    # the linear algebra of small problems gains nothing from threads, and loses much on busy cores
    with threadpool_limits(1, user_api="blas"):
        ngrams, counts = _ngrams_of(texts.sequences, settings)
        fits = [_fit_tfidf(counts, texts, settings, folds)]
        if not isinstance(settings.objective, SquaredError):
            bayes = NaiveBayesRegression(binary(counts), texts, settings)
            fits.insert(0, _cross_fit(bayes, texts, folds))
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
    words = None if is_word is None else (is_word, of_words, weights.pop())
    occurring = coefficients[0] if len(weights) > 1 else None
    return CrossFitted(LinearModel(ngrams, occurring, weights[-1], bias, words), held_out)


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
    counts: csr_matrix, texts: LabeledTexts, settings: LinearSettings, folds: np.ndarray
) -> _Fit:
    idf = inverse_frequencies(counts, texts.weights)
    is_number = isinstance(settings.objective, SquaredError)
    regression = RidgeRegression if is_number else TfidfRegression
    fitted = _cross_fit(regression(tfidf(counts, idf), texts, settings), texts, folds)
    return replace(fitted, idf=idf)


def _cross_fit(model: TfidfRegression, texts: LabeledTexts, folds: np.ndarray) -> _Fit:
    """Fit one regression on all samples, and calibrate it on held-out folds."""
    coefficients, bias = model.fit(np.arange(len(folds)))
    held_out = np.zeros((len(folds), len(bias)))
    for fold in np.unique(folds):
        inside = np.flatnonzero(folds == fold)
        of_others, bias_of_others = model.fit(np.flatnonzero(folds != fold))
        held_out[inside] = model.features[inside] @ of_others + bias_of_others
    scale = _calibration(held_out, texts, model.settings.objective)
    return _Fit(scale * coefficients, scale * bias, scale * held_out, np.empty(0))


def _calibration(
    logits: np.ndarray,
    texts: LabeledTexts,
    objective: Objective,
    prior: tuple[float, float] = (0.0, 0.0),
) -> float:
    """Return the factor of logits with the least loss; a prior has a mean and a weight."""

    def loss(log_scale: float) -> float:
        away = prior[1] * (log_scale - prior[0]) ** 2
        return mean_loss(np.exp(log_scale) * logits, texts, objective) + away / len(logits)

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def _folds(targets: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each sample, each class spread over all folds."""
    shuffled = np.random.default_rng(seed).permutation(len(targets))
    by_class = np.lexsort((shuffled, *targets.reshape(len(targets), -1).T))
    folds = np.empty(len(targets), dtype=int)
    folds[by_class] = np.arange(len(targets)) % _N_FOLDS
    return folds
