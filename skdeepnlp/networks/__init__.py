"""Keras networks for padded token ids: pure functions from numbers to uncompiled models."""

from skdeepnlp.networks._attention import attention_encoder
from skdeepnlp.networks._blocks import INITIALIZERS
from skdeepnlp.networks._build import (
    IdLookup,
    NetworkSpec,
    TextNetwork,
    build_network,
    comparable,
    with_output,
)
from skdeepnlp.networks._convolutional import cnn_encoder
from skdeepnlp.networks._custom import custom_encoder, is_lack_of_memory
from skdeepnlp.networks._dropout import add_hyperparameter, hyperparameters_of
from skdeepnlp.networks._recurrent import gru_encoder, lstm_encoder, simple_rnn_encoder
from skdeepnlp.networks._transformer import transformer_encoder

__all__ = [
    "INITIALIZERS",
    "IdLookup",
    "NetworkSpec",
    "TextNetwork",
    "add_hyperparameter",
    "attention_encoder",
    "build_network",
    "cnn_encoder",
    "comparable",
    "custom_encoder",
    "gru_encoder",
    "hyperparameters_of",
    "is_lack_of_memory",
    "lstm_encoder",
    "simple_rnn_encoder",
    "transformer_encoder",
    "with_output",
]
