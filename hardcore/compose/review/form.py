"""Form: what repeats, what sets the main section apart, what leads from one to the next, and what is silent."""

from collections.abc import Iterator
from statistics import median

from hardcore.compose.review.finding import Finding, Remedy, excess, percent, runs, where, within
from hardcore.compose.review.reading import MAIN, Part, Place, Reading
from hardcore.compose.vary import from_prompt
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.parts import device_of
from hardcore.project.roles import DRUMS, TRANSITIONS, UNTUNED

UNIQUE = {"song": 0.35, "club": 0.20}  # different bars over bars that sound, in a whole song
BUSIER = 1.1  # notes a bar of the main section over those of the other
LIFT = 2.0  # semitones by which its tune lies higher
_SONG_BARS = 32
_LEAST = 4  # bars in which a part may repeat itself


def repetition(reading: Reading) -> Iterator[Finding]:
    """Yield that a song goes round and round."""
    rows = [one for one in reading.contents.values() if one]
    goal = UNIQUE[reading.kind]
    if not reading.is_whole or len(rows) < _SONG_BARS:
        return
    share = len(set(rows)) / len(rows)
    if share >= goal:
        return
    first, last = reading.bars[0], reading.bars[-1]
    said = f"it repeats itself: {percent(share)} of its bars are new, at least {percent(goal)} should be"
    weight = 0.35 + 0.4 * excess(-share, -goal, 0.0)
    remedy = _renewal(reading)
    yield Finding("repetition", said, weight, first, last, (), share, goal, None, "", remedy)


def _renewal(reading: Reading) -> Remedy:
    """Return what brings something new: other chances, where a prompt made the parts, else a line that travels."""
    if any(from_prompt(part.track, clip) for part in reading.parts for clip in part.track.clips):
        return Remedy("vary", {"amount": 50.0})
    part = next((part for part in reading.parts if part.pitched), reading.parts[0])
    return Remedy("movement", {"tracks": part.track.id, "by": 1.0})


def stuck(reading: Reading) -> Iterator[Finding]:
    """Yield the part of a loop that plays one bar over and over, where nearly all do."""
    parts = [part for part in reading.parts if part.role not in TRANSITIONS]
    if len(reading.bars) < _LEAST or len(reading.bars) >= _SONG_BARS or not parts:
        return
    same = [part for part in parts if _same_throughout(reading, part)]
    if len(same) < 0.6 * len(parts):
        return
    part = next((part for part in same if part.pitched and part.role not in UNTUNED), same[0])
    first, last = reading.bars[0], reading.bars[-1]
    said = f"{len(same)} of {len(parts)} parts play one bar {len(reading.bars)} times; {part.track.name} could move"
    remedy = Remedy("movement", {"tracks": part.track.id, "by": 1.0})
    ids = tuple(one.track.id for one in same)
    yield Finding("repetition", said, 0.4, first, last, ids, len(same) / len(parts), None, 0.6, "", remedy)


def _same_throughout(reading: Reading, part: Part) -> bool:
    bars = {
        frozenset((step, pitch) for track, step, pitch in row if track == part.track.id)
        for row in reading.contents.values()
    }
    return len(bars) == 1


def contrast(reading: Reading) -> Iterator[Finding]:
    """Yield that the section that a song is about has no more going on than the one it should stand out from."""
    main, other = reading.main(), reading.other()
    if main is None or other is None:
        return
    busy, calm = (_density(reading, place) for place in (main, other))
    more = len(_playing(reading, main)) > len(_playing(reading, other))
    if not calm or busy >= BUSIER * calm or more or _lift(reading, main, other) >= LIFT:
        return
    said = (
        f"the {main.name} does not stand out from the {other.name}: {busy:.0f} notes a bar against {calm:.0f}, "
        "no part more, no higher tune"
    )
    remedy = _lifted(reading, main)
    weight = 0.45 + 0.3 * excess(-busy / calm, -BUSIER, -0.7)
    bars = main.first_bar, main.last_bar
    yield Finding("contrast", said, weight, *bars, (), busy / calm, BUSIER, None, "", remedy)


def _lifted(reading: Reading, main: Place) -> Remedy:
    """Return what lifts a section: its tune an octave up, where its instrument goes so high, else more of all."""
    bars = (main.first_bar, main.last_bar)
    for lead in reading.of("lead"):
        top = max((note.pitch for note in reading.inside(lead, *bars)), default=128)
        if top + 12 <= device_of(lead.track).high_note:
            return Remedy("transpose", {"tracks": lead.track.id, "octaves": 1.0, "in": within(*bars)})
    return Remedy("density", {"tracks": "all", "by": 1.0, "in": within(*bars)})


def _lift(reading: Reading, main: Place, other: Place) -> float:
    """Return how many semitones the tune lies higher in one section than in another; 0 where either has none."""
    for lead in reading.of("lead"):
        two = [[note.pitch for note in reading.inside(lead, one.first_bar, one.last_bar)] for one in (main, other)]
        if all(two):
            return median(two[0]) - median(two[1])
    return 0.0


def _playing(reading: Reading, place: Place) -> set[str]:
    inside = (place.first_bar, place.last_bar)
    return {part.track.id for part in reading.parts if reading.inside(part, *inside)}


def _density(reading: Reading, place: Place) -> float:
    bars = range(place.first_bar, place.last_bar + 1)
    return sum(len(reading.contents.get(bar, ())) for bar in bars) / len(bars)


def all_at_once(reading: Reading) -> Iterator[Finding]:
    """Yield that a song begins with everything it has."""
    if not reading.is_whole or len(reading.places) < 4 or reading.places[0].kind in MAIN:
        return
    first = reading.places[0]
    playing = _playing(reading, first)
    late = [part for part in reading.parts if part.track.id in playing and part.role == "lead"]
    if len(playing) < len(reading.parts) or len(reading.parts) < 4 or not late:
        return
    said = f"the {first.name} has all {len(playing)} parts at once: nothing is left to come"
    bars = (first.first_bar, first.last_bar)
    remedy = Remedy("track mute", {"tracks": late[0].track.id, "state": "on", "in": within(*bars)})
    yield Finding("contrast", said, 0.4, *bars, (late[0].track.id,), float(len(playing)), None, None, "parts", remedy)


def no_fill(reading: Reading) -> Iterator[Finding]:
    """Yield where drums go from one section into the next as if there were none."""
    drums = [part for part in reading.parts if part.role in DRUMS]
    plain = []
    for place, after in zip(reading.places, reading.places[1:], strict=False):
        two = [_bar_of(reading, drums, bar) for bar in (place.last_bar - 1, place.last_bar)]
        if place.last_bar > place.first_bar and two[0] and two[0] == two[1] and after.name != place.name:
            plain.append(place)
    if len(plain) < 2 or len(plain) < 0.5 * (len(reading.places) - 1):
        return
    bar = plain[0].last_bar
    ends = len(reading.places) - 1
    said = f"the drums lead into {len(plain)} of {ends} sections with no fill, first in {where(bar, bar)}"
    remedy = Remedy("rhythm fill", {"tracks": "drums", "in": str(bar)})
    ids = tuple(part.track.id for part in drums)
    yield Finding("fills", said, 0.3, bar, bar, ids, float(len(plain)), None, None, "sections", remedy)


def _bar_of(reading: Reading, parts: list[Part], bar: int) -> frozenset[tuple[str, int, int]]:
    ids = {part.track.id for part in parts}
    return frozenset(one for one in reading.contents.get(bar, ()) if one[0] in ids)


def silence(reading: Reading) -> Iterator[Finding]:
    """Yield bars in the middle in which nothing sounds."""
    sounding: set[int] = set()
    for part in reading.parts:
        for note in part.notes:
            sounding.update(range(reading.bar(note.tick), reading.bar(note.tick + note.length_ticks - SIXTEENTH) + 1))
    empty = [bar for bar in reading.bars if bar not in sounding and bar > min(sounding)]
    if not empty or not reading.project.arrangement:
        return
    first, last = runs(empty)[0]
    said = f"nothing sounds in {where(first, last)}"
    remedy = Remedy("time delete", {"bar": first, "bars": last - first + 1})
    yield Finding("silence", said, 0.8, first, last, (), float(last - first + 1), None, 0.0, "bars", remedy)
