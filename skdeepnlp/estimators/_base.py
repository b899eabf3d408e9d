"""The base of every estimator over token ids: it reads data, makes a plan, fits and stores."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import keras
import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import TransformerTags
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._progress import CallbackSupportMixin, EpochTasks, begin_fit
from skdeepnlp._ragged import RaggedIds
from skdeepnlp._seeds import derive_seed, integer_seed
from skdeepnlp._sklearn import _fit_context
from skdeepnlp._warnings import warn_user
from skdeepnlp.estimators._combinations import (
    check_by_chunks,
    check_combinations,
    check_resume,
    must_refit,
    resume_signature,
)
from skdeepnlp.estimators._fit import (
    FitData,
    FitPlan,
    FitResult,
    fit_network,
    fresh_state,
)
from skdeepnlp.estimators._fitted_network import (
    embedding_lookup,
    mapped_ids,
    standalone_model,
)
from skdeepnlp.estimators._input_validation import check_arguments_of_fit, read_ids
from skdeepnlp.estimators._parameters import Parameter, sequence_estimator
from skdeepnlp.estimators._planning import plan_fit, schedule_of
from skdeepnlp.estimators._samples import (
    Given,
    hold_out,
    joined_histories,
    validation_samples,
    weighted_texts,
)
from skdeepnlp.estimators._shared_parameters import SHARED
from skdeepnlp.exceptions import TrainingInterruptedWarning, UnknownTokensWarning
from skdeepnlp.training import (
    EpochLines,
    TrainingState,
    user_callbacks,
)

_MANY_SAMPLES = 5000  # from here on those that early stopping holds out are not missed
_MOST = 0.5  # share of the tokens


@sequence_estimator(SHARED)
class BaseSequenceEstimator(
    CallbackSupportMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin
):
    """Base of the classifiers and regressors over token ids. Not for direct use.

    A family names its encoder and its parameters; a kind of target (classes, numbers) says how
    targets are read. Everything else is done here.
    """

    if TYPE_CHECKING:  # the parameters

        def __getattr__(self, name: str) -> Any: ...

    _parameter_table: ClassVar[dict[str, Parameter]]
    _docstring_parts: ClassVar[dict[str, str]] = {}
    _encoder: ClassVar[Callable[..., Any]]
    _is_custom: ClassVar[bool] = False

    # X_val and y_val go to fit without a set_fit_request, where metadata routing is on
    __metadata_request__fit = {"X_val": True, "y_val": True}
    # scikeras reads parameter names from __dict__ and routes by prefix; scikit-learn's own way
    # makes clone, set_params and repr work on the explicit signature.
    _get_param_names: ClassVar[Any] = classmethod(BaseEstimator._get_param_names.__func__)  # type: ignore[attr-defined]
    set_params = BaseEstimator.set_params
    __repr__ = BaseEstimator.__repr__

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None, X_val=None, y_val=None, **unexpected):
        """Fit to texts with their targets.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids: 0 padding, 1 unknown, 2 and up words. Lists, also an object array, a Series
            or an Arrow column of lists or arrays, may be of any lengths.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Classifiers take labels of any type, or an indicator matrix of 0 and 1 for several
            labels a row; regressors take numbers.
        sample_weight : array-like of shape (n_samples,) or (n_samples, n_labels), default=None
            Relative weight of each row, or of each label of a row; rows of weight 0 are left out.
        X_val : like X, default=None
            The validation set, in place of a part of `X`. Give it through a pipeline by
            ``Pipeline(..., transform_input=["X_val"])`` with metadata routing enabled.
        y_val : like y, default=None
            Its targets; no label may be new.
        **unexpected : dict
            Nothing else is taken: what Keras' own fit takes, such as `epochs` or `validation_data`,
            raises an error that says what to do.

        Returns
        -------
        self : estimator
            The fitted estimator.

        Raises
        ------
        TypeError
            If `X` is text or a dataset of TensorFlow, or there are further arguments.
        ValueError
            If ids, targets or weights are not what is expected; nothing is trained then, and the
            estimator stays as it was.
        KeyboardInterrupt
            At Ctrl-C before the first epoch is finished, or in a search or cross-validation. Else
            the epochs finished until then are kept, and a `TrainingInterruptedWarning` says so.
        """
        check_arguments_of_fit(self, X, unexpected)
        continues = self.warm_start and self.__sklearn_is_fitted__()
        self._fit(Given(X, y, sample_weight, X_val, y_val), self.epochs, continues)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_until(self, n_epochs, X, y, sample_weight=None, X_val=None, y_val=None):
        """Train to a number of epochs; called again with more, resume as if never stopped.

        Weights, optimizer, seeds and early stopping are resumed exactly where the last call left
        them, so that ``fit_until(2, ...)`` and then ``fit_until(6, ...)`` give what
        ``fit_until(6, ...)`` gives. Keras callbacks start again with each call. `epochs` only sets
        the horizon of `learning_rate_schedule` and `warmup`.

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
            The fitted estimator. It holds the state of its training until the next `fit`.

        Raises
        ------
        TypeError, ValueError
            As for `fit`; if `n_epochs` is not a positive integer, or exceeds `epochs` when a
            schedule is set; and if a parameter other than `callbacks`, `verbose` and, without a
            schedule, `epochs` was changed since the last call, or `X_val` is given in some calls
            alone.
        KeyboardInterrupt
            At Ctrl-C; the estimator stays as it was before the call.
        """
        paused, before = self.__dict__.get("_paused", (None, None))
        now = resume_signature(self, X_val)
        check_resume(n_epochs, now, before)
        epochs = max(0, n_epochs - (paused.n_epochs if paused else 0))
        given = Given(X, y, sample_weight, X_val, y_val)
        state = self._fit(given, epochs, paused is not None, paused, in_parts=True)
        self._paused = state, now
        return self

    def _partial_fit(self, given: Given, classes: Any = None) -> None:
        """Train for one epoch on these samples."""
        check_by_chunks(self)
        context = begin_fit(self, 1)
        with _restored_on_error(self):
            continues = self.__sklearn_is_fitted__()
            data = self._read(given, classes, reset=not continues, one_chunk=True)
            seed = self._seed_of(continues)
            plan = plan_fit(self, data, 1, seed, one_chunk=True)
            self._by_chunks = True
            self._run(plan, data, self._start(plan, continues, seed), given, context)

    def _check_by_chunks(self) -> None:
        """Raise if parameters contradict one another, or one requires all samples at once."""
        self._check_parameters()
        check_by_chunks(self)

    @_fit_context(prefer_skip_nested_validation=True)
    def initialize(self, X, y):
        """Read the data and draw the initial weights; no network is trained.

        Parameters
        ----------
        X : PaddedIds, TokenSequences, lists of int, or array-like of shape (n_samples, max_length)
            Token ids.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Targets.

        Returns
        -------
        self : estimator
            The estimator, able to predict with its random weights.
        """
        context = begin_fit(self, 0)
        with _restored_on_error(self):
            given = Given(X, y)
            data = self._read(given, reset=True)
            seed, self._by_chunks = self._seed_of(False), False
            plan = plan_fit(self, data, 0, seed)
            self._run(plan, data, self._start(plan, False, seed), given, context)
        return self

    def transform(self, X):
        """Return the features that the last layer of the network takes.

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
        return self._fitted.features(read_ids(self, X, reset=False))

    def _logits(self, X: Any) -> np.ndarray:
        """Return the logits of texts, averaged with those of the linear model if there is one."""
        check_is_fitted(self)
        sequences = read_ids(self, X, reset=False)
        logits = self._fitted.logits(sequences)
        return logits if self._vote is None else self._vote.logits(sequences, logits)

    @property
    def _n_features_out(self) -> int:
        return self._fitted.n_features

    @property
    def model_(self) -> keras.Model:
        """A standalone, compiled `keras.Model` that maps ids to predictions.

        It starts from the fitted weights; training it further does not change the estimator, and
        leaves out `l1`, `l2`, `max_norm`, `label_smoothing`, `mixup`, `r_drop`,
        `adversarial_epsilon`, `ema_decay`, `weight_decay`, `clipvalue` and schedules, which belong
        to the training of the estimator. The linear model of `linear_ngrams` is no part of it, nor
        is the scaling of the targets of a regressor. Give it ids padded at the end of the text.
        """
        check_is_fitted(self)
        if self.__dict__.get("_live_model") is None:
            n_known = None if self._ids_are_settled else self.vocabulary_size_
            options = (self.learning_rate, self.clipnorm, n_known)
            self._live_model = standalone_model(self._fitted, *options)
        return self._live_model

    @property
    def initialized_(self) -> bool:
        """Whether the estimator can predict."""
        return self.__sklearn_is_fitted__()

    def _fit(
        self,
        given: Given,
        epochs: int,
        continues: bool,
        paused: TrainingState | None = None,
        in_parts: bool = False,
    ) -> TrainingState:
        """Read the data, hold out a validation set if none is given, and train."""
        if must_refit(self.refit_on_all) and given.X_val is not None:
            raise ValueError(
                "Got X_val with refit_on_all=True, which trains again on the samples that early "
                "stopping held out; expected one of them. Give the rows of X_val within X."
            )
        context = begin_fit(self, epochs)
        with _restored_on_error(self):
            data = self._read(given, reset=not continues)
            seed, self._by_chunks = paused.seed if paused else self._seed_of(continues), False
            if data.validation is None and self.early_stopping:
                split_seed, classes = derive_seed(seed, "split"), self._stratified_classes
                data = hold_out(data, classes, self.validation_fraction, split_seed)
            plan = plan_fit(self, data, epochs, seed)
            start = paused or self._start(plan, continues, seed)
            result = self._run(plan, data, start, given, context)
            if result.interrupted and (in_parts or _in_cross_validation()):
                raise KeyboardInterrupt
            if not in_parts and not result.interrupted and self._refits(given, data):
                result = self._refit(plan, data, result)
        if result.interrupted:
            warn_user(
                f"Training was interrupted; the {self.n_iter_} epochs finished until then are "
                "kept.",
                TrainingInterruptedWarning,
            )
        return result.state

    def _refits(self, given: Given, data: FitData) -> bool:
        """Whether to train on all samples in the end; "auto" does where they are few."""
        if self.refit_on_all != "auto":
            return bool(self.refit_on_all)
        follows_loss = self.learning_rate_schedule == "plateau"
        holds_out = self.early_stopping and given.X_val is None
        continues = self.warm_start or self.callbacks or follows_loss
        return holds_out and not continues and len(data.all_samples.weights) < _MANY_SAMPLES

    def _refit(self, plan: FitPlan, data: FitData, first: FitResult) -> FitResult:
        """Train again on all samples for the best number of epochs; the history stays."""
        n_epochs, history = self.best_iteration_ + 1, self.history_
        start, everything = fresh_state(plan.network, first.state.seed), data.merged()
        schedule = schedule_of(self, everything, plan.settings.batch_size)
        try:
            result = self._fit_network(plan.for_epochs(n_epochs, schedule), everything, start)
        except KeyboardInterrupt:
            if _in_cross_validation():
                raise
            return replace(first, interrupted=True)
        if result.interrupted:
            return replace(first, interrupted=True)
        result = replace(result, vote=first.vote, validation_loss=first.validation_loss)
        self.__dict__.update(self._attributes_of(result))
        self.__dict__.update(history_=history, best_iteration_=n_epochs - 1)
        return result

    def _read(
        self, given: Given, classes: Any = None, *, reset: bool, one_chunk: bool = False
    ) -> FitData:
        """Check the data; on `reset` number the labels and take the vocabulary.

        Targets come first: most mistakes are there, and they cost nothing to find. One chunk of
        many may hold a single class. No validation set is held out yet.
        """
        self._check_parameters()
        targets, weights, factors = self._read_targets(given, classes, reset, one_chunk)
        sequences = read_ids(self, given.X, reset=reset, one_chunk=one_chunk)
        given_weights = given.sample_weight
        texts = weighted_texts(sequences, targets, weights, given_weights, rescale=not one_chunk)
        if reset:
            n_ids, min_df = self.vocabulary_size_, int(self.embedding_min_df)
            self._embedding_ids = embedding_lookup(texts.sequences, n_ids, min_df)
            self._warn_of_rare_tokens(texts.sequences)
        validation = validation_samples(self, given, factors, texts)
        return FitData(texts, texts, validation)

    def _warn_of_rare_tokens(self, sequences: RaggedIds) -> None:
        """Warn if `embedding_min_df` makes most of the training tokens unknown to the network."""
        unknown = mapped_ids(sequences, self._embedding_ids).ids == UNKNOWN_ID
        if self._embedding_ids is not None and unknown.mean() > _MOST:
            warn_user(
                f"{unknown.mean():.0%} of the tokens in X occur in fewer than embedding_min_df="
                f"{self.embedding_min_df} texts, and are unknown to the network. For scripts "
                "without spaces set analyzer='char' (or your own tokenizer as analyzer) of the "
                "TextTokenizer; else lower embedding_min_df.",
                UnknownTokensWarning,
            )

    def _check_parameters(self) -> None:
        """Raise if parameters contradict one another; families add what they require."""
        check_combinations(self)

    def _seed_of(self, continues: bool) -> int:
        """Return the seed of a training: a new one, or that of the training it continues."""
        return self._seed if continues else integer_seed(self.random_state)

    def _start(self, plan: FitPlan, continues: bool, seed: int) -> TrainingState:
        """Return where training starts: at new random weights, or where it ended last time."""
        if not continues:
            return fresh_state(plan.network, seed)
        resized = self.vocabulary_size not in (None, self.vocabulary_size_)
        if resized or plan.network.shape != self._fitted.network.shape:
            raise ValueError(
                "Parameters that shape the network were changed after fit, so training cannot "
                "continue from its weights. Set warm_start=False, or clone the estimator first."
            )
        state = self._training_state or TrainingState(self._fitted.weights, seed, self.n_iter_)
        same = self._fitted.training == plan.training
        return state if same else state.with_new_optimizer()

    def _run(
        self, plan: FitPlan, data: FitData, start: TrainingState, given: Given, context: Any
    ) -> FitResult:
        """Fit by a plan, and store the result."""
        observer = None
        if context is not None:
            observer = EpochTasks(self, context, given.X, given.y, self._attributes_of)
        self.__dict__.pop("_paused", None)  # it is in the state, and no copy shall resume there
        result = self._fit_network(plan, data, start, observer)
        self.__dict__.update(self._attributes_of(result))
        if observer is not None:
            observer.on_fit_end()
        return result

    def _fit_network(
        self, plan: FitPlan, data: FitData, start: TrainingState, observer: Any = None
    ) -> FitResult:
        """Fit by a plan, with the callbacks of the user and the lines of `verbose`."""
        callbacks = user_callbacks(self.callbacks)
        private = bool(callbacks)
        if self.verbose:
            last = start.n_epochs + plan.settings.epochs
            callbacks.append(EpochLines(start.n_epochs_before, last))
        return fit_network(plan, data, start, callbacks, observer, private=private)

    def _attributes_of(self, result: FitResult) -> dict[str, Any]:
        """Return the fitted attributes that a result stands for."""
        state = result.state
        earlier: dict[str, list[float]] = self.history_ if state.n_epochs_before else {}
        n_before = len(earlier.get("loss", ()))
        return {
            "_fitted": result.fitted,
            "_vote": result.vote,
            "_validation_loss": result.validation_loss,
            "_live_model": None,
            "_training_state": state.for_another_run(),
            "_seed": state.seed,
            "history_": joined_histories(earlier, state.history),
            "n_iter_": state.n_epochs,
            "best_iteration_": -1 if state.best_epoch < 0 else n_before + state.best_epoch,
        }

    def __sklearn_is_fitted__(self) -> bool:
        return "_fitted" in self.__dict__

    def __sklearn_tags__(self):
        # not super(): scikeras' mixins stand in an order that loses the tags of the kind
        tags = BaseEstimator.__sklearn_tags__(self)
        tags.transformer_tags = TransformerTags(preserves_dtype=[])
        tags.target_tags.required = True
        tags.input_tags.categorical = True
        tags.input_tags.positive_only = True
        return tags

    def __getstate__(self):
        """Leave out what can be built again, and the optimizer unless training may continue."""
        state = dict(super().__getstate__())
        if "_fitted" in state:
            state["_live_model"] = None
            if not self.warm_start and not self._by_chunks:
                state["_training_state"] = None
        return state


@contextmanager
def _restored_on_error(estimator: Any) -> Iterator[None]:
    """Give the estimator its attributes back if the block raises."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


def _in_cross_validation() -> bool:
    """Whether a search or a cross-validation of scikit-learn fits the estimator."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in ("_fit_and_score", "_fit_and_predict"):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
