"""Read a text classification problem out of the libraries that are already installed."""

import ast
import functools
import gc
import importlib.util
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from skdeepnlp._sklearn import validate_params
from skdeepnlp.datasets._bunch import SHAPE_CONSTRAINTS, as_dataset, shuffled

_PACKAGE_OF = {
    "keras": "keras",
    "numpy": "numpy",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
}
# tests are not documentation, and copies of other people's code carry a wrong label
_SKIPPED_FOLDERS = {
    "_testing",
    "_uarray",
    "_vendor",
    "array_api_compat",
    "array_api_extra",
    "clipboard",
    "externals",
    "pyprima",
    "test",
    "tests",
}
_TEST_FILE = re.compile(r"conftest\.py|test_.*\.py|.*_test\.py")
_SIGNATURE = re.compile(r"\A[\w.]+\([^\n]*\)[^\n]*\n[ \t]*\n")  # "dot(a, b, out=None)"
_BLANK_LINE = re.compile(r"\n\s*\n")
_SECTION = re.compile(r"^.*\n[ \t]*(-{3,}|={3,})[ \t]*$", re.MULTILINE)  # "Parameters\n----------"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`(])")
_FEWEST_WORDS = 3
_DESCRIPTION = """\
First sentences of docstrings, labeled by library.

Each sample is the first sentence of the docstring of a public function, class or method of keras,
numpy, pandas, scikit-learn or scipy, read from the source files installed on this machine. About
8,000 samples, five classes of unequal size, mostly 4 to 14 words. The texts are under the licenses
of these libraries (BSD-3-Clause, Apache-2.0 for keras). Other versions of the libraries hold other
samples.
"""


@validate_params(SHAPE_CONSTRAINTS, prefer_skip_nested_validation=True)
def load_docstrings(*, return_X_y: bool = False, as_frame: bool = False) -> Any:
    """Load the first sentences of the docstrings of five installed libraries.

    A real text classification problem that needs no download: which of keras, numpy, pandas,
    scikit-learn and scipy does a sentence document? The source files are parsed, never imported.

    =================   =========================
    Classes                                     5
    Samples total                     about 8,000
    Words per sample    3 to 92 (half: 8 or less)
    =================   =========================

    Parameters
    ----------
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` in place of a Bunch.
    as_frame : bool, default=False
        Whether `data` and `target` are pandas Series, and `frame` holds both.

    Returns
    -------
    dataset : Bunch
        With the attributes

        data : list of str, or Series
            The sentences.
        target : ndarray of str of shape (n_samples,), or Series
            The name of the library that each sentence belongs to.
        target_names : list of str
            The five names, sorted.
        frame : DataFrame or None
            Columns `text` and `label`, with ``as_frame=True`` alone.
        DESCR : str
            What the data are.
    (data, target) : tuple
        With ``return_X_y=True``.

    Raises
    ------
    ImportError
        If one of the libraries is not installed.

    See Also
    --------
    make_text_classification : Generate sentences of known difficulty.
    fetch_imdb : Download 50,000 film reviews.

    Notes
    -----
    Public means that neither the name nor the name of an enclosing class starts with an underscore.
    Tests and vendored copies of other packages are left out. Equal sentences (but for case and a
    final full stop) count once; a sentence that two libraries share has no right answer and is
    dropped, as are sentences of fewer than three words. Near-repetitions within a library
    stay ("A gamma continuous random variable."), so random folds are kinder than new libraries
    would be. Docstrings of compiled functions, such as ``numpy.add``, are not in the source files.

    The order of the samples is shuffled, and the same on every machine with the same versions. The
    first call reads about 1,400 files (some 3 seconds); later calls in the same process are free.

    Examples
    --------
    >>> from skdeepnlp.datasets import load_docstrings
    >>> X, y = load_docstrings(return_X_y=True)
    >>> len(X) == len(y), len(X) > 5_000
    (True, True)
    >>> sorted(set(y.tolist()))
    ['keras', 'numpy', 'pandas', 'scikit-learn', 'scipy']
    """
    rows = _labeled_sentences()
    return as_dataset(rows, descr=_DESCRIPTION, return_X_y=return_X_y, as_frame=as_frame)


def _labeled_sentences() -> list[tuple[str, str]]:
    """Return (library, sentence) of the sentences that only one library uses."""
    sentences_of = {name: _sentences(package) for name, package in _PACKAGE_OF.items()}
    owners = Counter(key for sentences in sentences_of.values() for key in sentences)
    rows = [
        (library, sentence)
        for library, sentences in sentences_of.items()
        for key, sentence in sorted(sentences.items())
        if owners[key] == 1
    ]
    return shuffled(rows)


@functools.cache
def _sentences(package: str) -> dict[str, str]:
    """Return the different first sentences of one package, each under its normal form."""
    sentences: dict[str, str] = {}
    with _paused_collector():
        for path in _source_files(_package_folder(package)):
            for sentence in map(_first_sentence, _public_docstrings(path)):
                if len(sentence.split()) >= _FEWEST_WORDS:
                    sentences.setdefault(sentence.casefold().rstrip("."), sentence)
    return sentences


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Spare the search for cycles in syntax trees, which have none: 2.9 s in place of 5.3 s."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _package_folder(package: str) -> Path:
    """Find an installed package without importing it."""
    spec = importlib.util.find_spec(package)  # imports nothing: the name has no parent
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(
            f"load_docstrings reads the source files of {package}, which is not installed. "
            f"Install it, or generate texts with make_text_classification."
        )
    return Path(spec.submodule_search_locations[0])


def _source_files(folder: Path) -> list[Path]:
    """Return the Python files that document the package itself, sorted."""
    return sorted(
        path
        for path in folder.rglob("*.py")
        if _SKIPPED_FOLDERS.isdisjoint(path.relative_to(folder).parts)
        and not _TEST_FILE.fullmatch(path.name)
    )


def _public_docstrings(path: Path) -> Iterator[str]:
    """Yield the docstrings of a file; a file that this Python cannot parse has none."""
    source = path.read_bytes()
    if b"def " not in source and b"class " not in source:  # spares keras' 400 files of re-exports
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in other people's strings
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return
    yield from _docstrings_below(tree)


def _docstrings_below(node: ast.Module | ast.ClassDef) -> Iterator[str]:
    """Yield the docstrings of the public functions, classes and methods of a tree."""
    for child in node.body:
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if child.name.startswith("_"):
            continue
        yield ast.get_docstring(child, clean=False) or ""
        if isinstance(child, ast.ClassDef):
            yield from _docstrings_below(child)


def _first_sentence(docstring: str) -> str:
    """Return the first sentence of the first paragraph, on one line."""
    text = _SIGNATURE.sub("", docstring.strip())
    text = _SECTION.split(text, maxsplit=1)[0]
    paragraph = _BLANK_LINE.split(text.strip(), maxsplit=1)[0]
    return _SENTENCE_END.split(" ".join(paragraph.split()), maxsplit=1)[0]
