"""The view `artifacts`: every sound that was taken in or made, its waveform, how it came to be, what to do with it."""

from collections.abc import Sequence

from hardcore.project import waveform
from hardcore.project.artifact import Artifact
from hardcore.surfaces.screen.cells import Line, cut, fit, right, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.view import Shown

_MOVES = {"up": -1, "down": 1, "far-up": -10, "far-down": 10, "first": -1 << 30, "last": 1 << 30}
# The waveform of the focused one, and what is known of it, below the list.
_WAVE_ROWS, _FACT_ROWS = 4, 2
# With less room than for so many of the list, they are left out.
_FEWEST = 5
_KIND, _SECONDS, _MEGABYTES = 11, 9, 7


class ArtifactsView:
    """The artifacts, the newest first. Its cursor is one of them, by its hash."""

    name = "artifacts"

    def __init__(self) -> None:
        self._focus = ""
        self._top, self._rows = 0, 1

    def wanted(self, width: int, shown: Shown) -> int:
        """Return a heading, a row for each, and room for the focused one."""
        return 1 + max(1, len(shown.artifacts)) + (1 + _WAVE_ROWS + _FACT_ROWS if shown.artifacts else 0)

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the list around the focus, and below it the focused one."""
        known = shown.artifacts
        lines = [_heading(width, shown)]
        if not known:
            words = " no artifacts: /import FILE, /track freeze, /generate and /artifacts add make some"
            return [*lines, [("class:label", fit(words, width))]][:height]
        below = _below(known[self._place(known)], width, shown)
        room = height - 1
        if room - len(below) < min(len(known), _FEWEST):
            below = []
        self._rows = max(1, min(len(known), room - len(below)))
        place = self._place(known)
        self._top = max(0, min(max(self._top, place - self._rows + 1), place, len(known) - self._rows))
        seen = known[self._top : self._top + self._rows]
        return [*lines, *(self._row(one, width, shown) for one in seen), *below][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus, hear the focused one, place it, or begin the line that tags or removes it."""
        known = shown.artifacts
        if not known:
            return []
        if action in _MOVES:
            self._focus = known[min(max(self._place(known) + _MOVES[action], 0), len(known) - 1)].sha256
            return []
        name = known[self._place(known)].id
        if action == "place":
            return [f"/artifacts place {name}{_where(shown)}"]
        lines = {
            "hear": f"/artifacts audition {name}",
            "tag": f"/artifacts tag {name} ",
            "remove": f"/artifacts remove {name} ",
        }
        return [lines[action]] if action in lines else []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Focus one; a click on the focused one lets it be heard."""
        place = self._top + row - 1
        if not (1 <= row <= self._rows and place < len(shown.artifacts)):
            return []
        before, self._focus = self._focus, shown.artifacts[place].sha256
        return self.press("hear", shown) if self._focus == before else []

    def _place(self, known: Sequence[Artifact]) -> int:
        """Return where the focused one stands; where it is gone, the newest is."""
        return next((place for place, one in enumerate(known) if one.sha256 == self._focus), 0)

    def _row(self, known: Artifact, width: int, shown: Shown) -> Line:
        pointed = known is shown.artifacts[self._place(shown.artifacts)]
        left, end = glyphs(shown.ascii_only).focus if pointed else (" ", " ")
        tail = f" {fit(known.kind, _KIND)}{right(f'{known.sound.seconds:.2f} s', _SECONDS)}"
        tail += right(f"{known.sound.size / 1e6:.1f} MB", _MEGABYTES + 2)
        tags = " ".join(known.tags)
        room = max(0, width - len(tail))
        names = max(room // 2, room - len(tags) - 2)
        return [
            ("class:scene.focus" if pointed else "class:value", fit(f"{left}{safe(known.name)}{end}", names)),
            ("class:key", fit(tags, room - names)),
            ("class:label", tail),
        ]


def _where(shown: Shown) -> str:
    """Return the options that say where an artifact comes to: the focused scene, and the focused track for audio."""
    track, scene = shown.focus.track(shown.project), shown.focus.scene(shown.project)
    words = f' --track "{track.name}"' if track.kind == "audio" else ""
    return words + (f" --scene {scene.id}" if scene is not None else "")


def _heading(width: int, shown: Shown) -> Line:
    keys = {action: shown.keys.of("artifacts", action) for action in ("hear", "place", "tag", "remove")}
    told = f" artifacts  {len(shown.artifacts)}"
    told += "".join(f"  {key} {action}s" for action, key in keys.items() if key) if shown.artifacts else ""
    return [("class:track", fit(cut(told, width), width))]


def _below(known: Artifact, width: int, shown: Shown) -> list[Line]:
    """Return the waveform of an artifact, as wide as the screen, and how it came to be."""
    peaks = known.peaks or (0,)
    levels = [peaks[column * len(peaks) // width] / 255 for column in range(width)]
    signs = waveform.PLAIN if shown.ascii_only else waveform.BARS
    lines: list[Line] = [[("class:rule", glyphs(shown.ascii_only).rule * width)]]
    lines += [[("class:meter", row)] for row in waveform.drawn(levels, _WAVE_ROWS, signs)]
    return [*lines, *([("class:label", fit(f" {fact}", width))] for fact in _facts(known))]


def _facts(known: Artifact) -> list[str]:
    """Return what is known of an artifact in two lines: what it is, and what it was made from."""
    sound = known.sound
    what = [f"{sound.rate} Hz", "stereo" if sound.channels == 2 else "mono", known.licence or ""]
    recipe = (f"{name} {value}" for name, value in known.recipe.items() if isinstance(value, str | int | float))
    made_of = [f"of {parent[:12]}" for parent in known.parents]
    return ["  ".join(filter(None, what)), "  ".join([*made_of, *recipe])]
