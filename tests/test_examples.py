"""Every example runs from start to end and prints its answer."""

import importlib.util
import re
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
SMALLEST = {
    "cluster_dask": ({"n_samples": 200, "epochs": 1}, "Best: accuracy "),
    "cluster_ray": ({"n_samples": 200, "epochs": 1}, "Best: accuracy "),
    "grid_search": ({"n_samples": 200, "epochs": 1}, "Best: dropout="),
    "kfold": ({"n_samples": 60, "epochs": 1}, "TF-IDF + logistic regression"),
    "one_standard_error": ({"n_samples": 100, "n_new": 50, "epochs": 1}, "Bought: "),
    "optuna_search": ({"n_samples": 60, "n_trials": 6, "epochs": 2}, "Best: accuracy "),
    "random_search": ({"n_samples": 200, "n_candidates": 4, "epochs": 1}, "Best: learning_rate="),
    "text_beside_tabular": ({"n_samples": 60, "epochs": 1}, "both, stacked"),
    "validation_data_through_a_pipeline": ({"n_samples": 80, "epochs": 2}, "kept the epochs"),
    "which_family": ({"n_samples": 60, "epochs": 1}, "Best: "),
    "which_regularizer": ({"n_samples": 60, "epochs": 1}, "Most gained: "),
}
NEEDS = {"cluster_dask": "distributed", "cluster_ray": "ray", "optuna_search": "optuna"}
WITH_ARGUMENTS = {"larger_than_memory", "quickstart"}
ROWS = {"food": ["warm soup", "fresh bread", "old cheese"], "sport": ["a late goal", "they lost"]}


def load(name):
    """Import an example as its file, without running it."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_csv(path, rows, header="topic,sentence", encoding="utf-8"):
    lines = [header, *(f'{label},"{text}"' for label, text in rows)]
    path.write_text("\n".join(lines), encoding=encoding)
    return str(path)


@pytest.fixture(scope="module")
def quickstart():
    return load("quickstart")


@pytest.fixture
def read(quickstart):
    """Read the columns "sentence" and "topic" of a file."""
    return lambda path, encoding="utf-8": quickstart.read_csv(path, "sentence", "topic", encoding)


@pytest.fixture
def csv(tmp_path):
    """A file of 40 different texts of two classes, and two copies."""
    rows = [
        (label, f"{text} {number}" if number else text)
        for label, texts in ROWS.items()
        for text in texts
        for number in range(8)
    ]
    return write_csv(tmp_path / "own.csv", [*rows, rows[0], rows[-1]])


def test_no_example_is_left_out():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*SMALLEST, *WITH_ARGUMENTS}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALLEST)
def test_example_prints_its_answer(name, capsys):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason=f"{NEEDS[name]} is not installed")
    options, answer = SMALLEST[name]
    load(name).main(**options)
    assert answer in capsys.readouterr().out


@pytest.mark.slow
def test_larger_than_memory_prints_its_answer(capsys):
    load("larger_than_memory").main(["--rows", "400", "--chunk", "100", "--units", "2"])
    printed = capsys.readouterr().out
    # for the vocabulary, the width, the labels and two epochs
    assert re.findall(r"Reading rows.csv, time (\d)", printed) == ["1", "2", "3", "4", "5"]
    assert "Accuracy on the 100 rows held out: " in printed


@pytest.mark.slow
def test_larger_than_memory_reads_parquet(tmp_path, capsys):
    polars = pytest.importorskip("polars")
    texts = ["warm soup", "a late goal", "fresh bread", "they lost"] * 30
    path = tmp_path / "rows.parquet"
    polars.DataFrame({"text": texts, "label": ["food", "sport"] * 60}).write_parquet(path)
    load("larger_than_memory").main(["--csv", str(path), "--chunk", "50", "--units", "2"])
    assert "Accuracy on the 50 rows held out: " in capsys.readouterr().out


@pytest.mark.slow
def test_larger_than_memory_needs_a_chunk_to_learn_from():
    with pytest.raises(SystemExit, match="All rows are in one chunk"):
        load("larger_than_memory").main(["--rows", "40"])


@pytest.mark.slow
def test_quickstart_runs_on_a_file_of_ones_own(quickstart, csv, capsys, monkeypatch):
    monkeypatch.setattr(quickstart, "FAST", quickstart.Effort(40, 2, 1))
    own = ["--csv", csv, "--text", "sentence", "--label", "topic"]
    quickstart.main([*own, "--fast", "--seed", "1", "fresh soup"])
    printed = capsys.readouterr().out
    assert "Left out 2 rows whose text came up before" in printed
    assert "40 texts: food 24, sport 16; 8 of them are held out" in printed
    assert "Accuracy over 2 folds, best of 1 candidates" in printed
    assert printed.splitlines()[-3].endswith("  fresh soup")


def test_quickstart_says_which_columns_there_are(quickstart, csv, capsys):
    with pytest.raises(SystemExit, match="2"):
        quickstart.main(["--csv", csv, "--text", "words"])
    said = capsys.readouterr().err
    assert "no column 'words' and no column 'label'; its columns are 'topic', 'sentence'" in said


def test_quickstart_names_a_missing_file(quickstart, capsys):
    with pytest.raises(SystemExit, match="2"):
        quickstart.main(["--csv", "nowhere.csv"])
    assert "No such file or directory: 'nowhere.csv'" in capsys.readouterr().err


def test_quickstart_names_the_first_empty_cell(read, tmp_path):
    path = write_csv(tmp_path / "own.csv", [("food", "soup"), ("food", " ")])
    with pytest.raises(ValueError, match=r"column 'sentence': 1, the first in row 2 below"):
        read(path)


def test_quickstart_takes_words_that_pandas_reads_as_missing(read, tmp_path):
    path = write_csv(tmp_path / "own.csv", [("NA", "null"), ("nan", "None")])
    texts, labels = read(path)
    assert (texts.tolist(), labels.tolist()) == (["null", "None"], ["NA", "nan"])


def test_quickstart_reads_other_encodings_when_told(read, tmp_path):
    path = write_csv(tmp_path / "own.csv", [("food", "Käse")], encoding="latin-1")
    with pytest.raises(ValueError, match=r"cannot be decoded.*--encoding latin-1"):
        read(path)
    assert read(path, "latin-1")[0].tolist() == ["Käse"]


def test_quickstart_refuses_an_unknown_encoding(read, csv):
    with pytest.raises(ValueError, match="cannot be decoded: unknown encoding: klingon"):
        read(csv, "klingon")


def test_quickstart_refuses_what_is_no_table(read, tmp_path):
    path = write_csv(tmp_path / "own.csv", [], header="")
    with pytest.raises(ValueError, match="cannot be read as a CSV file: No columns"):
        read(path)


def test_quickstart_refuses_classes_too_small_for_the_folds(quickstart, tmp_path, capsys):
    path = write_csv(tmp_path / "own.csv", [("food", "soup"), ("sport", "goal")])
    with pytest.raises(SystemExit, match="2"):
        quickstart.main(["--csv", path, "--text", "sentence", "--label", "topic"])
    assert "Too few rows have: 'food' (1), 'sport' (1)" in capsys.readouterr().err
