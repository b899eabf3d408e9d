"""What the benchmarks of accuracy write down, and what they do not."""

import importlib
import json
import sys
import warnings
from pathlib import Path

import pytest

from skdeepnlp.exceptions import TrainingInterruptedWarning

FOLDER = Path(__file__).parent.parent / "examples" / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch):
    """Import a script of the benchmarks by its name."""
    monkeypatch.syspath_prepend(FOLDER)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == FOLDER:
            del sys.modules[name]


@pytest.fixture
def runs(benchmark):
    return benchmark("_runs")


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


def test_what_was_tuned_in_a_larger_space_has_a_row_of_its_own(benchmark):
    """It replaced what was found in the medium one."""
    called = benchmark("accuracy")._called
    assert called("tuned lstm", "large") == "tuned lstm, large"
    assert called("tuned lstm", "medium") == "tuned lstm"
    assert called("gru", "large") == "gru"


@pytest.mark.parametrize(
    "option", [["--rows", "500"], ["--draws", "3"]], ids=lambda option: option[0]
)
def test_what_was_tried_out_is_not_written_into_the_table(benchmark, option, tmp_path, capsys):
    arguments = ["--data", str(tmp_path), "--write", str(tmp_path / "table.md"), *option]
    with pytest.raises(SystemExit):
        benchmark("accuracy").main(arguments)
    assert "--write is for runs on all rows" in capsys.readouterr().err


@pytest.mark.parametrize(("score", "agree"), [(0.61, True), (0.57, False)])
def test_ratios_of_time_are_only_printed_where_best_scores_agree(benchmark, score, agree, capsys):
    search_speed = benchmark("search_speed")
    run = {"seconds": 8.0, "best": 0.645, "error": 0.02, "peak_mib": 100, "scores": []}
    ours = {**run, "seconds": 4.0, "best": score}
    runs = {search_speed.SCIKERAS_BEST: [run], search_speed.GRID: [ours]}
    assert search_speed._agree(runs) == agree
    options = search_speed._parser().parse_args([])
    search_speed._print_table(runs, options, ratios=agree)
    assert (" 2.0\n" in capsys.readouterr().out) == agree


def test_runs_of_a_search_before_there_were_wide_ones_count(benchmark, tmp_path):
    search_speed = benchmark("search_speed")
    path, arm = tmp_path / "found.jsonl", search_speed.GRID
    options = search_speed._parser().parse_args(["--results", str(path), "--arms", arm])
    setting = search_speed._setting(options)
    del setting["wide"]
    lines = [{"setting": setting, "arm": arm, "run": {"seconds": n}} for n in (1, 2)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert search_speed._runs_so_far(options) == {arm: [{"seconds": 1}]}
    options.wide = True
    assert search_speed._runs_so_far(options) == {arm: []}
