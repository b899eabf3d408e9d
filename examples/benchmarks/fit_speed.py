"""How much does an epoch gain from length buckets, against `keras.Model.fit` on padded rows?

The same network is trained for one epoch at a time, first by LSTMClassifier, then by
`keras.Model.fit` on rows padded to the longest text (and once more to the 95th percentile), in
turn, and the medians are compared. Both sides are compiled before the clock starts.

    python examples/benchmarks/fit_speed.py                  # docstrings of installed libraries
    python examples/benchmarks/fit_speed.py --csv mr.csv.gz  # your own columns text and label
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.datasets import load_docstrings


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    options = _parser().parse_args(argv)
    texts, labels = _data(options.csv, options.rows)
    sequences = TextTokenizer(max_tokens=20_000).fit_transform(texts)
    targets = np.unique(labels, return_inverse=True)[1].astype("int32")
    sides = {
        "skdeepnlp, length buckets": _ours(sequences, labels, options.units),
        "keras.Model.fit, padded to the longest": _keras(
            sequences, labels, targets, options.units, "longest"
        ),
        "keras.Model.fit, padded to the 95th percentile": _keras(
            sequences, labels, targets, options.units, 0.95
        ),
    }
    seconds = _alternate(sides, options.repeats)
    _print_table(seconds, sequences.lengths, options.units)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="file with columns text and label")
    parser.add_argument("--rows", type=int, default=4096, help="texts to train on (default 4096)")
    parser.add_argument("--units", type=int, default=64, help="width of the LSTM (default 64)")
    parser.add_argument("--repeats", type=int, default=5, help="epochs a side (default 5)")
    return parser


def _data(csv: str | None, rows: int) -> tuple[list[str], np.ndarray]:
    """Return a seeded sample of texts and labels."""
    if csv is None:
        texts, labels = load_docstrings(return_X_y=True)
        frame = pd.DataFrame({"text": texts, "label": labels})
    else:
        frame = pd.read_csv(csv, keep_default_na=False)
    frame = frame.sample(min(rows, len(frame)), random_state=0)
    return frame["text"].tolist(), frame["label"].to_numpy()


def _ours(sequences, labels, units: int) -> Callable[[], None]:
    classifier = LSTMClassifier(units=units, epochs=1, early_stopping=False, random_state=0)
    return lambda: classifier.fit(sequences, labels)


def _keras(sequences, labels, targets, units: int, max_length) -> Callable[[], None]:
    """Return an epoch of the very same network in plain Keras."""
    classifier = LSTMClassifier(units=units, random_state=0).initialize(sequences, labels)
    padded = np.asarray(SequencePadder(max_length=max_length).fit_transform(sequences))
    model = classifier.model_
    return lambda: model.fit(padded, targets, batch_size=32, epochs=1, verbose=0)


def _alternate(sides: dict[str, Callable[[], None]], repeats: int) -> dict[str, list[float]]:
    """Time each side in turn, after two untimed rounds that compile."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(repeats + 2):
        for name, epoch in sides.items():
            begun = time.perf_counter()
            epoch()
            if turn >= 2:
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def _print_table(seconds: dict[str, list[float]], lengths: np.ndarray, units: int) -> None:
    import keras

    print(f"{len(lengths)} texts of {lengths.min()} to {lengths.max()} tokens", end=" ")
    print(f"(median {int(np.median(lengths))}), {units} units, both directions, batch 32")
    print(f"Keras {keras.__version__} on {keras.backend.backend()}, {platform.machine()}\n")
    ours = statistics.median(next(iter(seconds.values())))
    print(f"{'one epoch':48} {'median s':>9} {'min s':>7} {'max s':>7} {'times ours':>11}")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(
            f"{name:48} {median:9.2f} {min(values):7.2f} {max(values):7.2f} {median / ours:11.1f}"
        )


if __name__ == "__main__":
    main()
