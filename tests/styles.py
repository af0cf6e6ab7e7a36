"""`python -m tests.styles [NAME ...]`: makes docs/guide/styles.md and its pictures, with what is heard of each style.

Every style is composed and rendered once (minutes); with names, only the pictures of those are made anew, and the page
keeps the other lines. tests/test_styles_page.py sees that the page names every genre.
"""

import json
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.canvas import palette
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra
from hardcore.knowledge import loader
from hardcore.music.pitch import class_name
from hardcore.project.roles import DRUMS, ROLES
from hardcore.project.state import ProjectState
from tests.compose.measures import parts
from tests.hearing import Heard, hear, piece

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "styles.md"
PICTURES = PAGE.parent / "styles"
SEED = 3
BARS = 4
WIDTH, HEIGHT, SHADES = 460, 110, 24
_LOW_HZ, _HIGH_HZ, _RANGE_DB = 30.0, 16_000.0, 66.0
_HUES = ("#d1495b", "#edae49", "#66a182", "#2e86ab", "#8d6a9f", "#c26a3d", "#5f7470", "#3d5a80")
_HEAD = """\
# Styles

Every genre the producer knows, one piece of each: eight bars, seed {seed}, made and measured by the program
(`python -m tests.styles`). The piano-roll shows the first four bars: the parts with pitches, and a line for each drum.
The spectrogram goes from 30 Hz to 16 kHz, {range:g} dB deep. *Alike* is how like each bar is to the one most
like it (1 is a loop without change). Hear them all: `hardcore demo --all`.
A style of your own: `/genre new NAME --base house`; one drafted from MIDI files:
`/genre new NAME --from one.mid,two.mid`.

"""


def main(names: list[str]) -> None:
    """Make the pictures of some genres, or all, and the page."""
    PICTURES.mkdir(exist_ok=True)
    for genre_id in names or loader.genre_ids():
        with tempfile.TemporaryDirectory() as folder:
            heard, audio, rate = hear(piece(genre_id, SEED), Path(folder))
        (PICTURES / f"{genre_id}.svg").write_text(roll(heard.project), encoding="utf-8")
        (PICTURES / f"{genre_id}.png").write_bytes(spectrogram(audio, rate))
        (PICTURES / f"{genre_id}.json").write_text(json.dumps(figures(heard)) + "\n", encoding="utf-8")
        print(genre_id, flush=True)
    PAGE.write_text(page(), encoding="utf-8")


def figures(heard: Heard) -> dict[str, object]:
    """Return what is said of a piece under its pictures."""
    project = heard.project
    asked = f"{project.tempo_map.bpm:g} BPM, {project.key.name}, {project.meter_map.text}"
    tempo = (
        f"{heard.bpm:.1f} BPM" if any(track.role in DRUMS and track.clips for track in project.tracks) else "no beat"
    )
    heard_as = f"{tempo}, tonic {class_name(heard.tonic)}, {heard.lufs:.1f} LUFS, true peak {heard.true_peak:.1f} dBTP"
    bands = ", ".join(f"{name} {level:.1f}" for name, level in heard.bands.items())
    sound = f"{bands} dB; brightness {heard.centroid_hz:.0f} Hz; alike {heard.similarity:.2f}"
    return {"asked": asked, "heard": heard_as, "sound": sound}


def page() -> str:
    """Return the page: a section a genre, families first, what builds on one after it."""
    text = [_HEAD.format(seed=SEED, range=_RANGE_DB)]
    for genre_id in in_families():
        known = loader.genre(genre_id)
        told = json.loads((PICTURES / f"{genre_id}.json").read_text(encoding="utf-8"))
        base = f" Builds on {loader.genre(known.based_on).name}." if known.based_on else ""
        also = f" Also called {', '.join(known.synonyms)}." if known.synonyms else ""
        text.append(
            f"## {known.name}\n\n{known.about}{base} {known.tempo.low:g} to {known.tempo.high:g} BPM.{also}\n\n"
            f"![piano-roll of {known.name}](styles/{genre_id}.svg)\n"
            f"![spectrogram of {known.name}](styles/{genre_id}.png)\n\n"
            f"- asked: {told['asked']}; target {known.mix.target_lufs:g} LUFS\n- heard: {told['heard']}\n"
            f"- bands: {told['sound']}\n\n"
        )
    return "".join(text).rstrip("\n") + "\n"


def in_families() -> list[str]:
    """Return the genres' ids, each followed by those that build on it."""
    bases = {genre_id: loader.genre(genre_id).based_on for genre_id in loader.genre_ids()}
    found: list[str] = []

    def add(genre_id: str) -> None:
        found.append(genre_id)
        for other, base in bases.items():
            if base == genre_id:
                add(other)

    for genre_id, base in bases.items():
        if base is None:
            add(genre_id)
    return found


def roll(project: ProjectState) -> str:
    """Return an SVG of the first bars: a path of boxes for each part."""
    ticks = BARS * project.meter_map.bar_ticks()
    played = sorted(parts(project), key=lambda part: ROLES.index(part[0]))
    drums = [part for part in played if part[0] in DRUMS]
    tonal = [part for part in played if part[0] not in DRUMS]
    pitches = [note.pitch for _, _, notes in tonal for note in notes] or [60]
    low, high = min(pitches), max(pitches)
    room, scale = max(HEIGHT - 6 * len(drums), 40), 420 / ticks
    step = (room - 6) / (high - low + 1)
    shapes, labels = [], []
    for place, (role, _, notes) in enumerate([*tonal, *drums]):
        hue = _HUES[place % len(_HUES)]
        boxes = []
        for note in notes:
            if note.start_ticks >= ticks:
                continue
            width = max(min(note.length_ticks, ticks - note.start_ticks) * scale - 0.3, 0.8)
            top = room + 6 * (place - len(tonal)) if role in DRUMS else (high - note.pitch) * step
            width = 1.6 if role in DRUMS else width
            tall = 1.5 + 3 * note.velocity / 127 if role in DRUMS else max(step - 0.2, 1.2)
            boxes.append(f"M{note.start_ticks * scale:.1f} {top:.1f}h{width:.1f}v{tall:.1f}h-{width:.1f}z")
        shapes.append(f'<path fill="{hue}" d="{"".join(boxes)}"><title>{role}</title></path>')
        labels.append(f'<tspan fill="{hue}">{role.replace("_", " ")}</tspan>')
    lines = "".join(f"M{420 / BARS * bar:.0f} 0v{HEIGHT}" for bar in range(BARS + 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 14}" '
        f'font-family="sans-serif" font-size="7">'
        f'<rect width="{WIDTH}" height="{HEIGHT + 14}" fill="#faf9f5"/><g transform="translate(20 2)">'
        f'<path stroke="#ccc" stroke-width=".5" d="{lines}"/>{"".join(shapes)}'
        f'<text x="0" y="{HEIGHT + 9}">{" ".join(labels)}</text></g></svg>\n'
    )


def spectrogram(audio: Audio, rate: int) -> bytes:
    """Return a PNG: time to the right, 30 Hz to 16 kHz upwards, brighter where it is louder."""
    edges = np.geomspace(_LOW_HZ, _HIGH_HZ, HEIGHT + 1)
    rows = np.full((WIDTH, HEIGHT), -200.0)
    # a long window under 400 Hz, a short one above
    for window, first, last in ((8192, 0.0, 400.0), (2048, 400.0, 1e9)):
        power = power_spectra(audio, window, audio.shape[1] / WIDTH, WIDTH)
        bins = edges * window / rate
        for row in range(HEIGHT):
            if first <= edges[row] < last:
                low, high = int(bins[row] + 0.5), int(bins[row + 1] + 0.5)
                rows[:, row] = 10 * np.log10(np.maximum(power[:, low : max(high, low + 1)].max(axis=1), 1e-20))
    shades = np.clip((rows - rows.max() + _RANGE_DB) / _RANGE_DB, 0, 1)
    return indexed_png((shades.T[::-1] * (SHADES - 1)).round().astype(np.uint8))


def indexed_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a PNG of SHADES colours."""
    colours = palette()[np.linspace(0, 255, SHADES).astype(int)].astype(np.uint8).tobytes()
    height, width = pixels.shape
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", colours),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


if __name__ == "__main__":
    main(sys.argv[1:])
