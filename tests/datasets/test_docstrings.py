"""load_docstrings: what counts as a sentence of a library, on toys and on the real thing."""

import gc
import subprocess
import sys
from collections import Counter

import pytest

from skdeepnlp.datasets import _docstrings, load_docstrings


@pytest.fixture(scope="module")
def installed():
    """The real data set; reading it takes some seconds once."""
    return load_docstrings()


@pytest.fixture
def libraries(tmp_path, monkeypatch):
    """Two toy libraries in place of the five real ones; returns a function that writes a file."""
    monkeypatch.syspath_prepend(tmp_path)
    names = {label: f"toy_{label}_{tmp_path.name}" for label in ("left", "right")}
    monkeypatch.setattr(_docstrings, "_PACKAGE_OF", names)
    for package in names.values():
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("")

    def write(label, source, name="module.py"):
        path = tmp_path / names[label] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)

    return write


def _function(docstring, name="function"):
    return f'def {name}():\n    """{docstring}"""\n'


def _texts():
    return load_docstrings(return_X_y=True)[0]


def test_the_label_is_the_library(libraries):
    libraries("left", _function("Compute the left hand."))
    libraries("right", _function("Compute the right hand."))
    X, y = load_docstrings(return_X_y=True)
    assert dict(zip(X, y.tolist(), strict=True)) == {
        "Compute the left hand.": "left",
        "Compute the right hand.": "right",
    }


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Compute the norm. More follows here.", "Compute the norm."),
        ("\n    Compute the\n    norm.\n\n    More follows.\n    ", "Compute the norm."),
        ("Compute e.g. the norm\n\nMore follows.", "Compute e.g. the norm"),
        ("norm(x, axis=None)\n\nCompute the norm.", "Compute the norm."),
        ("Compute the norm\nParameters\n----------\nx : array", "Compute the norm"),
    ],
)
def test_a_row_is_the_first_sentence(libraries, docstring, sentence):
    libraries("left", _function(docstring))
    assert _texts() == [sentence]


def test_methods_of_public_classes_are_read(libraries):
    libraries(
        "left",
        'class A:\n    """A class of things."""\n'
        '    def a(self):\n        """Return the first thing."""\n'
        '    async def b(self):\n        """Await the second thing."""\n',
    )
    assert sorted(_texts()) == [
        "A class of things.",
        "Await the second thing.",
        "Return the first thing.",
    ]


def test_what_starts_with_an_underscore_is_not_read(libraries):
    libraries("left", _function("Do a private thing.", name="_function"))
    libraries(
        "left",
        'class _A:\n    def a(self):\n        """Return the hidden thing."""\n',
        name="other.py",
    )
    assert _texts() == []


@pytest.mark.parametrize(
    "name", ["tests/a.py", "deep/externals/a.py", "test_a.py", "a_test.py", "conftest.py"]
)
def test_tests_and_copies_of_other_code_are_not_read(libraries, name):
    libraries("left", _function("Check that it works."), name=name)
    assert _texts() == []


@pytest.mark.parametrize(
    "source", ["def broken(:\n", "def null():\n    '\0'\n"], ids=["syntax", "null"]
)
def test_a_file_that_does_not_parse_is_passed_over(libraries, source):
    libraries("left", source, name="broken.py")
    libraries("left", _function("Compute the left hand."))
    assert _texts() == ["Compute the left hand."]


def test_a_sentence_of_two_libraries_belongs_to_none(libraries):
    libraries("left", _function("Fit the model."))
    libraries("right", _function("Fit the Model"))
    assert _texts() == []


def test_a_sentence_that_a_library_repeats_counts_once(libraries):
    libraries("left", _function("Fit the model.") + _function("fit the model", name="other"))
    assert _texts() == ["Fit the model."]


def test_one_or_two_words_are_no_sentence(libraries):
    libraries("left", _function("No-op.") + _function("Fit model.", name="other"))
    assert _texts() == []


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(_docstrings, "_PACKAGE_OF", {"none": "no_such_library"})
    with pytest.raises(
        ImportError, match=r"source files of no_such_library, which is not installed"
    ):
        load_docstrings()


def test_the_garbage_collector_runs_again_afterwards(libraries):
    libraries("left", _function("Compute the left hand."))
    _texts()
    assert gc.isenabled()


def test_wrong_parameters_are_named():
    with pytest.raises(ValueError, match="'as_frame' parameter of load_docstrings"):
        load_docstrings(as_frame="yes")


def test_frames_hold_the_same_samples(libraries):
    libraries("left", _function("Compute the left hand."))
    bunch = load_docstrings(as_frame=True)
    assert bunch.frame.to_dict("list") == {"text": ["Compute the left hand."], "label": ["left"]}
    assert bunch.data.tolist() == ["Compute the left hand."]


@pytest.mark.slow  # reads 1,400 files
class TestInstalledLibraries:
    def test_each_library_gives_hundreds_of_samples(self, installed):
        sizes = Counter(installed.target.tolist())
        assert sorted(sizes) == ["keras", "numpy", "pandas", "scikit-learn", "scipy"]
        assert min(sizes.values()) > 800

    def test_no_text_occurs_twice(self, installed):
        assert len(set(installed.data)) == len(installed.data)

    def test_the_first_samples_hold_every_class(self, installed):
        assert len(set(installed.target[:50])) == 5

    def test_later_calls_give_copies_of_the_same_samples(self, installed):
        expected = list(installed.data)
        load_docstrings().data.clear()
        assert load_docstrings().data == expected

    def test_tfidf_scores_what_the_documentation_says(self, installed):
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline

        split = train_test_split(installed.data, installed.target, random_state=0)
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            LogisticRegression(C=10, max_iter=300),
        )
        assert 0.75 < model.fit(split[0], split[2]).score(split[1], split[3]) < 0.92

    def test_keras_is_read_but_never_imported(self):
        code = (
            "import sys; from skdeepnlp.datasets import load_docstrings; load_docstrings();"
            "sys.exit(bool({'keras', 'tensorflow', 'scikeras'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
