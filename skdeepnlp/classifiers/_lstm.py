"""The LSTM text classifier."""

from dataclasses import dataclass
from numbers import Integral, Real

from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.networks import lstm_encoder

__all__ = ["LSTMClassifier"]


@dataclass(kw_only=True, eq=False, repr=False)
class LSTMClassifier(BaseSequenceClassifier):
    """placeholder"""

    units: int = 64
    n_layers: int = 1
    bidirectional: bool = True
    pooling: str = "max+mean"
    recurrent_dropout: float = 0.0

    _encoder = staticmethod(lstm_encoder)
    _encoder_parameters = ("bidirectional", "n_layers", "pooling", "recurrent_dropout", "units")
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "units": [Interval(Integral, 1, None, closed="left")],
        "n_layers": [Interval(Integral, 1, None, closed="left")],
        "bidirectional": ["boolean"],
        "pooling": [StrOptions({"max", "mean", "max+mean", "last"})],
        "recurrent_dropout": [Interval(Real, 0, 1, closed="left")],
    }
