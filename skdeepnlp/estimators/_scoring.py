"""Score the validation set after each epoch, by any scorer of scikit-learn."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import get_scorer

from skdeepnlp._contracts import shorten
from skdeepnlp._ragged import RaggedIds
from skdeepnlp._sklearn import _BaseScorer
from skdeepnlp.estimators._fitted_network import mapped_ids
from skdeepnlp.estimators._input_validation import read_ids
from skdeepnlp.training import (
    CompiledNetwork,
    LabeledTexts,
    padded_rows,
    predict_features,
    predict_logits,
)

_READ_THROUGH = frozenset(
    {"classes_", "n_classes_", "n_features_in_", "vocabulary_", "vocabulary_size_", "get_params"}
)


def scorer_in_training(
    estimator: Any,
    compiled: CompiledNetwork,
    embedding_ids: np.ndarray | None,
    validation: LabeledTexts,
) -> Callable[[np.ndarray], float]:
    """Return a function that scores the validation set, once it has scored initial weights.

    Parameters
    ----------
    estimator : estimator
        Whose `scoring` is a name or a callable.
    compiled : CompiledNetwork
        The network in training.
    embedding_ids : ndarray or None
        The id that it gets for each token id.
    validation : LabeledTexts
        The validation set.

    Returns
    -------
    score : callable
        From logits of shape (n_samples, n_outputs) to a float.

    Raises
    ------
    ValueError
        If the scorer fails, before training or in it, or returns no finite number.
    """

    def compute(what: Callable[..., np.ndarray], sequences: RaggedIds) -> np.ndarray:
        return what(compiled, mapped_ids(sequences, embedding_ids))

    network = NetworkInTraining(estimator, compute, validation)
    scorer, y = get_scorer(estimator.scoring), estimator._targets.labels(validation.targets)
    options = _options(scorer, validation.sample_weight)

    def score(logits: np.ndarray) -> float:
        network.logits = logits
        try:
            found = float(scorer(network, network.X, y, **options))
        except Exception as error:
            raise ValueError(
                f"scoring={_name(estimator.scoring)} cannot score the validation set. {error}"
            ) from error
        if not np.isfinite(found):
            raise ValueError(
                f"scoring={_name(estimator.scoring)} gave {found} for the validation set; "
                "expected a finite number. It may need rows of each class: raise "
                "validation_fraction, or give X_val and y_val."
            )
        return found

    score(compute(predict_logits, validation.sequences))
    return score


def _name(scoring: Any) -> str:
    return shorten(scoring if isinstance(scoring, str) else getattr(scoring, "__name__", scoring))


class NetworkInTraining:
    """An estimator in training, as a scorer sees it: it predicts by the weights of this epoch.

    Parameters
    ----------
    estimator : estimator
        Its parameters and attributes are read through.
    compute : callable
        From a function such as `predict_logits`, and texts, to what it returns by the present
        weights.
    validation : LabeledTexts
        The validation set, of which `X` holds the padded ids and `logits` what was predicted.
    """

    def __init__(
        self,
        estimator: Any,
        compute: Callable[[Callable[..., np.ndarray], RaggedIds], np.ndarray],
        validation: LabeledTexts,
    ) -> None:
        self._estimator, self._compute = estimator, compute
        texts = validation.sequences
        width = int(texts.lengths.max())  # on JAX it would be rounded up
        ids = padded_rows(texts, np.arange(len(validation.weights)), widths=(width,))
        more = max(0, estimator.n_features_in_ - ids.shape[1])
        self.X = np.pad(ids, ((0, 0), (0, more)))  # as wide as X in fit, so that parts are taken
        self.logits: np.ndarray

    def __getattr__(self, name: str) -> Any:
        estimator = self.__dict__["_estimator"]
        if name in _READ_THROUGH or name in estimator.get_params(deep=False):
            return getattr(estimator, name)
        raise AttributeError(
            f"A scorer in training asked for {name!r}; expected predictions, transform, "
            "parameters or classes_ of the estimator."
        )

    def __sklearn_tags__(self) -> Any:
        return self._estimator.__sklearn_tags__()

    def _logits(self, X: Any) -> np.ndarray:
        """Return logits, of the validation set without computing again."""
        if X is self.X:
            return self.logits
        return self._compute(predict_logits, read_ids(self._estimator, X, reset=False))

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class."""
        return self._estimator._targets.probabilities(self._logits(X))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Return the logarithm of the probability of each class."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def transform(self, X: Any) -> np.ndarray:
        """Return the features that the last layer takes."""
        return self._compute(predict_features, read_ids(self._estimator, X, reset=False))

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable labels, or the numbers."""
        return self._estimator._targets.predictions(self._logits(X))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the default score of the estimator."""
        return type(self._estimator).score(self, X, y, sample_weight=sample_weight)


def _options(scorer: Any, sample_weights: np.ndarray | None) -> dict[str, Any]:
    """Return the weights as a keyword, if there are any and the scorer takes them."""
    if sample_weights is None:
        return {}
    takes = (
        isinstance(scorer, _BaseScorer) or "sample_weight" in inspect.signature(scorer).parameters
    )
    return {"sample_weight": sample_weights} if takes else {}
