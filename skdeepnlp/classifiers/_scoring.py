"""Score the validation set after each epoch, by any scorer of scikit-learn."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, get_scorer
from sklearn.metrics._scorer import _BaseScorer

from skdeepnlp._contracts import shorten
from skdeepnlp.classifiers._input import read_ids
from skdeepnlp.training import (
    CompiledNetwork,
    LabelledTexts,
    NetworkWeights,
    padded_rows,
    predict_logits,
)

__all__ = ["tried_scorer"]


def tried_scorer(
    classifier: Any, compiled: CompiledNetwork, watched: LabelledTexts, weights: NetworkWeights
) -> Callable[[np.ndarray], float]:
    """Return a function that scores the validation set, once it has scored initial weights.

    Parameters
    ----------
    classifier : classifier
        Whose `scoring` is a name or a callable.
    compiled : CompiledNetwork
        The network in training.
    watched : LabelledTexts
        The validation set.
    weights : NetworkWeights
        Where training starts.

    Returns
    -------
    score : callable
        From logits of shape (n_samples, n_outputs) to a float.

    Raises
    ------
    ValueError
        If the scorer fails, before training or in it, or returns no finite number.
    """
    network = NetworkInTraining(classifier, compiled, watched)
    scorer, y = get_scorer(classifier.scoring), classifier._targets.labels(watched.targets)
    options = _options(scorer, _sample_weights(watched, classifier._class_factors))

    def score(logits: np.ndarray) -> float:
        network.logits = logits
        try:
            found = float(scorer(network, network.X, y, **options))
        except Exception as error:
            raise ValueError(
                f"scoring={_name(classifier.scoring)} cannot score the validation set. {error}"
            ) from error
        if not np.isfinite(found):
            raise ValueError(
                f"scoring={_name(classifier.scoring)} gave {found} for the validation set; "
                "expected a finite number. It may need rows of each class: raise "
                "validation_fraction, or give X_val and y_val."
            )
        return found

    compiled.load(weights)
    score(predict_logits(compiled, classifier._network_ids(watched.sequences)))
    return score


def _name(scoring: Any) -> str:
    return shorten(scoring if isinstance(scoring, str) else getattr(scoring, "__name__", scoring))


class NetworkInTraining:
    """A classifier in training, as a scorer sees it: it predicts by the weights of this epoch.

    Parameters
    ----------
    classifier : classifier
        Whose parameters are read through.
    compiled : CompiledNetwork
        Its network.
    watched : LabelledTexts
        The validation set, of which `X` holds the padded ids and `logits` what was predicted.
    """

    def __init__(self, classifier: Any, compiled: CompiledNetwork, watched: LabelledTexts) -> None:
        self._classifier, self._compiled = classifier, compiled
        self.classes_ = classifier.classes_
        width = int(watched.sequences.lengths.max())  # on JAX it would be rounded up
        ids = padded_rows(watched.sequences, np.arange(len(watched.weights)), widths=(width,))
        more = max(0, classifier.n_features_in_ - ids.shape[1])
        self.X = np.pad(ids, ((0, 0), (0, more)))  # as wide as X in fit, so that parts are taken
        self.logits: np.ndarray

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_classifier"], name)

    def __sklearn_tags__(self) -> Any:
        return self._classifier.__sklearn_tags__()

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class, of the validation set without computing again."""
        if X is self.X:
            return self._classifier._targets.probabilities(self.logits)
        classifier = self._classifier
        sequences = classifier._network_ids(read_ids(classifier, X, reset=False))
        return classifier._targets.probabilities(predict_logits(self._compiled, sequences))

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable labels."""
        return self._classifier._targets.decode(self.predict_proba(X))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the accuracy."""
        return accuracy_score(y, self.predict(X), sample_weight=sample_weight)


def _options(scorer: Any, sample_weights: np.ndarray | None) -> dict[str, Any]:
    """Return the weights as a keyword, if there are any and the scorer takes them."""
    if sample_weights is None:
        return {}
    takes = (
        isinstance(scorer, _BaseScorer) or "sample_weight" in inspect.signature(scorer).parameters
    )
    return {"sample_weight": sample_weights} if takes else {}


def _sample_weights(watched: LabelledTexts, factors: np.ndarray | None) -> np.ndarray | None:
    """Return the sample weights without those of the classes; None where all are equal."""
    weights = watched.weights
    if factors is not None and watched.targets[0].size == 1:
        of_rows = factors[watched.targets.reshape(-1).astype(int)]
        weights = np.divide(weights, of_rows, out=np.zeros_like(weights), where=of_rows > 0)
    return None if np.allclose(weights, weights[0]) else weights
