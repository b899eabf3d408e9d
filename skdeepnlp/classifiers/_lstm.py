"""The LSTM text classifier."""

from dataclasses import dataclass
from numbers import Integral, Real

from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import lstm_encoder

__all__ = ["LSTMClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class LSTMClassifier(BaseSequenceClassifier):
    """Long short-term memory network that classifies texts given as token ids.

    Token ids are embedded, read by one or more LSTM layers, pooled over time and classified by a
    dense layer. Trained by `fit` on batches of texts of similar length, so padding costs little
    and never changes a result. Every parameter can be searched.

    Parameters
    ----------
    {parameters of every classifier}
    units : int, default=64
        Width of each LSTM layer, in each direction.
    n_layers : int, default=1
        Number of LSTM layers.
    bidirectional : bool, default=True
        Whether each layer reads the text in both directions.
    pooling : {"max", "mean", "max+mean", "last"}, default="max+mean"
        What is kept of the last layer's outputs over time: their maximum, their mean, both, or
        the final state alone.
    recurrent_dropout : float, default=0.0
        Share of the recurrent state set to zero in training, the same at every time step [2]_.

    Attributes
    ----------
    {attributes of every classifier}

    See Also
    --------
    skdeepnlp.make_text_pipeline : From raw text to labels in one pipeline.
    skdeepnlp.text.SequencePadder : Makes the ids that this classifier takes.

    Notes
    -----
    Padding ids are dropped wherever they stand; a text without any token is read as a single
    unknown token. A fitted classifier holds plain arrays: its pickle is about as large as its
    weights, and a network is built when it has to predict.

    References
    ----------
    .. [1] Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9(8).
    .. [2] Gal & Ghahramani (2016), "A theoretically grounded application of dropout in recurrent
       neural networks", NeurIPS.

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

    units: int = 64
    n_layers: int = 1
    bidirectional: bool = True
    pooling: str = "max+mean"
    recurrent_dropout: float = 0.0

    _encoder = staticmethod(lstm_encoder)
    _encoder_parameters = ("bidirectional", "n_layers", "pooling", "recurrent_dropout", "units")
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "units": [Interval(Integral, 1, None, closed="left")],
        "n_layers": [Interval(Integral, 1, None, closed="left")],
        "bidirectional": ["boolean"],
        "pooling": [StrOptions({"max", "mean", "max+mean", "last"})],
        "recurrent_dropout": [Interval(Real, 0, 1, closed="left")],
    }
