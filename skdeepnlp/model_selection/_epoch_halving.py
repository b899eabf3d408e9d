"""Successive halving over epochs that resumes the training of the survivors."""

import time
from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.metrics import get_scorer_names
from sklearn.model_selection import check_cv
from sklearn.utils import indexable

from skdeepnlp._progress import begin_fit, task
from skdeepnlp._sklearn import (
    BaseSearchCV,
    Interval,
    StrOptions,
    _check_method_params,
    _fit_context,
    _warn_or_raise_about_fit_failures,
)
from skdeepnlp.model_selection._halving_plan import (
    HalvingSchedule,
    check_can_resume,
    draw_candidates,
)
from skdeepnlp.model_selection._halving_run import (
    HalvingRun,
    Samples,
    ScoringRules,
    classifier_of,
    classifier_prefix,
)

_COUNT = Interval(Integral, 1, None, closed="left")


class EpochHalvingSearchCV(BaseSearchCV):
    """Search by successive halving, with epochs as the resource, that never trains an epoch twice.

    All candidates are trained for a few epochs; the best third of them goes on for three times as
    many, and so on. Survivors go on from their weights, optimizer, seeds and early
    stopping, so that scores equal those of training without a break, and a search
    costs a fraction of one that trains every candidate to the end. The steps before the classifier
    run once for each fold and each setting of their parameters.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        A classifier of `skdeepnlp.classifiers`, or a pipeline from texts to one.
    param_distributions : dict or list of dict
        Names of parameters, and for each a list of values or, where `n_candidates` is a number, a
        distribution with a method ``rvs``. The number of epochs is not searched: it is the
        resource.
    n_candidates : int or "all", default="all"
        How many candidates to draw; "all" takes every combination of the lists.
    factor : int, default=3
        Each iteration keeps one candidate in `factor`, and trains it `factor` times as long.
    min_epochs : int or "exhaust", default="exhaust"
        Epochs of the first iteration; "exhaust" takes as many as let the last iteration train
        for about `max_epochs`.
    max_epochs : int or "auto", default="auto"
        Epochs of no iteration are more; "auto" takes `epochs` of the classifier.
    promote_by : {"loss", "score"}, default="loss"
        What candidates are ranked by: the smallest validation loss so far, or the score. After few
        epochs accuracies often are those of chance, where losses already differ. If a candidate
        has no validation set, as without `early_stopping`, the score is used in any case. Take
        "score" where `class_weight` is searched, which changes the loss. The best candidate of
        the last iteration is chosen by its score.
    scoring : str, callable or None, default=None
        One scorer; None takes the accuracy. A callable gets the classifier, what the steps before
        it made of the texts, and the labels.
    n_jobs : int or None, default=None
        How many processes to use, as for `sklearn.model_selection.GridSearchCV`.
    refit : bool or callable, default=True
        Whether to train the best candidate once more on all samples. A callable gets `cv_results_`
        and returns the index of the best.
    cv : int, cross-validation generator or iterable, default=None
        The folds; an int, or None for 5, gives stratified ones.
    verbose : int, default=0
        1 prints a line an iteration.
    error_score : "raise" or float, default=nan
        Score of a candidate that fails; "raise" passes the error on.
    return_train_score : bool, default=False
        Whether to score the training samples too.
    random_state : int, RandomState instance or None, default=None
        Decides which candidates are drawn.

    Attributes
    ----------
    cv_results_ : dict of ndarray
        A row for each candidate in each iteration, as for `sklearn.model_selection.GridSearchCV`,
        with the columns "iter" and "n_resources", the epochs, beside the others. After Ctrl-C it
        holds the iterations that were finished.
    best_estimator_ : estimator
        The best candidate of the last iteration, trained on all samples; only if `refit` says so.
    best_params_ : dict
        Its parameters, the number of epochs among them.
    best_score_ : float
        Its mean score over the folds.
    best_index_ : int
        Its row in `cv_results_`.
    n_resources_, n_candidates_ : list of int
        Epochs, and number of candidates, of each iteration.
    n_iterations_, n_required_iterations_, n_possible_iterations_ : int
        Iterations done; required by the number of candidates; possible with the epochs.
    n_remaining_candidates_ : int
        How many candidates a further iteration would keep.
    min_resources_, max_resources_ : int
        Epochs of the first iteration, and the most there may be.
    n_splits_ : int
        Number of folds.
    scorer_ : callable
        The scorer.
    refit_time_ : float
        Seconds that the last training took.
    multimetric_ : bool
        Always False.

    See Also
    --------
    sklearn.model_selection.HalvingRandomSearchCV : Trains survivors from the beginning again.

    Notes
    -----
    Times in `cv_results_` are those of the iteration alone, without the steps before the
    classifier. The classifiers of the candidates that may survive are held in memory with the
    states of their optimizers, about four times the size of their weights for each fold.

    Keras callbacks of the classifier start again in each iteration. A candidate that Ctrl-C cut
    short goes on from there in the next one; its row has the epochs that it was to have.

    If a worker process of `n_jobs` is killed, finished fits are kept and the others run again, with
    a `WorkerLostWarning`; a third loss before the next candidate is finished ends the search.

    Candidates are compared by what early stopping keeps. With few samples `best_estimator_` is
    trained on all of them in the end (``refit_on_all="auto"``), as any other `fit` is.

    A `learning_rate_schedule` and `warmup` use the epochs of the last iteration; scores of the
    iterations before are those on the way.

    References
    ----------
    Jamieson & Talwalkar (2016), "Non-stochastic best arm identification and hyperparameter
    optimization", AISTATS.

    Examples
    --------
    >>> from skdeepnlp import LSTMClassifier, make_text_pipeline
    >>> from skdeepnlp.datasets import make_text_classification
    >>> from skdeepnlp.model_selection import EpochHalvingSearchCV
    >>> texts, labels = make_text_classification(n_samples=60, random_state=0)
    >>> pipeline = make_text_pipeline(LSTMClassifier(units=2, embedding_dim=4, random_state=0))
    >>> search = EpochHalvingSearchCV(
    ...     pipeline, {"classify__dropout": [0.0, 0.2, 0.5]}, max_epochs=6, cv=2
    ... )
    >>> search.fit(texts, labels).n_resources_
    [2, 6]
    >>> search.n_candidates_
    [3, 1]
    """

    _parameter_constraints: dict = {
        **BaseSearchCV._parameter_constraints,
        "param_distributions": [dict, list],
        "n_candidates": [_COUNT, StrOptions({"all"})],
        "factor": [Interval(Integral, 2, None, closed="left")],
        "min_epochs": [_COUNT, StrOptions({"exhaust"})],
        "max_epochs": [_COUNT, StrOptions({"auto"})],
        "promote_by": [StrOptions({"loss", "score"})],
        "scoring": [StrOptions(set(get_scorer_names())), callable, None],
        "refit": ["boolean", callable],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator,
        param_distributions,
        *,
        n_candidates="all",
        factor=3,
        min_epochs="exhaust",
        max_epochs="auto",
        promote_by="loss",
        scoring=None,
        n_jobs=None,
        refit=True,
        cv=None,
        verbose=0,
        error_score=np.nan,
        return_train_score=False,
        random_state=None,
    ):
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_candidates = n_candidates
        self.factor = factor
        self.min_epochs = min_epochs
        self.max_epochs = max_epochs
        self.promote_by = promote_by
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=False)  # candidates are validated in their fits
    def fit(self, X, y, **params):
        """Run the search.

        Parameters
        ----------
        X : array-like of shape (n_samples,) or (n_samples, n_features)
            Texts for a pipeline, token ids for a classifier.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Labels.
        **params : dict
            For the fit of the estimator, the splitter and the scorer, as for
            `sklearn.model_selection.GridSearchCV`.

        Returns
        -------
        self : EpochHalvingSearchCV
            The fitted search.
        """
        check_can_resume(self.estimator)
        candidates = draw_candidates(
            self.param_distributions, self.n_candidates, self.random_state, self._epochs_name
        )
        schedule = self._plan(len(candidates))
        X, y = indexable(X, y)
        params = _check_method_params(X, params=params)
        context = begin_fit(self, len(schedule.iterations()) + bool(self.refit))
        with task(context, self, X, y):
            routed = self._get_routed_params_for_fit(params)
            run = self._run(candidates, schedule.iterations()[-1][1], X, y, routed)
            self._forget()
            self._describe(schedule, run)
            self._iterate(run, candidates, schedule, context, X, y)
            self._choose()
            if self.refit:
                with task(context, self, X, y, name="refit-with-best-params"):
                    self._refit(X, y, routed.estimator.fit)
        return self

    @property
    def _epochs_name(self) -> str:
        return f"{classifier_prefix(self.estimator)}epochs"

    def _plan(self, n_candidates: int) -> HalvingSchedule:
        """Decide on the iterations."""
        most = self.max_epochs
        most = classifier_of(self.estimator).epochs if most == "auto" else most
        if self.min_epochs != "exhaust" and self.min_epochs > most:
            raise ValueError(
                f"Got min_epochs={self.min_epochs} and max_epochs={most}; expected min_epochs not "
                "to be above max_epochs, or above epochs of the classifier where that is 'auto'."
            )
        return HalvingSchedule(n_candidates, self.factor, self.min_epochs, most)

    def _run(
        self, candidates: list[dict], n_epochs: int, X: Any, y: Any, routed: Any
    ) -> HalvingRun:
        """Set up the folds, and run the steps before the classifier."""
        scorer, _ = self._get_scorers()
        cv = check_cv(self.cv, y, classifier=is_classifier(self.estimator))
        splits = list(cv.split(X, y, **routed.splitter.split))
        if not splits:
            raise ValueError(
                f"Got no folds from cv={self.cv!r}; expected at least one. A generator of folds "
                "yields them once only: give list(generator)."
            )
        samples = Samples(X, y, routed.estimator.fit, routed.scorer.score)
        rules = ScoringRules(scorer, self.return_train_score, self.error_score, self.promote_by)
        return HalvingRun(self.estimator, candidates, samples, splits, rules, self.n_jobs, n_epochs)

    def _describe(self, schedule: HalvingSchedule, run: HalvingRun) -> None:
        """Write down what is going to be done."""
        self.scorer_, self.multimetric_ = run.rules.scorer, False
        self.n_splits_ = len(run.splits)
        self.min_resources_, self.max_resources_ = schedule.first_epochs, schedule.max_epochs
        self.n_required_iterations_ = schedule.n_required_iterations
        self.n_possible_iterations_ = schedule.n_possible_iterations

    def _iterate(
        self, run: HalvingRun, candidates: list, schedule: HalvingSchedule, context, X, y
    ) -> None:
        """Train, score and halve until the last iteration."""
        self.n_resources_: list[int] = []
        self.n_candidates_: list[int] = []
        chosen = list(range(len(candidates)))
        rows: list[dict] = []
        scores: list[dict] = []
        for iteration, (n_candidates, n_epochs) in enumerate(schedule.iterations()):
            chosen = chosen[:n_candidates]
            n_kept = -(-len(chosen) // self.factor)
            with task(context, self, X, y, name="iteration"):
                new, best = run.train(sorted(chosen), n_epochs, n_kept)
            _warn_or_raise_about_fit_failures(new, self.error_score)
            rows += [_row(candidates[n], iteration, n_epochs) for n in sorted(chosen)]
            scores += new
            self._write_down(rows, scores, len(chosen), n_epochs)
            chosen, self.n_remaining_candidates_ = best, len(best)

    def _write_down(self, rows: list[dict], scores: list[dict], n_chosen: int, n_epochs: int):
        """Put the scores so far into `cv_results_`."""
        more = {name: [row[name] for row in rows] for name in ("iter", "n_resources")}
        params = [{**row["params"], self._epochs_name: row["n_resources"]} for row in rows]
        self.cv_results_ = self._format_results(params, self.n_splits_, scores, more)
        self.n_resources_.append(n_epochs)
        self.n_candidates_.append(n_chosen)
        self.n_iterations_ = len(self.n_resources_)
        if self.verbose:
            last = self.cv_results_["iter"] == self.n_iterations_ - 1
            scores_of_last = self.cv_results_["mean_test_score"][last]
            best = max((score for score in scores_of_last if score == score), default=np.nan)
            print(
                f"Iteration {self.n_iterations_}: {n_chosen} candidates in {self.n_splits_} folds, "
                f"{n_epochs} epochs, best mean score {best:.4f}",
                flush=True,
            )

    def _forget(self) -> None:
        """Drop the results of an earlier search."""
        of_best = ("best_index_", "best_score_", "best_params_", "best_estimator_")
        of_run = ("cv_results_", "n_iterations_", "n_remaining_candidates_")
        for name in (*of_best, *of_run, "refit_time_", "feature_names_in_"):
            self.__dict__.pop(name, None)

    def _choose(self) -> None:
        """Choose the best candidate."""
        self.best_index_ = self._select_best_index(self.refit, "score", self.cv_results_)
        self.best_score_ = self.cv_results_["mean_test_score"][self.best_index_]
        self.best_params_ = self.cv_results_["params"][self.best_index_]

    @staticmethod
    def _select_best_index(refit: bool | Callable, refit_metric: str, results: dict) -> int:
        """Return the row of the best candidate of the last iteration, or what `refit` returns."""
        if callable(refit):
            return BaseSearchCV._select_best_index(refit, refit_metric, results)
        scores = np.where(
            results["iter"] == max(results["iter"]), results["mean_test_score"], np.nan
        )
        return int(np.nanargmax(scores)) if np.isfinite(scores).any() else len(scores) - 1

    def _refit(self, X: Any, y: Any, fit_params: dict) -> None:
        """Train the best candidate on all samples."""
        begun = time.time()
        best = clone(self.best_params_, safe=False)
        self.best_estimator_ = clone(self.estimator).set_params(**best)
        self.best_estimator_.fit(X, y, **fit_params)
        self.refit_time_ = time.time() - begun
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_


def _row(parameters: dict[str, Any], iteration: int, n_epochs: int) -> dict[str, Any]:
    return {"params": parameters, "iter": iteration, "n_resources": n_epochs}
