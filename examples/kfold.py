"""Can a model learn a class that only the order of the words tells, and how sure is its score?

In these texts every class uses the same words; the class says which of three marker words comes
first in their cyclic order. An LSTM and a linear model over single words meet the same five folds.

    python examples/kfold.py
"""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 900, epochs: int = 20) -> None:
    """Cross-validate both models and print the score of each fold."""
    texts, labels = make_text_classification(
        n_samples,
        n_classes=3,
        order_matters=True,
        vocabulary_size=40,
        length=(4, 12),
        random_state=0,
    )
    classifier = LSTMClassifier(
        units=16, embedding_dim=16, learning_rate=0.02, epochs=epochs, random_state=0
    )
    models = {
        "LSTM": make_text_pipeline(classifier, max_tokens=30),
        "TF-IDF + logistic regression": make_pipeline(TfidfVectorizer(), LogisticRegression()),
    }
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    print(f"Accuracy in five folds of {n_samples} texts; chance is 0.33")
    for name, model in models.items():
        scores = cross_val_score(model, texts, labels, cv=folds)
        each = " ".join(f"{score:.2f}" for score in scores)
        print(f"{name:30}{each}   mean {scores.mean():.3f} +- {scores.std():.3f}")


if __name__ == "__main__":
    main()
