"""fetch_imdb: which members of the archive become rows, and in which order."""

import dataclasses
import hashlib
import io
import tarfile

import pytest

from skdeepnlp.datasets import _imdb, fetch_imdb

MEMBERS = {
    "aclImdb/README": "not a review",
    "aclImdb/train/unsup/0_0.txt": "nobody knows",
    "aclImdb/train/urls_pos.txt": "https://example.org",
    "aclImdb/../../escaped.txt": "evil",
    "aclImdb/train/pos/../../../escaped.txt": "evil",
} | {
    f"aclImdb/{subset}/{label}/{index}_1.txt": f"{subset} {label} {index} –\r\n<br />"
    for subset in ("train", "test")
    for label in ("neg", "pos")
    for index in range(6)
}


@pytest.fixture
def served(site, data_home, monkeypatch):
    """The data set as a small archive on the local server."""
    site.content = _archive(MEMBERS)
    remote = _imdb.RemoteFile(site.url, hashlib.md5(site.content).hexdigest(), "md5")
    dataset = dataclasses.replace(_imdb._DATASET, archive=remote)
    monkeypatch.setattr(_imdb, "_DATASET", dataset)
    return site


def _archive(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("aclImdb/train/pos/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return buffer.getvalue()


def test_each_review_carries_its_own_label(served):
    X, y = fetch_imdb(subset="all", return_X_y=True)
    assert [text.split()[1] for text in X] == y.tolist()


@pytest.mark.parametrize("subset", ["train", "test"])
def test_a_subset_holds_its_labeled_reviews_and_no_other_file(served, subset):
    X, _ = fetch_imdb(subset=subset, return_X_y=True)
    expected = {text for name, text in MEMBERS.items() if text.startswith(f"{subset} ")}
    assert len(X) == 12
    assert set(X) == expected


def test_all_is_train_then_test(served):
    both, _ = fetch_imdb(subset="all", return_X_y=True)
    train, _ = fetch_imdb(subset="train", return_X_y=True)
    test, _ = fetch_imdb(subset="test", return_X_y=True)
    assert both == train + test


def test_classes_are_mixed_and_always_in_the_same_order(served):
    _, first = fetch_imdb(return_X_y=True)
    _, second = fetch_imdb(return_X_y=True)
    assert first.tolist() == second.tolist()
    assert first.tolist() != sorted(first.tolist())


def test_both_subsets_come_from_one_download(served):
    fetch_imdb(subset="train")
    fetch_imdb(subset="test")
    assert served.n_requests == 1


def test_no_member_is_written_to_disk(served, data_home, tmp_path):
    fetch_imdb()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["imdb.csv.gz"]


def test_another_content_raises(served):
    served.content = _archive({"aclImdb/train/pos/0_1.txt": "forged"})
    with pytest.raises(ValueError, match="Got a file with md5"):
        fetch_imdb()


def test_an_unknown_subset_raises():
    with pytest.raises(ValueError, match="'subset' parameter of fetch_imdb"):
        fetch_imdb(subset="validation")


def test_the_real_archive_is_the_published_one():
    archive = _imdb._DATASET.archive
    assert archive.url == "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
    assert archive.algorithm == "md5"
    assert archive.checksum == "7c2ac02c03563afcf9b574c7e56c153a"
