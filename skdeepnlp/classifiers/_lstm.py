"""The LSTM text classifier."""

from dataclasses import dataclass
from numbers import Integral, Real

from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.networks import lstm_encoder

__all__ = ["LSTMClassifier"]


@dataclass(kw_only=True, eq=False, repr=False)
class LSTMClassifier(BaseSequenceClassifier):
    """Long short-term memory network that classifies texts given as token ids.

    Token ids are embedded, read by one or more LSTM layers, pooled over time and classified by a
    dense layer. Trained by `fit` on batches of texts of similar length, so padding costs little
    and never changes a result. Every parameter can be searched.

    Parameters
    ----------
    embedding_dim : int, default=64
        Length of the vector learnt for each token.
    embedding_dropout : float, default=0.5
        Share of the embedded numbers set to zero in training.
    dropout : float, default=0.5
        Share of the features set to zero in training, between layers and before the last one.
    l1 : float, default=0.0
        Factor of the sum of absolute weights that is added to the loss. Counts the matrices of
        the LSTM and of the last layer, not the embedding and not the biases.
    l2 : float, default=0.0
        Factor of the sum of squared weights, likewise.
    optimizer : str, default="adam"
        Keras' name of the optimizer: "adadelta", "adagrad", "adam", "adamax", "adamw", "lion",
        "nadam", "rmsprop" or "sgd".
    learning_rate : float, default=0.001
        Step size of the optimizer.
    clipnorm : float or None, default=1.0
        Longest gradient of a single weight tensor; longer ones are scaled down to it. None
        clips nothing.
    batch_size : int, default=32
        Texts in a training step.
    epochs : int, default=20
        Passes over the training texts, at most.
    early_stopping : bool, default=True
        Whether to set a part of the training rows aside, stop when its loss does not fall any
        more, and keep the weights of the best epoch. False trains for all `epochs`.
    validation_fraction : float, default=0.1
        Share of the training rows that early stopping watches, drawn class by class with
        `random_state`. A class of two rows or more has one of them watched, as long as that takes
        no more than about twice the share; a warning names the classes that have none. Not used
        if `fit` is given `X_val`.
    n_iter_no_change : int, default=3
        Early stopping waits for this many epochs without a smaller loss.
    class_weight : dict, "balanced" or None, default=None
        Weight of each label; "balanced" weighs labels inversely to how often they occur in `y`,
        in validation data too. Not for rows of several labels.
    callbacks : list or tuple of keras.callbacks.Callback or None, default=None
        Called in training as by `keras.Model.fit`, on copies; they may stop training, change the
        learning rate or restore weights. The network they see gives logits; what
        `keras.callbacks.ModelCheckpoint` saves loads once `skdeepnlp.classifiers` is imported. For
        scikit-learn's own callbacks use `set_callbacks`.
    warm_start : bool, default=False
        Whether `fit` goes on from the weights of the fit before, on the same labels and
        vocabulary; from its optimizer too, unless early stopping kept weights of an earlier epoch.
    random_state : int, RandomState instance or None, default=None
        Decides initial weights, dropout, batches and the rows set aside. Two fits with the same
        int are bit-equal on one machine's processor; no global generator is used or changed.
    verbose : int, default=0
        0 is silent; 1 or True prints a line an epoch with its number, losses, scores and seconds.
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
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted; for several labels a row, the column numbers.
    n_classes_ : int
        Number of classes.
    n_features_in_ : int
        Width of the ids seen in fit; for token sequences the longest length.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if `X` was a frame with columns that all have names.
    vocabulary_ : Vocabulary or None
        The tokens behind the ids; None if the ids did not remember it.
    vocabulary_size_ : int
        Number of ids known, padding and unknown included; the embedding may have up to an eighth
        more rows.
    history_ : dict of str to list of float
        One entry an epoch: "loss" and "score" (accuracy) of the training rows, as met in
        training, with dropout; "val_loss" and "val_score" of the rows watched, if there are any.
    n_iter_ : int
        Number of epochs trained.
    best_iteration_ : int
        Index into the lists of `history_` of the epoch whose weights were kept; -1 if Ctrl-C came
        before the first epoch was finished.
    model_ : keras.Model
        A live Keras model of one's own: ids in, probabilities out.

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
