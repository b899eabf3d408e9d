"""Deep text classifiers: scikit-learn estimators over token ids, trained by Keras."""

from skdeepnlp.estimators._attention import AttentionClassifier
from skdeepnlp.estimators._cnn import CNNClassifier
from skdeepnlp.estimators._gru import GRUClassifier
from skdeepnlp.estimators._lstm import LSTMClassifier
from skdeepnlp.estimators._network import NetworkClassifier
from skdeepnlp.estimators._simple_rnn import SimpleRNNClassifier
from skdeepnlp.estimators._transformer import TransformerClassifier
from skdeepnlp.training import network_pool

__all__ = [
    "AttentionClassifier",
    "CNNClassifier",
    "GRUClassifier",
    "LSTMClassifier",
    "NetworkClassifier",
    "SimpleRNNClassifier",
    "TransformerClassifier",
    "network_pool",
]
