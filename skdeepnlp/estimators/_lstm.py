"""Long short-term memory networks."""

from skdeepnlp.estimators._encoder_parameters import RECURRENT
from skdeepnlp.estimators._families import RecurrentFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator
from skdeepnlp.networks import lstm_encoder


@sequence_estimator(RECURRENT)
class LSTMClassifier(RecurrentFamily, BaseSequenceClassifier):
    """Long short-term memory network that classifies texts given as token ids.

    Token ids are embedded, read by one or more LSTM layers, pooled over time and classified by a
    dense layer. Trained by `fit` on batches of texts of similar length, so padding costs little
    and never changes a result. Every parameter can be searched.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9(8).

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import LSTMClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = LSTMClassifier(units=4, embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    _encoder = staticmethod(lstm_encoder)


@sequence_estimator(RECURRENT)
class LSTMRegressor(RecurrentFamily, BaseSequenceRegressor):
    """Long short-term memory network that predicts numbers from texts given as token ids.

    The network of `LSTMClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9(8).

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import LSTMRegressor
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = LSTMRegressor(units=4, embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """

    _encoder = staticmethod(lstm_encoder)
