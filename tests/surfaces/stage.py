"""A full screen without a terminal: the real studio and the real drawing, at a given size and a given time."""

from collections.abc import Iterator
from contextlib import contextmanager

from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output import DummyOutput

from hardcore.controller.studio import Studio
from hardcore.project.playback import Launched, Playback
from hardcore.project.state import ProjectState
from hardcore.surfaces.repl.fullscreen import FullScreen


class Sized(DummyOutput):
    """A terminal that shows nothing, of a size."""

    def __init__(self, columns: int, rows: int) -> None:
        self.size = Size(rows=rows, columns=columns)

    def get_size(self) -> Size:
        """Return the size."""
        return self.size


class StillPlayer:
    """A player that always says the same."""

    def __init__(self, playback: Playback) -> None:
        self.playback = playback
        self.followed: list[tuple[ProjectState, bool]] = []

    def latest(self) -> Playback:
        """Return what it says."""
        return self.playback

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        """Note what it would play."""
        self.followed.append((project, provisional))

    state = latest

    def play(self, *where: object, **how: object) -> Playback:
        """Return what it says."""
        return self.playback

    launch = play

    def news(self) -> str:
        """Return nothing."""
        return ""

    def close(self) -> None:
        """Do nothing."""


def playing(project: ProjectState, tick: float = 0.0, scene: int = 0) -> Playback:
    """Return a scene of the project playing at `tick`, with levels that differ from track to track."""
    slots = project.scenes[scene].slots
    loud = [track.id for track in project.tracks if track.id in slots or not track.clips]
    return Playback(
        playing=True, tick=tick, sound="embedded 48000 Hz", load_percent=7.0,
        clips={track: Launched(clip=clip, tick=0) for track, clip in slots.items()},
        peaks_db={track: -3.0 - 5 * place % 23 for place, track in enumerate(loud)},
        rms_db={track: -12.0 - 5 * place % 23 for place, track in enumerate(loud)},
    )  # fmt: skip


@contextmanager
def full_screen(studio: Studio, columns: int = 100, rows: int = 30) -> Iterator[FullScreen]:
    """Yield the full screen of a studio, at time 0."""
    yield FullScreen(studio, lambda: True, clock=lambda: 0.0, input=DummyInput(), output=Sized(columns, rows))
