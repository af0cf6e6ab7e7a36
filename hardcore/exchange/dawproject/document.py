"""A project as the documents of a DAWproject: `project.xml`, `metadata.xml`, and the sounds that belong beside them."""

from collections.abc import Callable
from typing import NamedTuple

from hardcore.exchange.dawproject import ids
from hardcore.exchange.dawproject.audioevents import AudioEvents
from hardcore.exchange.dawproject.media import Media, Sound
from hardcore.exchange.dawproject.reduced import reduced
from hardcore.exchange.dawproject.structure import Structure
from hardcore.exchange.dawproject.timelines import Timelines
from hardcore.exchange.dawproject.xmlwriter import XmlWriter
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_BPM, MIN_BPM
from hardcore.project.state import ProjectState
from hardcore.version import __version__

KEY = "Key: "


class Document(NamedTuple):
    """What a project.xml refers to: sounds, and the files of devices by path; and what did not survive."""

    sounds: tuple[Sound, ...]
    states: dict[str, bytes]
    losses: tuple[str, ...]


def write_document(project: ProjectState, write: Callable[[str], object]) -> Document:
    """Write a project as a project.xml, piece by piece, and return what belongs to it."""
    losses, media, states = Losses(), Media(), dict[str, bytes]()
    project = reduced(project, losses)
    xml = XmlWriter(write)
    with xml.element("Project", version="1.0"):
        xml.empty("Application", name="Hardcore", version=__version__)
        _transport(xml, project)
        Structure(xml, project, losses, states.__setitem__).write()
        timelines = Timelines(xml, project, AudioEvents(xml, project.tempo_map, media))
        timelines.arrangement()
        timelines.scenes()
    if any(sound.reverse for sound in media.sounds.values()):
        losses.add("the direction of audio clips", "their sounds lie turned round in the file")
    return Document(tuple(media.sounds.values()), states, losses.lines())


def metadata(project: ProjectState) -> str:
    """Return the metadata.xml of a project; the key stands in its comment, for the format has no other place."""
    parts: list[str] = []
    xml = XmlWriter(parts.append)
    with xml.element("MetaData"):
        xml.text("Title", project.title)
        xml.text("Comment", KEY + project.key.name)
    return "".join(parts)


def _transport(xml: XmlWriter, project: ProjectState) -> None:
    tempo, meter = project.tempo_map, project.meter_map
    with xml.element("Transport"):
        xml.empty("Tempo", max=MAX_BPM, min=MIN_BPM, unit="bpm", value=tempo.bpm, id=ids.TEMPO, name="Tempo")
        xml.empty("TimeSignature", denominator=str(meter.denominator), numerator=str(meter.numerator), id=ids.METER)
