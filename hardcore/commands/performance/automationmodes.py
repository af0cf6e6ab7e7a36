"""How tracks record automation: read, touch, latch, write."""

from typing import Annotated, Literal

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Kind, Share, TrackList
from hardcore.commands.performance.automationrecorder import AutomationRecorder

AutomationMode = Annotated[
    Literal["read", "touch", "latch", "write"],
    Kind("mode", "read, touch (until it rests), latch (until the music stops) or write (all that is automated)"),
]


class AutomationModes(Done):
    """Which tracks record automation, by id, and how far its points may be off, in per cent of a range."""

    modes: dict[str, str]
    within_percent: float


@command(
    "automation mode",
    "automation mode bass touch",
    effects={"player"},
    about={
        "tracks": "whose moves are recorded, with commas; without them, who records is said",
        "mode": "read, touch, latch or write; without it, theirs is said",
        "within": "how far the points of a take may be from what was moved, 0 to 100 % of the range",
    },
)
def automation_mode(
    call: Call, tracks: TrackList | None = None, mode: AutomationMode | None = None, *, within: Share | None = None
) -> AutomationModes:
    """Record what knobs, OSC and the mixer's keys move on tracks while the music runs, as envelopes.

    Into the clip that was launched, else along the song. touch writes from the first move until all has rested for
    0.4 s, latch until the music stops, write from its beginning over all that is automated there; read is as ever: what
    is moved is set. A take is one step. Modes are those of the session, no part of the project.
    """
    recorder = call.studio.recall(AutomationRecorder)
    if recorder is None:
        recorder = AutomationRecorder(call.studio)
        call.studio.keep(recorder)
    if within is not None:
        recorder.within = within / 100
    known = {track.id: track.name for track in call.project.tracks}
    for one in tracks or ():
        if mode is not None:
            recorder.mode(call.project.find_track(one).id, mode)
    modes = {track: str(recorder.modes.get(track, "read")) for track in known}
    chosen = [call.project.find_track(one).id for one in tracks or ()] or [id_ for id_ in known if modes[id_] != "read"]
    words = ", ".join(f"{known[track]} {modes[track]}" for track in chosen) or "every track reads"
    percent = round(recorder.within * 100, 3)
    return AutomationModes(message=f"automation: {words}; within {percent:g} %", modes=modes, within_percent=percent)
