"""How long does a grid search take, against SciKeras, and what does each gain bring?

Eight candidates (27 with --large; of 128 and 256 units with --wide, where products of matrices
take most of the time) in five folds and a refit: the same network, batch size, epochs, clipping and
early stopping on every side. With --plain it is the LSTM of many tutorials, one direction and last
state, trained for all epochs without early stopping or clipping on either side. Each arm runs in a
process of its own; its clock starts before the first import and stops when `best_estimator_` is
there. Arms of ours that differ in speed alone must find the same scores to the last bit, or there
is no table. Best scores of all arms must agree within two standard errors, or there are no ratios:
speed at unequal scores is no comparison.

    python examples/benchmarks/search_speed.py                        # docstrings, 2,000 rows
    python examples/benchmarks/search_speed.py --csv mr.csv.gz        # columns text and label
    python examples/benchmarks/search_speed.py --plain
    KERAS_BACKEND=jax python examples/benchmarks/search_speed.py --arms "skdeepnlp, GridSearchCV"
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _machine import machine

BEGUN = time.perf_counter()
MAX_TOKENS = 20_000

SCIKERAS_LONGEST = "SciKeras, padded to the longest"
SCIKERAS_BEST = "SciKeras, padded to the 95th percentile"
SCIKERAS_TWO = "SciKeras, 95th percentile, n_jobs=2"
NO_GAIN = "skdeepnlp, no pool, no buckets"
NO_BUCKETS = "skdeepnlp, no buckets"
NO_POOL = "skdeepnlp, no pool"
GRID = "skdeepnlp, GridSearchCV"
CACHED = "skdeepnlp, GridSearchCV, steps cached"
TWO = "skdeepnlp, GridSearchCV, n_jobs=2"
HALVING = "skdeepnlp, EpochHalvingSearchCV"
HALVING_TWO = "skdeepnlp, EpochHalvingSearchCV, n_jobs=2"
ARMS = (
    SCIKERAS_LONGEST,
    SCIKERAS_BEST,
    SCIKERAS_TWO,
    NO_GAIN,
    NO_BUCKETS,
    NO_POOL,
    GRID,
    CACHED,
    TWO,
    HALVING,
    HALVING_TWO,
)
EXACTLY_EQUAL = ((GRID, NO_POOL, CACHED, TWO), (NO_BUCKETS, NO_GAIN), (HALVING, HALVING_TWO))


def main(argv: list[str] | None = None) -> None:
    """Run every arm in a process of its own and print the table, or run one arm."""
    options = _parser().parse_args(argv)
    if options.one_arm:
        print(json.dumps(_run_arm(options.one_arm, options)))
        return
    runs = _runs_so_far(options)
    for turn in range(options.repeats):
        for arm in options.arms:
            if len(runs[arm]) <= turn:
                runs[arm].append(_in_own_process(arm, options))
                _write_down(arm, runs[arm][-1], options)
            print(f"  run {turn + 1}, {arm}: {runs[arm][turn]['seconds']:.1f} s", flush=True)
    _check_equal(runs)
    _print_table(runs, options, ratios=_agree(runs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="file with columns text and label")
    parser.add_argument("--rows", type=int, default=2000, help="texts to search on (default 2000)")
    parser.add_argument("--epochs", type=int, default=9, help="epochs at most (default 9)")
    grid = parser.add_mutually_exclusive_group()
    grid.add_argument("--large", action="store_true", help="27 candidates in place of 8")
    parser.add_argument("--plain", action="store_true", help="one-way LSTM, last state")
    grid.add_argument("--wide", action="store_true", help="8 candidates of wide networks")
    parser.add_argument("--repeats", type=int, default=1, help="runs of each arm (default 1)")
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS, metavar="ARM")
    parser.add_argument("--results", help="file of JSON lines: arms found there are not run again")
    parser.add_argument("--one-arm", help=argparse.SUPPRESS)
    return parser


def _setting(options: argparse.Namespace) -> dict:
    """Return what runs must have in common to be compared."""
    return {
        "csv": os.path.basename(options.csv) if options.csv else None,
        "rows": options.rows,
        "epochs": options.epochs,
        "large": options.large,
        "wide": options.wide,
        "plain": options.plain,
        "backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
    }


def _runs_so_far(options: argparse.Namespace) -> dict[str, list[dict]]:
    """Return the runs of each arm that are written down for this setting."""
    runs: dict[str, list[dict]] = {arm: [] for arm in options.arms}
    if options.results and os.path.exists(options.results):
        with open(options.results, encoding="utf-8") as lines:
            for found in map(json.loads, lines):
                same = {"wide": False, "plain": False, **found["setting"]} == _setting(options)
                of_arm = runs.get(found["arm"])
                if same and of_arm is not None and len(of_arm) < options.repeats:
                    of_arm.append(found["run"])
    return runs


def _write_down(arm: str, run: dict, options: argparse.Namespace) -> None:
    if options.results:
        with open(options.results, "a", encoding="utf-8") as lines:
            print(json.dumps({"setting": _setting(options), "arm": arm, "run": run}), file=lines)


def _in_own_process(arm: str, options: argparse.Namespace) -> dict:
    """Run one arm in a fresh process."""
    command = [sys.executable, __file__, "--one-arm", arm, "--rows", str(options.rows)]
    command += ["--epochs", str(options.epochs)]
    command += ["--csv", options.csv] if options.csv else []
    command += [f"--{name}" for name in ("large", "plain", "wide") if getattr(options, name)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        run = subprocess.Popen(command, stdout=said, stderr=complained, env=quiet)
        peak = 0.0
        while run.poll() is None:
            peak = max(peak, _mib_of_tree(run.pid))
            time.sleep(0.5)
        said.seek(0)
        complained.seek(0)
        if run.returncode:
            raise RuntimeError(f"{arm} failed:\n{complained.read()[-3000:]}")
        return {**json.loads(said.read().splitlines()[-1]), "peak_mib": peak}


def _mib_of_tree(pid: int) -> float:
    """Return the memory of a process and all its children, what they share counted once (Linux)."""
    folder, kib = Path(f"/proc/{pid}"), 0
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
        kib = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        children = [c for one in folder.glob("task/*/children") for c in one.read_text().split()]
    except (OSError, StopIteration):  # it has ended meanwhile, or this is no Linux
        return kib / 1024
    return kib / 1024 + sum(_mib_of_tree(int(child)) for child in children)


def _run_arm(arm: str, options: argparse.Namespace) -> dict:
    """Search once and return the seconds and the scores."""
    texts, labels = _data(options.csv, options.rows)
    search = _scikeras(arm, options) if arm.startswith("SciKeras") else _ours(arm, options)
    search.fit(texts, labels)
    seconds = time.perf_counter() - BEGUN
    row = search.best_index_
    results = search.cv_results_
    return {
        "seconds": seconds,
        "best": float(search.best_score_),
        "error": float(results["std_test_score"][row] / search.n_splits_**0.5),
        "scores": results["mean_test_score"].tolist(),
    }


def _data(csv: str | None, rows: int):
    """Return a seeded sample of texts and labels."""
    import pandas as pd

    if csv is None:
        from skdeepnlp.datasets import load_docstrings

        texts, labels = load_docstrings(return_X_y=True)
        frame = pd.DataFrame({"text": texts, "label": labels})
    else:
        frame = pd.read_csv(csv, keep_default_na=False)
    frame = frame.sample(min(rows, len(frame)), random_state=0)
    return frame["text"].to_numpy(), frame["label"].to_numpy()


def _grid(options: argparse.Namespace) -> dict:
    if options.large:
        return {
            "classify__units": [32, 48, 64],
            "classify__dropout": [0.2, 0.4, 0.6],
            "classify__learning_rate": [5e-4, 1e-3, 3e-3],
        }
    return {
        "classify__units": [128, 256] if options.wide else [32, 64],
        "classify__dropout": [0.3, 0.5],
        "classify__learning_rate": [1e-3, 3e-3],
    }


def _ours(arm: str, options: argparse.Namespace):
    """Return our search, with the gains that the arm names switched off."""
    from sklearn.model_selection import GridSearchCV

    from skdeepnlp import EpochHalvingSearchCV, LSTMClassifier
    from skdeepnlp.classifiers import network_pool

    if "no pool" in arm:
        network_pool.max_size = 0
    if "no buckets" in arm:
        _pad_every_batch_alike()
    # as SciKeras' side: batches of 32, early stopping from the first epoch, one training
    same = {"batch_size": 32, "min_steps": 0, "refit_on_all": False, "random_state": 0}
    classifier = LSTMClassifier(epochs=options.epochs, **same)
    if options.plain:
        classifier.set_params(bidirectional=False, pooling="last", embedding_dropout=0.0)
        classifier.set_params(early_stopping=False, clipnorm=None)
    memory = _cache_folder() if arm == CACHED else None
    pipeline = _pipeline(classifier, "longest", memory)
    n_jobs = 2 if arm in (TWO, HALVING_TWO) else None
    search = EpochHalvingSearchCV if arm in (HALVING, HALVING_TWO) else GridSearchCV
    return search(pipeline, _grid(options), cv=5, n_jobs=n_jobs)


def _pipeline(classifier, max_length, memory=None):
    from sklearn.pipeline import Pipeline

    from skdeepnlp import SequencePadder, TextTokenizer

    steps = [
        ("tokenize", TextTokenizer(max_tokens=MAX_TOKENS, min_df=2)),
        ("pad", SequencePadder(max_length=max_length)),
        ("classify", classifier),
    ]
    return Pipeline(steps, memory=memory)


def _cache_folder() -> str:
    import tempfile

    return tempfile.mkdtemp()


def _pad_every_batch_alike() -> None:
    """Make every batch as wide as the longest text of the fit; which rows meet stays the same."""
    from skdeepnlp.training import _fitting, _predicting, _ragged

    plain = _ragged.padded_rows

    def as_wide_as_the_longest(sequences, rows, *others):
        import numpy as np

        ids = plain(sequences, rows, *others)
        width = _ragged.rounded_width(int(sequences.lengths.max()))
        return np.pad(ids, ((0, 0), (0, width - ids.shape[1])))

    for module in (_fitting, _predicting):
        module.padded_rows = as_wide_as_the_longest


def _scikeras(arm: str, options: argparse.Namespace):
    """Return a grid search as users of SciKeras write it, over the very same network."""
    import keras
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import GridSearchCV

    stopping = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    stops = {
        "validation_split": 0.1,
        "callbacks": [stopping],
        "optimizer__global_clipnorm": 10.0,
    }
    classifier = KerasClassifier(
        model=_plain_network if options.plain else _same_network,
        units=64,
        dropout=0.5,
        loss=_loss(options),
        metrics=["accuracy"],
        optimizer="adam",
        optimizer__learning_rate=1e-3,
        epochs=options.epochs,
        batch_size=32,
        random_state=0,
        verbose=0,
        **({} if options.plain else stops),
    )
    max_length = "longest" if arm == SCIKERAS_LONGEST else 0.95
    grid = _grid(options)
    grid["classify__optimizer__learning_rate"] = grid.pop("classify__learning_rate")
    n_jobs = 2 if arm == SCIKERAS_TWO else None
    # scikeras does not say that it classifies, so that folds have to be asked for by name
    from sklearn.model_selection import StratifiedKFold

    pipeline = _pipeline(classifier, max_length)
    return GridSearchCV(pipeline, grid, cv=StratifiedKFold(5), scoring="accuracy", n_jobs=n_jobs)


def _loss(options: argparse.Namespace) -> str:
    _, labels = _data(options.csv, options.rows)
    two = len(set(labels.tolist())) == 2
    return "binary_crossentropy" if two else "sparse_categorical_crossentropy"


def _same_network(units: int, dropout: float, meta: dict):
    """Build the network of LSTMClassifier from Keras' own layers, with probabilities."""
    from keras import initializers, layers, models

    from skdeepnlp.networks._masking import MaskedPooling

    two = meta["n_classes_"] == 2
    spread = initializers.RandomUniform(-0.05, 0.05)
    return models.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(MAX_TOKENS + 2, 64, mask_zero=True, embeddings_initializer=spread),
            layers.Dropout(0.5),
            layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
            MaskedPooling("max+mean"),  # Keras' own pooling takes padding for words
            layers.Dropout(dropout),
            layers.Dense(
                1 if two else meta["n_classes_"], activation="sigmoid" if two else "softmax"
            ),
        ]
    )


def _plain_network(units: int, dropout: float, meta: dict):
    """Build the LSTM of many tutorials, with probabilities."""
    from keras import layers, models

    two = meta["n_classes_"] == 2
    return models.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(MAX_TOKENS + 2, 64, mask_zero=True),
            layers.LSTM(units),
            layers.Dropout(dropout),
            layers.Dense(
                1 if two else meta["n_classes_"], activation="sigmoid" if two else "softmax"
            ),
        ]
    )


def _check_equal(runs: dict[str, list[dict]]) -> None:
    """Raise unless arms that should find the same scores did."""
    for arms in EXACTLY_EQUAL:
        found = {json.dumps(run["scores"]) for arm in arms for run in runs.get(arm, ())}
        if len(found) > 1:
            raise AssertionError(f"Expected equal scores of {arms}; got {found}.")


def _agree(runs: dict[str, list[dict]]) -> bool:
    """Say whether the best scores of all arms agree within two standard errors.

    The error is that of a difference: the arms' own, of their folds, put together.
    """
    best = {arm: found[0] for arm, found in runs.items()}
    top = max(best, key=lambda arm: best[arm]["best"])
    apart = {
        arm: run["best"]
        for arm, run in best.items()
        if best[top]["best"] - run["best"] > 2 * math.hypot(run["error"], best[top]["error"])
    }
    print(f"\nHighest score: {best[top]['best']:.4f} +- {best[top]['error']:.4f} ({top}). ", end="")
    print("More than two standard errors below: ", end="")
    print(", ".join(f"{arm} ({score:.4f})" for arm, score in apart.items()) or "none.")
    if apart:
        print("No ratios are printed: these searches did not find the same.")
    return not apart


def _print_table(runs: dict[str, list[dict]], options: argparse.Namespace, *, ratios: bool) -> None:
    import statistics

    seconds = {arm: statistics.median(run["seconds"] for run in runs[arm]) for arm in runs}
    written, best = seconds.get(SCIKERAS_LONGEST), _least(seconds, SCIKERAS_BEST, SCIKERAS_TWO)
    bases = (written, best) if ratios else (None, None)
    n_candidates = 27 if options.large else 8
    print(f"\n{n_candidates} candidates in 5 folds, at most {options.epochs} epochs, ", end="")
    print(f"{options.rows} rows, medians of {options.repeats}\n{machine()}\n")
    print(f"{'':44} {'s':>7} {'best score':>17} {'MiB':>6} {'written/':>9} {'at best/':>9}")
    for arm, values in runs.items():
        score = f"{values[0]['best']:.4f} +- {values[0]['error']:.4f}"
        peak = statistics.median(run["peak_mib"] for run in values)
        times = " ".join(f"{base / seconds[arm]:9.1f}" if base else f"{'-':>9}" for base in bases)
        print(f"{arm:44} {seconds[arm]:7.1f} {score:>17} {peak:6.0f} {times}")


def _least(seconds: dict[str, float], *arms: str) -> float | None:
    present = [seconds[arm] for arm in arms if arm in seconds]
    return min(present) if present else None


if __name__ == "__main__":
    main()
