"""Which dropout and which penalty on the weights narrow the gap of an overfitting LSTM?

Few texts, and one label in ten is wrong: a network that learns by heart scores high on the
training rows and low on others. Every pair of the two settings is tried.

    python examples/grid_search.py
"""

from sklearn.model_selection import GridSearchCV, StratifiedKFold

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 400, epochs: int = 10) -> None:
    """Search the grid and print a line a candidate, the best one first."""
    texts, labels = make_text_classification(
        n_samples, n_classes=4, vocabulary_size=240, length=(6, 20), noise=0.1, random_state=0
    )
    classifier = LSTMClassifier(
        units=16, learning_rate=0.01, epochs=epochs, early_stopping=False, random_state=0
    )
    search = GridSearchCV(
        make_text_pipeline(classifier, max_tokens=150),
        {"classify__dropout": [0.0, 0.5, 0.7], "classify__l2": [0.0, 1e-3]},
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
        return_train_score=True,
    ).fit(texts, labels)
    results = search.cv_results_
    print("dropout     l2      validation  train    gap")
    for index in results["rank_test_score"].argsort():
        settings = results["params"][index]
        train, test = results["mean_train_score"][index], results["mean_test_score"][index]
        score = f"{test:.3f} +- {results['std_test_score'][index]:.3f}"
        print(
            f"{settings['classify__dropout']:7}{settings['classify__l2']:7}{score:>16}"
            f"{train:7.3f}{train - test:7.3f}"
        )
    best = search.best_params_
    print(f"Best: dropout={best['classify__dropout']}, l2={best['classify__l2']}")


if __name__ == "__main__":
    main()
