"""Networks with a custom encoder."""

from skdeepnlp.estimators._encoder_parameters import custom_encoder_parameter, pooling
from skdeepnlp.estimators._families import CustomFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator

CUSTOM = (custom_encoder_parameter(), pooling("max+mean"))


@sequence_estimator(CUSTOM)
class NetworkClassifier(CustomFamily, BaseSequenceClassifier):
    """Network with a custom encoder that classifies texts given as token ids.

    A function of yours stands between the embedding and the last layer. Everything else is done as
    by the other classifiers: batches of similar length, early stopping, regularizers, the pool of
    compiled networks, searches.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    Keras layers that do not know masks, such as its own ``Conv1D``, see padding: then the width of
    a batch changes results. `skdeepnlp.testing.check_padding_invariance` finds that. JAX compiles
    again for another number of rows in the last batch of an epoch, which here is not filled up.

    Examples
    --------
    >>> import keras
    >>> import numpy as np
    >>> from skdeepnlp import NetworkClassifier
    >>> def two_layers(embedded):
    ...     hidden = keras.layers.GRU(4, return_sequences=True)(embedded)
    ...     return keras.layers.Dense(4, activation="tanh")(hidden)
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = NetworkClassifier(
    ...     encoder=two_layers, embedding_dim=8, learning_rate=0.05, random_state=0
    ... )
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """


@sequence_estimator(CUSTOM)
class NetworkRegressor(CustomFamily, BaseSequenceRegressor):
    """Network with a custom encoder that predicts numbers from texts given as token ids.

    The network of `NetworkClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    Keras layers that do not know masks, such as its own ``Conv1D``, see padding: then the width of
    a batch changes results. `skdeepnlp.testing.check_padding_invariance` finds that. JAX compiles
    again for another number of rows in the last batch of an epoch, which here is not filled up.

    Examples
    --------
    >>> import keras
    >>> import numpy as np
    >>> from skdeepnlp import NetworkRegressor
    >>> def two_layers(embedded):
    ...     hidden = keras.layers.GRU(4, return_sequences=True)(embedded)
    ...     return keras.layers.Dense(4, activation="tanh")(hidden)
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = NetworkRegressor(
    ...     encoder=two_layers, embedding_dim=8, learning_rate=0.05, random_state=0
    ... )
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """
