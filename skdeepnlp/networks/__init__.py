"""Keras networks for padded token ids: pure functions from numbers to uncompiled models."""

from skdeepnlp.networks._assembly import NetworkSpec, build_network, with_probabilities
from skdeepnlp.networks._recurrent import lstm_encoder

__all__ = ["NetworkSpec", "build_network", "lstm_encoder", "with_probabilities"]
