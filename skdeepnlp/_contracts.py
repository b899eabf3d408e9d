"""Check data at the door: raw texts and token ids, each with an error that says what to do."""

from collections.abc import Iterable, Mapping
from itertools import chain
from numbers import Number, Real
from typing import Any

import numpy as np
from scipy.sparse import issparse

__all__ = [
    "FOR_TOKENS",
    "PAD_ID",
    "UNKNOWN_ID",
    "check_documents",
    "check_id_lists",
    "check_texts",
    "id_lists",
    "refuse_counts",
    "shorten",
]

PAD_ID = 0
UNKNOWN_ID = 1

_LARGEST_ID = np.iinfo(np.int32).max
_LIST_MAKERS = ("tolist", "to_list", "to_pylist")  # numpy and pandas, polars, pyarrow
_SHOWN_CHARACTERS = 60
FOR_TOKENS = "; with analyzer=list it takes documents that are cut into tokens already."
_NO_DOCUMENT = (Number, np.bool_, bytes, bytearray)


def check_texts(X: Any, *, caller: str) -> list[str]:
    """Return raw texts as a list of str, or say which document is none.

    Parameters
    ----------
    X : array-like of str of shape (n_samples,), or one text column of shape (n_samples, 1)
        A list, tuple, array, pandas or polars Series; a frame or an object array of one column
        counts as that column.
    caller : str
        The public name that asks, for the message.

    Returns
    -------
    texts : list of str
        A new list; the strings themselves are not copied.

    Raises
    ------
    TypeError
        If `X` is a single text or holds something else than texts, such as token ids.
    ValueError
        If `X` is empty, has several columns, or a text is missing.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp._contracts import check_texts
    >>> check_texts(np.array(["good film", "bad film"]), caller="TextTokenizer")
    ['good film', 'bad film']
    >>> check_texts(["good film", 7], caller="TextTokenizer")
    Traceback (most recent call last):
    ...
    TypeError: TextTokenizer expects texts, but document 1 is of type int: 7. Give one str for \
each document.
    """
    texts = check_documents(X, caller=caller)
    kinds = set(map(type, texts))
    if kinds == {str}:
        return texts
    if not all(issubclass(kind, str) for kind in kinds):
        _refuse_first(texts, str, caller)
    return list(map(str, texts))


def check_documents(X: Any, *, caller: str) -> list:
    """Return documents as a list, be they texts or whatever a callable makes tokens of.

    Parameters
    ----------
    X : array-like of n_samples documents, or one column of shape (n_samples, 1)
        Texts, lists of tokens, or other objects.
    caller : str
        The public name that asks, for the message.

    Returns
    -------
    documents : list
        A new list of the same documents.

    Raises
    ------
    TypeError
        If `X` is a single text, or a document is a number or bytes.
    ValueError
        If `X` is empty, has several columns, or a document is missing.

    Examples
    --------
    >>> from skdeepnlp._contracts import check_documents
    >>> check_documents((["good", "film"], "bad film"), caller="TextTokenizer")
    [['good', 'film'], 'bad film']
    """
    refuse_counts(X, caller)
    _refuse_token_ids(X, caller)
    documents = _as_list(_only_column(X, caller), caller, "texts")
    if not documents:
        raise ValueError(f"Got no documents; {caller} expects at least one text.")
    if set(map(type, documents)) != {str}:
        _refuse_missing(documents, caller, "texts", "Fill missing texts first, as with ''")
        _refuse_first(documents, _NO_DOCUMENT, caller, wanted=False)
    return documents


def refuse_counts(X: Any, caller: str) -> None:
    """Raise if X is a sparse matrix: counts and weights of words are no token ids."""
    if issparse(X):
        raise TypeError(
            f"Sparse data was passed to {caller}: counts and weights of words, as CountVectorizer "
            "and TfidfVectorizer make them, are no token ids, and do not tell the order of words. "
            "Put a TextTokenizer in the place of the vectorizer, and a SequencePadder after it, "
            "or use make_text_pipeline()."
        )


def check_id_lists(X: Any, *, caller: str) -> tuple[np.ndarray, np.ndarray]:
    """Return token sequences as flat ids and offsets, or say which document is none.

    Parameters
    ----------
    X : TokenSequences, or array-like of n_samples sequences of int
        One sequence of ids for each document, of any lengths; or a single column of them.
    caller : str
        The public name that asks, for the message.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), dtype int32
        The ids of all documents, one after the other.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Document ``i`` holds ``ids[offsets[i]:offsets[i + 1]]``.

    Raises
    ------
    TypeError
        If `X` holds text or something else than sequences of numbers.
    ValueError
        If `X` is empty, or an id is negative, fractional or beyond int32.

    Examples
    --------
    >>> from skdeepnlp._contracts import check_id_lists
    >>> ids, offsets = check_id_lists([[5, 2], [], [7]], caller="SequencePadder")
    >>> ids.tolist(), offsets.tolist()
    ([5, 2, 7], [0, 2, 2, 3])
    """
    if _is_token_sequences(X):
        return X.ids, X.offsets
    refuse_counts(X, caller)
    rows = [X] if isinstance(X, str) else id_lists(X) or _as_list(X, caller, "token sequences")
    if not rows:
        raise ValueError(f"Got no documents; {caller} expects at least one token sequence.")
    _refuse_first_non_sequence(rows, caller)
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    return _checked_ids(rows, offsets, caller), offsets


def id_lists(X: Any) -> list | None:
    """Return the rows of what holds one sequence a row, of any lengths; None for anything else.

    Parameters
    ----------
    X : object
        A list of lists or of arrays, an object array, a Series or an Arrow column of lists, or
        one column of such; or something else, such as a matrix.

    Returns
    -------
    rows : list of sequences, or None
        The rows that are not missing are sequences as far as the first of them tells.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp._contracts import id_lists
    >>> id_lists([[5, 2], [7]]), id_lists(np.array([[5, 2], [7, 0]]))
    ([[5, 2], [7]], None)
    """
    shape = getattr(X, "shape", (0,))
    if not isinstance(shape, tuple) or shape[1:] not in ((), (1,)):
        return None
    column = _only_column(X, "")
    is_sequence = hasattr(column, "__len__") and hasattr(column, "__getitem__")
    if not is_sequence or isinstance(column, (str, bytes, bytearray, Mapping)):
        return None
    if getattr(getattr(column, "dtype", None), "kind", "") in (*"biufc",):
        return None
    rows = _as_list(column, "", "")
    first = next((row for row in rows if not _is_missing(row)), None)
    return rows if _may_hold_ids(type(first)) else None


def _is_token_sequences(X: Any) -> bool:
    # asked of the class: a data frame may well have columns of these names
    return hasattr(type(X), "ids") and hasattr(type(X), "offsets")


def shorten(value: Any) -> str:
    """Return the repr of a value, cut to 60 characters; NumPy scalars look like Python's."""
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        text = f"a huge {type(value).__name__}"
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def _refuse_token_ids(X: Any, caller: str) -> None:
    """Raise where token ids, or other numbers, came in the place of texts."""
    kind = getattr(getattr(X, "dtype", None), "kind", "")
    if _is_token_sequences(X) or (isinstance(kind, str) and kind in tuple("biufc")):
        raise TypeError(
            f"{caller} expects texts, but got {type(X).__name__} of numbers. If these are token "
            f"ids, leave {caller} out: the texts are tokenized already."
        )


def _only_column(X: Any, caller: str) -> Any:
    """Return the only column of a frame or (n, 1) array; anything one-dimensional as it is."""
    shape = getattr(X, "shape", None)
    if not isinstance(shape, tuple) or len(shape) == 1:
        return X
    if len(shape) != 2 or shape[1] != 1:
        raise ValueError(
            f"Got {type(X).__name__} of shape {shape}; {caller} expects one column of texts. "
            "Choose the column, for instance with ColumnTransformer."
        )
    if isinstance(X, np.ndarray):
        return X[:, 0]
    return X.iloc[:, 0] if hasattr(X, "iloc") else X[X.columns[0]]


def _as_list(X: Any, caller: str, expected: str) -> list:
    """Return the rows of a one-dimensional container as a list of Python objects."""
    if isinstance(X, str):
        raise TypeError(
            f"{caller} expects a sequence of {expected}, but got one text: {shorten(X)}. "
            "Put it in a list: [text]."
        )
    is_sequence = hasattr(X, "__len__") and hasattr(X, "__getitem__")
    if not is_sequence or isinstance(X, (Mapping, bytes, bytearray)):
        raise TypeError(
            f"{caller} expects a sequence of {expected}, but got {type(X).__name__}: {shorten(X)}. "
            "Give a list, an array or a Series."
        )
    makers = (getattr(X, name) for name in _LIST_MAKERS if hasattr(X, name))
    return next(makers, lambda: list(X))()


def _refuse_missing(values: list, caller: str, expected: str, cure: str) -> None:
    """Raise if values are missing, and say how many of how many."""
    rows = [row for row, value in enumerate(values) if _is_missing(value)]
    if rows:
        raise ValueError(
            f"{caller} expects {expected}, but {len(rows)} of {len(values)} are missing, the "
            f"first in row {rows[0]}: {values[rows[0]]!r}. {cure}, or leave their rows out."
        )


def _refuse_first(documents: list, kinds: Any, caller: str, *, wanted: bool = True) -> None:
    """Raise at the first document that is not of the kinds wanted, or is of those unwanted."""
    for row, value in enumerate(documents):
        if isinstance(value, kinds) is not wanted:
            raise TypeError(
                f"{caller} expects texts, but document {row} is of type {type(value).__name__}: "
                f"{shorten(value)}. {_advice_for(value, caller)}"
            )


def _is_missing(value: Any) -> bool:
    is_nan = isinstance(value, float) and value != value
    return value is None or is_nan or type(value).__name__ in ("NAType", "NaTType")


def _advice_for(value: Any, caller: str) -> str:
    if isinstance(value, bytes):
        return "Decode it first, for instance with .decode('utf-8')."
    if not isinstance(value, Iterable):
        return "Give one str for each document."
    if isinstance(next(iter(value), ""), Number):
        return f"If it holds token ids, leave {caller} out: a SequencePadder takes them."
    return (
        "If it is cut into tokens already, set analyzer=list of the TextTokenizer, which takes the "
        "tokens as they are; other objects need a callable that returns their tokens."
    )


def _refuse_first_non_sequence(rows: list, caller: str) -> None:
    """Raise at the first row that is text, or no sequence at all."""
    if all(map(_may_hold_ids, set(map(type, rows)))):
        return
    _refuse_missing(rows, caller, "token sequences", "Give an empty list for a text without words")
    row, value = next((i, row) for i, row in enumerate(rows) if not _may_hold_ids(type(row)))
    if isinstance(value, (str, bytes)):
        raise TypeError(
            f"{caller} expects token sequences, but document {row} is text: {shorten(value)}. "
            "Put a TextTokenizer before it."
        )
    raise TypeError(
        f"{caller} expects token sequences, but document {row} is of type "
        f"{type(value).__name__}: {shorten(value)}. Give a list of ids for each document."
    )


def _may_hold_ids(kind: type) -> bool:
    return hasattr(kind, "__len__") and not issubclass(kind, (str, bytes, Mapping))


def _checked_ids(rows: list, offsets: np.ndarray, caller: str) -> np.ndarray:
    """Return the ids of all rows as int32, after a look at kind and range."""
    flat = list(chain.from_iterable(rows))
    if not flat:
        return np.zeros(0, dtype=np.int32)
    try:
        values = np.array(flat)
    except ValueError:  # the elements are lists of unequal lengths
        values = np.array([None])
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        _refuse_first_non_number(rows, caller)
    wrong = (values < 0) | (values > _LARGEST_ID) | (values != np.floor(values))
    if wrong.any():
        position = int(np.flatnonzero(wrong)[0])
        row = int(np.searchsorted(offsets, position, side="right")) - 1
        raise ValueError(
            f"{caller} expects ids that are whole numbers from 0 to {_LARGEST_ID}, but document "
            f"{row} holds {flat[position]!r}. Let a TextTokenizer make the ids."
        )
    return values.astype(np.int32)


def _refuse_first_non_number(rows: list, caller: str) -> None:
    for row, values in enumerate(rows):
        for value in values:
            if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
                raise TypeError(
                    f"{caller} expects sequences of ids, but document {row} holds "
                    f"{type(value).__name__}: {shorten(value)}. Put a TextTokenizer before it"
                    f"{FOR_TOKENS if isinstance(value, str) else '.'}"
                )
    raise TypeError(f"{caller} expects sequences of ids, but got numbers beyond int64.")
