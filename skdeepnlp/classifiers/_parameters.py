"""The parameters that every classifier over token ids shares, with their limits."""

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from sklearn.metrics import get_scorer_names
from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.training import OPTIMIZER_NAMES, SCHEDULES

__all__ = ["SharedParameters"]

_COUNT = [Interval(Integral, 1, None, closed="left")]
_SHARE = [Interval(Real, 0, 1, closed="left")]
_STRENGTH = [Interval(Real, 0, None, closed="left")]
_LIMIT = [Interval(Real, 0, None, closed="neither"), None]


@dataclass(kw_only=True, eq=False, repr=False)
class SharedParameters:
    """Fields of the classifiers: of the network, of its regularisers and of training."""

    vocabulary_size: int | None = None
    embedding_dim: int = 64
    embedding_dropout: float = 0.5
    embedding_min_df: int = 1
    linear_ngrams: int = 0
    linear_c: float = 3.0
    linear_share: float = 0.65
    word_dropout: float = 0.0
    dropout: float = 0.5
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None
    label_smoothing: float = 0.0
    mixup: float = 0.0
    r_drop: float = 0.0
    adversarial_epsilon: float = 0.0
    ema_decay: float | None = None
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    learning_rate_schedule: str | None = None
    warmup: float = 0.0
    weight_decay: float | None = None
    clipnorm: float | None = 10.0
    clipvalue: float | None = None
    batch_size: int | str = "auto"
    epochs: int = 20
    early_stopping: bool = True
    validation_fraction: float = 0.1
    n_iter_no_change: int = 3
    min_steps: int = 300
    scoring: Any = "loss"
    refit_on_all: bool | str = "auto"
    class_weight: dict | list | str | None = None
    callbacks: list | None = None
    warm_start: bool = False
    random_state: Any = None
    verbose: int = 0

    _parameter_constraints = {
        "vocabulary_size": [Interval(Integral, 2, None, closed="left"), None],
        "embedding_dim": _COUNT,
        "embedding_dropout": _SHARE,
        "embedding_min_df": _COUNT,
        "linear_ngrams": [Interval(Integral, 0, 50, closed="both")],
        "linear_c": [Interval(Real, 0, None, closed="neither")],
        "linear_share": [Interval(Real, 0, 1, closed="both")],
        "word_dropout": _SHARE,
        "dropout": _SHARE,
        "l1": _STRENGTH,
        "l2": _STRENGTH,
        "max_norm": _LIMIT,
        "label_smoothing": _SHARE,
        "mixup": _STRENGTH,
        "r_drop": _STRENGTH,
        "adversarial_epsilon": _STRENGTH,
        "ema_decay": [Interval(Real, 0, 1, closed="neither"), None],
        "optimizer": [StrOptions(set(OPTIMIZER_NAMES))],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "learning_rate_schedule": [StrOptions(set(SCHEDULES)), None],
        "warmup": _SHARE,
        "weight_decay": [*_STRENGTH, None],
        "clipnorm": _LIMIT,
        "clipvalue": _LIMIT,
        "batch_size": [*_COUNT, StrOptions({"auto"})],
        "epochs": _COUNT,
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "n_iter_no_change": _COUNT,
        "min_steps": [Interval(Integral, 0, None, closed="left")],
        "scoring": [StrOptions({"loss", *get_scorer_names()}), callable, None],
        "refit_on_all": ["boolean", StrOptions({"auto"})],
        "class_weight": [dict, list, StrOptions({"balanced"}), None],
        "callbacks": [list, tuple, None],
        "warm_start": ["boolean"],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }
