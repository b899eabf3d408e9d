"""The LSTM text classifier."""

from dataclasses import dataclass

from skdeepnlp.classifiers._recurrent_base import BaseRecurrentClassifier
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import lstm_encoder

__all__ = ["LSTMClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class LSTMClassifier(BaseRecurrentClassifier):
    """Long short-term memory network that classifies texts given as token ids.

    Token ids are embedded, read by one or more LSTM layers, pooled over time and classified by a
    dense layer. Trained by `fit` on batches of texts of similar length, so padding costs little
    and never changes a result. Every parameter can be searched.

    Parameters
    ----------
    {parameters of every classifier}
    {parameters of every recurrent network}

    {attributes and notes of every classifier}

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
