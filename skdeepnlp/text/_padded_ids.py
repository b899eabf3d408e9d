"""What a padder makes: a matrix of token ids that remembers its vocabulary."""

from typing import Any

import numpy as np

from skdeepnlp.text._vocabulary import Vocabulary

_LARGEST_ID = np.iinfo(np.int32).max


class PaddedIds(np.ndarray):
    """A matrix of token ids, padded with 0, that remembers its vocabulary.

    To NumPy and scikit-learn it is an array of int32. Selecting samples, joining, copying and
    pickling keep the vocabulary; arithmetic and comparison give plain arrays, and other dtypes
    than int32 have no vocabulary.

    Parameters
    ----------
    array : array-like of int of shape (n_samples, max_length)
        The ids, 0 where there is padding. Copied only if they are not int32.
    vocabulary : Vocabulary or None, default=None
        The tokens of the ids. None takes the vocabulary of `array`, if it has one.

    Attributes
    ----------
    vocabulary : Vocabulary or None
        The tokens of the ids; None where they got lost.

    See Also
    --------
    SequencePadder : Makes padded ids from token sequences.

    Examples
    --------
    >>> from skdeepnlp.text import PaddedIds, Vocabulary
    >>> padded_ids = PaddedIds([[2, 3], [3, 0]], Vocabulary(["good", "film"]))
    >>> padded_ids[1:].vocabulary
    Vocabulary(4 ids: 'good', 'film')
    >>> padded_ids == 0
    array([[False, False],
           [False,  True]])
    """

    vocabulary: Vocabulary | None

    def __new__(cls, array: Any, vocabulary: Vocabulary | None = None) -> "PaddedIds":
        given = np.asarray(array)
        _check_matrix(given)
        vocabulary = getattr(array, "vocabulary", None) if vocabulary is None else vocabulary
        return _with_vocabulary(given.astype(np.int32, copy=False), vocabulary)

    def __array_finalize__(self, parent: Any) -> None:
        keeps = self.dtype == np.int32
        self.vocabulary = getattr(parent, "vocabulary", None) if keeps else None

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        given_out = kwargs.get("out", ())
        if given_out:
            kwargs["out"] = tuple(map(_plain, given_out))
        result = getattr(ufunc, method)(*map(_plain, inputs), **kwargs)
        return given_out[0] if len(given_out) == 1 else result

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(func, types, args, kwargs)
        if func is not np.concatenate:  # hstack and vstack end here too
            return result
        return _joined(result, args[0])

    def __reduce__(self) -> tuple:
        # the plain array inside is what joblib stores apart and maps into memory
        return _with_vocabulary, (np.asarray(self), self.vocabulary)


def _plain(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, PaddedIds) else value


def _with_vocabulary(array: np.ndarray, vocabulary: Vocabulary | None) -> PaddedIds:
    padded_ids = array.view(PaddedIds)
    padded_ids.vocabulary = vocabulary
    return padded_ids


def _joined(result: np.ndarray, parts: Any) -> np.ndarray:
    """Return padded ids if all parts are, with the vocabulary that they share, if any."""
    if result.dtype != np.int32 or not all(isinstance(part, PaddedIds) for part in parts):
        return np.asarray(result)
    vocabularies = [part.vocabulary for part in parts]
    same = all(vocabulary == vocabularies[0] for vocabulary in vocabularies)
    return _with_vocabulary(result, vocabularies[0] if same else None)


def _check_matrix(ids: np.ndarray) -> None:
    if ids.ndim != 2 or ids.dtype.kind not in "iu":
        raise ValueError(
            f"Got an array of shape {ids.shape} and dtype {ids.dtype}; PaddedIds expects whole "
            "numbers of shape (n_samples, max_length). Let a SequencePadder make them."
        )
    if ids.size and not 0 <= ids.min() <= ids.max() <= _LARGEST_ID:
        raise ValueError(
            f"Got ids from {ids.min()} to {ids.max()}; PaddedIds expects ids from 0 to "
            f"{_LARGEST_ID}. Let a TextTokenizer make the ids."
        )
