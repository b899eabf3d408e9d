"""How does a search run on a cluster of processes, here or on other machines?

Without an address a Dask cluster of one process a core is opened on this machine. A process that
dies, for want of memory as a rule, costs the fits it was at, which are begun again.

    python examples/cluster_dask.py                      (needs the extra "search")
    python examples/cluster_dask.py tcp://10.0.0.1:8786  (a cluster of your own)
"""

import sys

from sklearn.model_selection import GridSearchCV, StratifiedKFold

from skdeepnlp import LSTMClassifier, make_text_pipeline
from skdeepnlp.datasets import make_text_classification
from skdeepnlp.model_selection import dask_backend


def main(n_samples: int = 400, epochs: int = 10, address: str | None = None) -> None:
    """Search on the cluster and print its size and the best candidate."""
    texts, labels = make_text_classification(
        n_samples, n_classes=4, vocabulary_size=240, length=(6, 20), noise=0.1, random_state=0
    )
    classifier = LSTMClassifier(units=16, epochs=epochs, early_stopping=False, random_state=0)
    search = GridSearchCV(
        make_text_pipeline(classifier, max_tokens=150),
        {"classify__dropout": [0.3, 0.5, 0.7], "classify__learning_rate": [0.01, 0.03]},
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
    )
    with dask_backend(client_of(address), verbose=10) as client:
        print(f"{len(client.nthreads())} processes; dashboard: {client.dashboard_link}")
        search.fit(texts, labels)
    print(f"Best: accuracy {search.best_score_:.3f} with {search.best_params_}")


def client_of(address: str | None):
    """Return a client of the cluster at an address; None stands for a cluster of one's own."""
    if address is None:
        return None
    from dask.distributed import Client

    return Client(address)


if __name__ == "__main__":  # the processes of the cluster import this file
    main(address=sys.argv[1] if len(sys.argv) > 1 else None)
