"""The text classifier of plain recurrent layers."""

from dataclasses import dataclass

from sklearn.utils._param_validation import StrOptions

from skdeepnlp.classifiers._recurrent_base import BaseRecurrentClassifier
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import simple_rnn_encoder

__all__ = ["SimpleRNNClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class SimpleRNNClassifier(BaseRecurrentClassifier):
    """Plain recurrent network, without gates, that classifies texts given as token ids.

    As `LSTMClassifier`, with layers whose gradients fade or grow with the length of the text
    [2]_: the network to see that with, and to compare others to.

    Parameters
    ----------
    {parameters of every classifier}
    {parameters of every recurrent network}
    activation : {"tanh", "relu"}, default="tanh"
        The function that the state goes through. "relu" does not fade, and may grow: keep
        `clipnorm`.

    {attributes and notes of every classifier}

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

    activation: str = "tanh"

    _encoder = staticmethod(simple_rnn_encoder)
    _encoder_parameters = (*BaseRecurrentClassifier._encoder_parameters, "activation")
    _parameter_constraints = {
        **BaseRecurrentClassifier._parameter_constraints,
        "activation": [StrOptions({"tanh", "relu"})],
    }
