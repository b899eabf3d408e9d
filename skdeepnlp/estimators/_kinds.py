"""Two kinds of targets: classes, for classifiers, and numbers, for regressors."""

from typing import Any, ClassVar

import numpy as np
from scikeras.wrappers import KerasClassifier, KerasRegressor
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils import ClassifierTags, RegressorTags

from skdeepnlp._contracts import shorten
from skdeepnlp._sklearn import _fit_context
from skdeepnlp.estimators._base import BaseSequenceEstimator
from skdeepnlp.estimators._class_weight import class_factors, row_weights
from skdeepnlp.estimators._parameters import sequence_estimator
from skdeepnlp.estimators._samples import Given
from skdeepnlp.estimators._shared_parameters import CLASSIFIER, REGRESSOR
from skdeepnlp.estimators._targets import (
    TargetEncoding,
    TargetScaling,
    check_labels,
    check_numbers,
)

_ATTRIBUTES = """\
n_features_in_ : int
    Width of the ids seen in fit; for token sequences the maximum length.
feature_names_in_ : ndarray of shape (n_features_in_,)
    Names of the columns, if `X` was a frame with columns that all have names.
vocabulary_ : Vocabulary or None
    The tokens of the ids; None if the ids did not carry it.
vocabulary_size_ : int
    Number of ids known, padding and unknown included: `vocabulary_size`, that of the vocabulary,
    or one more than the largest id in `fit`. The embedding may have up to an eighth
    more rows, on JAX up to twice as many.
history_ : dict of str to list of float
    One entry an epoch: "loss" and "score" of the training samples, as computed in training, with
    dropout; "val_loss" and "val_score" of the validation set, if there is one. "score" is the
    {score}; "val_score" is what `scoring` names, or the same. What `callbacks`
    add to the logs of an epoch is here too. All are of the network alone, without the linear model
    of `linear_ngrams`. With `mixup` the first two are of mixed texts and do not show overfitting:
    compare ``score`` on the training samples with that on others.
n_iter_ : int
    Number of epochs trained.
best_iteration_ : int
    Index into the lists of `history_` of the epoch whose weights were kept; -1 if a callback
    restored weights without a `best_epoch`.
model_ : keras.Model
    A standalone, compiled Keras model of the network alone, from ids to predictions.

See Also
--------
skdeepnlp.make_text_pipeline : From raw text to predictions in one pipeline.
skdeepnlp.text.SequencePadder : Makes the ids that this estimator takes.

Notes
-----
Padding ids are dropped wherever they stand; a text without any token is read as a single
unknown token. A fitted estimator holds plain arrays: its pickle is about as large as its
weights, and a network is built when it has to predict."""

_CLASSES = """\
Attributes
----------
classes_ : ndarray of shape (n_classes,)
    The labels, sorted; for several labels a row, the names of the columns of `y` if it was a
    frame, else their numbers.
n_classes_ : int
    Number of classes.
"""


@sequence_estimator(CLASSIFIER)
class BaseSequenceClassifier(BaseSequenceEstimator, KerasClassifier):
    """Base of the classifiers over token ids. Not for direct use."""

    _docstring_parts: ClassVar[dict[str, str]] = {
        "attributes and notes": _CLASSES + _ATTRIBUTES.format(score="accuracy")
    }
    score = ClassifierMixin.score

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Continue training for one epoch on these samples.

        No validation set is held out, and the last weights are kept.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids, of the vocabulary seen first.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Labels.
        classes : array-like of shape (n_classes,), default=None
            All labels that will come; None takes those of the first `y`. Later calls ignore it.
        sample_weight : array-like of shape (n_samples,), default=None
            Relative weight of each row.

        Returns
        -------
        self : estimator
            The fitted classifier.
        """
        self._partial_fit(Given(X, y, sample_weight), classes)
        return self

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes), dtype float32
            In the order of `classes_`; rows sum to 1, unless rows may have several labels.
        """
        logits = self._logits(X)
        return self._targets.probabilities(logits)

    def predict(self, X):
        """Return the most probable class of each text.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        labels : ndarray of shape (n_samples,) or (n_samples, n_labels)
            Of the type seen in fit; where rows may have several labels, 0 and 1.
        """
        probabilities = self.predict_proba(X)
        return self._targets.decode(probabilities)

    def predict_log_proba(self, X):
        """Return the logarithm of the probability of each class.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        log_probabilities : ndarray of shape (n_samples, n_classes), dtype float32
            In the order of `classes_`.
        """
        with np.errstate(divide="ignore"):  # a probability of 0 in 32 bits
            return np.log(self.predict_proba(X))

    @property
    def _stratified_classes(self) -> np.ndarray:
        return self.classes_

    def _check_targets(self, y: Any, name: str = "y") -> np.ndarray:
        return check_labels(y, self, name)

    def _read_targets(
        self, given: Given, classes: Any, reset: bool, one_chunk: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Return targets, weights of the rows or of each label of a row, and class weights."""
        labels = self._check_targets(given.y)
        if reset:
            self._targets = TargetEncoding.fit(labels, self, classes, given.y)
            self.classes_ = self._targets.classes
            self.n_classes_ = len(self.classes_)
        targets = self._targets.encode(labels)
        factors = class_factors(self.class_weight, targets, self._targets)
        weights = row_weights(given.sample_weight, factors, targets)
        if not one_chunk:
            self._check_two_classes(targets, weights)
        return targets, weights, factors

    def _check_two_classes(self, targets: np.ndarray, weights: np.ndarray) -> None:
        """Raise if the rows that have a weight are all of one class."""
        weighted = targets[weights > 0]
        if not self._targets.multi_label and len(np.unique(weighted)) < 2:
            label = shorten(self.classes_[int(weighted.flat[0])])
            raise ValueError(
                f"{type(self).__name__} needs rows of at least two classes with a weight above "
                f"zero; got one class only: {label}. Look at sample_weight and class_weight."
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        # scikit-learn's checks score classifiers on rounded blobs, which are no texts
        tags.classifier_tags = ClassifierTags(multi_label=True, poor_score=True)
        return tags


@sequence_estimator(REGRESSOR)
class BaseSequenceRegressor(BaseSequenceEstimator, KerasRegressor):
    """Base of the regressors over token ids. Not for direct use."""

    _docstring_parts: ClassVar[dict[str, str]] = {
        "attributes and notes": "Attributes\n----------\n"
        + _ATTRIBUTES.format(score="coefficient of determination (R2)")
    }
    score = RegressorMixin.score
    _stratified_classes: ClassVar[None] = None

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y, sample_weight=None):
        """Continue training for one epoch on these samples.

        No validation set is held out, and the last weights are kept. Targets are scaled by the
        mean and standard deviation of the first call.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids, of the vocabulary seen first.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Numbers.
        sample_weight : array-like of shape (n_samples,), default=None
            Relative weight of each row.

        Returns
        -------
        self : estimator
            The fitted regressor.
        """
        self._partial_fit(Given(X, y, sample_weight))
        return self

    def predict(self, X):
        """Return the number, or the numbers, predicted for each text.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        numbers : ndarray of shape (n_samples,) or (n_samples, n_outputs), dtype float64
            In the units of `y`.
        """
        logits = self._logits(X)
        return self._targets.decode(logits)

    def _check_targets(self, y: Any, name: str = "y") -> np.ndarray:
        return check_numbers(y, self, name)

    def _read_targets(
        self, given: Given, classes: Any, reset: bool, one_chunk: bool
    ) -> tuple[np.ndarray, np.ndarray, None]:
        """Return scaled targets, weights of the rows, and no class weights."""
        numbers = self._check_targets(given.y)
        weights = row_weights(given.sample_weight, None, numbers.reshape(len(numbers), -1)[:, :1])
        if reset:
            self._targets = TargetScaling.fit(numbers, weights)
        return self._targets.encode(numbers), weights, None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        # scikit-learn's checks score regressors on rounded numbers, which are no texts
        tags.regressor_tags = RegressorTags(poor_score=True)
        tags.target_tags.multi_output = True
        return tags
