"""What is wrong with a bass line for its drums, and the same line put right. What is right stays as it is."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

from hardcore.music.scale import Key
from hardcore.rhythm.bass_modes import BassMode
from hardcore.rhythm.bass_score import collides, counts, free_steps, step_of, worth
from hardcore.rhythm.drums import Drums
from hardcore.rhythm.tone import Compass, Line, Tone, in_order

FaultKind = Literal["place", "collision", "register", "density", "monophony"]


class Fault(NamedTuple):
    """What is wrong, the tick where, and one line about it."""

    kind: FaultKind
    tick: int
    words: str


def faults(line: Iterable[Tone], drums: Drums, mode: BassMode, key: Key) -> tuple[Fault, ...]:
    """Return what is wrong with the line: out of the bars, in the kick's way, register and key, density, two voices."""
    tones, found = in_order(line), []
    compass = Compass(key, mode.low, mode.high)
    for tone in tones:
        at = tone.start_ticks
        if not _inside(tone, drums) or tone.ends > drums.length_ticks:
            found.append(Fault("place", at, "a note outside the bars"))
        if mode.kick == "avoid":
            if collides(drums, tone.sounds):
                found.append(Fault("collision", at, "a note starts with the kick"))
            elif tone.ends > drums.next_kick(tone.sounds):
                found.append(Fault("collision", at, "a note sounds into the kick"))
        if tone.pitch not in compass:
            why = "is not in the key" if mode.low <= tone.pitch <= mode.high else "is out of the register"
            found.append(Fault("register", at, f"{key.note_name(tone.pitch)} {why}"))
    for bar, here in enumerate(_by_bar(tones, drums)):
        low, high = counts(drums, mode, bar)
        if not low <= len(here) <= high:
            words = f"bar {bar + 1} has {len(here)} notes, not {low} to {high}"
            found.append(Fault("density", bar * drums.bar_ticks, words))
    for before, after in pairwise(tones):
        if after.sounds < before.ends:
            found.append(Fault("monophony", after.start_ticks, "a note starts while another sounds"))
    return tuple(sorted(found, key=lambda fault: fault.tick))


def repaired(line: Iterable[Tone], drums: Drums, mode: BassMode, key: Key) -> Line:
    """Return the line without its faults; a line that has none comes back as it is, in order.

    In turn: out of the bars, kick collisions, register and key, density, monophony. A note on a kick goes to the next
    free step of its bar, or the one before, or away.
    """
    compass = Compass(key, mode.low, mode.high)
    tones = _one_a_tick(tone for tone in in_order(line) if _inside(tone, drums))
    if mode.kick == "avoid":
        tones = _one_a_tick(_off_the_kick(tones, drums, mode))
    tones = [tone._replace(pitch=compass.fitted(tone.pitch)) for tone in tones]
    tones = _to_density(tones, drums, mode, compass)
    return tuple(_cut(tones, drums, mode))


def _inside(tone: Tone, drums: Drums) -> bool:
    """Return whether a note starts, and sounds, in the bars."""
    return 0 <= tone.start_ticks < drums.length_ticks and 0 <= tone.sounds < drums.length_ticks


def _one_a_tick(tones: Iterable[Tone]) -> list[Tone]:
    """Return the notes in order, the first of those that sound at one tick."""
    found: dict[int, Tone] = {}
    for tone in in_order(tones):
        found.setdefault(tone.sounds, tone)
    return list(found.values())


def _off_the_kick(tones: list[Tone], drums: Drums, mode: BassMode) -> list[Tone]:
    taken = {step_of(drums, tone) for tone in tones if not collides(drums, tone.sounds)}
    kept = []
    for tone in tones:
        if not collides(drums, tone.sounds):
            kept.append(tone)
            continue
        bar, step = step_of(drums, tone)
        free = [s for s in free_steps(drums, mode, bar) if (bar, s) not in taken]
        if not free:
            continue
        # the note's own step may be free where only the note, off its place, meets the kick
        to = next((s for s in free if s > step), free[-1])
        taken.add((bar, to))
        kept.append(at_step(tone, drums, bar, to))
    return kept


def at_step(tone: Tone, drums: Drums, bar: int, step: int) -> Tone:
    """Return the note on a step, as late as the drums play it."""
    start = bar * drums.bar_ticks + step * drums.step_ticks
    return tone._replace(start_ticks=start, offset_ticks=drums.offset(step))


def _by_bar(tones: list[Tone], drums: Drums) -> list[list[Tone]]:
    """Return the notes of each bar: the one in which their nearest step lies."""
    bars: list[list[Tone]] = [[] for _ in range(drums.bars)]
    for tone in tones:
        if 0 <= tone.start_ticks < drums.length_ticks:
            bars[step_of(drums, tone)[0]].append(tone)
    return bars


def _to_density(tones: list[Tone], drums: Drums, mode: BassMode, compass: Compass) -> list[Tone]:
    """Return the notes brought to each bar's counts: those worth least go, the steps worth most are filled."""
    kept: list[Tone] = []
    pitch = tones[0].pitch if tones else compass.degree(0, mode.low)
    for bar, here in enumerate(_by_bar(tones, drums)):
        low, high = counts(drums, mode, bar)
        ranked = sorted(here, key=lambda tone: (-worth(drums, mode, *step_of(drums, tone)), tone.sounds))
        here = in_order(ranked[:high])
        pitch = here[0].pitch if here else pitch
        taken = {step_of(drums, tone)[1] for tone in here}
        free = [step for step in free_steps(drums, mode, bar) if step not in taken]
        free.sort(key=lambda step: (-worth(drums, mode, bar, step), step))
        added = [Tone(0, drums.step_ticks, pitch)] * max(0, low - len(here))
        here += [at_step(tone, drums, bar, step) for tone, step in zip(added, free, strict=False)]
        kept += here
    return _one_a_tick(kept)


def _cut(tones: list[Tone], drums: Drums, mode: BassMode) -> list[Tone]:
    """Return the notes, none longer than to the next one, the kick it must not meet, or the end of the bars."""
    found = []
    for place, tone in enumerate(tones):
        end = min(tone.ends, drums.length_ticks)
        if place + 1 < len(tones):
            end = min(end, tones[place + 1].sounds)
        if mode.kick == "avoid":
            end = min(end, drums.next_kick(tone.sounds))
        found.append(tone._replace(length_ticks=end - tone.sounds))
    return found
