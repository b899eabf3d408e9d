"""Which regularizer helps me? Each one alone, against a network that nothing holds back.

The LSTM with every regularizer off is trained on the training rows of each data set in a folder,
for a fixed number of epochs; then again with a single one on. Scores are of folds that were not
learnt from; the difference to the bare network is taken fold by fold. Runs are written down as soon
as they are there, and not made again.

    python examples/benchmarks/regularizers.py --data FOLDER --results FILE
    python examples/benchmarks/regularizers.py --csv FILE        # columns text and label

The folder holds files such as ``mr.all.csv.gz`` or ``trec6.train.csv.gz``.
"""

import argparse
import functools
import time
from pathlib import Path

import numpy as np
from _machine import machine
from _runs import Split, folds, measured, present, read, training_rows
from sklearn.pipeline import Pipeline

from skdeepnlp import LSTMClassifier, make_text_pipeline

SETS = ("mr", "trec6", "nsmc_slice")
BARE = {
    "dropout": 0.0,
    "embedding_dropout": 0.0,
    "clipnorm": None,
    "early_stopping": False,
}
ALONE = {
    "nothing": {},
    "dropout=0.5": {"dropout": 0.5},
    "embedding_dropout=0.5": {"embedding_dropout": 0.5},
    "word_dropout=0.2": {"word_dropout": 0.2},
    "recurrent_dropout=0.3": {"recurrent_dropout": 0.3},
    "weight_dropout=0.5": {"weight_dropout": 0.5},
    "l1=1e-4": {"l1": 1e-4},
    "l2=1e-3": {"l2": 1e-3},
    "max_norm=1": {"max_norm": 1.0},
    "activity_l2=1": {"activity_l2": 1.0},
    "temporal_l2=1": {"temporal_l2": 1.0},
    "weight_decay=1": {"weight_decay": 1.0},
    "clipnorm=1": {"clipnorm": 1.0},
    "clipvalue=0.01": {"clipvalue": 0.01},
    "label_smoothing=0.1": {"label_smoothing": 0.1},
    "mixup=0.5": {"mixup": 0.5},
    "r_drop=1, dropout=0.5": {"r_drop": 1.0, "dropout": 0.5},
    "adversarial_epsilon=0.1": {"adversarial_epsilon": 0.1},
    "ema_decay=0.99": {"ema_decay": 0.99},
    "cosine schedule": {"learning_rate_schedule": "cosine"},
    "one_cycle schedule": {"learning_rate_schedule": "one_cycle"},
    "plateau schedule": {  # goes by rows that are watched
        "learning_rate_schedule": "plateau",
        "early_stopping": True,
        "n_iter_no_change": 8,
        "min_steps": 0,
    },
    "warmup=0.2": {"warmup": 0.2},
    "early stopping": {"early_stopping": True, "min_steps": 0, "refit_on_all": False},
    "early stopping, refit": {"early_stopping": True, "min_steps": 0, "refit_on_all": True},
    "linear_ngrams=2": {"linear_ngrams": 2},
    "min_df=2": {"min_df": 2},
    "max_tokens=2000": {"max_tokens": 2000},
    "units=16": {"units": 16},
}


def main(argv: list[str] | None = None) -> None:
    """Train with each regularizer on each set; print a line as soon as one is done."""
    options = _parser().parse_args(argv)
    print(machine())
    for name, rows in _data(options):
        splits = folds(rows[: options.rows], 5, options.folds)
        print(f"\n{name}, {len(splits[0][0])} rows, {options.epochs} epochs, {len(splits)} folds\n")
        print(f"{'alone':24} {'accuracy':>9} {'to bare':>8} {'s.e.':>6} {'gap':>6} {'s':>6}")
        bare: np.ndarray | None = None
        for alone in dict.fromkeys(["nothing", *options.alone]):
            found = [
                measured(
                    options.results,
                    (name, options.rows, options.epochs, alone, number),
                    functools.partial(_measure, alone, number, split, options.epochs),
                )
                for number, split in enumerate(splits)
            ]
            scores = np.array([one["test"] for one in found])
            bare = scores if bare is None else bare
            _print_row(alone, found, scores - bare)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="names of data sets")
    parser.add_argument("--csv", help="one file with columns text and label instead")
    parser.add_argument("--rows", type=int, default=2500, help="rows of each set (default 2500)")
    parser.add_argument("--folds", type=int, default=3, help="of five, at most (default 3)")
    parser.add_argument("--epochs", type=int, default=10, help="epochs (default 10)")
    parser.add_argument("--alone", nargs="+", default=list(ALONE), choices=ALONE, metavar="NAME")
    parser.add_argument("--results", help="file of JSON lines to write to and to go on from")
    return parser


def _data(options: argparse.Namespace):
    """Yield name and rows of each data set."""
    if options.csv:
        yield Path(options.csv).name, read(Path(options.csv))
        return
    if not options.data:
        raise SystemExit("Give a folder of data sets as --data, or a file as --csv.")
    for name in present(Path(options.data), options.sets):
        yield name, training_rows(Path(options.data), name)


def _pipeline(alone: str, seed: int, epochs: int) -> Pipeline:
    """Return the bare network with one thing changed."""
    changed = dict(ALONE[alone])
    steps = {name: changed.pop(name) for name in ("min_df", "max_tokens") if name in changed}
    classifier = LSTMClassifier(**{**BARE, "epochs": epochs, "random_state": seed, **changed})
    return make_text_pipeline(classifier, **{"min_df": 1, "max_tokens": None, **steps})


def _measure(alone: str, seed: int, split: Split, epochs: int) -> dict[str, float]:
    """Train once and score on both sides."""
    train, test = split
    pipeline, begun = _pipeline(alone, seed, epochs), time.perf_counter()
    pipeline.fit(train["text"], train["label"])
    seconds = time.perf_counter() - begun
    sides = {"test": test, "train": train}
    scores = {side: pipeline.score(rows["text"], rows["label"]) for side, rows in sides.items()}
    return {"seconds": seconds, **scores}


def _print_row(alone: str, found: list[dict], differences: np.ndarray) -> None:
    test, gap, seconds = (
        np.mean([one["test"] for one in found]),
        np.mean([one["train"] - one["test"] for one in found]),
        np.mean([one["seconds"] for one in found]),
    )
    error = np.std(differences, ddof=1) / len(found) ** 0.5 if len(found) > 1 else np.nan
    print(
        f"{alone:24} {test:9.4f} {differences.mean():+8.4f} {error:6.4f} {gap:6.3f} {seconds:6.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
