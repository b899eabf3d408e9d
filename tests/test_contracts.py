"""The doors for texts and for token ids: what passes, and what each refusal says."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_array

from skdeepnlp._contracts import check_id_lists, check_texts
from skdeepnlp.text import PaddedIds, TokenSequences

TEXTS = ["good film", "bad film"]


class ArrowColumn:
    """What pyarrow's columns offer of lists."""

    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        return self.rows[key]

    def to_pylist(self):
        return list(self.rows)


def texts_of(X):
    return check_texts(X, caller="TextTokenizer")


def ids_of(X):
    ids, offsets = check_id_lists(X, caller="SequencePadder")
    return ids.tolist(), offsets.tolist()


@pytest.mark.parametrize(
    "container",
    [
        list,
        tuple,
        np.array,
        lambda texts: np.array(texts, dtype=object),
        lambda texts: np.array(texts, dtype=object)[:, np.newaxis],
        lambda texts: pd.Series(texts, index=[7, 3]),
        lambda texts: pd.Series(texts, dtype=object),
        lambda texts: pd.Series(texts, dtype="string"),
        lambda texts: pd.Series(texts, dtype="category"),
        lambda texts: pd.DataFrame({"text": texts}),
        lambda texts: pd.Index(texts),
        pl.Series,
        lambda texts: pl.DataFrame({"text": texts}),
    ],
)
def test_every_container_of_texts_gives_the_same_list_of_str(container):
    texts = texts_of(container(TEXTS))
    assert texts == TEXTS
    assert {type(text) for text in texts} == {str}


def test_subclasses_of_str_become_str():
    assert {type(text) for text in texts_of(["a", np.str_("b")])} == {str}


def test_a_list_is_not_handed_back_itself_when_it_is_changed():
    given = ["a", np.str_("b")]
    texts_of(given)
    assert type(given[1]) is np.str_


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("one text", TypeError, "expects a sequence of texts, but got one text: 'one text'"),
        (["a", None], ValueError, "but 1 of 2 are missing, the first in row 1: None. Fill missing"),
        (["a", float("nan")], ValueError, "1 of 2 are missing, the first in row 1: nan"),
        (["a", None, "b", float("nan")], ValueError, "2 of 4 are missing, the first in row 1"),
        (pd.Series(["a", None], dtype="string"), ValueError, "first in row 1: <NA>"),
        (pl.Series(["a", None]), ValueError, "1 of 2 are missing, the first in row 1: None"),
        (pd.DataFrame({"a": [None, None, "x"]}), ValueError, "2 of 3 are missing, .* row 0"),
        (["a", b"b"], TypeError, "document 1 is of type bytes: b'b'. Decode it first"),
        (["a", 7], TypeError, "document 1 is of type int: 7. Give one str"),
        ([["a", "b"]], TypeError, "document 0 is of type list.*set analyzer=list of the Text"),
        ([[3, 4]], TypeError, "document 0 is of type list.*ids, leave TextTokenizer out"),
        (csr_array([[1, 0, 2]]), TypeError, "Sparse data was passed to TextTokenizer: counts"),
        (np.array([3, 4]), TypeError, "expects texts, but got ndarray of numbers"),
        (PaddedIds([[3, 4]]), TypeError, "expects texts, but got PaddedIds of numbers"),
        (TokenSequences([3], [0, 1]), TypeError, "expects texts, but got TokenSequences"),
        (np.array([["a", "b"]]), ValueError, r"shape \(1, 2\); TextTokenizer expects one column"),
        (pd.DataFrame({"a": ["x"], "b": ["y"]}), ValueError, "expects one column of texts"),
        (np.array("a"), ValueError, r"shape \(\)"),
        ([], ValueError, "Got no documents; TextTokenizer expects at least one text"),
        ({"text": ["a"]}, TypeError, "but got dict: .* Give a list, an array or a Series"),
        (None, TypeError, "but got NoneType: None"),
        ((text for text in TEXTS), TypeError, "but got generator"),
    ],
)
def test_what_is_no_column_of_texts_is_refused_by_name(X, error, message):
    with pytest.raises(error, match=message):
        texts_of(X)


def test_a_frame_with_columns_named_ids_and_offsets_is_not_taken_for_sequences():
    with pytest.raises(ValueError, match="expects one column of texts"):
        texts_of(pd.DataFrame({"ids": ["a"], "offsets": ["b"]}))


def test_a_long_text_is_shortened_in_the_message():
    with pytest.raises(TypeError, match=r"'x{56}\.\.\.\. Put a TextTokenizer"):
        ids_of(["x" * 500])


@pytest.mark.parametrize(
    "X",
    [
        [[5, 2], [], [7]],
        ([5, 2], [], [7]),
        [np.array([5, 2]), np.array([], dtype=int), np.array([7])],
        pd.Series([[5, 2], [], [7]]),
        np.array([[5, 2], [], [7]], dtype=object),
        pd.Series([np.array([5, 2]), np.array([], dtype=int), np.array([7])]),
        pd.DataFrame({"ids": [[5, 2], [], [7]]}),
        np.array([[5, 2], [], [7]], dtype=object)[:, np.newaxis],
        pl.Series([[5, 2], [], [7]]),
        pl.DataFrame({"ids": [[5, 2], [], [7]]}),
        ArrowColumn([[5, 2], [], [7]]),
        [[5.0, 2.0], [], [7.0]],
        TokenSequences([5, 2, 7], [0, 2, 2, 3]),
    ],
)
def test_every_container_of_id_lists_gives_the_same_ids(X):
    assert ids_of(X) == ([5, 2, 7], [0, 2, 2, 3])


def test_documents_without_ids_pass():
    assert ids_of([[], []]) == ([], [0, 0, 0])


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("abc", TypeError, "document 0 is text: 'abc'. Put a TextTokenizer before it."),
        (
            ["some raw text here"],
            TypeError,
            "SequencePadder expects token sequences, but document 0 is text: "
            "'some raw text here'. Put a TextTokenizer before it.",
        ),
        ([[1], "text"], TypeError, "document 1 is text: 'text'"),
        ([[2], 3], TypeError, "document 1 is of type int: 3. Give a list of ids"),
        ([[2], None, None], ValueError, "2 of 3 are missing, the first in row 1.*empty list for"),
        ([[2], [3, -4]], ValueError, "document 1 holds -4"),
        ([[2], [], [3, 4.5]], ValueError, "document 2 holds 4.5"),
        ([[2], [float("nan")]], ValueError, "document 1 holds nan"),
        ([[2], [2**31]], ValueError, "from 0 to 2147483647, but document 1 holds 2147483648"),
        ([[2], [10**30]], TypeError, "beyond int64"),
        ([[2.0], ["good"]], TypeError, "document 1 holds str: 'good'. Put a TextTokenizer .*list"),
        (csr_array([[1, 0, 2]]), TypeError, "Sparse data was passed to SequencePadder: counts"),
        ([[2], [[3], [4, 5]]], TypeError, r"document 1 holds list: \[3\]"),
        ([[True]], TypeError, "document 0 holds bool"),
        ([], ValueError, "Got no documents; SequencePadder expects at least one"),
        (7, TypeError, "but got int: 7"),
    ],
)
def test_what_is_no_sequence_of_ids_is_refused_by_name(X, error, message):
    with pytest.raises(error, match=message):
        ids_of(X)
