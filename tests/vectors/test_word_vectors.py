"""WordVectors: one immutable value of tokens and their vectors."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.base import clone

from skdeepnlp.vectors import WordVectors

TOKENS = ["good", "great", "dull", "New York"]
MATRIX = np.array([[1, 0.1], [0.9, 0.2], [-1, 0.3], [0.1, 1]], dtype="float32")


@pytest.fixture
def vectors():
    return WordVectors(TOKENS, MATRIX)


def test_tokens_are_looked_up_alone_and_together(vectors):
    assert len(vectors) == 4
    assert "good" in vectors
    assert "bad" not in vectors
    assert np.array_equal(vectors["dull"], MATRIX[2])
    assert np.array_equal(vectors[["New York", "good"]], MATRIX[[3, 0]])
    assert vectors.places_of(["dull", "bad", "good"]).tolist() == [2, -1, 0]
    with pytest.raises(KeyError, match="No vector for 'bad'"):
        vectors["bad"]


def test_the_most_similar_point_the_same_way(vectors):
    (first, cosine), *_ = vectors.most_similar("good", 2)
    assert first == "great"
    expected = MATRIX[0] @ MATRIX[1] / np.linalg.norm(MATRIX[0]) / np.linalg.norm(MATRIX[1])
    assert cosine == pytest.approx(expected, rel=1e-5)
    assert [token for token, _ in vectors.most_similar([-2, 0.6], 1)] == ["dull"]
    assert len(vectors.most_similar("good", 100)) == 3
    with pytest.raises(ValueError, match=r"shape \(3,\); expected \(2,\)"):
        vectors.most_similar([1, 2, 3])


def test_copies_and_clones_are_the_object_itself(vectors):
    for other in (copy.copy(vectors), copy.deepcopy(vectors), clone(vectors)):
        assert other is vectors
    again = pickle.loads(pickle.dumps(vectors))
    assert again == vectors
    assert hash(again) == hash(vectors)
    assert again != WordVectors(TOKENS, MATRIX + 1)
    assert again != WordVectors(TOKENS[:3], MATRIX[:3])


def test_nothing_can_be_written(vectors):
    with pytest.raises(ValueError, match="read-only"):
        vectors.matrix[0] = 0
    mine = MATRIX.copy()
    WordVectors(TOKENS, mine)
    mine[0] = 5  # the user's own array stays writable


def test_a_matrix_on_disk_is_not_read_into_memory(tmp_path):
    np.save(tmp_path / "m.npy", MATRIX)
    mapped = np.load(tmp_path / "m.npy", mmap_mode="r")
    assert np.shares_memory(WordVectors(TOKENS, mapped).matrix, mapped)


def test_a_restriction_keeps_its_own_rows_alone(vectors):
    few = vectors.restrict_to(["New York", "good", "bad"])
    assert few.tokens == ("good", "New York")
    assert np.array_equal(few.matrix, MATRIX[[0, 3]])
    assert not np.shares_memory(few.matrix, vectors.matrix)
    assert vectors.restrict_to(few) == few
    with pytest.raises(ValueError, match="none is among"):
        vectors.restrict_to(["bad"])


def test_a_file_gives_back_what_was_saved(vectors, tmp_path):
    vectors.save(tmp_path / "v.npz")
    assert WordVectors.load(tmp_path / "v.npz") == vectors
    np.savez(tmp_path / "other.npz", a=MATRIX)
    with pytest.raises(ValueError, match=r"holds \['a'\]; expected 'matrix' and 'tokens'"):
        WordVectors.load(tmp_path / "other.npz")


@pytest.mark.parametrize(
    ("tokens", "matrix", "error", "message"),
    [
        (["a", "b", "a"], np.ones((3, 2)), ValueError, "'a' twice, at 0 and 2"),
        (["a", 3], np.ones((2, 2)), TypeError, "token 1 3; expected str"),
        (["a"], np.ones((2, 2)), ValueError, r"1 tokens and a matrix of shape \(2, 2\)"),
        ([], np.ones((0, 2)), ValueError, "0 tokens"),
        (["a"], np.ones(2), ValueError, r"shape \(2,\)"),
        (["a", "b"], [[1, 2], [np.nan, 1]], ValueError, "'b' holds numbers that are not finite"),
        (["a"], [["x"]], ValueError, "expected numbers"),
    ],
)
def test_what_are_no_vectors_is_refused(tokens, matrix, error, message):
    with pytest.raises(error, match=message):
        WordVectors(tokens, matrix)
