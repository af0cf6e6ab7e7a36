"""A tune: phrases, rhythm and line become notes of one voice, with lengths, force and what is told of each bar."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import pi, sin
from random import Random
from typing import TypeVar

from hardcore.compose.grid import Bar
from hardcore.compose.motif.bars import told_bars
from hardcore.compose.motif.counts import length_weights
from hardcore.compose.motif.faults import of_line, of_rhythm
from hardcore.compose.motif.form import BarForm, Phrase, bar_forms, phrases
from hardcore.compose.motif.line import REACH, Line, Place
from hardcore.compose.motif.rhythm import Onset, Rhythm
from hardcore.compose.motif.scale import Positions
from hardcore.compose.motif.traits import Traits, draw_traits
from hardcore.compose.parts.melody import Melody
from hardcore.knowledge.melodic import Contour
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note

T = TypeVar("T")
_FORCE = (10, 5, 3, 0, -6)  # velocity by metre level
_PLAIN = 94
_JOINED = 5  # sixteenths: notes so near each other are of one breath
_LEAST, _MOST = 3.0, 8.0  # notes a bar of sixteen sixteenths
_RHYTHMS, _LINES = 3, 8  # draws of which the one with the fewest faults is kept; more rhythms hide a song's own
_LONGEST = 16  # sixteenths
_TENSE = 4.5  # scale steps that a line lies higher where the harmony is tense
_GOALS: dict[str, tuple[int, ...]] = {"full": (0, 2, 4), "half": (1, 4, 6, 2)}


def tune(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield a tune in phrases over the whole clip; what each bar is, is noted in `melody.bars_told`."""
    bars, style = melody.bars, melody.style
    traits = draw_traits(style, melody.usable.key, melody.bpm, melody.song or rng)
    row = phrases(len(bars), style.tune.forms, rng)
    forms = bar_forms(row)
    onsets = _onsets(melody, traits, row, rng)
    ticks = [bars[onset.bar].tick(onset.step) for onset in onsets]
    scale = Positions(melody.usable, melody.progression, style.home, traits.centre, melody.lift)
    places = _places(melody, scale, row, onsets, ticks, rng)
    positions = _line(melody, traits, scale, forms, places, ticks, rng)
    melody.bars_told.extend(told_bars(len(bars), onsets, positions))
    for number, (place, tick, position) in enumerate(zip(places, ticks, positions, strict=True)):
        gap = (ticks[number + 1] if number + 1 < len(ticks) else melody.progression.end_ticks) - tick
        length = _length(melody, traits, place, gap, onsets[number].ends, rng)
        accent = 10 if rng.random() < style.accent else 0
        force = _PLAIN + _FORCE[place.level] + round(1.5 * place.height) + accent + rng.randint(-4, 4)
        slide = rng.random() < style.slide
        if not (melody.answered and place.bar % 2 and place.bar < len(bars) - 1):  # another part plays the responses
            yield Note(tick, max(length, 1), scale.pitch(position, tick), min(max(force, 1), 127), slide=slide)


def _onsets(melody: Melody, traits: Traits, row: tuple[Phrase, ...], rng: Random) -> list[Onset]:
    """Return the onsets of the tune: of some draws the one with the fewest faults that is neither too thin nor busy."""
    bars, forms = melody.bars, bar_forms(row)
    steps = [bar.steps for bar in bars]
    least, most = _LEAST * (0.3 + 1.4 * melody.density), _MOST * (0.5 + melody.density)

    def faults(onsets: list[Onset]) -> tuple[bool, int]:
        starts = [(bars[one.bar].start_ticks // SIXTEENTH) + one.step for one in onsets]
        fits = least <= len(onsets) * 16 / sum(steps) <= most
        return not fits, of_rhythm(onsets, starts, steps, melody.style.tune.pickup > 0.2)

    return _best(lambda: Rhythm(bars, forms, row, traits, melody.style, melody.density).onsets(rng), faults, _RHYTHMS)


def _line(
    melody: Melody,
    traits: Traits,
    scale: Positions,
    forms: list[BarForm],
    places: list[Place],
    ticks: list[int],
    rng: Random,
) -> list[int]:
    """Return the positions of the tune: of some draws the one with the fewest faults."""
    chords = [scale.row(tick) for tick in ticks]

    def drawn() -> list[int]:
        return Line(
            places, forms, traits, chords, scale.low, scale.high, scale.centre, melody.movement,
            melody.style.tune.repeat, melody.style.chord_tone / 0.9,
        ).positions(rng)  # fmt: skip

    def faults(positions: list[int]) -> tuple[bool, int]:
        inside = [chord[position][1] for chord, position in zip(chords, positions, strict=True)]
        return False, of_line(positions, places, inside)

    return _best(drawn, faults, _LINES)


def _best(draw: Callable[[], T], faults: Callable[[T], tuple[bool, int]], tries: int) -> T:
    """Return the first of a few draws without faults, else the one with the fewest."""
    found: list[tuple[tuple[bool, int], T]] = []
    for _ in range(tries):
        one = draw()
        found.append((faults(one), one))
        if found[-1][0] == (False, 0):
            return one
    return min(found, key=lambda pair: pair[0])[1]


def level_of(bar: Bar, step: int) -> int:
    """Return the metre level of a step: 0 bar, 1 half, 2 beat, 3 eighth, 4 16th."""
    if step == 0:
        return 0
    if step % bar.beat_steps == 0:
        half = bar.steps % 2 == 0 and step * 2 == bar.steps and bar.steps % (2 * bar.beat_steps) == 0
        return 1 if half else 2
    return 3 if step % 2 == 0 else 4


def _class(ticks: int) -> int:
    """Return the class of a time: 0 a sixteenth, 1 an eighth, 2 up to a beat, 3 longer."""
    steps = round(ticks / SIXTEENTH)
    return 0 if steps <= 1 else 1 if steps == 2 else 2 if steps <= 4 else 3


def _places(
    melody: Melody, scale: Positions, row: Sequence[Phrase], onsets: Sequence[Onset], ticks: Sequence[int], rng: Random
) -> list[Place]:
    """Return what is known of each note before its pitch is drawn."""
    bars, phrase_of = melody.bars, {bar: one for one in row for bar in range(one.first, one.end)}
    shapes = {one.first: rng.choice(melody.style.contours) for one in row}
    ends = [at for at, onset in enumerate(onsets) if onset.ends]
    gaps = [0, *(_class(b - a) for a, b in pairwise(ticks))]
    after = [*gaps[1:], _class(melody.progression.end_ticks - ticks[-1])]
    found = []
    for at, (onset, tick) in enumerate(zip(onsets, ticks, strict=True)):
        phrase = phrase_of[onset.bar]
        # a pickup belongs to what comes after it
        goals = scale.goals(tick, _GOALS[phrase.close]) if onset.ends else ()
        goals = goals[:1] if phrase.close == "full" else goals
        aim = next((end - at for end in ends if end > at), 0)
        found.append(
            Place(
                onset.bar, onset.step, level_of(bars[onset.bar], onset.step), gaps[at] if at else 3, after[at],
                onset.copied, _height(melody, phrase, shapes[phrase.first], tick), goals, 0 if goals else aim, False,
            )
        )  # fmt: skip
    return _with_peak(found, len(bars))


def _height(melody: Melody, phrase: Phrase, contour: Contour, tick: int) -> float:
    """Return the scale steps above the centre that a phrase lies at: its own shape, that of the whole, the tension."""
    bars = melody.bars
    start, end = bars[phrase.first].start_ticks, bars[phrase.end - 1].end_ticks
    inside, whole = (tick - start) / (end - start), tick / melody.progression.end_ticks
    reach = melody.style.span * (0.25 + 0.5 * melody.movement) * 0.8
    return (
        _SHAPES[contour](inside) * reach
        + 1.6 * sin(pi * min(whole / 0.64, 1.6) * 0.5)
        - 1.0
        + _TENSE * (melody.progression.lift(tick))
    )


_SHAPES: dict[Contour, Callable[[float], float]] = {
    "arch": lambda t: sin(pi * t) - 0.4,
    "valley": lambda t: 0.4 - sin(pi * t),
    "rise": lambda t: t - 0.5,
    "fall": lambda t: 0.5 - t,
    "wave": lambda t: 0.7 * sin(2 * pi * t),
}


def _with_peak(places: list[Place], bars: int) -> list[Place]:
    """Return the places with one as the climax: a stressed note in the third quarter, or near it."""
    if len(places) < 10:
        return places
    fit = [
        at
        for at, place in enumerate(places)
        if 0.5 * bars <= place.bar < 0.85 * bars and not place.goals and place.aim != 1 and not place.copied
    ] or [at for at, place in enumerate(places) if 0.4 * bars <= place.bar < 0.9 * bars and not place.goals]
    if fit:
        at = max(fit, key=lambda at: (places[at].length + 2 - places[at].level + places[at].height, -at))
        places[at] = places[at]._replace(peak=True, height=max(places[at].height, REACH - 2.0))
    return places


def _length(melody: Melody, traits: Traits, place: Place, gap_ticks: int, ends: bool, rng: Random) -> int:
    """Return how long a note sounds, in ticks, when the next one comes `gap_ticks` after it."""
    style, gap = melody.style, max(round(gap_ticks / SIXTEENTH), 1)
    bar = melody.bars[place.bar]
    room = bar.steps - place.step  # to the bar line
    held = rng.random()
    if ends:
        steps = min(gap, rng.choice((4, 6, 6, 8, 8, 12)))
        return min(gap_ticks, steps * SIXTEENTH)
    if gap <= 8 and held < traits.legato:
        steps = gap
    else:
        row = length_weights(min(gap, 20), place.level <= 2, traits.kind)
        drawn = rng.choices(list(row), list(row.values()))[0] if row else min(gap, 4)
        steps = min(drawn, gap, _LONGEST)
    ticks = min(steps * SIXTEENTH, gap_ticks)
    if gap > room and room <= 2 and place.level > 2:
        return min(gap, room + 4) * SIXTEENTH  # what comes early is held over the line
    if steps > room and rng.random() >= style.tune.tie:
        return min(room * SIXTEENTH, ticks)
    ticks = ticks if steps >= gap and style.gate > 0.8 else round(ticks * style.gate)
    return max(ticks, gap_ticks - SIXTEENTH) if gap <= _JOINED else ticks
