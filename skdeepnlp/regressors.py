"""Deep text regressors: scikit-learn estimators over token ids, trained by Keras."""

from skdeepnlp.estimators._attention import AttentionRegressor
from skdeepnlp.estimators._cnn import CNNRegressor
from skdeepnlp.estimators._gru import GRURegressor
from skdeepnlp.estimators._lstm import LSTMRegressor
from skdeepnlp.estimators._network import NetworkRegressor
from skdeepnlp.estimators._simple_rnn import SimpleRNNRegressor
from skdeepnlp.estimators._transformer import TransformerRegressor

__all__ = [
    "AttentionRegressor",
    "CNNRegressor",
    "GRURegressor",
    "LSTMRegressor",
    "NetworkRegressor",
    "SimpleRNNRegressor",
    "TransformerRegressor",
]
