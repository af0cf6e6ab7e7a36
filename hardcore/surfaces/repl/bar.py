"""The bottom bar: the project in one line, and in another the keys that matter now or the usage of what is typed."""

from prompt_toolkit.utils import get_cwidth

from hardcore.commands.call import Studio
from hardcore.errors import HardcoreError
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.surfaces.repl.place import place_of
from hardcore.surfaces.repl.show import cut

GAP = "  "
# What goes first when the terminal is narrow.
_LEAST_FIRST = ("step", "tracks", "bars", "meter", "key", "tempo", "state")


class Bar:
    """Draws the bar. Figures that walk the whole project are kept until the project changes."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._counted: tuple[ProjectState, int] | None = None

    def text(self, line: str, columns: int) -> str:
        """Return both lines of the bar for what is typed so far."""
        return f"{fitted(self._parts(), columns)}\n{self._hint(line, columns)}"

    def _parts(self) -> dict[str, str]:
        controller = self._studio.controller
        project = controller.project
        count, bars = len(project.tracks), self._bars(project)
        return {
            "title": cut(project.title, 24),
            "state": self._state(),
            "tempo": f"{project.tempo_map.bpm:g} bpm",
            "key": project.key.name,
            "meter": project.meter_map.text,
            "bars": f"{bars} bar{'' if bars == 1 else 's'}",
            "tracks": f"{count} track{'' if count == 1 else 's'}",
            "step": f"step {controller.history.at}",
        }

    def _state(self) -> str:
        controller = self._studio.controller
        if controller.path is None:
            return "unsaved" if controller.history.at else "new"
        return "saved" if controller.saved else "unsaved"

    def _bars(self, project: ProjectState) -> int:
        if self._counted is None or self._counted[0] is not project:
            end = end_ticks(timeline(project))
            self._counted = (project, project.meter_map.bar_of(end - 1) + 1 if end else 0)
        return self._counted[1]

    def _hint(self, line: str, columns: int) -> str:
        if line.startswith("/"):
            return cut(self._usage(line), columns)
        if line:
            return cut(GAP.join(("Enter makes music of it", "Tab completes", "Ctrl-C clears")), columns)
        history = self._studio.controller.history
        keys = ["Tab completes"]
        if history.at:
            keys.append("Ctrl-Z undo")
        if history.step.children:
            keys.append("Ctrl-Y redo")
        keys += ["Ctrl-D leaves", "? help"]
        while len(keys) > 1 and get_cwidth(GAP.join(keys)) > columns:
            keys.pop(0)
        return cut(GAP.join(keys), columns)

    def _usage(self, line: str) -> str:
        place = place_of(line[1:])
        if place is None:
            return GAP.join(("Tab lists the commands", "Ctrl-C clears"))
        try:
            said = place.argument.kind.help if place.argument else place.command.summary
        except HardcoreError:
            said = ""
        return f"{place.command.usage}{GAP}{said}"


def fitted(parts: dict[str, str], columns: int) -> str:
    """Return the parts in one line of at most `columns` cells, the least important left out first."""
    parts = dict(parts)
    for name in _LEAST_FIRST:
        if get_cwidth(GAP.join(parts.values())) <= columns:
            break
        parts.pop(name, None)
    return cut(GAP.join(parts.values()), columns)
