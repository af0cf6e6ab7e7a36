"""What plays when, drawn in characters: a line a track, a cell for so many bars. Readable without colour."""

from collections.abc import Iterator
from itertools import pairwise

from hardcore.music.ticks import ticks_of_beats
from hardcore.project.rule import Action, Rule, SampleAndScheduleAction
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, bars_of

MOST_CELLS = 64
STEPS = (1, 2, 4, 8, 16, 32, 64)
# a track's clips in the order they come in; more share the last
CLIPS = "#=+%"
REST = "."
# what is not made yet
LATENT = "~"


def draw(project: ProjectState, playing: list[Playing]) -> str:
    """Return the drawing: bar numbers, the scenes that are what plays, the tracks that play anywhere, then the latents.

    A latent is drawn where it will play once it is made.
    """
    latents = [(rule.name, _stretch(project, rule.action)) for rule in project.rules if is_latent(rule)]
    ends = [project.meter_map.bar_of(end - 1) + 1 for _, (_, end) in latents]
    bars = max(bars_of(project, playing), *ends, 0)
    step = next((step for step in STEPS if bars <= step * MOST_CELLS), STEPS[-1])
    cells = -(-bars // step)
    names = [track.name for track in project.tracks if any(one.track_id == track.id for one in playing)]
    margin = max(len(name) for name in (*names, *(name for name, _ in latents))) + 2
    lines = [_ruler(cells, step, margin), _sections(project, playing, step, margin)]
    for track in project.tracks:
        own = [one for one in playing if one.track_id == track.id]
        if own:
            lines.append(f"{track.name:<{margin}}{_row(project, own, cells, step)}")
    for name, (start, end) in latents:
        marks = (LATENT if a < end and b > start else REST for a, b in _cells(project, cells, step))
        lines.append(f"{name:<{margin}}{''.join(marks)}")
    return "\n".join(line.rstrip() for line in lines if line.strip())


def is_latent(rule: Rule) -> bool:
    """Return whether a rule is to make something for a place of the arrangement."""
    return rule.enabled and isinstance(rule.action, SampleAndScheduleAction)


def _stretch(project: ProjectState, action: Action) -> tuple[int, int]:
    """Return from which tick to which something will play that is not made yet; a bar where that is not said."""
    assert isinstance(action, SampleAndScheduleAction)
    start = ticks_of_beats(action.at)
    length = project.meter_map.bar_ticks(start) if action.duration is None else ticks_of_beats(action.duration)
    return start, start + max(1, length)


def _cells(project: ProjectState, cells: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the first tick of each cell, and the one after its last."""
    starts = [project.meter_map.bar_start(at * step) for at in range(cells + 1)]
    return pairwise(starts)


def _ruler(cells: int, step: int, margin: int) -> str:
    """Return the number of every eighth cell's first bar, from 1."""
    marks = "".join(f"{at * step + 1:<8}" for at in range(0, cells, 8))
    return f"{'bar':<{margin}}{marks}"


def _sections(project: ProjectState, playing: list[Playing], step: int, margin: int) -> str:
    """Return the names of the sections over the cells where they begin; those that would run into the next are cut."""
    row = ""
    named = _song(project) if project.arrangement and project.sections else _scenes(project, playing)
    for (start, name), after in zip(named, [*named[1:], None], strict=True):
        at = start // step
        room = None if after is None else max(after[0] // step - at - 1, 1)
        row = f"{row:<{at}}{name[:room]}"
    return f"{'':<{margin}}{row}"


def _song(project: ProjectState) -> list[tuple[int, str]]:
    """Return the first bar, from 0, and the name of each section of a song."""
    return [(bar, one.name) for bar, one in zip(starts(project.sections), project.sections, strict=False)]


def _scenes(project: ProjectState, playing: list[Playing]) -> list[tuple[int, str]]:
    """Return the bars, from 0, at which clips begin, each with the name of the scene that is what plays there."""
    found = []
    for start in sorted({one.start_ticks for one in playing}):
        sounding = {one.track_id: one.clip.id for one in playing if one.start_ticks <= start < one.end_ticks}
        scene = next((scene.name for scene in reversed(project.scenes) if dict(scene.slots) == sounding), "")
        found.append((project.meter_map.bar_of(start), scene))
    return found


def _row(project: ProjectState, own: list[Playing], cells: int, step: int) -> str:
    """Return the signs of the clips that play first within each cell's bars."""
    order = dict.fromkeys(one.clip.id for one in sorted(own, key=lambda one: one.start_ticks))
    signs = {clip: CLIPS[min(number, len(CLIPS) - 1)] for number, clip in enumerate(order)}
    row = ""
    for begin, end in _cells(project, cells, step):
        found = next((one for one in own if one.start_ticks < end and one.end_ticks > begin), None)
        row += REST if found is None else signs[found.clip.id]
    return row
