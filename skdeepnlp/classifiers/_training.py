"""How a classifier trains: data read, rows set aside, a network borrowed, what it learnt kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from skdeepnlp._interrupts import interrupted_again
from skdeepnlp._progress import begin_fit
from skdeepnlp._seeds import derive_seed, integer_seed
from skdeepnlp._warnings import warn_user
from skdeepnlp.classifiers._contradictions import check_combinations, must_refit
from skdeepnlp.classifiers._encoder_failures import try_shortest
from skdeepnlp.classifiers._fitted import FittedNetwork, borrow_network, fresh_weights
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
from skdeepnlp.classifiers._linear_part import LearnsLinearModel, with_linear
from skdeepnlp.classifiers._observers import (
    EpochLines,
    ScikitLearnCallbacks,
    user_callbacks,
)
from skdeepnlp.classifiers._scoring import tried_scorer
from skdeepnlp.classifiers._targets import TargetEncoding, check_labels
from skdeepnlp.classifiers._weighting import class_factors, row_weights
from skdeepnlp.exceptions import TrainingInterruptedWarning
from skdeepnlp.networks import NetworkSpec, build_network
from skdeepnlp.training import (
    ADJUSTABLE,
    LabelledTexts,
    Schedule,
    TrainingResult,
    TrainingSettings,
    TrainingSpec,
    TrainingState,
    train,
)

__all__ = ["TrainsNetworks"]


_OF_NETWORK = (
    "adversarial_epsilon",
    "dropout",
    "embedding_dim",
    "embedding_dropout",
    "l1",
    "l2",
    "label_smoothing",
    "linear_ngrams",
    "linear_share",
    "mixup",
    "r_drop",
    "word_dropout",
)


_LEAST_ROWS, _MOST_ROWS = 8, 32  # of a batch
_MANY_ROWS = 5000  # from here on those that early stopping sets aside are not missed
_MIN_STEPS = 300
_STEPS_OF_AN_EPOCH = 25  # at least, unless batches are of the least rows


class TrainsNetworks(LearnsLinearModel):
    """Mixin of the classifiers: what their public methods have in common, behind the door."""

    _encoder: ClassVar[Callable[..., Any]]
    _encoder_parameters: ClassVar[tuple[str, ...]] = ()
    best_iteration_: int
    history_: dict[str, list[float]]
    n_iter_: int
    _by_chunks: bool
    _n_rows: int
    _fitted: FittedNetwork
    _interrupted: bool
    _paused: tuple[TrainingState, dict[str, Any]]
    _seed: int
    _training_state: TrainingState | None

    def _fit(
        self,
        data: dict[str, Any],
        epochs: int,
        continues: bool,
        paused: TrainingState | None = None,
        in_parts: bool = False,
    ) -> TrainingState:
        """Check the data, set rows aside for early stopping if none are given, and train."""
        X, y, sample_weight, X_val, y_val = data.values()
        if must_refit(self.refit_on_all) and X_val is not None:
            raise ValueError(
                "Got X_val with refit_on_all=True, which trains anew on the rows that early "
                "stopping set aside; expected one of them. Give the rows of X_val within X."
            )
        context = begin_fit(self, epochs)
        with unchanged_on_error(self):
            texts = self._read(X, y, sample_weight, reset=not continues)
            watched = read_validation(self, X_val, y_val, self._targets, self._class_factors)
            state = paused or self._start(continues)
            everything = texts
            if watched is None and self.early_stopping:
                seed = derive_seed(state.seed, "split")
                fraction = self.validation_fraction
                texts, watched = split_labelled(texts, self._targets, fraction, seed)
            refits = not in_parts and self._refits(X_val)
            at_last = texts if refits else everything
            result = self._train(texts, watched, at_last, state, epochs, context, {"X": X, "y": y})
            if refits and not self._interrupted:
                self._refit(everything, state.seed)
            else:
                self._say_if_interrupted()
            return result.state

    def _refits(self, X_val: Any) -> bool:
        """Whether to train on all rows in the end; "auto" does where they are few."""
        if self.refit_on_all != "auto":
            return bool(self.refit_on_all)
        follows_loss = self.learning_rate_schedule == "plateau"
        sets_aside = self.early_stopping and X_val is None
        goes_on = self.warm_start or self.callbacks or follows_loss
        return sets_aside and not goes_on and self._n_rows < _MANY_ROWS

    def _refit(self, texts: LabelledTexts, seed: int) -> None:
        """Train anew on all rows for as many epochs as were best, and keep the history of those."""
        first, n_epochs = dict(vars(self)), self.best_iteration_ + 1
        try:
            state = self._fresh_state(seed)
            interrupted = self._train(texts, None, texts, state, n_epochs, None, {}).broken_off
        except KeyboardInterrupt:  # outside of an epoch
            if interrupted_again():
                raise
            interrupted = True
        self.history_, self.best_iteration_ = first["history_"], n_epochs - 1
        if interrupted:
            vars(self).update(first, _interrupted=True)
            warn_user(
                "Training anew on all rows was interrupted; what was learnt before is kept.",
                TrainingInterruptedWarning,
            )
        else:
            self._say_if_interrupted()

    def _say_if_interrupted(self) -> None:
        if self._interrupted:
            warn_user(
                f"Training was interrupted with {self.n_iter_} of its epochs finished; what was "
                "learnt until then is kept.",
                TrainingInterruptedWarning,
            )

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
        self._check_parameters()
        self._by_chunks = one_chunk
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
        sequences = read_ids(self, X, reset=reset, one_chunk=one_chunk)
        self._n_rows = int(np.count_nonzero(weights))
        return weighted_texts(sequences, targets, weights, rescale=not one_chunk)

    def _check_parameters(self) -> None:
        """Raise if parameters contradict one another; families add what they ask for."""
        check_combinations(self)

    def _fresh_state(self, seed: int) -> TrainingState:
        """Return where training starts by a seed, at weights drawn anew."""
        return TrainingState(
            fresh_weights(self._network_spec(), derive_seed(seed, "weights")), seed
        )

    def _start(self, continues: bool) -> TrainingState:
        """Return where training starts: at fresh weights, or where it ended last time."""
        spec = self._network_spec()
        if not continues:
            return self._fresh_state(integer_seed(self.random_state))
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
        if spec == self._fitted.network:  # as from chunk to chunk
            return state
        fresh = build_network(spec, seed=state.seed)
        return state.with_weights(state.weights.with_strengths_of(fresh))

    def _train(
        self,
        texts: LabelledTexts,
        watched: LabelledTexts | None,
        everything: LabelledTexts,
        state: TrainingState,
        epochs: int,
        context: Any,
        data: dict[str, Any],
    ) -> TrainingResult:
        """Train from a state and keep what was learnt; the linear model, at last, of everything."""
        network, training = self._network_spec(), self._training_spec()
        numbers = {name: getattr(self, name) for name in ("learning_rate", *training.adjustable)}
        settings = TrainingSettings(
            numbers,
            self._rows_of_a_batch(),
            epochs,
            patience=self.n_iter_no_change if self.early_stopping else None,
            min_steps=self._first_steps(),
            by_score=self.scoring != "loss",
            schedule=self._schedule(texts, watched) if epochs else None,
            # layers of the user's may have no answer to rows of padding alone
            own_layers=not network.is_custom,
        )
        with borrow_network(network, training) as compiled:
            if network.is_custom:
                try_shortest(compiled, texts, watched)
            if self.linear_ngrams:
                linear = self._linear_model(texts, state.seed)
                state = state.with_weights(with_linear(linear, state.weights, compiled))
            if watched is not None and self.scoring not in ("loss", None):
                scorer = tried_scorer(self, compiled, watched, state.weights)
                settings = replace(settings, scorer=scorer)

            def attributes_at(now: TrainingState) -> dict[str, Any]:
                return self._learnt(now, FittedNetwork(network, training, now.kept_weights))

            callbacks = user_callbacks(self.callbacks)
            if self.verbose:
                callbacks.append(EpochLines(state.n_epochs_before, state.n_epochs + epochs))
            observer = None
            if context is not None:
                observer = ScikitLearnCallbacks(self, context, data, attributes_at)
            self.__dict__.pop("_paused", None)  # it is in the state, and no copy shall go on there
            result = train(compiled, texts, watched, settings, state, callbacks, observer)
            kept = result.state.kept_weights
            if self.linear_ngrams and everything is not texts:
                linear = self._linear_model_at_last(everything, state.seed, linear)
                kept = with_linear(linear, kept, compiled)
        fitted = FittedNetwork(network, training, kept)
        vars(self).update(self._learnt(result.state, fitted, result.interrupted))
        if observer is not None and observer.on_train_end():
            self._interrupted = True
        return result

    def _learnt(
        self, state: TrainingState, fitted: FittedNetwork, interrupted: bool = False
    ) -> dict[str, Any]:
        """Return what is to be stored of a training that stands at a state."""
        n_before = state.n_epochs_before
        earlier: dict[str, list[float]] = self.history_ if n_before else {}
        return {
            "_fitted": fitted,
            "_live_model": None,
            "_training_state": state.for_another_run(),
            "_seed": state.seed,
            "_interrupted": interrupted,
            "history_": joined_histories(earlier, state.history),
            "n_iter_": state.n_epochs,
            "best_iteration_": -1 if state.best_epoch < 0 else n_before + state.best_epoch,
        }

    def _network_spec(self) -> NetworkSpec:
        """Return the numbers of the network, as plain Python values."""
        return NetworkSpec(
            encoder=type(self)._encoder,
            encoder_options=tuple(
                (name, plain_value(getattr(self, name)))
                for name in sorted(self._encoder_parameters)
            ),
            vocabulary_size=rounded_rows(self.vocabulary_size_),
            n_outputs=self._targets.n_outputs,
            **{name: plain_value(getattr(self, name)) for name in _OF_NETWORK},
        )

    def _training_spec(self) -> TrainingSpec:
        """Return what a training step depends on."""
        adjustable = tuple(name for name in ADJUSTABLE if getattr(self, name) is not None)
        return TrainingSpec(self._targets.activation, str(self.optimizer), adjustable)

    def _schedule(self, texts: LabelledTexts, watched: LabelledTexts | None) -> Schedule | None:
        """Return how the learning rate goes, None if it stays."""
        if self.learning_rate_schedule is None and not self.warmup:
            return None
        if self.learning_rate_schedule == "plateau" and watched is None:
            raise ValueError(
                "learning_rate_schedule='plateau' goes by the loss of rows that are watched; "
                "expected early_stopping=True, or X_val and y_val."
            )
        n_steps = -(-len(texts.weights) // self._rows_of_a_batch())
        return Schedule(self.learning_rate_schedule, self.warmup, self.epochs * n_steps)

    def _rows_of_a_batch(self) -> int:
        """Return the batch size; "auto" keeps 32 from chunk to chunk."""
        if not isinstance(self.batch_size, str):
            return self.batch_size
        return _MOST_ROWS if self._by_chunks else automatic_batch_size(self._n_rows)

    def _first_steps(self) -> int:
        """Return from which training step on an epoch may be the best one."""
        if not isinstance(self.min_steps, str):
            return self.min_steps
        # beside a linear model the loss falls for as long as the network helps
        return 0 if self.linear_ngrams else _MIN_STEPS


def automatic_batch_size(n_rows: int) -> int:
    """Return the batch size for so many training rows: 8, 16 or 32.

    What few rows can teach takes as many steps as with more of them; smaller batches are steps
    that cost less. 300 rows in batches of 8 had the accuracy that batches of 32 had after as many
    steps, in less time and with a smaller loss.

    Examples
    --------
    >>> from skdeepnlp.classifiers._training import automatic_batch_size
    >>> [automatic_batch_size(n_rows) for n_rows in (60, 270, 500, 900, 100_000)]
    [8, 8, 16, 32, 32]
    """
    n_rows_of_a_step = max(1, n_rows // _STEPS_OF_AN_EPOCH)
    return min(_MOST_ROWS, max(_LEAST_ROWS, 1 << (n_rows_of_a_step.bit_length() - 1)))
