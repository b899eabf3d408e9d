"""Download a file whole and verified, or say why not and what to do."""

import hashlib
import http.client
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["RemoteFile", "download"]

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
    >>> from skdeepnlp.datasets._remote import RemoteFile
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
        If the last try failed as well, or the server refuses for good (such as "404 Not Found").
    ValueError
        If the content is not the known one.

    Examples
    --------
    >>> import hashlib, pathlib, tempfile
    >>> from skdeepnlp.datasets._remote import RemoteFile, download
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
    """Refuse a short file: a sized read does not notice that the server hung up."""
    n_promised = response.headers.get("Content-Length")
    if n_promised is not None and int(n_promised) != n_received:
        raise ConnectionError(f"the download stopped after {n_received} of {n_promised} bytes")


def _is_final(error: BaseException) -> bool:
    """Say whether asking again is of no use: the server understood, and refused (4xx)."""
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
