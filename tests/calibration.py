"""`python -m tests.calibration STEP NAME ...`: measures genres and writes what makes them right into their files.

faders    pieces with all their parts are rendered with stems; each part's strip is moved so that its stem has the
          loudness that PLACES says (dB above `reference`, where a leading kick is)
sounds    the alternatives of a role in the palette are made equally loud
loudness  pieces are rendered and the gain into the master's limiter is moved until they have the genre's `target_lufs`;
          then the bands they have, with MARGIN_DB around them, are kept as the genre's `bands`

A figure that is measured here is never written by hand.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any

from hardcore.audio import features, files
from hardcore.audio.loudness import Loudness, measure
from hardcore.audio.samples import Audio
from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge import loader
from hardcore.project.roles import Role
from hardcore.project.timeline import timeline

BARS = 8
HIGHEST_REFERENCE_LUFS = -15.0
BELOW_TARGET_DB = 5.0
LOWEST_FADER_DB, HIGHEST_FADER_DB = -20.0, 10.0
MARGIN_DB = 5.0
# loudness of each part's stem, dB above the reference; taken from the first eight genres, whose mixes were made first
PLACES: dict[str, float] = {
    "kick": 0, "snare": -5, "clap": -5, "rim": -12, "hat_closed": -12.5, "hat_open": -11, "ride": -14, "tom": -10,
    "shaker": -15, "perc": -13, "bass": -5, "sub": -5, "lead": -7, "chords": -8, "pluck": -10, "keys": -7.5,
    "pad": -11, "texture": -20,
}  # fmt: skip
# where a style puts a part elsewhere
OWN_PLACES: dict[str, dict[str, float]] = {
    "minimal_techno": {"perc": -10, "rim": -10},
    "dub_techno": {"kick": -1, "chords": -6, "texture": -16, "bass": -4, "hat_closed": -15},
    "hard_techno": {"bass": -8, "lead": -7, "ride": -12},
    "melodic_techno": {"lead": -6, "pluck": -7, "pad": -9},
    "acid_techno": {"lead": -5, "bass": -6},
    "deep_house": {"keys": -5, "pad": -10},
    "tech_house": {"bass": -4, "perc": -11, "shaker": -14},
    "chicago_house": {"keys": -5, "tom": -9},
    "hardcore": {"lead": -4, "bass": -8, "pad": -9, "snare": -7},
    "frenchcore": {"lead": -5, "bass": -4},
    "uptempo": {"lead": -6, "bass": -10, "snare": -6},
    "speedcore": {"lead": -8, "snare": -6, "texture": -14, "bass": -10},
    "terrorcore": {"lead": -7, "snare": -5, "texture": -14, "bass": -9},
    "hardstyle": {"lead": -4, "bass": -5, "pad": -9},
    "trance": {"lead": -4, "pluck": -8, "pad": -8, "chords": -7},
    "psytrance": {"bass": -3, "lead": -6, "pluck": -10},
    "liquid_dnb": {"snare": -3, "keys": -6, "pad": -8},
    "neurofunk": {"snare": -2, "bass": -2, "sub": -6},
    "jungle": {"snare": -2, "bass": -2, "kick": -1},
    "dubstep": {"snare": -2, "bass": -1, "sub": -5},
    "uk_garage": {"snare": -4, "bass": -3},
    "breakbeat": {"snare": -3, "bass": -4},
    "electro": {"snare": -4, "bass": -4, "perc": -12},
    "footwork": {"sub": -1, "tom": -6, "clap": -5, "lead": -6},
    "trap": {"sub": 0, "snare": -3, "hat_closed": -11, "lead": -6},
    "boom_bap": {"snare": -2, "bass": -4},
    "downtempo": {"snare": -4, "bass": -3, "pad": -8},
    "drone": {"bass": -3, "pad": -4, "texture": -8, "kick": -10},
    "synthwave": {"snare": -3, "bass": -4, "lead": -5, "pad": -8},
    "disco": {"snare": -4, "bass": -3, "pluck": -9, "pad": -8},
    "funk": {"snare": -4, "bass": -3, "kick": -2, "pluck": -9},
    "pop": {"snare": -4, "lead": -4, "keys": -6},
    "rock": {"kick": -2, "snare": -3, "chords": -4, "lead": -5, "bass": -5},
    "metal": {"kick": -1, "snare": -3, "chords": -2, "lead": -4, "bass": -5},
    "reggae": {"kick": -4, "rim": -7, "bass": -1, "chords": -8, "keys": -9, "hat_closed": -13},
    "dub": {"kick": -3, "rim": -7, "bass": 0, "chords": -9, "hat_closed": -13},
    "afrobeat": {"kick": -3, "snare": -6, "bass": -3, "perc": -8, "pluck": -8, "shaker": -13, "chords": -7},
    "amapiano": {"kick": -3, "bass": -1, "shaker": -12, "rim": -11, "keys": -6},
    "reggaeton": {"snare": -3, "bass": -3, "pluck": -8, "lead": -6},
    "bossa_nova": {"kick": -9, "rim": -10, "bass": -4, "pluck": -4, "lead": -4, "hat_closed": -15, "keys": -8},
    "samba": {"kick": -6, "tom": -3, "snare": -6, "perc": -8, "rim": -9, "shaker": -10, "bass": -6, "pluck": -6},
    "jazz_trio": {"kick": -14, "snare": -13, "ride": -9, "hat_closed": -14, "bass": -4, "keys": -5, "lead": -3},
    "blues": {"kick": -4, "snare": -4, "bass": -4, "chords": -7, "keys": -8, "lead": -3, "hat_closed": -13},
    "cinematic": {"kick": -8, "tom": -5, "perc": -9, "bass": -6, "pad": -3, "chords": -5, "pluck": -7, "lead": -4,
                  "sub": -9},
    "waltz": {"kick": -10, "snare": -14, "bass": -4, "chords": -6, "keys": -6, "lead": -2, "pad": -9, "pluck": -8},
}  # fmt: skip


def reference_lufs(genre_id: str) -> float:
    """Return how loud a part at 0 dB is before the master: quieter where the whole is to be quiet."""
    return min(HIGHEST_REFERENCE_LUFS, loader.genre(genre_id).mix.target_lufs - BELOW_TARGET_DB)


# the parts whose alternatives count in how loud the whole is
EVENED: tuple[Role, ...] = ("kick", "bass", "sub", "keys", "chords", "lead", "pluck", "pad", "texture")


def rendered(
    genre_id: str, seed: int, folder: Path, *, all_parts: bool
) -> tuple[Audio, int, Loudness, dict[str, float]]:
    """Return a piece, its rate, its loudness and, with all its parts, the loudness of each role's stem in LUFS."""
    known = loader.genre(genre_id)
    asked = tuple(role for role, part in known.parts.items() if part.chance) if all_parts else ()
    project = compose(Intent(genre=genre_id, bars=4 if all_parts else BARS, include=asked), seed)
    stems = folder / "stems" if all_parts else None
    made = asyncio.run(render(RenderRequest(project, tuple(timeline(project)), folder / "mix.wav", stems=stems)))
    roles = {track.name: str(track.role) for track in project.tracks if track.role}
    levels = {}
    for stem in made.stems:
        if stem.track in roles:
            heard = measure(*files.read(stem.path)).integrated_lufs
            levels[roles[stem.track]] = -60.0 if heard is None else heard
    return *files.read(made.path), made.loudness, levels


def faders(genre_id: str, seeds: tuple[int, ...]) -> None:
    """Move the strips of a genre to where its parts have their places."""
    found: dict[str, list[float]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            for role, level in rendered(genre_id, seed, Path(folder), all_parts=True)[3].items():
                found.setdefault(role, []).append(level)
    places = PLACES | OWN_PLACES.get(genre_id, {})
    known = loader.genre(genre_id).mix.strips
    mix = section(genre_id)
    strips = mix.setdefault("strips", {})
    for role, levels in found.items():
        gain = known[role].gain_db + reference_lufs(genre_id) + places[role] - fmean(levels)  # type: ignore[index]
        strips.setdefault(role, {})["gain_db"] = round(min(max(gain, LOWEST_FADER_DB), HIGHEST_FADER_DB), 1)
    write(genre_id, mix)


def sounds(genre_id: str) -> None:
    """Even out the sounds of a genre's own palette: the alternatives of a role as loud as they are on the average."""
    own = loader.read_yaml(loader.path_of(genre_id)).get("palette", {})
    for role in EVENED:
        names = [one["device"] for one in own.get(role, ())]
        if len(names) < 2 or len(set(names)) < len(names):
            continue
        levels = {}
        for name in names:
            project = compose(Intent(genre=genre_id, bars=4, only=(role,), devices={role: name}), 1)
            with tempfile.TemporaryDirectory() as folder:
                request = RenderRequest(
                    project, tuple(timeline(project)), Path(folder) / "m.wav", stems=Path(folder) / "s"
                )
                made = asyncio.run(render(request))
                stem = next(one for one in made.stems if one.track == project.tracks[0].name)
                levels[name] = measure(*files.read(stem.path)).integrated_lufs or -60.0
        total = sum(float(one.get("weight", 1)) for one in own[role])
        usual = sum(float(one.get("weight", 1)) * levels[one["device"]] for one in own[role]) / total
        for one in own[role]:
            gain = float(one.get("gain_db", 0)) + usual - levels[one["device"]]
            set_gain(genre_id, role, one["device"], round(min(max(gain, -12.0), 12.0), 1))


def set_gain(genre_id: str, role: str, device: str, gain_db: float) -> None:
    """Write the gain of a sound into the palette of a genre's file."""
    path = loader.path_of(genre_id)
    head, palette, rest = re.split(
        r"^(palette:\n(?:(?: .*)?\n)*)", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    block = re.search(rf"^  {role}:.*\n(?:    .*\n)*", palette, re.MULTILINE)
    assert block, (genre_id, role)
    plain = re.sub(rf"(\{{device: {device}\b[^{{}}]*?), gain_db: [-0-9.]+", r"\1", block[0])
    new = plain.replace(f"{{device: {device}", f"{{device: {device}, gain_db: {gain_db:g}", 1)
    path.write_text(head + palette.replace(block[0], new) + rest, encoding="utf-8")


def loudness(genre_id: str, seeds: tuple[int, ...]) -> tuple[float, float]:
    """Move the gain into a genre's limiter towards its loudness; return how far off it was and the spread, LU."""
    heard, bands = [], []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            audio, rate, loud, _ = rendered(genre_id, seed, Path(folder), all_parts=False)
        heard.append(loud.integrated_lufs or -60.0)
        bands.append(features.bands(audio, rate))
    mix = loader.genre(genre_id).mix
    gain = mix.limiter_gain_db
    if gain is None:
        gain = next(one.settings.get("gain", 0.0) for one in mix.master if one.device == "limiter")
    off = mix.target_lufs - fmean([max(heard), min(heard)])
    spans = {
        name: [
            round(min(one[name] for one in bands) - MARGIN_DB, 1),
            round(max(one[name] for one in bands) + MARGIN_DB, 1),
        ]
        for name in bands[0]
    }
    own = section(genre_id)
    own["limiter_gain_db"] = round(min(max(gain + off * (1.2 if off > 0 else 1.0), 0.0), 20.0), 1)
    own["bands"] = spans
    write(genre_id, own)
    return off, max(heard) - min(heard)


def section(genre_id: str) -> dict[str, Any]:
    """Return what a genre's own file says of its mix."""
    found = loader.read_yaml(loader.path_of(genre_id)).get("mix", {})
    assert isinstance(found, dict)
    return found


def write(genre_id: str, mix: dict[str, Any]) -> None:
    """Put `mix` in the place of the section in a genre's file."""
    path = loader.path_of(genre_id)
    lines = ["mix:"]
    for key in ("target_lufs", "limiter_gain_db", "master_gain_db", "bands", "strips", "returns", "master"):
        if key not in mix:
            continue
        value = mix[key]
        if key in ("strips", "returns"):
            lines += [f"  {key}:", *(f"    {name}: {flow(one)}" for name, one in value.items())]
        elif key == "master":
            lines += ["  master:", *(f"    - {flow(one)}" for one in value)]
        else:
            lines.append(f"  {key}: {flow(value)}")
    text = path.read_text(encoding="utf-8")
    new, count = re.subn(
        r"^mix:.*\n(?:(?: .*)?\n)*", lambda _: "\n".join(lines) + "\n\n", text, count=1, flags=re.MULTILINE
    )
    assert count == 1, genre_id
    path.write_text(new.rstrip("\n") + "\n", encoding="utf-8")


def flow(value: Any) -> str:
    """Return YAML of a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def main(step: str, names: list[str]) -> None:
    """Take a step for some genres, or for all."""
    for name in names or loader.genre_ids():
        if step == "faders":
            faders(name, (1, 2))
            print(name, flush=True)
        elif step == "sounds":
            sounds(name)
            print(name, flush=True)
        else:
            off, spread = loudness(name, (1, 2, 4))
            print(f"{name} {off:+.1f} LU, spread {spread:.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
