"""The base of the recurrent classifiers: their common parameters."""

from dataclasses import dataclass
from numbers import Integral, Real
from typing import ClassVar

from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._encoder_limits import INITIALIZER, NORMALIZATION
from skdeepnlp.classifiers._word_attention import GivesAttentionWeights

__all__ = ["BaseRecurrentClassifier"]


@dataclass(kw_only=True, eq=False, repr=False)
class BaseRecurrentClassifier(GivesAttentionWeights, BaseSequenceClassifier):
    """Base of the classifiers whose layers read token after token. Not for direct use."""

    units: int = 64
    n_layers: int = 1
    bidirectional: bool = True
    pooling: str = "max+mean"
    recurrent_dropout: float = 0.0
    weight_dropout: float = 0.0
    activity_l2: float = 0.0
    temporal_l2: float = 0.0
    residual: bool = False
    normalization: str | None = None
    kernel_initializer: str = "glorot_uniform"

    _encoder_parameters: ClassVar[tuple[str, ...]] = (
        "activity_l2",
        "bidirectional",
        "kernel_initializer",
        "n_layers",
        "normalization",
        "pooling",
        "recurrent_dropout",
        "residual",
        "temporal_l2",
        "units",
        "weight_dropout",
    )
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "units": [Interval(Integral, 1, None, closed="left")],
        "n_layers": [Interval(Integral, 1, None, closed="left")],
        "bidirectional": ["boolean"],
        "pooling": [StrOptions({"max", "mean", "max+mean", "attention", "last"})],
        "recurrent_dropout": [Interval(Real, 0, 1, closed="left")],
        "weight_dropout": [Interval(Real, 0, 1, closed="left")],
        "activity_l2": [Interval(Real, 0, None, closed="left")],
        "temporal_l2": [Interval(Real, 0, None, closed="left")],
        "residual": ["boolean"],
        "normalization": NORMALIZATION,
        "kernel_initializer": INITIALIZER,
    }

    def _check_parameters(self) -> None:
        super()._check_parameters()
        hands_on = self.pooling != "last" or self.n_layers > 1
        if not hands_on and (self.residual or self.normalization is not None):
            raise ValueError(
                f"Got residual={self.residual} and normalization={self.normalization!r} with "
                "pooling='last' and n_layers=1, where no layer hands on a sequence that they "
                "could change; expected another pooling, more layers, or neither of them."
            )
        if self.pooling == "last" and (self.activity_l2 or self.temporal_l2):
            raise ValueError(
                f"Got pooling='last' with activity_l2={self.activity_l2} and "
                f"temporal_l2={self.temporal_l2}, which penalise outputs over time that are not "
                "there then; expected another pooling, or 0 for both."
            )
