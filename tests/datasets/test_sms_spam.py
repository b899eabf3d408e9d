"""fetch_sms_spam, and through it all that downloading and caching promise."""

import dataclasses
import errno
import hashlib
import io
import ssl
import zipfile

import numpy as np
import pytest

from skdeepnlp.datasets import _sms_spam, fetch_sms_spam

TEXTS = ['Hi "you", ok?', "Win\t£1000 now", "one\x85line", "NA", '"open', "u\x0bme"]
LABELS = ["ham", "spam", "ham", "ham", "spam", "ham"]
FILE = "".join(f"{label}\t{text}\n" for label, text in zip(LABELS, TEXTS, strict=True))


@pytest.fixture
def served(site, data_home, monkeypatch):
    """The data set as a small archive on the local server."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme", "not a message")
        archive.writestr("SMSSpamCollection", FILE.encode("utf-8"))
    site.content = buffer.getvalue()
    remote = _sms_spam.RemoteFile(site.url, hashlib.sha256(site.content).hexdigest(), "sha256")
    dataset = dataclasses.replace(_sms_spam._DATASET, archive=remote)
    monkeypatch.setattr(_sms_spam, "_DATASET", dataset)
    return site


def test_texts_and_labels_are_those_of_the_file(served):
    X, y = fetch_sms_spam(return_X_y=True)
    assert X == TEXTS
    assert y.tolist() == LABELS


def test_the_second_call_gives_the_same_without_a_server(served):
    first = fetch_sms_spam(return_X_y=True)
    served.close()
    second = fetch_sms_spam(return_X_y=True)
    assert second[0] == first[0]
    np.testing.assert_array_equal(second[1], first[1])


def test_one_file_is_kept_and_nothing_else(served, data_home):
    fetch_sms_spam()
    assert [path.name for path in data_home.iterdir()] == ["sms_spam.csv.gz"]


def test_the_argument_wins_over_the_environment(served, data_home, tmp_path):
    fetch_sms_spam(data_home=tmp_path / "other")
    assert (tmp_path / "other" / "sms_spam.csv.gz").exists()
    assert not data_home.exists()


def test_a_bunch_says_what_it_holds(served):
    bunch = fetch_sms_spam()
    assert bunch.target_names == ["ham", "spam"]
    assert bunch.frame is None
    assert "SMS Spam Collection" in bunch.DESCR


def test_a_frame_holds_texts_beside_labels(served):
    frame = fetch_sms_spam(as_frame=True).frame
    assert frame["text"].tolist() == TEXTS
    assert frame["label"].tolist() == LABELS


def test_frames_come_apart_as_two_series(served):
    X, y = fetch_sms_spam(as_frame=True, return_X_y=True)
    assert (X.name, y.name) == ("text", "label")


def test_another_content_raises_and_is_not_kept(served, data_home):
    served.content += b"!"
    with pytest.raises(ValueError, match=r"Got a file with sha256 .* expected .* Nothing was kept"):
        fetch_sms_spam()
    assert list(data_home.iterdir()) == []


def test_an_interrupted_download_is_no_data(served, data_home):
    served.plan("half")
    with pytest.raises(ConnectionError, match=r"stopped after \d+ of \d+ bytes"):
        fetch_sms_spam(n_retries=1, delay=0)
    assert list(data_home.iterdir()) == []
    served.plan("whole")
    assert len(fetch_sms_spam().data) == 6


def test_an_interrupted_download_is_tried_again(served):
    served.plan("half", 503, "whole")
    assert len(fetch_sms_spam(n_retries=2, delay=0).data) == 6
    assert served.n_requests == 3


@pytest.mark.parametrize(
    "error", [ssl.SSLError(1, "bad record"), OSError(errno.EHOSTUNREACH, "No route")], ids=str
)
def test_errors_of_the_network_are_not_taken_for_those_of_the_disk(served, monkeypatch, error):
    """They were said to be a folder that cannot be written, and not tried again."""

    def fail(*arguments):
        served.n_requests += 100
        raise error

    monkeypatch.setattr("http.client.HTTPResponse.read", fail)
    with pytest.raises(ConnectionError, match="fetch_sms_spam has no data"):
        fetch_sms_spam(n_retries=1, delay=0)
    assert served.n_requests == 202


def test_no_more_retries_than_asked_for(served):
    served.plan(503)
    with pytest.raises(ConnectionError, match="503"):
        fetch_sms_spam(n_retries=2, delay=0)
    assert served.n_requests == 3


def test_a_missing_page_is_asked_for_once(served):
    served.plan(404)
    with pytest.raises(ConnectionError, match="404"):
        fetch_sms_spam(n_retries=5, delay=0)
    assert served.n_requests == 1


def test_a_server_that_names_no_length_is_fine(served):
    served.plan("whole, length unknown")
    assert len(fetch_sms_spam().data) == 6


def test_offline_the_error_names_address_folder_and_remedy(served, data_home):
    served.close()
    with pytest.raises(ConnectionError) as caught:
        fetch_sms_spam(n_retries=0)
    message = str(caught.value)
    assert served.url in message
    assert f"copy sms_spam.csv.gz from a machine where that worked into {data_home}" in message


def test_without_permission_nothing_is_downloaded(served, data_home):
    with pytest.raises(OSError, match=r"does not exist.*with download_if_missing=True"):
        fetch_sms_spam(download_if_missing=False)
    assert served.n_requests == 0
    assert not data_home.exists()


def test_permission_is_not_needed_for_what_is_there(served):
    fetch_sms_spam()
    assert len(fetch_sms_spam(download_if_missing=False).data) == 6


def test_a_folder_that_cannot_be_written_is_named_before_downloading(served, tmp_path):
    # a file in the way stops root too, which a read-only folder does not
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"cannot write to .*file.*Give a writable data_home"):
        fetch_sms_spam(data_home=tmp_path / "file")
    assert served.n_requests == 0


def test_a_disk_without_room_is_named_and_nothing_is_left(served, data_home, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("skdeepnlp.datasets._cache._write_rows", full)
    with pytest.raises(OSError, match=r"cannot write to .*No space left.*data_home that has room"):
        fetch_sms_spam()
    assert list(data_home.iterdir()) == []


@pytest.mark.parametrize("broken", [b"", b"no gzip at all", None], ids=["empty", "other", "cut"])
def test_a_broken_cache_says_to_delete_it(served, data_home, broken):
    fetch_sms_spam()
    path = data_home / "sms_spam.csv.gz"
    path.write_bytes(path.read_bytes()[:-20] if broken is None else broken)
    with pytest.raises(OSError, match=r"Got a broken cache file .*Delete the file"):
        fetch_sms_spam()


@pytest.mark.parametrize(
    "wrong", [{"n_retries": -1}, {"delay": -0.1}, {"as_frame": "yes"}], ids=str
)
def test_wrong_parameters_are_named(wrong):
    with pytest.raises(ValueError, match=f"'{next(iter(wrong))}' parameter of fetch_sms_spam"):
        fetch_sms_spam(**wrong)


def test_the_real_archive_is_the_published_one():
    archive = _sms_spam._DATASET.archive
    assert archive.url == "https://archive.ics.uci.edu/static/public/228/sms+spam+collection.zip"
    assert archive.algorithm == "sha256"
    assert archive.checksum == "1587ea43e58e82b14ff1f5425c88e17f8496bfcdb67a583dbff9eefaf9963ce3"
