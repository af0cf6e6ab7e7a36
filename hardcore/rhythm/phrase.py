"""A lead that calls and answers over the same grid: phrases of a few bars, in pairs, grown from one motif.

The first phrase of a pair asks: it ends away from the tonic. The second answers: it takes up the same rhythm and the
same beginning, and comes home. Each further pair develops the motif: a step higher, upside down, its head twice over.
The line starts no note with the bass, nor with an accent of the drums as long as there is another step, and the last
beat of a phrase is a breath.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ
from hardcore.rhythm.bass_check import Fault, at_step
from hardcore.rhythm.bass_score import step_of
from hardcore.rhythm.drums import Drums, weight
from hardcore.rhythm.tone import Compass, Line, Tone, chance, chosen, in_order, picked

Development = Literal["as it was", "a step higher", "upside down", "its head twice over"]
DEVELOPMENTS: tuple[Development, ...] = ("a step higher", "upside down", "its head twice over")
LOW, HIGH = 60, 84
USUAL = 0.3
# More than all a step can be worth: an accent's step is taken only where no other is left.
_ACCENTED = 10.0
# Scale steps from one note to the next: a step is likelier than a leap, and a leap turns back.
_MOVES = ((1, 5), (-1, 5), (2, 3), (-2, 3), (0, 2), (3, 1), (-3, 1), (4, 1))
# Where a question may end, in semitones above the tonic: the second, the fifth, the seventh.
_OPEN = ((2, 3), (7, 4), (10, 1))


class Shape(NamedTuple):
    """What a phrase is to those before it."""

    asks: bool
    development: Development


def shape(phrase: int, seed: int) -> Shape:
    """Return what the phrase of that number (from 0) is: even ones ask, odd ones answer, each pair develops anew."""
    pair = phrase // 2
    if pair == 0:
        return Shape(phrase % 2 == 0, "as it was")
    turn = int(chance(seed, "lead", "development") * len(DEVELOPMENTS))
    return Shape(phrase % 2 == 0, DEVELOPMENTS[(turn + pair - 1) % len(DEVELOPMENTS)])


def lead(
    drums: Drums,
    bass: Iterable[Tone],
    key: Key,
    *,
    seed: int,
    phrase_bars: int = 2,
    density: float = USUAL,
    low: int = LOW,
    high: int = HIGH,
) -> Line:
    """Return a line of one voice over the drums' bars.

    phrase_bars  bars of a question, and of an answer
    density      share of the steps on which a note starts, 0–1, the breaths included; as far as there is room
    low, high    the register, an octave or more
    Raises UserError for numbers out of range.
    """
    if not 0 <= density <= 1:
        raise UserError(f"a density of {density:g} is out of range", "0 to 1")
    if phrase_bars < 1:
        raise UserError("a phrase needs a bar", "1 or more")
    if not 0 <= low <= high - 12 <= 115:
        raise UserError(f"a register of {low} to {high} is out of range", "MIDI notes, an octave apart or more")
    line = _Writer(drums, tuple(bass), Compass(key, low, high), seed, phrase_bars, density)
    tones = [tone for phrase in range(-(-drums.bars // phrase_bars)) for tone in line.phrase(phrase)]
    return tuple(_held(in_order(tones), drums, phrase_bars))


def open_steps(drums: Drums, bass: Iterable[Tone], bar: int, *, breath: bool) -> tuple[list[int], list[int]]:
    """Return the steps of a bar on which the bass starts no note: without an accent of the drums, and with one.

    `breath`: without the last beat.
    """
    return _open(drums, _taken(drums, bass), bar, breath=breath)


_Taken = frozenset[tuple[int, int]]


def _taken(drums: Drums, bass: Iterable[Tone]) -> _Taken:
    return frozenset(step_of(drums, tone) for tone in bass)


def _open(drums: Drums, taken: _Taken, bar: int, *, breath: bool) -> tuple[list[int], list[int]]:
    end = drums.steps - (PPQ // drums.step_ticks if breath and drums.bar_ticks > PPQ else 0)
    near = drums.step_ticks // 2
    free = [step for step in range(end) if (bar, step) not in taken]
    loud = [step for step in free if drums.accented(drums.played(bar, step), near)]
    return [step for step in free if step not in loud], loud


def faults(
    line: Iterable[Tone], drums: Drums, bass: Iterable[Tone], key: Key, low: int, high: int
) -> tuple[Fault, ...]:
    """Return what is wrong with a lead: on the bass, out of register or key, two voices at once, out of the bars."""
    tones, found, compass = in_order(line), [], Compass(key, low, high)
    taken = _taken(drums, bass)
    for place, tone in enumerate(tones):
        bar, step = step_of(drums, tone)
        if (bar, step) in taken:
            found.append(Fault("collision", tone.start_ticks, "a note starts with the bass"))
        if tone.pitch not in compass:
            found.append(Fault("register", tone.start_ticks, f"{key.note_name(tone.pitch)} is out of register or key"))
        if place and tone.sounds < tones[place - 1].ends:
            found.append(Fault("monophony", tone.start_ticks, "a note starts while another sounds"))
        if tone.start_ticks < 0 or tone.ends > drums.length_ticks:
            found.append(Fault("place", tone.start_ticks, "a note outside the bars"))
    return tuple(found)


def _room(drums: Drums, taken: _Taken, phrase_bars: int, density: float) -> list[int]:
    """Return how many notes each bar gets: the density over the phrase, given to the bars that are open."""
    wanted = round(density * drums.steps)
    counts, owed = [], 0
    for bar in range(drums.bars):
        breath = _breathes(bar, drums.bars, phrase_bars)
        free = sum(map(len, _open(drums, taken, bar, breath=breath)))
        counts.append(min(wanted + owed, free))
        owed = wanted + owed - counts[-1]
        if breath:
            owed = 0  # a phrase does not pay the debts of the one before
    return counts


def _breathes(bar: int, bars: int, phrase_bars: int) -> bool:
    return bar % phrase_bars == phrase_bars - 1 or bar == bars - 1


class _Writer:
    """All that the writing of a lead needs."""

    def __init__(self, drums: Drums, bass: Line, compass: Compass, seed: int, phrase_bars: int, density: float) -> None:
        self.drums, self.taken, self.compass, self.seed = drums, _taken(drums, bass), compass, seed
        self.phrase_bars = phrase_bars
        self.counts = _room(drums, self.taken, phrase_bars, density)
        middle = (compass.low + compass.high) // 2
        # the tonic nearest below the middle of the register, so that there is room above for the tune
        self.home = compass.fitted(middle - (middle - compass.key.tonic) % 12)

    def chance(self, *words: str | int) -> float:
        return chance(self.seed, "lead", *words)

    def phrase(self, number: int) -> list[Tone]:
        """Return the notes of a phrase, each a step long."""
        first = number * self.phrase_bars
        places = [
            (bar, step)
            for bar in range(first, min(first + self.phrase_bars, self.drums.bars))
            for step in self._steps(bar)
        ]
        pitches = self._pitches(len(places), shape(number, self.seed))
        blank = Tone(0, self.drums.step_ticks, self.home)
        return [
            at_step(blank._replace(pitch=pitch, velocity=self._velocity(bar, step)), self.drums, bar, step)
            for (bar, step), pitch in zip(places, pitches, strict=True)
        ]

    def _steps(self, bar: int) -> tuple[int, ...]:
        """Return the steps of a bar: the motif's rhythm, which is the same in every phrase, as far as they are open."""
        drums, place = self.drums, bar % self.phrase_bars
        breath = _breathes(bar, drums.bars, self.phrase_bars)
        scores = {}
        clear, loud = _open(drums, self.taken, bar, breath=breath)
        for step in (*clear, *loud):
            late = step / drums.steps if place == 0 else 0.0  # the call begins on time and leaves space after
            scores[step] = 0.5 * weight(step * drums.step_ticks) + 0.9 * self.chance("rhythm", place, step) - 0.3 * late
            scores[step] -= _ACCENTED * (step in loud)
        return chosen(scores, self.counts[bar], -0.25)

    def _pitches(self, count: int, shape: Shape) -> list[int]:
        """Return the pitches of a phrase of `count` notes: the motif's contour, developed, and its ending."""
        if not count:
            return []
        moves = self._moves(count, shape)
        begin = picked(((0, 3), (2, 3), (4, 3)), self.chance("begin"))
        if shape.development == "a step higher":
            begin += 1
        at, pitches = self.compass.step(self.home, begin), []
        for move in moves:
            pitches.append(at)
            if abs(at - self.home) > 9:  # far from home the tune turns back
                move = -abs(move) if at > self.home else abs(move)
            at = self.compass.step(at, move)
        goal = self._near(pitches[-1], picked(_OPEN, self.chance("open")) if shape.asks else 0)
        if not shape.asks and count > 2:
            pitches[-2] = self.compass.step(goal, 1 if self.chance("close") < 0.6 else -1)
        pitches[-1] = goal
        return pitches

    def _near(self, pitch: int, semitones: int) -> int:
        """Return the note of the key `semitones` above the tonic, in the octave nearest to `pitch`."""
        wanted = self.compass.key.nearest(self.home + semitones) % 12
        return min(
            (known for known in self.compass.pitches if known % 12 == wanted),
            key=lambda known: (abs(known - pitch), known),
        )

    def _moves(self, count: int, shape: Shape) -> list[int]:
        """Return the moves after each note; an answer keeps the first half of the question's."""
        head = max(1, count // 2)
        moves = []
        for number in range(count):
            source = number % head if shape.development == "its head twice over" else number
            answers = not shape.asks and number >= head
            moves.append(picked(_MOVES, self.chance("move", source, "answer" if answers else "call")))
        return [-move for move in moves] if shape.development == "upside down" else moves

    def _velocity(self, bar: int, step: int) -> int:
        strength = weight(step * self.drums.step_ticks)
        return round(78 + 22 * strength + 8 * self.chance("velocity", bar % self.phrase_bars, step))


def _held(tones: list[Tone], drums: Drums, phrase_bars: int) -> list[Tone]:
    """Return the notes held to the next one, two beats at most, and not over the end of their phrase."""
    found = []
    for place, tone in enumerate(tones):
        size = phrase_bars * drums.bar_ticks
        end = min((tone.start_ticks // size + 1) * size - drums.step_ticks // 2, drums.length_ticks)
        end = min(max(end, tone.sounds + drums.step_ticks // 4), tone.sounds + 2 * PPQ, drums.length_ticks)
        if place + 1 < len(tones):
            end = min(end, tones[place + 1].sounds)
        found.append(tone._replace(length_ticks=end - tone.sounds))
    return found
