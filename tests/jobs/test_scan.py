"""Scanning folders of sounds: real files, a real worker, and its death."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.errors import JobFailed, UserError
from hardcore.jobs import scan as scanning
from hardcore.jobs.foldersearch import walk
from hardcore.jobs.scan import Scanned, scan
from hardcore.project.recording import file_digest
from hardcore.project.samples import samples
from hardcore.project.soundfacts import SoundFile
from hardcore.workers.worker import Worker

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and links")


def filled(folder: Path, count: int = 6) -> Path:
    """Return the folder with `count` different short sounds in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        tone = 0.4 * np.sin(np.arange(9600) * 2 * np.pi * (60 + 7 * number) / 48000)
        soundfile.write(folder / f"tone_{number:02}.wav", tone, 48000)
    return folder


def run(folder: Path, known: dict[str, tuple[int, int]] | None = None) -> tuple[Scanned, list[SoundFile]]:
    found: list[SoundFile] = []
    return asyncio.run(scan(folder, known or {}, found.extend)), found


def test_every_sound_is_heard_and_the_files_are_untouched(tmp_path: Path) -> None:
    for known in samples().values():
        (tmp_path / known.file).write_bytes(known.path.read_bytes())
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    scanned, found = run(tmp_path)
    assert (scanned.heard, scanned.refused) == (len(samples()), ())
    for file in found:
        known = next(known for known in samples().values() if known.file == Path(file.path).name)
        assert file.facts is not None
        assert (file.facts.sha256, file.facts.frames, file.facts.rate) == (known.sha256, known.frames, known.rate)
        assert file.facts.size == file.size == Path(file.path).stat().st_size
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_a_second_scan_hears_only_what_is_new_and_tells_what_is_gone(tmp_path: Path) -> None:
    _, found = run(filled(tmp_path))
    known = {file.path: (file.size, file.modified_ns) for file in found}
    (tmp_path / "tone_00.wav").unlink()
    soundfile.write(tmp_path / "tone_01.wav", np.full(500, 0.1), 48000)
    soundfile.write(tmp_path / "new.wav", np.full(500, 0.2), 48000)
    scanned, found = run(tmp_path, known)
    assert sorted(Path(file.path).name for file in found) == ["new.wav", "tone_01.wav"]
    assert scanned.unchanged == 4
    assert scanned.gone == (str(tmp_path / "tone_00.wav"),)


def test_bad_files_are_noted_and_passed_over(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "empty.wav").touch()
    soundfile.write(tmp_path / "nan.wav", np.full(100, np.nan), 48000, subtype="FLOAT")
    scanned, found = run(tmp_path)
    reasons = {Path(path).name: why for path, why in scanned.refused}
    assert scanned.heard == 6
    assert set(reasons) == {"text.wav", "empty.wav", "nan.wav"}
    assert "not numbers" in reasons["nan.wav"]
    assert {Path(file.path).name: file.problem for file in found if file.facts is None} == reasons


@posix
def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    filled(tmp_path, 12)
    found: list[SoundFile] = []
    pids: list[int] = []

    def started(pid: int) -> None:
        pids.append(pid)
        if len(pids) <= 2:
            os.kill(pid, signal.SIGKILL)

    scanned = asyncio.run(scan(tmp_path, {}, found.extend, started=started))
    assert len(pids) == 3
    assert (len(found), scanned.heard, scanned.refused) == (12, 12, ())


@posix
def test_a_worker_killed_in_the_middle_loses_nothing_it_said(tmp_path: Path) -> None:
    filled(tmp_path, 12)
    found: list[SoundFile] = []
    pids: list[int] = []

    def progress(share: float, words: str) -> None:
        if len(pids) == 1 and share > 0.3:
            os.kill(pids[0], signal.SIGKILL)

    scanned = asyncio.run(scan(tmp_path, {}, found.extend, progress, pids.append))
    assert len(pids) == 2
    assert (scanned.heard, scanned.refused) == (12, ())
    assert len({file.path for file in found}) == len(found) == 12


@posix
def test_a_file_that_kills_the_worker_is_noted_and_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "in", 5)
    _sabotage(tmp_path, monkeypatch, "tone_02.wav")
    scanned, found = run(tmp_path / "in")
    assert scanned.heard == 4
    assert scanned.refused == ((str(tmp_path / "in" / "tone_02.wav"), "the worker died on it"),)
    assert len(found) == 5


def _sabotage(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let any Python that starts from now on kill itself when it opens a file of that name."""
    code = f"""
import os, signal, sys
def guard(event, arguments):
    if event == "open" and str(arguments[0]).endswith({name!r}):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(guard)
"""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(folder / "hook"))


@posix
def test_workers_that_end_at_once_end_the_scan_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "in", 8)
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text("import os; os._exit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    with pytest.raises(JobFailed, match="ends at once"):
        run(tmp_path / "in")


@posix
def test_a_worker_that_hangs_on_a_file_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "in", 3)
    (tmp_path / "hook").mkdir()
    code = """
import signal, sys
def guard(event, arguments):
    if event == "open" and str(arguments[0]).endswith("tone_01.wav"):
        signal.pause()
sys.addaudithook(guard)
"""
    (tmp_path / "hook" / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    monkeypatch.setattr(scanning, "PATIENCE_S", 2.0)
    scanned, found = run(tmp_path / "in")
    assert [Path(path).name for path, _ in scanned.refused] == ["tone_01.wav"]
    assert len(found) == 3


@posix
def test_a_cancelled_scan_keeps_what_was_heard_and_leaves_no_worker(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    found: list[SoundFile] = []
    pids: list[int] = []

    async def cancelled() -> None:
        heard = asyncio.Event()

        def progress(share: float, words: str) -> None:
            heard.set()

        task = asyncio.ensure_future(scan(tmp_path, {}, found.extend, progress, pids.append))
        await heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert 1 <= len(found) < 40
    assert all(file.facts for file in found)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


@posix
def test_the_worker_ends_when_its_input_closes() -> None:
    async def asked() -> tuple[int | None, dict[str, object]]:
        async with Worker(scanning.SCANNING) as worker:
            facts = await worker.ask("examine", path=str(samples()["tom_low"].path), bpm=None)
            child = worker._child
            assert child is not None
            child.close_input()
            return await asyncio.wait_for(child.ended, 30), facts

    status, facts = asyncio.run(asked())
    assert status == -signal.SIGKILL, "it takes what it has started along"
    assert facts["sha256"] == file_digest(samples()["tom_low"].path)


def names(found: Sequence[object]) -> list[str]:
    return [Path(str(getattr(place, "path", place))).name for place in found]


@posix
def test_links_that_go_round_are_entered_once(tmp_path: Path) -> None:
    filled(tmp_path / "a" / "b", 2)
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "a" / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    found = walk(tmp_path / "a")
    assert names(found.files) == ["tone_00.wav", "tone_01.wav"]
    assert [(Path(path).name, why) for path, why in found.passed] == [
        ("gone.wav", "it cannot be read: No such file or directory")
    ]


@posix
def test_links_out_of_the_folders_a_caller_may_use_are_not_followed(tmp_path: Path) -> None:
    filled(tmp_path / "outside", 2)
    filled(tmp_path / "mine", 1)
    (tmp_path / "mine" / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "mine" / "one.wav").symlink_to(tmp_path / "outside" / "tone_01.wav")
    assert len(walk(tmp_path / "mine").files) == 4
    assert names(walk(tmp_path / "mine", [tmp_path / "mine"]).files) == ["tone_00.wav"]


@posix
def test_odd_names_pipes_and_hidden_files_do_no_harm(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    data = (tmp_path / "tone_00.wav").read_bytes()
    for name in (b"new\nline.wav", b"\xff\xfe.wav", b"\x1b[31m.wav"):
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:  # noqa: PTH123 - names that are no text
            file.write(data)
    for name in ("._mac.wav", ".hidden/x.wav", "Größe 日本.wav", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    os.mkfifo(tmp_path / "pipe.wav")
    found = walk(tmp_path)
    assert names(found.files) == ["Größe 日本.wav", "tone_00.wav"]
    assert len(found.passed) == 4
    assert all(path.isprintable() for path, _ in found.passed)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read anything")
def test_a_folder_that_may_not_be_read_is_noted(tmp_path: Path) -> None:
    filled(tmp_path / "open", 1)
    (tmp_path / "closed").mkdir(mode=0o000)
    found = walk(tmp_path)
    assert len(found.files) == 1 and "Permission denied" in found.passed[0][1]


def test_one_file_may_be_added_and_what_is_not_there_may_not(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    assert names(walk(tmp_path / "tone_01.wav").files) == ["tone_01.wav"]
    with pytest.raises(UserError, match="no folder"):
        walk(tmp_path / "nowhere")
