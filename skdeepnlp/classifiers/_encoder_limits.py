"""Limits of the parameters that several families of encoders share."""

from sklearn.utils._param_validation import StrOptions

from skdeepnlp.networks import INITIALIZERS

__all__ = ["ACTIVATIONS", "INITIALIZER", "NORMALIZATION", "POOLING"]

ACTIVATIONS = [StrOptions({"elu", "gelu", "relu", "selu", "silu", "tanh"})]
INITIALIZER = [StrOptions(set(INITIALIZERS))]
NORMALIZATION = [StrOptions({"layer", "batch"}), None]
POOLING = [StrOptions({"max", "mean", "max+mean", "attention"})]
