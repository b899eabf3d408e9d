"""The transformer text classifier."""

from dataclasses import dataclass
from numbers import Integral

from sklearn.utils._param_validation import Interval, StrOptions

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._encoder_limits import ACTIVATIONS, INITIALIZER, POOLING
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import transformer_encoder

__all__ = ["TransformerClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class TransformerClassifier(BaseSequenceClassifier):
    """Transformer encoder that classifies texts given as token ids, trained from random weights.

    Token ids are embedded and told their places; blocks of self-attention and dense layers, with
    normalisation ahead of each, let every token gather from all others; the outcome is pooled over
    time. It wants more rows than the other families, or a smaller network.

    Parameters
    ----------
    {parameters of every classifier}
    {n layers}
    n_heads : int, default=4
        Heads of self-attention in each block; must divide `embedding_dim`.
    feedforward_dim : int, default=128
        Width of the dense layer in each block.
    positions : {"sinusoidal", "learned"} or None, default="sinusoidal"
        How tokens are told their places: by fixed waves, by vectors learnt for each place, or
        not at all.
    max_positions : int, default=512
        How many places are learnt where `positions` is "learned"; tokens further back share the
        last one. Has no effect otherwise.
    {pooling over time}
    {activation}
    {kernel initializer}

    {attributes and notes of every classifier}

    References
    ----------
    .. [1] Vaswani et al. (2017), "Attention is all you need", NeurIPS.
    .. [2] Xiong et al. (2020), "On layer normalization in the transformer architecture", ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import TransformerClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = TransformerClassifier(
    ...     n_layers=1, n_heads=2, embedding_dim=8, learning_rate=0.01, random_state=0
    ... )
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    n_layers: int = 2
    n_heads: int = 4
    feedforward_dim: int = 128
    positions: str | None = "sinusoidal"
    max_positions: int = 512
    pooling: str = "max+mean"
    activation: str = "relu"
    kernel_initializer: str = "glorot_uniform"

    _encoder = staticmethod(transformer_encoder)
    _encoder_parameters = (
        "activation",
        "feedforward_dim",
        "kernel_initializer",
        "max_positions",
        "n_heads",
        "n_layers",
        "pooling",
        "positions",
    )
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "n_layers": [Interval(Integral, 1, None, closed="left")],
        "n_heads": [Interval(Integral, 1, None, closed="left")],
        "feedforward_dim": [Interval(Integral, 1, None, closed="left")],
        "positions": [StrOptions({"sinusoidal", "learned"}), None],
        "max_positions": [Interval(Integral, 1, None, closed="left")],
        "pooling": POOLING,
        "activation": ACTIVATIONS,
        "kernel_initializer": INITIALIZER,
    }

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.embedding_dim % self.n_heads:
            raise ValueError(
                f"Got embedding_dim={self.embedding_dim} and n_heads={self.n_heads}; expected "
                "n_heads to divide embedding_dim. Change one of them."
            )
