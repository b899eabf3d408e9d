"""The parameters of the encoders: recurrent, convolutional, attention, transformer, custom."""

from numbers import Integral
from typing import Any

from scipy.stats import uniform

from skdeepnlp._sklearn import Interval, StrOptions
from skdeepnlp.estimators._parameters import COUNT, SHARE, STRENGTH, Parameter, Receiver
from skdeepnlp.networks import INITIALIZERS

_ACTIVATIONS = ("elu", "gelu", "relu", "selu", "silu", "tanh")


def _option(name: str, default: Any, limits: list[Any], doc: str, **keywords: Any) -> Parameter:
    return Parameter(name, default, limits, doc, Receiver.ENCODER, **keywords)


def n_layers(default: int) -> Parameter:
    """Return the number of layers."""
    doc = """
int
    Number of layers of the encoder."""
    return _option("n_layers", default, COUNT, doc, simpler=("less", 1), search=("large", [1, 2]))


def units(doc: str, default: int | None = 64) -> Parameter:
    """Return the width of the layers."""
    limits = COUNT if default else [*COUNT, None]
    kwargs: dict[str, Any] = {"search": ("medium", [32, 64, 128]), "grid": (("large", [32, 64]),)}
    return _option("units", default, limits, doc, simpler=("less", 3), **kwargs)


def pooling(default: str, *more: str) -> Parameter:
    """Return how outputs are pooled over time."""
    names = ("max", "mean", "max+mean", "attention", *more)
    listed = ", ".join(f'"{name}"' for name in names)
    final = ', or the final state alone ("last")' if more else ""
    doc = f"""
{{{listed}}}
    Pooling of the outputs of the last layer over time: their maximum, their mean, both, their sum
    with trained attention weights (Yang et al. 2016){final}."""
    return Parameter(
        "pooling",
        default,
        [StrOptions(set(names))],
        doc,
        Receiver.NETWORK,
        search=("large", ["max", "max+mean"]),
    )


def activation(default: str, names: tuple[str, ...] = _ACTIVATIONS, doc: str = "") -> Parameter:
    """Return the activation function."""
    listed = ", ".join(f'"{name}"' for name in names)
    text = f"\n{{{listed}}}\n    {doc or 'Activation function of the layers of the encoder.'}"
    return _option("activation", default, [StrOptions(set(names))], text)


def kernel_initializer(default: str) -> Parameter:
    """Return how matrices are initialized."""
    doc = """
str
    Initializer of the input kernels: "glorot_uniform" or "glorot_normal" (Glorot & Bengio 2010,
    also called Xavier), "he_uniform" or "he_normal" (He et al. 2015, for "relu"), or "orthogonal"
    (Saxe et al. 2014)."""
    return _option("kernel_initializer", default, [StrOptions(set(INITIALIZERS))], doc)


def custom_encoder_parameter() -> Parameter:
    """Return the function that is a custom encoder."""
    doc = """
callable
    A function of Keras layers, from embedded tokens of shape ``(batch, time, embedding_dim)``,
    which carry the mask of the real tokens, to features of shape ``(batch, n)``, or to a sequence
    of shape ``(batch, time, n)`` that is then pooled. Called when a network is built, it must make
    new layers in each call and depend on nothing but its arguments: fits with the same function
    share compiled networks. Layers that draw without a seed follow `random_state`. For arguments
    give a `functools.partial`; other callable objects are copied by `sklearn.base.clone`, and
    compiled again for each copy unless they define equality. Must be defined in a module to be
    pickled. None raises an error in `fit`."""
    return _option("encoder", None, [callable, None], doc)


STACKED = (
    _option(
        "residual",
        False,
        ["boolean"],
        """
bool
    Residual connections: whether the input of each layer is added to its outputs (He et al. 2016),
    by a projection where the widths differ. Helps gradients through several layers.""",
    ),
    _option(
        "normalization",
        None,
        [StrOptions({"layer", "batch"}), None],
        """
{"layer", "batch"} or None
    Normalization after each layer that returns a sequence: of the features of each token (layer
    normalization, Ba et al. 2016), or of each feature over the tokens of the batch (batch
    normalization, Ioffe & Szegedy 2015). Padding does not count.""",
    ),
)

RECURRENT = (
    units("""
int
    Width of each recurrent layer, in each direction."""),
    n_layers(1),
    _option(
        "bidirectional",
        True,
        ["boolean"],
        """
bool
    Whether each layer reads the text in both directions.""",
        simpler=("less", 2),
    ),
    pooling("max+mean", "last"),
    Parameter(
        "recurrent_dropout",
        0.0,
        SHARE,
        """
float
    Dropout rate of the recurrent state, with one mask for all time steps (Gal & Ghahramani 2016).
    On a processor it leaves the fast path of LSTM layers.""",
        Receiver.RATE,
        simpler=("more", 20),
    ),
    Parameter(
        "weight_dropout",
        0.0,
        SHARE,
        """
float
    Dropout rate of the weights of the recurrent kernel, drawn for each batch (DropConnect: Wan et
    al. 2013, Merity et al. 2017). Keeps the fast path.""",
        Receiver.RATE,
        simpler=("more", 19),
        search=("medium", uniform(0.0, 0.3)),
    ),
    Parameter(
        "activity_l2",
        0.0,
        STRENGTH,
        """
float
    Activation regularization: factor of the mean square of the last layer's outputs in the loss
    (Merity et al. 2017). Padding does not count; not with `pooling` "last".""",
        Receiver.RATE,
        simpler=("more", 24),
    ),
    Parameter(
        "temporal_l2",
        0.0,
        STRENGTH,
        """
float
    Temporal activation regularization: factor of the mean square of their changes from token to
    token (Merity et al. 2017). Not with `pooling` "last".""",
        Receiver.RATE,
        simpler=("more", 25),
    ),
    *STACKED,
    kernel_initializer("glorot_uniform"),
)

CONVOLUTIONAL = (
    _option(
        "filters",
        100,
        COUNT,
        """
int
    Number of filters of each width.""",
        simpler=("less", 4),
        search=("medium", [50, 100, 200]),
        grid=(("large", [50, 100]),),
    ),
    _option(
        "kernel_sizes",
        (3, 4, 5),
        ["array-like"],
        """
sequence of int
    Widths of the filters, in tokens.""",
    ),
    n_layers(1),
    pooling("max"),
    *STACKED,
    activation("relu"),
    kernel_initializer("he_uniform"),
)

ATTENTION = (
    units(
        """
int or None
    Width of a dense layer that each token passes first; None leaves it out, and with it
    `activation` and `kernel_initializer`.""",
        None,
    ),
    activation("relu"),
    kernel_initializer("glorot_uniform"),
)

TRANSFORMER = (
    n_layers(2),
    _option(
        "n_heads",
        4,
        COUNT,
        """
int
    Number of attention heads of each block; must divide `embedding_dim`.""",
    ),
    _option(
        "feedforward_dim",
        128,
        COUNT,
        """
int
    Width of the dense layer of each block.""",
        simpler=("less", 5),
        search=("medium", [64, 128, 256]),
        grid=(("large", [64, 128]),),
    ),
    _option(
        "positions",
        "sinusoidal",
        [StrOptions({"sinusoidal", "learned"}), None],
        """
{"sinusoidal", "learned"} or None
    Position encoding: fixed sine waves, a vector trained for each position, or none.""",
    ),
    _option(
        "max_positions",
        512,
        [Interval(Integral, 1, None, closed="left")],
        """
int
    Number of positions with a trained vector where `positions` is "learned"; later tokens share the
    last one. Ignored otherwise.""",
    ),
    pooling("max+mean"),
    activation("relu"),
    kernel_initializer("glorot_uniform"),
)

ENCODERS = (RECURRENT, CONVOLUTIONAL, ATTENTION, TRANSFORMER)
