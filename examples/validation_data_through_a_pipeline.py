"""How does early stopping watch texts of my own, also inside a cross-validation?

Raw validation texts go to `fit` of the whole pipeline. With metadata routing enabled,
`transform_input` sends them through the steps as fitted on the training rows, so that they meet
the same vocabulary and the same length, fold by fold.

    python examples/validation_data_through_a_pipeline.py
"""

import numpy as np
import sklearn
from sklearn.model_selection import cross_validate
from sklearn.pipeline import Pipeline

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 600, epochs: int = 15) -> None:
    """Train with validation texts, once alone and once in a cross-validation."""
    texts, labels = make_text_classification(n_samples, n_classes=3, noise=0.1, random_state=0)
    n_watched = n_samples // 4
    watched = {"X_val": texts[:n_watched], "y_val": labels[:n_watched]}
    texts, labels = texts[n_watched:], labels[n_watched:]
    pipeline = Pipeline(
        [
            ("tokenize", TextTokenizer(max_tokens=100)),
            ("pad", SequencePadder()),
            ("classify", LSTMClassifier(units=16, epochs=epochs, random_state=0)),
        ],
        transform_input=["X_val"],
    )
    pipeline.set_params(classify__learning_rate=0.01)
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline.fit(texts, labels, **watched)
        results = cross_validate(
            pipeline, texts, labels, cv=3, params=watched, return_estimator=True
        )
    losses = pipeline["classify"].history_["val_loss"]
    print(f"Loss on {n_watched} validation texts: {losses[0]:.3f} after the first epoch, ", end="")
    print(f"{min(losses):.3f} after epoch {int(np.argmin(losses)) + 1}, whose weights were kept")
    kept = [fitted["classify"].best_iteration_ + 1 for fitted in results["estimator"]]
    print(f"Three folds watched the same texts and kept the epochs {', '.join(map(str, kept))}")
    print(f"Accuracy in the folds: {results['test_score'].mean():.3f}")


if __name__ == "__main__":
    main()
