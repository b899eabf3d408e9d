"""Say whether two outputs of a step are the same, whatever container they come in."""

from typing import Any

import numpy as np
from scipy import sparse

__all__ = ["n_rows", "row", "same_output"]


def n_rows(output: Any) -> int:
    """Return the number of rows of an array, sparse matrix, frame or ragged container.

    Examples
    --------
    >>> from skdeepnlp.testing._sameness import n_rows
    >>> n_rows([[1, 2], [3]])
    2
    """
    return int(output.shape[0]) if hasattr(output, "shape") else len(output)


def row(output: Any, index: int) -> Any:
    """Return one row of an output, the dense one of a sparse matrix.

    Examples
    --------
    >>> from skdeepnlp.testing._sameness import row
    >>> row([[1, 2], [3]], 1)
    [3]
    """
    if sparse.issparse(output):
        return output.tocsr()[[index]].toarray()[0]
    return output.iloc[index] if hasattr(output, "iloc") else output[index]


def same_output(left: Any, right: Any) -> bool:
    """Say whether two outputs have the same kind, shape and values, up to rounding of floats.

    Examples
    --------
    >>> from skdeepnlp.testing._sameness import same_output
    >>> same_output([[1, 2], [3]], [[1, 2], [3]])
    True
    >>> same_output(["a"], ["b"])
    False
    """
    if type(left) is not type(right):
        return False
    if sparse.issparse(left):
        return same_output(left.toarray(), right.toarray())
    if hasattr(left, "iloc"):
        return _same_array(left.to_numpy(), right.to_numpy())
    if getattr(left, "vocabulary", None) != getattr(right, "vocabulary", None):
        return False  # token ids mean nothing without it
    if isinstance(left, np.ndarray):
        return _same_array(np.asarray(left), np.asarray(right))
    if isinstance(left, (str, bytes)) or not hasattr(left, "__len__"):
        return bool(left == right)
    return len(left) == len(right) and all(
        same_output(row(left, index), row(right, index)) for index in range(len(left))
    )


def _same_array(left: np.ndarray, right: np.ndarray) -> bool:
    if left.shape != right.shape or left.dtype != right.dtype:
        return False
    if left.dtype.kind in "fc":
        return np.allclose(left, right, rtol=1e-6, atol=1e-9, equal_nan=True)
    return bool(np.array_equal(left, right))
