"""What can be exported and imported: one row a kind of file, with its endings and the options that it takes.

Commands, completion and help take the endings from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hardcore.audio.formats import FORMATS
from hardcore.audio.formats import Format as Format
from hardcore.audio.formats import sound_format as sound_format
from hardcore.errors import NotFound, UserError, nearest

_SOUND_OPTIONS = frozenset(
    {"bars", "only", "scene", "loop", "stems", "rate", "depth", "tail", "background", "for", "also", "sidecar"}
)


@dataclass(frozen=True, slots=True)
class Exporter:
    """A kind of file that a project becomes.

    endings  with the dot; the first is the usual one
    options  of `export` that it takes
    sound    its format where it is sound
    """

    name: str
    endings: tuple[str, ...]
    options: frozenset[str]
    sound: Format | None = None

    def ensure_takes(self, options: tuple[str, ...]) -> None:
        """Raise UserError where one of the options is none of its own."""
        if foreign := [name for name in options if name not in self.options]:
            others = (ending for one in EXPORTERS if set(foreign) <= one.options for ending in one.endings[:1])
            raise UserError(f"a {self.name} file has no --{', no --'.join(foreign)}", f"{', '.join(others)} have")


MIDI = Exporter("MIDI", (".mid", ".midi"), frozenset({"bars", "only", "scene", "ppq"}))
DAWPROJECT = Exporter("DAWproject", (".dawproject",), frozenset({"stems", "rate", "background"}))
MUSICXML = Exporter("MusicXML", (".musicxml",), frozenset({"bars", "only", "scene", "parts"}))
EXPORTERS = (
    *(Exporter(known.name, known.endings, _SOUND_OPTIONS, known) for known in FORMATS.values()),
    MIDI,
    DAWPROJECT,
    MUSICXML,
)


def endings(exporters: Iterable[Exporter] = EXPORTERS) -> tuple[str, ...]:
    """Return every ending, the usual one of each kind first."""
    rows = [one.endings for one in exporters]
    return (*(row[0] for row in rows), *(ending for row in rows for ending in row[1:]))


def named_endings(exporters: Iterable[Exporter] = EXPORTERS) -> str:
    """Return the usual ending of each kind, for a person: `.wav .flac … .mid`."""
    return " ".join(one.endings[0] for one in exporters)


def exporter_of(path: Path) -> Exporter:
    """Return what writes a file by its ending. Raises NotFound with the nearest ending."""
    ending = path.suffix.lower()
    known = {each: one for one in EXPORTERS for each in one.endings}
    if ending not in known:
        raise NotFound(f"no format '{path.suffix or path.name}'", nearest(path.suffix, known))
    return known[ending]
