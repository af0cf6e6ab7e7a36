"""SoundFont 2 and 3 files of unknown origin: presets, and for each the zones it is made of.

Read as the SoundFont 2.04 specification describes it: a RIFF form `sfbk` whose `pdta` list holds tables of fixed
records (presets → bags → generators → instruments → bags → generators → samples) and whose `sdta` list holds all
samples as 16-bit numbers; in an .sf3 they are Ogg streams, whose places count bytes. Every index is checked before it
is followed. Only the tables are read; the samples stay in the file, known by their place.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError

LARGEST_TABLES = 64 << 20
MOST_PRESETS, MOST_ZONES = 65_536, 4096
_TABLES = {"phdr": 38, "pbag": 4, "pgen": 4, "inst": 22, "ibag": 4, "igen": 4, "shdr": 46}
INSTRUMENT, KEYS, VELOCITIES, SAMPLE = 41, 43, 44, 53
# Generators that name a place, a range or a switch: a preset's do not add to an instrument's (8.1.3 and 9.4).
_REPLACING = {0, 1, 2, 3, 4, 12, 45, 46, 47, 50, KEYS, VELOCITIES, SAMPLE, 54, 57, 58}
_IN_ROM, _PACKED = 0x8000, 0x10
# Where a generator stands when nothing is said (8.1.2): envelope times of a millisecond, full key tracking.
DEFAULTS = {33: -12000, 34: -12000, 35: -12000, 36: -12000, 38: -12000, 56: 100, 58: -1}


@dataclass(frozen=True, slots=True)
class FontSample:
    """One sound: place of its first byte, frames, rate, loop (frames from its start), root key, cents to tune by.

    One that is packed, an Ogg stream of so many bytes, says how many frames it has when it is decoded: 0 here.
    """

    name: str
    offset: int
    frames: int
    rate: int
    loop_start: int
    loop_end: int
    root_key: int
    correction_cents: int
    packed: int = 0


@dataclass(frozen=True, slots=True)
class FontZone:
    """A sound, the keys and velocities it is for, and its generators by number where they differ from the default."""

    sample: FontSample
    keys: tuple[int, int]
    velocities: tuple[int, int]
    generators: dict[int, int]


@dataclass(frozen=True, slots=True)
class FontPreset:
    """A preset as it is listed: bank, program and name; `place` is its row."""

    bank: int
    program: int
    name: str
    place: int


class SoundFont:
    """An open SoundFont: its presets, and the zones of each. Raises UserError for a file that is none or is broken."""

    def __init__(self, path: Path) -> None:
        self.passed: Counter[str] = Counter()
        try:
            with path.open("rb") as file:
                self._size = file.seek(0, 2)
                self._samples, tables = _chunks(file, self._size)
        except OSError as error:
            raise UserError(f"{path.name} cannot be read: {error.strerror}") from error
        for name, record in _TABLES.items():
            if name not in tables or len(tables[name]) % record or len(tables[name]) < record:
                raise UserError(f"{path.name} is broken: its table {name} is missing or cut off")
        self._tables = tables
        self.presets = tuple(self._listed())

    def _row(self, table: str, place: int, form: str) -> tuple[int, ...]:
        record = _TABLES[table]
        if not 0 <= place < len(self._tables[table]) // record:
            raise UserError(f"the SoundFont is broken: it points past the end of its table {table}")
        return struct.unpack_from(form, self._tables[table], place * record)

    def _count(self, table: str) -> int:
        return len(self._tables[table]) // _TABLES[table]

    def _listed(self) -> list[FontPreset]:
        # The last row only says where the one before it ends.
        found = []
        for place in range(min(self._count("phdr") - 1, MOST_PRESETS)):
            name, program, bank = struct.unpack_from("<20sHH", self._tables["phdr"], place * _TABLES["phdr"])
            found.append(FontPreset(bank, program, _name(name), place))
        return sorted(found, key=lambda preset: (preset.bank, preset.program, preset.place))

    def zones(self, preset: FontPreset) -> list[FontZone]:
        """Return what a preset is made of. Raises UserError when the file is broken or holds too many."""
        found: list[FontZone] = []
        common, own = self._bags("p", self._ends("phdr", preset.place, "<24xH12x"), INSTRUMENT)
        for outer in own:
            wanted = {**common, **outer}
            place = outer[INSTRUMENT]
            inner_common, inner = self._bags("i", self._ends("inst", place, "<20xH"), SAMPLE)
            for one in inner:
                zone = self._zone({**inner_common, **one}, wanted)
                if zone is not None:
                    found.append(zone)
                if len(found) > MOST_ZONES:
                    raise UserError(f"{preset.name} has more than {MOST_ZONES} zones")
        return found

    def _ends(self, table: str, place: int, form: str) -> tuple[int, int]:
        """Return where what a row points to begins, and where that of the next row does."""
        return self._row(table, place, form)[0], self._row(table, place + 1, form)[0]

    def _bags(self, kind: str, ends: tuple[int, int], target: int) -> tuple[dict[int, int], list[dict[int, int]]]:
        """Return the generators that hold for all zones, and those of each zone that leads on to a `target`."""
        first, last = ends
        if not first <= last < self._count(f"{kind}bag") or last - first > MOST_ZONES:
            raise UserError("the SoundFont is broken: its zones are out of order")
        common: dict[int, int] = {}
        own: list[dict[int, int]] = []
        for bag in range(first, last):
            checkpoint()
            start, end = self._ends(f"{kind}bag", bag, "<Hxx")
            if not start <= end or end - start > 256:
                raise UserError("the SoundFont is broken: its generators are out of order")
            generators: dict[int, int] = {}
            for at in range(start, end):
                which, amount = self._row(f"{kind}gen", at, "<HH")
                generators[which] = amount
            if target in generators:
                own.append(generators)
            elif bag == first:
                common = generators
        return common, own

    def _zone(self, inner: dict[int, int], outer: dict[int, int]) -> FontZone | None:
        sample = self._sample(inner[SAMPLE])
        keys, velocities = (_shared(inner.get(which), outer.get(which)) for which in (KEYS, VELOCITIES))
        if sample is None or keys is None or velocities is None:
            return None
        merged = {which: _signed(value) for which, value in inner.items()}
        for which, value in outer.items():
            if which not in _REPLACING and which != INSTRUMENT:
                merged[which] = merged.get(which, DEFAULTS.get(which, 0)) + _signed(value)
        return FontZone(sample, keys, velocities, merged)

    def _sample(self, place: int) -> FontSample | None:
        if place >= self._count("shdr") - 1:
            raise UserError("the SoundFont is broken: a zone plays a sample that is not there")
        values = struct.unpack_from("<20s5IBbHH", self._tables["shdr"], place * _TABLES["shdr"])
        name, start, end, loop_start, loop_end, rate, root, correction, _, kind = values
        first, size = self._samples
        if kind & _IN_ROM:
            self.passed["samples in the ROM of a sound card"] += 1
            return None
        root = root if root <= 127 else 60
        if not start < end <= (size if kind & _PACKED else size // 2) or not 400 <= rate <= 384_000:
            self.passed["samples that are empty or beyond the end"] += 1
            return None
        if kind & _PACKED:
            return FontSample(_name(name), first + start, 0, rate, loop_start, loop_end, root, correction, end - start)
        return FontSample(
            _name(name), first + 2 * start, end - start, rate, loop_start - start, loop_end - start, root, correction
        )


def _chunks(file: BinaryIO, size: int) -> tuple[tuple[int, int], dict[str, bytes]]:
    """Return where the samples lie (offset, bytes) and the tables."""
    if file.seek(0) or (head := file.read(12))[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise UserError("that is no SoundFont 2 file")
    samples: tuple[int, int] | None = None
    tables: dict[str, bytes] = {}
    for name, at, length in _walk(file, 12, size):
        if name != b"LIST":
            continue
        file.seek(at)
        kind = file.read(4)
        for inner, start, count in _walk(file, at + 4, at + length):
            if kind == b"sdta" and inner == b"smpl":
                samples = (start, count)
            elif kind == b"pdta" and inner.decode("latin-1") in _TABLES:
                if count + sum(map(len, tables.values())) > LARGEST_TABLES:
                    raise UserError("the tables of the SoundFont are too large")
                file.seek(start)
                tables[inner.decode("latin-1")] = file.read(count)
    if samples is None:
        raise UserError("the SoundFont holds no samples")
    return samples, tables


def _walk(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and length of each chunk between two places. Raises UserError for one that is cut off."""
    for _ in range(256):
        if at + 8 > end:
            return
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if at + 8 + length > end:
            raise UserError("the SoundFont is cut off")
        yield name, at + 8, length
        at += 8 + length + (length % 2 and not _is_name(file, at + 8 + length))


def _is_name(file: BinaryIO, at: int) -> bool:
    """Return whether a chunk begins at a place: some programs leave out the byte after one of an odd length."""
    file.seek(at)
    there = file.read(5)
    return there[:1] != b"\0" and there[:4].isalnum() and len(there) == 5


def _name(text: bytes) -> str:
    shown = "".join(letter for letter in text.split(b"\0")[0].decode("latin-1") if letter.isprintable())
    return " ".join(shown.split()) or "unnamed"


def _signed(value: int) -> int:
    return value - 0x10000 if value >= 0x8000 else value


def _shared(inner: int | None, outer: int | None) -> tuple[int, int] | None:
    """Return the range that both say, low byte to high byte; None when they have nothing in common."""
    low, high = 0, 127
    for said in (inner, outer):
        if said is not None:
            low, high = max(low, said & 0xFF), min(high, said >> 8)
    return (low, high) if low <= high else None
