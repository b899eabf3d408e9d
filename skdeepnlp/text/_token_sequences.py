"""What a tokenizer makes: ragged sequences of token ids that remember their vocabulary."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from skdeepnlp._contracts import PAD_ID, check_id_lists, id_lists
from skdeepnlp._gaps import warn_of_gaps
from skdeepnlp._ragged import joined_ranges
from skdeepnlp.text._padded_ids import PaddedIds
from skdeepnlp.text._vocabulary import Vocabulary


class TokenSequences:
    """Token ids of documents of any length, which remember their vocabulary.

    All ids lie in one array, one document after the other. Selecting documents by a slice, a
    mask or an array of positions gives `TokenSequences` again, as scikit-learn needs for
    cross-validation.

    Parameters
    ----------
    ids : array-like of int of shape (n_tokens,)
        The ids of all documents.
    offsets : array-like of int of shape (n_samples + 1,)
        Document ``i`` holds ``ids[offsets[i]:offsets[i + 1]]``.
    vocabulary : Vocabulary or None, default=None
        The tokens of the ids.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all documents, read-only.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Where documents begin and end, read-only.
    vocabulary : Vocabulary or None
        The tokens of the ids.
    lengths : ndarray of shape (n_samples,), dtype int64
        The number of tokens of each document.
    shape : tuple
        ``(n_samples,)``.

    See Also
    --------
    TextTokenizer : Makes token sequences from texts.
    SequencePadder : Makes a matrix of them.

    Examples
    --------
    >>> from skdeepnlp.text import TokenSequences
    >>> sequences = TokenSequences.from_lists([[4, 2, 3], [], [5]])
    >>> sequences
    TokenSequences(3 documents, 4 tokens, no vocabulary)
    >>> sequences[0]
    array([4, 2, 3], dtype=int32)
    >>> sequences[[2, 0]].to_lists()
    [[5], [4, 2, 3]]
    """

    __slots__ = ("_ids", "_offsets", "_vocabulary")

    def __init__(self, ids: Any, offsets: Any, vocabulary: Vocabulary | None = None) -> None:
        self._ids = _read_only(ids, np.int32)
        self._offsets = _read_only(offsets, np.int64)
        self._vocabulary = vocabulary
        _check_offsets(self._ids, self._offsets)

    @classmethod
    def from_lists(cls, lists: Any, vocabulary: Vocabulary | None = None) -> "TokenSequences":
        """Make token sequences from one list of ids for each document.

        Parameters
        ----------
        lists : sequence of n_samples sequences of int
            The ids of each document.
        vocabulary : Vocabulary or None, default=None
            The tokens of the ids.

        Returns
        -------
        sequences : TokenSequences
            The same ids, in one array.
        """
        return cls(*check_id_lists(lists, caller="TokenSequences"), vocabulary)

    @classmethod
    def from_padded(cls, ids: Any, vocabulary: Vocabulary | None = None) -> "TokenSequences":
        """Make token sequences from a padded matrix; every padding id is left out.

        Parameters
        ----------
        ids : array-like of int of shape (n_samples, max_length)
            The matrix, padded with 0 at any side.
        vocabulary : Vocabulary or None, default=None
            The tokens of the ids. None takes the vocabulary of `ids`, if they have one.

        Returns
        -------
        sequences : TokenSequences
            The ids that are not padding.
        """
        padded_ids = PaddedIds(ids, vocabulary)
        plain = np.asarray(padded_ids)
        kept = plain != PAD_ID
        offsets = _offsets_of(kept.sum(axis=1))
        return cls(plain[kept], offsets, padded_ids.vocabulary)

    @property
    def ids(self) -> np.ndarray:
        return self._ids

    @property
    def offsets(self) -> np.ndarray:
        return self._offsets

    @property
    def vocabulary(self) -> Vocabulary | None:
        return self._vocabulary

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self._offsets)

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):  # scikit-learn asks for X[rows, ...]
            key = _without_ellipsis(key)
        if isinstance(key, (int, np.integer)):
            row = range(len(self))[key]
            return self._ids[self._offsets[row] : self._offsets[row + 1]]
        rows = np.arange(len(self))[key if isinstance(key, slice) else _row_key(key)]
        starts, lengths = self._offsets[rows], self.lengths[rows]
        ids = self._ids[joined_ranges(starts, lengths)]
        return TokenSequences(ids, _offsets_of(lengths), self._vocabulary)

    def __iter__(self) -> Iterator[np.ndarray]:
        return map(self.__getitem__, range(len(self)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise TypeError(
            "TokenSequences are ragged and fit into no array. Put a SequencePadder after the "
            "tokenizer, or take .to_lists()."
        )

    def __repr__(self) -> str:
        vocabulary = "no vocabulary" if self._vocabulary is None else repr(self._vocabulary)
        return f"TokenSequences({len(self)} documents, {len(self._ids)} tokens, {vocabulary})"

    def __reduce__(self) -> tuple:
        return TokenSequences, (self._ids, self._offsets, self._vocabulary)

    def to_lists(self) -> list[list[int]]:
        """Return one list of ids for each document.

        Returns
        -------
        lists : list of list of int
            The ids, as Python numbers.
        """
        flat, ends = self._ids.tolist(), self._offsets.tolist()
        return [flat[start:end] for start, end in pairwise(ends)]


def as_token_sequences(X: Any, *, caller: str, learns: bool = False) -> TokenSequences:
    """Return token sequences from whatever holds ids: sequences, lists, or a padded matrix.

    Parameters
    ----------
    X : TokenSequences, PaddedIds, or array-like of n_samples sequences of int
        The ids. Padding is left out of a matrix, which may be a data frame.
    caller : str
        The public name that asks, for messages.
    learns : bool, default=False
        Whether to warn of padding between ids; not twice for the same data.

    Returns
    -------
    sequences : TokenSequences
        The same ids; `X` itself where it is `TokenSequences` already.
    """
    if hasattr(X, "columns") and id_lists(X) is None:
        X = np.asarray(X)
    if isinstance(X, np.ndarray) and X.ndim == 2 and X.dtype.kind in "iu":
        if learns and not isinstance(X, PaddedIds):
            offsets = np.arange(len(X) + 1) * X.shape[1]
            warn_of_gaps(X.ravel(), offsets, caller=caller, is_matrix=True)
        return TokenSequences.from_padded(X)
    is_made = isinstance(X, TokenSequences)
    sequences = X if is_made else TokenSequences(*check_id_lists(X, caller=caller))
    if learns:
        warn_of_gaps(sequences.ids, sequences.offsets, caller=caller, is_matrix=False)
    return sequences


def _read_only(values: Any, dtype: Any) -> np.ndarray:
    view = np.asarray(values, dtype=dtype).view()
    view.flags.writeable = False
    return view


def _check_offsets(ids: np.ndarray, offsets: np.ndarray) -> None:
    one_dimensional = ids.ndim == offsets.ndim == 1 and len(offsets) > 0
    if not one_dimensional or offsets[0] != 0 or offsets[-1] != len(ids) or _falls(offsets):
        raise ValueError(
            f"Got ids of shape {ids.shape} and offsets of shape {offsets.shape}; expected one "
            "dimension each, and offsets that rise from 0 to the number of ids. Use from_lists."
        )


def _falls(offsets: np.ndarray) -> bool:
    return bool((np.diff(offsets) < 0).any())


def _offsets_of(lengths: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])


def _without_ellipsis(key: tuple) -> Any:
    rows = [part for part in key if part is not Ellipsis]
    if len(rows) != 1:
        raise IndexError(f"Got the index {key!r}; expected one index, for documents.")
    return rows[0]


def _row_key(key: Any) -> np.ndarray:
    """Return a mask or an array of positions; an empty list selects nothing."""
    rows = np.asarray(key)
    return rows if rows.size else rows.astype(np.int64)
