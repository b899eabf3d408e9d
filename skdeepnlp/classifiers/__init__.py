"""Deep text classifiers: scikit-learn estimators over token ids, trained by Keras."""

from skdeepnlp._quiet import import_quietly

import_quietly("scikeras.wrappers")  # which loads Keras and TensorFlow

from skdeepnlp.classifiers._lstm import LSTMClassifier  # noqa: E402

__all__ = ["LSTMClassifier"]
