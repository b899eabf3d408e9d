"""Fetch the SMS Spam Collection of Almeida et al. (2011): short texts, one class rare."""

import os
import zipfile
from pathlib import Path
from typing import Any

from skdeepnlp._sklearn import validate_params
from skdeepnlp.datasets._bunch import Row, as_dataset
from skdeepnlp.datasets._cache import FETCH_CONSTRAINTS, CachedDataset, RemoteFile

_MEMBER = "SMSSpamCollection"
_DESCRIPTION = """\
SMS Spam Collection v.1.

5,574 English text messages, 4,827 legitimate ("ham") and 747 "spam", collected for research on
mobile phone spam. Some messages occur more than once.
Source: https://archive.ics.uci.edu/dataset/228/sms+spam+collection (CC BY 4.0)

Tiago A. Almeida, Jose Maria Gomez Hidalgo, and Akebo Yamakami (2011). Contributions to the Study of
SMS Spam Filtering: New Collection and Results. Proceedings of DOCENG 2011, 259-262.
"""


def _parse_messages(archive: Path) -> list[Row]:
    """Read (label, text) straight from the archive; no member is written to disk."""
    with zipfile.ZipFile(archive) as file:
        lines = file.read(_MEMBER).decode("utf-8").split("\n")
    # not splitlines(): it would also cut at the control characters that some messages hold
    return [tuple(line.rstrip("\r").split("\t", maxsplit=1)) for line in lines if line]


_DATASET = CachedDataset(
    name="fetch_sms_spam",
    file_name="sms_spam.csv.gz",
    archive=RemoteFile(
        url="https://archive.ics.uci.edu/static/public/228/sms+spam+collection.zip",
        # as published in MLDatasets.jl
        checksum="1587ea43e58e82b14ff1f5425c88e17f8496bfcdb67a583dbff9eefaf9963ce3",
        algorithm="sha256",
    ),
    parse=_parse_messages,
)


@validate_params(FETCH_CONSTRAINTS, prefer_skip_nested_validation=True)
def fetch_sms_spam(
    *,
    data_home: str | os.PathLike[str] | None = None,
    download_if_missing: bool = True,
    return_X_y: bool = False,
    as_frame: bool = False,
    n_retries: int = 3,
    delay: float = 1.0,
) -> Any:
    """Load 5,574 text messages, spam or not; download them if need be.

    The first call downloads 0.2 MB from the UCI repository, verifies the SHA-256 digest, and keeps
    the messages as one compressed file. Later calls read that file.

    =================   ===========================
    Classes                                       2
    Samples total                             5,574
    Samples per class   4,827 ("ham"), 747 ("spam")
    =================   ===========================

    Parameters
    ----------
    data_home : str or path-like, default=None
        Folder that keeps the file; see `get_data_home` for the default.
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
            The messages, in the order of the original file.
        target : ndarray of str of shape (n_samples,), or Series
            "ham" or "spam".
        target_names : list of str
            ``["ham", "spam"]``.
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
        If the file that came is not the known one.
    OSError
        If the folder cannot be written, or the data are not there and may not be downloaded.

    See Also
    --------
    fetch_imdb : A larger download of long texts.
    load_docstrings : A real problem that needs no download.

    Notes
    -----
    Its authors named no test set. About 400 messages repeat another one, so a random split puts
    copies on both sides; drop duplicates first where that matters. An interrupted download leaves
    nothing that a later call could mistake for data.

    References
    ----------
    .. [1] Almeida, Gomez Hidalgo and Yamakami (2011). Contributions to the Study of SMS Spam
       Filtering: New Collection and Results. DOCENG 2011, 259-262.

    Examples
    --------
    >>> from skdeepnlp.datasets import fetch_sms_spam
    >>> X, y = fetch_sms_spam(return_X_y=True)  # doctest: +SKIP
    >>> len(X)  # doctest: +SKIP
    5574
    """
    rows = _DATASET.rows(
        data_home, download_if_missing=download_if_missing, n_retries=n_retries, delay=delay
    )
    return as_dataset(rows, descr=_DESCRIPTION, return_X_y=return_X_y, as_frame=as_frame)
