"""Does a classifier as it comes learn as much from few rows as the same network in plain Keras?

On each data set of a folder and each number of training rows: the network of `LSTMClassifier`
built from Keras' layers and trained by `keras.Model.fit` on all these rows, for 5, 10 and 20
epochs; `LSTMClassifier` as it comes; and with the averaged weights of `make_text_pipeline`, whose
steps before the network all of them share. The best number of epochs of plain Keras is chosen with
hindsight, by the scores of the table itself. ``--network one-way`` takes the LSTM of many
tutorials: one direction, last state, dropout of 0.2.

    python examples/benchmarks/plain_keras.py --data FOLDER
    python examples/benchmarks/plain_keras.py --data FOLDER --sets mr --rows 1000 --network one-way

The folder holds files such as ``mr.all.csv.gz`` or ``trec6.train.csv.gz`` with
``trec6.test.csv.gz``, each with columns text and label. Sets without test rows are tested on rows
that are not trained on; so are all with ``--development``, on which defaults may be chosen.
"""

import argparse
import functools
import time
from pathlib import Path

import numpy as np
from _machine import machine
from _runs import SETS, Split, measured, present, read, training_rows
from sklearn.pipeline import make_pipeline

EPOCHS = (5, 10, 20)
PLAIN = tuple(f"plain Keras, {n} epochs" for n in EPOCHS)
OURS = {"LSTMClassifier": {}, "LSTMClassifier, ema_decay=0.99": {"ema_decay": 0.99}}
NETWORKS = {
    "default": {},
    "one-way": {
        "bidirectional": False,
        "pooling": "last",
        "embedding_dropout": 0.0,
        "dropout": 0.2,
    },
}


def main(argv: list[str] | None = None) -> None:
    """Train every arm on every draw of rows, and print a table for each number of rows."""
    options = _parser().parse_args(argv)
    sets = present(Path(options.data), options.sets)
    print(f"{machine()}\nnetwork: {options.network}, {options.draws} draws", flush=True)
    for n_rows in options.rows:
        found = {
            (name, draw): _measured_draw(name, n_rows, draw, options)
            for name in sets
            for draw in range(options.draws)
        }
        _print_table(n_rows, sets, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="names of data sets")
    parser.add_argument("--rows", nargs="+", type=int, default=[300, 1000, 3000])
    parser.add_argument("--draws", type=int, default=3, help="draws of rows (default 3)")
    parser.add_argument("--held-out", type=int, default=2000, help="test rows at most")
    parser.add_argument("--network", default="default", choices=list(NETWORKS))
    parser.add_argument("--development", action="store_true", help="test on training rows")
    parser.add_argument("--results", help="file of JSON lines: runs found there are not run again")
    return parser


def _measured_draw(name: str, n_rows: int, draw: int, options: argparse.Namespace) -> dict:
    """Return the accuracies of all arms on one draw, and their seconds."""
    split = _draw(name, n_rows, draw, options)
    found = {}
    for side, measure in (("plain", _plain), ("ours", _ours)):
        run = functools.partial(measure, split, draw, NETWORKS[options.network])
        key = (name, n_rows, draw, options.network, options.held_out, options.development, side)
        found |= measured(options.results, key, run)["arms"]
    return found


def _draw(name: str, n_rows: int, draw: int, options: argparse.Namespace) -> Split:
    """Return some rows to train on, and others to test on."""
    folder = Path(options.data)
    rows = training_rows(folder, name)
    test = folder / f"{name}.test.csv.gz"
    if test.exists() and not options.development:
        held_out = read(test)[: options.held_out]
    else:
        held_out, rows = rows[: options.held_out], rows[options.held_out :]
    train = rows.sample(min(n_rows, len(rows)), random_state=draw)
    return train, held_out[held_out["label"].isin(train["label"])]


def _plain(split: Split, seed: int, network: dict) -> dict:
    """Train in plain Keras, and score after 5, 10 and 20 epochs."""
    import keras

    ids, targets = _ids_and_targets(split)
    keras.utils.set_random_seed(seed)
    model = _model(int(max(part.max() for part in ids)) + 1, len(set(targets[0])), network)
    scores, begun = {}, time.perf_counter()
    for done, until in zip((0, *EPOCHS), EPOCHS, strict=False):
        model.fit(ids[0], targets[0], batch_size=32, initial_epoch=done, epochs=until, verbose=0)
        seconds = time.perf_counter() - begun
        predicted = model.predict(ids[1], verbose=0).argmax(axis=1)
        scores[f"plain Keras, {until} epochs"] = float(np.mean(predicted == targets[1])), seconds
    return _found(scores)


def _model(n_tokens: int, n_classes: int, network: dict):
    """Return the network of `LSTMClassifier` in Keras' layers, compiled as most people do."""
    import keras
    from keras import layers

    from skdeepnlp.networks._masking import MaskedPooling

    lstm = layers.LSTM(64, return_sequences=not network)
    model = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(n_tokens, 64, mask_zero=True),
            layers.Dropout(network.get("embedding_dropout", 0.5)),
            *([lstm] if network else [layers.Bidirectional(lstm), MaskedPooling("max+mean")]),
            layers.Dropout(network.get("dropout", 0.5)),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )
    # without XLA, whose compilation takes longer than these fits
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    return model


def _ours(split: Split, seed: int, network: dict) -> dict:
    """Train our classifier as it comes, with and without averaged weights."""
    from skdeepnlp import LSTMClassifier

    ids, targets = _ids_and_targets(split)
    scores = {}
    for arm, options in OURS.items():
        begun = time.perf_counter()
        classifier = LSTMClassifier(random_state=seed, **network, **options)
        classifier.fit(ids[0], targets[0])
        seconds = time.perf_counter() - begun
        scores[arm] = float(classifier.score(ids[1], targets[1])), seconds
    return _found(scores)


def _found(scores: dict[str, tuple[float, float]]) -> dict:
    """Return what a run is written down as: all arms, the best score and all seconds."""
    accuracies, seconds = zip(*scores.values(), strict=True)
    return {"test": max(accuracies), "seconds": sum(seconds), "arms": scores}


def _ids_and_targets(split: Split) -> tuple[list, list]:
    """Return padded ids and class numbers of both sides, by the steps of `make_text_pipeline`."""
    from skdeepnlp import make_text_pipeline

    steps = make_pipeline(*[step for _, step in make_text_pipeline("lstm").steps[:-1]])
    train, test = split
    ids = [steps.fit_transform(train["text"]), steps.transform(test["text"])]
    classes = np.unique(train["label"])
    targets = [np.searchsorted(classes, side["label"]) for side in split]
    return [np.asarray(part, dtype=np.int32) for part in ids], targets


def _print_table(n_rows: int, sets: list[str], found: dict[tuple[str, int], dict]) -> None:
    """Print the mean accuracy of each arm on each set, and ours beside the best of plain Keras."""
    draws = sorted({draw for _, draw in found})
    score = {
        arm: np.array([[100 * found[name, draw][arm][0] for draw in draws] for name in sets])
        for arm in (*PLAIN, *OURS)
    }
    print(f"\n| {n_rows} rows | {' | '.join(sets)} | mean | seconds |")
    print(f"|---|{'---|' * (len(sets) + 2)}")
    for arm, of_arm in score.items():
        seconds = np.mean([run[arm][1] for run in found.values()])
        cells = " | ".join(f"{mean:.1f}" for mean in of_arm.mean(axis=1))
        print(f"| {arm} | {cells} | {of_arm.mean():.1f} | {seconds:.1f} |")
    best = max(PLAIN, key=lambda arm: score[arm].mean())
    for arm in OURS:
        difference = (score[arm] - score[best]).mean(axis=1)
        error = difference.std(ddof=1) / len(sets) ** 0.5 if len(sets) > 1 else np.nan
        of_draws = (score[arm] - score[best]).std(axis=1, ddof=1) if len(draws) > 1 else np.nan
        chance = np.sqrt(np.mean(of_draws**2) / len(draws) / len(sets))
        print(f"{arm} less {best}: {difference.mean():+.1f} +- {chance:.1f}", end="")
        print(f" over draws, +- {error:.1f} over sets", flush=True)


if __name__ == "__main__":
    main()
