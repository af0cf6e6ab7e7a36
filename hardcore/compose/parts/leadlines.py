"""The ways to play a lead: each gives the notes of the whole clip from a style and the chords."""

from collections.abc import Callable, Iterator
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.harmony.register import over
from hardcore.compose.motif.phrase import Cell, Hit, develop, fit, read_cell, repeat, scaled, thicken, thin, vary
from hardcore.compose.motif.tune import tune
from hardcore.compose.parts.acid import acid_cell, acid_style, mutate
from hardcore.compose.parts.melody import Melody, note, rooted
from hardcore.knowledge.melodic import LeadBehaviour
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note


def riff(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield a short loop of few tones that runs across the bar lines and starts over with each phrase of four bars."""
    length, hits = _loop(melody, rng)
    pool = (melody.style.tones or (0, 0, 3, 7, 10, 12))[: 3 + round(melody.movement * 3)]
    loop = tuple(
        hit._replace(tone=rng.choice(pool) if place else pool[0], velocity=rng.randint(84, 100))
        for place, hit in enumerate(hits)
    )
    phrase: list[Bar] = []
    for bar in melody.bars:
        phrase = [*phrase, bar] if bar.index % 4 else [bar]
        if len(phrase) == 1 and bar.index:
            loop = vary(loop, 0.3 * melody.movement, pool, rng)
        passed = (bar.start_ticks - phrase[0].start_ticks) // SIXTEENTH
        laid = repeat(loop, length, passed + bar.steps)
        cell = tuple(hit._replace(step=hit.step - passed) for hit in laid if hit.step >= passed)
        yield from rooted(melody, fit(cell, bar.steps), bar, rng)


def _loop(melody: Melody, rng: Random) -> tuple[int, Cell]:
    """Return how many sixteenths a riff is long, and its hits: one of the style's, or one drawn on its lengths."""
    if melody.style.riffs:
        pattern = rng.choice(melody.style.riffs)
        whole = Bar(0, 0, len(pattern) * SIXTEENTH)
        return len(pattern), thin(read_cell(pattern, whole), melody.density, rng)
    length = rng.choice(melody.style.riff_steps)
    count = max(round(length * (0.2 + 0.5 * melody.density)), 1)
    steps = [0, *sorted(rng.sample(range(1, length), min(count, length) - 1))]
    return length, tuple(Hit(step, 1) for step in steps)


def stabs(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield hard notes in one of the style's rhythms: root and a few chord tones, moving with the chords."""
    pattern = rng.choice(melody.style.rhythms)
    pool = (melody.style.tones or (0, 12, 3, 7, 10, -2, 15))[: 2 + round(melody.movement * 5)]
    chance = 0.15 + 0.6 * melody.movement

    def theme(bar: Bar) -> Cell:
        cell = thin(read_cell(pattern, bar), melody.density, rng)
        cell = thicken(cell, 0.5 + (melody.density - 0.5) * 0.6, bar.steps, rng)
        toned = [hit._replace(tone=rng.choice(pool) if rng.random() < chance else 0) for hit in cell[1:]]
        slid = [hit._replace(slide=rng.random() < melody.style.slide) for hit in (*cell[:1], *toned)]
        return tuple(slid)

    def change(cell: Cell, amount: float) -> Cell:
        return vary(cell, amount * 0.8, pool, rng)

    cells = develop(melody.bars, melody.style.form, theme, change, melody.movement, pattern.count("|") + 1)
    for bar, cell in zip(melody.bars, cells, strict=True):
        yield from rooted(melody, cell, bar, rng)


def arpeggio(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield the chord's notes one after the other, over the style's octaves; it starts anew with each chord."""
    style = melody.style
    order, rate = rng.choice(style.orders), rng.choice(style.rate_steps)
    octaves = max(min(style.octaves + round((melody.movement - 0.5) * 2), 4), 1)
    start, place, before = max(melody.home() - 5, melody.usable.low), 0, -1
    for bar in melody.bars:
        hits = []
        for step in range(0, bar.steps, rate):
            number = melody.progression.index(bar.tick(step))
            if number != before:
                before, place = number, 0
            row = _arpeggio_row(melody, bar.tick(step), start, octaves, order)
            if step == 0 or rng.random() < 0.5 + melody.density:
                pitch = rng.choice(row) if order == "random" and step else row[place % len(row)]
                accent = step % bar.beat_steps == 0 or rng.random() < style.accent
                hits.append(Hit(step, rate, pitch, 104 if accent else 84))
            if melody.density > 0.5 and rate > 1 and rng.random() < (melody.density - 0.5) * 0.8:
                hits.append(Hit(step + rate // 2, rate - rate // 2, row[(place + 1) % len(row)], 76))
            place += 1
        yield from (note(melody, bar, hit, hit.tone, rng) for hit in hits if hit.step < bar.steps)


def acid(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield an acid sequence that mutates from bar to bar and comes back with each phrase."""
    style = melody.style
    chances = acid_style(0.25, 0.55, style.slide or 0.25, style.accent, melody.density, melody.movement)
    theme: Cell = ()
    before: Cell = ()
    steps = -1
    for bar in melody.bars:
        if bar.steps != steps:
            theme, steps = acid_cell(chances, bar, rng), bar.steps
            before = theme
        elif bar.index % 4 == 0:
            before, theme = (theme, mutate(theme, chances, steps, 0.5 * melody.movement, rng))
        else:
            before = mutate(before, chances, steps, 0.6 * melody.movement, rng)
        yield from rooted(melody, before, bar, rng)


def bells(melody: Melody, rng: Random) -> Iterator[Note]:
    """Yield few long notes, chord tones first, that drift by small steps; some bars are left to the reverb."""
    home = melody.home()
    pitch = home
    for bar in melody.bars:
        if bar.index and rng.random() < scaled(melody.style.rest, 1 - melody.density):
            continue
        count = 1 + (rng.random() < melody.density) + (rng.random() < melody.density - 0.3)
        places = sorted(rng.sample(range(0, max(bar.steps, 1), 2), min(count, (bar.steps + 1) // 2)))
        ends = [*places[1:], bar.steps]
        for step, end in zip(places, ends, strict=True):
            reach = round(1 + melody.style.span * (0.3 + melody.movement) * 0.6)
            chord = melody.progression.at(bar.tick(step))
            usable = over(melody.usable, chord)
            pitch = usable.step(pitch, rng.randint(-reach, reach) - (pitch > home + 9) * 3 + (pitch < home - 9) * 3)
            if step % bar.beat_steps == 0 or rng.random() < melody.style.chord_tone:
                pitch = usable.chord_tone(chord, pitch)
            yield note(melody, bar, Hit(step, max(end - step, 2), 0, rng.randint(64, 92)), pitch, rng)


LEADS: dict[LeadBehaviour, Callable[[Melody, Random], Iterator[Note]]] = {
    "motif": tune,
    "riff": riff,
    "stabs": stabs,
    "arpeggio": arpeggio,
    "acid": acid,
    "bells": bells,
}


def _arpeggio_row(melody: Melody, tick: int, start: int, octaves: int, order: str) -> list[int]:
    """Return the pitches of the chord at `tick` from `start` up, in the order they are played."""
    chord = melody.progression.at(tick)
    usable = over(melody.usable, chord)
    inside = [p for p in usable.pitches if start <= p < start + 12 * octaves and chord.contains(p)]
    tones = inside or [usable.chord_tone(chord, start)]
    if order == "down":
        return tones[::-1]
    if order == "updown":
        return [*tones, *tones[-2:0:-1]]
    if order == "inside":
        outer, inner = (tones[: (len(tones) + 1) // 2], tones[: (len(tones) - 1) // 2 : -1])
        return [tone for pair in zip(outer, inner, strict=False) for tone in pair] or tones
    return tones
