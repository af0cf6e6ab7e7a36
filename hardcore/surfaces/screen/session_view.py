"""The view `session`: the grid of clips with the mixer's lines below it. Keys move the focus, launch and mix."""

from collections.abc import Sequence

from hardcore.surfaces.screen.cells import Line
from hardcore.surfaces.screen.chain import scene_word, track_word
from hardcore.surfaces.screen.grid import columns_of, grid, rows_of
from hardcore.surfaces.screen.mixerstrip import ROWS, strip
from hardcore.surfaces.screen.mixing import mix
from hardcore.surfaces.screen.noteedits import reference
from hardcore.surfaces.screen.view import Shown

_MOVES = {
    "left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1), "next-track": (1, 0), "previous-track": (-1, 0),
}  # fmt: skip


class SessionView:
    """Tracks × scenes: what there is, what plays, what waits."""

    name = "session"

    def __init__(self) -> None:
        self._grid_rows = 0
        self._width = 80

    def wanted(self, width: int, shown: Shown) -> int:
        """Return the rows of all scenes, the names of the tracks and the mixer."""
        return 1 + len(shown.project.scenes) + ROWS

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the grid, and the mixer where two scenes are left beside it."""
        self._width = width
        columns = columns_of(width, shown)
        mixer = strip(columns, shown) if height >= ROWS + 2 else []
        self._grid_rows = height - len(mixer)
        return [*grid(columns, self._grid_rows, shown), *mixer][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus, launch, stop or mix."""
        if action in _MOVES:
            shown.focus.move(shown.project, *_MOVES[action])
            return []
        track, scene = shown.focus.track(shown.project), shown.focus.scene(shown.project)
        clip = shown.focus.clip(shown.project)
        if action == "launch" and clip is not None:
            return [f"/launch {reference(shown.project, clip)}"]
        if action in ("launch", "stop-track"):
            return [f"/launch stop {track_word(shown.project, track)}"] if track.clips else []
        if action == "launch-scene" and scene is not None:
            return [f"/launch {scene_word(shown.project, scene)}"]
        if action == "stop-all":
            return ["/launch stop"]
        return mix(action, track, shown.project)

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Focus a cell; a click on the focused one launches it, one on a scene's name the scene."""
        columns, rows = columns_of(self._width, shown), rows_of(self._grid_rows - 1, shown)
        place, line = columns.at(column), row - 1
        if not 0 <= line < len(rows):
            if place is not None:
                shown.focus.go(shown.project, place, shown.focus.place(shown.project)[1])
            return []
        before = shown.focus.place(shown.project)
        shown.focus.go(shown.project, before[0] if place is None else place, rows[line])
        if place is None:
            return self.press("launch-scene", shown)
        return self.press("launch", shown) if before == (place, rows[line]) else []
