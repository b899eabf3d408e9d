"""Choose the vocabulary of a corpus: count its tokens, keep those within limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp.text._analyzers import Analyzer
from skdeepnlp.text._encoding import DROPPED, count_documents, encode_new
from skdeepnlp.text._fast_encoding import FirstAppearance
from skdeepnlp.text._vocabulary import PADDING_TOKEN, Vocabulary

_FIRST_TOKEN_ID = UNKNOWN_ID + 1


@dataclass(frozen=True)
class VocabularyLimits:
    """Which tokens of a corpus get an id, under the names that `TextTokenizer` gives them."""

    max_tokens: int | None
    min_df: int | float
    max_df: int | float
    stop_words: frozenset[str]
    oov_token: str

    def need_frequencies(self, n_documents: int) -> bool:
        """Tell whether, of so many documents, it matters in how many a token occurs."""
        least, most = _document_limits(self, n_documents)
        return least > 1 or most < n_documents


@dataclass(frozen=True)
class Choice:
    """A vocabulary, and the tokens that are left out of every sequence."""

    vocabulary: Vocabulary
    stop_words: frozenset[str]


class CorpusCounts:
    """How often each token of a corpus occurs, and in how many documents, chunk by chunk.

    Attributes
    ----------
    index_of : FirstAppearance
        The index of each token, counted from 0 by first appearance.
    counts, frequencies : ndarray of shape (n_distinct_tokens,), dtype int64
        Occurrences, and documents with at least one where these are counted, by index.
    n_documents : int
        How many documents were counted.
    """

    def __init__(self) -> None:
        self.index_of = FirstAppearance()
        self.counts = np.zeros(0, dtype=np.int64)
        self.frequencies = np.zeros(0, dtype=np.int64)
        self.n_documents = 0

    def add(
        self, texts: list[str], analyze: Analyzer, *, with_frequencies: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """Count the tokens of texts.

        Parameters
        ----------
        texts : list of str
            The documents.
        analyze : Analyzer
            Cuts texts into tokens, from `make_analyzer`.
        with_frequencies : bool, default=True
            Whether to count documents too.

        Returns
        -------
        numbers : ndarray of shape (n_tokens,), dtype int32
            The numbers of the tokens of all documents.
        offsets : ndarray of shape (n_samples + 1,), dtype int64
            Where documents begin and end.
        """
        numbers, offsets = encode_new(texts, analyze, self.index_of)
        n_tokens = len(self.index_of)
        self.counts = _summed(self.counts, np.bincount(numbers, minlength=n_tokens))
        if with_frequencies:
            found = count_documents(numbers, offsets, n_tokens)
            self.frequencies = _summed(self.frequencies, found)
        self.n_documents += len(texts)
        return numbers, offsets


def choose(corpus: CorpusCounts, limits: VocabularyLimits) -> tuple[Choice, np.ndarray]:
    """Choose the tokens that get an id.

    Parameters
    ----------
    corpus : CorpusCounts
        What was counted in the documents.
    limits : VocabularyLimits
        Which tokens get an id.

    Returns
    -------
    choice : Choice
        The vocabulary with its counts, and the tokens left out of every sequence.
    new_ids : ndarray of shape (n_distinct_tokens,), dtype int32
        The id of each number, or `DROPPED`.
    """
    rare, dropped = _rare_and_dropped(corpus, limits)
    _check_tokens_found(corpus)
    chosen = _most_frequent(corpus.counts, ~(rare | dropped), limits)
    new_ids = _new_ids(chosen, dropped)
    tokens = np.array(list(corpus.index_of), dtype=object)
    vocabulary = Vocabulary(
        tokens[chosen],
        counts=corpus.counts[chosen],
        unknown_count=int(corpus.counts[new_ids == UNKNOWN_ID].sum()),
        unknown_token=limits.oov_token,
    )
    return Choice(vocabulary, limits.stop_words.union(tokens[dropped].tolist())), new_ids


def given_vocabulary(given: Any, oov_token: str) -> Vocabulary:
    """Return what the user gave as a vocabulary.

    Parameters
    ----------
    given : Vocabulary, sequence of str, mapping from str to int, or object with tokens
        A sequence is in the order of ids, a mapping is put in the order of its values, and word
        vectors and the like tell their tokens as ``.vocabulary`` or ``.tokens``.
    oov_token : str
        Stands for unknown tokens, where `given` does not say.

    Returns
    -------
    vocabulary : Vocabulary
        `given` itself where it is one.
    """
    if isinstance(given, Vocabulary):
        return given
    if isinstance(given, Mapping):
        return Vocabulary(_in_order_of_values(given), unknown_token=oov_token)
    for name in ("vocabulary", "tokens"):
        if hasattr(given, name):
            return given_vocabulary(getattr(given, name), oov_token)
    return Vocabulary(given, unknown_token=oov_token)


def counted(
    vocabulary: Vocabulary, ids: np.ndarray, earlier: np.ndarray | None = None
) -> Vocabulary:
    """Return the vocabulary with the counts of its ids in a corpus.

    Parameters
    ----------
    vocabulary : Vocabulary
        The tokens.
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of the corpus.
    earlier : ndarray of shape (n_ids,) or None, default=None
        Counts to add to.

    Returns
    -------
    vocabulary : Vocabulary
        The same tokens with `counts`.
    """
    counts = np.bincount(ids, minlength=len(vocabulary)) + (0 if earlier is None else earlier)
    return Vocabulary(
        vocabulary.tokens[_FIRST_TOKEN_ID:],
        counts=counts[_FIRST_TOKEN_ID:],
        unknown_count=int(counts[UNKNOWN_ID]),
        padding_token=vocabulary.padding_token,
        unknown_token=vocabulary.unknown_token,
    )


def chosen_stop_words(chosen: Any, *, lowercase: bool) -> frozenset[str]:
    """Return the stop words that the user chose, as they occur among the tokens.

    Parameters
    ----------
    chosen : {"english"}, collection of str or None
        The parameter `stop_words` of `TextTokenizer`.
    lowercase : bool
        Whether texts are put into lower case.

    Returns
    -------
    stop_words : frozenset of str
        In lower case, if texts are.
    """
    words = ENGLISH_STOP_WORDS if chosen == "english" else chosen or ()
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"Got the stop word {word!r}; expected every stop word to be a str.")
    return frozenset(map(str.lower, words) if lowercase else words)


def _summed(earlier: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return counts with the earlier ones, of as many tokens or fewer, added."""
    counts[: len(earlier)] += earlier
    return counts


def _check_tokens_found(corpus: CorpusCounts) -> None:
    if not corpus.index_of:
        raise ValueError(
            f"Got {corpus.n_documents} documents without a single token; expected texts that hold "
            "words. Check that X is the column of texts, and the parameters analyzer and "
            "punctuation."
        )


def _new_ids(chosen: np.ndarray, dropped: np.ndarray) -> np.ndarray:
    """Return the id that takes the place of each number."""
    new_ids = np.where(dropped, DROPPED, UNKNOWN_ID).astype(np.int32)
    new_ids[chosen] = np.arange(len(chosen), dtype=np.int32) + _FIRST_TOKEN_ID
    return new_ids


def _rare_and_dropped(
    corpus: CorpusCounts, limits: VocabularyLimits
) -> tuple[np.ndarray, np.ndarray]:
    """Return which tokens become unknown, and which are left out of their sequences."""
    rare, dropped = np.zeros((2, len(corpus.index_of)), dtype=bool)
    if limits.need_frequencies(corpus.n_documents):
        least, most = _document_limits(limits, corpus.n_documents)
        rare, dropped = corpus.frequencies < least, corpus.frequencies > most
    dropped[_numbers_in(corpus.index_of, limits.stop_words)] = True
    # a text may spell the reserved tokens: there they are unknown, and never padding
    reserved = _numbers_in(corpus.index_of, {PADDING_TOKEN, limits.oov_token})
    rare[reserved], dropped[reserved] = True, False
    return rare, dropped


def _document_limits(limits: VocabularyLimits, n_documents: int) -> tuple[float, float]:
    """Return in how many documents a token must, and may, occur."""
    least, most = (
        value if isinstance(value, Integral) else value * n_documents
        for value in (limits.min_df, limits.max_df)
    )
    if most < least:
        raise ValueError(
            f"Got min_df={limits.min_df}, at least {least:g} documents, and "
            f"max_df={limits.max_df}, at most {most:g} documents of {n_documents}; expected "
            "max_df to allow as many documents as min_df requires. Lower min_df or raise max_df."
        )
    return least, most


def _numbers_in(index_of: dict[str, int], tokens: Any) -> list[int]:
    return [index_of[token] for token in tokens if token in index_of]


def _most_frequent(counts: np.ndarray, allowed: np.ndarray, limits: VocabularyLimits) -> np.ndarray:
    """Return the allowed numbers by falling count, ties by first appearance."""
    candidates = np.flatnonzero(allowed)
    if not len(candidates):
        raise ValueError(
            f"Got min_df={limits.min_df}, max_df={limits.max_df} and {len(limits.stop_words)} "
            f"stop words, which leave none of the {len(counts)} distinct tokens; expected at "
            "least one to stay. Lower min_df, raise max_df, or give fewer stop words. Where no "
            "spaces stand between words, as in Thai, analyzer='char' cuts texts into characters."
        )
    order = np.argsort(-counts[candidates], kind="stable")
    return candidates[order][: limits.max_tokens]


def _in_order_of_values(indices: Mapping) -> list:
    if len(set(indices.values())) < len(indices):
        raise ValueError(
            "Got a vocabulary that maps several tokens to one index; expected one index for each "
            "token. Give a list of tokens, or a mapping with distinct values."
        )
    return sorted(indices, key=indices.__getitem__)
