"""Find padding between the ids of a row, where no padder puts it, and say what it may come from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import PaddingBetweenTokensWarning

__all__ = ["warn_of_gaps"]


class _Gaps(NamedTuple):
    """The gaps: in which rows, and in which columns the last id before and the first one after."""

    rows: np.ndarray
    before: np.ndarray
    after: np.ndarray


def warn_of_gaps(
    ids: np.ndarray,
    offsets: np.ndarray,
    *,
    caller: str,
    is_matrix: bool,
    names: Sequence[str] | None = None,
) -> None:
    """Warn if a row holds padding between its ids, as counts and columns of numbers make it.

    Parameters
    ----------
    ids : ndarray of shape (n_ids,), dtype int
        The ids of all rows, padding included.
    offsets : ndarray of shape (n_samples + 1,), dtype int64
        Row ``i`` holds ``ids[offsets[i]:offsets[i + 1]]``.
    caller : str
        The public name that asks, for the message.
    is_matrix : bool
        Whether the rows were those of a matrix, which has columns.
    names : sequence of str or None, default=None
        Names of the columns.
    """
    gaps = _find(ids, offsets)
    if not len(gaps.rows):
        return
    place = f", before column {_named(int(gaps.after[0]), names)}" if is_matrix else ""
    warn_user(
        f"{caller} leaves out 0, which is padding, but in {len(np.unique(gaps.rows))} of "
        f"{len(offsets) - 1} rows it stands between ids, first in row {gaps.rows[0]}{place}. No "
        f"padder puts it there: {_cause(gaps, names) if is_matrix else _OF_LISTS}",
        PaddingBetweenTokensWarning,
    )


_OF_LISTS = "if 0 is a word of yours, add 2 to all ids, since 0 is padding here and 1 unknown."
_OF_COUNTS = (
    "are these counts of words, as CountVectorizer makes them? They are no ids; put a "
    "TextTokenizer and a SequencePadder in its place. Or is 0 a word of yours? Add 2 to all ids, "
    "since 0 is padding here and 1 unknown."
)


def _find(ids: np.ndarray, offsets: np.ndarray) -> _Gaps:
    """Return the gaps in the order of the rows."""
    places = np.flatnonzero(ids)
    wide = np.flatnonzero(np.diff(places) > 1)
    before, after = places[wide], places[wide + 1]
    rows = np.searchsorted(offsets, before, side="right") - 1
    within = after < offsets[rows + 1]
    starts = offsets[rows[within]]
    return _Gaps(rows[within], before[within] - starts, after[within] - starts)


def _cause(gaps: _Gaps, names: Sequence[str] | None) -> str:
    """Return what the gaps of a matrix probably come from."""
    one_each = len(np.unique(gaps.rows)) == len(gaps.rows)
    n_before, n_after = (len(np.unique(columns)) for columns in (gaps.before, gaps.after))
    if one_each and n_before != n_after and 1 in (n_before, n_after):
        column = int((gaps.before if n_before == 1 else gaps.after)[0])
        return (
            f"it stands beside column {_named(column, names)} alone, which looks like numbers "
            "beside padded ids. Each number there is read as the word of that id; keep the column "
            "out of X."
        )
    return _OF_COUNTS


def _named(column: int, names: Sequence[str] | None) -> str:
    return str(column) if names is None else f"{column} ({names[column]!r})"
