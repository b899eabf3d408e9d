"""Which family of network suits my texts?

Each family with small layers, and a linear model over words and word pairs beside them, on the
same folds. "gap" is the score of the rows learnt from less that of the others: what was learnt by
heart. Take your own texts for these made-up ones, whose classes differ in the order of words alone.

    python examples/which_family.py
"""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline

from skdeepnlp import make_text_pipeline
from skdeepnlp.datasets import make_text_classification

FAMILIES = ("lstm", "gru", "rnn", "cnn", "attention", "transformer")


def main(n_samples: int = 900, epochs: int = 20) -> None:
    """Cross-validate every family and print a line for each."""
    texts, labels = make_text_classification(
        n_samples, n_classes=3, order_matters=True, vocabulary_size=40, random_state=0
    )
    models = {name: _small(name, epochs) for name in FAMILIES}
    models["linear"] = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    print(f"{'family':12} {'accuracy':>17} {'gap':>6} {'s a fit':>8}")
    means = {}
    for name, model in models.items():
        found = cross_validate(model, texts, labels, cv=folds, return_train_score=True)
        means[name] = found["test_score"].mean()
        _print_row(name, found)
    print(f"Best: {max(means, key=means.__getitem__)}")


def _small(name: str, epochs: int) -> Pipeline:
    """Return the pipeline of a family, with vectors and layers for few texts."""
    pipeline = make_text_pipeline(name).set_params(
        classify__embedding_dim=16,
        classify__learning_rate=0.01,
        classify__epochs=epochs,
        classify__random_state=0,
    )
    sizes = {"classify__units": 16, "classify__filters": 16, "classify__feedforward_dim": 32}
    return pipeline.set_params(**{k: v for k, v in sizes.items() if k in pipeline.get_params()})


def _print_row(name: str, found: dict[str, np.ndarray]) -> None:
    scores, gap = found["test_score"], (found["train_score"] - found["test_score"]).mean()
    score = f"{scores.mean():.3f} +- {scores.std():.3f}"
    print(f"{name:12} {score:>17} {gap:6.3f} {found['fit_time'].mean():8.1f}", flush=True)


if __name__ == "__main__":
    main()
