"""Linear regressions of n-grams on class numbers, labels or numbers, fitted on changing rows."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge

from skdeepnlp.training import LabeledTexts, Objective

# TF-IDF features are shorter than those of naive Bayes, so that they want a weaker penalty
_TFIDF_C = 10.0


@dataclass(frozen=True)
class LinearSettings:
    """What a linear model depends on, beside the texts.

    Parameters
    ----------
    objective : Objective
        What the network is trained for.
    n_outputs : int
        Number of logits.
    max_n : int
        Maximum length of an n-gram in tokens.
    C : float
        Inverse regularization strength, as in `sklearn.linear_model.LogisticRegression`.
    seed : int
        Decides the folds of cross-fitting.
    """

    objective: Objective
    n_outputs: int
    max_n: int
    C: float
    seed: int


def binary(counts: csr_matrix) -> csr_matrix:
    """Return 1.0 where an n-gram occurs, however often."""
    return csr_matrix((np.ones_like(counts.data), counts.indices, counts.indptr), counts.shape)


def inverse_frequencies(counts: csr_matrix, weights: np.ndarray) -> np.ndarray:
    """Return smooth inverse document frequencies, as `TfidfTransformer` has them."""
    n_texts = binary(counts).T @ weights
    return np.log((1 + weights.sum()) / (1 + n_texts)) + 1


def tfidf(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """Return TF-IDF with sublinear frequencies and rows of length one."""
    values = (1 + np.log(counts.data)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=counts.shape[0]))
    return csr_matrix((values / lengths[rows], counts.indices, counts.indptr), counts.shape)


def label_weights(texts: LabeledTexts, n_labels: int) -> np.ndarray:
    """Return the weight of each label of each text, shape (n_samples, n_labels)."""
    of_rows = np.repeat(texts.weights[:, None].astype(float), n_labels, axis=1)
    return of_rows if texts.label_weights is None else of_rows * texts.label_weights


class TfidfRegression:
    """Logistic regressions of the same features and targets, fitted on changing rows."""

    def __init__(self, features: csr_matrix, texts: LabeledTexts, settings: LinearSettings):
        self.features, self.texts, self.settings = features, texts, settings
        self.n_outputs = settings.n_outputs
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
        weights = label_weights(self.texts, targets.shape[1])[rows]
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


class NaiveBayesRegression(TfidfRegression):
    """Logistic regressions, one against the others, of features weighted by naive Bayes."""

    def __init__(self, features: csr_matrix, texts: LabeledTexts, settings: LinearSettings):
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


class RidgeRegression(TfidfRegression):
    """Ridge regressions of TF-IDF on one number or several."""

    def fit(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return coefficients of shape (n_features, n_outputs) and a bias for each output."""
        targets, weights = self.texts.targets[rows], self.texts.weights[rows]
        if not self.features.shape[1]:
            return np.zeros((0, self.n_outputs)), np.average(targets, axis=0, weights=weights)
        model = Ridge(alpha=1 / self.settings.C, solver="sparse_cg", tol=1e-3)
        model.fit(self.features[rows], targets, sample_weight=weights)
        coefficients = model.coef_.reshape(self.n_outputs, -1).T
        return coefficients, np.reshape(model.intercept_, self.n_outputs)
