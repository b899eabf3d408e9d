"""Do a text column and numeric columns of one frame tell more together than apart?

A stacking classifier learns how far to trust an LSTM over the text column and a logistic
regression over the numbers. Both read the same frame; each picks its columns.

    python examples/text_beside_tabular.py
"""

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import StackingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 600, epochs: int = 12) -> None:
    """Score both models alone, then stacked."""
    frame, labels = make_frame(n_samples)
    text, numbers = text_model(epochs), number_model()
    models = {
        "text alone": text,
        "numbers alone": numbers,
        "both, stacked": StackingClassifier([("text", text), ("numbers", numbers)], cv=3),
    }
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    for name, model in models.items():
        scores = cross_val_score(model, frame, labels, cv=folds)
        print(f"{name:15}{scores.mean():.3f} +- {scores.std():.3f}")


def make_frame(n_samples: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a frame with a text and two numbers, each of which knows a part of the label."""
    texts, labels = make_text_classification(
        n_samples, vocabulary_size=60, noise=0.2, random_state=0
    )
    rng = np.random.default_rng(0)
    signal = labels + rng.normal(scale=0.7, size=n_samples)
    frame = pd.DataFrame({"text": texts, "stars": signal, "age": rng.normal(40, 10, n_samples)})
    return frame, np.where(labels == 1, "yes", "no")


def text_model(epochs: int) -> Pipeline:
    """Return a model that picks the column "text" and reads it."""
    pick = make_column_transformer(("passthrough", ["text"]))
    classifier = LSTMClassifier(units=8, learning_rate=0.02, epochs=epochs, random_state=0)
    return make_pipeline(pick, make_text_pipeline(classifier, max_tokens=40))


def number_model() -> Pipeline:
    """Return a model that picks the columns of numbers and scales them."""
    pick = make_column_transformer((StandardScaler(), ["stars", "age"]))
    return make_pipeline(pick, LogisticRegression())


if __name__ == "__main__":
    main()
