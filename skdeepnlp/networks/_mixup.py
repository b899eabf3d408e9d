"""Mixup: train on mixtures of pairs of texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from skdeepnlp._contracts import PAD_ID
from skdeepnlp.networks._dropout import add_hyperparameter


@keras.saving.register_keras_serializable(package="skdeepnlp")
class Mixup(keras.layers.Layer):
    """Mix the features of each text with those of its partner, inside `mixing`.

    Parameters
    ----------
    alpha : float
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

    def __init__(self, alpha: float, *, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_alpha, self.seed = alpha, seed
        self.alpha = add_hyperparameter(self, "alpha", alpha)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.share = self.add_weight(shape=(), initializer="ones", trainable=False, name="share")
        self.is_mixing = False
        self.built = self.supports_masking = True

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The parameter of the distribution, by its name."""
        return {"mixup": self.alpha}

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
            Token ids. Rows of padding alone, which only fill up a batch, stand after the texts
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
        alpha = ops.convert_to_tensor(self.alpha)
        share = keras.random.beta((), alpha, alpha, dtype="float32", seed=self.seed_generator)
        self.share.assign(share)
        share = ops.cast(share, features.dtype)
        return share * features + (1 - share) * ops.take(features, self.partners_of(ids), axis=0)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        """Return the shape of the features."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "alpha": self.initial_alpha, "seed": self.seed}
