"""From token ids to embedded tokens."""

from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from skdeepnlp.networks._regularizers import AdjustableDropout, WordDropout

__all__ = ["IdLookup", "embed_ids"]


def embed_ids(
    ids: Any,
    *,
    vocabulary_size: int,
    embedding_dim: int,
    embedding_dropout: float,
    word_dropout: float,
    seeds: Iterator[int],
) -> Any:
    """Look up a trained vector for each id; id 0 is masked.

    Parameters
    ----------
    ids : tensor of shape (batch, time), dtype int32
        Token ids, 0 is padding.
    vocabulary_size : int
        Number of ids, padding and unknown included.
    embedding_dim : int
        Length of the vectors.
    embedding_dropout : float
        Share of the numbers dropped in training; 0 leaves dropout out.
    word_dropout : float
        Share of the tokens made unknown in training; 0 leaves that out.
    seeds : iterator of int
        Seeds are taken from here.

    Returns
    -------
    embedded : tensor of shape (batch, time, embedding_dim)
        Carries the mask of the real tokens.
    """
    # the mask of the real tokens is the same before and behind it
    if word_dropout:
        ids = WordDropout(word_dropout, seed=next(seeds), name="word_dropout")(ids)
    embedded = keras.layers.Embedding(
        vocabulary_size,
        embedding_dim,
        mask_zero=True,
        embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=next(seeds)),
        name="embedding",
    )(ids)
    seed = next(seeds)
    if not embedding_dropout:
        return embedded
    return AdjustableDropout(embedding_dropout, seed=seed, name="embedding_dropout")(embedded)


@keras.saving.register_keras_serializable(package="skdeepnlp")
class IdLookup(keras.layers.Layer):
    """Replace each id by another one, as rare tokens by the unknown one.

    Parameters
    ----------
    lookup : list of int
        The id that takes the place of each id.
    **kwargs : dict
        Passed to `keras.layers.Layer`.
    """

    def __init__(self, lookup: list[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lookup = lookup

    def call(self, ids: Any) -> Any:
        """Return the ids that take the place of ids."""
        return ops.take(ops.convert_to_tensor(self.lookup, dtype="int32"), ids)

    def compute_output_spec(self, ids: Any) -> Any:
        """Return ids of the same shape."""
        return keras.KerasTensor(ids.shape, dtype="int32")

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to build the layer again."""
        return {**super().get_config(), "lookup": self.lookup}
