"""Generate sentences whose classes differ in their words, or in nothing but the order of words."""

from numbers import Integral, Real
from typing import Any

import numpy as np

from skdeepnlp._seeds import integer_seed
from skdeepnlp._sklearn import Interval, validate_params

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


@validate_params(
    {
        "n_samples": [Interval(Integral, 1, None, closed="left")],
        "n_classes": [Interval(Integral, 2, None, closed="left")],
        "order_matters": ["boolean"],
        "vocabulary_size": [Interval(Integral, 3, None, closed="left")],
        "length": [tuple],
        "noise": [Interval(Real, 0, 1, closed="both")],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_text_classification(
    n_samples: int = 100,
    *,
    n_classes: int = 2,
    order_matters: bool = False,
    vocabulary_size: int = 200,
    length: tuple[int, int] = (5, 20),
    noise: float = 0.0,
    random_state: Any = None,
) -> tuple[list[str], np.ndarray]:
    """Generate a text classification problem of known difficulty.

    With ``order_matters=False`` each class has words of its own, and a bag of words solves the
    problem. With ``order_matters=True`` every text holds the same marker words once each, and the
    class says which of them comes first in their cyclic order: no model that only counts words
    can beat chance, however many texts it sees.

    Parameters
    ----------
    n_samples : int, default=100
        Number of texts.
    n_classes : int, default=2
        Number of classes; their sizes differ by one at most (before `noise`).
    order_matters : bool, default=False
        Whether the class is told by the order of the words alone.
    vocabulary_size : int, default=200
        Number of words of the language, more than `n_classes`. The words that all classes share
        follow Zipf's law. Not every word need occur.
    length : tuple of (int, int), default=(5, 20)
        Smallest and largest number of words in a text, both included. With
        ``order_matters=True`` the smallest must leave room for `n_classes` marker words.
    noise : float, default=0.0
        Share of the texts whose label is replaced by another one. No classifier can expect an
        accuracy above ``1 - noise``.
    random_state : int, RandomState instance or None, default=None
        Seed of the generator. The language does not depend on it: other seeds give other texts of
        the same problem.

    Returns
    -------
    X : list of str
        The texts: lower-case words, separated by one space.
    y : ndarray of shape (n_samples,), dtype int64
        The classes, 0 to ``n_classes - 1``.

    See Also
    --------
    load_docstrings : A real problem that needs no download.
    sklearn.datasets.make_classification : The same idea for numeric features.

    Examples
    --------
    >>> from skdeepnlp.datasets import make_text_classification
    >>> X, y = make_text_classification(
    ...     3, order_matters=True, vocabulary_size=5, length=(4, 5), random_state=0
    ... )
    >>> for text, label in zip(X, y.tolist()):
    ...     print(label, text)
    0 baba babo babu babe
    0 babu babo baba babe babi
    1 babe babi babi babi baba
    """
    _check_sizes(n_classes, order_matters, vocabulary_size, length)
    rng = np.random.default_rng(integer_seed(random_state))
    words = np.array([_word(index) for index in range(vocabulary_size)])
    n_own = 1 if order_matters else max(1, vocabulary_size // (2 * n_classes))
    own, shared = np.split(words, [n_own * n_classes])
    own = own.reshape(n_classes, n_own)
    labels = rng.permutation(np.arange(n_samples, dtype=np.int64) % n_classes)
    texts = [_text(label, own, shared, length, order_matters, rng) for label in labels]
    return texts, _replace_labels(labels, n_classes, noise, rng)


def _check_sizes(
    n_classes: int, order_matters: bool, vocabulary_size: int, length: tuple[int, int]
) -> None:
    """Check what one parameter asks of another."""
    if vocabulary_size <= n_classes:
        raise ValueError(
            f"Got vocabulary_size={vocabulary_size}, expected more than n_classes={n_classes}: "
            "each class needs a word and all classes share one. Raise vocabulary_size."
        )
    smallest = n_classes if order_matters else 1
    if not _is_range(length) or length[0] < smallest:
        raise ValueError(
            f"Got length={length!r}, expected two ints (smallest, largest) with "
            f"{smallest} <= smallest <= largest. Give a length that holds the words of a text."
        )


def _is_range(length: tuple[Any, ...]) -> bool:
    """Say whether a tuple is two integers in rising order."""
    return (
        len(length) == 2
        and all(isinstance(bound, Integral) for bound in length)
        and length[0] <= length[1]
    )


def _word(index: int) -> str:
    """Return the pronounceable word with this number: 0 is "baba", 1 is "babe"."""
    syllables: list[str] = []
    while index or len(syllables) < 2:
        index, remainder = divmod(index, len(_SYLLABLES))
        syllables.insert(0, _SYLLABLES[remainder])
    return "".join(syllables)


def _text(
    label: int,
    own: np.ndarray,
    shared: np.ndarray,
    length: tuple[int, int],
    order_matters: bool,
    rng: np.random.Generator,
) -> str:
    """Hide the words that tell the class, in order, among words that tell nothing."""
    n_words = int(rng.integers(*length, endpoint=True))
    if order_matters:
        telling = np.roll(own[:, 0], -label)
    else:
        telling = rng.choice(own[label], size=max(1, n_words // 3))
    rank = np.arange(1, len(shared) + 1)
    text = rng.choice(shared, size=n_words, p=(1 / rank) / (1 / rank).sum())
    text[np.sort(rng.choice(n_words, size=len(telling), replace=False))] = telling
    return " ".join(text)


def _replace_labels(
    labels: np.ndarray, n_classes: int, noise: float, rng: np.random.Generator
) -> np.ndarray:
    """Return the labels with a share of them replaced by another class."""
    chosen = rng.choice(len(labels), size=round(noise * len(labels)), replace=False)
    noisy = labels.copy()
    noisy[chosen] = (labels[chosen] + rng.integers(1, n_classes, size=len(chosen))) % n_classes
    return noisy
