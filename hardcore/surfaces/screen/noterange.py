"""A stretch of a clip in the clip view: marked, copied, cut and pasted by keys."""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.surfaces.screen.cells import Line, cut
from hardcore.surfaces.screen.clipcursor import ClipCursor
from hardcore.surfaces.screen.cliprows import Picked
from hardcore.surfaces.screen.noteedits import reference
from hardcore.surfaces.screen.view import Shown

ACTIONS = ("mark", "copy", "cut", "paste")


class Copied(NamedTuple):
    """What was copied: a clip's id, and ticks [start, end)."""

    clip: str
    start: int
    end: int


class NoteRange:
    """Where a stretch begins (None: nothing is marked; then it is the cursor's bar), and what was copied."""

    def __init__(self) -> None:
        self.mark: tuple[str, int] | None = None
        self.copied: Copied | None = None

    def stretch(self, picked: Picked, cursor: ClipCursor, shown: Shown) -> Copied:
        """Return what keys are about: from the mark to the cursor's step, else the bar of the cursor."""
        end = picked.clip.length_ticks
        if self.mark is not None and self.mark[0] == picked.clip.id:
            first, last = sorted((self.mark[1], cursor.tick))
            return Copied(picked.clip.id, first, min(last + cursor.step_ticks, end))
        meters = shown.project.meter_map
        bar = meters.bar_of(cursor.tick)
        return Copied(picked.clip.id, meters.bar_start(bar), min(meters.bar_start(bar + 1), end))

    def press(self, action: str, picked: Picked, cursor: ClipCursor, shown: Shown) -> Sequence[str]:
        """Mark where a stretch begins, or no longer; copy, cut or paste one, and return the line."""
        project, clip = shown.project, picked.clip
        if action == "mark":
            here = (clip.id, cursor.tick)
            self.mark = None if self.mark == here else here
            return []
        if action == "paste":
            return self._paste(picked, cursor, shown)
        there = self.stretch(picked, cursor, shown)
        if action == "copy":
            self.copied, self.mark = there, None
            return []
        self.mark = None
        start, end = project.meter_map.position(there.start).typed, project.meter_map.position(there.end).typed
        return [f"/note cut {reference(project, clip)} {start} --until {end}"]

    def _paste(self, picked: Picked, cursor: ClipCursor, shown: Shown) -> Sequence[str]:
        project, copied = shown.project, self.copied
        source = next((clip for _, clip in project.clips() if copied is not None and clip.id == copied.clip), None)
        if copied is None or source is None:
            return []
        start, end, to = (project.meter_map.position(tick).typed for tick in (copied.start, copied.end, cursor.tick))
        into = "" if source.id == picked.clip.id else f" --into {reference(project, picked.clip)}"
        after = cursor.tick + copied.end - copied.start
        if after < picked.clip.length_ticks:
            cursor.seek(after, shown)  # what is pasted next goes on from there
        return [f"/note copy {reference(project, source)} {start} {to} --until {end}{into}"]

    def words(self, picked: Picked, cursor: ClipCursor, cells: int, shown: Shown) -> Line | None:
        """Return what is marked in words, None where nothing is."""
        if self.mark is None or self.mark[0] != picked.clip.id:
            return None
        there, keys = self.stretch(picked, cursor, shown), [shown.keys.of("clip", name) for name in ACTIONS[1:]]
        start, end = (shown.project.meter_map.position(tick).typed for tick in (there.start, there.end))
        where = f"{start} to {end}"
        return [("class:name", cut(f" {where} marked   {keys[0]} copy  {keys[1]} cut  {keys[2]} paste", cells))]
