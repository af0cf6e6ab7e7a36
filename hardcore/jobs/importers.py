"""What can be imported, by the endings of files. A file with any other ending is tried as sound, a folder as stems."""

from dataclasses import dataclass
from pathlib import Path

from hardcore.jobs import exporters
from hardcore.jobs.foldersearch import SUFFIXES


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of file that can be brought into a project; its endings with the dot."""

    name: str
    endings: tuple[str, ...]


MIDI = Importer(exporters.MIDI.name, exporters.MIDI.endings)
SOUND = Importer("sound", SUFFIXES)
DAWPROJECT = Importer(exporters.DAWPROJECT.name, exporters.DAWPROJECT.endings)
IMPORTERS = (MIDI, DAWPROJECT, SOUND)


def endings() -> tuple[str, ...]:
    """Return every ending."""
    return tuple(ending for one in IMPORTERS for ending in one.endings)


def importer_of(path: Path) -> Importer:
    """Return what reads a file, by its ending."""
    return next((one for one in IMPORTERS if path.suffix.lower() in one.endings), SOUND)
