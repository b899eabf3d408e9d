"""The checks of sequence classifiers, on sound and on broken ones."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from skdeepnlp import LSTMClassifier
from skdeepnlp.testing import all_estimators, check_padding_invariance, check_sequence_classifier
from skdeepnlp.testing._discovery import TOY_PARAMETERS
from skdeepnlp.testing._sequence_classifier_checks import make_ids
from skdeepnlp.text import TokenSequences

TOY = TOY_PARAMETERS


class FirstToken(ClassifierMixin, BaseEstimator):
    """Somebody else's classifier: the share of each class among texts that begin alike."""

    def _firsts(self, X):
        if isinstance(X, TokenSequences):
            return np.array([row[0] for row in X])
        rows = np.asarray(X)
        if rows.dtype.kind not in "iuf" or rows.min() < 0:
            raise ValueError("expected token ids")
        known = getattr(self, "vocabulary_", None)
        given = getattr(X, "vocabulary", None)
        if known is not None and given is not None and given != known:
            raise ValueError("another vocabulary")
        return rows[np.arange(len(rows)), (rows != 0).argmax(axis=1)].astype(int)

    def fit(self, X, y, sample_weight=None):
        if len(X) != len(y):
            raise ValueError("lengths differ")
        firsts = self._firsts(X)
        self.vocabulary_ = getattr(X, "vocabulary", None)
        self.classes_ = np.unique(y)
        self.counts_ = {
            first: np.array([np.sum(y[firsts == first] == label) for label in self.classes_])
            for first in np.unique(firsts).tolist()
        }
        return self

    def predict_proba(self, X):
        check_is_fitted(self)
        counts = [self.counts_.get(first, np.ones(2)) for first in self._firsts(X).tolist()]
        return np.array(counts) / np.sum(counts, axis=1, keepdims=True)

    def predict(self, X):
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class SeesPadding(FirstToken):
    """Broken: the width of the matrix counts."""

    def predict_proba(self, X):
        width = 12 if isinstance(X, TokenSequences) else X.shape[1]
        probabilities = super().predict_proba(X) + 0.01 * width
        return probabilities / probabilities.sum(axis=1, keepdims=True)


class WritesWeights(FirstToken):
    """Broken: multiplies the caller's weights in place, as scikeras does."""

    def fit(self, X, y, sample_weight=None):
        if sample_weight is not None:
            sample_weight *= 2
        return super().fit(X, y)


class SquashesOneRow(FirstToken):
    """Broken: the probabilities of one row lose an axis, as in scikeras."""

    def predict_proba(self, X):
        return np.squeeze(super().predict_proba(X))


class SeedsNumpy(FirstToken):
    """Broken: seeds the global generator."""

    def fit(self, X, y, sample_weight=None):
        np.random.seed(0)
        return super().fit(X, y)


@pytest.mark.parametrize(
    ("name", "cls"),
    all_estimators("classifier"),
    ids=[name for name, _ in all_estimators("classifier")],
)
def test_every_classifier_of_ours_keeps_every_contract(name, cls):
    outcomes = check_sequence_classifier(cls(**TOY[name]))
    assert set(outcomes.values()) == {"passed"}
    assert len(outcomes) == 22


def test_a_classifier_of_others_can_be_checked():
    assert set(check_sequence_classifier(FirstToken()).values()) == {"passed"}


@pytest.mark.parametrize(
    ("broken", "contract"),
    [
        (SeesPadding, "wider_padding_does_not_change_the_prediction"),
        (WritesWeights, "fit_leaves_its_data_alone"),
        (SquashesOneRow, "probabilities_are_a_distribution"),
        (SeedsNumpy, "fit_leaves_global_generators_alone"),
    ],
)
def test_a_broken_classifier_is_named_with_its_contract(broken, contract):
    with pytest.raises(AssertionError, match=rf"{broken.__name__} breaks [\s\S]*{contract}"):
        check_sequence_classifier(broken())


def test_padding_invariance_finds_a_classifier_that_sees_padding():
    with pytest.raises(AssertionError, match="SeesPadding breaks"):
        check_padding_invariance(SeesPadding())


def test_an_expected_failure_needs_a_name_that_exists():
    with pytest.raises(ValueError, match="no_such_contract"):
        check_padding_invariance(FirstToken(), expected_failures={"no_such_contract": "why"})


def test_data_of_ones_own_can_be_given():
    ids, labels = make_ids(n_samples=12)
    outcomes = check_padding_invariance(
        LSTMClassifier(units=2, embedding_dim=2, epochs=1), X=ids, y=labels
    )
    assert set(outcomes.values()) == {"passed"}
    with pytest.raises(ValueError, match="only one of X and y"):
        check_padding_invariance(FirstToken(), X=ids)
