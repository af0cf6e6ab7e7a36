"""Texture: what lies behind the music: drones, swells, noise triggers and scattered high notes."""

from collections.abc import Callable, Iterator
from random import Random

from hardcore.compose.grid import Bar, finish
from hardcore.compose.harmony.register import Register, register
from hardcore.compose.motif.phrase import asked_or_drawn
from hardcore.compose.parts.chordparts import Progression
from hardcore.knowledge.melodic import TextureBehaviour, TextureStyle
from hardcore.music.meter import MeterMap
from hardcore.music.scale import Key
from hardcore.project.notes import Note

# words of a prompt, and the behaviour they ask for
TRAITS: dict[str, TextureBehaviour] = {
    "drone": "drone", "dark": "drone", "rumble": "drone", "swell": "swell", "swells": "swell", "rising": "swell",
    "crackle": "crackle", "vinyl": "crackle", "noise": "crackle", "dusty": "crackle", "shimmer": "shimmer",
    "sparkle": "shimmer", "airy": "shimmer", "glitter": "shimmer",
}  # fmt: skip


def generate(
    style: TextureStyle,
    progression: Progression,
    key: Key,
    meter_map: MeterMap,
    bars: int,
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    traits: tuple[str, ...] = (),
    low: int = 36,
    high: int = 84,
) -> list[Note]:
    """Return a background `bars` bars long, between MIDI pitches `low` and `high`; it sounds in every bar.

    density   how many notes; movement   how often it changes; traits   words that ask for a behaviour (TRAITS)
    """
    play = TEXTURES[asked_or_drawn(traits, TRAITS, style.behaviours, rng)]
    usable = register(key, low, high)
    return finish(play(style, progression, usable, rng, density, movement), meter_map.bar_start(bars))


def drone(
    style: TextureStyle, progression: Progression, usable: Register, rng: Random, density: float, movement: float
) -> Iterator[Note]:
    """Yield tonic and fifth, held; with movement the upper voices come in later than the lowest."""
    tonic = usable.fold(style.home + (usable.key.tonic - style.home + 6) % 12 - 6)
    count = max(min(style.voices + round((density - 0.5) * 3), 4), 1)
    pitches = [usable.fold(usable.nearest(tonic + above)) for above in (0, 7, 12, 19)][:count]
    for group in _groups(progression.bars, style.hold_bars):
        start, end = group[0].start_ticks, group[-1].end_ticks
        for place, pitch in enumerate(dict.fromkeys(pitches)):
            late = place and len(group) > 1 and rng.random() < movement
            begin = group[rng.randrange(1, len(group))].start_ticks if late else start
            yield Note(begin, end - begin, pitch, max(style.velocity - 8 * place, 1))


def swell(
    style: TextureStyle, progression: Progression, usable: Register, rng: Random, density: float, movement: float
) -> Iterator[Note]:
    """Yield one long chord tone a chord, louder towards the end of each four bars; it wanders with movement."""
    pitch = usable.fold(style.home)
    for number, placed in enumerate(progression.chords):
        inside = [bar for bar in progression.bars if progression.index(bar.start_ticks) == number]
        for group in _groups(tuple(inside), style.hold_bars):
            reach = round(1 + 4 * movement)
            wanted = usable.step(pitch, rng.randint(-reach, reach))
            pitch = usable.chord_tone(placed.chord, usable.nearest((wanted + style.home) // 2))
            velocity = max(style.velocity - 18 + 6 * (group[0].index % 4), 1)
            length = group[-1].end_ticks - group[0].start_ticks
            yield Note(group[0].start_ticks, length, pitch, min(velocity, 127))
            if rng.random() < density:
                above = usable.chord_tone(placed.chord, usable.fold(pitch + 7))
                yield Note(group[0].start_ticks, length, above, max(velocity - 10, 1))


def crackle(
    style: TextureStyle, progression: Progression, usable: Register, rng: Random, density: float, movement: float
) -> Iterator[Note]:
    """Yield the same note held through each bar, its velocity alive; above normal density it is struck again."""
    pitch = usable.fold(style.home + (usable.key.tonic - style.home + 6) % 12 - 6)
    for bar in progression.bars:
        again = [beat for beat in bar.beats() if beat and rng.random() < density - 0.5]
        for step, end in zip([0, *again], [*again, bar.steps], strict=True):
            swing = rng.randint(-12, 12) * movement
            velocity = min(max(round(style.velocity + swing), 1), 127)
            yield Note(bar.tick(step), bar.tick(end) - bar.tick(step), pitch, velocity)


def shimmer(
    style: TextureStyle, progression: Progression, usable: Register, rng: Random, density: float, movement: float
) -> Iterator[Note]:
    """Yield a few long, soft chord tones a bar, high above the home, each in another octave than the one before."""
    for bar in progression.bars:
        chord = progression.at(bar.start_ticks)
        for place in range(1 + round(density * 2 + rng.random() * 0.8)):
            step = 0 if place == 0 else rng.randrange(bar.steps)
            above = rng.choice((7, 12, 16, 19, 24)[: 2 + round(movement * 3)])
            pitch = usable.chord_tone(chord, usable.fold(style.home + above))
            start = bar.tick(step)
            velocity = min(max(style.velocity - rng.randint(4, 24), 1), 127)
            yield Note(start, max(bar.end_ticks - start, 1), pitch, velocity)


def _groups(bars: tuple[Bar, ...], size: int) -> Iterator[tuple[Bar, ...]]:
    """Yield the bars in groups of `size`."""
    for start in range(0, len(bars), size):
        yield bars[start : start + size]


_Play = Callable[[TextureStyle, Progression, Register, Random, float, float], Iterator[Note]]

TEXTURES: dict[TextureBehaviour, _Play] = {"drone": drone, "swell": swell, "crackle": crackle, "shimmer": shimmer}
