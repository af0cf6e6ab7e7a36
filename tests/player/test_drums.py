"""A drum session on a real player: what it makes is heard where it belongs, and a kill does not end it."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.app import build_studio
from hardcore.audio.samples import Audio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.rhythm.live import RhythmSession
from hardcore.controller.studio import Studio
from hardcore.knowledge.rhythms import read_rhythm
from hardcore.player.remote import Remote
from hardcore.project.playback import Timing
from hardcore.rhythm.session import perform
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.takes import unbroken

pytestmark = needs_alsa
BPM, BARS, BAR = 240, 7, 7680
# Eight places a bar, half of them by chance: no two bars are alike for long.
RHYTHM = """{"mode": "m2", "bpm": 240, "seed": 5, "swing": 50, "layers": {"rim": {"steps": 8, "pattern": "xxxxxxxx",
"gate": 0.3, "micro_ms": 0, "velocity": 110, "conditions": [{"kind": "PROB", "p": 0.5}]}}}"""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """Yield a studio at 240 bpm, and the rhythm in a file."""
    (tmp_path / "dice.json").write_text(RHYTHM, encoding="utf-8")
    studio = build_studio()
    do(studio, "/tempo 240")
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    return result.text() if result else ""


def wait_until(holds: Callable[[], bool], timeout_s: float = 15) -> None:
    """Return when something holds. Fails after a while."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


def test_bars_made_while_it_plays_are_heard_where_they_belong(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "dice.json").write_text(RHYTHM, encoding="utf-8")

    def take() -> tuple[Timing, tuple[Timing, int, Audio]]:
        studio = build_studio()
        try:
            do(studio, "/tempo 240")
            do(studio, f"/rhythm session {tmp_path / 'dice.json'}")
            assert studio.player is not None
            begin = recorder.frames
            recorder.wait_s(1.0 * BARS + 0.6)
            timing = studio.player.timing()
            steps = len(studio.controller.history.steps)
            do(studio, "/stop")
        finally:
            studio.close()
        return timing, (timing, steps, recorder.sound(max(0, begin - RATE)))

    timing, steps, sound = unbroken(take)
    assert (timing.late, steps) == (0, 3)
    play = perform(read_rhythm(tmp_path / "dice.json"), bars=BARS + 2, bpm=BPM)
    wanted = np.array([note.grid_ticks for note in play.notes if note.grid_ticks < BARS * BAR]) * RATE * 60 / BPM / 1920
    found = np.array(onsets(sound)[: len(wanted)])
    assert len(found) == len(wanted)
    off = (found - found[0]) - (wanted - wanted[0])
    # The clock settles in its first seconds; a place is 6,000 frames.
    assert np.abs(off).max() < 240, off
    bars = [tuple(n.grid_ticks % BAR for n in play.notes if n.grid_ticks // BAR == bar) for bar in range(BARS)]
    assert len(set(bars)) == BARS, "a ring that stood still would repeat"


def test_a_session_outlives_a_player_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, studio: Studio
) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("ctl.!default {type null}\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    do(studio, f"/rhythm session {tmp_path / 'dice.json'}")
    session, player = studio.recall(RhythmSession), studio.player
    assert session is not None and isinstance(player, Remote) and player.process_id is not None
    wait_until(lambda: session.bar >= 2)
    os.kill(player.process_id, signal.SIGKILL)
    wait_until(lambda: player.latest().restarts == 1)
    bar = session.bar
    wait_until(lambda: session.bar >= bar + 3)
    assert session.running and "playing" in do(studio, "/rhythm session")
    assert do(studio, "/launch queue").count("rim") >= 1
    do(studio, "/rhythm session stop")
    assert not session.running and player.latest().playing
