"""What the benchmarks of accuracy write down, and what they do not."""

import json
import sys
import warnings
from pathlib import Path

import pytest

from skdeepnlp.exceptions import TrainingInterruptedWarning

FOLDER = Path(__file__).parent.parent / "examples" / "benchmarks"


@pytest.fixture
def runs(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    yield __import__("_runs")
    sys.modules.pop("_runs")


def test_a_run_is_measured_once(runs, tmp_path):
    path, calls = str(tmp_path / "found.jsonl"), []

    def measure():
        calls.append(1)
        return {"test": 0.5, "seconds": 1.0}

    for _ in range(2):
        assert runs.measured(path, ("mr", 0), measure)["test"] == 0.5
    assert len(calls) == 1
    runs.measured(path, ("mr", 1), measure)
    assert len(calls) == 2


def test_a_run_that_was_interrupted_is_not_written_down(runs, tmp_path):
    """Half a training was taken for a result, and not run again."""

    def interrupted():
        warnings.warn("Training was interrupted", TrainingInterruptedWarning, stacklevel=2)
        return {"test": 0.1, "seconds": 1.0}

    path = tmp_path / "found.jsonl"
    with pytest.raises(KeyboardInterrupt):
        runs.measured(str(path), ("mr", 0), interrupted)
    assert not path.exists()
    runs.measured(str(path), ("mr", 0), lambda: {"test": 0.9, "seconds": 1.0})
    assert json.loads(path.read_text())["test"] == 0.9


def test_other_warnings_of_a_run_are_passed_on(runs):
    def warned():
        warnings.warn("slow", UserWarning, stacklevel=2)
        return {"test": 0.1, "seconds": 1.0}

    with pytest.warns(UserWarning, match="slow"):
        runs.measured(None, ("mr", 0), warned)


def test_rows_of_a_table_are_replaced_one_by_one(runs, tmp_path):
    """A run of two sets left nothing of the others."""
    path, head = tmp_path / "table.md", ["| set | model | s |", "|---|---|---|"]
    path.write_text("before\n<!-- t: begin -->\n\n<!-- t: end -->\nbehind\n")
    runs.write_table(path, "t", [*head, "| mr | lstm | 1 |", "| mr | gru | 2 |"])
    runs.write_table(path, "t", [*head, "| mr | lstm | 3 |", "| sms | gru | 4 |"])
    text = path.read_text()
    assert text.startswith("before\n<!-- t: begin -->\n\n| set")
    assert text.endswith("<!-- t: end -->\nbehind\n")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows == [*head, "| mr | lstm | 3 |", "| mr | gru | 2 |", "| sms | gru | 4 |"]
