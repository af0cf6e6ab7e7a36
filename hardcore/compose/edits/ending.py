"""Ending: a song's last bar is a hit on the tonic, with a slowing before it where it belongs, or the song fades."""

from typing import Literal

from hardcore.compose.edits import fade
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.tempo import RITARD_BARS, ritard
from hardcore.compose.form.drama import END, struck
from hardcore.compose.producer import asked_of
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.project import scenes
from hardcore.project.blocks import cut
from hardcore.project.roles import TRANSITIONS
from hardcore.project.sectionkeys import key_at
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline

Way = Literal["hit", "ritard", "fade"]


def end(project: ProjectState, way: Way | None = None, bars: int | None = None) -> Outcome:
    """Return the project whose song ends with a hit on the tonic, slowing down to it, or in a fade over `bars`.

    way   None: as its style ends

    Raises UserError for a loop, and for a song that is too short.
    """
    if not project.arrangement:
        raise UserError("it is a loop, which has no end", "/song makes a song of it")
    way = way or _usual(project)
    if way == "fade":
        return fade.fade(project, "out", bars)
    project, said = _hit(project)
    if way == "hit":
        return Outcome(project, (said,), ())
    slowed = ritard(project, _last_bar(project), bars or RITARD_BARS)
    return Outcome(slowed.project, (said, *slowed.said), ())


def _usual(project: ProjectState) -> Way:
    asked = asked_of(project)
    return "hit" if asked is None else genre(asked.genre).ending


def _last_bar(project: ProjectState) -> int:
    """Return the last bar, from 0."""
    return project.meter_map.bar_of(end_ticks(timeline(project)) - 1)


def _hit(project: ProjectState) -> tuple[ProjectState, str]:
    bar = _last_bar(project)
    start, stop = (project.meter_map.bar_start(at) for at in (bar, bar + 1))
    before = next((row for row in project.scenes if row.name.casefold() == END), None)
    tracks = [track for track in project.tracks if track.kind == "midi" and track.placements]
    project = cut(project, [track.id for track in tracks], start, stop)
    if before is not None and len(project.scenes) > 1:
        project = scenes.delete_scene(project, before.id)
    playing = [project.find_track(track.id) for track in tracks if track.role not in TRANSITIONS]
    made = struck(project, playing, bar)
    if made is project:
        raise UserError("nothing plays that could strike the last bar")
    return made, f"bar {bar + 1} is a hit on {key_at(project, start).tonic_name} that rings out"
