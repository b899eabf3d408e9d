"""From a specification to one uncompiled Keras model: embedding, encoder, pooling and head."""

import functools
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._seeds import seed_stream
from skdeepnlp.networks._adversarial import AdversarialShift
from skdeepnlp.networks._dropout import AdjustableDropout, WordDropout
from skdeepnlp.networks._masking import pooled
from skdeepnlp.networks._mixup import Mixup


@dataclass(frozen=True)
class NetworkSpec:
    """What decides which network is built, but its seed.

    Parameters
    ----------
    encoder : callable
        ``encoder(embedded, *, pooling, rates, seeds, **encoder_options)``; returns a sequence of
        shape ``(batch, time, n)``, which is pooled, or features of shape ``(batch, n)``.
    encoder_options : tuple of (str, value)
        What the encoder takes beside the common options, sorted by name.
    pooling : str
        How a sequence is pooled over time.
    vocabulary_size, embedding_dim, n_outputs : int
        Sizes of the input, of the vectors and of the output.
    rates : tuple of (str, float)
        Hyperparameters of layers that are above 0, such as rates of dropout, sorted by name.
    is_custom : bool, default=False
        Whether the encoder is a custom function, which may draw weights as it likes.
    """

    encoder: Callable[..., Any]
    encoder_options: tuple[tuple[str, Any], ...]
    pooling: str
    vocabulary_size: int
    embedding_dim: int
    n_outputs: int
    rates: tuple[tuple[str, float], ...] = ()
    is_custom: bool = False

    @property
    def shape(self) -> tuple:
        """What a compiled network depends on: of the rates only which of them there are."""
        options = tuple((name, comparable(value)) for name, value in self.encoder_options)
        sizes = (self.vocabulary_size, self.embedding_dim, self.n_outputs)
        return self.encoder, options, self.pooling, sizes, tuple(name for name, _ in self.rates)


def comparable(value: Any) -> Any:
    """Return an option in a form that equals that of its copies; each copy of a partial is new."""
    if isinstance(value, functools.partial):
        return value.func, value.args, tuple(sorted(value.keywords.items()))
    return value


@dataclass(frozen=True, eq=False)
class TextNetwork:
    """A network and the layers of it that training and inspection need.

    Parameters
    ----------
    model : keras.Model
        From ids of shape ``(batch, time)``, int32, to logits of shape ``(batch, n_outputs)``.
    embedding, logits : keras.layers.Layer
        The first and the last layer that have weights.
    pooling : keras.layers.Layer or None
        What pools over time; None where the encoder returned features.
    mixup, adversarial : keras.layers.Layer or None
        Layers that change the passes of a training step.
    """

    model: keras.Model
    embedding: keras.layers.Layer
    logits: keras.layers.Layer
    pooling: keras.layers.Layer | None = None
    mixup: Mixup | None = None
    adversarial: AdversarialShift | None = None

    @property
    def features(self) -> Any:
        """What the last layer takes, a symbolic tensor of shape ``(batch, n_features)``."""
        return self.logits.input


def build_network(spec: NetworkSpec, *, seed: int, known: "IdLookup | None" = None) -> TextNetwork:
    """Build an uncompiled network with freshly drawn weights.

    Parameters
    ----------
    spec : NetworkSpec
        What to build.
    seed : int
        Decides every initial weight and every dropout mask; no global generator is used.
    known : IdLookup or None, default=None
        What ids go through first, as in a model that stands alone.

    Returns
    -------
    network : TextNetwork
    """
    seeds, rates = seed_stream(seed, "network"), _Rates(spec.rates)
    given = ids = keras.Input((None,), dtype="int32", name="ids")
    if known is not None:
        ids = known(ids)
    embedding, embedded = _embed(ids, spec, rates, seeds)
    adversarial = mixup = pooling = None
    if rates["adversarial_epsilon"]:
        adversarial = AdversarialShift(rates["adversarial_epsilon"], name="adversarial")
        embedded = adversarial(embedded)
    features = spec.encoder(
        embedded, pooling=spec.pooling, rates=rates, seeds=seeds, **dict(spec.encoder_options)
    )
    if len(features.shape) == 3:
        pooling, features = pooled(features, spec.pooling, seeds)
    if rates["mixup"]:
        mixup = Mixup(rates["mixup"], seed=next(seed_stream(seed, "mixup")), name="mixup")
        features = mixup([features, ids])
    head, logits = _classify(features, spec.n_outputs, rates, seeds)
    model = keras.Model(given, logits, name="network")
    if spec.is_custom:
        _claim(model)
    return TextNetwork(model, embedding, head, pooling, mixup, adversarial)


class _Rates(dict):
    """Rates by name; 0 for those that there are not."""

    def __missing__(self, name: str) -> float:
        return 0.0


def _embed(
    ids: Any, spec: NetworkSpec, rates: _Rates, seeds: Iterator[int]
) -> tuple[keras.layers.Layer, Any]:
    """Look up a trained vector for each id; id 0 is masked."""
    if rates["word_dropout"]:
        ids = WordDropout(rates["word_dropout"], seed=next(seeds), name="word_dropout")(ids)
    embedding = keras.layers.Embedding(
        spec.vocabulary_size,
        spec.embedding_dim,
        mask_zero=True,
        embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=next(seeds)),
        name="embedding",
    )
    embedded, seed, rate = embedding(ids), next(seeds), rates["embedding_dropout"]
    if rate:
        name = "embedding_dropout"
        embedded = AdjustableDropout(rate, name, seed=seed, name=name)(embedded)
    return embedding, embedded


def _classify(
    features: Any, n_outputs: int, rates: _Rates, seeds: Iterator[int]
) -> tuple[keras.layers.Layer, Any]:
    """Add dropout and a dense layer of logits."""
    seed = next(seeds)
    if rates["dropout"]:
        # not "dropout", which Keras names the layers of custom encoders
        dropout = AdjustableDropout(rates["dropout"], seed=seed, name="features_dropout")
        features = dropout(features)
    head = keras.layers.Dense(
        n_outputs,
        kernel_initializer=keras.initializers.GlorotUniform(seed=next(seeds)),
        dtype="float32",  # losses need it where the other layers compute in half precision
        name="logits",
    )
    return head, head(features)


# variables of the networks with custom encoders, by their identity
_claimed: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def _claim(model: keras.Model) -> None:
    """Raise if a layer belongs to another network too: fits would share its weights."""
    for layer in model.layers:
        if any(_claimed.get(id(variable)) is variable for variable in layer.variables):
            raise ValueError(
                f"encoder uses the layer {layer.name!r}, whose weights another network has too, "
                "so that fits would share them; expected new layers in each call. Make them inside "
                "the function."
            )
    _claimed.update((id(variable), variable) for variable in model.variables)


def with_output(network: TextNetwork, activation: str) -> keras.Model:
    """Return a model whose last layer turns logits into predictions.

    Parameters
    ----------
    network : TextNetwork
        Its layers and weights are shared.
    activation : str
        Keras' name of the function from logits to predictions, such as "softmax".

    Returns
    -------
    model : keras.Model
        From ids to predictions.
    """
    model, name = network.model, "predictions" if activation == "linear" else "probabilities"
    predictions = keras.layers.Activation(activation, name=name)(model.output)
    return keras.Model(model.input, predictions, name=model.name)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class IdLookup(keras.layers.Layer):
    """Replace each id by another one, as rare tokens and ids not known by the unknown one.

    Parameters
    ----------
    lookup : list of int or None
        The id that takes the place of each id; None leaves them.
    n_known : int or None, default=None
        Ids from here on are read as unknown.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, lookup: list[int] | None, n_known: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lookup, self.n_known = lookup, n_known

    def call(self, ids: Any) -> Any:
        """Return the ids that take the place of ids."""
        if self.n_known is not None:
            ids = ops.where(ids < self.n_known, ids, UNKNOWN_ID)
        if self.lookup is None:
            return ids
        return ops.take(ops.convert_to_tensor(self.lookup, dtype="int32"), ids)

    def compute_output_spec(self, ids: Any) -> Any:
        """Return ids of the same shape."""
        return keras.KerasTensor(ids.shape, dtype="int32")

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "lookup": self.lookup, "n_known": self.n_known}
