"""What every classifier has in common, in words that are written once."""

from skdeepnlp._shared_words import shares_words

__all__ = ["with_shared_words"]

_PARAMETERS = """\
vocabulary_size : int or None, default=None
    Number of ids, padding and unknown included: those from 0 to ``vocabulary_size - 1`` are known,
    and others are refused in `fit` and after it. None takes the vocabulary that the ids remember.
    Where they remember none, as in a plain matrix, ids up to the largest one in `fit` are known;
    others are read as unknown later, with an `UnknownIdsWarning`.
embedding_dim : int, default=64
    Length of the vector learnt for each token.
embedding_dropout : float, default=0.5
    Share of the embedded numbers set to zero in training (Srivastava et al. 2014).
embedding_min_df : int, default=1
    Training samples that a token must occur in to get a vector of its own; rarer tokens share that
    of the unknown one, which is trained by them. The linear model of `linear_ngrams` keeps them.
    Not in `partial_fit`.
linear_ngrams : int, default=0
    Maximum n-gram length, in tokens, of a linear model that votes beside the network, up to 50;
    0 disables it. The model is the mean of calibrated logistic regressions: of the n-grams that
    occur, weighted by their log-count ratios as in naive Bayes (Wang & Manning 2012), of their
    TF-IDF, and, where the tokens are known, of the TF-IDF of words of two letters or more.
    Predictions average the logits of the linear model and of the network, the
    latter calibrated on the validation set (Platt 1999). The network is trained by itself, and
    `history_` is its own. Costs twelve linear fits, once for the same samples. Not in
    `partial_fit`.
linear_c : float, default=3.0
    Inverse regularization strength of the first of these regressions, as in
    `sklearn.linear_model.LogisticRegression`; the others get ten times as much. Has no effect
    where `linear_ngrams` is 0.
linear_share : float, default=0.65
    Weight of the linear model in the mean, from 0 for the network alone to 1 for the linear model
    alone. Has no effect where `linear_ngrams` is 0.
word_dropout : float, default=0.0
    Share of the tokens made unknown in training, whole (Iyyer et al. 2015).
dropout : float, default=0.5
    Share of the features set to zero in training, between layers and before the last one
    (Srivastava et al. 2014).
l1 : float, default=0.0
    Factor of the sum of absolute weights that is added to the loss (Tibshirani 1996). Counts the
    matrices of the encoder and of the last layer, not the embedding and not the biases.
l2 : float, default=0.0
    Factor of the sum of squared weights, likewise (Krogh & Hertz 1992).
max_norm : float or None, default=None
    Longest vector of weights of one output in the last layer; longer ones are cut to it after
    each step (Srivastava et al. 2014; 3 in Kim 2014). None lets them grow.
label_smoothing : float, default=0.0
    Share of each label that is spread evenly over all classes in training (Szegedy et al.
    2016). `history_` and early stopping go by the labels as they are.
mixup : float, default=0.0
    In training the features of each text are mixed with those of another one of its batch, and
    the losses of both labels by the same shares, drawn for each batch from a beta distribution
    with this as both of its parameters (Zhang et al. 2018; of features: Guo et al. 2019): 0.2
    mixes little, 1 evenly. 0 mixes nothing.
r_drop : float, default=0.0
    Factor of the divergence between two passes of the same texts with other dropout, which is
    added to the mean of their losses (Liang et al. 2021); 1 to 5 are usual. A step
    takes every text twice. Needs a dropout that is drawn anew in each pass: `weight_dropout` is
    not.
adversarial_epsilon : float, default=0.0
    Length, as a share of the length of a text's embedded tokens, of the shift of these that raises
    the loss most; the loss is the mean of that of the texts as they are and that of the shifted
    ones (Miyato et al. 2017, who normalise the embedding instead). 0.02 to 0.2 are worth a try. A
    step takes every text three times. On TensorFlow and JAX. At most one of `mixup`, `r_drop`
    and `adversarial_epsilon` may be above 0.
ema_decay : float or None, default=None
    How much of the running averages of all weights is kept in each step, 0.99 or 0.999 for
    instance; less in the first steps, n / (n + 9) at most after n of them. The averages are what
    is watched, kept and predicted with (Polyak & Juditsky 1992). None keeps no averages.
optimizer : str, default="adam"
    Keras' name of the optimizer: "adadelta", "adagrad", "adam", "adamax", "adamw", "lion",
    "nadam", "rmsprop" or "sgd".
learning_rate : float, default=0.001
    Step size of the optimizer.
learning_rate_schedule : {"cosine", "one_cycle", "plateau"} or None, default=None
    How the step size goes over `epochs`: "cosine" lets it fall to nothing (Loshchilov & Hutter
    2017), "one_cycle" rise and fall (Smith 2018), "plateau" halves it each time that two epochs
    brought no smaller loss of the rows watched, for which `n_iter_no_change` should be well above
    2. None keeps it. Not in `partial_fit`, which knows no last epoch.
warmup : float, default=0.0
    Share of all steps over which the step size rises in a straight line, one step at least
    (Goyal et al. 2017). The "one_cycle" schedule rises by itself, over 0.3 of all steps; above 0
    this is the share in place of that.
weight_decay : float or None, default=None
    Share, times the step size, by which all matrices shrink in each step, embedding included,
    beside what the loss asks for (Loshchilov & Hutter 2019). None leaves it to the optimizer:
    0.004 in "adamw", nothing in the others.
clipnorm : float or None, default=10.0
    Maximum global L2 norm of the gradients of all weights: where it is exceeded, all of them are
    scaled down by one factor (Pascanu et al. 2013). Fewer than one step in a hundred of a healthy
    training exceeds the default. None clips nothing.
clipvalue : float or None, default=None
    Largest number in a gradient; larger ones are cut to it, before `clipnorm` (Mikolov 2012).
    None cuts nothing.
batch_size : int or "auto", default="auto"
    Texts in a training step. "auto" takes 32, or 16 with fewer than 800 rows in `fit` and 8 with
    fewer than 400, for few rows need about as many steps as more of them; in `partial_fit` 32.
epochs : int, default=20
    Passes over the training texts, at most.
early_stopping : bool, default=True
    Whether to set a part of the training rows aside, stop when its loss (or what `scoring` names)
    gets no better, and keep the weights of the best epoch (Prechelt 1998). False trains for all
    `epochs`.
validation_fraction : float, default=0.1
    Share of the training rows that early stopping watches, drawn class by class with
    `random_state`. A class of two rows or more has one of them watched, as long as that takes
    no more than about twice the share; a warning names the classes that have none. Not used
    if `fit` is given `X_val`.
n_iter_no_change : int, default=3
    Early stopping waits for this many epochs without a smaller loss, or a better score.
min_steps : int, default=300
    Early stopping lets an epoch be the best one only from this many training steps on; where
    `epochs` end before, the last epoch is kept. With few rows the validation loss of a network
    rises, as its predictions get too confident, while its accuracy still grows. 0 lets every
    epoch count.
scoring : "loss", str, callable or None, default="loss"
    By what early stopping chooses the best epoch. "loss" is the validation loss. Else the epoch of
    the highest score of the validation set, among equal scores of the smallest loss: the name of a
    scorer of scikit-learn, such as "f1_macro" for imbalanced classes; a callable
    ``scorer(estimator, X, y)`` that returns a float, where the estimator predicts by the network
    of this epoch and `X` holds token ids; or None for the accuracy. Scorers that take
    `sample_weight` get that of the rows, without `class_weight`. The "plateau" schedule follows the
    loss in any case.
refit_on_all : bool or "auto", default="auto"
    Whether to train again from the start, once early stopping has found the best number of epochs,
    for so many epochs on all rows, those set aside included (Goodfellow et al. 2016, section 7.8);
    takes up to twice as long. "auto" does with fewer than 5,000 rows in `fit`, unless there are
    `X_val`, `warm_start`, `callbacks` or the "plateau" schedule. `history_` stays that of the
    first training. Ctrl-C in the first one begins no second; in the epochs of the second it keeps
    what was learnt in the first. Losses that are not numbers end the fit with an error in either.
    True is refused with `X_val`, `warm_start` and training in parts.
class_weight : dict, list of dict, "balanced" or None, default=None
    Weight of each class; "balanced" weighs classes inversely to how often they occur in `y`,
    in validation data too. For several labels a row a list with a dict for each label, such as
    ``[{0: 1, 1: 5}, ...]``, or "balanced" for each label by itself.
callbacks : list or tuple of keras.callbacks.Callback or None, default=None
    Called in training as by `keras.Model.fit`, on copies; they may stop training, change the
    learning rate (unless a schedule sets it in each step) or restore weights. The network they see
    gives logits; what `keras.callbacks.ModelCheckpoint` saves loads once `skdeepnlp.classifiers` is
    imported. For scikit-learn's own callbacks use `set_callbacks`.
warm_start : bool, default=False
    Whether `fit` goes on from the weights of the fit before, on the same labels and
    vocabulary; from its optimizer too, unless early stopping kept weights of an earlier epoch.
random_state : int, RandomState instance or None, default=None
    Decides initial weights, dropout, batches and the rows set aside. Two fits with the same
    int are bit-equal on one machine's processor; no global generator is used or changed.
verbose : int, default=0
    0 is silent; 1 or True prints a line an epoch with its number, losses, scores and seconds."""

_ATTRIBUTES_AND_NOTES = """\
Attributes
----------
classes_ : ndarray of shape (n_classes,)
    The labels, sorted; for several labels a row, the names of the columns of `y` if it was a
    frame, else their numbers.
n_classes_ : int
    Number of classes.
n_features_in_ : int
    Width of the ids seen in fit; for token sequences the longest length.
feature_names_in_ : ndarray of shape (n_features_in_,)
    Names of the columns, if `X` was a frame with columns that all have names.
vocabulary_ : Vocabulary or None
    The tokens behind the ids; None if the ids did not remember it.
vocabulary_size_ : int
    Number of ids known, padding and unknown included: `vocabulary_size`, that of the vocabulary,
    or one more than the largest id in `fit`. The embedding may have up to an eighth
    more rows, on JAX up to twice as many.
history_ : dict of str to list of float
    One entry an epoch: "loss" and "score" (accuracy) of the training rows, as met in
    training, with dropout; "val_loss" and "val_score" of the validation set, if there is one.
    "val_score" is what `scoring` names, else accuracy. What `callbacks` add to the logs of an
    epoch is here too; they find the accuracies as "accuracy" and "val_accuracy" as well.
    All are of the network alone, without the linear model of `linear_ngrams`. With `mixup` the
    first two are of mixed texts and do not show overfitting: compare ``score`` on the training
    samples with that on others.
n_iter_ : int
    Number of epochs trained.
best_iteration_ : int
    Index into the lists of `history_` of the epoch whose weights were kept; -1 if Ctrl-C came
    before the first epoch was finished, or if a callback restored weights without a `best_epoch`.
model_ : keras.Model
    A standalone, compiled Keras model of the network alone, from ids to probabilities.

See Also
--------
skdeepnlp.make_text_pipeline : From raw text to labels in one pipeline.
skdeepnlp.text.SequencePadder : Makes the ids that this classifier takes.

Notes
-----
Padding ids are dropped wherever they stand; a text without any token is read as a single
unknown token. A fitted classifier holds plain arrays: its pickle is about as large as its
weights, and a network is built when it has to predict."""

_KERNEL_INITIALIZER = """\
kernel_initializer : str
    How the matrices that meet a layer's input are drawn: "glorot_uniform" or "glorot_normal"
    (Glorot & Bengio 2010, also called Xavier), "he_uniform" or "he_normal" (He et al. 2015, for
    "relu"), or "orthogonal" (Saxe et al. 2014). Defaults to "he_uniform" where the activation is
    "relu" by default, as in `CNNClassifier`, else to "glorot_uniform"."""

_RESIDUAL_AND_NORMALIZATION = """\
residual : bool, default=False
    Whether the input of each layer is added to its outputs (He et al. 2016), by way of a matrix
    where the widths differ. Helps gradients through several layers.
normalization : {"layer", "batch"} or None, default=None
    What follows each layer that hands on a sequence: normalisation of each token's features (Ba
    et al. 2016), of each feature over the tokens of the batch (Ioffe & Szegedy 2015), or
    nothing. Padding does not count."""

_N_LAYERS = """\
n_layers : int
    Number of layers of the encoder; 1 by default, 2 in `TransformerClassifier`."""

_POOLING = """\
pooling : {"max", "mean", "max+mean", "attention"}
    What is kept of the last layer's outputs over time: their maximum, their mean, both, or
    their sum with learnt weights. "max" by default in `CNNClassifier`, else "max+mean"."""

_ACTIVATION = """\
activation : {"elu", "gelu", "relu", "selu", "silu", "tanh"}, default="relu"
    The function behind the layers of the encoder."""

_RECURRENT = f"""\
units : int, default=64
    Width of each recurrent layer, in each direction.
n_layers : int, default=1
    Number of recurrent layers.
bidirectional : bool, default=True
    Whether each layer reads the text in both directions.
pooling : {{"max", "mean", "max+mean", "attention", "last"}}, default="max+mean"
    What is kept of the last layer's outputs over time: their maximum, their mean, both, their
    sum with learnt weights (Yang et al. 2016), or the final state alone.
recurrent_dropout : float, default=0.0
    Share of the recurrent state set to zero in training, the same at every time step (Gal &
    Ghahramani 2016). On a processor it leaves the fast path of `LSTMClassifier`.
weight_dropout : float, default=0.0
    Share of the weights that multiply the recurrent state set to zero in training, others in
    each batch (DropConnect: Wan et al. 2013, Merity et al. 2017). Keeps the fast path.
activity_l2 : float, default=0.0
    Factor of the mean square of the last layer's outputs that is added to the loss (Merity et
    al. 2017). Padding does not count; not with `pooling` "last".
temporal_l2 : float, default=0.0
    Factor of the mean square of their changes from token to token, likewise.
{_RESIDUAL_AND_NORMALIZATION}
{_KERNEL_INITIALIZER}"""

with_shared_words = shares_words(
    {
        "activation": _ACTIVATION,
        "attributes and notes of every classifier": _ATTRIBUTES_AND_NOTES,
        "kernel initializer": _KERNEL_INITIALIZER,
        "n layers": _N_LAYERS,
        "parameters of every classifier": _PARAMETERS,
        "parameters of every recurrent network": _RECURRENT,
        "pooling over time": _POOLING,
        "residual and normalization": _RESIDUAL_AND_NORMALIZATION,
    }
)
