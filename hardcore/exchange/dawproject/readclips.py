"""The clips of a DAWproject read: arrangement, scenes and automation, as clips, placements and slots of ours."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pydantic import ValidationError

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.readaudio import AudioReader, looped, trimmed
from hardcore.exchange.dawproject.readmixer import MixerReader, label
from hardcore.exchange.dawproject.readmoves import EnvelopeReader, Window
from hardcore.exchange.dawproject.readtime import QUARTERS, Scale, scale_of
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_TICKS, PPQ
from hardcore.project import clips, placing
from hardcore.project.clip import Automation
from hardcore.project.notes import Note
from hardcore.project.region import AudioRegion
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_SHORTEST = PPQ // 16
_TIMELINES = ("Timeline", "Lanes", "Notes", "Clips", "ClipSlot", "markers", "Warps", "Audio", "Video", "Points")


class ClipReader:
    """Reads arrangement and scenes into a project whose mixer is there already."""

    def __init__(self, document: Element, mixer: MixerReader, audio: AudioReader, losses: Losses) -> None:
        self._document, self._mixer, self._audio, self._losses = document, mixer, audio, losses
        self._by_id = {one.attrib["id"]: one for one in document.iter() if "id" in one.attrib}
        self._moves = EnvelopeReader(self._by_id, mixer.targets, losses)
        self._known: dict[tuple[object, ...], str] = {}

    def read(self, project: ProjectState) -> ProjectState:
        """Return the project with what is placed, automated, marked and in scenes."""
        lanes = self._document.find("Arrangement/Lanes")
        if lanes is not None:
            project = self._timeline(project, lanes, None, scale_of(lanes, QUARTERS, project.tempo_map.bpm))
        return self._scenes(project)

    def _timeline(self, project: ProjectState, element: Element, track: str | None, scale: Scale) -> ProjectState:
        """Return the project with a timeline of the arrangement, and those inside it."""
        checkpoint()
        track = self._mixer.track_of.get(element.get("track", ""), track)
        scale = scale_of(element, scale, project.tempo_map.bpm)
        if scale.unit == "seconds" and len(project.tempo_map.points) > 1:
            self._losses.add("times in seconds", "they lie where they would at the first tempo")
        if element.tag == "Lanes":
            for child in element:
                project = self._timeline(project, child, track, scale)
        elif element.tag == "Points":
            project = self._moves.along(project, element, scale)
        elif track is None:
            if element.tag in _TIMELINES and len(element):
                self._losses.add("timelines of no track", "nothing plays them", label(element, element.tag))
        elif element.tag == "Clips":
            for clip in children(element, "Clip"):
                project = self._placed(project, clip, track, scale)
        elif element.tag in ("Notes", "Audio", "Warps"):
            whole = Element("Clip", {"time": "0", "duration": str(_end(element, scale))})
            whole.append(element)
            project = self._placed(project, whole, track, scale)
        elif element.tag in ("Video", "ClipSlot"):
            self._losses.add(element.tag.casefold(), "there is none in the arrangement here")
        return project

    def _placed(self, project: ProjectState, clip: Element, track_id: str, scale: Scale) -> ProjectState:
        track = project.find_track(track_id)
        for window, content, inner in self._windows(project, clip, scale, track):
            project, made = self._clip(project, track, clip, content, inner, window)
            for clip_id, low, high in made:
                start = window.start_ticks + low
                length = min(high - low, window.length_ticks - low)
                if length >= _SHORTEST and start + length <= MAX_TICKS:
                    offset = window.offset if not low else 0
                    project = placing.place(project, clip_id, start, length, offset)
        return project

    def _windows(
        self, project: ProjectState, clip: Element, scale: Scale, track: Track
    ) -> Iterator[tuple[Window, Element, Scale]]:
        """Yield what of a clip's content plays when: a part before its loop comes for itself."""
        content = self._by_id.get(clip.get("reference", "")) if "reference" in clip.attrib else None
        content = next((one for one in clip if one.tag in _TIMELINES), content)
        name = label(clip, track.name)
        if content is None or clip.get("enable") == "false":
            why = "it is switched off" if content is not None else "nothing is in it"
            self._losses.add("clips", why, name)
            return
        start = scale.tick(numeral(clip, "time"))
        inner = scale_of(clip, scale, project.tempo_map.at(max(start, 0)), "contentTimeUnit")
        begin = inner.tick(numeral(clip, "playStart"))
        length = inner.tick(numeral(clip, "playStop")) - begin
        if "duration" in clip.attrib:
            length = scale.tick(numeral(clip, "duration"))
        low, high = inner.tick(numeral(clip, "loopStart")), inner.tick(numeral(clip, "loopEnd"))
        if start < 0 or length < _SHORTEST:
            self._losses.add("clips", "they are too short, or before the beginning", name)
        elif high - low < _SHORTEST:
            yield Window(start, length, begin, begin + length, 0), content, inner
        elif low <= begin < high:
            yield Window(start, length, low, high, begin - low), content, inner
        else:
            first = min(max(high - begin, 0), length)
            if first >= _SHORTEST:
                yield Window(start, first, begin, begin + first, 0), content, inner
            if length - first >= _SHORTEST:
                yield Window(start + first, length - first, low, high, 0), content, inner

    def _clip(
        self, project: ProjectState, track: Track, clip: Element, content: Element, inner: Scale, window: Window
    ) -> tuple[ProjectState, list[tuple[str, int, int]]]:
        """Return the project with clips of a window, each with the stretch of the window that it takes (ticks)."""
        name = label(clip, track.name)
        bpm = project.tempo_map.at(window.start_ticks)
        length = window.high - window.low
        moves = tuple(self._moves.inside(content, inner, track.id, window, bpm))
        if track.kind == "midi":
            notes = tuple(self._notes(content, inner, bpm, window, name))
            return self._kept(project, track, name, length, moves, notes, None, (0, max(length, window.length_ticks)))
        if track.kind != "audio":
            self._losses.add("clips", f"a {track.kind} track holds none", track.name)
            return project, []
        heard = self._audio.regions(content, inner, bpm, name)
        regions = [one.evolve(start_ticks=one.start_ticks - window.low) for one in heard]
        regions = [one for one in regions if one.start_ticks < length]
        if not regions:
            return project, []
        whole = looped(regions, bpm)
        if whole is not None or window.length_ticks > length:
            if whole is None:
                self._losses.add("several sounds in one loop", "only the first", name)
            region = _faded(whole or regions[0], clip, length, bpm)
            return self._kept(project, track, name, length, moves, (), region, (0, max(length, window.length_ticks)))
        made = []
        for region, after in zip(regions, [*(one.start_ticks for one in regions[1:]), length], strict=True):
            begin, end = max(region.start_ticks, 0), min(after, length)
            if end - begin >= _SHORTEST:
                moved = region.evolve(start_ticks=region.start_ticks - begin)
                project, one = self._kept(project, track, name, end - begin, (), (), moved, (begin, end))
                made += one
        return project, made

    def _kept(
        self, project: ProjectState, track: Track, name: str, length: int, moves: tuple[Automation, ...],
        notes: tuple[Note, ...], region: AudioRegion | None, stretch: tuple[int, int],
    ) -> tuple[ProjectState, list[tuple[str, int, int]]]:  # fmt: skip
        """Return the project with a clip, the one that is there already if it is the same, and where it plays."""
        key = (track.id, name, length, notes, repr(region), repr(moves))
        if key not in self._known:
            try:
                project, self._known[key] = clips.add_clip(
                    project, track.id, None, length, notes, name, automation=moves, region=region
                )
            except (UserError, ValidationError) as error:
                why = error.message if isinstance(error, UserError) else "there is more than a project holds"
                self._losses.add("clips", why, name)
                return project, []
        return project, [(self._known[key], *stretch)]

    def _notes(self, content: Element, inner: Scale, bpm: float, window: Window, name: str) -> Iterator[Note]:
        for notes in content.iter("Notes"):
            scale = scale_of(notes, inner, bpm)
            for note in children(notes, "Note"):
                checkpoint()
                if len(note):
                    self._losses.add("expressions of notes", "there are none here", name)
                start, key = scale.tick(numeral(note, "time")), round(numeral(note, "key", -1))
                if not (window.low <= start < window.high and 0 <= key <= 127):
                    continue
                length = min(max(1, scale.tick(numeral(note, "duration"))), MAX_TICKS)
                velocity = min(max(1, round(numeral(note, "vel", 100 / 127) * 127)), 127)
                yield Note(start - window.low, length, key, velocity)

    def _scenes(self, project: ProjectState) -> ProjectState:
        scenes = children(self._document.find("Scenes"), "Scene")
        if not scenes:
            return project
        made: list[Scene] = []
        for number, scene in enumerate(scenes[:1024], 1):
            slots: dict[str, str] = {}
            for slot in scene.iter("ClipSlot"):
                project, found = self._slot(project, slot)
                slots |= found
            taken = {one.name.casefold() for one in made}
            name = label(scene, f"scene {number}")
            while name.casefold() in taken:
                name = f"{name} {number}"
            project, scene_id = project.taken("s")
            made.append(Scene(id=scene_id, name=name, slots=slots))
        return project.evolve(scenes=tuple(made))

    def _slot(self, project: ProjectState, slot: Element) -> tuple[ProjectState, dict[str, str]]:
        track_id, clip = self._mixer.track_of.get(slot.get("track", "")), slot.find("Clip")
        if track_id is None or clip is None:
            return project, {}
        track = project.find_track(track_id)
        scale = scale_of(slot, QUARTERS, project.tempo_map.bpm)
        found: dict[str, str] = {}
        for window, content, inner in self._windows(project, clip, scale, track):
            project, made = self._clip(project, track, clip, content, inner, window._replace(start_ticks=0))
            found = {track_id: made[0][0]} if made else found
        return project, found


def _end(element: Element, scale: Scale) -> float:
    """Return where the last of a timeline without a clip ends, in its unit."""
    ends = [numeral(one, "time") + numeral(one, "duration") for one in element.iter()]
    return max(ends, default=0.0) or scale.ticks


def _faded(region: AudioRegion, clip: Element, length: int, bpm: float) -> AudioRegion:
    """Return a region with the fades of the clip around it, where those are longer, from edge to edge of that."""
    factor = 1.0 if clip.get("fadeTimeUnit") == "seconds" else 60 / bpm
    in_s, out_s = (min(max(numeral(clip, name) * factor, 0), 60) for name in ("fadeInTime", "fadeOutTime"))
    if in_s or out_s:
        region = trimmed(region, length, bpm)
    return region.evolve(fade_in_s=max(region.fade_in_s, in_s), fade_out_s=max(region.fade_out_s, out_s))
