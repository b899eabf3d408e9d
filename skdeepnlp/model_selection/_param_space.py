"""Ready spaces of parameters for grid and random search."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from sklearn.pipeline import Pipeline

from skdeepnlp.text import SequencePadder, TextTokenizer

_SIZES = ("small", "medium", "large")

_OF_STEPS: dict[type, dict[str, tuple[str, list[Any]]]] = {
    TextTokenizer: {"analyzer": ("large", ["word", "char"]), "min_df": ("medium", [1, 2])},
    SequencePadder: {"max_length": ("large", [0.9, 0.95, "longest"])},
}


def param_space(
    estimator: Any, size: str = "medium", *, kind: str = "distributions"
) -> dict[str, Any]:
    """Return a space of parameters to search, for this estimator or this pipeline.

    Only parameters that the estimator has are searched, under the names that they have in the
    pipeline. The small space and all grids but the large one keep to parameters that share one
    compiled network, so that a search pays for tracing once.

    Parameters
    ----------
    estimator : classifier or regressor of skdeepnlp, or Pipeline that ends in one
        It is not changed.
    size : {"small", "medium", "large"}, default="medium"
        "small" searches `dropout`, `embedding_dropout` and `learning_rate`. "medium" adds, as
        distributions, `l2`, `label_smoothing`, `word_dropout`, `weight_dropout`, the width of
        the layers, and `min_df` of a tokenizer, or where `linear_ngrams` is on `embedding_min_df`
        in its place, `linear_share` and `linear_c`; "large" adds `weight_decay`,
        `n_layers`, `embedding_dim`, `pooling`, `batch_size`, `linear_ngrams`, `analyzer` and
        `max_length`. Sequences of characters are several times as long as those of words: for
        languages with spaces and little inflection ``space.pop("tokenize__analyzer")`` saves time.
        Grids hold 8, 27 and 108 candidates (54 where a family has no width, 162 for attention
        without units); the large one varies `l2` and the width as well.
    kind : {"distributions", "grid"}, default="distributions"
        For `sklearn.model_selection.RandomizedSearchCV`; or lists, for
        `sklearn.model_selection.GridSearchCV`. `EpochHalvingSearchCV` takes both, distributions
        with a number as its `n_candidates`.

    Returns
    -------
    space : dict of str to list or distribution

    Raises
    ------
    TypeError
        If the estimator is something else.
    ValueError
        If `size` or `kind` is not known.

    Examples
    --------
    >>> from skdeepnlp import make_text_pipeline
    >>> from skdeepnlp.model_selection import param_space
    >>> param_space(make_text_pipeline("cnn"), "small", kind="grid")["classify__dropout"]
    [0.3, 0.5]
    """
    from skdeepnlp.estimators._base import BaseSequenceEstimator

    _check(size, kind)
    steps = dict(_leaves(estimator))
    prefix, last = list(steps.items())[-1] if steps else ("", estimator)
    if not isinstance(last, BaseSequenceEstimator):
        raise TypeError(
            f"Got {last!r} at the end; expected a classifier or regressor of skdeepnlp, or a "
            "Pipeline that ends in one. Give an instance; for others write the space down by hand."
        )
    space = {f"{prefix}{name}": values for name, values in _of_estimator(last, size, kind).items()}
    if kind == "distributions":
        space |= _of_steps(steps, size)
    if last.linear_ngrams:  # the linear model wants every token
        space = {name: values for name, values in space.items() if _leaf(name) != "min_df"}
    return deepcopy(space)  # the caller may add to the lists


def _of_estimator(estimator: Any, size: str, kind: str) -> dict[str, Any]:
    """Return what is searched of an estimator: what its table of parameters says, if it can act."""
    table = estimator._parameter_table
    if kind == "grid":
        grids = {name: dict(entry.grid) for name, entry in table.items()}
        own = {name: grid[size] for name, grid in grids.items() if size in grid}
    else:
        own = _upto(size, {name: entry.search for name, entry in table.items() if entry.search})
    if not estimator.linear_ngrams:  # min_df of the tokenizer does the same as embedding_min_df
        for without_effect in ("linear_share", "linear_c", "linear_ngrams", "embedding_min_df"):
            own.pop(without_effect, None)
    if "units" in own and estimator.units is None:  # attention over the words themselves
        own["units"] = [None, *own["units"]]
    if "embedding_dim" in own and "n_heads" in table:
        fitting = [width for width in own["embedding_dim"] if width % estimator.n_heads == 0]
        own["embedding_dim"] = fitting or [estimator.embedding_dim]
    return own


def _leaf(name: str) -> str:
    return name.rpartition("__")[2]


def _check(size: str, kind: str) -> None:
    if size not in _SIZES:
        raise ValueError(f"Got size={size!r}; expected 'small', 'medium' or 'large'.")
    if kind not in ("distributions", "grid"):
        raise ValueError(f"Got kind={kind!r}; expected 'distributions' or 'grid'.")


def _upto(size: str, space: dict[str, tuple[str, Any]]) -> dict[str, Any]:
    """Return what a space of this size searches."""
    upto = _SIZES[: _SIZES.index(size) + 1]
    return {name: values for name, (since, values) in space.items() if since in upto}


def _leaves(estimator: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every step, nested ones too, by the prefix of its parameters; the last one last."""
    if not isinstance(estimator, Pipeline):
        yield prefix, estimator
        return
    for name, step in estimator.steps:
        yield from _leaves(step, f"{prefix}{name}__")


def _of_steps(steps: dict[str, Any], size: str) -> dict[str, list[Any]]:
    """Return what is searched of the steps before the estimator."""
    return {
        f"{prefix}{name}": values
        for prefix, step in steps.items()
        for kind, of_kind in _OF_STEPS.items()
        if isinstance(step, kind)
        for name, values in _upto(size, of_kind).items()
        if name not in _chosen_by_user(step)
    }


def _chosen_by_user(step: Any) -> tuple[str, ...]:
    """Return what has no effect on a step, or was chosen by the user."""
    if getattr(step, "vocabulary", None) is not None:
        return ("analyzer", "min_df")
    return ("analyzer",) if callable(getattr(step, "analyzer", None)) else ()
