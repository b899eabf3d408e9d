"""Tokens and a vector for each of them, as one immutable value."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from skdeepnlp._contracts import shorten


class WordVectors:
    """Tokens with a vector each. Immutable: copies and clones are the object itself.

    Parameters
    ----------
    tokens : sequence of str
        The tokens, each once.
    matrix : array-like of shape (n_tokens, n_features)
        Their vectors, in this order. A float32 array is not copied, be it memory-mapped.

    Attributes
    ----------
    tokens : tuple of str
        The tokens.
    matrix : ndarray of shape (n_tokens, n_features), dtype float32
        The vectors; read only.

    Raises
    ------
    TypeError
        If a token is no str.
    ValueError
        If a token occurs twice, there is none, or `matrix` is no matrix of finite numbers with a
        row for each token.

    See Also
    --------
    load_glove, load_word2vec, load_fasttext, from_gensim : Where vectors come from.

    Examples
    --------
    >>> from skdeepnlp.vectors import WordVectors
    >>> vectors = WordVectors(["good", "great", "dull"], [[1.0, 0.1], [0.9, 0.2], [-1.0, 0.3]])
    >>> vectors
    WordVectors(3 tokens x 2 features)
    >>> "good" in vectors, vectors["dull"].tolist()
    (True, [-1.0, 0.30000001192092896])
    >>> [token for token, _ in vectors.most_similar("good", 1)]
    ['great']
    """

    def __init__(self, tokens: Iterable[str], matrix: Any) -> None:
        self.tokens = tuple(tokens)
        given = np.asanyarray(matrix)
        if given.ndim != 2 or len(given) != len(self.tokens) or not given.size:
            raise ValueError(
                f"Got {len(self.tokens)} tokens and a matrix of shape {given.shape}; expected at "
                "least one token, and a row of one number or more for each."
            )
        if given.dtype.kind not in "fiu":
            raise ValueError(f"Got a matrix of dtype {given.dtype}; expected numbers.")
        view = given.view() if given.dtype == np.float32 else given.astype(np.float32)
        view.flags.writeable = False
        self.matrix = view
        self._check_tokens()
        self._check_finite()

    def _check_tokens(self) -> None:
        if len(self._index) == len(self.tokens) and set(map(type, self.tokens)) <= {str}:
            return
        for place, token in enumerate(self.tokens):
            if not isinstance(token, str):
                raise TypeError(f"Got token {place} {shorten(token)}; expected str.")
            if self.tokens.index(token) != place:
                raise ValueError(
                    f"Got token {shorten(token)} twice, at {self.tokens.index(token)} and "
                    f"{place}; expected each once. Keep the first vector of each."
                )

    def _check_finite(self) -> None:
        for start in range(0, len(self.matrix), _ROWS_AT_ONCE):
            finite = np.isfinite(self.matrix[start : start + _ROWS_AT_ONCE]).all(axis=1)
            if not finite.all():
                place = start + int(np.argmin(finite))
                raise ValueError(
                    f"The vector of {shorten(self.tokens[place])} holds numbers that are not "
                    "finite; expected finite ones. Leave that token out."
                )

    @cached_property
    def _index(self) -> dict[str, int]:
        return {token: place for place, token in enumerate(self.tokens)}

    @property
    def n_features(self) -> int:
        """Length of the vectors."""
        return int(self.matrix.shape[1])

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._index

    def __getitem__(self, token: str | Sequence[str]) -> np.ndarray:
        """Return the vector of a token, or a matrix of those of several."""
        if isinstance(token, str):
            return self.matrix[self._place(token)]
        return self.matrix[[self._place(each) for each in token]]

    def _place(self, token: str) -> int:
        try:
            return self._index[token]
        except (KeyError, TypeError):
            raise KeyError(
                f"No vector for {shorten(token)}; ask by `in` first, or take another of the "
                f"{len(self)} tokens."
            ) from None

    def places_of(self, tokens: Iterable[str]) -> np.ndarray:
        """Return the row of each token.

        Parameters
        ----------
        tokens : iterable of str
            Any tokens.

        Returns
        -------
        places : ndarray of int64 of shape (n_tokens,)
            -1 for tokens without a vector.
        """
        return np.fromiter((self._index.get(token, -1) for token in tokens), dtype=np.int64)

    def most_similar(self, token: Any, n: int = 10) -> list[tuple[str, float]]:
        """Return the tokens whose vectors point most nearly the same way.

        Parameters
        ----------
        token : str or array-like of shape (n_features,)
            A token, which is left out of the answer, or a vector.
        n : int, default=10
            How many tokens to return.

        Returns
        -------
        similar : list of (str, float)
            Tokens and cosine similarities, the most similar first.
        """
        own = self._place(token) if isinstance(token, str) else None
        vector = np.asarray(self.matrix[own] if own is not None else token, dtype=np.float32)
        if vector.shape != (self.n_features,):
            raise ValueError(
                f"Got a vector of shape {vector.shape}; expected ({self.n_features},), or a token."
            )
        lengths = self._lengths * max(float(np.linalg.norm(vector)), _SMALLEST)
        cosines = (self.matrix @ vector) / lengths
        if own is not None:
            cosines[own] = -np.inf
        n = min(n, len(self) - (own is not None))
        best = np.argpartition(-cosines, max(0, n - 1))[:n]
        ordered = best[np.argsort(-cosines[best], kind="stable")]
        return [(self.tokens[place], float(cosines[place])) for place in ordered]

    @cached_property
    def _lengths(self) -> np.ndarray:
        return np.maximum(np.linalg.norm(self.matrix, axis=1), _SMALLEST)

    def restrict_to(self, tokens: Iterable[str]) -> "WordVectors":
        """Return the vectors of some tokens alone, as a copy of these rows.

        Parameters
        ----------
        tokens : iterable of str
            Tokens to keep, such as those of a `Vocabulary`; those without a vector are passed over.

        Returns
        -------
        vectors : WordVectors
            In the order of this object.

        Raises
        ------
        ValueError
            If none of the tokens has a vector.
        """
        places = np.unique(self.places_of(getattr(tokens, "tokens", tokens)))
        places = places[places >= 0]
        if not len(places):
            raise ValueError(
                f"Got tokens of which none is among the {len(self)} of these vectors; expected at "
                "least one. Look whether both are in lower case."
            )
        return WordVectors([self.tokens[place] for place in places], np.array(self.matrix[places]))

    @cached_property
    def digest(self) -> str:
        """A hash of tokens and matrix, by which vectors are compared."""
        digest = hashlib.sha256(f"{self.matrix.shape}\0".encode())
        digest.update("\0".join(self.tokens).encode())
        for start in range(0, len(self.matrix), _ROWS_AT_ONCE):
            digest.update(np.ascontiguousarray(self.matrix[start : start + _ROWS_AT_ONCE]).data)
        return digest.hexdigest()

    def save(self, path: Any) -> None:
        """Write tokens and matrix into a file that `load` reads, without pickle.

        Parameters
        ----------
        path : str or Path
            Where to; ".npz" is added if it is missing.
        """
        text = np.frombuffer("\n".join(self.tokens).encode(), dtype=np.uint8)
        if any("\n" in token for token in self.tokens):
            raise ValueError("Got a token with a line break in it, which the file cannot hold.")
        np.savez(Path(path), matrix=self.matrix, tokens=text)

    @classmethod
    def load(cls, path: Any) -> "WordVectors":
        """Read a file that `save` wrote.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        vectors : WordVectors
        """
        with np.load(Path(path), allow_pickle=False) as file:
            if set(file.files) != {"matrix", "tokens"}:
                raise ValueError(
                    f"{path} holds {sorted(file.files)}; expected 'matrix' and 'tokens', as "
                    "WordVectors.save writes them."
                )
            return cls(file["tokens"].tobytes().decode().split("\n"), file["matrix"])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, WordVectors) or self.matrix.shape != other.matrix.shape:
            return False
        return self.digest == other.digest

    def __hash__(self) -> int:
        return hash((self.matrix.shape, self.tokens[0], self.tokens[-1]))

    def __copy__(self) -> "WordVectors":
        return self

    def __deepcopy__(self, memo: dict) -> "WordVectors":
        return self

    def __sklearn_clone__(self) -> "WordVectors":
        return self

    def __reduce__(self) -> tuple:
        return WordVectors, (self.tokens, np.asarray(self.matrix))

    def __repr__(self) -> str:
        return f"WordVectors({len(self)} tokens x {self.n_features} features)"


_ROWS_AT_ONCE = 1 << 16
_SMALLEST = 1e-12
