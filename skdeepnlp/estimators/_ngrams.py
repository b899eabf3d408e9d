"""Exact counts of the n-grams of token ids, as a sparse matrix."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp._ragged import RaggedIds


@dataclass(frozen=True, eq=False)
class NgramTable:
    """The n-grams of some training texts, each with a column of its own.

    An n-gram is found by the column of its first n - 1 tokens and its last token, so that no two
    of them share a key. N-grams with padding or an unknown token in them do not count.

    Parameters
    ----------
    keys : tuple of ndarray of int64
        For each length the sorted keys of its n-grams: token ids for single tokens, then
        ``place of the first n - 1 tokens * n_ids + last token``.
    n_ids : int
        Number of token ids; ids from there on are unknown.
    """

    keys: tuple[np.ndarray, ...]
    n_ids: int

    @classmethod
    def of(
        cls, sequences: RaggedIds, max_n: int, max_ngrams: int
    ) -> tuple["NgramTable", csr_matrix]:
        """Collect the n-grams of texts and count them.

        Parameters
        ----------
        sequences : RaggedIds
            The texts.
        max_n : int
            Maximum length of an n-gram in tokens.
        max_ngrams : int
            How many n-grams to keep, those of the most texts.

        Returns
        -------
        table : NgramTable
        counts : csr_matrix of shape (n_samples, n_ngrams)
            How often each n-gram occurs in each text.
        """
        n_ids = int(sequences.ids.max(initial=UNKNOWN_ID)) + 1
        whole = _Collecting()
        counts = _counts(sequences, max_n, n_ids, whole.number)
        table = cls(tuple(whole.keys), n_ids)
        n_texts = np.bincount(counts.indices, minlength=counts.shape[1])
        if len(n_texts) <= max_ngrams:
            return table, counts
        # a stable order keeps the start of every n-gram that is kept: it is in as many texts
        kept = np.zeros(len(n_texts), dtype=bool)
        kept[np.argsort(-n_texts, kind="stable")[:max_ngrams]] = True
        return table.restrict_to(kept), counts[:, kept]

    def count(self, sequences: RaggedIds) -> csr_matrix:
        """Return how often each n-gram occurs in each text, shape (n_samples, n_ngrams)."""
        return _counts(sequences, len(self.keys), self.n_ids, self._find)

    def restrict_to(self, kept: np.ndarray) -> "NgramTable":
        """Return the table of the columns that a mask of shape (n_ngrams,) keeps."""
        keys, start = [], 0
        places = np.arange(self.n_ids)  # of the n-grams one token shorter, among those kept
        for level, of_level in enumerate(self.keys):
            own = kept[start : start + len(of_level)]
            before, last = divmod(of_level[own], self.n_ids)
            keys.append(last if level == 0 else places[before] * self.n_ids + last)
            places, start = np.cumsum(own) - 1, start + len(of_level)
        return NgramTable(tuple(keys), self.n_ids)

    @property
    def n_bytes(self) -> int:
        """Size of the keys."""
        return sum(keys.nbytes for keys in self.keys)

    def _find(self, level: int, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        """Return the places of keys, which of them are known, and how many the level has."""
        known = self.keys[level]
        if not len(known):
            return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=bool), 0
        places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return places, known[places] == keys, len(known)


class _Collecting:
    """Numbers all n-grams that occur."""

    def __init__(self) -> None:
        self.keys: list[np.ndarray] = []

    def number(self, level: int, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        """Return the place of each key among the distinct ones, all of them known."""
        distinct, places = np.unique(keys, return_inverse=True)
        self.keys.append(distinct)
        return places, np.ones(len(keys), dtype=bool), len(distinct)


def _counts(sequences: RaggedIds, max_n: int, n_ids: int, find) -> csr_matrix:
    """Count the n-grams that `find` knows."""
    ids = sequences.ids.astype(np.int64)
    text_of = np.repeat(np.arange(len(sequences.lengths)), sequences.lengths)
    real = (ids != PAD_ID) & (ids != UNKNOWN_ID) & (ids < n_ids)
    ends, n_columns = np.flatnonzero(real), 0
    keys, rows, columns = ids[ends], [], []
    for level in range(max_n):
        places, known, n_level = find(level, keys)
        ends, places = ends[known], places[known]
        rows.append(text_of[ends])
        columns.append(n_columns + places)
        n_columns += n_level
        follows = ends + 1 < len(ids)
        following = ends[follows] + 1
        inside = real[following] & (text_of[following] == text_of[ends[follows]])
        keys = places[follows][inside] * n_ids + ids[following[inside]]
        ends = following[inside]
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(sequences.lengths), n_columns)
    return coo_matrix((np.ones(len(row)), (row, column)), shape=shape).tocsr()
