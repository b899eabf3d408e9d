"""Deep text classifiers: scikit-learn estimators over token ids, trained by Keras."""

from skdeepnlp._quiet import import_scikeras
from skdeepnlp._workers import let_worker_grow, limit_threads_of_worker

limit_threads_of_worker()
let_worker_grow()
import_scikeras()

from skdeepnlp.classifiers._attention import AttentionClassifier  # noqa: E402
from skdeepnlp.classifiers._cnn import CNNClassifier  # noqa: E402
from skdeepnlp.classifiers._gru import GRUClassifier  # noqa: E402
from skdeepnlp.classifiers._lstm import LSTMClassifier  # noqa: E402
from skdeepnlp.classifiers._network import NetworkClassifier  # noqa: E402
from skdeepnlp.classifiers._simple_rnn import SimpleRNNClassifier  # noqa: E402
from skdeepnlp.classifiers._transformer import TransformerClassifier  # noqa: E402
from skdeepnlp.training import network_pool  # noqa: E402

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
