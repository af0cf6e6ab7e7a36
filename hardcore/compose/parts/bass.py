"""Bass: one voice that follows the chord roots, knows the kick, and develops over the bars."""

from dataclasses import dataclass
from random import Random

from hardcore.compose.grid import Bar, bars_of, finish_mono, kick_steps
from hardcore.compose.harmony.register import Register, over, register
from hardcore.compose.motif.phrase import Cell, Hit, asked_or_drawn, develop, parted, scaled, vary
from hardcore.compose.parts.acid import mutate
from hardcore.compose.parts.basslines import DEAD, LEADING, LINES, NEXT, WRITABLE, Groove, acid_of, pattern_of, written
from hardcore.compose.parts.chordparts import Progression
from hardcore.knowledge.melodic import BassBehaviour, BassStyle
from hardcore.music.chord import Chord
from hardcore.music.meter import MeterMap
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.notes import Note

# words of a prompt, and the behaviour they ask for
TRAITS: dict[str, BassBehaviour] = {
    "rolling": "rolling", "driving": "rolling", "hypnotic": "rolling", "galloping": "rolling", "offbeat": "offbeat",
    "sub": "sub_anchor", "minimal": "sub_anchor", "deep": "sub_anchor", "fifths": "root_fifth", "root": "root_fifth",
    "pocket": "pocket_groove", "groove": "pocket_groove", "groovy": "pocket_groove", "funky": "pocket_groove",
    "syncopated": "pocket_groove", "acid": "acid", "303": "acid", "squelchy": "acid", "reese": "reese",
    "gliding": "reese", "walking": "walking_lofi", "gabber": "gabber_offbeat", "drone": "drone", "held": "drone",
    "long": "drone", "sustained": "drone",
}  # fmt: skip

# words that raise a chance of the style to at least this
_CHANCES: dict[str, dict[str, float]] = {
    "gliding": {"slide": 0.5},
    "octaves": {"octave": 0.5},
    "bouncy": {"octave": 0.4},
    "syncopated": {"colour": 0.3},
}

# these sound through the kick, and the side-chain makes the room
_HELD: tuple[BassBehaviour, ...] = ("drone", "reese")
# these keep their own figure whatever the kick does
_WALKING: tuple[BassBehaviour, ...] = ("walking", "walking_lofi")
_HEEDLESS: tuple[BassBehaviour, ...] = (*_HELD, "acid", *_WALKING)
_PHRASE_BARS = 4
_DRONE_BARS = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """All that the placing of a line needs."""

    style: BassStyle
    behaviour: BassBehaviour
    progression: Progression
    usable: Register
    density: float
    movement: float
    avoids: bool

    def root(self, chord: Chord) -> int:
        """Return the chord's root (or slash bass) in the octave from the style's home, folded into the range."""
        bass = chord.root if chord.bass is None else chord.bass
        return over(self.usable, chord).fold(self.style.home + (bass - self.style.home) % 12)


def generate(
    style: BassStyle,
    progression: Progression,
    key: Key,
    meter_map: MeterMap,
    bars: int,
    kick: list[Note],
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    traits: tuple[str, ...] = (),
    low: int = 24,
    high: int = 60,
) -> list[Note]:
    """Return a bass line of one voice, `bars` bars long, between MIDI pitches `low` and `high`.

    kick      the kick's notes over the whole clip, which the line avoids or locks to as the style says
    density   how many notes; movement   how often it leaves the root, jumps, glides and changes from bar to bar
    traits    words that ask for a behaviour (TRAITS)
    """
    behaviour = behaviour_of(style, traits, rng)
    raised = {
        name: max(getattr(style, name), least) for word in traits for name, least in _CHANCES.get(word, {}).items()
    }
    style = style.evolve(**raised) if raised else style
    avoids = style.kick == "avoid" and behaviour not in _HEEDLESS
    part = _Part(style, behaviour, progression, register(key, low, high), density, movement, avoids)
    grid = bars_of(meter_map, bars)
    ticks = [note.start_ticks for note in kick]
    kicks = [kick_steps(bar, ticks) for bar in grid]
    cells = _developed(part, grid, kicks, rng)
    notes: list[Note] = []
    for bar, cell, kicked in zip(grid, cells, kicks, strict=True):
        ready = _filled(_off_kick(cell, kicked) if avoids else cell, bar, kicked if avoids else frozenset())
        notes += _placed(part, ready, bar, kicked, _turned(part, ready, bar, grid, rng), rng)
    if behaviour == "drone":
        notes = _tied(notes, grid)
    return finish_mono(notes, grid[-1].end_ticks)


def behaviour_of(style: BassStyle, traits: tuple[str, ...], rng: Random) -> BassBehaviour:
    """Return the behaviour the traits ask for, the last asked winning, or one of the style's by weight."""
    return asked_or_drawn(traits, {**TRAITS, **{name: name for name in LINES}}, style.behaviours, rng)


def _developed(part: _Part, grid: tuple[Bar, ...], kicks: list[frozenset[int]], rng: Random) -> list[Cell]:
    """Return one cell a bar, by the style's form; an acid line mutates instead, bar after bar."""
    pattern = pattern_of(part.style, part.behaviour, rng)
    grooves = [Groove(part.style, part.density, part.movement, kicked, pattern) for kicked in kicks]
    play = written if pattern and part.behaviour in WRITABLE else LINES[part.behaviour]
    if part.behaviour == "acid":
        return _mutating(part, grid, grooves[0], rng)
    if part.behaviour == "walking":  # a walking bass goes on; it has no theme to come back to
        return [play(bar, grooves[bar.index], rng) for bar in grid]

    def theme(bar: Bar) -> Cell:
        return play(bar, grooves[bar.index], rng)

    def change(cell: Cell, amount: float) -> Cell:
        share = amount * (scaled(part.style.colour, part.movement) + 0.1)
        return vary(cell, share, (0, 0, 12, 7, 10, 3), rng)

    return develop(grid, part.style.form, theme, change, part.movement, pattern.count("|") + 1)


def _mutating(part: _Part, grid: tuple[Bar, ...], groove: Groove, rng: Random) -> list[Cell]:
    """Return acid cells: the first bar of a phrase recalls the theme, each next one is a mutation of the last."""
    chances = acid_of(groove)
    themes: dict[int, Cell] = {}
    cells: list[Cell] = []
    for bar in grid:
        if bar.steps not in themes:
            themes[bar.steps] = LINES["acid"](bar, groove, rng)
            cells.append(themes[bar.steps])
        elif bar.index % _PHRASE_BARS == 0:
            cells.append(themes[bar.steps])
            themes[bar.steps] = mutate(themes[bar.steps], chances, bar.steps, 0.5 * part.movement, rng)
        else:
            before = cells[-1] if grid[bar.index - 1].steps == bar.steps else themes[bar.steps]
            cells.append(mutate(before, chances, bar.steps, 0.6 * part.movement, rng))
    return cells


def _off_kick(cell: Cell, kicks: frozenset[int]) -> Cell:
    """Return the cell with nothing that starts with a kick or sounds into one: long hits start later, short ones go."""
    kept: list[Hit] = []
    taken = {hit.step for hit in cell}
    for hit in cell:
        if hit.step in kicks:
            if hit.length < 3 or hit.step + 1 in kicks or hit.step + 1 in taken:
                continue
            hit = hit._replace(step=hit.step + 1, length=hit.length - 1)
        after = min((step for step in kicks if step > hit.step), default=hit.step + hit.length)
        kept.append(hit._replace(length=min(hit.length, after - hit.step)))
    return tuple(kept)


def _filled(cell: Cell, bar: Bar, kicks: frozenset[int]) -> Cell:
    """Return the cell, or where nothing is left of it a root on the first step free of the kick."""
    if cell:
        return cell
    middle = bar.beat_steps // 2
    free = [step for step in (middle, *range(bar.steps)) if step < bar.steps and step not in kicks]
    # a kick on every step leaves the 32nd after the first; a bar shorter than that leaves nothing but the kick
    late = 0.5 if bar.length_ticks > SIXTEENTH // 2 else 0.0
    return (Hit(free[0], 1) if free else Hit(late, 0.5),)


def _turned(part: _Part, cell: Cell, bar: Bar, grid: tuple[Bar, ...], rng: Random) -> dict[float, int]:
    """Return the pitches, by step, of the bar's last hits where they walk to the next bar's root."""
    last = bar.index == len(grid) - 1
    here = part.progression.at(bar.end_ticks - 1)
    there = part.progression.at(grid[0 if last else bar.index + 1].start_ticks)
    phrase_end = (bar.index + 1) % _PHRASE_BARS == 0 or (last and len(grid) > 1)
    walks = part.behaviour in _WALKING and there != here
    if part.behaviour == "drone" or not (phrase_end or walks) or rng.random() >= part.style.turn:
        return {}
    tail = [hit for hit in cell[1:] if hit.step >= bar.steps - bar.beat_steps]
    goal, way = part.root(there), rng.choice((1, -1))
    walk = {hit.step: part.usable.step(goal, way * (len(tail) - place)) for place, hit in enumerate(tail)}
    if tail and rng.random() < part.style.chromatic:
        # the leading note from below or above, inside the range
        leading = goal + way if part.usable.low <= goal + way <= part.usable.high else goal - way
        walk[tail[-1].step] = min(max(leading, part.usable.low), part.usable.high)
    return walk


def _placed(
    part: _Part, cell: Cell, bar: Bar, kicks: frozenset[int], walk: dict[float, int], rng: Random
) -> list[Note]:
    """Return the notes of a cell over the bar's chords; what sounds into a new chord goes on with its root."""
    gate = 1.0 if part.behaviour in _HELD else part.style.gate
    notes = []
    breaks = [step for step in part.progression.breaks(bar) if not (part.avoids and step in kicks)]
    for hit in parted(cell, breaks):
        start = bar.tick(hit.step)
        length = bar.tick(hit.step + hit.length) - start
        if length <= 0:
            continue
        chord = part.progression.at(start)
        root = part.root(chord)
        pitch = root if hit.step in breaks and part.behaviour != "figure" else walk.get(hit.step)
        if hit.tone in (NEXT, LEADING, DEAD):
            pitch = _towards(part, hit, root, bar, rng)
        elif pitch is None:
            pitch = over(part.usable, chord).above(chord, root, hit.tone) if hit.tone else root
            pitch = _bent(part, hit, pitch, rng)
        sounding = (
            length if hit.slide or (hit.length == 1 and part.behaviour == "acid") else max(round(length * gate), 60)
        )
        velocity = min(max(hit.velocity + rng.randint(-2, 2), 1), 127)
        notes.append(Note(start, min(sounding, length), pitch, velocity, slide=hit.slide))
    return notes


def _towards(part: _Part, hit: Hit, root: int, bar: Bar, rng: Random) -> int:
    """Return the pitch of a written hit that is no tone of its chord: where the line goes next, or a step before it."""
    if hit.tone == DEAD:
        return root
    after = bar.tick(hit.step + hit.length)
    goal = part.root(part.progression.at(after if after < part.progression.end_ticks else 0))
    if hit.tone == NEXT:
        return goal
    way = 1 if root > goal or goal == part.usable.low else -1
    return goal + way if rng.random() < part.style.chromatic else part.usable.step(goal, way)


def _bent(part: _Part, hit: Hit, pitch: int, rng: Random) -> int:
    """Return an acid line's pitch, off the beat a semitone up by the style's chromatic chance."""
    if part.behaviour != "acid" or not hit.tone or hit.step % 4 == 0 or rng.random() >= part.style.chromatic:
        return pitch
    return min(pitch + 1, part.usable.high)


def _tied(notes: list[Note], grid: tuple[Bar, ...]) -> list[Note]:
    """Return a drone's notes with neighbours of one pitch made one, up to four bars long."""
    tied: list[Note] = []
    for note in notes:
        before = tied[-1] if tied else None
        longest = _DRONE_BARS * grid[0].length_ticks
        whole = note.length_ticks >= grid[0].length_ticks
        if before and whole and before.pitch == note.pitch and before.length_ticks + note.length_ticks <= longest:
            tied[-1] = before._replace(length_ticks=before.length_ticks + note.length_ticks)
        else:
            tied.append(note)
    return tied
