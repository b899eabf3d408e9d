"""From token ids to embedded tokens."""

from collections.abc import Iterator
from typing import Any

import keras

from skdeepnlp.networks._regularizers import AdjustableDropout, WordDropout

__all__ = ["embed_ids"]


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
