"""The parameters of every network: embedding, linear model, regularizers, labels."""

from numbers import Integral, Real

from scipy.stats import loguniform, uniform

from skdeepnlp._sklearn import Interval, StrOptions
from skdeepnlp.estimators._parameters import COUNT, LIMIT, SHARE, STRENGTH, Parameter, Receiver
from skdeepnlp.estimators._training_parameters import EARLY_STOPPING, OPTIMIZATION, RUNNING

EMBEDDING = (
    Parameter(
        "vocabulary_size",
        None,
        [Interval(Integral, 2, None, closed="left"), None],
        """
int or None
    Number of ids, padding and unknown included: ids from 0 to ``vocabulary_size - 1`` are known,
    others raise an error. None takes the vocabulary that the ids carry. Where they carry none, as
    in a plain matrix, ids up to the largest one in `fit` are known; later ones are read as
    unknown, with an `UnknownIdsWarning`.""",
    ),
    Parameter(
        "embedding_dim",
        64,
        COUNT,
        """
int
    Dimension of the embedding: length of the vector trained for each token.""",
        Receiver.NETWORK,
        simpler=("less", 6),
        search=("large", [32, 64, 128]),
    ),
    Parameter(
        "embedding_dropout",
        0.5,
        SHARE,
        """
float
    Dropout rate of the embedded tokens, number by number (Srivastava et al. 2014).""",
        Receiver.RATE,
        simpler=("more", 17),
        search=("small", uniform(0.2, 0.4)),
        grid=(
            ("small", [0.3, 0.5]),
            ("medium", [0.2, 0.4, 0.6]),
            ("large", [0.2, 0.4, 0.6]),
        ),
    ),
    Parameter(
        "embedding_min_df",
        1,
        COUNT,
        """
int
    Minimum document frequency: training samples that a token must occur in to get a vector of its
    own. Rarer tokens share the vector of the unknown token, which they train. The linear model of
    `linear_ngrams` keeps them. Not in `partial_fit`.""",
        simpler=("more", 31),
        search=("medium", [1, 2]),
    ),
)

LINEAR_MODEL = (
    Parameter(
        "linear_ngrams",
        0,
        [Interval(Integral, 0, 50, closed="both")],
        """
int
    Maximum n-gram length, in tokens, of an auxiliary linear model, up to 50; 0 disables it. The
    model is the mean of calibrated logistic regressions: of the n-grams that occur, weighted by
    their log-count ratios as in naive Bayes (Wang & Manning 2012), of their TF-IDF, and, where the
    tokens are known, of the TF-IDF of words of two letters or more. Predictions average the logits
    of the linear model and of the network, the latter calibrated on the validation set (Platt
    1999), or scaled by 0.4 where there is none. The network is trained by itself, and `history_` is
    its own. Each regression is fitted four times. Not in `partial_fit`.""",
        simpler=("less", 11),
        search=("large", [2, 3]),
    ),
    Parameter(
        "linear_c",
        3.0,
        [Interval(Real, 0, None, closed="neither")],
        """
float
    Inverse regularization strength of the first of these regressions, as in
    `sklearn.linear_model.LogisticRegression`; the others get ten times as much. Ignored where
    `linear_ngrams` is 0.""",
        simpler=("less", 12),
        search=("medium", [1.0, 3.0, 10.0]),  # few values, so that folds fit few linear models
    ),
    Parameter(
        "linear_share",
        0.65,
        [Interval(Real, 0, 1, closed="both")],
        """
float
    Weight of the linear model in the mean, from 0 for the network alone to 1 for the linear model
    alone. Ignored where `linear_ngrams` is 0.""",
        simpler=("more", 30),
        search=("medium", uniform(0.5, 0.4)),
    ),
)

RIDGE_MODEL = (
    Parameter(
        "linear_ngrams",
        0,
        [Interval(Integral, 0, 50, closed="both")],
        """
int
    Maximum n-gram length, in tokens, of an auxiliary linear model, up to 50; 0 disables it. The
    model is the mean of ridge regressions of the TF-IDF of n-grams and, where the tokens are known,
    of that of words of two letters or more. Predictions average the linear model and the network.
    The network is trained by itself, and `history_` is its own. Each regression is fitted four
    times. Not in `partial_fit`.""",
        simpler=("less", 11),
        search=("large", [2, 3]),
    ),
    Parameter(
        "linear_c",
        3.0,
        [Interval(Real, 0, None, closed="neither")],
        """
float
    Inverse regularization strength of these regressions, ``1 / alpha`` of
    `sklearn.linear_model.Ridge`. Ignored where `linear_ngrams` is 0.""",
        simpler=("less", 12),
        search=("medium", [1.0, 3.0, 10.0]),
    ),
    Parameter(
        "linear_share",
        "auto",
        [Interval(Real, 0, 1, closed="both"), StrOptions({"auto"})],
        """
float or "auto"
    Weight of the linear model in the mean, from 0 for the network alone to 1 for the linear model
    alone. "auto" takes the one with the least squared error on the validation set, or 0.5 where
    there is none. Ignored where `linear_ngrams` is 0.""",
        simpler=("more", 30),
    ),
)

REGULARIZERS = (
    Parameter(
        "word_dropout",
        0.0,
        SHARE,
        """
float
    Word dropout: share of the tokens replaced by the unknown token in training (Iyyer et al.
    2015).""",
        Receiver.RATE,
        simpler=("more", 18),
        search=("medium", uniform(0.0, 0.2)),
    ),
    Parameter(
        "dropout",
        0.5,
        SHARE,
        """
float
    Dropout rate of the features, between layers and before the last one (Srivastava et al.
    2014).""",
        Receiver.RATE,
        simpler=("more", 16),
        search=("small", uniform(0.2, 0.5)),
        grid=(
            ("small", [0.3, 0.5]),
            ("medium", [0.2, 0.4, 0.6]),
            ("large", [0.2, 0.4, 0.6]),
        ),
    ),
    Parameter(
        "l1",
        0.0,
        STRENGTH,
        """
float
    Strength of the L1 penalty on kernels: factor of their sum of absolute values in the loss
    (Tibshirani 1996). Embeddings and biases are not penalized.""",
        Receiver.LOSS,
        simpler=("more", 22),
    ),
    Parameter(
        "l2",
        0.0,
        STRENGTH,
        """
float
    Strength of the L2 penalty on kernels: factor of their sum of squares in the loss (Krogh & Hertz
    1992). Embeddings and biases are not penalized.""",
        Receiver.LOSS,
        simpler=("more", 21),
        search=("medium", loguniform(1e-7, 1e-3)),
        grid=(("large", [0.0, 1e-4]),),
    ),
    Parameter(
        "max_norm",
        None,
        LIMIT,
        """
float or None
    Maximum L2 norm of each column of the output kernel (max-norm constraint), kept after each step
    (Srivastava et al. 2014; 3 in Kim 2014). None sets no maximum.""",
        Receiver.OPTIMIZER,
        simpler=("less", 13),
    ),
    Parameter(
        "mixup",
        0.0,
        STRENGTH,
        """
float
    Mixup: parameter of the beta distribution by which features and losses of pairs of texts are
    mixed in training (Zhang et al. 2018; of features: Guo et al. 2019). 0.2 mixes little, 1 evenly,
    0 disables it.""",
        Receiver.RATE,
        simpler=("more", 28),
    ),
    Parameter(
        "r_drop",
        0.0,
        STRENGTH,
        """
float
    R-Drop: weight in the loss of the divergence between two forward passes of the same texts
    (Liang et al. 2021); 1 to 5 are usual. A step takes every text twice. Requires at least one
    dropout that is resampled in each forward pass; `weight_dropout` is not.""",
        Receiver.LOSS,
        simpler=("more", 27),
    ),
    Parameter(
        "adversarial_epsilon",
        0.0,
        STRENGTH,
        """
float
    Adversarial training: size of the perturbation of the embedded tokens, relative to their L2
    norm; the loss is the mean over the texts as they are and perturbed (Miyato et al. 2017, who
    normalize the embedding instead). 0.02 to 0.2 are usual. A step takes every text three times.
    On TensorFlow and JAX. At most one of `mixup`, `r_drop` and `adversarial_epsilon` may be above
    0.""",
        Receiver.RATE,
        simpler=("more", 29),
    ),
    Parameter(
        "ema_decay",
        None,
        [Interval(Real, 0, 1, closed="neither"), None],
        """
float or None
    Decay of the exponential moving average (EMA) of the weights, e.g. 0.99; at most n / (n + 9)
    after n steps. Validation and predictions use the averages (Polyak & Juditsky 1992). None keeps
    none.""",
        Receiver.OPTIMIZER,
    ),
)

LABEL_SMOOTHING = (
    Parameter(
        "label_smoothing",
        0.0,
        SHARE,
        """
float
    Label smoothing: share of each label that is spread evenly over all classes in training
    (Szegedy et al. 2016). `history_` and early stopping use the labels as they are.""",
        Receiver.LOSS,
        simpler=("more", 26),
        search=("medium", uniform(0.0, 0.15)),
    ),
)

CLASS_WEIGHT = (
    Parameter(
        "class_weight",
        None,
        [dict, list, StrOptions({"balanced"}), None],
        """
dict, list of dict, "balanced" or None
    Weight of each class; "balanced" weighs classes inversely to their frequency in `y`, in the
    validation set too. For several labels a list with a dict for each label, such as
    ``[{0: 1, 1: 5}, ...]``, or "balanced" for each label by itself.""",
    ),
)

SHARED = (*EMBEDDING, *REGULARIZERS, *OPTIMIZATION, *EARLY_STOPPING, *RUNNING)

CLASSIFIER = (*LINEAR_MODEL, *LABEL_SMOOTHING, *CLASS_WEIGHT)
REGRESSOR = RIDGE_MODEL
