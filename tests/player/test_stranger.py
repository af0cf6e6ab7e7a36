"""Another user of the machine sends to the engine's port whatever touches files: none outside its folder is touched.

The stranger is a real process of the user nobody; the engine is a real one, embedded and external, while it plays.
"""

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
import pytest

from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project import tracks
from hardcore.project.state import ProjectState
from tests.player import stranger
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.player.jack import heard_on_jack, jack_server, needs_jack
from tests.player.test_kills import port_of
from tests.player.test_sound import beats
from tests.player.watched import Watched

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can become another user"
)  # fmt: skip
pytestmark = [needs_alsa, needs_root]
BEAT_S = 0.4


class Tried(NamedTuple):
    """One request of the stranger's, and the engine's answer."""

    kind: str
    request: list[Any]
    address: str | None
    answer: list[str]


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that only we can enter, with a sound and a SynthDef; what is relative lands beside it."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    with wave.open(str(folder / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, RATE, 777, "NONE", ""))
        sound.writeframes(b"\1\2" * 777)
    (folder / "spy.scsyndef").write_bytes(stranger.SPY)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


def song() -> ProjectState:
    """Return a beat and a sampler that rests: its sound is in the sandbox."""
    return tracks.add_track(beats(60 / BEAT_S), "sampler", instrument="sampler")[0]


def everything(*folders: Path) -> dict[str, bytes]:
    """Return the content of every file below some folders, by path; a folder's content is empty."""
    found = [path for folder in folders for path in folder.rglob("*") if not path.is_symlink()]
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in found}


def visited(port: int, private: Path) -> list[Tried]:
    """Let the stranger do what it can; return what it tried."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", stranger.__file__, str(port), str(private)],
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    tried = [Tried(*json.loads(line)) for line in run.stdout.splitlines()]
    assert tried[0].kind == "self", "the stranger can read it without us"
    return tried[1:]


def check_untouched(remote: Remote, private: Path, home: Path) -> None:
    """Let the stranger in, and check that it reached nothing, and that the player is the same as before."""
    before, process = everything(private, home, Path.cwd()), remote.process_id
    assert any("[sounds]" in path and content for path, content in before.items())
    watched = Watched(private)
    try:
        tried = visited(port_of(remote), private)
        assert watched.touched() == set(), [one for one in tried if one.address == "/done"]
    finally:
        watched.close()
    after = everything(private, home, Path.cwd())
    assert after.keys() == before.keys()
    assert after == before
    assert not [one for one in tried if one.kind in ("read", "write") and one.address == "/done"]
    assert {one.kind for one in tried} == {"read", "write", "unit", "cry", "other"} and len(tried) > 100
    (info,) = (one for one in tried if one.request[0] == "/b_query")
    assert info.answer[:2] == [str(stranger.OTHER), "0"], "a buffer holds what it must not"
    state = remote.state()
    assert state.playing and state.restarts == 0 and remote.process_id == process


@pytest.mark.timeout(300)
def test_a_stranger_reaches_no_file_through_the_embedded_engine(
    recorder: Recorder, play: Callable[[ProjectState], Remote], private: Path, home: Path
) -> None:
    remote = play(song())
    remote.play()
    recorder.wait_s(0.5)
    begin = recorder.frames
    check_untouched(remote, private, home)
    found = onsets(recorder.sound(begin))
    assert len(found) == pytest.approx((recorder.frames - begin) / RATE / BEAT_S, abs=2), "beats were lost"
    assert np.median(np.diff(found)) == pytest.approx(BEAT_S * RATE, rel=0.01)
    # Asked to quit, it only answers no more how it fares.
    stranger.Port(port_of(remote)).ask("/quit")
    begin = recorder.frames
    recorder.wait_s(2)
    assert len(onsets(recorder.sound(begin))) >= 4
    assert remote.state().playing


@pytest.fixture
def external(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """Yield a player whose engine is a scsynth under JACK without a card."""
    with jack_server(tmp_path, monkeypatch, ["--sync", "--timeout", "100"]):
        remote = Remote(song(), lambda: EngineChoice(kind="external"), lambda: tmp_path / "player.log")
        yield remote
        remote.close()


@needs_jack
@pytest.mark.timeout(300)
def test_a_stranger_reaches_no_file_through_an_external_engine(
    external: Remote, tmp_path: Path, private: Path, home: Path
) -> None:
    assert external.play().sound == "external 48000 Hz"
    check_untouched(external, private, home)
    heard, _ = heard_on_jack(tmp_path, 4)
    assert len(onsets(heard)) in (8, 9, 10, 11)
    # Anybody can end it: it comes back.
    stranger.Port(port_of(external)).ask("/quit")
    deadline = monotonic() + 20
    while (state := external.state()).restarts == 0:
        assert monotonic() < deadline
    assert state.restarts == 1 and state.playing and state.sound == "external 48000 Hz"
    assert external.news().startswith("the engine ended")
    assert len(onsets(heard_on_jack(tmp_path, 4)[0])) in (8, 9, 10, 11)
