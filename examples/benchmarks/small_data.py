"""Is a deep pipeline worth its wait on few rows? Learning curves beside a tuned linear model.

From each data set of a folder 300, 1,000 and 3,000 training rows are drawn three times. Each model
is fitted on the same draws and scored on the same rows held out: the test rows of the set, or 2,000
rows put aside first. The table shows accuracy in %, and the difference to the linear model with its
standard error over the draws. Each score is written down as soon as it is there.

    python examples/benchmarks/small_data.py --data FOLDER --plot small_data.png
    python examples/benchmarks/small_data.py --data FOLDER --sets mr --rows 300 --models linear lstm

The folder holds files such as ``mr.all.csv.gz`` or ``trec6.train.csv.gz`` with
``trec6.test.csv.gz``, each with columns text and label.
"""

import argparse
import functools
import time
from pathlib import Path

import numpy as np
import pandas as pd
from _machine import machine
from _runs import SETS, Split, measured, present, read, training_rows
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from skdeepnlp import make_text_pipeline

MODELS = ("linear", "lstm", "lstm alone")
N_HELD_OUT = 2_000


def main(argv: list[str] | None = None) -> None:
    """Score every model on every draw; print a table for each number of rows."""
    options = _parser().parse_args(argv)
    print(machine())
    names = present(Path(options.data), options.sets)
    scores = {
        (n_rows, name, model): [
            _score(Path(options.data), name, n_rows, model, draw, options)
            for draw in range(options.draws)
        ]
        for n_rows in options.rows
        for name in names
        for model in options.models
    }
    for n_rows in options.rows:
        _print_table(n_rows, names, options.models, scores)
    if options.plot:
        _plot(names, options, scores)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="names of data sets")
    parser.add_argument("--models", nargs="+", default=["linear", "lstm"], choices=MODELS)
    parser.add_argument("--rows", nargs="+", type=int, default=[300, 1_000, 3_000])
    parser.add_argument("--draws", type=int, default=3, help="draws of the rows (default 3)")
    parser.add_argument("--plot", help="file to draw the learning curves into")
    parser.add_argument(
        "--results",
        default="small_data.jsonl",
        help="file of JSON lines to write to and to go on from (default small_data.jsonl); begin "
        "another one when the package, or this script, has changed",
    )
    parser.add_argument(
        "--from-training-rows",
        action="store_true",
        help="hold out training rows in place of the test rows, to choose settings by",
    )
    return parser


def _score(
    folder: Path, name: str, n_rows: int, model: str, draw: int, options: argparse.Namespace
) -> float:
    """Return the accuracy of one model on one draw, from the file where it is there."""
    key = (name, n_rows, model, draw, options.from_training_rows)

    def measure() -> dict[str, float]:
        train, test = _drawn(folder, name, n_rows, draw, options.from_training_rows)
        estimator, begun = _estimator(model, draw), time.perf_counter()
        with threadpool_limits(1, user_api="blas"):
            estimator.fit(train["text"], train["label"])
        seconds = time.perf_counter() - begun
        return {"seconds": seconds, "test": float(estimator.score(test["text"], test["label"]))}

    return measured(options.results, key, measure)["test"]


@functools.lru_cache(maxsize=1)
def _rows_of(folder: Path, name: str, from_training_rows: bool) -> Split:
    """Return the rows to draw from and those held out."""
    rows, test = training_rows(folder, name), folder / f"{name}.test.csv.gz"
    if test.exists() and not from_training_rows:
        return rows, read(test)[:N_HELD_OUT]
    if from_training_rows and not test.exists():
        rows = rows[N_HELD_OUT:]  # those are the test rows of this set
    n_held_out = min(N_HELD_OUT, len(rows) // 3)
    return rows[n_held_out:], rows[:n_held_out]


def _drawn(folder: Path, name: str, n_rows: int, draw: int, from_training_rows: bool) -> Split:
    """Return one draw of training rows, and the rows held out."""
    rows, test = _rows_of(folder, name, from_training_rows)
    return rows.sample(n_rows, random_state=100 + draw), test


def _estimator(model: str, seed: int):
    """Return a model that has not been fitted."""
    if model == "linear":
        pipeline = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000)
        )
        grid = {
            "logisticregression__C": [1, 3, 10, 30, 100],
            "tfidfvectorizer__sublinear_tf": [True, False],
        }
        return GridSearchCV(pipeline, grid, cv=3)
    pipeline = make_text_pipeline("lstm").set_params(classify__random_state=seed)
    return pipeline if model == "lstm" else pipeline.set_params(classify__linear_ngrams=0)


def _print_table(n_rows: int, names: list[str], models: list[str], scores: dict) -> None:
    """Print the means of one number of rows, as a Markdown table."""
    print(f"\n{n_rows} rows, mean of the draws\n")
    print("| |", " | ".join(names), "| mean |")
    print("|---" * (len(names) + 2) + "|")
    for model in models:
        means = [np.mean(scores[n_rows, name, model]) for name in names]
        print(f"| {model} |", " | ".join(f"{mean:.1%}" for mean in (*means, np.mean(means))), "|")
    for model in models[1:]:
        cells = [
            _difference(scores[n_rows, name, model], scores[n_rows, name, models[0]])
            for name in names
        ]
        overall = np.mean(
            [
                np.subtract(scores[n_rows, name, model], scores[n_rows, name, models[0]])
                for name in names
            ],
            axis=0,
        )
        print(f"| {model} - {models[0]} |", " | ".join([*cells, _spread(overall)]), "|")


def _difference(scores: list[float], others: list[float]) -> str:
    return _spread(np.subtract(scores, others))


def _spread(differences: np.ndarray) -> str:
    """Return a mean in points with its standard error."""
    mean = f"{100 * np.mean(differences):+.1f}"
    if len(differences) == 1:
        return mean
    error = 100 * np.std(differences, ddof=1) / np.sqrt(len(differences))
    return f"{mean} +- {error:.1f}"


def _plot(names: list[str], options: argparse.Namespace, scores: dict) -> None:
    """Draw the learning curves of each set, and of their mean."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    curves = pd.Series({key: np.mean(found) for key, found in scores.items()})
    n_columns = min(4, len(names) + 1)
    n_lines = -(-(len(names) + 1) // n_columns)
    figure, axes = plt.subplots(
        n_lines, n_columns, figsize=(3 * n_columns, 2.6 * n_lines), squeeze=False, sharex=True
    )
    for ax, name in zip(axes.flat, [*names, "mean"], strict=False):
        for model, marker in zip(options.models, "o^s", strict=False):
            of_model = [
                100 * np.mean([curves[n, each, model] for each in names])
                if name == "mean"
                else 100 * curves[n, name, model]
                for n in options.rows
            ]
            ax.plot(options.rows, of_model, marker=marker, label=model)
        ax.set_title(name, fontsize=10)
        ax.set_xscale("log")
        ax.set_xticks(options.rows, [f"{n:,}" for n in options.rows])
        ax.minorticks_off()
        ax.grid(alpha=0.3)
    for ax in axes.flat[len(names) + 1 :]:
        ax.set_axis_off()
    axes[0, 0].legend(fontsize=8)
    figure.supxlabel("training rows")
    figure.supylabel("accuracy, %")
    figure.tight_layout()
    figure.savefig(options.plot, dpi=110)


if __name__ == "__main__":
    main()
