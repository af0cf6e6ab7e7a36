"""A reader of MusicXML for tests: which notes sound when, ties joined, in quarters; nothing of the writer's."""

from fractions import Fraction
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_TYPES = {"whole": 4, "half": 2, "quarter": 1, "eighth": Fraction(1, 2), "16th": Fraction(1, 4), "32nd": Fraction(1, 8)}


class Sounding(NamedTuple):
    """A note from its first to its last tied piece, in quarters."""

    start: Fraction
    length: Fraction
    pitch: int


class Score:
    """The parts of a score, by name; every bar is checked to be full, and every note to be as long as it looks."""

    def __init__(self, data: bytes) -> None:
        self.root = ElementTree.fromstring(data)
        names = {one.attrib["id"]: one.findtext("part-name") or "" for one in self.root.iter("score-part")}
        self.parts = {names[part.attrib["id"]]: _notes(part) for part in self.root.findall("part")}


def _notes(part: Element) -> list[Sounding]:
    found: list[Sounding] = []
    tied: dict[int, Sounding] = {}
    bar_start, divisions, bar_length = Fraction(0), 1, Fraction(4)
    for measure in part.findall("measure"):
        now = last = bar_start
        for element in measure:
            if element.tag == "attributes":
                divisions = int(element.findtext("divisions") or divisions)
                if (time := element.find("time")) is not None:
                    bar_length = Fraction(4 * int(time.findtext("beats") or 0), int(time.findtext("beat-type") or 4))
            if element.tag != "note":
                continue
            length = Fraction(int(element.findtext("duration") or 0), divisions)
            _check_look(element, length)
            start = last if element.find("chord") is not None else now
            last, now = start, start + length
            if (pitch := _pitch(element)) is not None:
                ties = {one.attrib["type"] for one in element.findall("tie")}
                before = tied.pop(pitch, None) if "stop" in ties else None
                assert before is None or before.start + before.length == start, "a tie that leads nowhere"
                one = Sounding(before.start if before else start, (before.length if before else 0) + length, pitch)
                if "start" in ties:
                    tied[pitch] = one
                else:
                    found.append(one)
        assert now == bar_start + bar_length, f"bar {measure.attrib['number']} is not full"
        bar_start = now
    assert not tied, "a tie that never ends"
    return sorted(found)


def _check_look(note: Element, length: Fraction) -> None:
    """The type, dots and tuplet of a note say the same as its duration; a rest of a whole bar has no type."""
    look = note.findtext("type")
    if look is None:
        return
    shown = Fraction(_TYPES[look]) * (2 - Fraction(1, 2) ** len(note.findall("dot")))
    if (tuplet := note.find("time-modification")) is not None:
        shown *= Fraction(int(tuplet.findtext("normal-notes") or 1), int(tuplet.findtext("actual-notes") or 1))
    assert shown == length, (look, shown, length)


def _pitch(note: Element) -> int | None:
    pitch = note.find("pitch")
    if pitch is None:
        return None
    step, octave = pitch.findtext("step") or "", int(pitch.findtext("octave") or 0)
    return 12 * (octave + 1) + _STEPS[step] + round(float(pitch.findtext("alter") or 0))
