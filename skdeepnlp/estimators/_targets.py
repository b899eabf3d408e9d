"""Labels and numbers to the targets of a network, and logits back to predictions."""

from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from skdeepnlp._contracts import shorten
from skdeepnlp._label_checks import (
    refuse_numbers_as_objects,
    refuse_odd_labels,
    refuse_unknown_labels,
)
from skdeepnlp._sklearn import _check_y
from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import OneHotLabelsWarning
from skdeepnlp.training import Objective, Sigmoid, Softmax, SquaredError


@dataclass(frozen=True, eq=False)
class TargetEncoding:
    """How labels are numbered.

    Whether rows have one label or several is decided from the shape of y alone: a matrix of
    more than one column is multi-label, even if each row happens to have one.

    Parameters
    ----------
    classes : ndarray of shape (n_classes,)
        The labels, sorted; for several labels a row, the names or numbers of the columns.
    multi_label : bool
        Whether a row may have any number of labels.
    """

    classes: np.ndarray
    multi_label: bool

    @classmethod
    def fit(
        cls, labels: np.ndarray, estimator: Any, classes: Any = None, y: Any = None
    ) -> "TargetEncoding":
        """Number the labels that `check_labels` made of `y`, or `classes` where given."""
        if labels.ndim == 2:
            _warn_of_one_hot(labels)
            return cls(_column_names(y, labels.shape[1]), multi_label=True)
        if classes is not None:
            labels = check_labels(classes, estimator, "classes")
        known = np.unique(labels)
        if len(known) < 2:
            raise ValueError(
                f"{type(estimator).__name__} needs at least two classes, but y holds one class "
                f"only: {shorten(known.tolist()[0])}. Give rows of another class too."
            )
        return cls(known, multi_label=False)

    @property
    def n_outputs(self) -> int:
        """Logits of the network: one for two classes, else one a class or label."""
        binary = not self.multi_label and len(self.classes) == 2
        return 1 if binary else len(self.classes)

    @property
    def objective(self) -> Objective:
        """What the network is trained for."""
        one_of_many = self.n_outputs > 1 and not self.multi_label
        return Softmax() if one_of_many else Sigmoid()

    def encode(self, labels: np.ndarray, name: str = "y") -> np.ndarray:
        """Return class numbers (int32) or zeros and ones (float32, one column a logit).

        The labels are what `check_labels` returned.
        """
        if self.multi_label:
            return self._check_indicators(labels, name)
        if labels.ndim == 2:
            raise ValueError(
                f"Got {name} of shape {labels.shape}; expected one label a row, as in fit."
            )
        numbers = self._class_numbers(labels, name)
        return numbers if self.n_outputs > 1 else numbers[:, None].astype(np.float32)

    def labels(self, targets: np.ndarray) -> np.ndarray:
        """Return the labels that `encode` had, from what it returned."""
        if self.multi_label:
            return targets.astype(int)
        return self.classes[targets.reshape(-1).astype(int)]

    def decode(self, probabilities: np.ndarray) -> np.ndarray:
        """Return the most probable labels of each row."""
        if self.multi_label:
            return (probabilities > 0.5).astype(int)
        return self.classes[probabilities.argmax(axis=1)]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Return probabilities, float32, shape (n_samples, n_classes), from logits."""
        exact = logits.astype(np.float64)
        if isinstance(self.objective, Softmax):
            powers = np.exp(exact - exact.max(axis=1, keepdims=True))
            return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
        positive = 0.5 * (1 + np.tanh(0.5 * exact))  # the sigmoid, without overflow
        if not self.multi_label:
            positive = np.hstack([1 - positive, positive])
        return positive.astype(np.float32)

    def predictions(self, logits: np.ndarray) -> np.ndarray:
        """Return the most probable labels of each row, from logits."""
        return self.decode(self.probabilities(logits))

    def _check_indicators(self, labels: np.ndarray, name: str) -> np.ndarray:
        """Return an indicator matrix of the right width as float32."""
        if labels.ndim != 2 or labels.shape[1] != len(self.classes):
            raise ValueError(
                f"Got {name} of shape {labels.shape}; expected a matrix with a column for each "
                f"of the {len(self.classes)} labels seen in fit."
            )
        return labels.astype(np.float32)

    def _class_numbers(self, labels: np.ndarray, name: str) -> np.ndarray:
        """Return the number of each label's class."""
        refuse_unknown_labels(labels, self.classes, name)
        return np.searchsorted(self.classes, labels).astype(np.int32)


@dataclass(frozen=True, eq=False)
class TargetScaling:
    """How numbers are scaled: to a mean of 0 and a variance of 1 in each column.

    Parameters
    ----------
    mean, scale : ndarray of shape (n_outputs,)
        Weighted mean and standard deviation of each column; a constant column has a scale of 1.
    is_column : bool
        Whether targets have one dimension only.
    """

    mean: np.ndarray
    scale: np.ndarray
    is_column: bool

    @classmethod
    def fit(cls, numbers: np.ndarray, weights: np.ndarray) -> "TargetScaling":
        """Compute mean and scale of numbers that `check_numbers` returned."""
        matrix = numbers.reshape(len(numbers), -1)
        mean = np.average(matrix, axis=0, weights=weights)
        scale = np.sqrt(np.average((matrix - mean) ** 2, axis=0, weights=weights))
        return cls(mean, np.where(scale > 0, scale, 1.0), numbers.ndim == 1)

    @property
    def n_outputs(self) -> int:
        """Number of columns."""
        return len(self.mean)

    @property
    def objective(self) -> Objective:
        """What the network is trained for."""
        return SquaredError()

    def encode(self, numbers: np.ndarray, name: str = "y") -> np.ndarray:
        """Return scaled numbers, float32, shape (n_samples, n_outputs)."""
        if (numbers.ndim == 1) != self.is_column or numbers[0].size != self.n_outputs:
            raise ValueError(
                f"Got {name} of shape {numbers.shape}; expected {self.n_outputs} number(s) a row, "
                "as in fit."
            )
        matrix = numbers.reshape(len(numbers), -1)
        return ((matrix - self.mean) / self.scale).astype(np.float32)

    def decode(self, logits: np.ndarray) -> np.ndarray:
        """Return predictions in the units of y, float64, from logits."""
        numbers = logits.astype(np.float64) * self.scale + self.mean
        return numbers[:, 0] if self.is_column else numbers

    labels = predictions = decode


def check_numbers(y: Any, estimator: Any, name: str = "y") -> np.ndarray:
    """Return y as finite numbers, float64, shape (n_samples,) or (n_samples, n_outputs)."""
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires {name} to be passed, but the target {name} "
            "is None. Give one number for each row."
        )
    numbers = _check_y(y, multi_output=True, y_numeric=True, estimator=estimator)
    return np.asarray(numbers, dtype=np.float64)


def _column_names(y: Any, n_columns: int) -> np.ndarray:
    """Return the names of the columns of a frame, else their numbers."""
    names = getattr(y, "columns", None)
    if names is None or not all(isinstance(name, str) for name in names):
        return np.arange(n_columns)
    return np.array(list(names), dtype=object)


def _warn_of_one_hot(labels: np.ndarray) -> None:
    """Warn if every row of three or more columns holds exactly one label."""
    if labels.shape[1] >= 3 and (labels.sum(axis=1) == 1).all():
        warn_user(
            f"Each row of y, of shape {labels.shape}, holds exactly one 1. A matrix stands for any "
            "number of labels a row, each predicted by itself. If these are one-hot classes, give "
            "y.argmax(axis=1), or frame.idxmax(axis=1) for the names of the columns.",
            OneHotLabelsWarning,
        )


def check_labels(y: Any, estimator: Any, name: str = "y") -> np.ndarray:
    """Return y as an array of one label a row, or as an indicator matrix of shape (n, labels)."""
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires {name} to be passed, but the target {name} "
            "is None. Give one label for each row."
        )
    plain = _plain(y)
    refuse_odd_labels(plain, name)
    refuse_numbers_as_objects(y, name)
    plain = _numbers_as_numbers(plain)
    labels = _check_y(plain, multi_output=True, estimator=estimator)
    labels = labels.toarray() if hasattr(labels, "toarray") else labels
    check_classification_targets(labels)
    if labels.ndim == 1:
        return labels
    if labels.shape[1] == 1:
        return column_or_1d(labels, warn=True)
    if type_of_target(labels) != "multilabel-indicator":
        raise ValueError(
            f"Got {name} of shape {labels.shape} with values beside 0 and 1; expected one label "
            "a row, or for several labels a row a matrix of zeros and ones, one column a label. "
            "MultiLabelBinarizer of scikit-learn makes it from lists of labels."
        )
    return labels


def check_same_length(sequences: Any, labels: Any, names: tuple[str, str]) -> None:
    """Raise unless there is one label (or weight) for each text."""
    n_texts, n_labels = len(sequences.lengths), np.shape(labels)[0]
    if n_texts != n_labels:
        raise ValueError(
            f"Got {n_texts} rows in {names[0]} and {n_labels} in {names[1]}; expected one for "
            "each row, in the same order."
        )


def _plain(y: Any) -> Any:
    """Return pandas extension arrays as object arrays, so that all labels meet one check."""
    check_consistent_length(y)
    dtype = getattr(y, "dtype", None)
    is_plain = dtype is None or isinstance(dtype, np.dtype) or not hasattr(y, "to_numpy")
    return y if is_plain else np.asarray(y.to_numpy(), dtype=_dtype_of_extension(dtype))


def _numbers_as_numbers(y: Any) -> Any:
    """Return an object array that holds numbers only as an array of numbers."""
    if not isinstance(y, np.ndarray) or y.dtype != object or y.ndim != 1:
        return y
    only_numbers = all(isinstance(label, (Number, np.bool_)) for label in y.tolist())
    return np.asarray(y.tolist()) if only_numbers else y


def _dtype_of_extension(dtype: Any) -> Any:
    """Numbers stay numbers; text, categories and missing values go through object."""
    return None if getattr(dtype, "kind", "O") in "iub" else object
