"""get_data_home: where downloaded data lie."""

from pathlib import Path

from skdeepnlp.datasets import get_data_home


def test_the_environment_variable_names_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("SKDEEPNLP_DATA", str(tmp_path))
    assert get_data_home() == tmp_path


def test_without_the_variable_it_is_a_folder_in_the_home(monkeypatch):
    monkeypatch.delenv("SKDEEPNLP_DATA", raising=False)
    assert get_data_home() == Path.home() / "skdeepnlp_data"


def test_a_relative_folder_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert get_data_home("texts") == tmp_path / "texts"


def test_asking_creates_nothing(tmp_path):
    assert not get_data_home(tmp_path / "texts").exists()
