"""Keras networks for padded token ids: pure functions from numbers to uncompiled models."""

from skdeepnlp.networks._assembly import (
    NetworkSpec,
    build_network,
    comparable,
    with_id_lookup,
    with_probabilities,
)
from skdeepnlp.networks._attention import attention_encoder
from skdeepnlp.networks._between_layers import INITIALIZERS
from skdeepnlp.networks._convolutional import cnn_encoder
from skdeepnlp.networks._custom import custom_encoder
from skdeepnlp.networks._custom_checks import is_lack_of_memory
from skdeepnlp.networks._recurrent import gru_encoder, lstm_encoder, simple_rnn_encoder
from skdeepnlp.networks._transformer import transformer_encoder

__all__ = [
    "INITIALIZERS",
    "NetworkSpec",
    "attention_encoder",
    "build_network",
    "cnn_encoder",
    "comparable",
    "custom_encoder",
    "gru_encoder",
    "is_lack_of_memory",
    "lstm_encoder",
    "simple_rnn_encoder",
    "transformer_encoder",
    "with_id_lookup",
    "with_probabilities",
]
