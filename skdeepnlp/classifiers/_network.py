"""The text classifier around an encoder of one's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from skdeepnlp.classifiers._base import BaseSequenceClassifier
from skdeepnlp.classifiers._encoder_limits import POOLING
from skdeepnlp.classifiers._shared_words import with_shared_words
from skdeepnlp.networks import comparable, custom_encoder

__all__ = ["NetworkClassifier"]


@with_shared_words
@dataclass(kw_only=True, eq=False, repr=False)
class NetworkClassifier(BaseSequenceClassifier):
    """Network of one's own between the embedding and the last layer, for texts given as token ids.

    Everything else is done as by the other classifiers: batches of similar length, early
    stopping, regularisers, the pool of compiled networks, searches.

    Parameters
    ----------
    {parameters of every classifier}
    encoder : callable
        A function of Keras layers, from embedded tokens of shape ``(batch, time,
        embedding_dim)``, which carry the mask of the real tokens, to features of shape
        ``(batch, n)``, or to a sequence of shape ``(batch, time, n)`` that is then pooled. Called
        when a network is built, it must make its layers anew and depend on nothing but its
        arguments: fits with the same function share compiled networks. Layers that draw without a
        seed of theirs follow `random_state`. For arguments give a `functools.partial`; other
        callable objects are copied by `sklearn.base.clone`, and compiled anew for each copy unless
        they define equality. Must be defined in a module to be pickled. None is refused in `fit`.
    {pooling over time}

    {attributes and notes of every classifier}
    Keras layers that do not know masks, such as its own ``Conv1D``, see padding: then the width of
    a batch changes results. `skdeepnlp.testing.check_padding_invariance` finds that. JAX compiles
    anew for another number of rows in the last batch of an epoch, which here is not filled up.

    Examples
    --------
    >>> import keras
    >>> import numpy as np
    >>> from skdeepnlp import NetworkClassifier
    >>> def two_layers(embedded):
    ...     hidden = keras.layers.GRU(4, return_sequences=True)(embedded)
    ...     return keras.layers.Dense(4, activation="tanh")(hidden)
    >>> ids = np.array([[2, 3, 0], [2, 4, 5], [6, 3, 0], [6, 4, 5]] * 10)
    >>> labels = np.array(["good", "good", "bad", "bad"] * 10)
    >>> classifier = NetworkClassifier(
    ...     encoder=two_layers, embedding_dim=8, learning_rate=0.05, random_state=0
    ... )
    >>> classifier.fit(ids, labels).predict([[2, 5, 0], [6, 5, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    encoder: Callable[[Any], Any] | None = None
    pooling: str = "max+mean"

    _encoder = staticmethod(custom_encoder)
    _encoder_parameters = ("encoder", "pooling")
    _parameter_constraints = {
        **BaseSequenceClassifier._parameter_constraints,
        "encoder": [callable, None],
        "pooling": POOLING,
    }

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.encoder is None:
            raise ValueError(
                "Got encoder=None; expected a function from embedded tokens to features, made of "
                "Keras layers. LSTMClassifier and the other families need none."
            )
        try:
            hash(comparable(self.encoder))
        except TypeError as error:
            raise TypeError(
                f"Got encoder={self.encoder!r}, which cannot be hashed, so that no compiled "
                "network can be kept for it; expected a function, or a functools.partial of one "
                "with arguments that can be hashed, such as tuples in place of lists."
            ) from error
