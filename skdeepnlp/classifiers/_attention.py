"""The text classifier of attention over words."""

from dataclasses import dataclass
from numbers import Integral

from sklearn.utils._param_validation import Interval

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._encoder_limits import ACTIVATIONS, INITIALIZER
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.classifiers._word_attention import GivesAttentionWeights
from skdeepnlp.networks import attention_encoder

__all__ = ["AttentionClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class AttentionClassifier(GivesAttentionWeights, BaseSequenceClassifier):
    """Weighted sum of word vectors that classifies texts given as token ids.

    Token ids are embedded; the network learns which of them deserve attention, and classifies
    their weighted sum. It does not see the order of words. `attention_weights` tells what it
    looked at.

    Parameters
    ----------
    {parameters of every classifier}
    units : int or None, default=None
        Width of a dense layer that each token goes through first; None leaves it out, and with it
        `activation` and `kernel_initializer`.
    {activation}
    {kernel initializer}

    {attributes and notes of every classifier}

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

    units: int | None = None
    activation: str = "relu"
    kernel_initializer: str = "glorot_uniform"

    _encoder = staticmethod(attention_encoder)
    _encoder_parameters = ("activation", "kernel_initializer", "units")
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "units": [Interval(Integral, 1, None, closed="left"), None],
        "activation": ACTIVATIONS,
        "kernel_initializer": INITIALIZER,
    }
