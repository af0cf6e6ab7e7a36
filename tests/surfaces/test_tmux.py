"""From the first start to the second, in tmux: what the program is for, as one session of it."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from tests.player.device import Recorder, recording
from tests.surfaces.tmux import Tmux, needs_tmux

pytestmark = needs_tmux
PROMPT = "dark warehouse techno, 138 bpm, F minor, 4 bars --seed 7"
ENGINES = ["none", pytest.param("embedded", marks=pytest.mark.skipif(sys.platform != "linux", reason="ALSA"))]


@pytest.fixture(params=ENGINES)
def device(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Recorder | None]:
    """Yield the recorded sound device of the embedded engine, and nothing for none."""
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", request.param)
    sound = recording(tmp_path / "device", monkeypatch) if request.param == "embedded" else nullcontext()
    with sound as recorder:
        yield recorder


def place(screen: str) -> tuple[int, ...]:
    """Return where the header says that the music is: bar, beat, sixteenth."""
    found = re.search(r"(?:playing|stopped) +(\d+)\.(\d)\.(\d)", screen)
    assert found, screen
    return tuple(map(int, found.groups()))


def scene(screen: str, name: str) -> str:
    """Return the line of a scene in the grid."""
    return next((line for line in screen.splitlines() if re.match(rf"[ ▶]{name} ", line)), "")


def gain_of_kick(screen: str) -> str:
    """Return the fader below the first track of the grid, which is the kick."""
    return next(line.split()[1] for line in screen.splitlines() if line.startswith(" gain"))


def loud(recorder: Recorder, since: int) -> bool:
    """Return whether anything was heard since a frame."""
    sound = recorder.sound(since)
    return bool(sound.size and np.abs(sound).max() > 0.02)


@pytest.mark.timeout(180)
def test_a_session_from_the_first_prompt_to_the_second_start(home: Path, device: Recorder | None) -> None:
    with Tmux(home, {}) as tmux:
        tmux.start()
        tmux.wait("Welcome", "Ctrl-D leaves")
        makes_music(tmux, device)
        changes_it(tmux)
        launches_the_second_scene(tmux)
        keeps_it(tmux)
        tmux.start("--project song.hcs")
        opened = tmux.wait("warehouse techno  saved", "drop")
        assert gain_of_kick(opened) == "-5.0" and "stopped" in opened
        tmux.run("/history")
        tmux.wait("new project", "gain kick -5", r"> +\d+  scene copy A drop", "1 other branch")
        leaves(tmux)


def test_a_player_that_is_killed_is_said_without_being_asked(home: Path) -> None:
    with Tmux(home, {"HARDCORE_ENGINE_KIND": "none"}) as tmux:
        tmux.start()
        tmux.wait("Welcome", "Ctrl-D leaves")
        tmux.run("/play")
        tmux.wait("playing from 1.1.1", "▶ playing")
        # The first one; a spare may stand beside it.
        player = min(pid for program in children(tmux.shell) for pid in children(program))
        os.kill(player, signal.SIGKILL)
        tmux.wait("the player was killed: it is started again", "▶ playing")
        leaves(tmux)


def children(process: int) -> list[int]:
    """Return the children of a process, whichever of its threads started them."""
    return [
        int(pid) for task in Path(f"/proc/{process}/task").iterdir() for pid in (task / "children").read_text().split()
    ]


def makes_music(tmux: Tmux, device: Recorder | None) -> None:
    """Type a prompt, see clips, hear them."""
    tmux.run(PROMPT)
    made = tmux.wait("understood:", "138 bpm  F minor")
    assert "▪ A" in scene(made, "A") and "stopped" in made
    begin = device.frames if device else 0
    tmux.press("Space")
    playing = tmux.wait("▶ playing", "playing from 1.1.1", "▶ A [1-4]/4")
    tmux.settle(lambda screen: place(screen) > place(playing), "the music to move on")
    if device:
        tmux.settle(lambda _: loud(device, begin), "sound")
        tmux.wait(r"embedded \d+ Hz", "[█▒]")
    else:
        tmux.wait("silent")


def changes_it(tmux: Tmux) -> None:
    """Change a gain by command and by words, and take the words back."""
    tmux.run("/gain kick -5")
    tmux.settle(lambda screen: gain_of_kick(screen) == "-5.0", "the fader")
    tmux.run("kick louder")
    tmux.settle(lambda screen: gain_of_kick(screen) not in ("-5.0", "0.0"), "a louder kick")
    tmux.press("C-z")
    tmux.settle(lambda screen: gain_of_kick(screen) == "-5.0", "the fader as it was")


def launches_the_second_scene(tmux: Tmux) -> None:
    """Copy the scene and launch the copy: it waits for the bar that is said, and no longer."""
    tmux.run("/scene copy A drop")
    tmux.settle(lambda screen: "▪" in scene(screen, "drop"), "the second scene")
    tmux.run("/launch drop")
    said = re.search(r"scene drop starts at (\d+)\.1\.1", tmux.wait(r"scene drop starts at \d+\.1\.1"))
    assert said
    seen = tmux.settle(lambda screen: "▶" in scene(screen, "drop")[1:], "the second scene to play")
    bar = int(said[1])
    assert bar <= place(seen)[0] <= bar + 2 and "▪" in scene(seen, "A")


def keeps_it(tmux: Tmux) -> None:
    """Undo a step and do it again, save and quit."""
    tmux.press("C-z")
    tmux.settle(lambda screen: not scene(screen, "drop"), "the second scene to go")
    tmux.press("C-y")
    tmux.settle(lambda screen: scene(screen, "drop"), "the second scene to come back")
    tmux.run("/save song.hcs")
    tmux.wait("  saved  ")
    leaves(tmux)


def leaves(tmux: Tmux) -> None:
    """Leave by the key; the shell is there again, and hears that all went well."""
    tmux.press("C-d")
    tmux.settle(lambda screen: "goodbye" in screen and "bpm" not in screen, "the shell")
    tmux.run("echo status $?")
    tmux.wait("status 0")
