"""The pictures of a first session, for the guide: one studio and one screen, from the welcome to the second start."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.events import HearingChanged
from hardcore.controller.studio import Studio
from hardcore.project.playback import Playback
from hardcore.surfaces.repl.fullscreen import FullScreen
from hardcore.surfaces.repl.prompt import WELCOME
from tests.player.listening import Listening
from tests.surfaces.stage import full_screen, playing

COLUMNS, ROWS = 100, 30
PROMPT = "dark warehouse techno, 138 bpm, F minor, 4 bars --seed 7"
BAR_S = 4 * 60 / 138


class Sounding(Listening):
    """A player by hand that seems to have an engine: levels move with what plays."""

    def latest(self) -> Playback:
        """Return what it says."""
        state = super().latest()
        loud = playing(self._ear.project, state.tick) if state.playing else Playback()
        levels = {"peaks_db": loud.peaks_db, "rms_db": loud.rms_db}
        return state.evolve(sound="embedded 48000 Hz", load_percent=7.0 if state.playing else 1.0, **levels)

    state = latest


def pictures(folder: Path, times: Callable[[], float]) -> dict[str, str]:
    """Return the screens in ANSI colours, by name, in order. It works in an empty folder, which is the user's home.

    `times` gives the time of each step.
    """
    found: dict[str, str] = {}
    studio = build_studio()
    begun = studio.controller.history.steps[0].at = times()
    studio.controller._clock = times
    try:
        with full_screen(studio, COLUMNS, ROWS) as screen:
            found |= dict(_first_start(studio, screen, folder))
    finally:
        studio.close()
    studio = build_studio()
    try:
        studio.controller.open(folder / "first.hcs")
        # The journal had noted the first step before it was told the time.
        studio.controller.history.steps[0].at = begun
        studio.player = None
        with full_screen(studio, COLUMNS, ROWS) as screen:
            _type(studio, screen, "/history")
            found["reopened"] = screen.picture()
    finally:
        studio.close()
    # Where the folder lies is nothing to show.
    return {name: text.replace(str(folder), "/home/you") for name, text in found.items()}


def _first_start(studio: Studio, screen: FullScreen, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the pictures until the project is saved."""
    player = Sounding(studio.controller.project)
    studio.player = player  # type: ignore[assignment]
    studio.controller.events.subscribe(HearingChanged, lambda event: player.follow(event.heard))
    screen.say(WELCOME)
    yield "welcome", screen.picture()
    _type(studio, screen, PROMPT)
    yield "made", screen.picture()
    _press(studio, screen, "/play")
    player.go_on(1.4 * BAR_S)
    yield "plays", screen.picture()
    _type(studio, screen, "/gain kick -5")
    _type(studio, screen, "kick louder")
    player.go_on(0.8 * BAR_S)
    yield "changed", screen.picture()
    _press(studio, screen, "/undo")
    _type(studio, screen, "/scene copy A drop")
    _type(studio, screen, "/launch drop")
    player.go_on(0.2 * BAR_S)
    yield "queued", screen.picture()
    player.go_on(1.5 * BAR_S)
    _type(studio, screen, f"/save {folder / 'first.hcs'}")
    yield "saved", screen.picture()


def _type(studio: Studio, screen: FullScreen, line: str) -> None:
    """Type a line."""
    screen.transcript.typed(line)
    _press(studio, screen, line)


def _press(studio: Studio, screen: FullScreen, line: str) -> None:
    """Run the line of a key, which is not shown."""
    answer = asyncio.run(run_line(studio, line, Caller()))
    assert answer is not None, line
    screen.result(answer, studio.controller.project)
