"""Audio in a DAWproject: the pieces of a sound inside a clip, each with fades, gain, pitch, and its warps."""

from collections.abc import Iterator
from typing import NamedTuple

from hardcore.exchange.dawproject.media import Media
from hardcore.exchange.dawproject.units import quarters
from hardcore.exchange.dawproject.xmlwriter import XmlWriter
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.clip import Clip
from hardcore.project.placement import Placement
from hardcore.project.region import AudioRegion


class _Piece(NamedTuple):
    """A stretch of a clip [start, end) in ticks where its sound plays from `into_s` seconds of its region on."""

    start: int
    end: int
    into_s: float


class AudioEvents:
    """Writes what audio clips of a reduced project play; the sounds that are used come to be known to `media`."""

    def __init__(self, xml: XmlWriter, tempo: TempoMap, media: Media) -> None:
        self._xml, self._tempo, self._media = xml, tempo, media

    def write(self, clip: Clip, placed: Placement) -> None:
        """Write the audio of a clip where that is placed (audio at its own speed lasts as the tempo there has it)."""
        region = clip.region
        assert region is not None
        origin = placed.start_ticks - placed.offset_ticks
        with self._xml.element("Clips"):
            for piece in self._pieces(clip, region, origin):
                self._piece(region, piece)

    def _pieces(self, clip: Clip, region: AudioRegion, origin: int) -> Iterator[_Piece]:
        period = region.loop_ticks or 2 * clip.length_ticks + abs(region.start_ticks)
        for begin in range(region.start_ticks, clip.length_ticks, period):
            end = min(begin + period, begin + self._ticks(region, origin + begin), clip.length_ticks)
            start = max(begin, 0)
            if end > start:
                yield _Piece(start, end, self._seconds(region, origin + begin, origin + start))

    def _ticks(self, region: AudioRegion, at: int) -> int:
        """Return how many ticks a region lasts that begins at a tick of the song."""
        if region.bpm is not None:
            return round(region.seconds * region.bpm / 60 * PPQ)
        return round(self._tempo.ticks(self._tempo.seconds(at) + region.seconds) - at)

    def _seconds(self, region: AudioRegion, begin: int, tick: int) -> float:
        """Return how many seconds of a region have passed at a tick."""
        if region.bpm is not None:
            return (tick - begin) * 60 / (PPQ * region.bpm)
        return self._tempo.seconds(tick) - self._tempo.seconds(begin)

    def _piece(self, region: AudioRegion, piece: _Piece) -> None:
        sound = region.sound
        first = sound.frames - region.first - region.frames if region.reverse else region.first
        begin_s = first / sound.rate + piece.into_s
        end_s = (first + region.frames) / sound.rate
        bpm = region.bpm
        # inside, times are beats where the sound follows the tempo, else seconds
        unit, factor = ("seconds", 1.0) if bpm is None else ("beats", bpm / 60)
        with self._xml.element(
            "Clip", time=quarters(piece.start), duration=quarters(piece.end - piece.start), contentTimeUnit=unit,
            playStart=begin_s * factor, playStop=end_s * factor, fadeTimeUnit="seconds",
            fadeInTime=0.0 if piece.into_s else region.fade_in_s, fadeOutTime=region.fade_out_s,
        ):  # fmt: skip
            if not region.gain_db and not region.transpose:
                self._sound(region)
                return
            with self._xml.element("Lanes", timeUnit=unit):
                self._sound(region)
                self._constant("gain", "decibel", region.gain_db)
                self._constant("transpose", "semitones", region.transpose)

    def _constant(self, expression: str, unit: str, value: float) -> None:
        if value:
            with self._xml.element("Points", unit=unit):
                self._xml.empty("Target", expression=expression)
                self._xml.empty("RealPoint", time="0", value=value, interpolation="hold")

    def _sound(self, region: AudioRegion) -> None:
        """Write the whole sound, in seconds or, where it follows the tempo, laid on the beats of its own."""
        if region.bpm is None:
            self._file(region, "raw")
            return
        seconds = region.sound.seconds
        with self._xml.element("Warps", contentTimeUnit="seconds", timeUnit="beats"):
            self._file(region, region.warp)
            self._xml.empty("Warp", time=0.0, contentTime=0.0)
            self._xml.empty("Warp", time=seconds * region.bpm / 60, contentTime=seconds)

    def _file(self, region: AudioRegion, algorithm: str) -> None:
        sound = region.sound
        with self._xml.element(
            "Audio", algorithm=algorithm, channels=str(sound.channels), duration=sound.seconds,
            sampleRate=str(sound.rate), timeUnit="seconds",
        ):  # fmt: skip
            self._xml.empty("File", path=self._media.path_of(region))
