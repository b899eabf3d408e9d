"""Give texts and their labels the shape that scikit-learn's own data sets have."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.utils import Bunch

Row = tuple[str, ...]
"""The label and the text of a sample, after what else is known of it."""

SHAPE_CONSTRAINTS: dict[str, list] = {"return_X_y": ["boolean"], "as_frame": ["boolean"]}
"""Limits of the parameters that every data set has."""

_SHUFFLE_SEED = 0


def as_dataset(
    rows: Sequence[Row],
    *,
    descr: str,
    return_X_y: bool,
    as_frame: bool,
) -> Any:
    """Return a Bunch, or ``(X, y)``, as lists and arrays or as pandas objects.

    Parameters
    ----------
    rows : sequence of tuple of str
        Their last two members are the label and the text.
    descr : str
        What the data are and where they come from.
    return_X_y : bool
        Whether to return ``(data, target)`` in place of a Bunch.
    as_frame : bool
        Whether `data` and `target` are pandas Series.

    Returns
    -------
    dataset : Bunch or tuple of (data, target)
        The Bunch holds `data`, `target`, `target_names`, `frame` and `DESCR`.

    Examples
    --------
    >>> from skdeepnlp.datasets._bunch import as_dataset
    >>> as_dataset([("ham", "hi")], descr="", return_X_y=True, as_frame=False)
    (['hi'], array(['ham'], dtype='<U3'))
    """
    data: Any = [row[-1] for row in rows]
    target: Any = np.asarray([row[-2] for row in rows])
    target_names = np.unique(target).tolist()
    frame = _to_frame(data, target) if as_frame else None
    if frame is not None:
        data, target = frame["text"], frame["label"]
    if return_X_y:
        return data, target
    return Bunch(data=data, target=target, target_names=target_names, frame=frame, DESCR=descr)


def shuffled(rows: Sequence[Any]) -> list[Any]:
    """Return the rows in an order that looks random and is always the same.

    Parameters
    ----------
    rows : sequence
        Rows in any reproducible order, such as sorted by class.

    Returns
    -------
    rows : list
        The same rows; the order depends on their number alone.

    Examples
    --------
    >>> from skdeepnlp.datasets._bunch import shuffled
    >>> shuffled("abcd") == shuffled("abcd"), sorted(shuffled("abcd"))
    (True, ['a', 'b', 'c', 'd'])
    """
    # RandomState, not Generator: NumPy promises never to change its stream
    order = np.random.RandomState(_SHUFFLE_SEED).permutation(len(rows))
    return [rows[index] for index in order]


def _to_frame(texts: list[str], labels: np.ndarray) -> Any:
    """Return a frame with the columns `text` and `label`."""
    import pandas as pd  # a second of import that only as_frame=True should pay

    return pd.DataFrame({"text": texts, "label": labels})
