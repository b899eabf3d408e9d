"""What the classifier and the regressor of a family share: its encoder and its checks."""

from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdeepnlp.estimators._combinations import check_recurrent
from skdeepnlp.estimators._input_validation import read_ids
from skdeepnlp.networks import (
    attention_encoder,
    cnn_encoder,
    comparable,
    custom_encoder,
    transformer_encoder,
)


def _pools_by_attention(estimator: Any) -> bool:
    """Whether there are weights to give; says what to set where there are none."""
    fitted = estimator.__dict__.get("_fitted")
    now = getattr(estimator, "pooling", "attention")
    pooling = now if fitted is None else fitted.network.pooling
    if pooling != "attention":
        raise AttributeError(
            f"attention_weights needs pooling='attention'; got pooling={pooling!r}."
        )
    return True


class GivesAttentionWeights:
    """Mixin of the families that can pool by attention."""

    @available_if(_pools_by_attention)
    def attention_weights(self, X: Any) -> list[np.ndarray]:
        """Return how much attention each token of each text got.

        Only where `pooling` is, or was in `fit`, "attention".

        Parameters
        ----------
        X : PaddedIds, TokenSequences or array-like of int of shape (n_samples, max_length)
            Token ids of the vocabulary seen in fit.

        Returns
        -------
        weights : list of ndarray of shape (n_tokens,), dtype float32
            For each text the weights of its tokens, padding left out, in their order; they sum to
            1. A text without any token was read as one unknown token.
        """
        check_is_fitted(self)
        return self._fitted.attention(read_ids(self, X, reset=False))  # type: ignore[attr-defined]


class RecurrentFamily(GivesAttentionWeights):
    """Mixin of the families whose layers read token after token."""

    def _check_parameters(self) -> None:
        super()._check_parameters()  # type: ignore[misc]
        check_recurrent(self)


class AttentionFamily(GivesAttentionWeights):
    """Mixin of the weighted sums of word vectors."""

    _encoder: ClassVar[Any] = staticmethod(attention_encoder)


class ConvolutionalFamily:
    """Mixin of the convolutional networks."""

    _encoder: ClassVar[Any] = staticmethod(cnn_encoder)
    kernel_sizes: Any

    def _check_parameters(self) -> None:
        super()._check_parameters()  # type: ignore[misc]
        sizes = self.kernel_sizes
        listed = isinstance(sizes, (list, tuple, np.ndarray)) and len(sizes) > 0
        if not listed or not all(map(_is_width, sizes)):
            raise ValueError(
                f"Got kernel_sizes={sizes!r}; expected a tuple or list of at least one whole "
                "number from 1 up, such as (3, 4, 5)."
            )


class TransformerFamily:
    """Mixin of the transformer encoders."""

    _encoder: ClassVar[Any] = staticmethod(transformer_encoder)
    embedding_dim: Any
    n_heads: Any

    def _check_parameters(self) -> None:
        super()._check_parameters()  # type: ignore[misc]
        if self.embedding_dim % self.n_heads:
            raise ValueError(
                f"Got embedding_dim={self.embedding_dim} and n_heads={self.n_heads}; expected "
                "n_heads to divide embedding_dim. Change one of them."
            )


class CustomFamily:
    """Mixin of the networks with a custom encoder."""

    _encoder: ClassVar[Any] = staticmethod(custom_encoder)
    _is_custom: ClassVar[bool] = True
    encoder: Any

    def _check_parameters(self) -> None:
        super()._check_parameters()  # type: ignore[misc]
        if self.encoder is None:
            raise ValueError(
                "Got encoder=None; expected a function from embedded tokens to features, made of "
                "Keras layers. The other families need none."
            )
        try:
            hash(comparable(self.encoder))
        except TypeError as error:
            raise TypeError(
                f"Got encoder={self.encoder!r}, which cannot be hashed, so that no compiled "
                "network can be kept for it; expected a function, or a functools.partial of one "
                "with arguments that can be hashed, such as tuples in place of lists."
            ) from error


def _is_width(size: Any) -> bool:
    return isinstance(size, Integral) and not isinstance(size, bool) and int(size) > 0
