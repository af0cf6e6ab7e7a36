"""Audio of a DAWproject read: the sounds inside a clip as regions of artifacts."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.exchange.dawproject.markup import numeral
from hardcore.exchange.dawproject.readtime import Scale, scale_of
from hardcore.exchange.dawproject.units import decibels
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_BPM, MIN_BPM, PPQ
from hardcore.project.artifact import Artifact
from hardcore.project.region import AudioRegion, Warp

Sounds = Callable[[str], Artifact]
_REPITCHED, _PLAIN = ("repitch",), ("raw",)


class _Laid(NamedTuple):
    """How a sound lies on the time of its clip: its tempo (None: its own speed), and a time of that in the sound."""

    bpm: float | None
    seconds: Callable[[float], float]


class AudioReader:
    """Reads what audio clips play; `sounds` gives the artifact of a file of the zip, or raises UserError."""

    def __init__(self, sounds: Sounds, losses: Losses) -> None:
        self._sounds, self._losses = sounds, losses

    def regions(self, content: Element, scale: Scale, bpm: float, name: str) -> list[AudioRegion]:
        """Return the regions of a clip's content in their order, `start_ticks` from its beginning.

        bpm   the tempo where the clip is: audio in seconds lasts as it does there
        """
        found = []
        for piece, inner in _pieces(content, scale, bpm):
            for file in piece.iter("Video"):
                self._losses.add("video", "there is none here", label_of(file))
            try:
                if (region := self._region(piece, inner, scale, bpm)) is not None:
                    found.append(region)
            except (UserError, ValidationError) as error:
                why = error.message if isinstance(error, UserError) else "it does not fit its clip"
                self._losses.add("sounds", why, name)
        return sorted(found, key=lambda region: region.start_ticks)

    def _region(self, piece: Element, inner: Scale, outer: Scale, bpm: float) -> AudioRegion | None:
        audio, warps = next(piece.iter("Audio"), None), next(piece.iter("Warps"), None)
        file = audio.find("File") if audio is not None else None
        if audio is None or file is None:
            return None
        if file.get("external") == "true":
            raise UserError("files beside the project are not read", file.get("path", "")[:80])
        artifact = self._sounds(file.get("path", ""))
        laid = self._laid(warps, inner, bpm, audio)
        sound = artifact.sound
        is_clip = piece.tag == "Clip"
        begin = numeral(piece, "playStart") if is_clip else 0.0
        first = min(max(round(laid.seconds(begin) * sound.rate), 0), sound.frames - 1)
        end = sound.seconds
        if is_clip and "playStop" in piece.attrib:
            end = laid.seconds(numeral(piece, "playStop"))
        elif is_clip and "duration" in piece.attrib:
            end = laid.seconds(begin + outer.tick(numeral(piece, "duration")) / inner.ticks)
        last = min(max(round(end * sound.rate), first + 1), sound.frames)
        gain_db, transpose = self._expression(piece, "gain"), self._expression(piece, "transpose")
        return AudioRegion(
            sound=sound, first=first, frames=last - first,
            start_ticks=outer.tick(numeral(piece, "time")) if is_clip else 0,
            gain_db=min(max(gain_db + artifact.gain_db, -96), 24), transpose=min(max(transpose, -36), 36),
            warp=_warp(laid.bpm, audio.get("algorithm", "")), bpm=laid.bpm, **_fades(piece, bpm),
        )  # fmt: skip

    def _laid(self, warps: Element | None, inner: Scale, bpm: float, audio: Element) -> _Laid:
        points = sorted((numeral(one, "time"), numeral(one, "contentTime")) for one in warps or () if one.tag == "Warp")
        if warps is None or len(points) < 2:
            return _Laid(None, lambda time: time * inner.ticks / scale_of(audio, Scale("seconds", 1), bpm).ticks)
        (t0, c0), (t1, c1) = points[0], points[-1]
        beats = scale_of(warps, inner, bpm)
        own = 60 * (t1 - t0) * beats.ticks / ((c1 - c0) * PPQ) if c1 > c0 and t1 > t0 else bpm
        speeds = {round((d - b) / (c - a), 6) for (a, b), (c, d) in pairwise(points) if c > a}
        if len(speeds) > 1:
            self._losses.add("warp markers", "the tempo of a sound is even here", audio.get("name") or "audio")
        if not MIN_BPM <= own <= MAX_BPM:
            self._losses.add("the speed of audio", "it is too far from its own")
            own = bpm
        if audio.get("algorithm", "").casefold() in _PLAIN:
            return _Laid(None, lambda time: c0 + (time - t0) * 60 / own)
        return _Laid(round(own, 9), lambda time: c0 + (time - t0) * beats.ticks / PPQ * 60 / own)

    def _expression(self, piece: Element, name: str) -> float:
        """Return the constant of an expression; what moves is told."""
        for points in piece.iter("Points"):
            target = points.find("Target")
            if target is None or target.get("expression") != name:
                continue
            values = [numeral(one, "value") for one in points.findall("RealPoint")]
            if len(set(values)) > 1:
                self._losses.add("curves inside audio clips", "their first value", name)
            if values and name == "gain" and points.get("unit") != "decibel":
                return decibels(values[0])
            return values[0] if values else 0.0
        return 0.0


def _pieces(content: Element, scale: Scale, bpm: float) -> list[tuple[Element, Scale]]:
    """Return what plays in a clip's content, each with the timeline inside it: clips in it, or the content itself."""
    for element in (content, *content):
        if element.tag == "Clips":
            return [(one, scale_of(one, scale, bpm, "contentTimeUnit")) for one in element.findall("Clip")]
    return [(content, scale)]


def trimmed(region: AudioRegion, length_ticks: int, bpm: float) -> AudioRegion:
    """Return a region without what lies outside [0, length): fades of the clip around it then are where that is cut."""
    per_tick = 60 / ((region.bpm or bpm) * PPQ) * region.sound.rate
    cut = min(round(max(0, -region.start_ticks) * per_tick), region.frames - 1)
    start = max(region.start_ticks, 0)
    frames = min(region.frames - cut, max(1, round((length_ticks - start) * per_tick)))
    return region.evolve(first=region.first + cut, frames=frames, start_ticks=start)


def looped(regions: Sequence[AudioRegion], bpm: float) -> AudioRegion | None:
    """Return the one region that begins anew evenly which regions are, None where they are several."""
    if len(regions) == 1:
        return regions[0]
    whole = regions[1]
    began = []
    for region in regions:
        # the first may begin in its middle
        cut = region.first - whole.first
        per_frame = (region.bpm or bpm) * PPQ / 60 / region.sound.rate
        began.append(region.start_ticks - round(cut * per_frame))
        same = whole.evolve(
            first=region.first, frames=region.frames, start_ticks=region.start_ticks, fade_in_s=region.fade_in_s
        )
        if region != same or cut + region.frames != whole.frames or (cut and began[1:]):
            return None
    steps = {b - a for a, b in pairwise(began)}
    if max(steps) - min(steps) > 1 or min(steps) <= 0:
        return None
    return whole.evolve(start_ticks=began[1] - max(steps), loop_ticks=max(steps))


def _warp(bpm: float | None, algorithm: str) -> Warp:
    if bpm is None:
        return "off"
    return "repitch" if algorithm.casefold() in _REPITCHED else "stretch"


def _fades(piece: Element, bpm: float) -> dict[str, float]:
    factor = 1.0 if piece.get("fadeTimeUnit") == "seconds" else 60 / bpm
    names = {"fade_in_s": "fadeInTime", "fade_out_s": "fadeOutTime"}
    return {ours: min(max(numeral(piece, theirs) * factor, 0.0), 60.0) for ours, theirs in names.items()}


def label_of(element: Element) -> str:
    """Return what an element is called."""
    return (element.get("name") or element.tag)[:40]
