"""Is the default LSTM pipeline as accurate as a tuned linear model on real data?

On each data set found in a folder, TF-IDF of words and word pairs with logistic regression, its
penalty tuned by 3-fold cross-validation, is compared with `make_text_pipeline("lstm")` as it
comes. Sets that have test rows of their own are scored on them once; the others on the first folds
of a seeded, stratified 10-fold split.

    python examples/benchmarks/accuracy.py --data FOLDER [--sets mr trec6] [--folds 3]

The folder holds files such as ``mr.all.csv.gz`` or ``trec6.train.csv.gz`` with
``trec6.test.csv.gz``, each with columns text and label.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline

from skdeepnlp import make_text_pipeline

SETS = ("mr", "trec6", "sms_spam", "snips", "nsmc_slice")
Split = tuple[pd.DataFrame, pd.DataFrame]


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark; print a line as soon as a set is done."""
    options = _parser().parse_args(argv)
    print(f"{'set':12} {'model':8} {'accuracy':>9} {'s.e.':>6} {'seconds':>8}  scores")
    for name in options.sets:
        splits = list(_splits(Path(options.data), name, options.folds))
        for model in ("linear", "LSTM"):
            begun = time.perf_counter()
            scores = [_score(model, split, seed) for seed, split in enumerate(splits)]
            _print_row(name, model, scores, time.perf_counter() - begun)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="names of data sets")
    parser.add_argument("--folds", type=int, default=3, help="folds of sets without test rows")
    return parser


def _splits(folder: Path, name: str, folds: int) -> Iterator[Split]:
    """Yield the training and test rows of a set."""
    if (folder / f"{name}.test.csv.gz").exists():
        yield _read(folder / f"{name}.train.csv.gz"), _read(folder / f"{name}.test.csv.gz")
        return
    rows = _read(folder / f"{name}.all.csv.gz")
    splitter = StratifiedKFold(10, shuffle=True, random_state=0)
    for fold, (train, test) in enumerate(splitter.split(rows, rows["label"])):
        if fold < folds:
            yield rows.iloc[train], rows.iloc[test]


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise SystemExit(f"{path} is missing. Give the folder of the data sets as --data.")
    return pd.read_csv(path, keep_default_na=False)


def _score(model: str, split: Split, seed: int) -> float:
    """Fit a model on the training rows and return its accuracy on the test rows."""
    train, test = split
    estimator = _linear() if model == "linear" else _lstm(seed)
    estimator.fit(train["text"], train["label"])
    return float(estimator.score(test["text"], test["label"]))


def _linear() -> GridSearchCV:
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pipeline = make_pipeline(vectorizer, LogisticRegression(max_iter=1000))
    return GridSearchCV(pipeline, {"logisticregression__C": [1, 3, 10, 30, 100]}, cv=3)


def _lstm(seed: int):
    return make_text_pipeline("lstm").set_params(classify__random_state=seed)


def _print_row(name: str, model: str, scores: list[float], seconds: float) -> None:
    error = np.std(scores, ddof=1) / np.sqrt(len(scores)) if len(scores) > 1 else np.nan
    each = " ".join(f"{score:.4f}" for score in scores)
    print(
        f"{name:12} {model:8} {np.mean(scores):9.4f} {error:6.4f} {seconds:8.0f}  {each}",
        flush=True,
    )


if __name__ == "__main__":
    main()
