"""Can a network learn from a file that does not fit into memory?

The file is read in chunks, over and over: once for the labels, once for the vocabulary, then once
for each epoch. Two chunks, the distinct words and the network are in memory at a time. The first
chunk is held out for the score at the end, so the rows of the file should be in random order. A
Parquet file is read likewise, with polars installed.

    python examples/larger_than_memory.py                 # on a file that it writes itself
    python examples/larger_than_memory.py --csv FILE      # on your own columns text and label
"""

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from skdeepnlp import LSTMClassifier, fit_in_chunks, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


def main(argv: list[str] | None = None) -> None:
    """Learn from the file, and print the accuracy on the rows held out."""
    options = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        csv = options.csv or _written(Path(folder) / "rows.csv", options.rows)
        pipeline = learn(csv, options)
        held_out = next(chunks(csv, options))
        accuracy = pipeline.score(held_out[options.text], held_out[options.label])
    print(f"Accuracy on the {len(held_out)} rows held out: {accuracy:.3f}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="file, CSV or .parquet, whose rows are in random order")
    parser.add_argument("--text", default="text", help="column of texts (default text)")
    parser.add_argument("--label", default="label", help="column of labels (default label)")
    parser.add_argument("--rows", type=int, default=20_000, help="rows to write without --csv")
    parser.add_argument("--chunk", type=int, default=2_000, help="rows in memory (default 2000)")
    parser.add_argument("--epochs", type=int, default=2, help="times over the file (default 2)")
    parser.add_argument("--units", type=int, default=16, help="width of the LSTM (default 16)")
    return parser


def chunks(path: str | Path, options: argparse.Namespace) -> Iterator[Any]:
    """Read a file chunk by chunk, as frames of pandas or of polars."""
    columns = [options.text, options.label]
    if str(path).endswith(".parquet"):
        yield from _parquet_chunks(path, columns, options.chunk)
        return
    with pd.read_csv(
        path, usecols=columns, chunksize=options.chunk, keep_default_na=False
    ) as reader:
        yield from reader


def _parquet_chunks(path: str | Path, columns: list[str], n_rows: int) -> Iterator[Any]:
    import polars

    rows = polars.scan_parquet(path).select(columns)
    for start in itertools.count(0, n_rows):
        chunk = rows.slice(start, n_rows).collect()
        if chunk.is_empty():
            return
        yield chunk


def learn(path: str | Path, options: argparse.Namespace) -> Pipeline:
    """Return a pipeline, fitted on all chunks but the first."""
    readings = itertools.count(1)

    def training() -> Iterator[tuple[Any, Any]]:
        print(f"Reading {Path(path).name}, time {next(readings)}", flush=True)
        for chunk in itertools.islice(chunks(path, options), 1, None):
            yield chunk[options.text], chunk[options.label]

    if not any(True for _ in itertools.islice(chunks(path, options), 1, 2)):
        raise SystemExit(f"All rows are in one chunk; choose a --chunk below {options.chunk}.")
    classifier = LSTMClassifier(units=options.units, learning_rate=0.005, random_state=0)
    pipeline = make_text_pipeline(classifier, max_length=60)
    return fit_in_chunks(pipeline, training, epochs=options.epochs)


def _written(path: Path, n_rows: int) -> Path:
    """Write texts of an invented language to a file."""
    texts, labels = make_text_classification(n_rows, n_classes=3, random_state=0)
    frame = pd.DataFrame({"text": texts, "label": np.array(["red", "green", "blue"])[labels]})
    frame.to_csv(path, index=False)
    return path


if __name__ == "__main__":
    main()
