"""Files of data sets: fetched once, checked, kept in a folder."""

import csv
import gzip
import hashlib
import http.client
import logging
import os
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from skdeepnlp._sklearn import Interval
from skdeepnlp.datasets._bunch import SHAPE_CONSTRAINTS, Row

_CHUNK_BYTES = 1 << 20
_TIMEOUT_SECONDS = 30
_NETWORK_ERRORS = (
    urllib.error.URLError,
    http.client.HTTPException,
    ConnectionError,
    TimeoutError,
)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RemoteFile:
    """A file on the web whose content is known.

    Parameters
    ----------
    url : str
        Where it lies.
    checksum : str
        Hexadecimal digest of its content.
    algorithm : str
        Name of the digest, such as ``"sha256"``.

    Examples
    --------
    >>> from skdeepnlp.datasets._cache import RemoteFile
    >>> RemoteFile("https://example.org/a.zip", checksum="0cc1", algorithm="md5").algorithm
    'md5'
    """

    url: str
    checksum: str
    algorithm: str


def download(remote: RemoteFile, path: Path, *, n_retries: int, delay: float) -> None:
    """Download a file to a path, try again when the network fails, and verify it.

    Parameters
    ----------
    remote : RemoteFile
        What to download.
    path : Path
        Where to write it. After an error, what lies there is not to be used.
    n_retries : int
        How many more times to try after a first failure of the network.
    delay : float
        Seconds between two tries.

    Raises
    ------
    ConnectionError
        If the last try failed as well, or the server rejects the request (such as "404 Not Found").
    ValueError
        If the content is not the known one.

    Examples
    --------
    >>> import hashlib, pathlib, tempfile
    >>> from skdeepnlp.datasets._cache import RemoteFile, download
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder, "source")
    ...     _ = source.write_bytes(b"text")
    ...     remote = RemoteFile(source.as_uri(), hashlib.md5(b"text").hexdigest(), "md5")
    ...     download(remote, pathlib.Path(folder, "copy"), n_retries=0, delay=0)
    ...     pathlib.Path(folder, "copy").read_text()
    'text'
    """
    for n_left in range(n_retries, -1, -1):
        try:
            _download_once(remote.url, path)
            break
        except _NETWORK_ERRORS as error:
            if n_left == 0 or _is_final(error):
                raise ConnectionError(
                    f"{remote.url} did not answer as expected: {error}"
                ) from error
            _logger.warning("%s: %s; %d tries left", remote.url, error, n_left)
            time.sleep(delay)
    _verify(remote, path)


def _download_once(url: str, path: Path) -> None:
    """Write what a URL holds to a path, and make sure that it is all of it."""
    _logger.info("Downloading %s", url)
    with path.open("wb") as file:
        for chunk in _received(url):
            file.write(chunk)


def _received(url: str) -> Iterator[bytes]:
    """Yield what a URL holds; errors of writing it are not seen here, and so told apart."""
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as response:
            n_received = 0
            while chunk := response.read(_CHUNK_BYTES):
                n_received += len(chunk)
                yield chunk
            _check_length(response, n_received)
    except _NETWORK_ERRORS:
        raise
    except OSError as error:  # such as ssl.SSLError
        raise ConnectionError(str(error)) from error


def _check_length(response: Any, n_received: int) -> None:
    """Raise at a short file: a sized read does not notice that the server hung up."""
    n_promised = response.headers.get("Content-Length")
    if n_promised is not None and int(n_promised) != n_received:
        raise ConnectionError(f"the download stopped after {n_received} of {n_promised} bytes")


def _is_final(error: BaseException) -> bool:
    """Say whether a further try is of no use: the server rejected the request (4xx)."""
    return isinstance(error, urllib.error.HTTPError) and 400 <= error.code < 500


def _verify(remote: RemoteFile, path: Path) -> None:
    """Raise if a file has another content than the known one."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, remote.algorithm).hexdigest()
    if digest != remote.checksum:
        raise ValueError(
            f"Got a file with {remote.algorithm} {digest} from {remote.url}, expected "
            f"{remote.checksum}. A proxy may have answered in place of the server, or the file "
            "was changed there: open the address in a browser, then call again. Nothing was kept."
        )


FETCH_CONSTRAINTS: dict[str, list] = {
    "data_home": [str, os.PathLike, None],
    "download_if_missing": ["boolean"],
    **SHAPE_CONSTRAINTS,
    "n_retries": [Interval(Integral, 0, None, closed="left")],
    "delay": [Interval(Real, 0, None, closed="left")],
}
"""Limits of the parameters that every data set to be downloaded has."""


def get_data_home(data_home: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder that holds downloaded data sets; it need not exist yet.

    Parameters
    ----------
    data_home : str or path-like, default=None
        The folder. If None, the environment variable ``SKDEEPNLP_DATA``, and without it
        ``skdeepnlp_data`` in the user's home. A leading "~" stands for that home.

    Returns
    -------
    data_home : Path
        Absolute path of the folder.

    See Also
    --------
    fetch_imdb : Downloads 50,000 film reviews into it.
    fetch_sms_spam : Downloads 5,574 text messages into it.

    Examples
    --------
    >>> from skdeepnlp.datasets import get_data_home
    >>> get_data_home("~/texts").name
    'texts'
    """
    if data_home is None:
        data_home = os.environ.get("SKDEEPNLP_DATA") or Path("~", "skdeepnlp_data")
    return Path(data_home).expanduser().absolute()


@dataclass(frozen=True)
class CachedDataset:
    """Rows of a remote archive, parsed once and kept as one file.

    Parameters
    ----------
    name : str
        Public name of the function that fetches it, for messages.
    file_name : str
        Name of the file that keeps the rows, ending in ``.csv.gz``.
    archive : RemoteFile
        The original.
    parse : callable
        Takes the path of the downloaded archive and returns its rows.

    Examples
    --------
    >>> from skdeepnlp.datasets._sms_spam import _DATASET
    >>> _DATASET.file_name
    'sms_spam.csv.gz'
    """

    name: str
    file_name: str
    archive: RemoteFile
    parse: Callable[[Path], Iterable[Row]]

    def rows(
        self,
        data_home: str | os.PathLike[str] | None,
        *,
        download_if_missing: bool,
        n_retries: int,
        delay: float,
    ) -> list[Row]:
        """Return the rows from the cache, and fill the cache first if need be."""
        path = get_data_home(data_home) / self.file_name
        if not path.exists():
            if not download_if_missing:
                raise OSError(self._advice(f"{path} does not exist", path))
            self._fill(path, n_retries=n_retries, delay=delay)
        return self._read(path)

    def _fill(self, path: Path, *, n_retries: int, delay: float) -> None:
        """Download, parse and write beside the final place; then move there in one step."""
        with _staging_folder(path.parent, self.name) as staging:
            archive, staged = staging / "archive", staging / self.file_name
            try:
                download(self.archive, archive, n_retries=n_retries, delay=delay)
                _write_rows(staged, self.parse(archive))
                staged.replace(path)
            except ConnectionError as error:
                raise ConnectionError(self._advice(str(error), path)) from error
            except OSError as error:
                if error.errno is None:  # not of the disk
                    raise
                raise _cannot_write(self.name, path.parent, error) from error

    def _read(self, path: Path) -> list[Row]:
        """Read the cache; only a copy or a disk can have broken it."""
        try:
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                rows: list[Row] = [tuple(row) for row in csv.reader(file)]
            if not rows:
                raise EOFError("it is empty")
        except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
            raise OSError(
                f"Got a broken cache file {path} ({error}), expected what {self.name} wrote. "
                "Delete the file and call again."
            ) from error
        return rows

    def _advice(self, problem: str, path: Path) -> str:
        """Say what is missing, and the two ways to get it."""
        return (
            f"{self.name} has no data: {problem}. Call {self.name}() on a machine that reaches "
            f"{self.archive.url}, with download_if_missing=True; or copy {path.name} from a "
            f"machine where that worked into {path.parent}."
        )


@contextmanager
def _staging_folder(parent: Path, name: str) -> Iterator[Path]:
    """Make a folder that disappears again, whatever happens, beside the final place."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix="incomplete-", dir=parent)
    except OSError as error:
        raise _cannot_write(name, parent, error) from error
    with folder:
        yield Path(folder.name)


def _cannot_write(name: str, parent: Path, error: OSError) -> OSError:
    return OSError(
        error.errno,
        f"{name} cannot write to {parent} ({error}). Give a writable data_home that has room "
        "for it, or set the environment variable SKDEEPNLP_DATA to one.",
    )


def _write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as compressed CSV."""
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=6) as file:
        csv.writer(file).writerows(rows)
