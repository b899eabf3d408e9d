"""Turn texts into flat ids, with no Python loop over tokens, and count documents by id."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, repeat

import numpy as np
from scipy.sparse import csr_array

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp.text._analyzers import Analyzer

__all__ = ["DROPPED", "count_documents", "encode", "encode_new", "without"]

DROPPED = -1  # in the place of an id: the token is left out of its sequence
_CHUNK = 4096  # documents held as lists of tokens at a time

Lookup = Callable[[Iterable[str]], Iterator[int]]


def encode(
    texts: list[str], analyze: Analyzer, id_by_token: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of the tokens of all texts; other tokens are unknown.

    Parameters
    ----------
    texts : list of str
        The documents.
    analyze : callable
        Cuts texts into tokens, from `make_analyzer`.
    id_by_token : mapping from str to int
        The ids of known tokens. `DROPPED` leaves a token out.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all documents, none of which is padding.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.
    """
    ids, offsets = _encode(
        texts, analyze, lambda tokens: map(id_by_token.get, tokens, repeat(UNKNOWN_ID))
    )
    ids[ids == PAD_ID] = UNKNOWN_ID  # a text may spell the padding token
    return without(DROPPED, ids, offsets)


def encode_new(
    texts: list[str], analyze: Analyzer
) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Return numbers for tokens that nobody knows yet, counted from 0 by first appearance.

    Parameters
    ----------
    texts : list of str
        The documents.
    analyze : callable
        Cuts texts into tokens, from `make_analyzer`.

    Returns
    -------
    number_of : dict from str to int
        Every distinct token, by first appearance.
    numbers : ndarray of shape (n_tokens,), dtype int32
        The numbers of the tokens of all documents.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.
    """
    number_of: defaultdict[str, int] = defaultdict()
    number_of.default_factory = number_of.__len__  # a token met first gets the next number
    numbers, offsets = _encode(texts, analyze, partial(map, number_of.__getitem__))
    return dict(number_of), numbers, offsets


def count_documents(numbers: np.ndarray, offsets: np.ndarray, n_numbers: int) -> np.ndarray:
    """Return in how many documents each number occurs.

    Parameters
    ----------
    numbers : ndarray of shape (n_tokens,), dtype int32
        The numbers of the tokens of all documents.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.
    n_numbers : int
        How many distinct numbers there are.

    Returns
    -------
    frequencies : ndarray of shape (n_numbers,), dtype int64
        The document frequencies.
    """
    ones = np.ones(len(numbers), dtype=np.int8)
    shape = (len(offsets) - 1, n_numbers)
    occurrences = csr_array((ones, numbers, offsets), shape=shape, copy=True)
    occurrences.sum_duplicates()
    return np.bincount(occurrences.indices, minlength=n_numbers)


def without(left_out: int, ids: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ids and offsets without the places that hold one id.

    Parameters
    ----------
    left_out : int
        The id to leave out.
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all documents.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.

    Returns
    -------
    ids : ndarray of shape (n_kept,), dtype int32
        The ids that stay.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end now.
    """
    stays = ids != left_out
    n_before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(stays)])
    return ids[stays], n_before[offsets]


def _encode(texts: list[str], analyze: Analyzer, lookup: Lookup) -> tuple[np.ndarray, np.ndarray]:
    parts, lengths = [], np.zeros(len(texts) + 1, dtype=np.int64)
    for start in range(0, len(texts), _CHUNK):
        documents = analyze(texts[start : start + _CHUNK])
        rows = slice(start + 1, start + 1 + len(documents))
        lengths[rows] = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
        ids = lookup(chain.from_iterable(documents))
        parts.append(np.fromiter(ids, dtype=np.int32, count=lengths[rows].sum()))
    return np.concatenate(parts), np.cumsum(lengths)
