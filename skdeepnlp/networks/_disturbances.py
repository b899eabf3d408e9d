"""Layers that disturb what passes through them while a training step asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from skdeepnlp._contracts import PAD_ID
from skdeepnlp.networks._regularizers import HeldStrength

__all__ = ["Mixup", "Perturbation"]


@keras.saving.register_keras_serializable(package="skdeepnlp")
class Mixup(HeldStrength):
    """Mix the features of each text with those of its partner, inside `mixing`.

    Parameters
    ----------
    strength : float
        Both parameters of the beta distribution that the share of each batch is drawn from.
    seed : int or None
        Seed of the layer's own generator.
    **kwargs : dict
        Passed to `keras.layers.Layer`.

    Attributes
    ----------
    share : variable
        How much of a text's own features was left at the last draw.

    References
    ----------
    Zhang et al. (2018), "mixup: beyond empirical risk minimization", ICLR; Guo, Mao & Zhang (2019),
    "Augmenting data with mixup for sentence classification", arXiv:1905.08941.
    """

    def __init__(self, strength: float, *, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(strength, **kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.share = self.add_weight(shape=(), initializer="ones", trainable=False, name="share")
        self.is_mixing = False

    @contextmanager
    def mixing(self) -> Iterator[None]:
        """Mix what is called in the block."""
        self.is_mixing = True
        try:
            yield
        finally:
            self.is_mixing = False

    @staticmethod
    def partners_of(ids: Any) -> Any:
        """Return for each text of a batch the row of its partner: the last for the first, etc.

        Batches are in random order, so that partners are random too.

        Parameters
        ----------
        ids : tensor of shape (batch, time)
            Token ids. Rows of padding alone, which only fill up a batch, stand behind the texts
            and are partners of their own.

        Returns
        -------
        rows : tensor of shape (batch,), dtype int32
        """
        is_text = ops.cast(ops.any(ids != PAD_ID, axis=1), "int32")
        own = ops.cumsum(ops.ones_like(is_text)) - 1
        return ops.where(is_text > 0, ops.sum(is_text) - 1 - own, own)

    def call(self, inputs: Any) -> Any:
        """Return the features of texts, each with a part of its partner's where asked for."""
        features, ids = inputs
        if not self.is_mixing:
            return features
        alpha = ops.convert_to_tensor(self.strength)
        share = keras.random.beta((), alpha, alpha, dtype="float32", seed=self.seed_generator)
        self.share.assign(share)
        share = ops.cast(share, features.dtype)
        return share * features + (1 - share) * ops.take(features, self.partners_of(ids), axis=0)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        """Return the shape of the features."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable(package="skdeepnlp")
class Perturbation(HeldStrength):
    """Shift embedded tokens, inside `along`; the mask passes unchanged.

    Parameters
    ----------
    strength : float
        Length of the shift of a text, as a share of the length of its embedded tokens.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, strength: float, **kwargs: Any) -> None:
        super().__init__(strength, **kwargs)
        self.direction: Any = None

    @contextmanager
    def along(self, direction: Any) -> Iterator[None]:
        """Shift what is called in the block along a direction.

        Parameters
        ----------
        direction : tensor of shape (batch, time, features)
            Of length 1 for each text.
        """
        self.direction = direction
        try:
            yield
        finally:
            self.direction = None

    def call(self, embedded: Any, mask: Any = None) -> Any:
        """Return the embedded tokens, shifted where asked for."""
        if self.direction is None:
            return embedded
        real = embedded if mask is None else embedded * _as_numbers(mask, embedded.dtype)
        longest = self.strength * _length_of_texts(ops.cast(real, "float32"))
        return embedded + ops.cast(ops.stop_gradient(longest) * self.direction, embedded.dtype)

    def direction_of(self, gradient: Any) -> Any:
        """Return the direction of a gradient, of length 1 for each text; zeros stay."""
        largest = ops.max(ops.absolute(gradient), axis=(1, 2), keepdims=True)
        # squares of very small numbers are 0
        scaled = gradient / ops.where(largest > 0, largest, 1.0)
        return scaled / ops.maximum(_length_of_texts(scaled), 1.0)


def _as_numbers(mask: Any, dtype: str) -> Any:
    return ops.cast(ops.expand_dims(mask, -1), dtype)


def _length_of_texts(values: Any) -> Any:
    """Return the length of all numbers of each text together, of shape (batch, 1, 1)."""
    return ops.sqrt(ops.sum(ops.square(values), axis=(1, 2), keepdims=True))
