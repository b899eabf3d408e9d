"""What the contracts of sequence classifiers are tried on: a classifier, its ids and labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone

from skdeepnlp.text import PaddedIds, TokenSequences, Vocabulary

__all__ = ["SequenceCase", "make_ids"]


@dataclass(frozen=True)
class SequenceCase:
    """A classifier to be checked and what it is checked on.

    Attributes
    ----------
    classifier : estimator
        The classifier; never fitted itself, only its clones.
    X : PaddedIds
        Ids to learn from, padded behind the text.
    y : ndarray of shape (n_samples,)
        Labels.
    """

    classifier: Any
    X: PaddedIds
    y: np.ndarray

    def fresh(self, seed: int | None = 0) -> Any:
        """Return an unfitted copy, seeded if the classifier has a `random_state`."""
        copy = clone(self.classifier)
        seeded = "random_state" in copy.get_params()
        return copy.set_params(random_state=seed) if seeded else copy

    def fitted(self, seed: int | None = 0) -> Any:
        """Return a fitted copy."""
        return self.fresh(seed).fit(self.X, self.y)

    def sequences(self) -> TokenSequences:
        """Return the ids without padding."""
        rows = [row[row != 0] for row in np.asarray(self.X)]
        return TokenSequences.from_lists(rows, self.X.vocabulary)

    def widened(self, by: int, *, before: bool = False) -> PaddedIds:
        """Return the ids with columns of padding added behind, or before, the text."""
        columns = ((0, 0), (by, 0) if before else (0, by))
        return PaddedIds(np.pad(np.asarray(self.X), columns), self.X.vocabulary)


def make_ids(n_samples: int = 24, max_length: int = 11) -> tuple[PaddedIds, np.ndarray]:
    """Make ids of texts of one to `max_length` tokens, and labels that their first token tells.

    Examples
    --------
    >>> from skdeepnlp.testing._sequence_case import make_ids
    >>> ids, labels = make_ids()
    >>> ids.shape, sorted(set(labels.tolist()))
    ((24, 11), ['no', 'yes'])
    """
    rng = np.random.default_rng(0)
    vocabulary = Vocabulary([f"word{number}" for number in range(20)])
    ids = rng.integers(2, len(vocabulary), size=(n_samples, max_length))
    ids[:, 0] = 2 + np.arange(n_samples) % 2
    lengths = 1 + np.arange(n_samples) % max_length
    ids[np.arange(max_length) >= lengths[:, None]] = 0
    return PaddedIds(ids.astype(np.int32), vocabulary), np.array(["no", "yes"])[ids[:, 0] - 2]
