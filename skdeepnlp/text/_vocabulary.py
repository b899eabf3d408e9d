"""The tokens of the ids: an immutable value that sequences carry along."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import UnknownTokensWarning

PADDING_TOKEN = "[PAD]"
UNKNOWN_TOKEN = "[UNK]"
_N_RESERVED = 2  # padding and unknown come before the tokens
_N_SHOWN = 4


class Vocabulary:
    """The tokens of a corpus, each with an id; id 0 is padding and id 1 any unknown token.

    A vocabulary never changes once made: copying it, by `copy.deepcopy` or `sklearn.base.clone`,
    gives back the same object, and two vocabularies are equal when their tokens are.

    Parameters
    ----------
    tokens : sequence of str
        The tokens in the order of their ids, which start at 2. Padding and unknown are not
        listed.
    counts : array-like of int of shape (n_tokens,), default=None
        How often each of `tokens` occurred, where known.
    unknown_count : int, default=0
        How many occurrences in the corpus became the unknown id. Used with `counts` only.
    padding_token : str, default="[PAD]"
        Stands for id 0.
    unknown_token : str, default="[UNK]"
        Stands for id 1.

    Attributes
    ----------
    tokens : tuple of str of length n_ids
        Every token by id, padding and unknown included.
    counts : ndarray of shape (n_ids,), dtype int64, or None
        Occurrences by id, read-only; 0 for padding. None where they are not known.
    padding_token, unknown_token : str
        The first two of `tokens`.
    id_by_token : dict from str to int
        The id of each token; not to be changed.
    digest : str
        Names the tokens and their order: equal in every process for equal tokens.

    See Also
    --------
    TextTokenizer : Learns a vocabulary.

    Examples
    --------
    >>> from skdeepnlp.text import Vocabulary
    >>> vocabulary = Vocabulary(["good", "film"], counts=[7, 4], unknown_count=2)
    >>> len(vocabulary), vocabulary.tokens
    (4, ('[PAD]', '[UNK]', 'good', 'film'))
    >>> vocabulary.counts
    array([0, 2, 7, 4])
    >>> vocabulary.to_ids(["good", "grief"])
    array([2, 1], dtype=int32)
    >>> vocabulary.to_tokens([3, 1])
    ['film', '[UNK]']
    """

    def __init__(
        self,
        tokens: Iterable[str],
        *,
        counts: Sequence[int] | np.ndarray | None = None,
        unknown_count: int = 0,
        padding_token: str = PADDING_TOKEN,
        unknown_token: str = UNKNOWN_TOKEN,
    ) -> None:
        self._tokens = (padding_token, unknown_token, *_listed(tokens))
        _check_tokens(self._tokens)
        self._counts = _aligned_counts(counts, unknown_count, n_ids=len(self._tokens))

    @property
    def tokens(self) -> tuple[str, ...]:
        return self._tokens

    @property
    def counts(self) -> np.ndarray | None:
        return self._counts

    @property
    def padding_token(self) -> str:
        return self._tokens[0]

    @property
    def unknown_token(self) -> str:
        return self._tokens[1]

    @cached_property
    def digest(self) -> str:
        text = json.dumps(self._tokens)
        return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    @cached_property
    def id_by_token(self) -> dict[str, int]:
        return dict(zip(self._tokens, range(len(self._tokens)), strict=True))

    def __len__(self) -> int:
        return len(self._tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.id_by_token

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self._tokens[_N_RESERVED:][:_N_SHOWN]))
        dots = ", ..." if len(self) > _N_RESERVED + _N_SHOWN else ""
        return f"Vocabulary({len(self)} ids: {shown}{dots})"

    def __copy__(self) -> "Vocabulary":
        return self

    def __deepcopy__(self, memo: dict) -> "Vocabulary":
        return self

    def __reduce__(self) -> tuple:
        # leaves out what can be computed again, so that equal values give equal pickles
        return _restored, (self._tokens, self._counts)

    def id_of(self, token: str) -> int:
        """Return the id of a token, 1 if the token is unknown.

        Parameters
        ----------
        token : str
            The token to look up.

        Returns
        -------
        token_id : int
            Its id.
        """
        return self.id_by_token.get(token, UNKNOWN_ID)

    def token_of(self, token_id: int) -> str:
        """Return the token of an id.

        Parameters
        ----------
        token_id : int
            From 0 to ``len(vocabulary) - 1``.

        Returns
        -------
        token : str
            Its token.
        """
        return self.to_tokens([token_id])[0]

    def to_ids(self, tokens: Iterable[str]) -> np.ndarray:
        """Return the ids of tokens.

        Parameters
        ----------
        tokens : iterable of str
            The tokens to look up; unknown ones give 1.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), dtype int32
            One id for each token.
        """
        return np.fromiter(map(self.id_by_token.get, tokens, repeat(UNKNOWN_ID)), dtype=np.int32)

    def to_tokens(self, ids: Iterable[int]) -> list[str]:
        """Return the tokens of ids.

        Parameters
        ----------
        ids : array-like of int of shape (n_tokens,)
            From 0 to ``len(vocabulary) - 1``.

        Returns
        -------
        tokens : list of str
            One token for each id.
        """
        numbers = np.asarray(ids).tolist()
        if numbers and not 0 <= min(numbers) <= max(numbers) < len(self):
            raise ValueError(
                f"Got ids from {min(numbers)} to {max(numbers)}; expected ids from 0 to "
                f"{len(self) - 1}. Use the vocabulary that made the ids."
            )
        return list(map(self._tokens.__getitem__, numbers))

    def to_json(self) -> str:
        """Return the vocabulary as JSON.

        Returns
        -------
        text : str
            Read it back with `from_json`.
        """
        counts = None if self._counts is None else self._counts.tolist()
        return json.dumps({"tokens": self._tokens, "counts": counts})

    @classmethod
    def from_json(cls, text: str) -> "Vocabulary":
        """Read a vocabulary from what `to_json` wrote.

        Parameters
        ----------
        text : str
            The JSON text.

        Returns
        -------
        vocabulary : Vocabulary
            Equal to the one written, counts included.
        """
        stored = json.loads(text)
        if not isinstance(stored, dict) or not {"tokens", "counts"} <= stored.keys():
            raise ValueError(
                "Got JSON without 'tokens' and 'counts'; expected what Vocabulary.to_json wrote."
            )
        return _restored(stored["tokens"], stored["counts"])


def check_same_vocabulary(
    fitted: Vocabulary | None, given: Vocabulary | None, *, caller: str
) -> None:
    """Raise if ids come from another vocabulary than the fitted one; None is not compared."""
    if fitted is None or given is None or fitted == given:
        return
    raise ValueError(
        f"Got ids of {given!r} (digest {given.digest[:8]}); {caller} was fitted on {fitted!r} "
        f"(digest {fitted.digest[:8]}). Make the ids with the tokenizer it was fitted with, "
        "or fit it again."
    )


def _restored(tokens: Sequence[str], counts: Sequence[int] | np.ndarray | None) -> Vocabulary:
    """Make a vocabulary from all its tokens and counts, the reserved ones included."""
    padding_token, unknown_token, *others = tokens
    return Vocabulary(
        others,
        counts=None if counts is None else counts[_N_RESERVED:],
        unknown_count=0 if counts is None else int(counts[UNKNOWN_ID]),
        padding_token=padding_token,
        unknown_token=unknown_token,
    )


def _listed(tokens: Any) -> list:
    if isinstance(tokens, (str, bytes)) or not isinstance(tokens, Iterable):
        raise TypeError(
            f"Got tokens={tokens!r}; expected a sequence of str, such as ['good', 'film']."
        )
    # an array gives str, not numpy.str_
    return tokens.tolist() if hasattr(tokens, "tolist") else list(tokens)


def _check_tokens(tokens: tuple) -> None:
    """Raise at a token that is no str, or that has two ids."""
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(f"Got the token {token!r}; expected every token to be a str.")
    if len(set(tokens)) < len(tokens):
        token, times = Counter(tokens).most_common(1)[0]
        raise ValueError(
            f"Got the token {token!r} {times} times; expected each token once, and neither "
            f"{tokens[0]!r} nor {tokens[1]!r}, which have ids 0 and 1 already."
        )


def _aligned_counts(
    counts: Sequence[int] | np.ndarray | None, unknown_count: int, *, n_ids: int
) -> np.ndarray | None:
    """Return the counts by id, read-only."""
    if counts is None:
        return None
    aligned = np.array([0, unknown_count, *np.asarray(counts).tolist()], dtype=np.int64)
    if len(aligned) != n_ids:
        raise ValueError(
            f"Got {len(aligned) - _N_RESERVED} counts for {n_ids - _N_RESERVED} tokens; "
            "expected one count for each token."
        )
    aligned.flags.writeable = False
    return aligned


def warn_if_mostly_unknown(tokenizer: Any, n_unknown: int, n_tokens: int) -> None:
    """Warn if more than half of the tokens of a corpus became the unknown one.

    Parameters
    ----------
    tokenizer : TextTokenizer
        Whose parameters are named.
    n_unknown, n_tokens : int
        Tokens of the corpus without an id, and in all.
    """
    if n_unknown <= 0.5 * n_tokens:
        return
    warn_user(
        f"{type(tokenizer).__name__} found no id for {n_unknown} of {n_tokens} tokens "
        f"({n_unknown / n_tokens:.0%}) of the texts in fit: all of these are read as "
        f"the same unknown token. {_cause_and_cure(tokenizer)}",
        UnknownTokensWarning,
    )


def _cause_and_cure(tokenizer: Any) -> str:
    if tokenizer.vocabulary is not None:
        return (
            "The given vocabulary lacks them; look whether it is one of these texts, in the same "
            f"case (lowercase={tokenizer.lowercase}), cut in the same way."
        )
    limits = (
        f"Got min_df={tokenizer.min_df} and max_tokens={tokenizer.max_tokens}; lower min_df or "
        "raise max_tokens, and look whether X is the column of texts."
    )
    if tokenizer.analyzer == "char":
        return limits
    return (
        f"{limits} Where no spaces stand between words, as in Thai, Khmer or Lao, set "
        "analyzer='char', or an analyzer that finds words."
    )
