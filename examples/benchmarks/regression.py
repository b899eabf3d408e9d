"""Is a deep regressor worth its wait? Numbers predicted from text, beside ridge regression.

The text is the first sentence of a docstring, as `load_docstrings` finds them in the packages that
are installed; the number is how many characters it has. Ridge regression of TF-IDF, its penalty
chosen by cross-validation, sees which words there are; a network reads them. Both are fitted on the
same draws of rows and scored once on the same 2,000 held-out rows.

    python examples/benchmarks/regression.py
    python examples/benchmarks/regression.py --rows 300 1000 --models ridge lstm
"""

import argparse
import time

import numpy as np
from _machine import machine
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import RidgeCV
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from skdeepnlp import make_text_pipeline
from skdeepnlp.datasets import load_docstrings

MODELS = ("ridge", "lstm", "lstm alone", "cnn")


def main(argv: list[str] | None = None) -> None:
    """Fit every model on every draw and print a table."""
    options = _parser().parse_args(argv)
    print(machine())
    texts = np.asarray(load_docstrings().data, dtype=object)
    lengths = np.array([len(text) for text in texts], dtype=float)
    kept, held_out = train_test_split(
        np.arange(len(texts)), test_size=min(2000, len(texts) // 4), random_state=0
    )
    print("\n| rows | model | R2 | mean absolute error | s |\n|---|---|---|---|---|")
    for n_rows in options.rows:
        for model in options.models:
            found = [
                _fit(model, texts, lengths, rows, held_out, draw)
                for draw, rows in enumerate(_draws(kept, n_rows, options.draws))
            ]
            r2, error, seconds = np.mean(found, axis=0)
            print(f"| {n_rows} | {model} | {r2:.3f} | {error:.1f} | {seconds:.1f} |", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", nargs="+", type=int, default=[300, 1_000, 3_000])
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=MODELS)
    parser.add_argument("--draws", type=int, default=3, help="draws of the rows (default 3)")
    return parser


def _draws(kept: np.ndarray, n_rows: int, n_draws: int) -> list[np.ndarray]:
    """Return the rows of each draw."""
    return [np.random.default_rng(draw).permutation(kept)[:n_rows] for draw in range(n_draws)]


def _fit(
    model: str,
    texts: np.ndarray,
    lengths: np.ndarray,
    rows: np.ndarray,
    held_out: np.ndarray,
    seed: int,
) -> tuple[float, float, float]:
    """Return R2 and mean absolute error on the rows held out, and the seconds of the fit."""
    estimator, begun = _estimator(model, seed), time.perf_counter()
    with threadpool_limits(1, user_api="blas"):
        estimator.fit(texts[rows].tolist(), lengths[rows])
    seconds = time.perf_counter() - begun
    predicted = estimator.predict(texts[held_out].tolist())
    error = mean_absolute_error(lengths[held_out], predicted)
    return r2_score(lengths[held_out], predicted), error, seconds


def _estimator(model: str, seed: int):
    """Return a model that has not been fitted."""
    if model == "ridge":
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        return make_pipeline(words, RidgeCV(alphas=[0.03, 0.1, 0.3, 1, 3, 10]))
    own = {"linear_ngrams": 0} if model == "lstm alone" else {}
    family = model.split()[0]
    return make_text_pipeline(family, task="regression", random_state=seed, **own)


if __name__ == "__main__":
    main()
