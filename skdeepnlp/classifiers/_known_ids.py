"""Which ids a classifier knows, and what becomes of those that it does not know."""

from typing import Any

import numpy as np

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._warnings import warn_user
from skdeepnlp.classifiers._id_checks import largest_id, refuse_stray_id
from skdeepnlp.exceptions import UnknownIdsWarning
from skdeepnlp.text._vocabulary import check_same_vocabulary
from skdeepnlp.training import RaggedIds

__all__ = ["known_ids", "learn_ids"]


def learn_ids(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> None:
    """Note the vocabulary, how many ids there are, and whether that is settled or only seen.

    Parameters
    ----------
    estimator : estimator
        The classifier; it gets `vocabulary_` and `vocabulary_size_`.
    sequences : RaggedIds
        The ids to learn from.
    vocabulary : Vocabulary or None
        The tokens behind them.
    """
    asked, largest = estimator.vocabulary_size, largest_id(sequences)[0]
    if asked is None and vocabulary is None:
        refuse_stray_id(estimator, sequences)
    if asked is not None and vocabulary is not None and asked < len(vocabulary):
        raise ValueError(
            f"Got vocabulary_size={asked} and ids of {vocabulary!r}; expected {len(vocabulary)} or "
            "more. Leave it None, since the ids know their vocabulary."
        )
    seen = largest + 1 if vocabulary is None else len(vocabulary)
    estimator.vocabulary_ = vocabulary
    estimator.vocabulary_size_ = seen if asked is None else int(asked)
    estimator._ids_are_settled = asked is not None or vocabulary is not None


def known_ids(estimator: Any, sequences: RaggedIds, vocabulary: Any) -> RaggedIds:
    """Return ids that the classifier knows: others are refused, or unknown if only some were seen.

    Parameters
    ----------
    estimator : estimator
        The classifier.
    sequences : RaggedIds
        The ids.
    vocabulary : Vocabulary or None
        The tokens behind them.

    Returns
    -------
    sequences : RaggedIds
        The same texts.
    """
    check_same_vocabulary(estimator.vocabulary_, vocabulary, caller=type(estimator).__name__)
    beyond = sequences.ids >= estimator.vocabulary_size_
    if not beyond.any():
        return sequences
    if estimator._ids_are_settled:
        _refuse_beyond(estimator, sequences)
    _warn_of_beyond(estimator, sequences, beyond)
    return RaggedIds(np.where(beyond, np.int32(UNKNOWN_ID), sequences.ids), sequences.offsets)


def _refuse_beyond(estimator: Any, sequences: RaggedIds) -> None:
    (largest, row), size = largest_id(sequences), estimator.vocabulary_size_
    if estimator.vocabulary_ is None:
        raise ValueError(
            f"Got id {largest} in row {row} and vocabulary_size={size}; expected ids from 0 to "
            f"{size - 1}. Raise vocabulary_size, or leave it None to have ids that were not seen "
            "in fit read as unknown."
        )
    raise ValueError(
        f"Got id {largest} in row {row}; expected ids from 0 to {size - 1}, those of the "
        f"vocabulary that {type(estimator).__name__} was fitted on. Transform the texts with the "
        "tokenizer used in fit, or fit again."
    )


def _warn_of_beyond(estimator: Any, sequences: RaggedIds, beyond: np.ndarray) -> None:
    largest, row = largest_id(sequences)
    places = np.flatnonzero(beyond)
    n_rows = len(np.unique(np.searchsorted(sequences.offsets, places, side="right")))
    warn_user(
        f"{type(estimator).__name__} has seen ids from 0 to {estimator.vocabulary_size_ - 1} in "
        f"fit; others are read as id {UNKNOWN_ID}, the unknown token: {len(places)} of "
        f"{len(beyond)} tokens, in {n_rows} of {len(sequences.lengths)} rows, such as id {largest} "
        f"in row {row}. Set vocabulary_size to the number of all ids, such as X.max() + 1 of all "
        "rows, to have them known from the start; TokenSequences and PaddedIds of a TextTokenizer "
        "tell it themselves.",
        UnknownIdsWarning,
    )
