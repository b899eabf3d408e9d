"""Which regularizer helps me?

The LSTM with nothing that holds it back, then with one regularizer at a time, on the same folds of
few texts. The first number is what counts; "gap" (the score of the rows learnt from less that of
the others) says how much was learnt by heart. Take your own texts for these.

    python examples/which_regularizer.py
"""

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_validate

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import load_docstrings

BARE = {
    "dropout": 0.0,
    "embedding_dropout": 0.0,
    "clipnorm": None,
    "early_stopping": False,
}
ONE_AT_A_TIME = {
    "dropout": {"dropout": 0.5},
    "dropout of embeddings": {"embedding_dropout": 0.5},
    "dropout of words": {"word_dropout": 0.2},
    "dropout of weights": {"weight_dropout": 0.5},
    "L2 penalty": {"l2": 1e-3},
    "weight decay": {"weight_decay": 1.0},
    "smoothed labels": {"label_smoothing": 0.1},
    "mixed texts": {"mixup": 0.5},
    "adversarial shifts": {"adversarial_epsilon": 0.1},
    "averaged weights": {"ema_decay": 0.99},
    "early stopping": {"early_stopping": True},
    "vote of a linear model": {"linear_ngrams": 2},
}


def main(n_samples: int = 800, epochs: int = 12) -> None:
    """Cross-validate the bare network and each regularizer alone; print a line for each."""
    texts, labels = load_docstrings(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(texts))[:n_samples]
    texts, labels = np.asarray(texts, dtype=object)[rows], np.asarray(labels)[rows]
    print(f"{'alone':26} {'accuracy':>17} {'gap':>6}")
    bare = _score("nothing", {}, texts, labels, epochs)
    gains = {
        name: _score(name, change, texts, labels, epochs) - bare
        for name, change in ONE_AT_A_TIME.items()
    }
    best = max(gains, key=gains.__getitem__)
    print(f"Most gained: {best}, {100 * gains[best]:+.1f} points")


def _score(name: str, change: dict, texts: np.ndarray, labels: np.ndarray, epochs: int) -> float:
    """Cross-validate one network, print its line and return its mean accuracy."""
    options = {**BARE, "units": 32, "epochs": epochs, "random_state": 0, **change}
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    pipeline = make_text_pipeline(LSTMClassifier(**options))
    found = cross_validate(pipeline, texts, labels, cv=folds, return_train_score=True)
    scores, gap = found["test_score"], (found["train_score"] - found["test_score"]).mean()
    score = f"{scores.mean():.3f} +- {scores.std():.3f}"
    print(f"{name:26} {score:>17} {gap:6.3f}", flush=True)
    return float(scores.mean())


if __name__ == "__main__":
    main()
