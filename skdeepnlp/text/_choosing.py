"""What a tokenizer knows once it is fitted, and what it can tell with that."""

from itertools import pairwise

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp.text._analyzers import Analyzer
from skdeepnlp.text._encoding import without
from skdeepnlp.text._learning import Choice, CorpusCounts, VocabularyLimits, choose
from skdeepnlp.text._sequences import as_token_sequences
from skdeepnlp.text._unknown_share import warn_if_mostly_unknown
from skdeepnlp.text._vocabulary import Vocabulary, check_same_vocabulary

__all__ = ["ChosenVocabularyMixin"]


class ChosenVocabularyMixin:
    """The vocabulary of a tokenizer, chosen when it is first asked for.

    A tokenizer sets either `_choice`, or `_corpus` and `_limits`, from which the choice is made.
    Between chunks of `partial_fit` nobody may ask, and early chunks may leave nothing to choose.
    """

    _choice: Choice
    _corpus: CorpusCounts
    _limits: VocabularyLimits

    @property
    def vocabulary_(self) -> Vocabulary:
        return self._chosen().vocabulary

    @property
    def stop_words_(self) -> frozenset[str]:
        return self._chosen().stop_words

    def inverse_transform(self, X):
        """Return the tokens behind ids.

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

    def set_output(self, *, transform=None):
        """Do nothing: token sequences are no table, whatever the output of other steps.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"}, default=None
            Not used.

        Returns
        -------
        self : tokenizer
            The tokenizer.
        """
        return self

    def _chosen(self) -> Choice:
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
