"""Convolutional networks."""

from skdeepnlp.estimators._encoder_parameters import CONVOLUTIONAL
from skdeepnlp.estimators._families import ConvolutionalFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator


@sequence_estimator(CONVOLUTIONAL)
class CNNClassifier(ConvolutionalFamily, BaseSequenceClassifier):
    """Convolutional network that classifies texts given as token ids.

    Token ids are embedded; filters of several widths look for runs of tokens wherever they stand,
    and the strongest answer of each filter is kept. Fast, and good where a few words in a row
    decide. Padding never changes a result.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Kim (2014), "Convolutional neural networks for sentence classification", EMNLP.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import CNNClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = CNNClassifier(filters=4, embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """


@sequence_estimator(CONVOLUTIONAL)
class CNNRegressor(ConvolutionalFamily, BaseSequenceRegressor):
    """Convolutional network that predicts numbers from texts given as token ids.

    The network of `CNNClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Kim (2014), "Convolutional neural networks for sentence classification", EMNLP.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import CNNRegressor
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = CNNRegressor(filters=4, embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """
