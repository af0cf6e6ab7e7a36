"""The view `artifacts`: every sound that was taken in or made, its waveform, how it came to be, what to do with it."""

from collections.abc import Sequence

from hardcore.project import waveform
from hardcore.project.artifact import Artifact
from hardcore.surfaces.screen.cells import Line, cut, fit, right, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.listcursor import ListCursor
from hardcore.surfaces.screen.view import Shown

# The waveform of the focused one, and what is known of it, below the list.
_WAVE_ROWS, _FACT_ROWS = 4, 2
# With less room than for so many of the list, they are left out.
_FEWEST = 5
_KIND, _SECONDS, _MEGABYTES = 11, 9, 7


class ArtifactsView:
    """The artifacts, the newest first. Its cursor is one of them, by its hash."""

    name = "artifacts"

    def __init__(self) -> None:
        self._cursor = ListCursor()

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
        focused = known[self._cursor.place(_keys(known))]
        below = _below(focused, width, shown)
        room = height - 1
        if room - len(below) < min(len(known), _FEWEST):
            below = []
        seen = known[self._cursor.window(_keys(known), room - len(below))]
        return [*lines, *(_row(one, one is focused, width, shown) for one in seen), *below][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus, hear the focused one, place it, or begin the line that tags or removes it."""
        known = shown.artifacts
        if not known or self._cursor.moved(action, _keys(known)):
            return []
        name = known[self._cursor.place(_keys(known))].id
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
        return self.press("hear", shown) if self._cursor.clicked(row - 1, _keys(shown.artifacts)) else []


def _keys(known: Sequence[Artifact]) -> list[str]:
    return [one.sha256 for one in known]


def _row(known: Artifact, focused: bool, width: int, shown: Shown) -> Line:
    left, end = glyphs(shown.ascii_only).focus if focused else (" ", " ")
    tail = f" {fit(known.kind, _KIND)}{right(f'{known.sound.seconds:.2f} s', _SECONDS)}"
    tail += right(f"{known.sound.size / 1e6:.1f} MB", _MEGABYTES + 2)
    tags = " ".join(known.tags)
    room = max(0, width - len(tail))
    names = max(room // 2, room - len(tags) - 2)
    return [
        ("class:scene.focus" if focused else "class:value", fit(f"{left}{safe(known.name)}{end}", names)),
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
