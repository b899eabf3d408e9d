"""The one-standard-error rule: the most regularized candidate that scores like the best one."""

import functools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

# ranks of parameters of text steps and searches among those of the estimators
_OF_STEPS = {"max_tokens": ("less", 7), "max_length": ("less", 8), "min_df": ("more", 32)}
_OF_SEARCHES = {"n_resources": ("less", 10)}
# None means no such layer here; elsewhere it means no limit, or no penalty
_NONE_IS_NOTHING = frozenset({"units"})


def one_standard_error(
    cv_results: Mapping[str, Any] | None = None, *, metric: str = "score"
) -> Any:
    """Return the row of the most regularized candidate within one standard error of the best.

    Give it to a search as ``refit=one_standard_error``. The standard error is that of the best
    candidate's mean score over the folds. Candidates with a mean within it are compared by these
    parameters in turn, whatever step they belong to:

    1. smaller is simpler: `n_layers`, `bidirectional`, `units`, `filters`, `feedforward_dim`,
       `embedding_dim`, `max_tokens`, `max_length`, `epochs`, `linear_ngrams`, `linear_c`,
       `max_norm`, `clipnorm`, `clipvalue`;
    2. larger is simpler: `dropout`, `embedding_dropout`, `word_dropout`, `weight_dropout`,
       `recurrent_dropout`, `l2`, `l1`, `weight_decay`, `activity_l2`, `temporal_l2`,
       `label_smoothing`, `r_drop`, `mixup`, `adversarial_epsilon`, `linear_share`,
       `embedding_min_df`, `min_df`.

    None counts as no layer (`units`), no limit, or no penalty. Parameters missing from a candidate
    are ignored. If all are equal, the higher mean decides, then the first row.

    Parameters
    ----------
    cv_results : dict of ndarray or None, default=None
        `cv_results_` of a search; of halving searches the last iteration counts alone. None
        returns a function of it, for ``refit=one_standard_error(metric="f1_macro")``.
    metric : str, default="score"
        Which score, where a search has several.

    Returns
    -------
    index : int
        The row; or, without `cv_results`, a function that returns it.

    Raises
    ------
    ValueError
        If there is no such score, or no candidate has one that is finite.

    Notes
    -----
    With a function as `refit`, searches of scikit-learn set `best_index_`, `best_params_` and
    `best_estimator_`, but no `best_score_`.

    References
    ----------
    Breiman, Friedman, Olshen & Stone (1984), "Classification and regression trees", section 3.4.3;
    Hastie, Tibshirani & Friedman (2009), "The elements of statistical learning", section 7.10.

    Examples
    --------
    >>> from skdeepnlp.model_selection import one_standard_error
    >>> results = {
    ...     "params": [{"units": 64}, {"units": 32}, {"units": 16}],
    ...     "split0_test_score": [0.82, 0.81, 0.70],
    ...     "split1_test_score": [0.78, 0.77, 0.70],
    ...     "mean_test_score": [0.80, 0.79, 0.70],
    ...     "std_test_score": [0.02, 0.02, 0.00],
    ... }
    >>> one_standard_error(results)
    1
    """
    if cv_results is None:
        return functools.partial(one_standard_error, metric=metric)
    means, errors = _means_and_errors(cv_results, metric)
    best = int(np.nanargmax(means))
    rows = np.flatnonzero(means >= means[best] - errors[best])
    candidates = {row: _by_own_name(cv_results["params"][row]) for row in rows.tolist()}
    shared = frozenset.intersection(*map(frozenset, candidates.values()))
    return min(
        candidates, key=lambda row: (*_simplicity(candidates[row], shared), -means[row], row)
    )


def _means_and_errors(results: Mapping[str, Any], metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of each candidate, nan where it does not compete, and its standard error."""
    if f"mean_test_{metric}" not in results:
        known = sorted(name[10:] for name in results if name.startswith("mean_test_"))
        raise ValueError(
            f"Got metric={metric!r}; expected one of {known}. Give it as "
            "refit=one_standard_error(metric=...)."
        )
    folds = [name for name in results if re.fullmatch(rf"split\d+_test_{re.escape(metric)}", name)]
    means = np.array(results[f"mean_test_{metric}"], dtype=float)
    if "iter" in results:
        means[np.asarray(results["iter"]) < np.max(results["iter"])] = np.nan
    means[~np.isfinite(means)] = np.nan
    if np.isnan(means).all():
        raise ValueError("No candidate has a score; look at error_score and at what failed.")
    # std_test_* divides by the number of folds, an estimate of the spread by one less
    errors = np.asarray(results[f"std_test_{metric}"], dtype=float) / max(1, len(folds) - 1) ** 0.5
    return means, errors


def _by_own_name(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a candidate without the names of the steps before them."""
    own = {name.rpartition("__")[2]: value for name, value in params.items()}
    return own | {name: 0 for name in _NONE_IS_NOTHING & set(own) if own[name] is None}


def _simplicity(candidate: dict[str, Any], shared: frozenset[str]) -> tuple[float, ...]:
    """Return numbers that are smaller the more regularized a candidate is."""
    signs = simplicity_signs()
    return tuple(_as_number(candidate[name], signs[name]) for name in signs if name in shared)


@functools.cache
def simplicity_signs() -> dict[str, int]:
    """Return 1 for parameters of which less is simpler, -1 for the others, by their rank."""
    from skdeepnlp.estimators._encoder_parameters import ENCODERS
    from skdeepnlp.estimators._shared_parameters import CLASSIFIER, SHARED

    entries = [entry for group in (*ENCODERS, SHARED, CLASSIFIER) for entry in group]
    ranked = {entry.name: entry.simpler for entry in entries if entry.simpler}
    ordered = sorted({**ranked, **_OF_STEPS, **_OF_SEARCHES}.items(), key=lambda item: item[1][1])
    return {name: 1 if direction == "less" else -1 for name, (direction, _) in ordered}


def _as_number(value: Any, sign: int) -> float:
    """Return a parameter as a number to be small; what is None, or no number, is not simple."""
    if isinstance(value, (int, float, np.bool_, np.number)):
        return sign * float(value)
    return np.inf if sign > 0 else 0.0
