"""The index of the user's sounds: kept, found by name, id and path, forgotten; the files are not touched."""

from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.project.recording import file_digest
from hardcore.project.soundfacts import SoundFacts, SoundFile
from hardcore.store import sound_index


def put(path: Path, content: str = "sound", problem: str = "") -> SoundFile:
    """Return a file on the disk as the index knows it; its content need not be a sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    stamp = path.stat()
    facts = SoundFacts(file_digest(path), stamp.st_size, 4800, 48000, 1, "kick", words=("dark",), hz=50.0)
    return SoundFile(str(path), str(path.parent), stamp.st_size, stamp.st_mtime_ns, None if problem else facts, problem)


def test_what_is_recorded_comes_back_as_it_was(tmp_path: Path) -> None:
    files = [put(tmp_path / "b.wav", "b"), put(tmp_path / "a.wav", "a"), put(tmp_path / "c.wav", "c", "it is silent")]
    sound_index.record(files)
    assert sound_index.files() == sorted(files, key=lambda file: file.path)
    sound_index.record([put(tmp_path / "a.wav", "anew")])
    assert len(sound_index.files()) == 3


def test_only_what_lies_in_a_folder_is_known_of_it(tmp_path: Path) -> None:
    sound_index.record(
        [put(tmp_path / "kit" / "a.wav"), put(tmp_path / "kit 2" / "b.wav"), put(tmp_path / "k_t" / "c.wav")]
    )
    assert set(sound_index.known(tmp_path / "kit")) == {str(tmp_path / "kit" / "a.wav")}
    assert len(sound_index.known(tmp_path)) == 3
    assert set(sound_index.known(tmp_path / "kit" / "a.wav")) == {str(tmp_path / "kit" / "a.wav")}


def test_a_sound_is_found_by_name_id_and_path(tmp_path: Path) -> None:
    deep = put(tmp_path / "Deep Kick.wav", "deep")
    sound_index.record([deep, put(tmp_path / "other.wav", "other")])
    for words in ("Deep Kick", "deep kick ", deep.id, deep.path):
        assert sound_index.find(words) == deep
    with pytest.raises(UserError, match="no sound 'depp kick'") as caught:
        sound_index.find("depp kick")
    assert "Deep Kick" in caught.value.hint


def test_two_sounds_of_one_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    one, two = put(tmp_path / "x" / "kick.wav", "one"), put(tmp_path / "y" / "kick.wav", "two")
    sound_index.record([one, two, put(tmp_path / "z" / "kick.wav", "one")])
    with pytest.raises(UserError, match="several sounds") as caught:
        sound_index.find("kick")
    assert one.id in caught.value.hint and two.id in caught.value.hint
    assert sound_index.find(two.id) == two
    assert sound_index.find(one.id).facts == one.facts


def test_a_copy_that_is_still_there_is_preferred(tmp_path: Path) -> None:
    gone, there = put(tmp_path / "a" / "kick.wav"), put(tmp_path / "b" / "kick.wav")
    sound_index.record([gone, there])
    assert gone.facts is not None
    Path(gone.path).unlink()
    assert sound_index.find("kick") == there
    assert sound_index.paths([gone.facts.sha256, "f" * 64]) == {gone.facts.sha256: Path(there.path)}


def test_a_file_that_was_touched_is_read_again_and_one_that_changed_is_not_taken(tmp_path: Path) -> None:
    file = put(tmp_path / "a.wav", "first")
    assert file.facts is not None
    sound_index.record([file])
    (tmp_path / "a.wav").write_text("first")
    assert sound_index.paths([file.facts.sha256]) == {file.facts.sha256: tmp_path / "a.wav"}
    (tmp_path / "a.wav").write_text("secnd")
    assert sound_index.paths([file.facts.sha256]) == {}


def test_forgetting_leaves_the_files(tmp_path: Path) -> None:
    file = put(tmp_path / "a.wav")
    sound_index.record([file])
    assert sound_index.forget([file.path, "/nowhere"]) == 1
    assert sound_index.files() == [] and Path(file.path).is_file()
    with pytest.raises(UserError, match="no sound"):
        sound_index.find("a")


def test_completion_gets_names_that_begin_so(tmp_path: Path) -> None:
    sound_index.record([put(tmp_path / f"{name}.wav", name) for name in ("Kick 1", "kick 2", "hat", "k%")])
    assert [file.name for file in sound_index.starting("kick")] == ["Kick 1", "kick 2"]
    assert [file.name for file in sound_index.starting("k%")] == ["k%"]
    assert len(sound_index.starting("", most=2)) == 2


def test_a_broken_index_is_told_in_words(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "sounds.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(UserError, match="library of sounds cannot be used"):
        sound_index.files()
