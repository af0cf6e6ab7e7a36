"""The timelines of a DAWproject: the arrangement with clips, automation and maps, and the scenes with their slots."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hardcore.checkpoint import checkpoint
from hardcore.exchange.dawproject import ids
from hardcore.exchange.dawproject.audioevents import AudioEvents
from hardcore.exchange.dawproject.devices import slots_of, unit_of
from hardcore.exchange.dawproject.units import normalized_pan, quarters
from hardcore.exchange.dawproject.xmlwriter import XmlWriter
from hardcore.music.ticks import MAX_TICKS
from hardcore.project.automation import parameter_of
from hardcore.project.clip import Automation, Clip
from hardcore.project.markers import marks
from hardcore.project.placement import Placement
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


class Timelines:
    """Writes arrangement and scenes of a reduced project."""

    def __init__(self, xml: XmlWriter, project: ProjectState, audio: AudioEvents) -> None:
        self._xml, self._project, self._audio = xml, project, audio

    def arrangement(self) -> None:
        """Write what is placed along the song, its automation, markers, tempos and meters."""
        xml, project = self._xml, self._project
        with xml.element("Arrangement", id="arrangement"):
            with xml.element("Lanes", timeUnit="beats", id="arrangement.lanes"):
                for track in project.tracks:
                    self._lane(track)
            if named := marks(project, MAX_TICKS):
                with xml.element("Markers", timeUnit="beats", id="markers"):
                    for tick, name in named:
                        xml.empty("Marker", time=quarters(tick), name=name)
            self._tempos()
            with xml.element("TimeSignatureAutomation", timeUnit="beats", id="meters"):
                xml.empty("Target", parameter=ids.METER)
                for point in project.meter_map.points:
                    xml.empty(
                        "TimeSignaturePoint", time=quarters(point.tick), numerator=str(point.numerator),
                        denominator=str(point.denominator),
                    )  # fmt: skip

    def scenes(self) -> None:
        """Write every scene with the clips in its slots."""
        xml, clips = self._xml, {clip.id: clip for _, clip in self._project.clips()}
        with xml.element("Scenes"):
            for scene in self._project.scenes:
                with (
                    xml.element("Scene", id=scene.id, name=scene.name),
                    xml.element("Lanes", timeUnit="beats", id=f"{scene.id}.lanes"),
                ):
                    for track in self._project.tracks:
                        if track.id in scene.slots:
                            id = f"{scene.id}.{track.id}"
                            with xml.element("ClipSlot", track=track.id, hasStop=True, id=id):
                                clip = clips[scene.slots[track.id]]
                                whole = Placement(clip=clip.id, start_ticks=0, length_ticks=clip.length_ticks)
                                self._clip(track, clip, whole)

    def _lane(self, track: Track) -> None:
        clips = {clip.id: clip for clip in track.clips}
        with self._xml.element("Lanes", track=track.id, id=f"{track.id}.lanes"):
            with self._xml.element("Clips", id=f"{track.id}.clips"):
                for placed in track.placements:
                    self._clip(track, clips[placed.clip], placed)
            self._envelopes(track, track.automation)

    def _clip(self, track: Track, clip: Clip, placed: Placement) -> None:
        """Write a clip where it is placed; it loops over its own length."""
        checkpoint()
        xml = self._xml
        with xml.element(
            "Clip", time=quarters(placed.start_ticks), duration=quarters(placed.length_ticks),
            contentTimeUnit="beats", playStart=quarters(placed.offset_ticks % clip.length_ticks), loopStart="0",
            loopEnd=quarters(clip.length_ticks), name=clip.name,
        ):  # fmt: skip
            if not clip.automation:
                self._content(clip, placed)
                return
            with xml.element("Lanes", timeUnit="beats"):
                self._content(clip, placed)
                self._envelopes(track, clip.automation)

    def _content(self, clip: Clip, placed: Placement) -> None:
        if clip.region is not None:
            self._audio.write(clip, placed)
            return
        with self._xml.element("Notes"):
            for note in clip.notes:
                checkpoint()
                self._xml.empty(
                    "Note", time=quarters(note.start_ticks), duration=quarters(note.length_ticks), channel="0",
                    key=str(note.pitch), vel=note.velocity / 127,
                )  # fmt: skip

    def _envelopes(self, track: Track, envelopes: Sequence[Automation]) -> None:
        for envelope in envelopes:
            known = parameter_of(track, envelope.owner, envelope.parameter)
            if known is None:
                continue
            effect = next((one.device for one in track.effects if one.id == envelope.owner), "")
            slot = slots_of(effect).get(envelope.parameter)
            is_pan = envelope.owner == track.id and envelope.parameter == "pan"
            unit = "normalized" if is_pan else slot.unit if slot else unit_of(known.unit)
            change = normalized_pan if is_pan else slot.to_file if slot else float
            with self._xml.element("Points", unit=unit, timeUnit="beats"):
                self._xml.empty("Target", parameter=ids.parameter(track, envelope.owner, envelope.parameter))
                for point in envelope.points:
                    how = "hold" if point.shape == "step" else "linear"
                    self._point(point.tick, change(point.value), how)

    def _tempos(self) -> None:
        with self._xml.element("TempoAutomation", unit="bpm", timeUnit="beats", id="tempos"):
            self._xml.empty("Target", parameter=ids.TEMPO)
            for tick, bpm, how in self._tempo_points():
                self._point(tick, bpm, how)

    def _tempo_points(self) -> Iterator[tuple[int, float, str]]:
        points = self._project.tempo_map.points
        for point, after in pairwise((*points, None)):
            assert point is not None
            yield point.tick, point.bpm, "linear" if after is not None and after.ramp else "hold"

    def _point(self, tick: int, value: float, how: str) -> None:
        self._xml.empty("RealPoint", time=quarters(tick), value=value, interpolation=how)
