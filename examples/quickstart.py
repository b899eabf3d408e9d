"""Does a tuned, regularized LSTM classify texts as well as TF-IDF with logistic regression?

Both are cross-validated on the same folds, both are tuned by a random search, and what the
searches found is scored once on texts that neither has seen. The texts are the first sentences of
docstrings of installed libraries (which library is it?), or rows of your own file.

    python examples/quickstart.py                     # some minutes
    python examples/quickstart.py --fast              # a minute or two; rougher numbers
    python examples/quickstart.py "Draw samples from a normal distribution."
    python examples/quickstart.py --csv reviews.csv --text review --label stars
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    RandomizedSearchCV,
    StratifiedKFold,
    cross_validate,
    train_test_split,
)
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from skdeepnlp import make_text_pipeline
from skdeepnlp.datasets import load_docstrings

SENTENCES = (
    "Compute the singular value decomposition of a matrix.",
    "Layer that drops units at random during training.",
    "Fit the model to the training data and predict the labels.",
    "Return the rows of the frame that hold missing values.",
)
LINEAR_SPACE = {
    "tfidf__min_df": [1, 2, 3],
    "tfidf__ngram_range": [(1, 1), (1, 2), (1, 3)],
    "tfidf__sublinear_tf": [False, True],
    "classify__C": [0.3, 1, 3, 10, 30, 100],
}
# Rates, penalty and step size may change without the network being compiled again; units and the
# number of words may not.
LSTM_SPACE = {
    "classify__embedding_min_df": [1, 2],
    "classify__dropout": [0.2, 0.35, 0.5, 0.65],
    "classify__embedding_dropout": [0.1, 0.2, 0.3, 0.5],
    "classify__l2": [1e-6, 1e-5, 1e-4, 1e-3],
    "classify__learning_rate": [1e-3, 2e-3, 4e-3],
    "classify__linear_c": [1, 3, 10],
    "classify__linear_share": [0.5, 0.65, 0.8],
    "classify__units": [32, 64],
}


@dataclass(frozen=True)
class Effort:
    """How much to compute.

    Parameters
    ----------
    rows : int or None
        Rows to use of the data; None takes all.
    folds : int
        Folds of every cross-validation.
    candidates : int
        Candidates of a search.
    """

    rows: int | None = None
    folds: int = 5
    candidates: int = 6


FAST = Effort(rows=1_200, folds=3, candidates=3)


def main(argv: list[str] | None = None) -> None:
    """Compare, tune, score and predict, printing each stage."""
    parser = _parser()
    options = parser.parse_args(argv)
    effort = FAST if options.fast else Effort()
    begun = time.perf_counter()
    try:
        texts, labels = _data(options, effort)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    train, test, y_train, y_test = train_test_split(
        texts, labels, test_size=0.2, stratify=labels, random_state=options.seed
    )
    print(f"{len(texts)} texts: {_counts(labels)}; {len(test)} of them are held out\n")
    models = _models(effort, options.seed)
    # on two busy cores logistic regression took 4.3 s with threads of BLAS and 0.2 s without
    with threadpool_limits(1, user_api="blas"):
        compare(models, train, y_train, effort, options)
        tuned = tune(models, train, y_train, effort, options)
    report(tuned, test, y_test)
    predict(tuned["LSTM"].best_estimator_, options.sentences or _sentences(options, test))
    print(f"\n{time.perf_counter() - begun:.0f} seconds in all")


def read_csv(path: str, text: str, label: str, encoding: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the texts and labels of a file; it may be compressed.

    Parameters
    ----------
    path : str
        File with a header line.
    text, label : str
        Names of the columns.
    encoding : str
        Encoding of the file.

    Returns
    -------
    texts, labels : ndarray of str of shape (n_samples,), dtype object
        Without the rows whose text came up before: on both sides of a split, copies of a text
        would flatter every score.

    Raises
    ------
    OSError
        If the file cannot be opened.
    ValueError
        If it cannot be decoded, lacks a column or has empty cells.
    """
    frame = _frame(path, encoding)
    missing = [name for name in (text, label) if name not in frame.columns]
    if missing:
        raise ValueError(
            f"{path} has no column {' and no column '.join(map(repr, missing))}; its columns are "
            f"{', '.join(map(repr, frame.columns))}. Choose with --text and --label."
        )
    for name in (text, label):
        _refuse_empty_cells(frame[name], path)
    unique = frame.drop_duplicates(text)
    if len(unique) < len(frame):
        print(f"Left out {len(frame) - len(unique)} rows whose text came up before")
    return unique[text].to_numpy(dtype=object), unique[label].to_numpy(dtype=object)


def compare(models: dict[str, Pipeline], X: Any, y: Any, effort: Effort, options: Any) -> None:
    """Cross-validate the models as they are, on the same folds, and print a table."""
    folds = StratifiedKFold(effort.folds, shuffle=True, random_state=options.seed)
    rows = {}
    for name, model in models.items():
        print(f"{name}, default parameters, {effort.folds} folds")
        rows[name] = cross_validate(
            model, X, y, cv=folds, n_jobs=options.jobs, return_train_score=True, verbose=3
        )
    _print_table(f"Accuracy over {effort.folds} folds, default parameters", list(rows.items()))


def tune(
    models: dict[str, Pipeline], X: Any, y: Any, effort: Effort, options: Any
) -> dict[str, RandomizedSearchCV]:
    """Search each model's parameters at random and print what came out best."""
    folds = StratifiedKFold(effort.folds, shuffle=True, random_state=options.seed)
    searches = {}
    for name, space in (("TF-IDF", LINEAR_SPACE), ("LSTM", LSTM_SPACE)):
        print(f"{name}, random search, {effort.folds} folds a candidate")
        searches[name] = RandomizedSearchCV(
            models[name],
            space,
            n_iter=effort.candidates,
            cv=folds,
            n_jobs=options.jobs,
            random_state=options.seed,
            return_train_score=True,
            verbose=3,
        ).fit(X, y)
    _print_table(
        f"Accuracy over {effort.folds} folds, best of {effort.candidates} candidates",
        [(name, _best_folds(search)) for name, search in searches.items()],
    )
    for name, search in searches.items():
        best = (f"{key.partition('__')[2]}={value}" for key, value in search.best_params_.items())
        print(f"Best {name}: {', '.join(best)}")
    return searches


def report(searches: dict[str, RandomizedSearchCV], X: Any, y: Any) -> None:
    """Print the accuracy on the texts held out."""
    print("\nAccuracy on the texts held out")
    for name, search in searches.items():
        print(f"  {name:8}{search.score(X, y):8.3f}")


def predict(model: Pipeline, sentences: Any) -> None:
    """Print the label and its probability for each sentence."""
    print("\nWhat the tuned LSTM says")
    for sentence, row in zip(sentences, model.predict_proba(sentences), strict=True):
        print(f"  {model.classes_[row.argmax()]!s:14}{row.max():.2f}  {sentence[:80]}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", nargs="*", help="sentences to classify at the end")
    parser.add_argument("--fast", action="store_true", help="fewer rows, folds and candidates")
    parser.add_argument("--csv", metavar="FILE", help="your own data, with a header line")
    parser.add_argument("--text", metavar="COLUMN", default="text", help="default: text")
    parser.add_argument("--label", metavar="COLUMN", default="label", help="default: label")
    parser.add_argument("--encoding", default="utf-8", help="of the file; default: utf-8")
    parser.add_argument("--jobs", type=int, default=1, help="fits at a time; default: 1")
    parser.add_argument("--seed", type=int, default=0, help="decides folds, draws and weights")
    return parser


def _models(effort: Effort, seed: int) -> dict[str, Pipeline]:
    """Return the two pipelines to compare, both from raw text to labels."""
    linear = Pipeline(
        [
            ("tfidf", TfidfVectorizer(ngram_range=(1, 2))),
            ("classify", LogisticRegression(max_iter=1_000)),
        ]
    )
    lstm = make_text_pipeline("lstm")
    lstm.set_params(classify__random_state=seed)
    return {"TF-IDF": linear, "LSTM": lstm}


def _data(options: argparse.Namespace, effort: Effort) -> tuple[np.ndarray, np.ndarray]:
    """Return the texts and labels asked for, a random part of them with ``--fast``."""
    if options.csv:
        texts, labels = read_csv(options.csv, options.text, options.label, options.encoding)
    else:
        texts, labels = (np.asarray(part, object) for part in load_docstrings(return_X_y=True))
    rows = np.random.default_rng(options.seed).permutation(len(texts))[: effort.rows]
    _refuse_small_classes(labels[rows], 2 * effort.folds)
    return texts[rows], labels[rows]


def _frame(path: str, encoding: str) -> pd.DataFrame:
    """Return all cells of a file as text: "NA" is a word here, not a missing value."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
    except (UnicodeError, LookupError) as error:
        raise ValueError(
            f"{path} cannot be decoded: {error}. Name its encoding, such as --encoding latin-1."
        ) from error
    except ValueError as error:
        raise ValueError(f"{path} cannot be read as a CSV file: {error}".strip()) from error


def _refuse_empty_cells(column: pd.Series, path: str) -> None:
    empty = np.flatnonzero(column.fillna("").str.strip() == "")
    if len(empty):
        raise ValueError(
            f"{path} has empty cells in column {column.name!r}: {len(empty)}, the first in row "
            f"{empty[0] + 1} below the header. Fill or drop these rows."
        )


def _refuse_small_classes(labels: np.ndarray, fewest: int) -> None:
    counts = Counter(labels.tolist())
    small = [f"{label!r} ({count})" for label, count in counts.items() if count < fewest]
    if small or len(counts) < 2:
        raise ValueError(
            f"Got {len(labels)} rows of {len(counts)} classes; expected at least 2 classes of "
            f"{fewest} rows each, for the folds. Too few rows have: {', '.join(small[:5]) or '-'}."
        )


def _counts(labels: np.ndarray) -> str:
    common = Counter(labels.tolist()).most_common()
    shown = ", ".join(f"{label} {count}" for label, count in common[:8])
    return shown if len(common) <= 8 else f"{shown} and {len(common) - 8} classes more"


def _sentences(options: argparse.Namespace, test: np.ndarray) -> Any:
    return test[:4] if options.csv else SENTENCES


def _best_folds(search: RandomizedSearchCV) -> dict[str, np.ndarray]:
    """Return the scores and times of the best candidate, as `cross_validate` would."""
    results, best = search.cv_results_, search.best_index_
    scores = {
        f"{part}_score": np.array(
            [results[f"split{fold}_{part}_score"][best] for fold in range(search.n_splits_)]
        )
        for part in ("train", "test")
    }
    return {**scores, "fit_time": results["mean_fit_time"][best]}


def _print_table(title: str, rows: list[tuple[str, Any]]) -> None:
    """Print a line a model: validation accuracy, its gap to the training rows, seconds a fit."""
    print(f"\n{title}\n  {'':8}{'validation':>16}{'train':>16}{'gap':>8}{'s a fit':>9}")
    for name, row in rows:
        train, test = row["train_score"], row["test_score"]
        print(
            f"  {name:8}{_mean_and_deviation(test):>16}{_mean_and_deviation(train):>16}"
            f"{train.mean() - test.mean():8.3f}{np.mean(row['fit_time']):9.1f}"
        )
    print()


def _mean_and_deviation(scores: np.ndarray) -> str:
    return f"{scores.mean():.3f} +- {scores.std():.3f}"


if __name__ == "__main__":
    main()
