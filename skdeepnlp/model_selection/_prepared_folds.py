"""The steps before the classifier, run once for each fold and each setting of theirs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from traceback import format_exc
from typing import Any

from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.validation import _check_method_params

__all__ = ["PreparedFold", "Rows", "classifier_of", "classifier_prefix", "try_to_prepare"]


@dataclass(frozen=True, eq=False)
class Rows:
    """Texts, labels and what else goes with each row.

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
    train, test : Rows
        Ids in place of texts.
    seconds : float
        How long it took.
    """

    train: Rows
    test: Rows
    seconds: float


class _Receiver(BaseEstimator):
    """Stands in for the classifier at the end of a pipeline and keeps what it is given."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> "_Receiver":
        """Keep the arguments."""
        self.received_ = X, y, fit_params
        return self

    def get_metadata_routing(self) -> Any:
        """Ask for the metadata that the classifier asks for."""
        return self.classifier.get_metadata_routing()


def classifier_of(estimator: Any) -> Any:
    """Return the classifier: the estimator itself, or the last step of its pipelines."""
    while isinstance(estimator, Pipeline):
        estimator = estimator.steps[-1][1]
    return estimator


def classifier_prefix(estimator: Any) -> str:
    """Return what the names of the classifier's parameters begin with in a search."""
    prefix = ""
    while isinstance(estimator, Pipeline):
        name, estimator = estimator.steps[-1]
        prefix += f"{name}__"
    return prefix


def try_to_prepare(
    estimator: Any, rows: Rows, train: Any, test: Any, error_score: Any
) -> "PreparedFold | str":
    """Fit the steps before the classifier on the training rows, and transform all rows.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        Its parameters are set; it is not changed.
    rows : Rows
        All rows.
    train, test : ndarray of int
        Row numbers.
    error_score : float or "raise"
        "raise" passes an error on.

    Returns
    -------
    fold : PreparedFold or str
        The traceback if a step failed.
    """
    try:
        return _prepare(estimator, rows, train, test)
    except Exception:
        if error_score == "raise":
            raise
        return format_exc()


def _prepare(estimator: Any, rows: Rows, train: Any, test: Any) -> PreparedFold:
    begun = time.perf_counter()
    X_train, y_train = _safe_split(estimator, rows.X, rows.y, train)
    X_test, y_test = _safe_split(estimator, rows.X, rows.y, test, train)
    fit_params = _check_method_params(rows.X, rows.fit_params, train)
    if isinstance(estimator, Pipeline):
        receiver = _Receiver(classifier_of(estimator))
        pipeline = _ending_in(receiver, clone(estimator))
        pipeline.fit(X_train, y_train, **fit_params)
        X_train, y_train, fit_params = receiver.received_
        X_test = _transformed(pipeline, X_test)
    score_params = [_check_method_params(rows.X, rows.score_params, part) for part in (train, test)]
    return PreparedFold(
        Rows(X_train, y_train, fit_params, score_params[0]),
        Rows(X_test, y_test, {}, score_params[1]),
        time.perf_counter() - begun,
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
