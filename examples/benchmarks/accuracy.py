"""How accurate are linear models and networks on real data, and how far do they overfit?

On each data set found in a folder: TF-IDF of words and word pairs with logistic regression, tuned;
NB-SVM; every family of networks as it comes; the LSTM tuned by random search, and by the same
draws halved by epochs (of the large space with ``--space large``, where both sides try characters
as well); a soft vote of the linear model and the LSTM; and Kim's convolutional
network with random vectors, as its paper has it. Sets that have test rows of their own are scored
on them, once for each seed; the others on the first folds of a seeded, stratified 10-fold split.
Each score is written down as soon as it is there, and not computed again.

    python examples/benchmarks/accuracy.py --data FOLDER --write docs/benchmarks.md
    python examples/benchmarks/accuracy.py --data FOLDER --sets mr trec6 --models linear lstm

The folder holds files such as ``mr.all.csv.gz`` or ``trec6.train.csv.gz`` with
``trec6.test.csv.gz``, each with columns text and label.
"""

import argparse
import functools
import time
from pathlib import Path

import numpy as np
from _machine import machine
from _runs import SETS, Split, folds, measured, present, read, training_rows, write_table
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from skdeepnlp import CNNClassifier, EpochHalvingSearchCV, make_text_pipeline, param_space

FAMILIES = ("lstm", "gru", "rnn", "cnn", "attention", "transformer")
MODELS = ("linear", "nb-svm", *FAMILIES, "tuned lstm", "halved lstm", "vote", "kim")
TUNED = ("linear", "tuned lstm", "halved lstm")
DRAWS = 30


def main(argv: list[str] | None = None) -> None:
    """Score every model on every set; print a line as soon as one is done."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.write and (options.rows or options.draws != DRAWS):
        parser.error("--write is for runs on all rows and with 30 draws: leave out --rows, --draws")
    print(machine())
    print(f"{'set':14} {'model':12} {'accuracy':>9} {'s.e.':>6} {'gap':>6} {'seconds':>8}  scores")
    lines = ["| set | model | accuracy | s.e. | gap | seconds |", "|---|---|---|---|---|---|"]
    for name in present(Path(options.data), options.sets):
        splits = _splits(Path(options.data), name, options)
        for model in options.models:
            found = [
                measured(
                    options.results,
                    (name, model, number, options.rows, options.draws, _space(model, options)),
                    functools.partial(_measure, model, number, split, options),
                )
                for number, split in enumerate(splits)
            ]
            lines.append(_print_row(name, _called(model, options.space), found))
            if options.write:
                write_table(Path(options.write), "accuracy", lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="names of data sets")
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=MODELS)
    parser.add_argument("--repeats", type=int, default=3, help="folds, or seeds (default 3)")
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of a search (default 30)")
    parser.add_argument("--space", default="medium", choices=("medium", "large"))
    parser.add_argument("--rows", type=int, help="training rows at most, to try things out")
    parser.add_argument(
        "--results",
        default="accuracy.jsonl",
        help="file of JSON lines to write to and to go on from (default accuracy.jsonl); begin "
        "another one when the package, or this script, has changed",
    )
    parser.add_argument(
        "--write", help="Markdown file whose rows of the same set and model to replace"
    )
    return parser


def _space(model: str, options: argparse.Namespace) -> str | None:
    """Return the space that a model is tuned in, if it is."""
    return options.space if model in TUNED else None


def _called(model: str, space: str) -> str:
    """Return the name of a model in the table: of tuned ones, the larger space with it."""
    return f"{model}, {space}" if model in TUNED and space != "medium" else model


def _splits(folder: Path, name: str, options: argparse.Namespace) -> list[Split]:
    """Return the training and test rows of a set, once for each repeat."""
    rows, test = training_rows(folder, name), folder / f"{name}.test.csv.gz"
    if test.exists():
        return [(rows[: options.rows], read(test))] * options.repeats
    return [(train[: options.rows], test) for train, test in folds(rows, 10, options.repeats)]


def _measure(
    model: str, number: int, split: Split, options: argparse.Namespace
) -> dict[str, float]:
    """Fit a model on the training rows and score it on both sides."""
    train, test = split
    estimator, begun = _estimator(model, number, options), time.perf_counter()
    with threadpool_limits(1, user_api="blas"):  # on busy cores threads cost linear fits dear
        estimator.fit(train["text"], train["label"])
    found = {"seconds": time.perf_counter() - begun}
    for side, rows in (("test", test), ("train", train)):
        found[side] = float(estimator.score(rows["text"], rows["label"]))
    return found


def _estimator(model: str, seed: int, options: argparse.Namespace):
    """Return a model that has not been fitted."""
    if model == "linear":
        return _linear(options.space)
    if model == "nb-svm":
        return _nb_svm()
    if model == "vote":
        members = [("linear", _linear("medium")), ("lstm", _estimator("lstm", seed, options))]
        return VotingClassifier(members, voting="soft")
    if model == "kim":
        return make_text_pipeline(_kim(seed), min_df=1, max_tokens=None, max_length="longest")
    pipeline = make_text_pipeline(model.split()[-1])
    pipeline.set_params(classify__random_state=seed)
    return pipeline if model in FAMILIES else _search(model, pipeline, options, seed)


def _search(model: str, pipeline, options: argparse.Namespace, seed: int):
    """Return a search of draws from a space."""
    space, common = param_space(pipeline, options.space), {"cv": 3, "random_state": seed}
    if model.startswith("halved"):
        return EpochHalvingSearchCV(pipeline, space, n_candidates=options.draws, **common)
    return RandomizedSearchCV(pipeline, space, n_iter=options.draws, **common)


def _kim(seed: int) -> CNNClassifier:
    """Return the network of Kim (2014) with random vectors, rates and optimizer as in the paper."""
    return CNNClassifier(
        embedding_dim=300,
        embedding_dropout=0.0,
        filters=100,
        kernel_sizes=(3, 4, 5),
        dropout=0.5,
        max_norm=3.0,
        batch_size=50,
        optimizer="adadelta",
        learning_rate=1.0,
        clipnorm=None,
        epochs=25,
        random_state=seed,
    )


def _linear(space: str) -> GridSearchCV:
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    words = {
        "logisticregression__C": [1, 3, 10, 30, 100],
        "tfidfvectorizer__sublinear_tf": [True, False],
    }
    characters = words | {
        "tfidfvectorizer__analyzer": ["char"],
        "tfidfvectorizer__ngram_range": [(1, 3), (1, 5)],
    }
    return GridSearchCV(pipeline, [words, characters] if space == "large" else words, cv=3)


class LogCountRatios(TransformerMixin, BaseEstimator):
    """Weigh features by how much more often they occur in one class than in the other.

    As in Wang & Manning (2012), "Baselines and bigrams", ACL.
    """

    def fit(self, X, y):
        """Learn the ratios of classes 1 and 0, with one count added to each feature."""
        shares = [1 + np.asarray(X[y == label].sum(axis=0)).ravel() for label in (1, 0)]
        self.ratios_ = np.log(shares[0] / shares[0].sum()) - np.log(shares[1] / shares[1].sum())
        return self

    def transform(self, X):
        """Multiply each feature by its ratio."""
        return X.multiply(self.ratios_).tocsr()


def _nb_svm():
    classifier = OneVsRestClassifier(make_pipeline(LogCountRatios(), LinearSVC(C=0.1)))
    return make_pipeline(CountVectorizer(ngram_range=(1, 2), binary=True), classifier)


def _print_row(name: str, model: str, found: list[dict[str, float]]) -> str:
    """Print what was found, and return it as a row of a Markdown table."""
    test, train = ([score[side] for score in found] for side in ("test", "train"))
    error = np.std(test, ddof=1) / np.sqrt(len(test)) if len(test) > 1 else np.nan
    seconds = np.mean([score["seconds"] for score in found])
    gap = np.mean(train) - np.mean(test)
    each = " ".join(f"{score:.4f}" for score in test)
    print(
        f"{name:14} {model:12} {np.mean(test):9.4f} {error:6.4f} {gap:6.3f} {seconds:8.0f}  {each}",
        flush=True,
    )
    spread = "-" if np.isnan(error) else f"{error:.1%}"
    numbers = f"{np.mean(test):.1%} | {spread} | {gap:.1%} | {seconds:.0f}"
    return f"| {name} | {model} | {numbers} |"


if __name__ == "__main__":
    main()
