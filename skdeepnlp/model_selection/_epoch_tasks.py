"""One task of a search over epochs: train a candidate on a fold further, and score it."""

import time
from dataclasses import dataclass
from traceback import format_exc
from typing import Any

import numpy as np
from sklearn.model_selection._validation import _score

from skdeepnlp.model_selection._prepared_folds import PreparedFold, Rows

__all__ = ["Outcome", "ScoringRules", "train_further"]


@dataclass(frozen=True, eq=False)
class ScoringRules:
    """How candidates are scored.

    Parameters
    ----------
    scorer : callable
        ``scorer(classifier, X, y) -> float``.
    return_train_score : bool
        Whether to score the training rows too.
    error_score : float or "raise"
        Score of a candidate that fails; "raise" passes the error on.
    promote_by : {"loss", "score"}
        What decides which candidates go on; "loss" needs rows that every one of them watches.
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
        Where training stands; None if it failed.
    scores : dict
        As scikit-learn's searches collect them.
    merit : float
        The more, the sooner the candidate goes on; nan if it failed.
    """

    classifier: Any
    scores: dict[str, Any]
    merit: float = np.nan


def train_further(
    classifier: Any, fold: PreparedFold | str, n_epochs: int, rules: ScoringRules
) -> Outcome:
    """Train a classifier on a fold until it has `n_epochs`, and score it.

    Parameters
    ----------
    classifier : classifier
        A new one, or one that was trained on this fold before.
    fold : PreparedFold or str
        The rows; or, if the steps before the classifier failed, their traceback.
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
    merit = _merit(classifier) if rules.promote_by == "loss" else scores["test_scores"]
    return Outcome(classifier, scores, merit)


def _merit(classifier: Any) -> float:
    """Return the validation loss of what is kept, negated; nan before the end of an epoch."""
    return -classifier._validation_loss


def _failure(rules: ScoringRules) -> dict[str, Any]:
    """Return the scores of a classifier that failed."""
    sides = ("test_scores", "train_scores") if rules.return_train_score else ("test_scores",)
    return {"score_time": 0.0, **dict.fromkeys(sides, rules.error_score)}


def _scores(classifier: Any, fold: PreparedFold, rules: ScoringRules) -> dict[str, Any]:
    """Return the scores of both sides, and the seconds that those of the test rows took."""
    begun = time.perf_counter()
    scores = {"test_scores": _score_of(classifier, fold.test, rules)}
    scores["score_time"] = time.perf_counter() - begun
    if rules.return_train_score:
        scores["train_scores"] = _score_of(classifier, fold.train, rules)
    return scores


def _score_of(classifier: Any, rows: Rows, rules: ScoringRules) -> float:
    score_params = dict(rows.score_params)
    score = _score(classifier, rows.X, rows.y, rules.scorer, score_params, rules.error_score)
    if isinstance(score, dict):
        raise ValueError(
            f"Got the scores {score} from scoring; expected one number. Return the one to search "
            "by, or take GridSearchCV for several."
        )
    return score
