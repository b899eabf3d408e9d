"""How does a search run on a Ray cluster?

Ray registers itself with joblib, so nothing of this library is needed for it. Its processes are
told to use one thread each: TensorFlow takes all cores otherwise.

    pip install ray
    python examples/cluster_ray.py                      (processes of this machine)
    RAY_ADDRESS=10.0.0.1:6379 python examples/cluster_ray.py
"""

import joblib
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


def main(n_samples: int = 400, epochs: int = 10) -> None:
    """Search on the cluster and print the best candidate."""
    import ray
    from ray.util.joblib import register_ray

    texts, labels = make_text_classification(
        n_samples, n_classes=4, vocabulary_size=240, length=(6, 20), noise=0.1, random_state=0
    )
    classifier = LSTMClassifier(units=16, epochs=epochs, early_stopping=False, random_state=0)
    search = GridSearchCV(
        make_text_pipeline(classifier, max_tokens=150),
        {"classify__dropout": [0.3, 0.5, 0.7], "classify__learning_rate": [0.01, 0.03]},
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
    )
    ray.init(runtime_env={"env_vars": ONE_THREAD})
    try:
        register_ray()
        with joblib.parallel_config(backend="ray", n_jobs=-1):
            search.fit(texts, labels)
    finally:
        ray.shutdown()
    print(f"Best: accuracy {search.best_score_:.3f} with {search.best_params_}")


if __name__ == "__main__":
    main()
