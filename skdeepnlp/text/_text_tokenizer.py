"""The step that learns a vocabulary and turns texts into sequences of token ids."""

from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID, check_documents, check_texts
from skdeepnlp._sklearn import Interval, RealNotInt, StrOptions, _fit_context
from skdeepnlp.text._analyzers import Analyzer, make_analyzer
from skdeepnlp.text._base import TextStep
from skdeepnlp.text._encoding import DROPPED, encode, renumbered, without
from skdeepnlp.text._token_sequences import TokenSequences, as_token_sequences
from skdeepnlp.text._vocabulary import (
    UNKNOWN_TOKEN,
    Vocabulary,
    check_same_vocabulary,
    warn_if_mostly_unknown,
)
from skdeepnlp.text._vocabulary_learning import (
    Choice,
    CorpusCounts,
    VocabularyLimits,
    choose,
    chosen_stop_words,
    counted,
    given_vocabulary,
)

_DOCUMENT_FREQUENCY = [
    Interval(RealNotInt, 0, 1, closed="both"),
    Interval(Integral, 1, None, closed="left"),
]


class TextTokenizer(TextStep):
    """Cut texts into tokens, learn their vocabulary, and give each token an id.

    Id 0 is padding and never occurs in the output, id 1 is any token without an id of its own,
    and tokens have the ids from 2 on by falling count in the corpus, ties by first appearance.
    Words seen too rarely to get an id become the unknown id in training too, so that a network
    learns what an unknown word means.

    Parameters
    ----------
    analyzer : {"word", "char"} or callable, default="word"
        What a token is.

        - "word" : words and punctuation marks, see Notes.
        - "char" : characters as a reader sees them; any white space is one " ".
        - callable : takes one document and returns its tokens: `str.split` for texts, `list` for
          documents that are cut into tokens already. Documents may be of any kind that the
          callable takes, but no numbers or bytes.
    lowercase : bool, default=True
        Whether texts are put into lower case first, also before a callable `analyzer` and for
        `stop_words`, but not for a given `vocabulary`. Documents that are no str come to the
        callable as they are.
    punctuation : {"keep", "drop"}, default="keep"
        Whether punctuation marks and signs such as "$" are tokens of their own. Words and emoji
        are kept in any case. Has no effect on a callable `analyzer`.
    max_tokens : int, default=None
        How many tokens get an id of their own, not counting padding and unknown: the most
        frequent ones. None means all.
    min_df : float or int, default=1
        In how many documents a token must occur to get an id of its own; a float is a share of
        the documents. Rarer tokens become unknown.
    max_df : float or int, default=1.0
        In how many documents a token may occur; a float is a share of the documents. More
        frequent tokens are treated as stop words.
    stop_words : {"english"} or collection of str, default=None
        Tokens to leave out of every sequence. "english" takes scikit-learn's list.
    vocabulary : Vocabulary, sequence of str, mapping or object with tokens, default=None
        The tokens that get an id, instead of those of the corpus: a `Vocabulary`, the tokens in
        the order of their ids from 2 on, a mapping from tokens to numbers that give their order,
        or an object with an attribute `vocabulary` or `tokens`, such as word vectors. Then
        `max_tokens`, `min_df` and `max_df` have no effect.
    oov_token : str, default="[UNK]"
        Stands for unknown tokens in `inverse_transform`.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The tokens by id, with their counts in the corpus. A `Vocabulary` given as the parameter
        is kept as it is.
    stop_words_ : frozenset of str
        The tokens left out of every sequence: `stop_words`, and those above `max_df`.
    n_documents_ : int
        How many documents were seen in `fit`, or in all chunks of `partial_fit`.

    See Also
    --------
    SequencePadder : Makes a matrix of the token sequences.
    sklearn.feature_extraction.text.CountVectorizer : Counts tokens, without their order.

    Notes
    -----
    A word is a run of letters, digits and underscores of any script, with the marks that its
    letters carry. It keeps apostrophes inside (don't, l'eau); a hyphen is punctuation. Every
    Chinese character is a token of its own, as words are not set apart there, and so is a run of
    single Korean letters after a word. An emoji is one token with all that belongs to it, and
    so is a flag. Every punctuation mark is one token.

    A text without tokens gives an empty sequence.

    An `UnknownTokensWarning` says so where more than half of the tokens in fit get no id.

    Examples
    --------
    >>> from skdeepnlp.text import TextTokenizer
    >>> tokenizer = TextTokenizer(max_tokens=3)
    >>> sequences = tokenizer.fit_transform(["A good film!", "Good, good fun.", "A bore."])
    >>> sequences.to_lists()
    [[3, 2, 1, 1], [2, 1, 2, 1, 4], [3, 1, 4]]
    >>> tokenizer.vocabulary_.tokens
    ('[PAD]', '[UNK]', 'good', 'a', '.')
    >>> tokenizer.inverse_transform(tokenizer.transform(["a good one"]))
    [['a', 'good', '[UNK]']]
    """

    _parameter_constraints: dict = {
        "analyzer": [StrOptions({"word", "char"}), callable],
        "lowercase": ["boolean"],
        "punctuation": [StrOptions({"keep", "drop"})],
        "max_tokens": [Interval(Integral, 1, None, closed="left"), None],
        "min_df": _DOCUMENT_FREQUENCY,
        "max_df": _DOCUMENT_FREQUENCY,
        "stop_words": [StrOptions({"english"}), list, tuple, set, frozenset, None],
        "vocabulary": "no_validation",
        "oov_token": [str],
    }

    def __init__(
        self,
        *,
        analyzer="word",
        lowercase=True,
        punctuation="keep",
        max_tokens=None,
        min_df=1,
        max_df=1.0,
        stop_words=None,
        vocabulary=None,
        oov_token=UNKNOWN_TOKEN,
    ):
        self.analyzer = analyzer
        self.lowercase = lowercase
        self.punctuation = punctuation
        self.max_tokens = max_tokens
        self.min_df = min_df
        self.max_df = max_df
        self.stop_words = stop_words
        self.vocabulary = vocabulary
        self.oov_token = oov_token

    def fit(self, X, y=None):
        """Learn the vocabulary.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or one text column of a frame
            The texts; for a callable `analyzer`, whatever documents it takes.
        y : None
            Not used.

        Returns
        -------
        self : TextTokenizer
            The fitted tokenizer.
        """
        self.fit_transform(X)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X, y=None):
        """Learn the vocabulary and encode the same texts, in one pass over them.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or one text column of a frame
            The texts; for a callable `analyzer`, whatever documents it takes.
        y : None
            Not used.

        Returns
        -------
        sequences : TokenSequences of length n_samples
            The ids of the tokens.
        """
        texts = self._check_documents(X)
        fit = self._learn if self.vocabulary is None else self._take_given
        ids, offsets = fit(texts)
        self.n_documents_ = len(texts)
        warn_if_mostly_unknown(self, int((ids == UNKNOWN_ID).sum()), len(ids))
        return TokenSequences(ids, offsets, self.vocabulary_)

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None):
        """Learn from one more chunk of the texts.

        After the last chunk, vocabulary and counts are those of one `fit` on all texts. Ids are
        settled only then: sequences made between chunks may have other ids.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or one text column of a frame
            The texts of the chunk; for a callable `analyzer`, whatever documents it takes.
        y : None
            Not used.

        Returns
        -------
        self : TextTokenizer
            The tokenizer.

        Notes
        -----
        Between chunks every distinct token is kept with its counts, also in pickles. `fit` forgets
        them and keeps none, so the first chunk needs `partial_fit` too. A chunk that leaves no
        token within the limits is no error; the first use of the vocabulary may be.
        """
        texts = self._check_documents(X)
        if self.vocabulary is None:
            self._count_chunk(texts, self._analyze(), self._vocabulary_limits())
        else:
            self._take_given(texts, go_on=True)
        self.n_documents_ = getattr(self, "n_documents_", 0) + len(texts)
        return self

    def transform(self, X):
        """Encode texts.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or one text column of a frame
            The texts; for a callable `analyzer`, whatever documents it takes.

        Returns
        -------
        sequences : TokenSequences of length n_samples
            The ids of the tokens; unknown ones have the id 1.
        """
        check_is_fitted(self)
        texts = self._check_documents(X)
        return TokenSequences(*self._encode(texts), self.vocabulary_)

    def inverse_transform(self, X):
        """Return the tokens of ids.

        Parameters
        ----------
        X : TokenSequences, PaddedIds, or array-like of n_samples sequences of int
            The ids, with or without padding.

        Returns
        -------
        tokens : list of n_samples lists of str
            The tokens of each document; padding is left out.
        """
        check_is_fitted(self)
        name = type(self).__name__
        sequences = as_token_sequences(X, caller=f"{name}.inverse_transform")
        check_same_vocabulary(self.vocabulary_, sequences.vocabulary, caller=name)
        ids, offsets = without(PAD_ID, sequences.ids, sequences.offsets)
        tokens = self.vocabulary_.to_tokens(ids)
        return [tokens[start:end] for start, end in pairwise(offsets.tolist())]

    def get_feature_names_out(self, input_features=None):
        """Return the token of each id.

        The output has no columns; what has names in it are the ids.

        Parameters
        ----------
        input_features : None
            Not used.

        Returns
        -------
        tokens : ndarray of shape (n_ids,), dtype object
            ``tokens[i]`` is the token of id ``i``, padding and unknown included.
        """
        check_is_fitted(self)
        return np.array(self.vocabulary_.tokens, dtype=object)

    @property
    def vocabulary_(self) -> Vocabulary:
        return self._chosen().vocabulary

    @property
    def stop_words_(self) -> frozenset[str]:
        return self._chosen().stop_words

    def _check_documents(self, X: Any) -> list:
        check = check_documents if callable(self.analyzer) else check_texts
        return check(X, caller="TextTokenizer")

    def _learn(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        corpus, limits = CorpusCounts(), self._vocabulary_limits()
        needed = limits.need_frequencies(len(texts))
        numbers, offsets = corpus.add(texts, self._analyze(), with_frequencies=needed)
        choice, new_ids = choose(corpus, limits)
        self._set_choice(choice)
        return renumbered(numbers, offsets, new_ids)

    def _take_given(
        self, texts: list[str], *, go_on: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Encode texts with the given vocabulary, and count them if it came without counts."""
        vocabulary = given_vocabulary(self.vocabulary, self.oov_token)
        known = self._choice.vocabulary if go_on and hasattr(self, "_choice") else None
        earlier = known.counts if known == vocabulary else None
        stop_words = self._chosen_stop_words()
        self._set_choice(Choice(vocabulary, stop_words))
        ids, offsets = self._encode(texts)
        if not isinstance(self.vocabulary, Vocabulary):
            self._set_choice(Choice(counted(vocabulary, ids, earlier), stop_words))
        return ids, offsets

    def _chosen(self) -> Choice:
        """Return the choice; after chunks it is made on first use, as early ones may leave none."""
        if not hasattr(self, "_choice"):
            if not hasattr(self, "_corpus"):
                raise AttributeError(f"This {type(self).__name__} is not fitted yet.")
            self._choice, _ = choose(self._corpus, self._limits)
            counts = np.asarray(self._choice.vocabulary.counts)
            warn_if_mostly_unknown(self, int(counts[UNKNOWN_ID]), int(counts.sum()))
        return self._choice

    def _set_choice(self, choice: Choice) -> None:
        """Know this choice, and forget what an earlier one was made from."""
        for name in ("_corpus", "_limits"):
            self.__dict__.pop(name, None)
        self._choice = choice

    def _count_chunk(self, texts: list[str], analyze: Analyzer, limits: VocabularyLimits) -> None:
        """Count the tokens of one more chunk, and leave the choice for later."""
        if hasattr(self, "_choice") and not hasattr(self, "_corpus"):
            raise ValueError(
                "Got partial_fit after fit, which keeps no counts of the tokens without an id; "
                "expected partial_fit for every chunk. Clone the tokenizer, and call partial_fit "
                "on the first chunk too."
            )
        if not hasattr(self, "_corpus"):
            self._corpus = CorpusCounts()
        self._corpus.add(texts, analyze)
        self._limits = limits
        self.__dict__.pop("_choice", None)

    def _vocabulary_limits(self) -> VocabularyLimits:
        return VocabularyLimits(
            self.max_tokens, self.min_df, self.max_df, self._chosen_stop_words(), self.oov_token
        )

    def _chosen_stop_words(self) -> frozenset[str]:
        return chosen_stop_words(self.stop_words, lowercase=self.lowercase)

    def _analyze(self) -> Analyzer:
        return make_analyzer(self.analyzer, lowercase=self.lowercase, punctuation=self.punctuation)

    def _encode(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids of texts under the fitted vocabulary."""
        id_by_token = self.vocabulary_.id_by_token
        if self.stop_words_:
            id_by_token = {**id_by_token, **dict.fromkeys(self.stop_words_, DROPPED)}
        return encode(texts, self._analyze(), id_by_token)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        return tags
