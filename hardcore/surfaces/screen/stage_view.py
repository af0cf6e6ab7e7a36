"""The view `stage`: where the music is in large digits, what plays, what comes next and when, notes, set list, levels.

All of it fits 80 × 24 and is read at arm's length: the digits are five rows high, what plays and comes is in capitals.
"""

from collections.abc import Sequence
from textwrap import wrap

from hardcore.surfaces.screen.cells import Line, cut, fit, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.nowplaying import Now, now_playing, playing_scene
from hardcore.surfaces.screen.view import Shown

# Three columns by five rows each, a row a digit in octal: 7 is ███, 5 is █ █.
_DIGITS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71122",
    "8": "75757", "9": "75717", ".": "00002", "-": "00700",
}  # fmt: skip
_ROWS = 5
# Lines of notes, and of the set list.
_NOTES, _SET = 2, 3
_FLOOR_DB = 60.0


class StageView:
    """What one looks at while one plays."""

    name = "stage"

    def wanted(self, width: int, shown: Shown) -> int:
        """Return as many rows as there are."""
        return 200

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the heading, the position, what plays and comes, the set, and as many levels as there is room for."""
        now = now_playing(shown)
        lines: list[Line] = [[("class:track", fit(_heading(shown), width))], [("", "")]]
        lines += _position(width, shown, now)
        lines += [[("", "")], *_scenes(width, now), *_notes(width, shown), [("", "")]]
        lines += _set(width, shown)
        return [*lines, *_levels(width, max(0, height - len(lines)), shown)][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Return nothing: it has no keys of its own."""
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Return nothing."""
        return []


def _heading(shown: Shown) -> str:
    playback = shown.playback
    bpm = shown.project.tempo_map.at(max(0.0, shown.tick))
    words = [f" {safe(shown.project.title)}", f"{bpm:.4g} bpm", "playing" if playback.playing else "stopped"]
    words += [f"started again {playback.restarts} times"] if playback.restarts else []
    words += [safe(playback.trouble)] if playback.trouble else []
    silence = shown.keys.of("always", "/panic")
    return "   ".join([*words, f"{silence} silences all" if silence else ""])


def _position(width: int, shown: Shown, now: Now) -> list[Line]:
    """Return the place in large digits and, at the right, in how many bars something else comes."""
    at = shown.project.meter_map.position(max(0, int(shown.tick)))
    text, sign = f"{at.bar}.{at.beat}", glyphs(shown.ascii_only).rms
    togo = f"-{min(now.bars, 999)}" if now.after else ""
    size = len(text) + len(togo)
    scale = 3 if width >= size * 11 + 8 else 2 if width >= size * 8 + 8 else 1
    togo = togo if width >= size * (3 * scale + 2) + 8 else ""
    style = "class:value" if shown.playback.playing else "class:label"
    rows: list[Line] = []
    for row in range(_ROWS):
        left, right = "  " + _row(text, row, scale, sign), _row(togo, row, scale, sign) if togo else ""
        rows.append([(style, left), ("class:cell.queued", " " * max(0, width - len(left) - len(right) - 2) + right)])
    return rows


def _row(text: str, row: int, scale: int, sign: str) -> str:
    """Return a row of large digits, each dot `scale` cells wide."""
    found = []
    for letter in text:
        dots = int(_DIGITS.get(letter, "00000")[row])
        found.append("".join((sign if dots & bit else " ") * scale for bit in (4, 2, 1)))
    return ("  " if scale > 1 else " ").join(found)


def _scenes(width: int, now: Now) -> list[Line]:
    plays = safe(now.name) or ("the song" if now.place == "song" else "nothing" if not now.place else "clips")
    after = f"{safe(now.after)} in {now.bars} bar{'' if now.bars == 1 else 's'}" if now.after else "-"
    return [
        [("class:label", "  now   "), ("class:value", cut(plays.upper(), width - 8))],
        [("class:label", "  next  "), ("class:value", cut(after.upper(), width - 8))],
    ]


def _notes(width: int, shown: Shown) -> list[Line]:
    """Return what is noted for the scene that plays, in two lines at most; none where nothing is."""
    scene = playing_scene(shown) if shown.playback.playing else shown.focus.scene(shown.project)
    if scene is None or not scene.notes:
        return []
    said = wrap(safe(scene.notes.replace("\n", " ")), max(10, width - 10), max_lines=_NOTES, placeholder=" …")
    return [[("class:label", "  notes " if not at else "        "), ("", line)] for at, line in enumerate(said)]


def _set(width: int, shown: Shown) -> list[Line]:
    """Return the project of the set list that is open, and those around it; nothing without a set list."""
    rows = shown.setlist
    if not rows:
        return []
    here = next((at for at, row in enumerate(rows) if row.state == "now"), -1)
    first = min(max(here - 1, 0), max(len(rows) - _SET, 0))
    found: list[Line] = []
    for row in rows[first : first + _SET]:
        mark = {"now": glyphs(shown.ascii_only).play, "ready": "+"}.get(row.state, " ")
        style = "class:value" if row.state == "now" else "class:label"
        found.append(
            [
                ("class:label", "  set   " if not found else "        "),
                (style, cut(f"{mark} {row.number} {safe(row.name).upper()}", width - 10)),
            ]
        )
    return [*found, [("", "")]]


def _levels(width: int, rows: int, shown: Shown) -> list[Line]:
    """Return a meter a row: the master first, then the tracks that are loudest."""
    peaks, names = shown.playback.peaks_db, {track.id: track.name for track in shown.project.tracks}
    master = [track.id for track in shown.project.tracks if track.kind == "master"]
    others = sorted((one for one in names if one not in master), key=lambda one: -peaks.get(one, -100.0))
    return [_meter(width, safe(names[one]), peaks.get(one, -100.0), shown) for one in [*master, *others][:rows]]


def _meter(width: int, name: str, peak_db: float, shown: Shown) -> Line:
    signs, cells = glyphs(shown.ascii_only), max(4, width - 22)
    full = round(cells * min(max(1 + peak_db / _FLOOR_DB, 0.0), 1.0))
    return [
        ("class:label", "  " + fit(name, 10) + " "),
        ("class:meter", signs.rms * full),
        ("class:meter.rest", signs.rest * (cells - full)),
        ("class:value", f" {peak_db:6.1f}" if peak_db > -100 else "      -"),
    ]
