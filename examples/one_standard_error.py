"""What does one standard error buy?

The best of six candidates owes a part of its score to luck. Choosing the smallest and most
regularized one within one standard error of it costs a little of the score over the folds, at
most. Both are trained on all texts and meet 2,000 new ones.

    python examples/one_standard_error.py
"""

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification
from skdeepnlp.model_selection import one_standard_error


def main(n_samples: int = 400, n_new: int = 2000, epochs: int = 10) -> None:
    """Search once, choose twice, and print both choices side by side."""
    texts, labels = sentences(n_samples, random_state=0)
    new = sentences(n_new, random_state=1)
    classifier = LSTMClassifier(
        bidirectional=False, embedding_dim=16, learning_rate=0.02, epochs=epochs, random_state=0
    )
    search = GridSearchCV(
        make_text_pipeline(classifier, max_tokens=150),
        {"classify__units": [4, 8, 32], "classify__dropout": [0.2, 0.6]},
        cv=StratifiedKFold(5, shuffle=True, random_state=0),
        refit=one_standard_error,
    ).fit(texts, labels)
    results = search.cv_results_
    best = int(np.nanargmax(results["mean_test_score"]))
    winner = clone(search.estimator).set_params(**results["params"][best]).fit(texts, labels)
    chosen = search.best_estimator_
    print("                     units  dropout        folds  new texts  weights")
    print(line("best mean", results, best, winner, new))
    print(line("one standard error", results, search.best_index_, chosen, new))
    points = 100 * (chosen.score(*new) - winner.score(*new))
    times = n_weights(winner) / n_weights(chosen)
    print(f"Bought: {times:.1f} times fewer weights; accuracy on new texts {points:+.1f} points")


def sentences(n_samples: int, random_state: int) -> tuple[list[str], np.ndarray]:
    """Return texts of one language, one label in ten wrong."""
    return make_text_classification(
        n_samples,
        n_classes=4,
        vocabulary_size=240,
        length=(6, 20),
        noise=0.1,
        random_state=random_state,
    )


def line(name: str, results: dict, row: int, pipeline: Pipeline, new: tuple) -> str:
    """Return what there is to say of one choice."""
    settings, mean = results["params"][row], results["mean_test_score"][row]
    error = results["std_test_score"][row] / 5**0.5
    return (
        f"{name:21}{settings['classify__units']:5}{settings['classify__dropout']:9}"
        f"{f'{mean:.3f} +- {error:.3f}':>17}{pipeline.score(*new):7.3f}{n_weights(pipeline):9,}"
    )


def n_weights(pipeline: Pipeline) -> int:
    """Return how many numbers the network has learnt."""
    return pipeline["classify"].model_.count_params()


if __name__ == "__main__":
    main()
