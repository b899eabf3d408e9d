"""The step that cuts and pads token sequences to one length."""

from collections import Counter
from numbers import Integral

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import PAD_ID
from skdeepnlp._ragged import joined_ranges
from skdeepnlp._sklearn import Interval, RealNotInt, StrOptions, _fit_context
from skdeepnlp.text._base import TextStep
from skdeepnlp.text._padded_ids import PaddedIds
from skdeepnlp.text._token_sequences import TokenSequences, as_token_sequences
from skdeepnlp.text._vocabulary import Vocabulary, check_same_vocabulary


def _quantile(n_by_length: Counter, share: float) -> int:
    """Return the smallest length that this share of the documents does not exceed."""
    lengths = sorted(n_by_length)
    n_up_to = np.cumsum([n_by_length[length] for length in lengths])
    return lengths[np.searchsorted(n_up_to / n_up_to[-1], share)]


class SequencePadder(TextStep):
    """Make a matrix of token sequences: cut the long ones, pad the short ones with 0.

    Parameters
    ----------
    max_length : "longest", int or float, default="longest"
        How many ids each document has afterwards. "longest" takes the longest document seen in
        `fit`; a float between 0 and 1 takes the length that this share of those documents does
        not exceed.
    max_length_cap : int, default=None
        The most that `max_length` may come to, whatever the documents. None sets no limit.
    padding : {"post", "pre"}, default="post"
        The side where short documents are padded.
    truncating : {"post", "pre", "middle"}, default="post"
        What long documents lose: their end, their beginning, or their middle, so that half of
        what is kept comes from the head (one id more, if it is odd) and half from the tail.

    Attributes
    ----------
    max_length_ : int
        How many ids each document has after `transform`; at least 1.
    vocabulary_ : Vocabulary or None
        The vocabulary of the sequences seen in `fit`, where they had one.

    See Also
    --------
    TextTokenizer : Makes token sequences from texts.

    Examples
    --------
    >>> from skdeepnlp.text import SequencePadder
    >>> padder = SequencePadder(max_length=4, truncating="middle")
    >>> padder.fit_transform([[5, 6], [7, 2, 3, 4, 8, 9]])
    PaddedIds([[5, 6, 0, 0],
               [7, 2, 8, 9]], dtype=int32)
    """

    _parameter_constraints: dict = {
        "max_length": [
            StrOptions({"longest"}),
            Interval(Integral, 1, None, closed="left"),
            Interval(RealNotInt, 0, 1, closed="neither"),
        ],
        "max_length_cap": [Interval(Integral, 1, None, closed="left"), None],
        "padding": [StrOptions({"post", "pre"})],
        "truncating": [StrOptions({"post", "pre", "middle"})],
    }

    def __init__(
        self, *, max_length="longest", max_length_cap=None, padding="post", truncating="post"
    ):
        self.max_length = max_length
        self.max_length_cap = max_length_cap
        self.padding = padding
        self.truncating = truncating

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Learn the length.

        Parameters
        ----------
        X : TokenSequences, PaddedIds, or array-like of n_samples sequences of int
            The token sequences. Padding that they have is left out.
        y : None
            Not used.

        Returns
        -------
        self : SequencePadder
            The fitted padder.
        """
        sequences = as_token_sequences(X, caller="SequencePadder", learns=True)
        self._learn(sequences, Counter(), None)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None):
        """Learn the length from one more chunk; after the last one it is that of one `fit`.

        Parameters
        ----------
        X : TokenSequences, PaddedIds, or array-like of n_samples sequences of int
            The token sequences of the chunk. Padding that they have is left out.
        y : None
            Not used.

        Returns
        -------
        self : SequencePadder
            The padder.
        """
        sequences = as_token_sequences(X, caller="SequencePadder", learns=True)
        known = getattr(self, "vocabulary_", None)
        check_same_vocabulary(known, sequences.vocabulary, caller="SequencePadder")
        self._learn(sequences, getattr(self, "_n_by_length", None) or Counter(), known)
        return self

    def transform(self, X):
        """Cut and pad.

        Parameters
        ----------
        X : TokenSequences, PaddedIds, or array-like of n_samples sequences of int
            The token sequences. Padding that they have is left out.

        Returns
        -------
        padded_ids : PaddedIds of shape (n_samples, max_length_), dtype int32
            The ids, with the vocabulary of `X`.
        """
        check_is_fitted(self)
        sequences = as_token_sequences(X, caller="SequencePadder")
        check_same_vocabulary(self.vocabulary_, sequences.vocabulary, caller="SequencePadder")
        n_kept = np.minimum(sequences.lengths, self.max_length_)
        padded_ids = np.full((len(sequences), self.max_length_), PAD_ID, dtype=np.int32)
        padded_ids[self._filled(n_kept)] = sequences.ids[self._kept_positions(sequences, n_kept)]
        return PaddedIds(padded_ids, sequences.vocabulary)

    def inverse_transform(self, X):
        """Take the padding away again; what was cut is lost.

        Parameters
        ----------
        X : PaddedIds, or array-like of int of shape (n_samples, max_length)
            The padded ids.

        Returns
        -------
        sequences : TokenSequences of length n_samples
            The ids that are not padding.
        """
        check_is_fitted(self)
        sequences = TokenSequences.from_padded(X)
        check_same_vocabulary(self.vocabulary_, sequences.vocabulary, caller="SequencePadder")
        return sequences

    def get_feature_names_out(self, input_features=None):
        """Return a name for each column.

        Parameters
        ----------
        input_features : None
            Not used.

        Returns
        -------
        names : ndarray of shape (max_length_,), dtype object
            "token_0", "token_1" and so on.
        """
        check_is_fitted(self)
        return np.array([f"token_{column}" for column in range(self.max_length_)], dtype=object)

    def _learn(
        self, sequences: TokenSequences, n_by_length: Counter, vocabulary: Vocabulary | None
    ) -> None:
        """Learn from sequences, beside those whose lengths were counted before."""
        self._n_by_length = n_by_length + Counter(sequences.lengths.tolist())
        self.max_length_ = self._length_for(self._n_by_length)
        self.vocabulary_ = sequences.vocabulary if vocabulary is None else vocabulary

    def _length_for(self, n_by_length: Counter) -> int:
        length = self.max_length
        if not isinstance(length, Integral):
            length = max(1, _quantile(n_by_length, 1.0 if length == "longest" else length))
        return int(length if self.max_length_cap is None else min(length, self.max_length_cap))

    def _filled(self, n_kept: np.ndarray) -> np.ndarray:
        """Return which cells of the matrix hold an id."""
        columns = np.arange(self.max_length_)
        if self.padding == "pre":
            columns = columns[::-1]
        return columns < n_kept[:, np.newaxis]

    def _kept_positions(self, sequences: TokenSequences, n_kept: np.ndarray) -> np.ndarray:
        """Return where the ids that stay lie in the flat ids, document by document."""
        starts, n_cut = sequences.offsets[:-1], sequences.lengths - n_kept
        if self.truncating == "pre":
            return joined_ranges(starts + n_cut, n_kept)
        if self.truncating == "post":
            return joined_ranges(starts, n_kept)
        n_head = (n_kept + 1) // 2
        pieces = np.stack([starts, starts + n_cut + n_head], axis=1).ravel()
        return joined_ranges(pieces, np.stack([n_head, n_kept - n_head], axis=1).ravel())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        return tags
