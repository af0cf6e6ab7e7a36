"""The index of genres: what a prompt needs, kept between processes, never stale, never in the way."""

import os
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.knowledge import index, loader
from hardcore.language.prompt.understand import understand
from hardcore.paths import cache_folder


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Forget what this process read: each test is a new one."""
    index._entries.cache_clear()


def again() -> tuple[index.Entry, ...]:
    index._entries.cache_clear()
    return index.entries()


def file() -> Path:
    return cache_folder() / index.FILE


def write(genre_id: str, text: str) -> Path:
    loader.own_folder().mkdir(parents=True, exist_ok=True)
    path = loader.own_folder() / f"{genre_id}.yaml"
    path.write_text(f"name: {genre_id}\nabout: one of mine\n{text}")
    return path


def test_an_entry_says_what_the_genre_says() -> None:
    by_id = {entry.id: entry for entry in index.entries()}
    assert tuple(by_id) == loader.genre_ids()
    for genre_id in ("house", "dub", "psytrance", "waltz"):
        entry, known = by_id[genre_id], loader.genre(genre_id)
        assert entry.phrases == loader.phrases_of(known)
        assert (entry.low_bpm, entry.default_bpm, entry.high_bpm) == (
            known.tempo.low, known.tempo.default, known.tempo.high,
        )  # fmt: skip
        assert entry.character == known.character.model_dump()
        assert entry.meter == known.meter and entry.about == known.about
        assert set(entry.roles) == {role for role, part in known.parts.items() if part.chance >= 0.5}
        assert set(entry.devices) == {sound.device for sounds in known.palette.values() for sound in sounds}
        assert entry.usual_key == max(known.keys, key=lambda choice: choice.weight).key.name


def test_a_second_process_reads_the_index_and_no_genre(monkeypatch: pytest.MonkeyPatch) -> None:
    first = index.entries()

    def unread(genre_id: str) -> None:
        raise AssertionError(f"read {genre_id}")

    monkeypatch.setattr(loader, "plain", unread)
    monkeypatch.setattr(loader, "genre", unread)
    assert again() == first
    assert understand("deep house, 2 bars").genre == "deep_house"


def test_a_changed_a_new_and_a_removed_file_are_seen() -> None:
    assert "cellar" not in {entry.id for entry in index.entries()}
    path = write("cellar", "based_on: house\ntempo: {low: 90, high: 99, default: 91}\n")
    assert next(entry for entry in again() if entry.id == "cellar").default_bpm == 91
    path.write_text(path.read_text().replace("default: 91", "default: 92"))
    os.utime(path, ns=(1, 1))
    assert next(entry for entry in again() if entry.id == "cellar").default_bpm == 92
    path.unlink()
    assert "cellar" not in {entry.id for entry in again()}


def test_another_version_of_the_program_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = index.state()
    monkeypatch.setattr(index, "__version__", "99")
    assert index.state() != before


@pytest.mark.parametrize("rubbish", [b"", b"{", b"\xff\xfe", b'{"made_from": "x", "entries": 3}', b"[]", b"null"])
def test_a_broken_index_is_made_anew(rubbish: bytes) -> None:
    first = index.entries()
    file().write_bytes(rubbish)
    assert again() == first
    assert len(file().read_bytes()) > 1000


def test_where_none_can_be_kept_it_is_made_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = index.entries()
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    monkeypatch.setattr(index, "cache_folder", lambda: blocked / "cache")
    assert again() == first

    def no_folder() -> Path:
        raise UserError("no place")

    monkeypatch.setattr(index, "cache_folder", no_folder)
    assert again() == first


def test_a_mistake_in_a_user_s_genre_stops_no_other() -> None:
    write("mine", "based_on: house\nbars: 0\n")
    assert "mine" not in {entry.id for entry in again()}
    assert "house" in {entry.id for entry in again()}
