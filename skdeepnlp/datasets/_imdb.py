"""Fetch the film reviews of Maas et al. (2011), the classic of sentiment analysis."""

import os
import re
import tarfile
from pathlib import Path
from typing import Any

from skdeepnlp._sklearn import StrOptions, validate_params
from skdeepnlp.datasets._bunch import Row, as_dataset, shuffled
from skdeepnlp.datasets._cache import FETCH_CONSTRAINTS, CachedDataset, RemoteFile

_SUBSETS = ("train", "test")
_MEMBER = re.compile(r"aclImdb/(?P<subset>train|test)/(?P<label>neg|pos)/[^/]+\.txt")
_DESCRIPTION = """\
Large Movie Review Dataset v1.0 (IMDB).

50,000 English film reviews, 25,000 to train on and 25,000 to test with, half of each positive and
half negative, at most 30 reviews of a film, no film in both halves. Some texts hold "<br />".
Source: https://ai.stanford.edu/~amaas/data/sentiment/

Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng, and Christopher Potts
(2011). Learning Word Vectors for Sentiment Analysis. Proceedings of ACL 2011, 142-150.
"""


def _parse_reviews(archive: Path) -> list[Row]:
    """Read (subset, label, text) straight from the archive; no member is written to disk."""
    rows: list[Row] = []
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            match = _MEMBER.fullmatch(member.name)
            file = tar.extractfile(member) if match and member.isfile() else None
            if match and file:
                rows.append((match["subset"], match["label"], file.read().decode("utf-8")))
    return rows


_DATASET = CachedDataset(
    name="fetch_imdb",
    file_name="imdb.csv.gz",
    archive=RemoteFile(
        url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        checksum="7c2ac02c03563afcf9b574c7e56c153a",  # as published in torchtext
        algorithm="md5",
    ),
    parse=_parse_reviews,
)


@validate_params(
    {**FETCH_CONSTRAINTS, "subset": [StrOptions({"train", "test", "all"})]},
    prefer_skip_nested_validation=True,
)
def fetch_imdb(
    *,
    data_home: str | os.PathLike[str] | None = None,
    subset: str = "train",
    download_if_missing: bool = True,
    return_X_y: bool = False,
    as_frame: bool = False,
    n_retries: int = 3,
    delay: float = 1.0,
) -> Any:
    """Load 50,000 film reviews, positive or negative; download them if need be.

    The first call downloads 84 MB from Stanford, verifies the published MD5 digest, and keeps the
    labeled reviews as one compressed file. Later calls read that file.

    =================   ========================
    Classes                                    2
    Samples total       50,000 (25,000 a subset)
    Balance                               50:50
    =================   ========================

    Parameters
    ----------
    data_home : str or path-like, default=None
        Folder that keeps the file; see `get_data_home` for the default.
    subset : {'train', 'test', 'all'}, default='train'
        The half that its authors meant for training, the other one, or one after the other.
    download_if_missing : bool, default=True
        Whether to download what is not there yet, rather than raise.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` in place of a Bunch.
    as_frame : bool, default=False
        Whether `data` and `target` are pandas Series, and `frame` holds both.
    n_retries : int, default=3
        How many more times to try when the network fails.
    delay : float, default=1.0
        Seconds between two tries.

    Returns
    -------
    dataset : Bunch
        With the attributes

        data : list of str, or Series
            The reviews, in an order that is shuffled and always the same.
        target : ndarray of str of shape (n_samples,), or Series
            "neg" (at most 4 of 10 stars) or "pos" (at least 7).
        target_names : list of str
            ``["neg", "pos"]``.
        frame : DataFrame or None
            Columns `text` and `label`, with ``as_frame=True`` alone.
        DESCR : str
            What the data are, and whom to cite.
    (data, target) : tuple
        With ``return_X_y=True``.

    Raises
    ------
    ConnectionError
        If the server cannot be reached, or stops midway at every try.
    ValueError
        If the file that came is not the published one.
    OSError
        If the folder cannot be written, or the data are not there and may not be downloaded.

    See Also
    --------
    fetch_sms_spam : A smaller download of short texts.
    load_docstrings : A real problem that needs no download.

    Notes
    -----
    An interrupted download leaves nothing that a later call could mistake for data. The
    50,000 reviews without a label that the archive also holds are not kept. MD5 tells a broken
    file from a whole one; it is no protection against a forger.

    References
    ----------
    .. [1] Maas et al. (2011). Learning Word Vectors for Sentiment Analysis. ACL 2011, 142-150.

    Examples
    --------
    >>> from skdeepnlp.datasets import fetch_imdb
    >>> X, y = fetch_imdb(subset="test", return_X_y=True)  # doctest: +SKIP
    >>> len(X)  # doctest: +SKIP
    25000
    """
    rows = _DATASET.rows(
        data_home, download_if_missing=download_if_missing, n_retries=n_retries, delay=delay
    )
    wanted = _SUBSETS if subset == "all" else (subset,)
    chosen = [row for half in wanted for row in shuffled([row for row in rows if row[0] == half])]
    return as_dataset(chosen, descr=_DESCRIPTION, return_X_y=return_X_y, as_frame=as_frame)
