"""Our own one-shots: rendered from our instruments, so that the sampler has sounds that nobody else has a claim on.

`python -m hardcore.engine.samples [FOLDER]` writes them and their manifest to the checkout's `samples/`. All of them
are one run of the engine, each on its own pair of channels with its own random generator; what comes out is trimmed,
brought to PEAK_DB and written as plain WAV of 16 bits, which holds the same bytes every time and never a date.
"""

import asyncio
import hashlib
import json
import sys
import tempfile
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import Argument, bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.music.pitch import frequency
from hardcore.project.devices import instrument
from hardcore.project.roles import Role

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

RATE = 48_000
PEAK_DB = -1.0
LICENCE = "CC0-1.0"
# A one-shot ends where it is this far below its peak, with a short fade to nothing.
FLOOR_DB = -60.0
FADE_S = 0.01
# A loop's end is mixed into its beginning over this long, so that its seam is not heard.
SEAM_S = 0.1
RENDER_S = 3.0
VELOCITY = 110 / 127


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one sample is made: `notes` of an instrument held for `held_s`, cut to at most `longest_s`.

    root_note is the note at which the sampler plays it as it is: its pitch, or for what has none the drum's place in
    General MIDI.
    """

    name: str
    device: str
    role: Role
    root_note: int
    longest_s: float
    notes: tuple[int, ...] = (60,)
    held_s: float = 0.5
    loop: bool = False
    mono: bool = False
    settings: Mapping[str, float] = field(default_factory=dict)


RECIPES: tuple[Recipe, ...] = (
    # 65.41 Hz is C2, so a bass line on this kick is in tune.
    Recipe("kick808_long", "kick808", "kick", 36, 1.02, settings={"tune": 65.41, "decay": 1.6, "drive": 9}),
    Recipe("kick909_punch", "kick909", "kick", 36, 0.5, settings={"tune": 52, "decay": 0.3, "click": -4, "drive": 12}),
    Recipe("snare_dust", "snare_break", "snare", 38, 0.5, settings={"ring": 0.2, "tone": 6000, "room": -9}),
    Recipe("clap_wide", "clap", "clap", 39, 0.5, settings={"spread": 15, "decay": 0.45}),
    Recipe("rim_click", "rim", "rim", 37, 0.3, settings={"tune": 1850, "decay": 0.06}),
    Recipe("hat_tick", "hat_closed", "hat_closed", 42, 0.3, settings={"decay": 0.06, "tone": 7500, "metal": 75}),
    Recipe("tom_low", "tom", "tom", 45, 0.8, notes=(45,), settings={"decay": 0.7}),
    Recipe("perc_wood", "perc", "perc", 75, 0.5, notes=(75,), settings={"wood": 90, "decay": 0.2, "bend": 0}),
    Recipe("stab_minor", "stab", "chords", 60, 0.5, notes=(60, 63, 67), held_s=0.3, settings={"env": 48, "width": 50}),
    Recipe("bass_note_c2", "roll_bass", "bass", 36, 1.0, notes=(36,), held_s=0.8,
           settings={"detune": 0, "decay": 0.6, "env": 24, "release": 0.15}),
    Recipe("vinyl_loop", "vinyl", "texture", 60, 1.0, held_s=2.5, loop=True, mono=True,
           settings={"crackle": 24, "attack": 0.01}),
)  # fmt: skip


def make_samples(folder: Path, recipes: Sequence[Recipe] = RECIPES) -> Path:
    """Return the path of the manifest, having written every sample into `folder`. Raises EngineError."""
    entries = []
    for recipe, sound in zip(recipes, _rendered(recipes), strict=True):
        kept = _finished(recipe, sound)
        path = folder / f"{recipe.name}.wav"
        _write(path, kept)
        entries.append(_entry(recipe, path, kept))
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"samples": entries}, indent=1) + "\n", "utf-8", newline="\n")
    return manifest


def _write(path: Path, sound: "Audio") -> None:
    """Write the sound as WAV with nothing in it but format and samples."""
    from hardcore.audio.samples import Quantizer, pack

    with wave.open(str(path), "wb") as file:
        file.setparams((sound.shape[0], 2, RATE, sound.shape[1], "NONE", ""))
        file.writeframes(pack(Quantizer(16).quantize(sound.T), 16))


def _entry(recipe: Recipe, path: Path, sound: "Audio") -> dict[str, Any]:
    return {
        "name": recipe.name,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "frames": sound.shape[1],
        "rate": RATE,
        "channels": sound.shape[0],
        "root_note": recipe.root_note,
        "loop": recipe.loop,
        "role": recipe.role,
        "licence": LICENCE,
        "device": recipe.device,
        "notes": list(recipe.notes),
        "held_s": recipe.held_s,
        "settings": dict(recipe.settings),
    }


def _rendered(recipes: Sequence[Recipe]) -> "list[Audio]":
    """Return the raw sound of every recipe, float32 [2, frames], RENDER_S seconds long."""
    import numpy as np

    frames, channels = round(RENDER_S * RATE), 2 * len(recipes)
    with tempfile.TemporaryDirectory(prefix="hardcore-samples-") as folder:
        score, place = _score(recipes), Path(folder)
        raw = asyncio.run(render_raw(score, rate=RATE, channels=channels, folder=place, frames=frames))
        whole = np.fromfile(raw, np.float32).reshape(-1, channels)[:frames]
    return [np.ascontiguousarray(whole[:, 2 * at : 2 * at + 2].T) for at in range(len(recipes))]


def _score(recipes: Sequence[Recipe]) -> bytes:
    """Return the score that plays every recipe at 0, each on its own pair of channels."""
    starts, releases, node = [], [], 1000
    for place, recipe in enumerate(recipes):
        device = instrument(recipe.device)
        chosen: list[Argument] = []
        for name, value in sorted(recipe.settings.items()):
            chosen += [name, float(device.checked(name, value))]
        for pitch in recipe.notes:
            node += 1
            own: list[Argument] = ["out", 2 * place, "freq", frequency(pitch), "velocity", VELOCITY]
            own += ["seed", node, "rgen", place]
            starts.append(message("/s_new", device.id, node, 1, 0, *own, *chosen))
            if device.gated:
                releases.append((recipe.held_s, message("/n_set", node, "gate", 0)))
    definitions = [message("/d_recv", synthdef_bytes(name)) for name in sorted({recipe.device for recipe in recipes})]
    bundles = [bundle(0.0, definitions + starts)]
    bundles += [bundle(at_s, [packet]) for at_s, packet in sorted(releases, key=lambda release: release[0])]
    # A little longer than needed: the engine ends on a block boundary.
    return score_bytes([*bundles, bundle(RENDER_S + 256 / RATE, [message("/g_freeAll", 0)])])


def _finished(recipe: Recipe, sound: "Audio") -> "Audio":
    """Return the sound as it is kept: one channel when both are the same, cut, and with its peak at PEAK_DB."""
    import numpy as np

    alone = recipe.mono or np.array_equal(sound[0], sound[1])
    kept = sound.mean(axis=0, keepdims=True) if alone else sound
    kept = _looped(kept, recipe.longest_s) if recipe.loop else _cut(kept, recipe.longest_s)
    gain = 10 ** (PEAK_DB / 20) / float(np.abs(kept).max())
    return np.asarray(kept * gain, np.float32)


def _cut(sound: "Audio", longest_s: float) -> "Audio":
    """Return the sound from its first moment above the floor to its last, at most `longest_s`, faded out."""
    import numpy as np

    level = np.abs(sound).max(axis=0)
    heard = np.flatnonzero(level > level.max() * 10 ** (FLOOR_DB / 20))
    fade = round(FADE_S * RATE)
    first = int(heard[0])
    last = min(int(heard[-1]) + 1 + fade, first + round(longest_s * RATE), sound.shape[1])
    kept = sound[:, first:last].copy()
    kept[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept


def _looped(sound: "Audio", seconds: float) -> "Audio":
    """Return `seconds` of the sound, past its attack, whose beginning comes out of its end (equal power)."""
    import numpy as np

    seam, length = round(SEAM_S * RATE), round(seconds * RATE)
    first = seam
    kept = sound[:, first : first + length].copy()
    after = sound[:, first + length : first + length + seam]
    turn = np.linspace(0, np.pi / 2, seam, dtype=np.float32)
    kept[:, :seam] = kept[:, :seam] * np.sin(turn) + after * np.cos(turn)
    return kept


def main(arguments: Sequence[str]) -> int:
    """Write the samples to the folder that is given, else to the checkout's; return the exit status."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = make_samples(folder)
    known = {f"{recipe.name}.wav" for recipe in RECIPES}
    for path in sorted(folder.glob("*.wav")):
        if path.name not in known:
            path.unlink()
            continue
        sys.stdout.write(f"{path} {path.stat().st_size}\n")
    sys.stdout.write(f"{manifest}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
