"""Put input, encoder and head together into one uncompiled Keras model."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras

from skdeepnlp._seeds import seed_stream
from skdeepnlp.networks._custom import custom_encoder
from skdeepnlp.networks._custom_checks import check_rows
from skdeepnlp.networks._disturbances import Mixup, Perturbation
from skdeepnlp.networks._head import add_head
from skdeepnlp.networks._inputs import IdLookup, embed_ids
from skdeepnlp.networks._regularizers import HeldStrength

__all__ = ["NetworkSpec", "build_network", "comparable", "with_id_lookup", "with_probabilities"]


# options of encoders that are variables of the network, and count only as there or not
_STRENGTHS = frozenset({"activity_l2", "recurrent_dropout", "temporal_l2", "weight_dropout"})


@dataclass(frozen=True)
class NetworkSpec:
    """All numbers that decide which network is built, but its seed.

    Parameters
    ----------
    encoder : callable
        ``encoder(embedded, *, dropout, seeds, **encoder_options) -> features``.
    encoder_options : tuple of (str, value)
        What the encoder takes beside the common options, sorted by name.
    vocabulary_size, embedding_dim, n_outputs : int
        Sizes of the input, of the vectors and of the output.
    dropout, embedding_dropout, word_dropout, l1, l2, label_smoothing, mixup, r_drop, \
adversarial_epsilon : float
        Strengths of the regularisers.
    """

    encoder: Callable[..., Any]
    encoder_options: tuple[tuple[str, Any], ...]
    vocabulary_size: int
    embedding_dim: int
    n_outputs: int
    dropout: float
    embedding_dropout: float
    l1: float
    l2: float
    word_dropout: float = 0.0
    label_smoothing: float = 0.0
    mixup: float = 0.0
    r_drop: float = 0.0
    adversarial_epsilon: float = 0.0

    @property
    def is_custom(self) -> bool:
        """Whether the encoder is a function of the user's."""
        return self.encoder is custom_encoder

    @property
    def shape(self) -> tuple:
        """What a compiled network depends on: strengths count only as there or not."""
        strengths = (
            self.dropout,
            self.embedding_dropout,
            self.word_dropout,
            self.l1 or self.l2,
            self.label_smoothing,
            self.mixup,
            self.r_drop,
            self.adversarial_epsilon,
        )
        return (
            self.encoder,
            tuple(
                (name, bool(value) if name in _STRENGTHS else comparable(value))
                for name, value in self.encoder_options
            ),
            self.vocabulary_size,
            self.embedding_dim,
            self.n_outputs,
            tuple(bool(strength) for strength in strengths),
        )


def comparable(value: Any) -> Any:
    """Return an option in a form that equals that of its copies; each copy of a partial is new."""
    if isinstance(value, functools.partial):
        return value.func, value.args, tuple(sorted(value.keywords.items()))
    return value


def build_network(spec: NetworkSpec, *, seed: int) -> keras.Model:
    """Build an uncompiled network with freshly drawn weights.

    Parameters
    ----------
    spec : NetworkSpec
        The numbers.
    seed : int
        Decides every initial weight and every dropout mask; no global generator is used.

    Returns
    -------
    network : keras.Model
        From ids of shape ``(batch, time)``, int32, to logits of shape ``(batch, n_outputs)``.
    """
    seeds = seed_stream(seed, "network")
    ids = keras.Input((None,), dtype="int32", name="ids")
    embedded = embed_ids(
        ids,
        vocabulary_size=spec.vocabulary_size,
        embedding_dim=spec.embedding_dim,
        embedding_dropout=spec.embedding_dropout,
        word_dropout=spec.word_dropout,
        seeds=seeds,
    )
    if spec.adversarial_epsilon:
        embedded = Perturbation(spec.adversarial_epsilon, name="perturbation")(embedded)
    features = spec.encoder(
        embedded, dropout=spec.dropout, seeds=seeds, **dict(spec.encoder_options)
    )
    if spec.is_custom:
        check_rows(ids, features)
    if spec.mixup:
        mixing_seed = next(seed_stream(seed, "mixup"))
        features = Mixup(spec.mixup, seed=mixing_seed, name="mixup")([features, ids])
    if spec.r_drop:
        features = HeldStrength(spec.r_drop, name="r_drop")(features)
    logits = add_head(
        features,
        n_outputs=spec.n_outputs,
        dropout=spec.dropout,
        l1=spec.l1,
        l2=spec.l2,
        label_smoothing=spec.label_smoothing,
        seeds=seeds,
    )
    return keras.Model(ids, logits, name="network")


def with_probabilities(network: keras.Model, activation: str) -> keras.Model:
    """Return the network with a last layer that turns its logits into probabilities.

    Parameters
    ----------
    network : keras.Model
        From ids to logits.
    activation : {"softmax", "sigmoid"}
        "softmax" for classes that exclude one another, "sigmoid" otherwise.

    Returns
    -------
    network : keras.Model
        From ids to probabilities; shares its layers and weights with the one given.
    """
    probabilities = keras.layers.Activation(activation, name="probabilities")(network.output)
    return keras.Model(network.input, probabilities, name=network.name)


def with_id_lookup(network: keras.Model, lookup: Any) -> keras.Model:
    """Return a network that replaces each id before it is used.

    Parameters
    ----------
    network : keras.Model
        From ids to outputs.
    lookup : ndarray of shape (n_ids,), dtype int32
        The id that takes the place of each id.

    Returns
    -------
    network : keras.Model
        Shares its layers and weights with the one given.
    """
    ids = keras.Input((None,), dtype="int32", name="token_ids")
    outputs = network(IdLookup(lookup.tolist(), name="id_lookup")(ids))
    return keras.Model(ids, outputs, name=network.name)
