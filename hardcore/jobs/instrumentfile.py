"""Instrument files of unknown origin, SFZ and SoundFonts, as multisamples that refer to the files they name.

A worker reads them: see jobs/reading.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from hardcore.errors import NotFound, UserError, nearest
from hardcore.jobs.soundfiles import FONTS, stream_in
from hardcore.project.multisample import MOST_ZONES, Multisample, Zone
from hardcore.project.recording import LARGEST_FILE, Recording, file_digest
from hardcore.project.soundfacts import sound_name
from hardcore.project.values import clean_name

if TYPE_CHECKING:
    from hardcore.audio.soundfont import FontSample

SUFFIXES = (".sfz", *FONTS)
MOST_LOADS = 2048
# What the engine holds in memory for one instrument, at four bytes a number.
MOST_BYTES = 2 << 30
NAMED = 6
GONE = "whose file is missing"
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """An instrument that was read, and what should be said of it: one line a thing."""

    multisample: Multisample
    notes: tuple[str, ...]


# How it comes as JSON.
IMPORTED = TypeAdapter(Imported)


@dataclass(slots=True)
class _Sounds:
    """Files as recordings, each examined once."""

    known: dict[Path, Recording | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def recording(self, path: Path) -> Recording | None:
        """Return a sound file as a recording; None for one that is not there. Raises UserError for no sound."""
        if path not in self.known:
            self.known[path] = self._examined(path)
        return self.known[path]

    def _examined(self, path: Path) -> Recording | None:
        from hardcore.audio.intake import measure

        if not path.is_file():
            self.missing.append(path.name)
            return None
        size = path.stat().st_size
        if not 0 < size <= LARGEST_FILE:
            raise UserError(f"{path.name} is too large for a sample")
        try:
            frames, rate, channels = measure(path)
        except UserError as error:
            raise UserError(f"{path.name}: {error.message}", error.hint) from error
        return Recording(
            sha256=file_digest(path), name=sound_name(path.name), path=str(path), size=size, frames=frames, rate=rate,
            channels=channels,
        )  # fmt: skip


def read_instrument(
    path: Path, preset: str = "", progress: Progress = lambda share, words: None, *, root: Path | None = None
) -> Imported:
    """Return an SFZ file, or a preset of a SoundFont by name or bank:program (else its first), as a multisample.

    The sounds of an SFZ file lie in its own folder or below, or those of `root`, the folder of its library.
    Raises UserError in one line for what is broken, missing or too large.
    """
    ensure_there(path)
    if path.suffix.lower() == ".sfz":
        if preset:
            raise UserError("an SFZ file is one instrument", "leave --preset out")
        return _from_sfz(path, root, progress)
    if root is not None:
        raise UserError("a SoundFont has its sounds in itself", "leave --root out")
    return _from_font(path, preset, progress)


def ensure_there(path: Path) -> None:
    """Raise UserError unless there is a file by whose name it is an instrument; nothing is read."""
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path.name} is no instrument file", "an .sfz, .sf2 or .sf3 file")
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "name an .sfz, .sf2 or .sf3 file")


def presets_in(path: Path) -> list[tuple[int, int, str, int]]:
    """Return bank, program, name and number of zones of each preset of a SoundFont. Raises UserError."""
    from hardcore.audio.soundfont import SoundFont

    ensure_there(path)
    font = SoundFont(path)
    return [(known.bank, known.program, known.name, len(font.zones(known))) for known in font.presets]


def _from_sfz(path: Path, root: Path | None, progress: Progress) -> Imported:
    from hardcore.audio.sfz import Within, read_sfz
    from hardcore.audio.wavechunks import loop_of
    from hardcore.jobs.sfzzones import Dropped, zones_of

    within = Within(path.parent, root)
    said, sounds = read_sfz(path, within), _Sounds()
    count = max(1, len({region.get("sample") for region in said.regions}))

    def sound(file: Path) -> tuple[Recording, tuple[int, int] | None]:
        progress(min(1.0, len(sounds.known) / count), file.name)
        recording = sounds.recording(file)
        if recording is None:
            raise Dropped(GONE)
        return recording, loop_of(file, recording.frames)

    try:
        read = zones_of(said, within, sound)
    except ValidationError as error:
        raise UserError(f"{path.name}: {_first(error)}") from error
    lost = f" ({_few(sounds.missing)})" if sounds.missing else ""
    notes = [f"left out: {count} {_regions(count)} {why}{lost * (why == GONE)}"
             for why, count in read.left_out.most_common()]  # fmt: skip
    if read.odd:
        notes.append(f"left out, for they are no values: {_counts(read.odd)}")
    if read.limited:
        notes.append(f"kept within its range: {_counts(read.limited)}")
    return _imported(sound_name(path.name), read.zones, notes, read.unknown)


def _from_font(path: Path, preset: str, progress: Progress) -> Imported:
    from hardcore.audio.soundfont import SoundFont
    from hardcore.jobs.fontzones import zone_of

    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UserError(f"{path.name} is larger than {LARGEST_FILE >> 30} GiB")
    font = SoundFont(path)
    names = {known.name: known for known in reversed(font.presets)}
    names |= {f"{known.bank}:{known.program}": known for known in reversed(font.presets)}
    folded = {name.casefold(): known for name, known in names.items()}
    if not font.presets:
        raise UserError(f"{path.name} holds no presets")
    wanted = font.presets[0] if not preset else folded.get(" ".join(preset.split()).casefold())
    if wanted is None:
        raise UserError(f"{path.name} has no preset '{preset}'", nearest(preset, [one.name for one in font.presets]))
    found = font.zones(wanted)
    progress(0.2, path.name)
    sha256, unknown = file_digest(path), Counter[str]()
    zones: list[Zone] = []
    measured: dict[FontSample, FontSample] = {}
    for number, known in enumerate({one.sample: None for one in found if one.sample.packed}, 1):
        progress(0.2 + 0.8 * number / len(found), known.name)
        measured[known] = _measured(known, path)
    for one in (replace(one, sample=measured.get(one.sample, one.sample)) for one in found):
        sample = one.sample
        recording = Recording(
            sha256=sha256, name=sound_name(sample.name + ".x"), path=str(path), size=size, frames=sample.frames,
            rate=sample.rate, channels=1, offset=sample.offset, packed=sample.packed or None,
        )  # fmt: skip
        zone = zone_of(one, recording, unknown)
        zones += [zone] if zone is not None else []
    notes = [f"left out: {count} {_regions(count)}: {why}" for why, count in font.passed.most_common()]
    return _imported(wanted.name, zones, notes, unknown)


def _measured(sample: "FontSample", path: Path) -> "FontSample":
    """Return a packed sound of a SoundFont with its frames and rate. Raises UserError for none, or one of two sides."""
    from hardcore.audio.intake import measure

    with stream_in(path, sample.offset, sample.packed) as stream:
        try:
            frames, rate, channels = measure(stream)
        except UserError as error:
            raise UserError(f"{sample.name} in {path.name}: {error.message}", error.hint) from error
    if channels != 1:
        raise UserError(f"{sample.name} in {path.name} has {channels} channels", "sounds of a SoundFont have one")
    return replace(sample, frames=frames, rate=rate)


def _imported(name: str, zones: list[Zone], notes: list[str], unknown: Counter[str]) -> Imported:
    if not zones:
        raise UserError(f"{name} has nothing to play", notes[0] if notes else "it says no sound at all")
    if len(zones) > MOST_ZONES:
        raise UserError(f"{name} has {len(zones)} zones; an instrument has at most {MOST_ZONES}")
    made = Multisample(name=clean_name(name[:80]), zones=tuple(zones))
    if len(made.loads) > MOST_LOADS or made.memory_bytes > MOST_BYTES:
        raise UserError(f"{name} needs {made.memory_bytes >> 20} MB of memory for {len(made.loads)} sounds",
                        f"at most {MOST_BYTES >> 20} MB and {MOST_LOADS} sounds")  # fmt: skip
    if unknown:
        notes = [*notes, f"not understood: {_counts(unknown)}"]
    return Imported(made, tuple(notes))


def _first(error: ValidationError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def _counts(found: Counter[str]) -> str:
    named = ", ".join(f"{what} ×{count}" for what, count in found.most_common(NAMED))
    more = len(found) - NAMED
    return named + (f" and {more} more" if more > 0 else "")


def _regions(count: int) -> str:
    return "zone" if count == 1 else "zones"


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
