"""The base of every classifier: where scikit-learn meets Keras, with scikeras' traps cured."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import keras
from scikeras.wrappers import KerasClassifier
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils import ClassifierTags
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._progress import CallbackSupportMixin
from skdeepnlp._seeds import derive_seed, integer_seed
from skdeepnlp.classifiers._fitted import FittedNetwork, borrow_network, fresh_weights, live_model
from skdeepnlp.classifiers._input import read_ids
from skdeepnlp.classifiers._keeping import (
    joined_histories,
    plain_value,
    rounded_rows,
    unchanged_on_error,
)
from skdeepnlp.classifiers._labelled import (
    read_validation,
    require_two_classes,
    split_labelled,
    weighted_texts,
)
from skdeepnlp.classifiers._leftovers import WithoutLeftovers
from skdeepnlp.classifiers._observers import (
    EpochLines,
    ScikitLearnCallbacks,
    begin_fit,
    user_callbacks,
)
from skdeepnlp.classifiers._parameters import SharedParameters
from skdeepnlp.classifiers._targets import TargetEncoding, check_labels
from skdeepnlp.classifiers._weighting import class_factors, row_weights
from skdeepnlp.exceptions import TrainingInterruptedWarning
from skdeepnlp.networks import NetworkSpec
from skdeepnlp.training import (
    LabelledTexts,
    NetworkWeights,
    TrainingResult,
    TrainingSettings,
    TrainingSpec,
    TrainingState,
    predict_logits,
    train,
)

__all__ = ["BaseSequenceClassifier"]


@dataclass(kw_only=True, eq=False, repr=False)
class BaseSequenceClassifier(
    SharedParameters, WithoutLeftovers, CallbackSupportMixin, KerasClassifier
):
    """Base of the classifiers over token ids. Not for direct use.

    A subclass is a dataclass that adds its parameters as fields, names its encoder and says which
    parameters the encoder takes. Everything else is done here.
    """

    _encoder: ClassVar[Callable[..., Any]]
    _encoder_parameters: ClassVar[tuple[str, ...]] = ()
    # X_val and y_val go to fit without a set_fit_request, where metadata routing is on
    __metadata_request__fit = {"X_val": True, "y_val": True}
    # scikeras reads parameter names from __dict__ and routes by prefix; scikit-learn's own way
    # makes clone, set_params and repr work on the explicit signature.
    _get_param_names: ClassVar[Any] = classmethod(BaseEstimator._get_param_names.__func__)  # type: ignore[attr-defined]
    set_params = BaseEstimator.set_params
    __repr__ = BaseEstimator.__repr__
    score = ClassifierMixin.score

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, X_val=None, y_val=None):
        """Learn from labelled texts.

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
            Token ids: 0 padding, 1 unknown, 2 and up words.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Labels of any type; or, for several labels a row, an indicator matrix of 0 and 1.
        sample_weight : array-like of shape (n_samples,), default=None
            Relative weight of each row; rows of weight 0 are left out.
        X_val : like X, default=None
            Texts to watch in place of a part of `X`. Give them through a pipeline by
            ``Pipeline(..., transform_input=["X_val"])`` with metadata routing enabled.
        y_val : like y, default=None
            Labels of `X_val`; no label may be new.

        Returns
        -------
        self : estimator
            The fitted classifier.

        Raises
        ------
        TypeError
            If `X` is text.
        ValueError
            If ids, labels or weights are not what is expected; nothing is trained then, and the
            classifier stays as it was.
        """
        context = begin_fit(self, self.epochs)
        with unchanged_on_error(self):
            continues = self.warm_start and self.__sklearn_is_fitted__()
            texts = self._read(X, y, sample_weight, reset=not continues)
            watched = read_validation(self, X_val, y_val, self._targets, self._class_factors)
            state = self._start(continues)
            if watched is None and self.early_stopping:
                seed = derive_seed(state.seed, "split")
                fraction = self.validation_fraction
                texts, watched = split_labelled(texts, self._targets, fraction, seed)
            self._train(texts, watched, state, self.epochs, context, {"X": X, "y": y})
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Go on training for one epoch on these rows.

        Nothing is set aside for early stopping, and the last weights are kept.

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
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
        if isinstance(self.class_weight, str):
            raise ValueError(
                "class_weight='balanced' cannot be computed from one chunk; expected a dict, such "
                "as compute_class_weight of scikit-learn gives from all labels."
            )
        context = begin_fit(self, 1)
        with unchanged_on_error(self):
            continues = self.__sklearn_is_fitted__()
            texts = self._read(X, y, sample_weight, classes, reset=not continues, one_chunk=True)
            self._train(texts, None, self._start(continues), 1, context, {"X": X, "y": y})
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def initialize(self, X, y):
        """Learn the labels and draw the initial weights, without any training.

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
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
            self._train(texts, None, self._start(False), 0, context, {"X": X, "y": y})
        return self

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes), dtype float32
            In the order of `classes_`; rows sum to 1, unless rows may have several labels.
        """
        check_is_fitted(self)
        sequences = read_ids(self, X, reset=False)
        fitted = self._fitted
        with borrow_network(fitted.network, fitted.training) as compiled:
            compiled.load(fitted.weights)
            logits = predict_logits(compiled, sequences)
        return self._targets.probabilities(logits)

    def predict(self, X):
        """Return the most probable class of each text.

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        labels : ndarray of shape (n_samples,) or (n_samples, n_labels)
            Of the type seen in fit; where rows may have several labels, 0 and 1.
        """
        return self._targets_after_check().decode(self.predict_proba(X))

    @property
    def model_(self) -> keras.Model:
        """A live Keras model of one's own: ids in, probabilities out, compiled.

        It starts from what was learnt; training it further does not change the classifier, and
        leaves out the penalties `l1` and `l2`, which belong to the classifier's training. Give it
        ids padded behind the text.
        """
        check_is_fitted(self)
        if self.__dict__.get("_live_model") is None:
            self._live_model = live_model(self._fitted, self.learning_rate, self.clipnorm)
        return self._live_model

    @property
    def initialized_(self) -> bool:
        """Whether the classifier can predict."""
        return self.__sklearn_is_fitted__()

    def _read(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        classes: Any = None,
        *,
        reset: bool = True,
        one_chunk: bool = False,
    ) -> LabelledTexts:
        """Check and encode the data; on `reset` learn the labels and the vocabulary.

        The labels come first: most slips are there, and they cost nothing to find. One chunk of
        many may hold a single class.
        """
        labels = check_labels(y, self)
        if reset:
            self._targets = TargetEncoding.learn(labels, self, classes)
            self.classes_ = self._targets.classes
            self.n_classes_ = len(self.classes_)
        targets = self._targets.encode(labels)
        self._class_factors = class_factors(self.class_weight, targets, self._targets)
        weights = row_weights(sample_weight, self._class_factors, targets)
        if not one_chunk:
            require_two_classes(self, targets, weights, self._targets)
        sequences = read_ids(self, X, reset=reset)
        return weighted_texts(sequences, targets, weights, rescale=not one_chunk)

    def _start(self, continues: bool) -> TrainingState:
        """Return where training starts: at fresh weights, or where it ended last time."""
        spec = self._network_spec()
        if not continues:
            seed = integer_seed(self.random_state)
            return TrainingState(fresh_weights(spec, derive_seed(seed, "weights")), seed)
        if spec.shape != self._fitted.network.shape:
            raise ValueError(
                "Parameters that shape the network were changed after fit, so training cannot go "
                "on from its weights. Set warm_start=False, or clone the classifier first."
            )
        state = self._training_state or TrainingState(
            self._fitted.weights, self._seed, self.n_iter_
        )
        if self._fitted.training != self._training_spec():
            state = state.with_new_optimizer()
        fresh = fresh_weights(spec, state.seed)
        return state.with_weights(state.weights.with_strengths_of(fresh))

    def _train(
        self,
        texts: LabelledTexts,
        watched: LabelledTexts | None,
        state: TrainingState,
        epochs: int,
        context: Any,
        data: dict[str, Any],
    ) -> None:
        """Train from a state and keep what was learnt."""
        network, training = self._network_spec(), self._training_spec()
        patience = self.n_iter_no_change if self.early_stopping else None
        settings = TrainingSettings(
            self.learning_rate, self.clipnorm, self.batch_size, epochs, patience
        )
        with borrow_network(network, training) as compiled:

            def attributes_now() -> dict[str, Any]:
                weights = NetworkWeights.of(compiled.network)
                return {"_fitted": FittedNetwork(network, training, weights)}

            observers = user_callbacks(self.callbacks)
            if self.verbose:
                observers.append(EpochLines(state.n_epochs, state.n_epochs + epochs))
            if context is not None:
                context.call_on_fit_task_begin(estimator=self, **data)
                observers.append(ScikitLearnCallbacks(self, context, data, attributes_now))
            result = train(compiled, texts, watched, settings, state, observers)
        fitted = FittedNetwork(network, training, result.state.kept_weights)
        self._keep(result, fitted)
        if context is not None:
            context.call_on_fit_task_end(estimator=self, **data)

    def _keep(self, result: TrainingResult, fitted: FittedNetwork) -> None:
        """Store what was learnt."""
        state, n_before = result.state, result.state.n_epochs_before
        self._fitted, self._live_model = fitted, None
        self._training_state, self._seed = state.for_another_run(), state.seed
        earlier: dict[str, list[float]] = self.history_ if n_before else {}
        self.history_: dict[str, list[float]] = joined_histories(earlier, state.history)
        self.n_iter_ = state.n_epochs
        self.best_iteration_ = -1 if state.best_epoch < 0 else n_before + state.best_epoch
        if result.interrupted:
            warnings.warn(
                f"Training was interrupted in epoch {self.n_iter_ + 1}; what was learnt until "
                "then is kept.",
                TrainingInterruptedWarning,
                stacklevel=4,
            )

    def _network_spec(self) -> NetworkSpec:
        """Return the numbers of the network, as plain Python values."""
        names = ("embedding_dim", "dropout", "embedding_dropout", "l1", "l2")
        return NetworkSpec(
            encoder=type(self)._encoder,
            encoder_options=tuple(
                (name, plain_value(getattr(self, name)))
                for name in sorted(self._encoder_parameters)
            ),
            vocabulary_size=rounded_rows(self.vocabulary_size_),
            n_outputs=self._targets.n_outputs,
            **{name: plain_value(getattr(self, name)) for name in names},
        )

    def _training_spec(self) -> TrainingSpec:
        """Return what a training step depends on."""
        clips = self.clipnorm is not None
        return TrainingSpec(self._targets.activation, str(self.optimizer), clips)

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
        tags.target_tags.required = True
        tags.input_tags.categorical = True
        tags.input_tags.positive_only = True
        return tags

    def __getstate__(self):
        """Leave out what can be built again, and the optimizer unless training may go on."""
        state = dict(super().__getstate__())
        if "_fitted" in state:
            state["_live_model"] = None
            if not self.warm_start:
                state["_training_state"] = None
        return state
