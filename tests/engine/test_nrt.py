"""A score becomes samples in a child process that cannot hurt or outlive its parent."""

import asyncio
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from hardcore.engine import offline
from hardcore.engine.offline import Engine, find_engine, render_raw
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import EngineError

RATE = 48_000
NRT = str(Path(offline.__file__).with_name("nrt.py"))


def hits_at(frames: list[int], end_s: float, name: str = "kick909", voices: int = 1) -> bytes:
    head = bundle(0, [message("/d_recv", synthdef_bytes(name))])
    played = [bundle(f / RATE, [message("/s_new", name, -1, 1, 0, "seed", 7)] * voices) for f in frames]
    return score_bytes([head, *played, bundle(end_s, [message("/g_freeAll", 0)])])


def long_score() -> bytes:
    return hits_at([i * RATE // 4 for i in range(4000)], 1000.0, "kick_industrial", 8)


def samples(score: bytes, folder: Path, frames: int, channels: int = 2) -> np.ndarray:
    path = asyncio.run(render_raw(score, rate=RATE, channels=channels, folder=folder, frames=frames))
    return np.fromfile(path, np.float32).reshape(-1, channels)


def test_onsets_land_on_their_frame(tmp_path: Path) -> None:
    onsets = [100, 24_001, 48_037, 72_063]
    audio = samples(hits_at(onsets, 2.0), tmp_path, 2 * RATE)[:, 0]
    for onset in onsets:
        around = np.abs(audio[onset - 64 : onset + 64])
        assert abs(int(np.flatnonzero(around > 1e-6)[0]) - 64) <= 2


def test_two_renders_are_byte_identical(tmp_path: Path) -> None:
    score = hits_at([0, 12_345], 1.0, "kick_industrial")
    first = samples(score, tmp_path, RATE).tobytes()
    assert samples(score, tmp_path, RATE).tobytes() == first


def test_every_channel_is_its_own_bus(tmp_path: Path) -> None:
    head = bundle(0, [message("/d_recv", synthdef_bytes("kick909"))])
    hit = bundle(0, [message("/s_new", "kick909", -1, 1, 0, "out", 58)])
    score = score_bytes([head, hit, bundle(0.3, [message("/g_freeAll", 0)])])
    audio = samples(score, tmp_path, RATE // 5, channels=64)
    assert set(np.flatnonzero(np.abs(audio).max(axis=0))) == {58, 59}


def test_progress_rises_to_one(tmp_path: Path) -> None:
    seen: list[float] = []
    score = hits_at([i * RATE // 8 for i in range(160)], 20.0, "kick_industrial", 2)
    asyncio.run(render_raw(score, rate=RATE, channels=2, folder=tmp_path, progress=seen.append, frames=20 * RATE))
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(set(seen)) > 1


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (b"garbage!", "packet"),
        (b"", "empty"),
        (score_bytes([bundle(0.1, [message("/s_new", "nothere", -1, 1, 0)]), bundle(0.5, [])]), "nothere"),
        (score_bytes([bundle(0.1, [message("/b_allocRead", 0, "/no.wav")]), bundle(0.5, [])]), "no.wav"),
    ],
)
def test_a_score_the_engine_refuses_is_an_error_in_its_words(score: bytes, word: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=word) as caught:
        samples(score, tmp_path, 100)
    assert "\n" not in caught.value.line()
    shutil.rmtree(tmp_path)
    log = Path(caught.value.hint.removeprefix("the whole log is in "))
    assert re.search(word, log.read_text(encoding="utf-8")), "it is there when its job's folder is gone"


def test_a_release_after_the_note_has_ended_is_no_error(tmp_path: Path) -> None:
    score = score_bytes([bundle(0.1, [message("/n_set", 77, "gate", 0.0)]), bundle(0.2, [])])
    assert not samples(score, tmp_path, 4800).any()


def test_a_render_that_stops_short_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="status 0"):
        samples(hits_at([0], 0.5), tmp_path, RATE)


def test_cancelling_kills_the_child(tmp_path: Path) -> None:
    async def cancel() -> None:
        first = asyncio.Event()

        def progress(share: float) -> None:
            if share > 0:
                first.set()

        render = render_raw(long_score(), rate=RATE, channels=2, folder=tmp_path, progress=progress, frames=RATE)
        task = asyncio.ensure_future(render)
        await asyncio.wait_for(first.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    size = (tmp_path / "render.raw").stat().st_size
    assert 0 < size < 1000 * RATE * 8
    assert (tmp_path / "render.raw").stat().st_size == size


def child_command(folder: Path, score: bytes) -> list[str]:
    engine = find_engine()
    (folder / "score.osc").write_bytes(score)
    paths = [str(engine.program), str(engine.plugins), str(folder / "score.osc"), str(folder / "out.raw")]
    return [sys.executable, "-I", "-S", NRT, engine.kind, *paths, str(RATE), "2"]


def wait_for_growth(path: Path) -> None:
    deadline = time.monotonic() + 10
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, *child_command(tmp_path, long_score())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        wait_for_growth(tmp_path / "out.raw")
        parent.kill()
    deadline = time.monotonic() + 10
    while is_running(pid):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Say whether `pid` is alive; one that waits to be collected is not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_the_child_ignores_the_interrupt_key(tmp_path: Path) -> None:
    score = hits_at([i * RATE // 8 for i in range(80)], 10.0, "kick_industrial", 2)
    child = subprocess.Popen(child_command(tmp_path, score), stdin=subprocess.PIPE)
    try:
        wait_for_growth(tmp_path / "out.raw")
        assert child.poll() is None
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
    finally:
        child.kill()
        child.communicate()
    assert (tmp_path / "out.raw").stat().st_size >= 10 * RATE * 8


def test_an_external_scsynth_gets_the_same_score_and_options(tmp_path: Path) -> None:
    program = tmp_path / "scsynth"
    program.write_text('#!/bin/sh\necho "$@" > "$(dirname "$2")/args"\nhead -c 800 /dev/zero > "$4"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    engine = Engine("external", program, tmp_path / "plugins")
    raw = asyncio.run(
        render_raw(hits_at([0], 0.1), rate=44_100, channels=2, folder=tmp_path, frames=100, engine=engine)
    )
    args = (tmp_path / "args").read_text().split()
    assert args[:7] == ["-N", str(tmp_path / "score.osc"), "_", str(raw), "44100", "RAW", "float"]
    assert args[args.index("-o") + 1] == "2" and args[args.index("-U") + 1] == str(tmp_path / "plugins")


def test_without_an_engine_the_error_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "find_embedded", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError) as caught:
        find_engine()
    assert "nanosynth" in caught.value.line() and "scsynth" in caught.value.line()


def test_a_release_after_the_end_is_no_fault_even_on_a_line_the_engine_left_open(tmp_path: Path) -> None:
    log = tmp_path / "render.log"
    late = "FAILURE IN SERVER /n_set Node 1155 not found"
    log.write_text(f"nextOSCPacket 1.{late}\n{late}\n")
    assert offline._complaint(log) == ""
    log.write_text(f"nextOSCPacket 1.{late} FAILURE IN SERVER /s_new SynthDef not found\n")
    assert "SynthDef" in offline._complaint(log)


def test_the_log_of_a_render_that_failed_is_where_the_error_says(home: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as failed:
        asyncio.run(render_raw(b"no score at all", rate=44_100, channels=2, folder=tmp_path, frames=64))
    named = Path(failed.value.hint.removeprefix("the whole log is in "))
    assert named.is_file() and named.is_relative_to(home)
    assert os.name == "nt" or named.stat().st_mode & 0o777 == 0o600
