"""The convolutional text classifier."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils._param_validation import Interval

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._encoder_limits import ACTIVATIONS, INITIALIZER, NORMALIZATION, POOLING
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import cnn_encoder

__all__ = ["CNNClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class CNNClassifier(BaseSequenceClassifier):
    """Convolutional network that classifies texts given as token ids.

    Token ids are embedded; filters of several widths look for runs of tokens wherever they stand,
    and the strongest answer of each filter is kept. Fast, and good where a few words in a row
    decide. Padding never changes a result.

    Parameters
    ----------
    {parameters of every classifier}
    filters : int, default=100
        Number of filters of each width.
    kernel_sizes : sequence of int, default=(3, 4, 5)
        How many tokens the filters see at a time: one width each.
    {n layers}
    {pooling over time}
    {residual and normalization}
    {activation}
    {kernel initializer}

    {attributes and notes of every classifier}

    References
    ----------
    .. [1] Kim (2014), "Convolutional neural networks for sentence classification", EMNLP.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp import CNNClassifier
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = CNNClassifier(filters=4, embedding_dim=8, learning_rate=0.05, random_state=0)
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    filters: int = 100
    kernel_sizes: Sequence[int] = (3, 4, 5)
    n_layers: int = 1
    pooling: str = "max"
    residual: bool = False
    normalization: str | None = None
    activation: str = "relu"
    kernel_initializer: str = "he_uniform"

    _encoder = staticmethod(cnn_encoder)
    _encoder_parameters = (
        "activation",
        "filters",
        "kernel_initializer",
        "kernel_sizes",
        "n_layers",
        "normalization",
        "pooling",
        "residual",
    )
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "filters": [Interval(Integral, 1, None, closed="left")],
        "kernel_sizes": ["array-like"],
        "n_layers": [Interval(Integral, 1, None, closed="left")],
        "pooling": POOLING,
        "residual": ["boolean"],
        "normalization": NORMALIZATION,
        "activation": ACTIVATIONS,
        "kernel_initializer": INITIALIZER,
    }

    def _check_parameters(self) -> None:
        super()._check_parameters()
        sizes = self.kernel_sizes
        listed = isinstance(sizes, (list, tuple, np.ndarray)) and len(sizes) > 0
        if not listed or not all(map(_is_width, sizes)):
            raise ValueError(
                f"Got kernel_sizes={sizes!r}; expected a tuple or list of at least one whole "
                "number from 1 up, such as (3, 4, 5)."
            )


def _is_width(size: Any) -> bool:
    return isinstance(size, Integral) and not isinstance(size, bool) and int(size) > 0
