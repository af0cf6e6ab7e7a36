"""A DAWproject read as a project of its own, and what of it there is no place for here."""

from xml.etree.ElementTree import Element

from pydantic import ValidationError

from hardcore.errors import UserError, complaint
from hardcore.exchange.dawproject.document import KEY
from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.opened import Opened
from hardcore.exchange.dawproject.readaudio import AudioReader, Sounds
from hardcore.exchange.dawproject.readclips import ClipReader
from hardcore.exchange.dawproject.readmixer import MixerReader, label
from hardcore.exchange.dawproject.readtime import QUARTERS, meter_map, scale_of, tempo_map
from hardcore.exchange.losses import Losses
from hardcore.music.scale import Key
from hardcore.project import tracks
from hardcore.project.integrity import check
from hardcore.project.midiimport import suited_device
from hardcore.project.section import Marker
from hardcore.project.state import ProjectState, new_project

MOST_TRACKS, MOST_MARKERS = 500, 4096


def read_project(package: Opened, sounds: Sounds, losses: Losses) -> ProjectState:
    """Return what a DAWproject holds as a project. Raises UserError in one line where it is none, or too large."""
    document = package.document()
    if (count := sum(1 for _ in document.iter("Track"))) > MOST_TRACKS:
        raise UserError(f"it has {count} tracks", f"{MOST_TRACKS} at most")
    try:
        project = new_project().evolve(tempo_map=tempo_map(document, losses), meter_map=meter_map(document, losses))
        project = _named(project, package.metadata())
        mixer = MixerReader(document, package, losses)
        project = mixer.read(project)
        project = ClipReader(document, mixer, AudioReader(sounds, losses), losses).read(project)
        project = _marked(_playing(project, mixer.devices.strangers), document)
        check(project)
    except (ValidationError, ValueError) as error:
        why = complaint(error)[1] if isinstance(error, ValidationError) else str(error)
        raise UserError(f"it does not fit into a project: {why}") from error
    return project


def _named(project: ProjectState, metadata: Element | None) -> ProjectState:
    """Return the project with title and key, where the metadata has them."""
    if metadata is None:
        return project
    title = metadata.findtext("Title") or ""
    project = project.evolve(title=label(Element("Title", name=title), project.title))
    for line in (metadata.findtext("Comment") or "").splitlines():
        if line.startswith(KEY):
            try:
                return project.evolve(key=Key.parse(line.removeprefix(KEY)[:40]))
            except UserError:
                break
    return project


def _playing(project: ProjectState, strangers: list[str]) -> ProjectState:
    """Return the project with an instrument that suits on each track whose own is not here."""
    for track_id in strangers:
        track = project.find_track(track_id)
        pitches = [note.pitch for clip in track.clips for note in clip.notes]
        project = tracks.set_instrument(project, track_id, suited_device(track.role, pitches))
    return project


def _marked(project: ProjectState, document: Element) -> ProjectState:
    made = []
    for markers in (*children(document.find("Arrangement"), "Markers"), *document.iter("markers")):
        scale = scale_of(markers, QUARTERS, project.tempo_map.bpm)
        for marker in children(markers, "Marker")[:MOST_MARKERS]:
            tick = max(0, scale.tick(numeral(marker, "time")))
            project, marker_id = project.taken("m")
            made.append(Marker(id=marker_id, name=label(marker, "marker"), tick=tick))
    return project.evolve(markers=tuple(made[:MOST_MARKERS]))
