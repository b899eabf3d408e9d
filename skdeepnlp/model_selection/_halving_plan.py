"""The candidates of a search over epochs, and how many of them are trained to how many epochs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.model_selection import ParameterGrid, ParameterSampler
from sklearn.pipeline import Pipeline

from skdeepnlp.estimators._base import BaseSequenceEstimator
from skdeepnlp.estimators._combinations import must_refit


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


def check_can_resume(estimator: Any) -> None:
    """Raise unless the estimator, or its last step, can resume training.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        What is searched, or a candidate.
    """
    classifier = classifier_of(estimator)
    if must_refit(getattr(classifier, "refit_on_all", False)):
        raise ValueError(
            "Got refit_on_all=True, which begins again when training has ended; expected False in "
            "a search that trains in parts. Set it on the best candidate and fit that."
        )
    if not isinstance(classifier, BaseSequenceEstimator):
        raise TypeError(
            f"EpochHalvingSearchCV resumes training, which {type(classifier).__name__} "
            "cannot do; expected a classifier of skdeepnlp.classifiers, or a Pipeline that ends in "
            "one. Use GridSearchCV or HalvingRandomSearchCV of scikit-learn for others."
        )


def draw_candidates(
    param_distributions: Any, n_candidates: int | str, random_state: Any, epochs_name: str
) -> list[dict[str, Any]]:
    """Return the parameters of each candidate.

    Parameters
    ----------
    param_distributions : dict or list of dict
        Lists of values, or distributions.
    n_candidates : int or "all"
        How many to draw; "all" takes every combination.
    random_state : int, RandomState instance or None
        Decides which are drawn.
    epochs_name : str
        Name of the parameter that must not be searched.

    Returns
    -------
    candidates : list of dict
    """
    if n_candidates == "all" and (drawn := _distributions_in(param_distributions)):
        raise ValueError(
            f"Got n_candidates='all' and distributions for {', '.join(drawn)}, which have no end; "
            "expected lists of values. Give lists, or a number as n_candidates."
        )
    if n_candidates == "all":
        candidates = list(ParameterGrid(param_distributions))
    else:
        sampler = ParameterSampler(param_distributions, n_candidates, random_state=random_state)
        candidates = list(sampler)
    if not candidates:
        raise ValueError(
            f"Got no candidates from param_distributions={param_distributions!r}; expected at "
            "least one. Give lists of values that are not empty."
        )
    if any(epochs_name in parameters for parameters in candidates):
        raise ValueError(
            f"Got {epochs_name!r} among the parameters to search; expected others, as epochs are "
            "the resource. Set min_epochs and max_epochs."
        )
    return candidates


def _distributions_in(spaces: Any) -> list[str]:
    """Return the names of the parameters that are drawn from distributions."""
    spaces = [spaces] if isinstance(spaces, dict) else spaces
    of_names = [space for space in spaces if isinstance(space, Mapping)]
    return sorted({name for space in of_names for name in space if hasattr(space[name], "rvs")})


@dataclass(frozen=True)
class HalvingSchedule:
    """The iterations of successive halving over epochs.

    Parameters
    ----------
    n_candidates : int
        How many candidates there are.
    factor : int
        Each iteration keeps one candidate in `factor`, and trains it `factor` times as long.
    min_epochs : int or "exhaust"
        Epochs of the first iteration; "exhaust" takes as many as let the last one train for about
        `max_epochs`.
    max_epochs : int
        Epochs of no iteration are more.
    """

    n_candidates: int
    factor: int
    min_epochs: int | str
    max_epochs: int

    @property
    def n_required_iterations(self) -> int:
        """Iterations until at most `factor` candidates are left, and those once more."""
        return 1 + _whole_logarithm(self.n_candidates, self.factor)

    @property
    def first_epochs(self) -> int:
        """Epochs of the first iteration."""
        if self.min_epochs != "exhaust":
            return int(self.min_epochs)
        most = 1 + _whole_logarithm(self.max_epochs, self.factor)
        n_iterations = min(self.n_required_iterations, most)
        return self.max_epochs // self.factor ** (n_iterations - 1)

    @property
    def n_possible_iterations(self) -> int:
        """Iterations that `max_epochs` leaves room for."""
        return 1 + _whole_logarithm(self.max_epochs // self.first_epochs, self.factor)

    def iterations(self) -> list[tuple[int, int]]:
        """Return the number of candidates and the number of epochs of each iteration.

        Examples
        --------
        >>> from skdeepnlp.model_selection._halving_plan import HalvingSchedule
        >>> HalvingSchedule(27, 3, "exhaust", 9).iterations()
        [(27, 1), (9, 3), (3, 9)]
        >>> HalvingSchedule(8, 3, "exhaust", 20).iterations()
        [(8, 6), (3, 18)]
        >>> HalvingSchedule(27, 3, "exhaust", 20).iterations()
        [(27, 2), (9, 6), (3, 18)]
        """
        n_iterations = min(self.n_required_iterations, self.n_possible_iterations)
        return [
            (
                math.ceil(self.n_candidates / self.factor**iteration),
                self.first_epochs * self.factor**iteration,
            )
            for iteration in range(n_iterations)
        ]


def _whole_logarithm(number: int, base: int) -> int:
    """Return the largest power of `base` that is not above `number`, exactly."""
    power = 0
    while base ** (power + 1) <= number:
        power += 1
    return power
