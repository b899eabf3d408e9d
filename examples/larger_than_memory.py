"""Can a network learn from a file that does not fit into memory?

The file is read in chunks, over and over: once for the vocabulary, then once for each epoch. Only
one chunk, the vocabulary and the network are in memory at a time. The first chunk is held out for
the score at the end, so the rows of the file should be in random order.

    python examples/larger_than_memory.py                 # on a file that it writes itself
    python examples/larger_than_memory.py --csv FILE      # on your own columns text and label
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from skdeepnlp import LSTMClassifier, SequencePadder, TextCleaner, TextTokenizer
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
    parser.add_argument("--csv", help="file whose rows are in random order")
    parser.add_argument("--text", default="text", help="column of texts (default text)")
    parser.add_argument("--label", default="label", help="column of labels (default label)")
    parser.add_argument("--rows", type=int, default=20_000, help="rows to write without --csv")
    parser.add_argument("--chunk", type=int, default=2_000, help="rows in memory (default 2000)")
    parser.add_argument("--epochs", type=int, default=2, help="times over the file (default 2)")
    parser.add_argument("--units", type=int, default=16, help="width of the LSTM (default 16)")
    return parser


def chunks(csv: str | Path, options: argparse.Namespace) -> Iterator[pd.DataFrame]:
    """Read a file chunk by chunk; for Parquet, see `pyarrow.parquet.ParquetFile.iter_batches`."""
    columns = [options.text, options.label]
    with pd.read_csv(
        csv, usecols=columns, chunksize=options.chunk, keep_default_na=False
    ) as reader:
        yield from reader


def learn(csv: str | Path, options: argparse.Namespace) -> Pipeline:
    """Return a pipeline, fitted on all chunks but the first."""
    cleaner, tokenizer = TextCleaner(), TextTokenizer(max_tokens=20_000, min_df=2)
    classes: set = set()
    for number, chunk in _training(csv, options):
        tokenizer.partial_fit(cleaner.transform(chunk[options.text]))
        classes |= set(chunk[options.label])
        print(f"Vocabulary: chunk {number}, {tokenizer.n_documents_} texts", flush=True)
    if not classes:
        raise SystemExit(f"All rows are in one chunk; choose a --chunk below {options.chunk}.")
    padder = SequencePadder(max_length=60).fit(tokenizer.transform([""]))
    classifier = LSTMClassifier(units=options.units, learning_rate=0.005, random_state=0)
    steps = Pipeline([("clean", cleaner), ("tokenize", tokenizer), ("pad", padder)])
    for epoch in range(1, options.epochs + 1):
        for number, chunk in _training(csv, options):
            ids = steps.transform(chunk[options.text])
            classifier.partial_fit(ids, chunk[options.label], classes=sorted(classes))
            loss = classifier.history_["loss"][-1]
            print(f"Epoch {epoch}: chunk {number}, loss {loss:.3f}", flush=True)
    return Pipeline([*steps.steps, ("classify", classifier)])


def _training(csv: str | Path, options: argparse.Namespace) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield all chunks but the first, each with its number."""
    for number, chunk in enumerate(chunks(csv, options)):
        if number:
            yield number, chunk


def _written(path: Path, n_rows: int) -> Path:
    """Write texts of an invented language to a file."""
    texts, labels = make_text_classification(n_rows, n_classes=3, random_state=0)
    frame = pd.DataFrame({"text": texts, "label": np.array(["red", "green", "blue"])[labels]})
    frame.to_csv(path, index=False)
    return path


if __name__ == "__main__":
    main()
