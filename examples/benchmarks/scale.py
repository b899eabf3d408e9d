"""How does the cost grow, as rows go from 1,000 to a million and candidates from 1 to 100?

Rows: made-up sentences of 5 to 30 words are tokenized, one epoch of a small LSTM is trained on
them, and labels are predicted; each size in a process of its own, for its peak of memory.
Candidates: a grid search over strengths of dropout and rates of learning, which share one compiled
network, on 500 texts in two folds.

    python examples/benchmarks/scale.py                   # to 100,000 rows and 100 candidates
    python examples/benchmarks/scale.py --largest 1000000 # some minutes more
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _machine import machine

ROWS = (1_000, 10_000, 100_000, 1_000_000)
CANDIDATES = (1, 10, 100)
SEARCHED_ROWS = 500


def main(argv: list[str] | None = None) -> None:
    """Run each size in a process of its own and print the tables, or run one size."""
    options = _parser().parse_args(argv)
    if options.one:
        kind, size = options.one
        print(json.dumps(_of_rows(int(size)) if kind == "rows" else _of_candidates(int(size))))
        return
    print(f"{machine()}\n")
    _print_table(
        "rows",
        [size for size in ROWS if size <= options.largest],
        ("tokenize s", "first epoch s", "second epoch s", "predict s", "peak MiB"),
    )
    _print_table(
        "candidates",
        [size for size in CANDIDATES if size <= options.most_candidates],
        ("search s", "s a fit", "peak MiB"),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=100_000, help="most rows (default 100000)")
    parser.add_argument(
        "--most-candidates", type=int, default=100, help="most candidates (default 100)"
    )
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    return parser


def _print_table(kind: str, sizes: list[int], names: tuple[str, ...]) -> None:
    print(f"{kind:>10} " + " ".join(f"{name:>15}" for name in names))
    for size in sizes:
        found = _in_own_process(kind, size)
        cells = " ".join(f"{found[name]:15.2f}" for name in names)
        print(f"{size:10} {cells}", flush=True)
    print()


def _in_own_process(kind: str, size: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", kind, str(size)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    run = subprocess.run(command, capture_output=True, text=True, env=quiet)
    if run.returncode:
        raise RuntimeError(f"{size} {kind} failed:\n{run.stderr[-3000:]}")
    return json.loads(run.stdout.splitlines()[-1])


def _of_rows(n_rows: int) -> dict[str, float]:
    """Tokenize, train for two epochs and predict; return the seconds of each and the peak."""
    from skdeepnlp import LSTMClassifier, TextTokenizer

    texts, labels = _made_up(n_rows)
    found: dict[str, float] = {}
    with _timed(found, "tokenize s"):
        sequences = TextTokenizer(max_tokens=20_000).fit_transform(texts)
    classifier = LSTMClassifier(
        units=16, embedding_dim=32, epochs=1, early_stopping=False, warm_start=True, random_state=0
    )
    for name in ("first epoch s", "second epoch s"):
        with _timed(found, name):
            classifier.fit(sequences, labels)
    with _timed(found, "predict s"):
        classifier.predict(sequences)
    return {**found, "peak MiB": _peak()}


def _of_candidates(n_candidates: int) -> dict[str, float]:
    """Search and return the seconds, those of a fit, and the peak."""
    import numpy as np
    from sklearn.model_selection import GridSearchCV

    from skdeepnlp import LSTMClassifier, make_text_pipeline

    texts, labels = _made_up(SEARCHED_ROWS)
    classifier = LSTMClassifier(units=16, embedding_dim=32, epochs=3, random_state=0)
    grid = {
        "classify__dropout": np.linspace(0.1, 0.6, min(10, n_candidates)).tolist(),
        "classify__learning_rate": np.geomspace(1e-3, 1e-2, max(1, n_candidates // 10)).tolist(),
    }
    search = GridSearchCV(make_text_pipeline(classifier), grid, cv=2)
    found: dict[str, float] = {}
    with _timed(found, "search s"):
        search.fit(texts, labels)
    n_fits = 2 * n_candidates + 1
    return {**found, "s a fit": found["search s"] / n_fits, "peak MiB": _peak()}


def _made_up(n_rows: int):
    from skdeepnlp.datasets import make_text_classification

    return make_text_classification(
        n_rows, vocabulary_size=20_000, length=(5, 30), noise=0.1, random_state=0
    )


@contextmanager
def _timed(into: dict[str, float], name: str) -> Iterator[None]:
    """Put the seconds that a block takes into a dict."""
    begun = time.perf_counter()
    yield
    into[name] = time.perf_counter() - begun


def _peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    if found:  # what getrusage tells may be the peak of the process that started this one
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
