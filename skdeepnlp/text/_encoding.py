"""Turn texts into flat ids, with no Python loop over tokens, and count documents by id."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, pairwise, repeat
from operator import length_hint

import numpy as np
from scipy.sparse import csr_array

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp._ragged import joined_ranges
from skdeepnlp.text._analyzers import Analyzer
from skdeepnlp.text._fast_encoding import FirstAppearance, PieceNumbers

DROPPED = -1  # in the place of an id: the token is left out of its sequence
_CHUNK = 1 << 16  # characters that are cut at a time
_BLOCK = 1 << 20  # tokens that are counted or renumbered at a time
_FEW_TEXTS = 32  # so few are cut one by one, which is faster then
_SAMPLE = 256  # texts that are looked at for repetition, and characters of each
_MOST_DISTINCT = 0.65  # of 256 English sentences below 0.5 of the words are; of Korean ones, 0.8
_MOST_PIECES = 1 << 19  # distinct pieces that are kept in memory at a time

Lookup = Callable[[Iterable[str], int], np.ndarray]
Part = tuple[np.ndarray, np.ndarray]  # flat ids, and lengths or offsets


def encode(
    texts: list[str], analyze: Analyzer, id_by_token: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of the tokens of all texts; other tokens are unknown.

    Parameters
    ----------
    texts : list of str
        The documents.
    analyze : Analyzer
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

    def known(tokens: Iterable[str], n_tokens: int) -> np.ndarray:
        found = map(id_by_token.get, tokens, repeat(UNKNOWN_ID))
        ids = np.fromiter(found, dtype=np.int32, count=n_tokens)
        ids[ids == PAD_ID] = UNKNOWN_ID  # a text may spell the padding token
        return ids

    return _encode(texts, analyze, known)


def encode_new(
    texts: list[str], analyze: Analyzer, index_of: FirstAppearance
) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers of tokens; those not met before get the next ones by first appearance.

    Parameters
    ----------
    texts : list of str
        The documents.
    analyze : Analyzer
        Cuts texts into tokens, from `make_analyzer`.
    index_of : FirstAppearance
        The numbers of tokens that are known already; those of new ones are added.

    Returns
    -------
    numbers : ndarray of shape (n_tokens,), dtype int32
        The numbers of the tokens of all documents.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.
    """

    def numbered(tokens: Iterable[str], n_tokens: int) -> np.ndarray:
        return np.fromiter(map(index_of.__getitem__, tokens), dtype=np.int32, count=n_tokens)

    return _encode(texts, analyze, numbered)


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
    frequencies = np.zeros(n_numbers, dtype=np.int64)
    cuts = np.searchsorted(offsets, np.arange(0, len(numbers), _BLOCK))
    for first, last in pairwise([*cuts.tolist(), len(offsets) - 1]):
        own = offsets[first : last + 1]
        occurring = numbers[own[0] : own[-1]]
        ones, shape = np.ones(len(occurring), dtype=np.int8), (last - first, n_numbers)
        occurrences = csr_array((ones, occurring, own - own[0]), shape=shape, copy=True)
        occurrences.sum_duplicates()
        frequencies += np.bincount(occurrences.indices, minlength=n_numbers)
    return frequencies


def renumbered(
    ids: np.ndarray, offsets: np.ndarray, new_ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Put new ids in the place of old ones, in the same array where none is dropped.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all documents; they are overwritten.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end.
    new_ids : ndarray of shape (n_ids,), dtype int32
        The new id of each old one, or `DROPPED`.

    Returns
    -------
    ids : ndarray of shape (n_kept,), dtype int32
        The new ids.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end now.
    """
    for start in range(0, len(ids), _BLOCK):
        ids[start : start + _BLOCK] = new_ids[ids[start : start + _BLOCK]]
    return without(DROPPED, ids, offsets) if DROPPED in new_ids else (ids, offsets)


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
    places = np.flatnonzero(ids == left_out)
    if not len(places):
        return ids, offsets
    return ids[ids != left_out], offsets - np.searchsorted(places, offsets)


def _encode(texts: list[str], analyze: Analyzer, lookup: Lookup) -> tuple[np.ndarray, np.ndarray]:
    by_pieces = analyze.punctuation is not None and _repeat_words(texts)
    encode_parts = _encode_by_pieces if by_pieces else _encode_plainly
    parts = encode_parts(texts, analyze, lookup)
    ids, lengths = map(np.concatenate, zip(*parts, strict=True))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    return without(DROPPED, ids, offsets)


def _repeat_words(texts: list[str]) -> bool:
    """Tell whether texts repeat their words so often that looking for that saves time."""
    if len(texts) <= _FEW_TEXTS:
        return False
    words = " ".join(text[:_SAMPLE] for text in texts[:_SAMPLE]).split()
    return len(set(words)) < _MOST_DISTINCT * len(words)


def _encode_plainly(texts: list[str], analyze: Analyzer, lookup: Lookup) -> Iterator[Part]:
    """Cut every text; what other ways must agree with."""
    for chunk in _chunks(texts):
        documents = analyze(chunk)
        lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
        yield lookup(chain.from_iterable(documents), lengths.sum()), lengths


def _encode_by_pieces(texts: list[str], analyze: Analyzer, lookup: Lookup) -> Iterator[Part]:
    """Cut each distinct piece once."""
    make = partial(
        PieceNumbers, keeps_marks=analyze.punctuation == "keep", lowercase=analyze.lowercase
    )
    numbered: deque[Part] = deque()
    pieces = make()
    for chunk in _chunks(texts):
        numbered.append(pieces.number(chunk))
        if len(pieces) > _MOST_PIECES:
            yield from _expanded(numbered, _ids_of_pieces(pieces.pieces(), analyze, lookup))
            pieces = make()
    yield from _expanded(numbered, _ids_of_pieces(pieces.pieces(), analyze, lookup))


def _chunks(texts: list[str]) -> Iterator[list[str]]:
    """Yield texts in turn, as many at a time as have some number of characters in all."""
    sizes = map(length_hint, texts)  # documents for a callable may have no length
    n_characters = np.cumsum(np.fromiter(sizes, dtype=np.int64, count=len(texts)))
    starts = np.flatnonzero(np.diff(n_characters // _CHUNK, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(texts)]):
        yield texts[start:end]


def _ids_of_pieces(pieces: list[str], analyze: Analyzer, lookup: Lookup) -> Part:
    """Return the ids of the tokens of each piece; one of plain ASCII is a token as it is."""
    foreign = [place for place, piece in enumerate(pieces) if not piece.isascii()]
    documents = analyze(map(pieces.__getitem__, foreign))
    lengths = np.ones(len(pieces), dtype=np.int64)
    lengths[foreign] = list(map(len, documents))
    tokens = _tokens_in_order(pieces, iter(documents))
    return lookup(tokens, lengths.sum()), lengths


def _tokens_in_order(pieces: list[str], documents: Iterator[list[str]]) -> Iterator[str]:
    for piece in pieces:
        if piece.isascii():
            yield piece
        else:
            yield from next(documents)


def _expanded(numbered: deque[Part], table: Part) -> Iterator[Part]:
    """Yield the ids of documents whose pieces have numbers in a table; uses the numbers up."""
    ids, lengths = table
    starts = np.cumsum(lengths) - lengths
    while numbered:
        numbers, offsets = numbered.popleft()
        n_tokens = lengths[numbers]
        n_before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(n_tokens)])
        places = joined_ranges(starts[numbers], n_tokens)
        yield ids[places], np.diff(n_before[offsets])
