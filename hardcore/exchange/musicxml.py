"""Parts of a project as MusicXML, for notation programs: written times on a grid that can be read, one staff a part.

pymusicxml (48 KB, no dependencies) knows the format: types of notes, ties, tuplets, the order of elements. Which notes
there are, and how they fall into bars, is decided here.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pymusicxml
from pymusicxml.score_components import TraditionalKeySignature  # a number as the key writes no key

from hardcore.checkpoint import checkpoint
from hardcore.exchange.losses import Losses
from hardcore.exchange.scoretime import Placed, ScoreGrid
from hardcore.music.pitch import class_name
from hardcore.music.scale import Key
from hardcore.music.tempo import PPQ, MeterMap
from hardcore.project.clip import GrooveUse
from hardcore.project.events import Span, events, is_along
from hardcore.project.midi import program_of
from hardcore.project.sectionkeys import key_changes, marked_keys
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, bars_of, end_ticks, sung
from hardcore.project.track import Track

# what one note can last, in ticks, the longest first
_LENGTHS = tuple(round(PPQ * quarters) for quarters in (4, 3, 2, 1.5, 1, 0.75, 0.5, 0.375, 0.25, 0.125))
_SIGNS = {"": 0, "#": 1, "b": -1}
_LOWEST_TREBLE = 55


class Slice(NamedTuple):
    """A stretch in which the same notes sound: each pitch, whether it sounded before, and whether it does after."""

    start: int
    end: int
    pitches: tuple[tuple[int, bool, bool], ...]


def to_musicxml(project: ProjectState, playing: Sequence[Playing], parts: Sequence[Track], losses: Losses) -> bytes:
    """Return tracks as a score, a part each; what a score does not say is told to `losses`."""
    bars = bars_of(project, playing)
    along = is_along(project, playing)
    keys = dict(key_changes(project, playing, marked_keys(project) if along else ()))
    sounding = events(project, [_as_written(item) for item in playing], Span(0, end_ticks(playing)))
    score = pymusicxml.Score(title=project.title)
    for number, track in enumerate(parts, 1):
        own = sorted(
            Placed(event.tick, event.tick + event.length_ticks, event.pitch)
            for event in sounding
            if event.track_id == track.id
        )
        grid = ScoreGrid(project.meter_map, own)
        snapped = grid.snapped(own)
        if snapped != own:
            losses.add("times between the steps of the grid", "the nearest sixteenth, triplet or 32nd", track.name)
        words = {grid.snap(tick): text for tick, text in sung(playing, track.id)}
        if lost := len(words.keys() - {note.start for note in snapped}):
            losses.add("syllables where no note begins", f"{lost} are left out", track.name)
        part = _Part(project, keys, grid, _slices(snapped, grid, project.meter_map, bars), words)
        name = track.instrument.definition.name if track.instrument else track.name
        program = program_of(track) or 0
        score.append(pymusicxml.Part(track.name, part.measures(bars, own), number, name, program + 1))
    if any(point.ramp for point in project.tempo_map.points):
        losses.add("ramps of tempo", "each bar has the tempo that it begins with")
    return _bytes(score)


def _as_written(item: Playing) -> Playing:
    """Return a clip as it stands in its notes: without groove and micro-timing."""
    notes = item.clip.notes.map(lambda note: note._replace(offset_ticks=0))
    return item._replace(clip=item.clip.evolve(notes=notes, groove=GrooveUse()))


def _slices(notes: Sequence[Placed], grid: ScoreGrid, meters: MeterMap, bars: int) -> list[Slice]:
    """Return the time of all bars cut wherever a note begins or ends, at bar lines and around triplets."""
    end = meters.bar_start(bars)
    cuts = {meters.bar_start(bar) for bar in range(bars + 1)}
    cuts |= {edge for note in notes for edge in (note.start, min(note.end, end)) if edge < end}
    for window in {grid.window(note.start) for note in notes}:
        if grid.is_triplet(window):
            cuts |= {window, window + PPQ}
    ordered = sorted(cut for cut in cuts if 0 <= cut <= end)
    sounding: list[list[tuple[int, bool, bool]]] = [[] for _ in ordered]
    for note in notes:
        checkpoint()
        first, last = bisect_left(ordered, note.start), bisect_left(ordered, min(note.end, end))
        for place in range(first, last):
            sounding[place].append((note.pitch, place > first, place < last - 1))
    return [
        Slice(start, stop, tuple(sorted(pitches)))
        for start, stop, pitches in zip(ordered, ordered[1:], sounding, strict=False)
    ]


class _Part:
    """Makes the bars of one part."""

    def __init__(
        self, project: ProjectState, keys: Mapping[int, Key], grid: ScoreGrid, slices: Sequence[Slice],
        words: Mapping[int, str],
    ) -> None:  # fmt: skip
        self._project, self._keys, self._grid, self._slices, self._words = project, keys, grid, slices, words
        self._flats = project.key.flats  # of the bar that is made

    def measures(self, bars: int, notes: Sequence[Placed]) -> list[Any]:
        """Return the bars: the first with a clef; key, meter and tempo where they change."""
        meters, tempo = self._project.meter_map, self._project.tempo_map
        made: list[Any] = []
        place, meter, bpm = 0, (0, 0), 0.0
        for bar in range(bars):
            checkpoint()
            start, end = meters.bar_start(bar), meters.bar_start(bar + 1)
            first, place = place, bisect_left(self._slices, end, lo=place, key=lambda one: one.start)
            shown: dict[str, Any] = {"number": bar + 1}
            if bar == 0:
                shown["clef"] = _clef(notes)
            if key := self._keys.get(start):
                shown["key"], self._flats = TraditionalKeySignature(key.accidentals), key.flats
            if (here := (meters.at(start).numerator, meters.at(start).denominator)) != meter:
                meter = shown["time_signature"] = here
            if (now := round(tempo.at(start), 2)) != bpm:
                bpm = now
                shown["directions_with_displacements"] = [(pymusicxml.MetronomeMark(1.0, bpm), 0.0)]
            made.append(pymusicxml.Measure(self._contents(self._slices[first:place], start, end), **shown))
        return made

    def _contents(self, slices: Sequence[Slice], start: int, end: int) -> list[Any]:
        if not any(one.pitches for one in slices):
            return [pymusicxml.BarRest((end - start) / PPQ)]
        found: list[Any] = []
        window, waiting = -1, list[Any]()
        for one in slices:
            here = self._grid.window(one.start)
            if not self._grid.is_triplet(here) or one.end - one.start >= PPQ:
                found += [self._note(piece) for piece in _pieces(one, start)]
                continue
            if here != window:
                window, waiting = here, []
            waiting += [self._note(piece, 3 / 2) for piece in _tripletted(one)]
            if one.end == here + PPQ:
                found.append(pymusicxml.Tuplet(waiting, (3, 2)))
        return found

    def _note(self, one: Slice, longer: float = 1.0) -> Any:
        quarters = (one.end - one.start) * longer / PPQ
        if not one.pitches:
            return pymusicxml.Rest(quarters)
        names = [class_name(pitch, self._flats) for pitch, _, _ in one.pitches]
        pitches = [
            pymusicxml.Pitch(name[0], pitch // 12 - 1, _SIGNS[name[1:]])
            for name, (pitch, _, _) in zip(names, one.pitches, strict=True)
        ]
        ties = [_TIES[before, after] for _, before, after in one.pitches]
        word = "" if all(before for _, before, _ in one.pitches) else self._words.get(one.start, "")
        if len(pitches) == 1:
            return _SungNote(pitches[0], quarters, ties=ties[0]).singing(word)
        return _SungChord(pitches, quarters, ties=ties).singing(word)


class _Sung:
    """What is sung on a note, which pymusicxml has no place for: the last element of the note, of a chord's first."""

    _word = ""

    def singing(self, word: str) -> Any:
        """Return the note with a syllable."""
        self._word = word
        return self

    def render(self) -> Any:
        """Return its elements."""
        made = super().render()  # type: ignore[misc]
        text = self._word.strip(" /\\")
        if text:
            lyric = ElementTree.SubElement(made[0], "lyric")
            ElementTree.SubElement(lyric, "syllabic").text = "begin" if text.endswith("-") else "single"
            ElementTree.SubElement(lyric, "text").text = text.removesuffix("-")
        return made


class _SungNote(_Sung, pymusicxml.Note):  # type: ignore[misc]
    pass


class _SungChord(_Sung, pymusicxml.Chord):  # type: ignore[misc]
    pass


_TIES = {(False, False): None, (False, True): "start", (True, True): "continue", (True, False): "stop"}


def _pieces(one: Slice, bar_start: int) -> Iterator[Slice]:
    """Yield a slice in lengths that one note can have; what begins off the beat goes up to the next beat first."""
    at = one.start
    while at < one.end:
        room = PPQ - (at - bar_start) % PPQ
        most = one.end - at if room == PPQ else min(room, one.end - at)
        size = next((length for length in _LENGTHS if length <= most), most)
        yield _part_of(one, at, at + size)
        at += size


def _tripletted(one: Slice) -> Iterator[Slice]:
    """Yield a slice inside a triplet in lengths that one note can have there."""
    at = one.start
    while at < one.end:
        size = next(length for length in (1280, 960, 640, 320) if length <= one.end - at)
        yield _part_of(one, at, at + size)
        at += size


def _part_of(one: Slice, start: int, end: int) -> Slice:
    tied = ((pitch, before or start > one.start, after or end < one.end) for pitch, before, after in one.pitches)
    return Slice(start, end, tuple(tied))


def _clef(notes: Sequence[Placed]) -> str:
    pitches = sorted(note.pitch for note in notes)
    return "bass" if pitches and pitches[len(pitches) // 2] < _LOWEST_TREBLE else "treble"


def _bytes(score: Any) -> bytes:
    """Return a score as a file: without the day on which it was made, so that one project gives the same bytes."""
    root = score.render()[0]
    for about in root.iter("encoding"):
        for date in about.findall("encoding-date"):
            about.remove(date)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    doctype = (
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
        '"http://www.musicxml.org/dtds/partwise.dtd">'
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{doctype}\n{text}\n'.encode()
