"""Comping: how chords are struck in a bar: held, in a rhythm, or broken into single voices."""

from collections.abc import Iterator, Sequence
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.harmony.progression import Progression
from hardcore.compose.harmony.register import Register, over
from hardcore.compose.motif.phrase import Cell, Hit, develop, parted, read_cell, scaled, thicken, thin
from hardcore.knowledge.melodic import CompStyle
from hardcore.music.chord import Chord
from hardcore.music.voicing import invert
from hardcore.project.notes import Note

Voices = tuple[int, ...]
# the signs of written figures that are no number of a voice: the whole chord is 0
_BASS, _FIFTH, _UPPER, _OCTAVES = -1, -2, -3, -4
TONES = {"b": _BASS, "f": _FIFTH, "u": _UPPER, "t": _OCTAVES, **{str(voice): voice for voice in range(1, 7)}}
AHEAD_STEPS = 2  # an anticipated chord comes an eighth early


def hold(
    part: CompStyle,
    progression: Progression,
    voices: Sequence[Voices],
    usable: Register,
    rng: Random,
    movement: float,
) -> Iterator[Note]:
    """Yield held chords: each from its start to its end, struck again after `hold_bars`, then moved by an inversion.

    voices   the pitches of each chord of the progression
    """
    for placed, pitches in zip(progression.chords, voices, strict=True):
        inside = [bar for bar in progression.bars if placed.start_ticks <= bar.start_ticks < placed.end_ticks]
        if not inside or inside[0].start_ticks > placed.start_ticks:
            until = inside[0].start_ticks if inside else placed.end_ticks
            length = until - placed.start_ticks
            yield from _chord(part, pitches, placed.start_ticks, length, part.velocity, rng)
        every = 1 if movement > 0.85 and part.hold_bars < 2 else part.hold_bars
        for place in range(0, len(inside), every):
            first, last = inside[place], inside[min(place + every, len(inside)) - 1]
            span = min(last.end_ticks, placed.end_ticks) - first.start_ticks
            moves = place and not (progression.strict or part.power) and rng.random() < movement
            moved = _moved(pitches, usable, rng) if moves else pitches
            yield from _chord(part, moved, first.start_ticks, span, part.velocity, rng)
            if rng.random() < scaled(0.3, movement) and len(inside) > 1 and last.end_ticks <= placed.end_ticks:
                yield from _inner_voice(part, moved, first, last, over(usable, placed.chord), rng)


def comp(
    part: CompStyle,
    progression: Progression,
    voices: Sequence[Voices],
    form: str,
    usable: Register,
    rng: Random,
    density: float,
    movement: float,
    low: int,
) -> list[Note]:
    """Return chords in one of the part's rhythms, developed by the form.

    voices   the pitches of each chord of the progression; a hit that sounds into the next chord is struck again on it
    low      lowest pitch of the instrument, for the basses of a written figure
    """
    pattern = rng.choice(part.figures or part.rhythms)
    broken = not part.figures and rng.random() < part.broken

    def theme(bar: Bar) -> Cell:
        return thicken(
            thin(read_cell(pattern, bar, TONES if part.figures else {}), density, rng), density, bar.steps, rng
        )

    def change(cell: Cell, amount: float) -> Cell:
        return _changed(cell, amount * movement, not part.figures, rng)

    cells = develop(progression.bars, form, theme, change, movement, pattern.count("|") + 1)
    notes: list[Note] = []
    turn = 0
    for bar, cell in zip(progression.bars, cells, strict=True):
        before = progression.index(bar.start_ticks - 1) if bar.index else 0
        new = bar.index > 0 and progression.index(bar.start_ticks) != before
        early = new and bar.steps > AHEAD_STEPS and rng.random() < part.anticipate
        for hit in parted(cell or (Hit(0, 2),), progression.breaks(bar)):
            start = bar.tick(hit.step)
            pitches = voices[progression.index(start)]
            chord = progression.at(start)
            wanders = rng.random() < movement * 0.3 and not (progression.strict or part.power)
            moved = _moved(pitches, usable, rng) if wanders else pitches
            length = max(round((bar.tick(hit.step + hit.length) - start) * part.gate), 60)
            if early and hit.step == 0:
                start = _clear(notes, progression.bars[bar.index - 1], start)
            sounding = (_broken_voice(moved, turn),) if broken else _struck(moved, hit.tone, chord, low)
            turn += 1
            notes += _chord(part, sounding, start, length, hit.velocity + part.velocity - 96, rng)
    return notes


def _chord(part: CompStyle, pitches: Voices, start: int, length: int, velocity: int, rng: Random) -> list[Note]:
    """Return the notes of one strike, with its strum and its lateness as micro-timing; the outer voices sing."""
    late = rng.randrange(part.late_ticks + 1) if start else 0
    notes = []
    for place, pitch in enumerate(pitches):
        touch = velocity + (4 if place == len(pitches) - 1 else -4 if place > 0 else 0) + rng.randrange(-3, 4)
        offset = min(late + place * part.strum_ticks, length - 1, 1920)
        notes.append(Note(start, length, pitch, min(max(touch, 1), 127), offset_ticks=offset))
    return notes


def _changed(cell: Cell, amount: float, moves: bool, rng: Random) -> Cell:
    """Return the rhythm with some hits softened or, where it `moves`, a sixteenth earlier."""
    taken = {hit.step for hit in cell}
    changed: list[Hit] = []
    for hit in cell:
        kind = rng.random() / max(amount, 0.001)
        if moves and kind < 0.4 and hit.step > 0 and hit.step - 1 not in taken:
            changed.append(hit._replace(step=hit.step - 1))
        elif kind < 0.7:
            changed.append(hit._replace(velocity=max(hit.velocity - 20, 40)))
        else:
            changed.append(hit)
    return tuple(changed)


def _moved(pitches: Voices, usable: Register, rng: Random) -> Voices:
    """Return an inversion of the chord up or down, if the range has room for it."""
    other = invert(pitches, rng.choice((1, -1)))
    return other if usable.low <= other[0] and other[-1] <= usable.high else pitches


def _inner_voice(part: CompStyle, pitches: Voices, first: Bar, last: Bar, usable: Register, rng: Random) -> list[Note]:
    """Return one soft note of the scale above the chord in its last bar: a held chord that breathes."""
    pitch = usable.step(pitches[-1], rng.choice((1, 2)))
    start = last.start_ticks
    if pitch in pitches or last is first:
        return []
    return [Note(start, last.end_ticks - start, pitch, max(part.velocity - 14, 1))]


def _struck(pitches: Voices, tone: int, chord: Chord, low: int) -> Voices:
    """Return what a hit of a written figure strikes of a chord: a voice, a bass, the upper ones, octaves, or all."""
    if tone > 0:
        return (pitches[min(tone, len(pitches)) - 1],)
    if tone in (_BASS, _FIFTH):
        root = chord.root if chord.bass is None else chord.bass
        wanted = (root + (7 if tone == _FIFTH else 0)) % 12
        under = pitches[0] - 1 - (pitches[0] - 1 - wanted) % 12
        return (under if under >= low else under + 12,)
    if tone == _OCTAVES:
        return (pitches[-1] - 12, pitches[-1]) if pitches[-1] - 12 >= low else pitches[-1:]
    return pitches[1:] if tone == _UPPER and len(pitches) > 1 else pitches


def _broken_voice(pitches: Voices, turn: int) -> int:
    """Return the voice whose turn it is, going up and down again."""
    row = (*pitches, *pitches[-2:0:-1])
    return row[turn % len(row)]


def _clear(notes: list[Note], before: Bar, bar_line: int) -> int:
    """Return where an anticipated chord starts, with the old chord taken away from there on."""
    start = max(bar_line - AHEAD_STEPS * 480, before.start_ticks)
    kept = [note for note in notes if note.start_ticks < start]
    notes[:] = [
        note if note.end_ticks <= start else note._replace(length_ticks=start - note.start_ticks) for note in kept
    ]
    return start
