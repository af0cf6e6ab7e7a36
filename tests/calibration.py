"""`python -m tests.calibration STEP NAME ...`: measures genres and writes what makes them right into their files.

faders    pieces with all their parts are rendered with stems; each part's strip is moved so that its stem has the
          loudness that its place is (knowledge_base/mixing.yaml and the genre's strips)
places    the other way round, for a genre that was mixed by hand: what its parts have is kept as their places
sounds    the alternatives of a role in the palette are made equally loud
loudness  pieces are rendered; the gain into the master's limiter is moved until they have the genre's `target_lufs`;
          the bands they have, with MARGIN_DB around them, are kept as the genre's `bands`

A figure that is measured here is never written by hand.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.audio import features, reader
from hardcore.audio.loudness import measure
from hardcore.audio.samples import Audio
from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.jobs.render import render
from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.knowledge import loader
from hardcore.knowledge.mixing import reference_lufs, wanted_lufs
from hardcore.project.roles import Role
from hardcore.project.timeline import timeline

BARS = 8
LOWEST_FADER_DB, HIGHEST_FADER_DB = -20.0, 10.0
MARGIN_DB = 5.0
KEYS = (
    "target_lufs", "limiter_gain_db", "master_gain_db", "bands", "strips", "groups", "returns", "master",
)  # fmt: skip
# the parts whose alternatives count in how loud the whole is
EVENED: tuple[Role, ...] = ("kick", "bass", "sub", "keys", "chords", "lead", "pluck", "pad", "texture")


def rendered(
    genre_id: str, seed: int, folder: Path, *, all_parts: bool
) -> tuple[Audio, int, Rendered, dict[str, float]]:
    """Return a piece, its rate, what the render says and, with all its parts, the loudness of each role's stem."""
    known = loader.genre(genre_id)
    asked = tuple(role for role, part in known.parts.items() if part.chance) if all_parts else ()
    project = compose(Intent(genre=genre_id, bars=4 if all_parts else BARS, include=asked), seed)
    stems = folder / "stems" if all_parts else None
    made = asyncio.run(
        render(RenderRequest(project, tuple(timeline(project)), folder / "mix.wav", stems=stems, listen=False))
    )
    roles = {track.name: str(track.role) for track in project.tracks if track.role}
    levels = {}
    for stem in made.stems:
        if stem.track in roles:
            heard = measure(*reader.read(stem.path)).integrated_lufs
            levels[roles[stem.track]] = -60.0 if heard is None else heard
    return *reader.read(made.path), made, levels


def faders(genre_id: str, seeds: tuple[int, ...]) -> None:
    """Move the strips of a genre to where its parts have their places."""
    found: dict[str, list[float]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            for role, level in rendered(genre_id, seed, Path(folder), all_parts=True)[3].items():
                found.setdefault(role, []).append(level)
    known = loader.genre(genre_id)
    mix = section(genre_id)
    strips = mix.setdefault("strips", {})
    for role, levels in found.items():
        gain = known.mix.strips[role].gain_db + wanted_lufs(known, role) - fmean(levels)  # type: ignore[index,arg-type]
        strips.setdefault(role, {})["gain_db"] = round(min(max(gain, LOWEST_FADER_DB), HIGHEST_FADER_DB), 1) + 0.0
    write(genre_id, mix)


def places(genre_id: str, seeds: tuple[int, ...]) -> None:
    """Keep how loud the parts of a genre that was mixed by hand are as its places, halves of a dB."""
    known = loader.genre(genre_id)
    found: dict[Role, list[float]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            for role, level in rendered(genre_id, seed, Path(folder), all_parts=True)[3].items():
                found.setdefault(role, []).append(level)  # type: ignore[arg-type]
    mix = section(genre_id)
    for role, levels in found.items():
        place = round(2 * (fmean(levels) - reference_lufs(known))) / 2
        mix.setdefault("strips", {}).setdefault(role, {})["place"] = min(max(place, -30.0), 5.0)
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
                levels[name] = measure(*reader.read(stem.path)).integrated_lufs or -60.0
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
            audio, rate, made, _ = rendered(genre_id, seed, Path(folder), all_parts=False)
        heard.append(made.loudness.integrated_lufs or -60.0)
        bands.append(features.bands(audio, rate))
    mix = loader.genre(genre_id).mix
    limiter = next(one.settings for one in mix.master if one.device == "limiter")
    gain = limiter.get("gain", 0.0) if mix.limiter_gain_db is None else mix.limiter_gain_db
    off = mix.target_lufs - fmean([max(heard), min(heard)])
    spans = {
        name: [
            round(min(one[name] for one in bands) - MARGIN_DB, 1),
            round(min(max(one[name] for one in bands) + MARGIN_DB, 0.0), 1),
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
    for key in KEYS:
        if key not in mix:
            continue
        value = mix[key]
        if key in ("strips", "groups", "returns"):
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
    write_whole(path, (new.rstrip("\n") + "\n").encode())


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
        elif step == "places":
            places(name, (1, 2))
            print(name, flush=True)
        elif step == "sounds":
            sounds(name)
            print(name, flush=True)
        else:
            off, spread = loudness(name, (1, 2, 4, 11, 12, 13, 21, 22, 23, 24, 25, 26))
            print(f"{name} {off:+.1f} LU, spread {spread:.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
