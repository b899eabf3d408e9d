"""Keep what was downloaded: one compact file per data set, whole or not at all."""

import csv
import gzip
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path

from sklearn.utils._param_validation import Interval

from skdeepnlp.datasets._bunch import SHAPE_CONSTRAINTS, Row
from skdeepnlp.datasets._remote import RemoteFile, download

__all__ = ["FETCH_CONSTRAINTS", "CachedDataset", "get_data_home"]

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
