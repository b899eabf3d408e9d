"""What a network with attention pooling looked at: a weight for each token."""

from typing import Any

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdeepnlp.classifiers._fitted import borrow_fitted
from skdeepnlp.classifiers._input import read_ids
from skdeepnlp.training import attention_of_texts

__all__ = ["GivesAttentionWeights"]


def _pools_by_attention(classifier: Any) -> bool:
    """Whether there are weights to give; says what to set where there are none."""
    fitted = classifier.__dict__.get("_fitted")
    own = {} if fitted is None else dict(fitted.network.encoder_options)
    pooling = own.get("pooling", getattr(classifier, "pooling", "attention"))
    if pooling != "attention":
        raise AttributeError(
            f"attention_weights needs pooling='attention'; got pooling={pooling!r}."
        )
    return True


class GivesAttentionWeights:
    """Mixin of the classifiers that can pool by attention."""

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
        sequences = read_ids(self, X, reset=False)
        with borrow_fitted(self._fitted) as compiled:  # type: ignore[attr-defined]
            return attention_of_texts(compiled, self._network_ids(sequences))  # type: ignore[attr-defined]
