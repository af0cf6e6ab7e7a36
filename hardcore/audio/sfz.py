"""SFZ files of unknown origin, read as text: regions, each with the opcodes in force for it.

The format is a text of headers (`<control>`, `<global>`, `<master>`, `<group>`, `<region>`) and `opcode=value` pairs;
a region has its own, those of its group, master and global, in that order (sfzformat.com, "SFZ file structure").
What a value means is not asked here. Nothing but text files inside the file's own folder, or the library's, is opened.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import NotFound, UserError

LARGEST_FILE = 8 << 20
LARGEST_TEXT = 32 << 20
MOST_REGIONS = 16_384
MOST_INCLUDES, DEEPEST = 256, 16
MOST_DEFINES, LONGEST_VALUE = 2000, 1000
_LEVELS = ("global", "master", "group", "region")
_TOKEN = re.compile(r"<\s*(\w{1,40})\s*>|(?:(?<=[\s>])|^)([A-Za-z_][\w.]{0,80})=", re.ASCII)
_INCLUDE = re.compile(r'\s*#include\s+"([^"]{1,1000})"\s*$')
_DEFINE = re.compile(r"#define\s+(\$[A-Za-z_0-9]{1,80})\s+(\S{0,200})", re.ASCII)
Opcodes = dict[str, str]


class OutsideError(UserError):
    """A file that lies outside the folder of the one that names it: it is never opened."""


@dataclass(slots=True)
class SfzFile:
    """What an SFZ file says: its regions, its `<control>`, and how often headers were met that mean nothing here."""

    regions: list[Opcodes] = field(default_factory=list)
    control: Opcodes = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)


def read_sfz(path: Path, within: "Within | None" = None) -> SfzFile:
    """Return what an SFZ file says; what it includes lies `within` its own folder unless told.

    Raises UserError naming file and line for what cannot be right.
    """
    reader = _Reader(within or Within(path.parent))
    reader.read(path, path.name, 0)
    reader.close_region()
    return reader.found


class Within:
    """The files that an SFZ file may name, by the names it gives them; each folder is listed once.

    They lie in and below its folder, or the library's (`root`) in which that is. Raises UserError where it is not.
    """

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder.resolve() if root else folder
        self._top = root.resolve() if root else folder
        self._root = self._top.resolve()
        if not self.folder.is_relative_to(self._top):
            raise UserError(f"the instrument is not in {root}", "--root names a folder that it lies in")
        self._listed: dict[Path, dict[str, str]] = {}

    def path(self, name: str) -> Path:
        """Return the path of a file that an SFZ file names, `/` or `\\` between its folders, in any case of letters.

        Raises OutsideError for one outside the folder; whether there is such a file is not asked.
        """
        text = name.strip().replace("\\", "/")
        parts = [part for part in text.split("/") if part not in ("", ".")]
        if not parts or text.startswith("/") or ":" in parts[0] or "\0" in text or len(text) > 1000:
            raise OutsideError(f"it names a file outside its own folder: {name.strip()[:200]}")
        place = self.folder
        for part in parts:
            if part == ".." and place == self._top:
                raise OutsideError(f"it names a file outside its own folder: {name.strip()[:200]}")
            place = place.parent if part == ".." else self._called(place, part)
        if not place.resolve().is_relative_to(self._root):
            raise OutsideError(f"it names a file outside its own folder: {name.strip()[:200]}")
        return place

    def _called(self, folder: Path, name: str) -> Path:
        there = folder / name
        try:
            if there.exists():
                return there
            if folder not in self._listed:
                names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else ()
                self._listed[folder] = {_plain(name): name for name in names}
        except OSError:
            return there
        return folder / self._listed[folder].get(_plain(name), name)


def _plain(name: str) -> str:
    """Return a name as those are alike that differ in case, or in how an accent is written."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(slots=True)
class _Reader:
    within: Within
    found: SfzFile = field(default_factory=SfzFile)
    header: str = ""
    levels: dict[str, Opcodes] = field(default_factory=dict)
    defines: dict[str, str] = field(default_factory=dict)
    included: int = 0
    letters: int = 0

    def read(self, path: Path, name: str, depth: int) -> None:
        """Take in a file and what it includes."""
        text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), _text(path, name), flags=re.DOTALL)
        self.letters += len(text)
        if self.letters > LARGEST_TEXT:
            raise UserError(f"{name}: all that it includes is more than {LARGEST_TEXT >> 20} MiB")
        for number, line in enumerate(text.splitlines(), 1):
            checkpoint()
            try:
                self._line(line.split("//")[0], depth)
            except UserError as error:
                raise UserError(f"{name}, line {number}: {error.message}" if depth == 0 else error.message) from error

    def _line(self, line: str, depth: int) -> None:
        if match := _INCLUDE.match(line):
            self._include(match.group(1), depth)
            return
        for match in _DEFINE.finditer(line):
            if len(self.defines) >= MOST_DEFINES:
                raise UserError(f"more than {MOST_DEFINES} definitions")
            self.defines[match.group(1)] = self._with_defines(match.group(2))
        line = self._with_defines(_DEFINE.sub(" ", line))
        tokens = list(_TOKEN.finditer(line))
        for token, after in zip(tokens, [*tokens[1:], None], strict=False):
            if token.group(1):
                self._open(token.group(1).lower())
            else:
                value = line[token.end() : after.start() if after else len(line)].strip()
                self._set(token.group(2).lower(), value)

    def _include(self, name: str, depth: int) -> None:
        self.included += 1
        if depth >= DEEPEST or self.included > MOST_INCLUDES:
            raise UserError("it includes too many files")
        place = self.within.path(self._with_defines(name))
        self.read(place, place.name, depth + 1)

    def _with_defines(self, text: str) -> str:
        if "$" not in text:
            return text
        for name in sorted(self.defines, key=len, reverse=True):
            text = text.replace(name, self.defines[name])
            if len(text) > 8 * LONGEST_VALUE:
                raise UserError("a definition grows without end")
        return text

    def _open(self, header: str) -> None:
        self.close_region()
        self.header = header
        if header in _LEVELS:
            for level in _LEVELS[_LEVELS.index(header) :]:
                self.levels[level] = {}
        elif header != "control":
            self.found.passed[f"<{header}>"] += 1

    def _set(self, opcode: str, value: str) -> None:
        if len(value) > LONGEST_VALUE:
            raise UserError(f"{opcode} is too long")
        if self.header == "control":
            self.found.control[opcode] = value
        elif self.header in _LEVELS:
            self.levels[self.header][opcode] = value

    def close_region(self) -> None:
        """Keep the region that is open, with what is in force for it now."""
        if self.header != "region":
            return
        whole: Opcodes = {}
        for level in _LEVELS:
            whole |= self.levels.get(level, {})
        # Where samples lie may change from region to region.
        whole["default_path"] = self.found.control.get("default_path", "")
        self.found.regions.append(whole)
        if len(self.found.regions) > MOST_REGIONS:
            raise UserError(f"it has more than {MOST_REGIONS} regions")


def _text(path: Path, name: str) -> str:
    try:
        if not path.is_file():
            raise NotFound(f"there is no file {name}")
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(f"{name} is larger than {LARGEST_FILE >> 20} MiB: no SFZ file")
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}") from error
    if b"\0" in data:
        raise UserError(f"{name} is no text, so no SFZ file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
