"""The pool: copies and never links, checked each time, gone when nothing plays them any more."""

import os
import wave
from pathlib import Path

import pytest

from hardcore.engine.pool import Pool, name_of
from hardcore.project.multisample import Load
from hardcore.project.recording import Recording, decoded_path, file_digest
from hardcore.project.samples import sample


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    (tmp_path / "pool").mkdir()
    return Pool(tmp_path / "pool")


def recorded(path: Path, frames: int = 500, value: int = 1) -> Recording:
    """Return a recording of a file that is written with so many frames of a value."""
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 48_000, frames, "NONE", ""))
        sound.writeframes(bytes((value, 0)) * frames)
    size = path.stat().st_size
    return Recording(
        sha256=file_digest(path), name="one", path=str(path), size=size, frames=frames, rate=48_000, channels=1
    )  # fmt: skip


def load_of(recording: Recording, first: int = 0, frames: int = 0) -> Load:
    return Load(f"{recording.key}:{first}", None, recording, first, frames)


def overwritten(path: Path, data: bytes) -> None:
    """Let a file hold something else, as one could who knew its name and might write to it."""
    path.chmod(0o600)
    path.write_bytes(data)


def test_what_plays_is_a_copy_of_its_own_named_by_its_hash(pool: Pool, tmp_path: Path) -> None:
    one = recorded(tmp_path / "one.wav")
    copy = pool.hold(load_of(one))
    assert copy is not None and copy.name == one.sha256
    assert copy.read_bytes() == Path(one.path).read_bytes()
    assert not copy.is_symlink() and copy.stat().st_nlink == 1 and not copy.samefile(one.path)
    assert copy.stat().st_mode & 0o777 == 0o400
    # What happens to the original from now on is not heard.
    Path(one.path).unlink()
    assert pool.hold(load_of(one)) == copy


def test_a_link_is_followed_before_it_is_copied(pool: Pool, tmp_path: Path) -> None:
    one = recorded(tmp_path / "one.wav")
    (tmp_path / "link.wav").symlink_to(one.path)
    copy = pool.hold(load_of(one.evolve(path=str(tmp_path / "link.wav"))))
    assert copy is not None and not copy.is_symlink() and copy.is_file()


def test_the_programs_own_samples_are_copied_and_checked_too(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = sample("perc_wood")
    load = Load("our perc_wood", "perc_wood", None)
    copy = pool.hold(load)
    assert copy is not None and file_digest(copy) == ours.sha256
    data = bytearray(ours.path.read_bytes())
    data[-1] ^= 1
    (tmp_path / ours.file).write_bytes(data)
    monkeypatch.setattr("hardcore.project.samples.data_folder", lambda name: tmp_path)
    assert pool.hold(load) == copy, "a right copy is made once"
    pool.keep(())
    assert pool.hold(load) is None and not list(copy.parent.iterdir())


def test_a_copy_that_was_overwritten_is_made_anew(pool: Pool, tmp_path: Path) -> None:
    one = recorded(tmp_path / "one.wav")
    copy = pool.hold(load_of(one))
    assert copy is not None
    right = copy.read_bytes()
    overwritten(copy, b"\7" * len(right))
    assert pool.hold(load_of(one)) == copy and copy.read_bytes() == right
    copy.unlink()
    assert pool.hold(load_of(one)) == copy and copy.read_bytes() == right
    Path(one.path).unlink()
    overwritten(copy, b"\7" * len(right))
    assert pool.hold(load_of(one)) is None and not copy.exists(), "what is wrong is played nevertheless"


def test_a_decoded_copy_is_checked_against_what_it_was_when_it_was_taken(pool: Pool, tmp_path: Path) -> None:
    one = recorded(tmp_path / "one.flac").evolve(path="/nowhere/one.flac")
    decoded = decoded_path(one.key)
    decoded.parent.mkdir(parents=True)
    recorded(decoded, value=3)
    copy = pool.hold(load_of(one))
    assert copy is not None and copy.name == one.key and copy.read_bytes() == decoded.read_bytes()
    overwritten(copy, b"\7" * copy.stat().st_size)
    assert pool.hold(load_of(one)) == copy and copy.read_bytes() == decoded.read_bytes()


def test_a_sound_of_a_file_that_holds_many_is_cut_out(pool: Pool, tmp_path: Path) -> None:
    font = tmp_path / "font.sf2"
    font.write_bytes(b"head" + b"\5\0" * 100)
    part = Recording(
        sha256=file_digest(font), name="part", path=str(font), size=204, frames=60, rate=48_000, channels=1, offset=24
    )  # fmt: skip
    copy = pool.hold(load_of(part))
    assert copy is not None and copy.name == part.key
    with wave.open(str(copy)) as sound:
        assert sound.readframes(100) == b"\5\0" * 60


@pytest.mark.parametrize("kind", ["missing", "changed", "longer", "folder", "pipe", "long name"])
def test_what_is_not_there_as_it_is_meant_leaves_nothing(pool: Pool, tmp_path: Path, kind: str) -> None:
    one = recorded(tmp_path / "one.wav")
    path = Path(one.path)
    if kind == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"\7")
    elif kind == "longer":
        path.write_bytes(path.read_bytes() + b"\7")
    elif kind == "long name":
        one = one.evolve(path=str(tmp_path / ("x" * 300)))
    else:
        path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
    assert pool.hold(load_of(one)) is None
    assert not list((tmp_path / "pool").iterdir())


def test_stretches_of_a_file_share_a_copy_and_what_nothing_plays_is_removed(pool: Pool, tmp_path: Path) -> None:
    one, two = recorded(tmp_path / "one.wav"), recorded(tmp_path / "two.wav", value=2)
    loads = [load_of(one), load_of(one, 100, 50), load_of(two)]
    copies = [pool.hold(load) for load in loads]
    assert copies[0] == copies[1] != copies[2]
    pool.keep([loads[1]])
    assert [path.name for path in (tmp_path / "pool").iterdir()] == [name_of(loads[1])]
    pool.keep(())
    assert not list((tmp_path / "pool").iterdir())
