"""Files as nobody would write them: every kind that the program reads, damaged, one after the other in one process.

`python -m tests.hostile COUNT SEED` prints what came of it as JSON. A file is read or refused in one line; anything
else that is raised ends the process, and shows.
"""

import io
import json
import random
import shutil
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hardcore.errors import UserError

Reader = Callable[[Path], object]
EVIL = (
    "9" * 5000, "[" * 20_000, "{" * 20_000, "a: " * 3000, "\x1b[2J\x07", "\x9b31m", "\u202e", "x" * 300, "../" * 40,
    "&a [*a, *a]", "!!python/object:os.system x", "\x00", "nan", "1e999", "-0", "\r", "\ufeff", '"""', "$" * 50,
    "#include \"a.sfz\"\n", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<a " * 2000, "\n" * 3000,
)  # fmt: skip
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


class Kind(NamedTuple):
    """A kind of file: its ending, good ones, and what reads it; `lies_in` what else is in its folder."""

    ending: str
    samples: tuple[bytes, ...]
    read: Reader
    lies_in: dict[str, bytes]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to four things done to it."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice((_flipped, _cut, _doubled, _stuffed, _numbered, _lost))(data, rng)
    return data


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(rng.choice((1, 3, 20))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    start, size = rng.randrange(len(data) + 1), rng.choice((1, 16, 300, 5000))
    return data[: start + size] + data[start : start + size] * rng.choice((1, 2, 50)) + data[start + size :]


def _stuffed(data: bytes, rng: random.Random) -> bytes:
    at, what = rng.randrange(len(data) + 1), rng.choice(EVIL).encode("utf-8", "surrogatepass")
    return data[:at] + what + data[at + rng.choice((0, len(what))) :]


def _numbered(data: bytes, rng: random.Random) -> bytes:
    at, number = rng.randrange(len(data) + 1), rng.choice(NUMBERS)
    size = rng.choice((1, 2, 4))
    what = struct.pack(rng.choice("<>") + "I", number)[: size if rng.random() < 0.5 else 4]
    return data[:at] + what + data[at + len(what) :]


def _lost(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 2, 7, 100)) :]


def kinds(folder: Path) -> Iterator[Kind]:
    """Yield every kind of file; what reads one may write into the folder."""
    yield from _of_music(folder)
    yield from _of_sound()
    yield from _of_text()


def _of_music(folder: Path) -> Iterator[Kind]:
    from hardcore.jobs.exchange import read_dawproject
    from hardcore.knowledge.generalmidi import general_midi
    from hardcore.music import midifile
    from hardcore.project.integrity import check
    from hardcore.project.midiimport import add_song, parts_of
    from hardcore.project.state import new_project
    from hardcore.store.project_file import open_project
    from tests.project.test_midi_roundtrip import files
    from tests.store.samples import saved

    def midi(path: Path) -> object:
        song = midifile.read(path)
        check(add_song(new_project(), song, "a", parts_of(song, "a", general_midi())))
        return song.warnings

    def project(path: Path) -> object:
        opened = open_project(path, read_only=True)
        try:
            return opened.history.step.label
        finally:
            opened.close(keep=False)

    def studio(path: Path) -> object:
        return read_dawproject(path, folder, lambda share, words: None)[1]

    yield Kind(".mid", tuple(files(4)), midi, {})
    yield Kind(".hcs", (saved(folder / "sample.hcs", steps=4).read_bytes(),), project, {})
    yield Kind(".dawproject", (_dawproject(folder),), studio, {})


def _dawproject(folder: Path) -> bytes:
    from hardcore.exchange.dawproject.package import write_package
    from tests.exchange.everything import plain

    (folder / "sound.wav").write_bytes(_wave())
    write_package(made := io.BytesIO(), plain(), lambda sound: folder / "sound.wav")
    return made.getvalue()


def _wave(form: str = "WAV", subtype: str = "PCM_16") -> bytes:
    import numpy as np
    import soundfile  # type: ignore[import-untyped,unused-ignore]

    tone = (0.5 * np.sin(np.arange(9000) / 9)).astype(np.float32)
    soundfile.write(out := io.BytesIO(), tone, 24_000, format=form, subtype=subtype)
    return out.getvalue()


def _of_sound() -> Iterator[Kind]:
    from hardcore.audio.intake import examine
    from hardcore.jobs.instrumentfile import presets_in, read_instrument
    from tests.audio.soundfonts import layered

    def font(path: Path) -> object:
        return presets_in(path), read_instrument(path).notes

    forms = {".wav": ("WAV", "PCM_24"), ".aiff": ("AIFF", "PCM_16"), ".flac": ("FLAC", "PCM_16"),
             ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", "MPEG_LAYER_III"), ".au": ("AU", "PCM_16")}  # fmt: skip
    for ending, (form, subtype) in forms.items():
        yield Kind(ending, (_wave(form, subtype),), examine, {})
    yield Kind(".sf2", (layered(),), font, {})
    sfz = (
        b"<control> default_path=./\n#define $A 36\n<global> ampeg_release=0.2\n<group> lovel=0 hivel=127 // note\n"
        b"<region> sample=a.wav key=$A tune=-10 volume=-3.5 loop_mode=loop_continuous loop_start=10 loop_end=900\n"
        b"<region> sample=a.wav lokey=c4 hikey=c5 pitch_keycenter=60 seq_length=2 seq_position=1\n"
    )
    yield Kind(".sfz", (sfz,), lambda path: read_instrument(path).notes, {"a.wav": _wave()})


def _of_text() -> Iterator[Kind]:
    from hardcore.commands.exchange.batchfile import prompts_in
    from hardcore.commands.performance.devicemap import read_device
    from hardcore.knowledge.loader import read_genre
    from hardcore.knowledge.rhythms import read_rhythm, rhythm_path
    from hardcore.paths import data_folder
    from hardcore.settings import load_settings, read_toml, user_file

    def settings(path: Path) -> object:
        shutil.copy(path, user_file())
        return read_toml(path) and load_settings({}).flat()

    genres = data_folder("knowledge_base") / "genres"
    yield Kind(".yaml", tuple((genres / name).read_bytes() for name in ("acid.yaml", "house.yaml")), read_genre, {})
    yield Kind(".yml", (rhythm_path("showcase").read_bytes(),), _as_yaml(read_rhythm), {})
    yield Kind(".toml", ((data_folder("config") / "default.toml").read_bytes(),), settings, {})
    yield Kind(".map.toml", ((data_folder("config") / "midi" / "apc_mini.toml").read_bytes(),), read_device, {})
    line = json.dumps({"prompt": "acid 130 bpm, 2 bars", "seed": 3, "tags": ["a"]}).encode()
    yield Kind(".jsonl", (b"\n".join([line] * 5),), prompts_in, {})


def _as_yaml(read: Reader) -> Reader:
    return lambda path: read(path.rename(path.with_suffix(".yaml")))


def try_all(count: int, seed: int) -> dict[str, Any]:
    """Return what came of so many files, of each kind as many: read and refused by kind, the slowest, memory in MB."""
    rng, slowest, came = random.Random(seed), (0.0, ""), Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        known = list(kinds(folder))
        lines = Counter[str]()
        for number in range(count):
            kind = known[number % len(known)]
            work = folder / "one"
            work.mkdir()
            for name, data in kind.lies_in.items():
                (work / name).write_bytes(data)
            file = work / f"f{kind.ending}"
            file.write_bytes(damaged(rng.choice(kind.samples), rng))
            begun = time.process_time()
            try:
                words = repr(kind.read(file))
                came[f"{kind.ending} read"] += 1
            except UserError as error:
                words = error.line()
                came[f"{kind.ending} refused"] += 1
                lines[words.isprintable() and "\n" not in words and len(words) < 2000] += 1
            slowest = max(slowest, (time.process_time() - begun, f"{kind.ending} {seed}:{number}: {words[:200]}"))
            shutil.rmtree(work)
    return {"came": dict(came), "slowest": slowest, "peak_mb": _peak_mb(), "odd_lines": lines[False]}


def _peak_mb() -> float:
    """Return how much memory this program had at most, without that of the process that started it."""
    if sys.platform == "linux":  # where the usage below begins with that of the parent
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


if __name__ == "__main__":
    print(json.dumps(try_all(int(sys.argv[1]), int(sys.argv[2]))))
