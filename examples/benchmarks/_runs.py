"""What the benchmarks of accuracy share: data sets of a folder, their folds, results on file."""

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sklearn.model_selection import StratifiedKFold

from skdeepnlp.exceptions import TrainingInterruptedWarning

SETS = ("mr", "sst2", "trec6", "sms_spam", "snips", "ag_news_slice", "nsmc_slice")
Split = tuple[pd.DataFrame, pd.DataFrame]


def present(folder: Path, names: list[str]) -> list[str]:
    """Return the sets that are in the folder; say which are not."""
    found = [name for name in names if list(folder.glob(f"{name}.*.csv.gz"))]
    for name in sorted(set(names) - set(found)):
        print(f"{name} is not in {folder}, so it is left out.")
    if not found:
        raise SystemExit(f"No data set is in {folder}. Give their folder as --data.")
    return found


def read(path: Path) -> pd.DataFrame:
    """Return the rows of a file in a seeded random order."""
    rows = pd.read_csv(path, keep_default_na=False)
    return rows.sample(len(rows), random_state=0)


def training_rows(folder: Path, name: str) -> pd.DataFrame:
    """Return the rows of a set that may be learnt from and chosen on."""
    train = folder / f"{name}.train.csv.gz"
    return read(train if train.exists() else folder / f"{name}.all.csv.gz")


def folds(rows: pd.DataFrame, n_splits: int, n_folds: int) -> list[Split]:
    """Return the first folds of a seeded, stratified split, as rows to learn from and to test."""
    splitter = StratifiedKFold(n_splits, shuffle=True, random_state=0)
    parts = list(splitter.split(rows, rows["label"]))[:n_folds]
    return [(rows.iloc[train], rows.iloc[test]) for train, test in parts]


def measured(path: str | None, key: tuple, measure: Callable[[], dict]) -> dict:
    """Return what the file says of a run; run it and write it down if it says nothing."""
    if path and Path(path).exists():
        for found in map(json.loads, Path(path).read_text(encoding="utf-8").splitlines()):
            if tuple(found["key"]) == key:
                return found
    found = {"key": list(key), **_to_the_end(measure)}
    print(f"  {key}: {found['test']:.4f} in {found['seconds']:.0f} s", file=sys.stderr, flush=True)
    if path:
        with open(path, "a", encoding="utf-8") as lines:
            print(json.dumps(found), file=lines)
    return found


def _to_the_end(measure: Callable[[], dict]) -> dict:
    """Return what a run measures; a fit that Ctrl-C ended early ends the benchmark."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", TrainingInterruptedWarning)
        found = measure()
    if any(issubclass(one.category, TrainingInterruptedWarning) for one in seen):
        raise KeyboardInterrupt
    for one in seen:
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return found


def write_table(path: Path, name: str, lines: list[str]) -> None:
    """Put a table between the two comments of a Markdown file that bear its name.

    The first two lines are its head. Rows of the table there stay, but for those that start with
    the same two cells as a new one.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = path.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise SystemExit(f"{path} has no lines {begin} and {end}. Put them where the table goes.")
    before, after = text.split(begin)[0], text.split(end)[1]
    rows = [line for line in text.split(begin)[1].split(end)[0].splitlines() if line][2:]
    table = {_cells(row): row for row in [*rows, *lines[2:]]}
    lines = [*lines[:2], *table.values()]
    path.write_text("\n".join([before + begin, "", *lines, "", end + after]), encoding="utf-8")


def _cells(row: str) -> tuple[str, ...]:
    """Return the first two cells of a row."""
    return tuple(cell.strip() for cell in row.split("|")[1:3])
