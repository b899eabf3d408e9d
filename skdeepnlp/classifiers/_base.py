"""The base of every classifier: where scikit-learn meets Keras, with scikeras' traps cured."""

from dataclasses import dataclass
from typing import Any, ClassVar

import keras
import numpy as np
from scikeras.wrappers import KerasClassifier
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import ClassifierTags, TransformerTags
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._progress import CallbackSupportMixin, begin_fit
from skdeepnlp.classifiers._fit_arguments import check_arguments_of_fit
from skdeepnlp.classifiers._fitted import borrow_fitted, live_model
from skdeepnlp.classifiers._in_parts import check_by_chunks, check_in_parts, settled
from skdeepnlp.classifiers._input import read_ids
from skdeepnlp.classifiers._keeping import unchanged_on_error
from skdeepnlp.classifiers._labelled import TrainingData
from skdeepnlp.classifiers._leftovers import WithoutLeftovers
from skdeepnlp.classifiers._targets import TargetEncoding
from skdeepnlp.classifiers._training import TrainsNetworks
from skdeepnlp.training import predict_features, predict_logits

__all__ = ["BaseSequenceClassifier"]


@dataclass(kw_only=True, eq=False, repr=False)
class BaseSequenceClassifier(
    TrainsNetworks,
    WithoutLeftovers,
    CallbackSupportMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    KerasClassifier,
):
    """Base of the classifiers over token ids. Not for direct use.

    A subclass is a dataclass that adds its parameters as fields, names its encoder and says which
    parameters the encoder takes. Everything else is done here.
    """

    # X_val and y_val go to fit without a set_fit_request, where metadata routing is on
    __metadata_request__fit = {"X_val": True, "y_val": True}
    # scikeras reads parameter names from __dict__ and routes by prefix; scikit-learn's own way
    # makes clone, set_params and repr work on the explicit signature.
    _get_param_names: ClassVar[Any] = classmethod(BaseEstimator._get_param_names.__func__)  # type: ignore[attr-defined]
    set_params = BaseEstimator.set_params
    __repr__ = BaseEstimator.__repr__
    score = ClassifierMixin.score

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None, X_val=None, y_val=None, **unexpected):
        """Fit to labeled texts.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids: 0 padding, 1 unknown, 2 and up words. Lists, also an object array, a Series
            or an Arrow column of lists or arrays, may be of any lengths.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Labels of any type; or, for several labels a row, an indicator matrix of 0 and 1.
        sample_weight : array-like of shape (n_samples,) or (n_samples, n_labels), default=None
            Relative weight of each row, or of each label of a row; rows of weight 0 are left out.
        X_val : like X, default=None
            Texts to watch in place of a part of `X`. Give them through a pipeline by
            ``Pipeline(..., transform_input=["X_val"])`` with metadata routing enabled.
        y_val : like y, default=None
            Labels of `X_val`; no label may be new.
        **unexpected : dict
            Nothing else is taken: what Keras' own fit takes, such as `epochs` or `validation_data`,
            raises an error that says what to do.

        Returns
        -------
        self : estimator
            The fitted classifier.

        Raises
        ------
        TypeError
            If `X` is text or a dataset of TensorFlow, or there are further arguments.
        ValueError
            If ids, labels or weights are not what is expected; nothing is trained then, and the
            classifier stays as it was.
        """
        check_arguments_of_fit(self, X, unexpected)
        continues = self.warm_start and self.__sklearn_is_fitted__()
        data = {"X": X, "y": y, "sample_weight": sample_weight, "X_val": X_val, "y_val": y_val}
        self._fit(data, self.epochs, continues)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_until(self, n_epochs, X, y, sample_weight=None, X_val=None, y_val=None):
        """Train to a number of epochs; called again with more, go on as if never stopped.

        Weights, optimizer, seeds and early stopping are taken up exactly where the last call left
        them, so that ``fit_until(2, ...)`` and then ``fit_until(6, ...)`` give what
        ``fit_until(6, ...)`` gives. Keras callbacks begin anew with each call. `epochs` has no
        effect but that a `learning_rate_schedule` and `warmup` go by it.

        Parameters
        ----------
        n_epochs : int
            How many epochs to have trained in all, unless early stopping ends training before.
            Fewer than were trained already train none.
        X, y, sample_weight, X_val, y_val
            As for `fit`, the same in each call.

        Returns
        -------
        self : estimator
            The fitted classifier. It holds the state of its training until the next `fit`.

        Raises
        ------
        TypeError, ValueError
            As for `fit`; if `n_epochs` is no number from 1 up, or is above `epochs` where the
            learning rate goes by those; and if a parameter other than `callbacks`, `verbose` and,
            where no schedule goes by it, `epochs` was changed since the last call, or `X_val` is
            given in some calls alone.
        """
        data = {"X": X, "y": y, "sample_weight": sample_weight, "X_val": X_val, "y_val": y_val}
        paused, before = self.__dict__.get("_paused", (None, None))
        now = settled(self, X_val)
        check_in_parts(n_epochs, now, before)
        epochs = n_epochs - (paused.n_epochs if paused else 0)
        paused = self._fit(data, max(0, epochs), paused is not None, paused, in_parts=True)
        self._paused = paused, now
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Go on training for one epoch on these rows.

        Nothing is set aside for early stopping, and the last weights are kept.

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
        check_by_chunks(self)
        context = begin_fit(self, 1)
        with unchanged_on_error(self):
            continues = self.__sklearn_is_fitted__()
            texts = self._read(X, y, sample_weight, classes, reset=not continues, one_chunk=True)
            rows, state = TrainingData(texts, None, texts), self._start(continues)
            self._train(rows, state, 1, context, {"X": X, "y": y})
            self._say_if_interrupted()
        return self

    def _check_by_chunks(self) -> None:
        """Raise if options contradict one another, or one asks for all rows at once."""
        self._check_parameters()
        check_by_chunks(self)

    @_fit_context(prefer_skip_nested_validation=True)
    def initialize(self, X, y):
        """Learn the labels and draw the initial weights; no network is trained.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Labels.

        Returns
        -------
        self : estimator
            The classifier, able to predict with its random weights.
        """
        context = begin_fit(self, 0)
        with unchanged_on_error(self):
            texts = self._read(X, y, None)
            rows, state = TrainingData(texts, None, texts), self._start(False)
            self._train(rows, state, 0, context, {"X": X, "y": y})
            self._say_if_interrupted()
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
        check_is_fitted(self)
        sequences = read_ids(self, X, reset=False)
        with borrow_fitted(self._fitted) as compiled:
            logits = predict_logits(compiled, self._network_ids(sequences))
        if self._vote is not None:
            logits = self._vote.logits(sequences, logits)
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
        return self._targets_after_check().decode(self.predict_proba(X))

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

    def transform(self, X):
        """Return the features that the last layer of the network classifies by.

        The pooled outputs of the encoder, without dropout; the linear model of `linear_ngrams` has
        no part in them.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        features : ndarray of shape (n_samples, n_features_out), dtype float32
            A vector for each text.
        """
        check_is_fitted(self)
        sequences = read_ids(self, X, reset=False)
        with borrow_fitted(self._fitted) as compiled:
            return predict_features(compiled, self._network_ids(sequences))

    @property
    def _n_features_out(self) -> int:
        with borrow_fitted(self._fitted) as compiled:
            return int(compiled.network.get_layer("logits").kernel.shape[0])

    @property
    def model_(self) -> keras.Model:
        """A live Keras model of one's own: ids in, probabilities out, compiled.

        It starts from what was learnt; training it further does not change the classifier, and
        leaves out `l1`, `l2`, `max_norm`, `label_smoothing`, `mixup`, `r_drop`,
        `adversarial_epsilon`, `ema_decay`, `weight_decay`, `clipvalue` and schedules, which belong
        to the classifier's training. The linear model of `linear_ngrams` is no part of it. Give it
        ids padded at the end of the text.
        """
        check_is_fitted(self)
        if self.__dict__.get("_live_model") is None:
            fitted, lookup = self._fitted, self._embedding_ids
            self._live_model = live_model(fitted, self.learning_rate, self.clipnorm, lookup)
        return self._live_model

    @property
    def initialized_(self) -> bool:
        """Whether the classifier can predict."""
        return self.__sklearn_is_fitted__()

    def _targets_after_check(self) -> TargetEncoding:
        check_is_fitted(self)
        return self._targets

    def __sklearn_is_fitted__(self) -> bool:
        return "_fitted" in self.__dict__

    def __sklearn_tags__(self):
        # not super(): scikeras' mixins stand in an order that loses the classifier's tags
        tags = BaseEstimator.__sklearn_tags__(self)
        tags.estimator_type = "classifier"
        # scikit-learn's checks score classifiers on rounded blobs, which are no texts
        tags.classifier_tags = ClassifierTags(multi_label=True, poor_score=True)
        tags.transformer_tags = TransformerTags(preserves_dtype=[])
        tags.target_tags.required = True
        tags.input_tags.categorical = True
        tags.input_tags.positive_only = True
        return tags

    def __getstate__(self):
        """Leave out what can be built again, and the optimizer unless training may go on."""
        state = dict(super().__getstate__())
        if "_fitted" in state:
            state["_live_model"] = None
            if not self.warm_start and not self._by_chunks:
                state["_training_state"] = None
        return state
