"""The ways to play a bass: each turns a bar and its kick into a cell of hits above the chord's root."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.motif.phrase import Cell, Hit, read_cell, scaled, shorten, thicken, thin
from hardcore.compose.parts.acid import AcidStyle, acid_cell, acid_style
from hardcore.knowledge.melodic import BassBehaviour, BassStyle

_RHYTHMS: dict[BassBehaviour, tuple[str, ...]] = {
    "sub_anchor": ("X---------......", "X-----....x---..", "X-------..x-..x-"),
    "root_fifth": ("X-..x-..X-..x-..", "X-....x-X-....x-", "X--...x-..x-....x-"),
    "reese": ("X-------------x-|X-----x---------", "X---------------|x-----x-----x---"),
    "walking_lofi": ("X--.x-..o-x-..x-", "X---..o-x---..x-", "X-....x-o-..x-o-"),
}
# the signs of written figures: semitones above the root, and three that are none
NEXT, LEADING, DEAD = 100, 101, 102
TONES = {"1": 0, "3": 4, "4": 5, "5": 7, "6": 9, "7": 10, "8": 12, "v": -5, "n": NEXT, "l": LEADING, "x": DEAD}
_DEAD = 58  # velocity
# semitones above the root that a walking bar goes through, from steps to leaps
_WALKS = ((0, 2, 3, 5), (0, 3, 5, 7), (0, 3, 7, 10), (0, 7, 3, 5), (0, 10, 7, 3), (0, 12, 7, 10))


@dataclass(frozen=True, slots=True)
class Groove:
    """What a bass line is drawn from: the style, how dense and moving, the bar's kick steps, and a pattern if any."""

    style: BassStyle
    density: float
    movement: float
    kicks: frozenset[int]
    pattern: str = ""

    def tone(self, rng: Random, *colours: int) -> int:
        """Return 0 (the root), or one of `colours` or the octave by the style's chances."""
        if rng.random() < scaled(self.style.octave, self.movement):
            return 12
        return rng.choice(colours) if colours and rng.random() < scaled(self.style.colour, self.movement) else 0

    def touch(self, rng: Random, soft: int) -> int:
        """Return an accented velocity by the style's chance, else one around `soft`."""
        return rng.randint(110, 120) if rng.random() < self.style.accent else soft + rng.randint(-4, 4)


def pattern_of(style: BassStyle, behaviour: BassBehaviour, rng: Random) -> str:
    """Return a step pattern for a behaviour that takes one, from the style or the plain ones; empty for the others."""
    patterns = style.figures if behaviour == "figure" else style.rhythms.get(behaviour) or _RHYTHMS.get(behaviour)
    return rng.choice(patterns) if patterns else ""


def rolling(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return sixteenths between the kicks, one figure in each beat, swelling towards the next kick."""
    level = groove.density + rng.uniform(-0.12, 0.12)
    figures = ((2,), (2, 3), (1, 3)) if level < 0.3 else ((1, 2, 3), (2, 3), (1, 2, 3)) if level < 0.6 else ((1, 2, 3),)
    figure = rng.choice(figures[:1] if level < 0.15 else figures[1:] if level < 0.3 else figures)
    soft = (88, 80, 98, 90, 84, 94)
    hits = []
    for beat in bar.beats():
        # the figure of four sixteenths fills a dotted beat by going on
        steps = [*figure, *(step for step in (4, 5) if bar.beat_steps == 6 and (step - 3) in figure)]
        # above normal the steps that the kick leaves free are filled too
        steps += [0] if beat not in groove.kicks and rng.random() < groove.density - 0.1 else []
        for step in sorted(steps):
            colours = (7, 10, 3, -2) if step == 3 else (7, 0)
            hits.append(Hit(beat + step, 1, groove.tone(rng, *colours), groove.touch(rng, soft[step])))
    return tuple(hit for hit in hits if hit.step < bar.steps)


def offbeat(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return a note in the middle of each beat; below normal density some rest, above it a sixteenth follows."""
    hits = []
    for beat in bar.beats():
        middle = beat + bar.beat_steps // 2
        if beat and rng.random() < 0.55 - groove.density * 1.1:
            continue
        last = beat + bar.beat_steps >= bar.steps
        hits.append(Hit(middle, 2, groove.tone(rng, 7, 3, 10) if last else groove.tone(rng, 7), groove.touch(rng, 100)))
        if rng.random() < (groove.density - 0.4) * 0.9:
            hits.append(Hit(middle + 1, 1, groove.tone(rng, 10, 7, 12), groove.touch(rng, 84)))
    return shorten(tuple(hit for hit in hits if hit.step < bar.steps))


def gabber_offbeat(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return hard offbeats that spell a riff: the same two or three tones in each beat, the last one answering."""
    riff = [0, rng.choice((0, 3)), 0, rng.choice((7, 10, -2, 3))] if rng.random() < groove.movement + 0.2 else [0]
    hits = []
    for number, beat in enumerate(bar.beats()):
        middle = beat + bar.beat_steps // 2
        tone = riff[number % len(riff)] or groove.tone(rng, 3, 7)
        if number == 0 or rng.random() > 0.5 - groove.density:
            hits.append(Hit(middle, 2, tone, rng.randint(110, 122)))
        if rng.random() < groove.density - 0.25:
            hits.append(Hit(middle + 1, 1, tone, rng.randint(92, 104)))
    return shorten(tuple(hit for hit in hits if hit.step < bar.steps))


def pocket_groove(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return the steps that score best against the kick, the first on the root.

    A step scores for syncopation and against neighbours; a kick there counts +1.2 to a bass that locks, −2 to one that
    avoids.
    """
    wanted = max(round(bar.steps * (0.12 + 0.45 * groove.density) + rng.uniform(-0.6, 0.6)), 1)
    pull = {"lock": 1.2, "avoid": -2.0, "free": 0.0}[groove.style.kick]
    lift = (0.35, 0.15, 0.6, 0.45)
    scores = {
        step: lift[step % 4] + rng.random() * 0.8 + (pull if step in groove.kicks else 0.0) for step in range(bar.steps)
    }
    scores[0] += 0.8
    chosen: set[int] = set()
    for _ in range(min(wanted, bar.steps)):
        free = [step for step in scores if step not in chosen]
        chosen.add(max(free, key=lambda step: (scores[step] - 0.3 * ((step - 1) in chosen), -step)))
    steps = sorted(chosen)
    ends = [*steps[1:], bar.steps]
    return tuple(
        Hit(step, min(end - step, 3), groove.tone(rng, 7, 10, 3, 5) if place else 0, groove.touch(rng, 96))
        for place, (step, end) in enumerate(zip(steps, ends, strict=True))
    )


def acid(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return an acid sequence."""
    return acid_cell(acid_of(groove), bar, rng)


def acid_of(groove: Groove) -> AcidStyle:
    """Return the acid chances of a bass style at the groove's density and movement, none less than acid needs."""
    style = groove.style
    octave, colour, slide = max(style.octave, 0.22), max(style.colour, 0.5), max(style.slide, 0.25)
    return acid_style(octave, colour, slide, max(style.accent, 0.25), groove.density, groove.movement)


def drone(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return one note for the whole bar; above normal density it is struck again on a beat."""
    again = [beat for beat in bar.beats() if beat and rng.random() < groove.density - 0.5]
    steps = [0, *again]
    ends = [*steps[1:], bar.steps]
    return tuple(Hit(step, end - step, 0, 96) for step, end in zip(steps, ends, strict=True))


def _from_rhythm(behaviour: BassBehaviour, *colours: int) -> Callable[[Bar, Groove, Random], Cell]:
    def play(bar: Bar, groove: Groove, rng: Random) -> Cell:
        cell = read_cell(groove.pattern or _RHYTHMS[behaviour][0], bar)
        slide = max(groove.style.slide, 0.25) if behaviour == "reese" else groove.style.slide
        cell = thicken(thin(cell, groove.density, rng), 0.5 + (groove.density - 0.5) * 0.5, bar.steps, rng)
        return tuple(
            hit._replace(
                tone=groove.tone(rng, *colours) if place else 0,
                slide=place < len(cell) - 1 and rng.random() < scaled(slide, groove.movement),
            )
            for place, hit in enumerate(cell)
        )

    return play


def root_fifth(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return a rhythm of roots answered by fifths, now and then an octave."""
    cell = _from_rhythm("root_fifth", 7, 10)(bar, groove, rng)
    return tuple(hit._replace(tone=hit.tone or 7) if place % 2 else hit for place, hit in enumerate(cell))


def walking(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return a note on each beat: the root, then chord and scale tones up or down; where the next chord differs the
    line's end is bent towards its root (`bass._turned`). Above normal density a skipped eighth may lead to a beat.
    """
    way = rng.choice(_WALKS[: 2 + round(groove.movement * 4)])
    hits = []
    for place, beat in enumerate(bar.beats()):
        length = min(bar.beat_steps, bar.steps - beat)
        tone = way[place % len(way)]
        hits.append(Hit(beat, length, tone, groove.touch(rng, 96 if place % 2 else 90)))
        if length == bar.beat_steps and rng.random() < 0.5 * groove.density - 0.1:
            hits.append(Hit(beat + length // 2, length - length // 2, tone, groove.touch(rng, 70)))
    return shorten(tuple(sorted(hits)))


def written(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return the style's own rhythm for a behaviour that would draw one: chances of octave and colour as ever."""
    cell = thicken(thin(read_cell(groove.pattern, bar), groove.density, rng), groove.density, bar.steps, rng)
    return tuple(
        hit._replace(tone=groove.tone(rng, 7, 10, 3) if place else 0, velocity=groove.touch(rng, hit.velocity))
        for place, hit in enumerate(cell)
    )


def figure(bar: Bar, groove: Groove, rng: Random) -> Cell:
    """Return a line that the style has written out; dead notes are soft and short, a root may be an octave higher."""
    cell = thin(read_cell(groove.pattern, bar, TONES), groove.density, rng)
    return tuple(
        hit._replace(length=1, velocity=_DEAD)
        if hit.tone == DEAD
        else hit._replace(
            tone=hit.tone or (groove.tone(rng) if place else 0),
            velocity=groove.touch(rng, 100 if hit.step % bar.beat_steps == 0 else 92),
        )
        for place, hit in enumerate(thicken(cell, 0.5 + (groove.density - 0.5) * 0.5, bar.steps, rng))
    )


WRITABLE: tuple[BassBehaviour, ...] = ("rolling", "offbeat", "pocket_groove", "gabber_offbeat")

LINES: dict[BassBehaviour, Callable[[Bar, Groove, Random], Cell]] = {
    "rolling": rolling,
    "offbeat": offbeat,
    "gabber_offbeat": gabber_offbeat,
    "pocket_groove": pocket_groove,
    "acid": acid,
    "drone": drone,
    "walking": walking,
    "root_fifth": root_fifth,
    "figure": figure,
    "sub_anchor": _from_rhythm("sub_anchor", 7, -2),
    "reese": _from_rhythm("reese", 3, 7, -2, 10),
    "walking_lofi": _from_rhythm("walking_lofi", 7, 3, 10, 5),
}
