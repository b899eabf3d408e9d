"""Ready spaces of parameters for grid and random search."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from scipy.stats import loguniform, uniform
from sklearn.pipeline import Pipeline

from skdeepnlp.text import SequencePadder, TextTokenizer

__all__ = ["param_space"]

_SIZES = ("small", "medium", "large")

# for each parameter: the size from which it is searched, as a distribution, as a list
_DISTRIBUTIONS: dict[str, tuple[str, Any]] = {
    "dropout": ("small", uniform(0.2, 0.5)),
    "embedding_dropout": ("small", uniform(0.2, 0.4)),
    "learning_rate": ("small", loguniform(5e-4, 5e-3)),
    "l2": ("medium", loguniform(1e-7, 1e-3)),
    "label_smoothing": ("medium", uniform(0.0, 0.15)),
    "word_dropout": ("medium", uniform(0.0, 0.2)),
    "weight_dropout": ("medium", uniform(0.0, 0.3)),
    "linear_share": ("medium", uniform(0.5, 0.4)),
    "linear_c": ("medium", [1.0, 3.0, 10.0]),  # few values, so that folds learn few linear models
    "linear_ngrams": ("large", [2, 3]),
    "embedding_min_df": ("medium", [1, 2]),
    "units": ("medium", [32, 64, 128]),
    "filters": ("medium", [50, 100, 200]),
    "feedforward_dim": ("medium", [64, 128, 256]),
    "weight_decay": ("large", loguniform(1e-2, 3.0)),
    "n_layers": ("large", [1, 2]),
    "embedding_dim": ("large", [32, 64, 128]),
    "pooling": ("large", ["max", "max+mean"]),
    "batch_size": ("large", [16, 32, 64]),
}
_GRIDS: dict[str, dict[str, list[Any]]] = {
    "small": {
        "dropout": [0.3, 0.5],
        "embedding_dropout": [0.3, 0.5],
        "learning_rate": [1e-3, 3e-3],
    },
    "medium": {
        "dropout": [0.2, 0.4, 0.6],
        "embedding_dropout": [0.2, 0.4, 0.6],
        "learning_rate": [5e-4, 1e-3, 3e-3],
    },
    "large": {
        "dropout": [0.2, 0.4, 0.6],
        "embedding_dropout": [0.2, 0.4, 0.6],
        "learning_rate": [5e-4, 1e-3, 3e-3],
        "l2": [0.0, 1e-4],
        "units": [32, 64],
        "filters": [50, 100],
        "feedforward_dim": [64, 128],
    },
}
_OF_STEPS: dict[type, dict[str, tuple[str, list[Any]]]] = {
    TextTokenizer: {"analyzer": ("large", ["word", "char"]), "min_df": ("medium", [1, 2])},
    SequencePadder: {"max_length": ("large", [0.9, 0.95, "longest"])},
}


def param_space(
    estimator: Any, size: str = "medium", *, kind: str = "distributions"
) -> dict[str, Any]:
    """Return a space of parameters to search, for this classifier or this pipeline.

    Only parameters that the classifier has are searched, under the names that they have in the
    pipeline. The small space and all grids but the large one keep to parameters that share one
    compiled network, so that a search pays for tracing once.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        A classifier of `skdeepnlp.classifiers`. It is not changed.
    size : {"small", "medium", "large"}, default="medium"
        "small" searches `dropout`, `embedding_dropout` and `learning_rate`. "medium" adds, as
        distributions, `l2`, `label_smoothing`, `word_dropout`, `weight_dropout`, the width of
        the layers, and `min_df` of a tokenizer, or where `linear_ngrams` is on `embedding_min_df`
        in its place, `linear_share` and `linear_c`; "large" adds `weight_decay`,
        `n_layers`, `embedding_dim`, `pooling`, `batch_size`, `linear_ngrams`, `analyzer` and
        `max_length`. Sequences of
        characters are several times as long as those of words: where words are set apart by
        spaces and little changes within them, ``space.pop("tokenize__analyzer")`` saves time.
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
    _check(size, kind)
    steps = dict(_leaves(estimator))
    prefix, classifier = list(steps.items())[-1] if steps else ("", estimator)
    known = _parameters_of(classifier)
    if "embedding_dropout" not in known:
        raise TypeError(
            f"Got {classifier!r} to classify; expected a classifier of skdeepnlp.classifiers, or a "
            "Pipeline that ends in one. Give an instance; for others write the space down by hand."
        )
    own = {name: values for name, values in _values(size, kind).items() if name in known}
    if not known["linear_ngrams"]:
        for without_effect in ("linear_share", "linear_c", "linear_ngrams"):
            own.pop(without_effect, None)
        own.pop("embedding_min_df", None)  # min_df of the tokenizer does the same
    if "units" in own and known["units"] is None:  # attention over the words themselves
        own["units"] = [None, *own["units"]]
    if "embedding_dim" in own and "n_heads" in known:
        fitting = [width for width in own["embedding_dim"] if width % known["n_heads"] == 0]
        own["embedding_dim"] = fitting or [known["embedding_dim"]]
    space = {f"{prefix}{name}": values for name, values in own.items()}
    if kind == "distributions":
        space |= _of_steps(steps, size)
    if known["linear_ngrams"]:  # the linear model wants every token
        space = {name: values for name, values in space.items() if _leaf(name) != "min_df"}
    return deepcopy(space)  # the caller may add to the lists


def _leaf(name: str) -> str:
    return name.rpartition("__")[2]


def _check(size: str, kind: str) -> None:
    if size not in _SIZES:
        raise ValueError(f"Got size={size!r}; expected 'small', 'medium' or 'large'.")
    if kind not in ("distributions", "grid"):
        raise ValueError(f"Got kind={kind!r}; expected 'distributions' or 'grid'.")


def _parameters_of(classifier: Any) -> dict[str, Any]:
    """Return the parameters of an estimator; a class, or anything else, has none."""
    is_estimator = hasattr(classifier, "get_params") and not isinstance(classifier, type)
    return classifier.get_params() if is_estimator else {}


def _values(size: str, kind: str) -> dict[str, Any]:
    """Return what is searched of a classifier that has every parameter."""
    if kind == "grid":
        return _GRIDS[size]
    return _upto(size, _DISTRIBUTIONS)


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
    """Return what is searched of the steps before the classifier."""
    return {
        f"{prefix}{name}": values
        for prefix, step in steps.items()
        for kind, of_kind in _OF_STEPS.items()
        if isinstance(step, kind)
        for name, values in _upto(size, of_kind).items()
        if name not in _settled_by_user(step)
    }


def _settled_by_user(step: Any) -> tuple[str, ...]:
    """Return what has no effect on a step, or is a choice of the user's own."""
    if getattr(step, "vocabulary", None) is not None:
        return ("analyzer", "min_df")
    return ("analyzer",) if callable(getattr(step, "analyzer", None)) else ()
