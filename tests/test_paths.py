"""Where things lie."""

import sys
from pathlib import Path

import pytest

from hardcore import paths
from hardcore.errors import UserError


def test_one_variable_puts_every_folder_of_the_user_under_one(home: Path) -> None:
    folders = [paths.state_folder(), paths.config_folder(), paths.user_folder(), paths.cache_folder()]
    assert folders == [home / "state", home / "config", home / "data", home / "cache"]
    assert all(folder.is_dir() for folder in folders)


@pytest.mark.skipif(sys.platform != "linux", reason="the places differ by system")
def test_without_it_the_system_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HARDCORE_HOME")
    for name in ("STATE", "CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    assert paths.state_folder() == tmp_path / "STATE" / "hardcore"
    assert paths.config_folder() == tmp_path / "CONFIG" / "hardcore"
    assert paths.user_folder() == tmp_path / "DATA" / "hardcore"
    assert paths.cache_folder() == tmp_path / "CACHE" / "hardcore"
    assert paths.state_folder().stat().st_mode & 0o777 == 0o700


def test_the_programs_data_is_found() -> None:
    assert (paths.data_folder("synthdefs") / "kick808.scsyndef").is_file()


def test_an_unknown_data_folder_gets_the_nearest() -> None:
    with pytest.raises(UserError, match="no data folder 'sample'") as caught:
        paths.data_folder("sample")
    assert "samples" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "file"))
    with pytest.raises(UserError, match="cannot be made"):
        paths.state_folder()
