"""Weighted sums of word vectors."""

from skdeepnlp.estimators._encoder_parameters import ATTENTION
from skdeepnlp.estimators._families import AttentionFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator


@sequence_estimator(ATTENTION)
class AttentionClassifier(AttentionFamily, BaseSequenceClassifier):
    """Weighted sum of word vectors that classifies texts given as token ids.

    Token ids are embedded; the network is trained to weigh them by attention, and classifies their
    weighted sum. It does not see the order of words. `attention_weights` returns the weights.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Yang et al. (2016), "Hierarchical attention networks for document classification",
       NAACL.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import AttentionClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = AttentionClassifier(embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """


@sequence_estimator(ATTENTION)
class AttentionRegressor(AttentionFamily, BaseSequenceRegressor):
    """Weighted sum of word vectors that predicts numbers from texts given as token ids.

    The network of `AttentionClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Yang et al. (2016), "Hierarchical attention networks for document classification",
       NAACL.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import AttentionRegressor
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = AttentionRegressor(embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """
