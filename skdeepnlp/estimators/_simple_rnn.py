"""Plain recurrent networks."""

from skdeepnlp.estimators._encoder_parameters import RECURRENT, activation
from skdeepnlp.estimators._families import RecurrentFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator
from skdeepnlp.networks import simple_rnn_encoder

_ACTIVATION = (
    activation(
        "tanh",
        ("tanh", "relu"),
        'Activation function of the state; "relu" does not saturate, but may explode.',
    ),
)


@sequence_estimator(RECURRENT, _ACTIVATION)
class SimpleRNNClassifier(RecurrentFamily, BaseSequenceClassifier):
    """Plain recurrent network, without gates, that classifies texts given as token ids.

    As `LSTMClassifier`, with layers whose gradients vanish or explode with the length of the text
    [2]_: the network to see that with, and to compare others to.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Elman (1990), "Finding structure in time", Cognitive Science 14(2).
    .. [2] Bengio, Simard & Frasconi (1994), "Learning long-term dependencies with gradient
       descent is difficult", IEEE Transactions on Neural Networks 5(2).

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import SimpleRNNClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = SimpleRNNClassifier(
    ...     units=4, embedding_dim=8, learning_rate=0.05, random_state=0
    ... )
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    _encoder = staticmethod(simple_rnn_encoder)


@sequence_estimator(RECURRENT, _ACTIVATION)
class SimpleRNNRegressor(RecurrentFamily, BaseSequenceRegressor):
    """Plain recurrent network that predicts numbers from texts given as token ids.

    The network of `SimpleRNNClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Elman (1990), "Finding structure in time", Cognitive Science 14(2).
    .. [2] Bengio, Simard & Frasconi (1994), "Learning long-term dependencies with gradient
       descent is difficult", IEEE Transactions on Neural Networks 5(2).

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import SimpleRNNRegressor
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = SimpleRNNRegressor(
    ...     units=4, embedding_dim=8, learning_rate=0.05, random_state=0
    ... )
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """

    _encoder = staticmethod(simple_rnn_encoder)
