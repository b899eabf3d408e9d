"""Which settings of an LSTM are worth searching when there is time for eight candidates only?

A random search draws strengths of the regularizers and learning rates from distributions. None of
the three changes the shape of the network, so that it is compiled once for all candidates.

    python examples/random_search.py
"""

from scipy.stats import loguniform, uniform
from sklearn.model_selection import RandomizedSearchCV, StratifiedKFold

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 400, n_candidates: int = 8, epochs: int = 10) -> None:
    """Search at random and print the three best candidates and the worst one."""
    texts, labels = make_text_classification(
        n_samples, n_classes=4, vocabulary_size=240, length=(6, 20), noise=0.1, random_state=1
    )
    classifier = LSTMClassifier(units=16, epochs=epochs, random_state=0)
    search = RandomizedSearchCV(
        make_text_pipeline(classifier, max_tokens=150),
        {
            "classify__dropout": uniform(0.1, 0.7),  # from 0.1 to 0.8
            "classify__l2": loguniform(1e-6, 1e-2),
            "classify__learning_rate": loguniform(1e-3, 3e-2),
        },
        n_iter=n_candidates,
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
        random_state=0,
    ).fit(texts, labels)
    order = search.cv_results_["rank_test_score"].argsort(kind="stable")
    print("validation  dropout       l2  learning_rate")
    for index in [*order[:3], order[-1]]:
        dropout, l2, rate = search.cv_results_["params"][index].values()
        score = search.cv_results_["mean_test_score"][index]
        print(f"{score:10.3f}{dropout:9.2f}{l2:9.1e}{rate:15.4f}")
    rate = search.best_params_["classify__learning_rate"]
    print(f"Best: learning_rate={rate:.4f} with an accuracy of {search.best_score_:.3f}")


if __name__ == "__main__":
    main()
