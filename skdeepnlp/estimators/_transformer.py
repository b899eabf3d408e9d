"""Transformer encoders."""

from skdeepnlp.estimators._encoder_parameters import TRANSFORMER
from skdeepnlp.estimators._families import TransformerFamily
from skdeepnlp.estimators._kinds import BaseSequenceClassifier, BaseSequenceRegressor
from skdeepnlp.estimators._parameters import sequence_estimator


@sequence_estimator(TRANSFORMER)
class TransformerClassifier(TransformerFamily, BaseSequenceClassifier):
    """Transformer encoder that classifies texts given as token ids, trained from random weights.

    Token ids are embedded and get position encodings; blocks of self-attention and dense layers,
    with normalization before each, let every token gather from all others; the result is pooled
    over time. It needs more samples than the other families, or a smaller network.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Vaswani et al. (2017), "Attention is all you need", NeurIPS.
    .. [2] Xiong et al. (2020), "On layer normalization in the transformer architecture", ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import TransformerClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = TransformerClassifier(
    ...     n_layers=1, n_heads=2, embedding_dim=8, learning_rate=0.01, random_state=0
    ... )
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """


@sequence_estimator(TRANSFORMER)
class TransformerRegressor(TransformerFamily, BaseSequenceRegressor):
    """Transformer encoder that predicts numbers from texts given as token ids.

    The network of `TransformerClassifier`, trained for the squared error. Targets are
    scaled to a mean of 0 and a variance of 1 inside, so that numbers of any size train alike.

    Parameters
    ----------
    {parameters}

    {attributes and notes}

    References
    ----------
    .. [1] Vaswani et al. (2017), "Attention is all you need", NeurIPS.
    .. [2] Xiong et al. (2020), "On layer normalization in the transformer architecture", ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import TransformerRegressor
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> stars = np.array([5.0, 4.0, 1.0, 2.0] * 10)
    >>> regressor = TransformerRegressor(
    ...     n_layers=1, n_heads=2, embedding_dim=8, learning_rate=0.01, random_state=0
    ... )
    >>> regressor.fit(ids, stars).predict([[2, 5, 0]]) > 3
    array([ True])
    """
