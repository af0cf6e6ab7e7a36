"""Acid: sequences in the manner of a 303, for basses and leads: gates, octaves, accents and slides on sixteenths."""

from random import Random
from typing import NamedTuple

from hardcore.compose.grid import Bar
from hardcore.compose.motif.phrase import Cell, Hit, scaled

# semitones above the root, and how often; the style's colour decides between root and these
_TONES = {7: 2.0, 3: 3.0, 10: 3.0, 5: 1.0, -2: 1.5, 1: 0.8, 15: 1.0}


class AcidStyle(NamedTuple):
    """How a sequence is drawn: the chances of the genre's bass or lead at the asked movement, and the density."""

    octave: float
    colour: float
    slide: float
    accent: float
    density: float
    movement: float


def acid_style(octave: float, colour: float, slide: float, accent: float, density: float, movement: float) -> AcidStyle:
    """Return the chances of a genre's part scaled by the movement; accents stay as they are."""
    level = 0.25 + movement / 2
    return AcidStyle(scaled(octave, level), scaled(colour, level), scaled(slide, level), accent, density, movement)


def acid_cell(style: AcidStyle, bar: Bar, rng: Random) -> Cell:
    """Return a new sequence for a bar: it starts on the root, and has an accent and, where two tones meet, a slide."""
    gate = _gate(style)
    hits = []
    for step in range(bar.steps):
        # the sequence breathes: the step after a beat rests more often, the one before it drives
        lean = {0: 0.1, 1: -0.12}.get(step % bar.beat_steps, 0.0)
        if step == 0 or rng.random() < gate + lean:
            hits.append(_hit(style, step, rng))
    return _shaped(hits, style, rng)


def mutate(cell: Cell, style: AcidStyle, bar_steps: int, amount: float, rng: Random) -> Cell:
    """Return the sequence with a few of its steps set anew; `amount` 0–1 is about the share of them."""
    by_step = {int(hit.step): hit for hit in cell}
    gate = _gate(style)
    for _ in range(max(round(amount * bar_steps * 0.5), 1)):
        step = rng.randrange(bar_steps)
        kind = rng.random()
        old = by_step.get(step)
        if old is None or kind < 0.5:
            if rng.random() < gate or step == 0:
                by_step[step] = _hit(style, step, rng)
            else:
                by_step.pop(step, None)
        elif kind < 0.75:
            by_step[step] = old._replace(velocity=_velocity(rng.random() < 0.5, rng))
        else:
            by_step[step] = old._replace(slide=not old.slide)
    return _shaped([by_step[step] for step in sorted(by_step)], style, rng)


def _gate(style: AcidStyle) -> float:
    """Return the chance that a step sounds: about twelve of sixteen at normal density."""
    return 0.45 + 0.55 * style.density


def _hit(style: AcidStyle, step: int, rng: Random) -> Hit:
    tone = 0
    if step and rng.random() < style.colour:
        tone = rng.choices(list(_TONES), list(_TONES.values()))[0]
    if step and rng.random() < style.octave:
        tone += 12 if tone < 12 else -12
    accent = rng.random() < style.accent * (1.3 if step % 4 else 0.8)
    return Hit(step, 0.55, tone, _velocity(accent, rng), rng.random() < style.slide)


def _velocity(accent: bool, rng: Random) -> int:
    return rng.randint(112, 124) if accent else rng.randint(74, 96)


def _shaped(hits: list[Hit], style: AcidStyle, rng: Random) -> Cell:
    """Return the hits with at least one accent and one slide, and slides only into the very next step."""
    if style.accent and hits and not any(hit.velocity >= 110 for hit in hits):
        place = rng.randrange(len(hits))
        hits[place] = hits[place]._replace(velocity=_velocity(True, rng))
    pairs = [
        place
        for place in range(len(hits) - 1)
        if hits[place + 1].step - hits[place].step == 1 and hits[place + 1].tone != hits[place].tone
    ]
    if style.slide and pairs and not any(hits[place].slide for place in pairs):
        place = rng.choice(pairs)
        hits[place] = hits[place]._replace(slide=True)
    possible = frozenset(pairs)
    shaped = [
        hit._replace(slide=hit.slide and place in possible, length=1.0 if hit.slide and place in possible else 0.55)
        for place, hit in enumerate(hits)
    ]
    return tuple(shaped)
