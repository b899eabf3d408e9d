"""Deep text classifiers: scikit-learn estimators over token ids, trained by Keras."""

from skdeepnlp._quiet import import_quietly
from skdeepnlp._threads import limit_threads_of_worker

limit_threads_of_worker()
import_quietly("scikeras.wrappers")  # which loads Keras and TensorFlow

from skdeepnlp.classifiers._lstm import LSTMClassifier  # noqa: E402
from skdeepnlp.training import network_pool  # noqa: E402

__all__ = ["LSTMClassifier", "network_pool"]
