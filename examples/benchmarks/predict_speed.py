"""How fast are predictions, against `keras.Model.predict` on padded rows, and how late is one row?

python examples/benchmarks/predict_speed.py                  # docstrings of installed libraries
python examples/benchmarks/predict_speed.py --csv mr.csv.gz  # your own columns text and label
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from _machine import machine

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer, make_text_pipeline
from skdeepnlp.datasets import load_docstrings


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark and print its tables."""
    options = _parser().parse_args(argv)
    texts, labels = _data(options.csv, options.rows)
    sequences = TextTokenizer(max_tokens=20_000).fit_transform(texts)
    padded = np.asarray(SequencePadder(max_length="longest").fit_transform(sequences))
    classifier = LSTMClassifier(random_state=0).initialize(sequences, labels)
    model = classifier.model_
    _check_equal(classifier.predict_proba(sequences), model.predict(padded, verbose=0))
    sides = {
        "skdeepnlp, length buckets": lambda: classifier.predict_proba(sequences),
        "keras.Model.predict, batches of 32": lambda: model.predict(padded, verbose=0),
        "keras.Model.predict, batches of 256": lambda: model.predict(
            padded, batch_size=256, verbose=0
        ),
    }
    print(machine())
    _print_rates(_alternate(sides, options.repeats), len(texts))
    _print_latency(texts, labels, options.repeats)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="file with columns text and label")
    parser.add_argument("--rows", type=int, default=4096, help="texts to predict (default 4096)")
    parser.add_argument("--repeats", type=int, default=7, help="predictions a side (default 7)")
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


def _check_equal(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Raise unless both sides give the same probabilities, but for rounding."""
    np.testing.assert_allclose(ours[:, -theirs.shape[1] :], theirs, atol=1e-4)


def _alternate(sides: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Time each side in turn, after two untimed rounds that compile."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(repeats + 2):
        for name, predict in sides.items():
            begun = time.perf_counter()
            predict()
            if turn >= 2:
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def _print_rates(seconds: dict[str, list[float]], n_rows: int) -> None:
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ours = next(iter(medians.values()))
    print(f"{n_rows} texts\n{'':40} {'rows/s':>8} {'times ours':>11}")
    for name, median in medians.items():
        print(f"{name:40} {n_rows / median:8.0f} {median / ours:11.2f}")


def _print_latency(texts: list[str], labels: np.ndarray, repeats: int) -> None:
    """Print how long one text takes through a warm pipeline."""
    pipeline = make_text_pipeline(LSTMClassifier(epochs=1, random_state=0))
    pipeline.fit(texts[:500], labels[:500])
    milliseconds = []
    for text in texts[: 20 * repeats]:
        begun = time.perf_counter()
        pipeline.predict([text])
        milliseconds.append(1000 * (time.perf_counter() - begun))
    warm = sorted(milliseconds[20:])
    print(
        f"\none raw text through a warm pipeline: median {statistics.median(warm):.1f} ms, ", end=""
    )
    print(f"95th percentile {warm[int(0.95 * len(warm))]:.1f} ms")


if __name__ == "__main__":
    main()
