"""The view `stage`: where the music is in large digits, what plays, what comes next, levels."""

from collections.abc import Sequence

from hardcore.surfaces.screen.cells import Line, cut, fit, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.nowplaying import Now, now_playing
from hardcore.surfaces.screen.view import Shown

# Three columns by five rows each, a row a digit in octal: 7 is ███, 5 is █ █.
_DIGITS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71122",
    "8": "75757", "9": "75717", ".": "00002", "-": "00700",
}  # fmt: skip
_ROWS = 5
_FLOOR_DB = 60.0


class StageView:
    """What one looks at while one plays."""

    name = "stage"

    def wanted(self, width: int, shown: Shown) -> int:
        """Return as many rows as there are."""
        return 200

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the heading, the position, what plays and comes, and as many levels as there is room for."""
        lines: list[Line] = [[("class:track", fit(_heading(shown), width))], [("", "")]]
        lines += _position(width, shown)
        lines += [[("", "")], *_scenes(width, shown), [("", "")]]
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


def _position(width: int, shown: Shown) -> list[Line]:
    at = shown.project.meter_map.position(max(0, int(shown.tick)))
    text, sign = f"{at.bar}.{at.beat}", glyphs(shown.ascii_only).rms
    scale = 3 if width >= len(text) * 11 + 4 else 2 if width >= len(text) * 8 + 4 else 1
    style = "class:value" if shown.playback.playing else "class:label"
    return [[(style, "  " + _row(text, row, scale, sign))] for row in range(_ROWS)]


def _row(text: str, row: int, scale: int, sign: str) -> str:
    """Return a row of large digits, each dot `scale` cells wide."""
    found = []
    for letter in text:
        dots = int(_DIGITS.get(letter, "00000")[row])
        found.append("".join((sign if dots & bit else " ") * scale for bit in (4, 2, 1)))
    return ("  " if scale > 1 else " ").join(found)


def _scenes(width: int, shown: Shown) -> list[Line]:
    now: Now = now_playing(shown)
    plays = safe(now.name) or ("the song" if now.place == "song" else "nothing" if not now.place else "clips")
    after = f"{safe(now.after)} in {now.bars} bar{'' if now.bars == 1 else 's'}" if now.after else "-"
    return [
        [("class:label", "  now   "), ("class:value", cut(plays.upper(), width - 8))],
        [("class:label", "  next  "), ("class:value", cut(after.upper(), width - 8))],
    ]


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
