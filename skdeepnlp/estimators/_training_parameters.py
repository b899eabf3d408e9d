"""The parameters of training: optimizer, early stopping, callbacks, seeds."""

from numbers import Integral, Real

from scipy.stats import loguniform
from sklearn.metrics import get_scorer_names

from skdeepnlp._sklearn import Interval, StrOptions
from skdeepnlp.estimators._parameters import COUNT, LIMIT, SHARE, STRENGTH, Parameter, Receiver
from skdeepnlp.training import OPTIMIZER_NAMES, SCHEDULES

OPTIMIZATION = (
    Parameter(
        "optimizer",
        "adam",
        [StrOptions(set(OPTIMIZER_NAMES))],
        """
str
    Keras' name of the optimizer: "adadelta", "adagrad", "adam", "adamax", "adamw", "lion",
    "nadam", "rmsprop" or "sgd".""",
    ),
    Parameter(
        "learning_rate",
        1e-3,
        [Interval(Real, 0, None, closed="neither")],
        """
float
    Learning rate of the optimizer.""",
        search=("small", loguniform(5e-4, 5e-3)),
        grid=(
            ("small", [1e-3, 3e-3]),
            ("medium", [5e-4, 1e-3, 3e-3]),
            ("large", [5e-4, 1e-3, 3e-3]),
        ),
    ),
    Parameter(
        "learning_rate_schedule",
        None,
        [StrOptions(set(SCHEDULES)), None],
        """
{"cosine", "one_cycle", "plateau"} or None
    Schedule of the learning rate over `epochs`: "cosine" decays it to 0 (Loshchilov & Hutter 2017),
    "one_cycle" raises and lowers it (Smith 2018), "plateau" halves it after two epochs without a
    smaller validation loss, for which `n_iter_no_change` should be well above 2. None keeps it.
    Not in `partial_fit`, which has no last epoch.""",
    ),
    Parameter(
        "warmup",
        0.0,
        SHARE,
        """
float
    Share of all steps over which the learning rate rises linearly, one step at least (Goyal et al.
    2017). "one_cycle" rises by itself, over 0.3 of all steps; above 0 this is that share.""",
    ),
    Parameter(
        "weight_decay",
        None,
        [*STRENGTH, None],
        """
float or None
    Decoupled weight decay of all matrices, embeddings included: the share, times the learning rate,
    by which they shrink in each step (Loshchilov & Hutter 2019). None leaves it to the optimizer:
    0.004 in "adamw", 0 in the others.""",
        Receiver.OPTIMIZER,
        simpler=("more", 23),
        search=("large", loguniform(1e-2, 3.0)),
    ),
    Parameter(
        "clipnorm",
        10.0,
        LIMIT,
        """
float or None
    Gradient clipping: maximum global L2 norm of the gradients of all weights (Pascanu et al. 2013).
    Fewer than 1 % of the steps of a healthy training exceed the default. None does not clip.""",
        Receiver.OPTIMIZER,
        simpler=("less", 14),
    ),
    Parameter(
        "clipvalue",
        None,
        LIMIT,
        """
float or None
    Gradients are clipped elementwise to ``[-clipvalue, clipvalue]``, before `clipnorm` (Mikolov
    2012). None does not clip.""",
        Receiver.OPTIMIZER,
        simpler=("less", 15),
    ),
    Parameter(
        "batch_size",
        "auto",
        [*COUNT, StrOptions({"auto"})],
        """
int or "auto"
    Number of texts in a training step. "auto" is 32, or 16 with fewer than 800 samples in `fit` and
    8 with fewer than 400, as few samples need about as many steps as more; 32 in `partial_fit`.""",
        search=("large", [16, 32, 64]),
    ),
    Parameter(
        "epochs",
        20,
        COUNT,
        """
int
    Maximum number of passes over the training samples.""",
        simpler=("less", 9),
    ),
)

EARLY_STOPPING = (
    Parameter(
        "early_stopping",
        True,
        ["boolean"],
        """
bool
    Whether to hold out a validation set, stop when its loss (or `scoring`) no longer improves, and
    keep the weights of the best epoch (Prechelt 1998). False trains for all `epochs`.""",
    ),
    Parameter(
        "validation_fraction",
        0.1,
        [Interval(Real, 0, 1, closed="neither")],
        """
float
    Share of the training samples that is held out as the validation set, drawn with `random_state`.
    For classes the split is stratified: a class of two samples or more has one of them in the
    validation set, as long as that takes no more than about twice the share; a warning names the
    classes without one. Not used if `fit` is given `X_val`.""",
    ),
    Parameter(
        "n_iter_no_change",
        3,
        COUNT,
        """
int
    Number of epochs without improvement after which early stopping ends training.""",
    ),
    Parameter(
        "min_steps",
        300,
        [Interval(Integral, 0, None, closed="left")],
        """
int
    Training steps before which no epoch counts as the best one; if `epochs` end before, the last
    epoch is kept. With few samples the validation loss of a network rises, as its predictions get
    too confident, while its accuracy still grows. 0 lets every epoch count.""",
    ),
    Parameter(
        "scoring",
        "loss",
        [StrOptions({"loss", *get_scorer_names()}), callable, None],
        """
"loss", str, callable or None
    Measure by which early stopping chooses the best epoch. "loss" is the validation loss. Otherwise
    the highest validation score, among equal ones the smallest loss: the name of a scorer of
    scikit-learn, such as "f1_macro" for imbalanced classes; a callable
    ``scorer(estimator, X, y)`` that returns a float, where the estimator predicts by the network of
    this epoch and `X` holds token ids; or None for the default score (accuracy or R2). Scorers that
    take `sample_weight` get that of the samples, without `class_weight`. The "plateau" schedule
    always uses the loss.""",
    ),
    Parameter(
        "refit_on_all",
        "auto",
        ["boolean", StrOptions({"auto"})],
        """
bool or "auto"
    Whether to train again on all samples, the validation set included, for the best number of
    epochs that early stopping found (Goodfellow et al. 2016, section 7.8); takes up to twice as
    long. "auto" does so with fewer than 5,000 samples in `fit`, unless there are `X_val`,
    `warm_start`, `callbacks` or the "plateau" schedule. `history_` stays that of the first
    training. True is not allowed with `X_val`, `warm_start` and `fit_until`.""",
    ),
)

RUNNING = (
    Parameter(
        "callbacks",
        None,
        [list, tuple, None],
        """
list or tuple of keras.callbacks.Callback or None
    Called in training as by `keras.Model.fit`, on copies and on a network that no other fit uses;
    they may stop training, change the learning rate (unless a schedule sets it in each step) or
    restore weights. The network gives logits; what `keras.callbacks.ModelCheckpoint` saves loads
    once `skdeepnlp.classifiers` is imported. For those of scikit-learn use `set_callbacks`.""",
    ),
    Parameter(
        "warm_start",
        False,
        ["boolean"],
        """
bool
    Whether `fit` continues from the weights of the fit before, on the same labels and vocabulary;
    from its optimizer too, unless early stopping kept weights of an earlier epoch.""",
    ),
    Parameter(
        "random_state",
        None,
        ["random_state"],
        """
int, RandomState instance or None
    Seed of initial weights, dropout, batches and the validation split. Two fits with the same int
    are bit-equal on one machine's processor; no global generator is used or changed.""",
    ),
    Parameter(
        "verbose",
        0,
        ["verbose"],
        """
int
    0 is silent; 1 or True prints a line an epoch with its number, losses, scores and seconds.""",
    ),
)
