"""The mixer's lines under the tracks: fader, pan with mute and solo, and a meter with its clip lamp."""

from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line, fit, right
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.grid import Columns
from hardcore.surfaces.screen.view import Shown

# A meter shows this range, in dB below full scale.
FLOOR_DB, TOP_DB = -54.0, 6.0
HOT_DB = -6.0
ROWS = 3


def strip(columns: Columns, shown: Shown) -> list[Line]:
    """Return the three lines of the mixer for the tracks that are seen."""
    tracks = [shown.project.tracks[place] for place in columns.tracks]
    inner = columns.cell - 1
    gain: Line = [("class:label", fit(" gain", columns.label))]
    place: Line = [("class:label", fit(" pan", columns.label))]
    level: Line = [("class:label", fit(" level", columns.label))]
    for track in tracks:
        gain.append(("class:value", " " + fit(gain_text(track.mixer.gain_db), inner)))
        place += switches(track, columns.cell)
        level += [("", " "), *meter(track.id, inner, shown)]
    return [gain, place, level]


def gain_text(gain_db: float) -> str:
    """Return a fader as `-3.0 dB`, or `-inf` at its end."""
    return "-inf" if gain_db <= -96 else f"{gain_db:+.1f} dB" if gain_db else "0.0 dB"


def pan_text(pan: float) -> str:
    """Return a pan as `C`, `L30` or `R100`."""
    return "C" if abs(pan) < 0.005 else f"{'L' if pan < 0 else 'R'}{abs(pan) * 100:.0f}"


def switches(track: Track, cells: int) -> Line:
    """Return the pan, and M and S where they are on."""
    line: Line = [("class:value", " " + fit(pan_text(track.mixer.pan), 4))]
    line.append(("class:mute" if track.mixer.mute else "class:value", " M " if track.mixer.mute else "   "))
    line.append(("class:solo" if track.mixer.solo else "class:value", "S" if track.mixer.solo else " "))
    return [*line, ("", " " * (cells - 9))] if cells > 9 else line


def meter(track_id: str, cells: int, shown: Shown) -> Line:
    """Return a level meter: the mean as a full bar, the peak beyond it, and `!` when it went over."""
    signs = glyphs(shown.ascii_only)
    peak = shown.playback.peaks_db.get(track_id, -200.0)
    rms = shown.playback.rms_db.get(track_id, -200.0)
    room = cells - 2
    high = _cells(peak, room)
    low = min(_cells(rms, room), high) if track_id in shown.playback.rms_db else high
    loud = "class:meter.hot" if peak > HOT_DB else "class:meter"
    lamp = ("class:clip", "!") if track_id in shown.playback.clipped else ("", " ")
    bar = [(loud, signs.rms * low), (f"{loud} class:meter.peak", signs.peak * (high - low))]
    return [*(piece for piece in bar if piece[1]), ("class:meter.rest", signs.rest * (room - high)), lamp, ("", " ")]


def _cells(level_db: float, room: int) -> int:
    share = (level_db - FLOOR_DB) / (TOP_DB - FLOOR_DB)
    return round(min(max(share, 0.0), 1.0) * room)


def peak_text(track_id: str, shown: Shown, cells: int) -> str:
    """Return a track's peak in dB, right-aligned; nothing where it is silent."""
    peak = shown.playback.peaks_db.get(track_id, -200.0)
    return right("" if peak < FLOOR_DB else f"{peak:.1f}", cells)
