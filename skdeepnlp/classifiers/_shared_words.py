"""What every classifier has in common, in words that are written once."""

from skdeepnlp._shared_words import shares_words

__all__ = ["with_shared_words"]

_PARAMETERS = """\
embedding_dim : int, default=64
    Length of the vector learnt for each token.
embedding_dropout : float, default=0.5
    Share of the embedded numbers set to zero in training.
dropout : float, default=0.5
    Share of the features set to zero in training, between layers and before the last one.
l1 : float, default=0.0
    Factor of the sum of absolute weights that is added to the loss. Counts the matrices of
    the encoder and of the last layer, not the embedding and not the biases.
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
    0 is silent; 1 or True prints a line an epoch with its number, losses, scores and seconds."""

_ATTRIBUTES = """\
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
    A live Keras model of one's own: ids in, probabilities out."""

with_shared_words = shares_words(
    {
        "parameters of every classifier": _PARAMETERS,
        "attributes of every classifier": _ATTRIBUTES,
    }
)
