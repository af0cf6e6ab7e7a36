"""Drums: a part's grammar, played over the bars of a scene.

A bar is its pattern, slices of a break where the genre has breaks, or the drum engine's where it names a rhythm, then:
maybes drawn, a mutation in varied bars (the engine varies its own), ghosts kept or added, hits thinned or added by
density, a roll, a fill over its end. The number of draws in a bar does not depend on the levels, so more density or
more ghosts keep the hits there are and add others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from hardcore.compose.beatgrid import Mark, laid_to_end, lay
from hardcore.compose.chance import pick, stream
from hardcore.compose.form.structure import SceneBar
from hardcore.compose.parts.breaks import cut
from hardcore.compose.parts.kit import Stroke, strokes
from hardcore.compose.parts.polymeter import turning
from hardcore.compose.plan import Plan, sources
from hardcore.knowledge.grammar import DrumPart, Pattern
from hardcore.knowledge.section import ACCENT, GHOST, MAYBE, NORMAL, REST, ROLLS
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.roles import GM_DRUM_NOTE, Role

_SLOT_TICKS = 240  # a 32nd: no part has finer steps
_SOFT_ROLES = frozenset({"kick", "snare", "clap", "rim", "tom", "perc"})  # where `o` is a ghost, not a groove
_PURPOSES = 5
_GHOST, _AMOUNT, _MAYBE, _FORCE, _TIME = range(_PURPOSES)


@dataclass(frozen=True)
class _Levels:
    """What bends the part: `ghost` and `density` as on the plan's relative scale (0.5 is the genre's own)."""

    ghost: float
    density: float
    energy: float


class _Draws:
    """The random numbers of one bar, by purpose and slot; the same count whatever is made of them."""

    def __init__(self, rng: Random, bar_ticks: int) -> None:
        self.slots = bar_ticks // _SLOT_TICKS + 1
        self.values = [rng.random() for _ in range(self.slots * _PURPOSES)]
        self.free = [rng.random() for _ in range(6)]

    def at(self, purpose: int, tick: int) -> float:
        return self.values[purpose * self.slots + tick // _SLOT_TICKS]


def grammar(plan: Plan, role: Role) -> DrumPart:
    """Return what the genre, or the nearest kin that knows it, lets a drum play."""
    return next(found for known in sources(plan) if (found := known.drums.parts.get(role)))


def generate(plan: Plan, bars: Sequence[SceneBar], role: Role, device: Device) -> list[Note]:
    """Return a drum's notes over the scene, played by `device`, in order."""
    part = grammar(plan, role)
    rng = stream(plan.seed, role, "drums")
    themes = _themes(part, plan, role, [bar.letter for bar in bars])
    engine = turning(plan, bars, role) or cut(plan, bars, role) or strokes(plan, bars, role)
    levels = _Levels(plan.relative("ghost"), plan.relative("density", role), plan.energy)
    voice = _Voice(part, role, device, plan)
    notes: list[Note] = []
    for number, bar in enumerate(bars):
        draws = _Draws(rng, plan.bar_ticks)
        played = engine[number] if engine else None
        marks = _written(part, themes[bar.letter], bar, plan, draws) if played is None else _heard(played, plan)
        hits = _bar(part, role, marks, bar, plan, levels, draws)
        late = {stroke.tick: stroke.late_ticks for stroke in played or ()}
        notes += [voice.note(bar, mark, draws, soft, late.get(mark.tick)) for mark, soft in hits]
    return sorted(notes)


def _themes(part: DrumPart, plan: Plan, role: Role, letters: Sequence[str]) -> Mapping[str, Pattern]:
    """Return a pattern per letter of the form: different ones as far as there are, by energy and traits."""
    asked = _asked(plan, role)
    usual = [p for p in part.patterns if p.weight and p.energy[0] <= plan.energy <= p.energy[1]]
    pool = asked or usual or [p for p in part.patterns if p.weight] or list(part.patterns)
    themes: dict[str, Pattern] = {}
    for letter in sorted(set(letters)):
        rest = [pattern for pattern in pool if pattern not in themes.values()] or pool
        draw = stream(plan.seed, role, "theme", letter).random()
        themes[letter] = pick(rest, [pattern.weight for pattern in rest], draw)
    return themes


def _asked(plan: Plan, role: Role) -> list[Pattern]:
    """Return the patterns that have a trait the prompt asks of the role: the genre's, else the nearest kin's."""
    traits = set(plan.traits.get(role, ()))
    for known in sources(plan) if traits else ():
        part = known.drums.parts.get(role)
        found = [pattern for pattern in part.patterns if traits.intersection(pattern.traits)] if part else []
        if found:
            return found
    return []


def _written(part: DrumPart, theme: Pattern, bar: SceneBar, plan: Plan, draws: _Draws) -> list[Mark]:
    """Return the bar of the theme; in a varied bar of the form it is not quite the same."""
    laid = lay(theme.steps, part.beat_steps, plan.meter.points[0], bar.index)
    marks = [_maybe(mark, part, draws) for mark in laid]
    return _mutated(marks, part, bar.primes, draws) if bar.primes else marks


def _heard(played: Sequence[Stroke], plan: Plan) -> list[Mark]:
    """Return a bar of the drum engine on sixteenths; the engine varied it already."""
    letters = {stroke.tick: stroke.letter for stroke in played}
    ticks = sorted({*range(0, plan.bar_ticks, SIXTEENTH), *letters})
    return [Mark(tick, letters.get(tick, REST), SIXTEENTH) for tick in ticks]


def _bar(
    part: DrumPart, role: Role, marks: list[Mark], bar: SceneBar, plan: Plan, levels: _Levels, draws: _Draws
) -> list[tuple[Mark, bool]]:
    """Return the bar's hits; each with whether it is an added ghost (it may stay out on some passes)."""
    marks = _thinned(marks, part, levels, draws) if levels.density < 0.5 else marks
    marks = _without_ghosts(marks, role, levels, draws)
    marks = _thickened(marks, part, bar, plan, levels, draws) if levels.density > 0.5 else marks
    ghosts = _ghosts(marks, part, bar, plan, levels, draws)
    marks = _rolled(marks, part, levels, draws)
    hits = [(mark, False) for mark in marks if mark.letter != REST] + [(mark, True) for mark in ghosts]
    steps = bar.fill.parts.get(role) if bar.fill else None
    if steps is not None:
        over = laid_to_end(steps, plan.bar_ticks)
        hits = [hit for hit in hits if not over or hit[0].tick < over[0].tick]
        hits += [(_maybe(mark, part, draws), False) for mark in over]
    return sorted((hit for hit in hits if hit[0].letter != REST), key=lambda hit: hit[0].tick)


def _maybe(mark: Mark, part: DrumPart, draws: _Draws) -> Mark:
    if mark.letter != MAYBE:
        return mark
    return mark._replace(letter=NORMAL if draws.at(_MAYBE, mark.tick) < part.maybe else REST)


def _thinned(marks: list[Mark], part: DrumPart, levels: _Levels, draws: _Draws) -> list[Mark]:
    """Return the bar with fewer hits: weak ones first, those of an anchored part never."""
    if part.anchored:
        return marks
    drop = (0.5 - levels.density) * 1.7
    chance = {ACCENT: drop * 0.45, NORMAL: drop, GHOST: drop}
    return [
        mark._replace(letter=REST)
        if mark.letter != REST and draws.at(_AMOUNT, mark.tick) < chance.get(mark.letter, drop)
        else mark
        for mark in marks
    ]


def _without_ghosts(marks: list[Mark], role: Role, levels: _Levels, draws: _Draws) -> list[Mark]:
    """Return the bar with only so many of its written ghosts as the level allows; none at 0."""
    if role not in _SOFT_ROLES or levels.ghost >= 0.5:
        return marks
    keep = levels.ghost * 2
    return [
        mark._replace(letter=REST) if mark.letter == GHOST and draws.at(_GHOST, mark.tick) >= keep else mark
        for mark in marks
    ]


def _thickened(
    marks: list[Mark], part: DrumPart, bar: SceneBar, plan: Plan, levels: _Levels, draws: _Draws
) -> list[Mark]:
    """Return the bar with hits added where the part's `more` allows."""
    add = (levels.density - 0.5) * 1.6
    chance = {MAYBE: add * part.maybe * 1.3, NORMAL: add, GHOST: add, ACCENT: add}
    more = _letters(part.more, part, bar, plan)
    found = []
    for mark in marks:
        letter = more.get(mark.tick, REST)
        if mark.letter == REST and letter != REST and draws.at(_AMOUNT, mark.tick) < chance.get(letter, add):
            mark = mark._replace(letter=NORMAL if letter == MAYBE else letter)
        found.append(mark)
    return found


def _ghosts(marks: list[Mark], part: DrumPart, bar: SceneBar, plan: Plan, levels: _Levels, draws: _Draws) -> list[Mark]:
    """Return the ghost notes that are added on the bar's rests."""
    level = plan.ghost * 0.45
    where = _letters(part.ghosts, part, bar, plan)
    return [
        mark._replace(letter=GHOST)
        for mark in marks
        if mark.letter == REST and where.get(mark.tick, REST) != REST and draws.at(_GHOST, mark.tick) < level
    ]


def _letters(steps: str, part: DrumPart, bar: SceneBar, plan: Plan) -> dict[int, str]:
    if not steps:
        return {}
    return {mark.tick: mark.letter for mark in lay(steps, part.beat_steps, plan.meter.points[0], bar.index)}


def _mutated(marks: list[Mark], part: DrumPart, primes: int, draws: _Draws) -> list[Mark]:
    """Return the bar with a weak hit moved to the next step, left out or made soft, once for each prime."""
    found = list(marks)
    for prime in range(min(primes, 2)):
        chance, place = draws.free[prime * 2], draws.free[prime * 2 + 1]
        weak = [number for number, mark in enumerate(found) if mark.letter in (NORMAL, GHOST) and mark.tick]
        if chance >= part.mutation or not weak:
            continue
        number = weak[int(place * len(weak))]
        kind = chance / part.mutation
        after = number + 1
        if kind < 0.5 and after < len(found) and found[after].letter == REST:
            found[after] = found[after]._replace(letter=found[number].letter)
            found[number] = found[number]._replace(letter=REST)
        else:
            found[number] = found[number]._replace(letter=REST if kind < 0.75 else GHOST)
    return found


def _rolled(marks: list[Mark], part: DrumPart, levels: _Levels, draws: _Draws) -> list[Mark]:
    """Return the bar with perhaps one weak hit turned into a roll."""
    weak = [number for number, mark in enumerate(marks) if mark.letter == NORMAL]
    if not weak or draws.free[4] >= part.roll * (0.5 + levels.energy):
        return marks
    number = weak[int(draws.free[5] * len(weak))]
    rolled = marks[number]._replace(letter="3" if draws.free[5] < 0.4 else "2")
    return [*marks[:number], rolled, *marks[number + 1 :]]


class _Voice:
    """Turns marks into notes: pitch, force, micro-timing."""

    def __init__(self, part: DrumPart, role: Role, device: Device, plan: Plan) -> None:
        self.part, self.plan = part, plan
        self.ms = plan.bpm * PPQ / 60_000  # ticks to a millisecond
        self.pitches = tuned(part, plan.key, device) if device.pitched else (GM_DRUM_NOTE.get(role, 60),)
        self.count = 0

    def note(self, bar: SceneBar, mark: Mark, draws: _Draws, soft: bool, late_ticks: int | None = None) -> Note:
        """Return the note of a mark; `late_ticks` is the drum engine's timing, drawn here where it says nothing."""
        part, letter = self.part, mark.letter
        self.count = 0 if letter == ACCENT else self.count + 1
        rolls = int(letter) if letter in ROLLS else 1
        length = mark.step_ticks if rolls > 1 else max(1, round(mark.step_ticks * part.length))
        start = bar.start_ticks + mark.tick
        spread = (draws.at(_TIME, mark.tick) * 2 - 1) * part.spread_ms * self.ms if late_ticks is None else late_ticks
        return Note(
            start,
            min(length, self.plan.length_ticks - start),
            self.pitches[self.count % len(self.pitches)],
            self._velocity(bar, letter, draws.at(_FORCE, mark.tick)),
            80 if soft else 100,
            rolls,
            round(part.late_ms * self.ms + spread),
        )

    def _velocity(self, bar: SceneBar, letter: str, draw: float) -> int:
        levels = self.part.velocity
        base = {ACCENT: levels.accent, GHOST: levels.ghost}.get(letter, levels.normal)
        lift = (bar.energy - self.plan.genre.character.energy) * 22
        return min(127, max(1, round(base + (draw * 2 - 1) * levels.spread + lift)))


def tuned(part: DrumPart, key: Key, device: Device) -> tuple[int, ...]:
    """Return the pitches a tuned drum steps through: its degrees in the key, near its height, in the device's range."""
    around = part.around if part.around is not None else (device.low_note + device.high_note) // 2
    tonic = around + (key.tonic - around + 6) % 12 - 6
    return tuple(folded(key.degree(degree, tonic // 12 - 1), device) for degree in part.degrees)


def folded(pitch: int, device: Device) -> int:
    """Return `pitch` moved by octaves into the device's range, as far as it goes."""
    while pitch > device.high_note and pitch - 12 >= 0:
        pitch -= 12
    while pitch < device.low_note and pitch + 12 <= 127:
        pitch += 12
    return pitch
