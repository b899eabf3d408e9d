"""How much does a fit gain from length buckets and from its LSTM layer, against plain Keras?

The same network is trained for an epoch at a time: by LSTMClassifier; by `keras.Model.fit` on rows
padded to the longest text, and to the 95th percentile; and by a loop written by hand over batches
of similar length. The sides take turns, all compiled before the clock starts, and medians are
compared. The plain networks are made of Keras' own layers and get the weights of ours: their
outputs must be equal, or nothing is printed.

    python examples/benchmarks/fit_speed.py                  # docstrings of installed libraries
    python examples/benchmarks/fit_speed.py --csv mr.csv.gz  # your own columns text and label
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from _machine import machine

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.datasets import load_docstrings

BATCH = 32

Sides = dict[str, Callable[[], object]]


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark and print its tables."""
    options = _parser().parse_args(argv)
    texts, labels = _data(options.csv, options.rows)
    sequences = TextTokenizer(max_tokens=20_000).fit_transform(texts)
    targets = np.unique(labels, return_inverse=True)[1].astype("int32")
    ours = LSTMClassifier(units=options.units, early_stopping=False, random_state=0)
    lengths = sequences.lengths
    print(f"{len(lengths)} texts of {lengths.min()} to {lengths.max()} tokens", end=" ")
    print(f"(median {int(np.median(lengths))}), {options.units} units, both directions, batch 32")
    print(f"{machine()}\n")
    _print_epochs(_alternate(_epochs(ours, sequences, labels, targets), options.repeats))
    _print_fixed_cost(_alternate(_one_and_two_epochs(ours, sequences, labels), options.repeats))


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


def _epochs(ours: LSTMClassifier, sequences, labels, targets: np.ndarray) -> Sides:
    """Return each side's way to train for an epoch."""
    classifier = ours.set_params(epochs=1)
    return {
        "skdeepnlp": lambda: classifier.fit(sequences, labels),
        "keras.Model.fit, padded to the longest": _by_fit(
            ours, sequences, labels, targets, "longest"
        ),
        "keras.Model.fit, padded to the 95th percentile": _by_fit(
            ours, sequences, labels, targets, 0.95
        ),
        "Keras' layers, a loop over length buckets": _by_hand(ours, sequences, labels, targets),
    }


def _by_fit(ours: LSTMClassifier, sequences, labels, targets, max_length) -> Callable[[], object]:
    padded = np.asarray(SequencePadder(max_length=max_length).fit_transform(sequences))
    model = _plain_network(ours, sequences, labels)
    return lambda: model.fit(padded, targets, batch_size=BATCH, epochs=1, verbose=0)


def _by_hand(ours: LSTMClassifier, sequences, labels, targets) -> Callable[[], object]:
    """Return an epoch over batches of similar length, as one would write it with Keras alone."""
    padded = np.asarray(SequencePadder(max_length="longest").fit_transform(sequences))
    model, rng = _plain_network(ours, sequences, labels), np.random.default_rng(0)

    def epoch() -> None:
        order = rng.permutation(len(padded))
        pools = np.array_split(order, max(1, len(order) // (50 * BATCH)))
        by_length = np.concatenate([pool[np.argsort(sequences.lengths[pool])] for pool in pools])
        batches = [by_length[at : at + BATCH] for at in range(0, len(by_length), BATCH)]
        for number in rng.permutation(len(batches)):
            rows = batches[number]
            width = -(-int(sequences.lengths[rows].max()) // 8) * 8
            model.train_on_batch(padded[rows, :width], targets[rows])

    return epoch


def _plain_network(ours: LSTMClassifier, sequences, labels):
    """Build and compile the network from Keras' own layers, with weights like ours."""
    import keras
    from keras import layers

    from skdeepnlp.networks._masking import MaskedPooling

    classifier = ours.initialize(sequences, labels)
    weights = [np.asarray(weight) for weight in classifier.model_.trainable_variables]
    two = classifier.n_classes_ == 2
    network = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(*weights[0].shape, mask_zero=True),
            layers.Dropout(classifier.embedding_dropout),
            layers.Bidirectional(layers.LSTM(classifier.units, return_sequences=True)),
            MaskedPooling("max+mean"),  # Keras' own pooling takes padding for words
            layers.Dropout(classifier.dropout),
            layers.Dense(weights[-1].size, activation="sigmoid" if two else "softmax"),
        ]
    )
    for variable, weight in zip(network.trainable_variables, weights, strict=True):
        variable.assign(weight)
    ids = np.asarray(SequencePadder(max_length="longest").fit_transform(sequences[:64]))
    expected = classifier.model_(ids)
    np.testing.assert_allclose(np.asarray(network(ids)), np.asarray(expected), atol=1e-4)
    loss = "binary_crossentropy" if two else "sparse_categorical_crossentropy"
    network.compile(keras.optimizers.Adam(1e-3, global_clipnorm=10.0), loss, metrics=["accuracy"])
    return network


def _one_and_two_epochs(ours: LSTMClassifier, sequences, labels) -> Sides:
    from sklearn.base import clone

    fits = {n: clone(ours).set_params(epochs=n) for n in (1, 2)}
    return {str(n): lambda fit=fit: fit.fit(sequences, labels) for n, fit in fits.items()}


def _alternate(sides: Sides, repeats: int) -> dict[str, list[float]]:
    """Time each side in turn, after two untimed rounds that compile."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(repeats + 2):
        for name, epoch in sides.items():
            begun = time.perf_counter()
            epoch()
            if turn >= 2:
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def _print_epochs(seconds: dict[str, list[float]]) -> None:
    ours = statistics.median(next(iter(seconds.values())))
    print(f"{'one epoch':48} {'median s':>9} {'min s':>7} {'max s':>7} {'times ours':>11}")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(
            f"{name:48} {median:9.2f} {min(values):7.2f} {max(values):7.2f} {median / ours:11.1f}"
        )


def _print_fixed_cost(seconds: dict[str, list[float]]) -> None:
    one, two = (statistics.median(seconds[number]) for number in ("1", "2"))
    print("\nA fit of a shape that was compiled before, beyond its steps: ", end="")
    print(f"{2 * one - two:.2f} s (two fits of one epoch less one fit of two)")


if __name__ == "__main__":
    main()
