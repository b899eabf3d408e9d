"""A search over epochs under way: folds prepared, candidates trained further, the weak let go."""

import pickle
from dataclasses import replace
from typing import Any

import joblib
import numpy as np
from joblib import delayed
from sklearn.base import clone

from skdeepnlp.model_selection._candidates import check_goes_on
from skdeepnlp.model_selection._epoch_tasks import ScoringRules, train_further
from skdeepnlp.model_selection._prepared_folds import (
    Rows,
    classifier_of,
    classifier_prefix,
    try_to_prepare,
)
from skdeepnlp.model_selection._steady_parallel import results_of_groups

__all__ = ["HalvingRun"]


class HalvingRun:
    """Candidates and folds of one search, and how far each candidate has been trained.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        What is searched.
    candidates : list of dict
        Parameters of each candidate.
    rows : Rows
        All rows.
    splits : list of (ndarray of int, ndarray of int)
        Training and test rows of each fold.
    rules : ScoringRules
        How to score.
    n_jobs : int or None
        How many processes to use.
    n_epochs : int
        Epochs of the last iteration, which schedules of the learning rate go by.
    """

    def __init__(
        self,
        estimator: Any,
        candidates: list[dict[str, Any]],
        rows: Rows,
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
            check_goes_on(candidate)
            classifier_of(candidate).set_params(epochs=n_epochs)
        watches = _all_watch(self._estimators, rows)
        self.rules = rules if watches else replace(rules, promote_by="score")
        self._settings = [_setting(estimator, parameters) for parameters in candidates]
        self._classifiers: dict[int, list[Any]] = {}
        self._folds = self._prepare(rows)

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
        merits: dict[int, float] = {}
        for number, of_candidate in zip(chosen, outcomes, strict=True):
            scores += [outcome.scores for outcome in of_candidate]
            merits[number] = float(np.mean([outcome.merit for outcome in of_candidate]))
            self._classifiers[number] = [outcome.classifier for outcome in of_candidate]
            self._forget_all_but(best := _best(merits, n_kept), merits)
        return scores, best

    def _prepare(self, rows: Rows) -> dict[tuple[str, int], Any]:
        """Run the steps before the classifier once for each setting of theirs and each fold."""
        firsts = {setting: number for number, setting in reversed([*enumerate(self._settings)])}

        def task(setting: str, fold: int) -> Any:
            estimator, error_score = self._estimators[firsts[setting]], self.rules.error_score
            return delayed(try_to_prepare)(estimator, rows, *self.splits[fold], error_score)

        prepared = results_of_groups(list(firsts), task, len(self.splits), self.n_jobs)
        folds = zip(firsts, prepared, strict=True)
        return {(setting, n): fold for setting, each in folds for n, fold in enumerate(each)}

    def _start(self, number: int, fold: int) -> Any:
        """Return a classifier as far as it was trained on a fold; a new one where it failed."""
        so_far = self._classifiers.get(number)
        trained = so_far[fold] if so_far else None
        return trained or clone(classifier_of(self._estimators[number]))

    def _forget_all_but(self, best: list[int], merits: dict[int, float]) -> None:
        for number in set(merits) - set(best):
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


def _all_watch(candidates: list[Any], rows: Rows) -> bool:
    """Whether each candidate watches rows, so that their losses can be compared."""
    given = rows.fit_params.items()
    if any(name.split("__")[-1] == "X_val" and value is not None for name, value in given):
        return True
    return all(classifier_of(candidate).early_stopping for candidate in candidates)


def _best(merits: dict[int, float], n_kept: int) -> list[int]:
    """Return the numbers of the best candidates, the best first; those that failed come last."""
    sure = {number: np.nan_to_num(merit, nan=-np.inf) for number, merit in merits.items()}
    return sorted(sure, key=lambda number: (-sure[number], number))[:n_kept]
