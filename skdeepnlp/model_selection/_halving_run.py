"""One search over epochs: prepare its folds, then train and score candidates in iterations."""

import pickle
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from traceback import format_exc
from typing import Any

import joblib
import numpy as np
from joblib import delayed
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from skdeepnlp._sklearn import _check_method_params, _safe_split, _score
from skdeepnlp.model_selection._halving_plan import (
    check_can_resume,
    classifier_of,
    classifier_prefix,
)
from skdeepnlp.model_selection._resilient_parallel import results_of_groups


@dataclass(frozen=True, eq=False)
class Samples:
    """Texts, labels and the metadata of each sample.

    Parameters
    ----------
    X, y : array-like of shape (n_samples, ...)
        Texts and labels.
    fit_params, score_params : dict
        Metadata for fit and for the scorer.
    """

    X: Any
    y: Any
    fit_params: Mapping[str, Any]
    score_params: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class PreparedFold:
    """What a classifier gets of one fold, with the steps before it done.

    Parameters
    ----------
    train, test : Samples
        Ids in place of texts.
    """

    train: Samples
    test: Samples


class _Receiver(BaseEstimator):
    """Stands in for the classifier at the end of a pipeline and keeps what it is given."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> "_Receiver":
        """Keep the arguments."""
        self.received_ = X, y, fit_params
        return self

    def get_metadata_routing(self) -> Any:
        """Request the metadata that the classifier requests."""
        return self.classifier.get_metadata_routing()


def try_to_prepare(
    estimator: Any, samples: Samples, train: Any, test: Any, error_score: Any
) -> PreparedFold | str:
    """Fit the steps before the classifier on the training samples, and transform all samples.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        Its parameters are set; it is not changed.
    samples : Samples
        All samples.
    train, test : ndarray of int
        Positions of samples.
    error_score : float or "raise"
        "raise" passes an error on.

    Returns
    -------
    fold : PreparedFold or str
        The traceback if a step failed.
    """
    try:
        return _prepare(estimator, samples, train, test)
    except Exception:
        if error_score == "raise":
            raise
        return format_exc()


def _prepare(estimator: Any, samples: Samples, train: Any, test: Any) -> PreparedFold:
    X_train, y_train = _safe_split(estimator, samples.X, samples.y, train)
    X_test, y_test = _safe_split(estimator, samples.X, samples.y, test, train)
    fit_params = _check_method_params(samples.X, samples.fit_params, train)
    if isinstance(estimator, Pipeline):
        receiver = _Receiver(classifier_of(estimator))
        pipeline = _ending_in(receiver, clone(estimator))
        pipeline.fit(X_train, y_train, **fit_params)
        X_train, y_train, fit_params = receiver.received_
        X_test = _transformed(pipeline, X_test)
    score_params = [
        _check_method_params(samples.X, samples.score_params, part) for part in (train, test)
    ]
    return PreparedFold(
        Samples(X_train, y_train, fit_params, score_params[0]),
        Samples(X_test, y_test, {}, score_params[1]),
    )


def _ending_in(receiver: _Receiver, pipeline: Pipeline) -> Pipeline:
    """Put the receiver into the place of the classifier."""
    innermost = pipeline
    while isinstance(innermost.steps[-1][1], Pipeline):
        innermost = innermost.steps[-1][1]
    innermost.steps[-1] = (innermost.steps[-1][0], receiver)
    return pipeline


def _transformed(pipeline: Any, X: Any) -> Any:
    """Send data through all steps but the last one, of the pipelines within too."""
    while isinstance(pipeline, Pipeline):
        X = pipeline[:-1].transform(X) if len(pipeline) > 1 else X
        pipeline = pipeline.steps[-1][1]
    return X


@dataclass(frozen=True, eq=False)
class ScoringRules:
    """How candidates are scored.

    Parameters
    ----------
    scorer : callable
        ``scorer(classifier, X, y) -> float``.
    return_train_score : bool
        Whether to score the training samples too.
    error_score : float or "raise"
        Score of a candidate that fails; "raise" passes the error on.
    promote_by : {"loss", "score"}
        What candidates are ranked by; "loss" requires a validation set of every one of them.
    """

    scorer: Any
    return_train_score: bool
    error_score: Any
    promote_by: str = "loss"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a task returns.

    Parameters
    ----------
    classifier : classifier or None
        As far as it is trained; None if it failed.
    scores : dict
        As scikit-learn's searches collect them.
    ranking_score : float
        Candidates with the largest one continue; nan if it failed.
    """

    classifier: Any
    scores: dict[str, Any]
    ranking_score: float = np.nan


def train_further(
    classifier: Any, fold: PreparedFold | str, n_epochs: int, rules: ScoringRules
) -> Outcome:
    """Train a classifier on a fold until it has `n_epochs`, and score it.

    Parameters
    ----------
    classifier : classifier
        A new one, or one that was trained on this fold before.
    fold : PreparedFold or str
        The samples; or, if the steps before the classifier failed, their traceback.
    n_epochs : int
        Epochs in all.
    rules : ScoringRules
        How to score.

    Returns
    -------
    outcome : Outcome
    """
    if isinstance(fold, str):
        return Outcome(None, {**_failure(rules), "fit_error": fold, "fit_time": 0.0})
    begun = time.perf_counter()
    try:
        classifier.fit_until(n_epochs, fold.train.X, fold.train.y, **fold.train.fit_params)
    except Exception:
        if rules.error_score == "raise":
            raise
        fit_time = time.perf_counter() - begun
        return Outcome(None, {**_failure(rules), "fit_error": format_exc(), "fit_time": fit_time})
    fit_time = time.perf_counter() - begun
    scores = {**_scores(classifier, fold, rules), "fit_error": None, "fit_time": fit_time}
    ranking_score = (
        _ranking_score(classifier) if rules.promote_by == "loss" else scores["test_scores"]
    )
    return Outcome(classifier, scores, ranking_score)


def _ranking_score(classifier: Any) -> float:
    """Return the validation loss of what is kept, negated; nan before the end of an epoch."""
    return -classifier._validation_loss


def _failure(rules: ScoringRules) -> dict[str, Any]:
    """Return the scores of a classifier that failed."""
    sides = ("test_scores", "train_scores") if rules.return_train_score else ("test_scores",)
    return {"score_time": 0.0, **dict.fromkeys(sides, rules.error_score)}


def _scores(classifier: Any, fold: PreparedFold, rules: ScoringRules) -> dict[str, Any]:
    """Return the scores of both sides, and the seconds that those of the test samples took."""
    begun = time.perf_counter()
    scores = {"test_scores": _score_of(classifier, fold.test, rules)}
    scores["score_time"] = time.perf_counter() - begun
    if rules.return_train_score:
        scores["train_scores"] = _score_of(classifier, fold.train, rules)
    return scores


def _score_of(classifier: Any, samples: Samples, rules: ScoringRules) -> float:
    score_params = dict(samples.score_params)
    score = _score(classifier, samples.X, samples.y, rules.scorer, score_params, rules.error_score)
    if isinstance(score, dict):
        raise ValueError(
            f"Got the scores {score} from scoring; expected one number. Return the one to search "
            "by, or take GridSearchCV for several."
        )
    return score


class HalvingRun:
    """Candidates and folds of one search, and how far each candidate has been trained.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        What is searched.
    candidates : list of dict
        Parameters of each candidate.
    samples : Samples
        All samples.
    splits : list of (ndarray of int, ndarray of int)
        Training and test samples of each fold.
    rules : ScoringRules
        How to score.
    n_jobs : int or None
        How many processes to use.
    n_epochs : int
        Epochs of the last iteration, which schedules of the learning rate use.
    """

    def __init__(
        self,
        estimator: Any,
        candidates: list[dict[str, Any]],
        samples: Samples,
        splits: list[tuple[np.ndarray, np.ndarray]],
        rules: ScoringRules,
        n_jobs: int | None,
        n_epochs: int,
    ) -> None:
        self.splits, self.n_jobs = splits, n_jobs
        self._estimators = [
            clone(estimator).set_params(**clone(parameters, safe=False))
            for parameters in candidates
        ]
        for candidate in self._estimators:
            check_can_resume(candidate)
            classifier_of(candidate).set_params(epochs=n_epochs)
        comparable = _all_validate(self._estimators, samples)
        self.rules = rules if comparable else replace(rules, promote_by="score")
        self._settings = [_setting(estimator, parameters) for parameters in candidates]
        self._classifiers: dict[int, list[Any]] = {}
        self._folds = self._prepare(samples)

    def train(self, chosen: list[int], n_epochs: int, n_kept: int) -> tuple[list[dict], list[int]]:
        """Train candidates until they have `n_epochs`, and keep the best of them.

        Parameters
        ----------
        chosen : list of int
            Numbers of the candidates.
        n_epochs : int
            Epochs in all.
        n_kept : int
            How many stay; the others are forgotten as soon as they cannot be among them.

        Returns
        -------
        scores : list of dict
            As scikit-learn's searches collect them, the folds of a candidate together.
        kept : list of int
            Numbers of the candidates that stay, the best first.
        """

        def task(number: int, fold: int) -> Any:
            prepared = self._folds[self._settings[number], fold]
            return delayed(train_further)(self._start(number, fold), prepared, n_epochs, self.rules)

        outcomes = results_of_groups(chosen, task, len(self.splits), self.n_jobs)
        scores: list[dict] = []
        ranking_scores: dict[int, float] = {}
        for number, of_candidate in zip(chosen, outcomes, strict=True):
            scores += [outcome.scores for outcome in of_candidate]
            ranking_scores[number] = float(
                np.mean([outcome.ranking_score for outcome in of_candidate])
            )
            self._classifiers[number] = [outcome.classifier for outcome in of_candidate]
            self._forget_all_but(best := _best(ranking_scores, n_kept), ranking_scores)
        return scores, best

    def _prepare(self, samples: Samples) -> dict[tuple[str, int], Any]:
        """Run the steps before the classifier once for each setting of theirs and each fold."""
        firsts = {setting: number for number, setting in reversed([*enumerate(self._settings)])}

        def task(setting: str, fold: int) -> Any:
            estimator, error_score = self._estimators[firsts[setting]], self.rules.error_score
            return delayed(try_to_prepare)(estimator, samples, *self.splits[fold], error_score)

        prepared = results_of_groups(list(firsts), task, len(self.splits), self.n_jobs)
        folds = zip(firsts, prepared, strict=True)
        return {(setting, n): fold for setting, each in folds for n, fold in enumerate(each)}

    def _start(self, number: int, fold: int) -> Any:
        """Return a classifier as far as it was trained on a fold; a new one where it failed."""
        so_far = self._classifiers.get(number)
        trained = so_far[fold] if so_far else None
        return trained or clone(classifier_of(self._estimators[number]))

    def _forget_all_but(self, best: list[int], ranking_scores: dict[int, float]) -> None:
        for number in set(ranking_scores) - set(best):
            self._classifiers.pop(number, None)


def _setting(estimator: Any, parameters: dict[str, Any]) -> str:
    """Return a name for the parameters of the steps before the classifier."""
    prefix = classifier_prefix(estimator)
    own = {
        name: value
        for name, value in parameters.items()
        if prefix and not f"{name}__".startswith(prefix)
    }
    try:
        return joblib.hash(sorted(own.items(), key=lambda item: item[0]))
    except (pickle.PicklingError, AttributeError, TypeError):  # a lambda, or what holds one
        return repr(sorted((name, id(value)) for name, value in own.items()))


def _all_validate(candidates: list[Any], samples: Samples) -> bool:
    """Whether each candidate has a validation set, so that their losses can be compared."""
    given = samples.fit_params.items()
    if any(name.split("__")[-1] == "X_val" and value is not None for name, value in given):
        return True
    return all(classifier_of(candidate).early_stopping for candidate in candidates)


def _best(scores: dict[int, float], n_kept: int) -> list[int]:
    """Return the numbers of the best candidates, the best first; those that failed come last."""
    finite = {number: np.nan_to_num(score, nan=-np.inf) for number, score in scores.items()}
    return sorted(finite, key=lambda number: (-finite[number], number))[:n_kept]
