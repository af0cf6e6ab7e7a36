"""Mending: what a model wrote is put right for the piece it is for, and everything that was put right is told.

Bars, meter, range, key and density are not the model's to decide.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hardcore.assistant.notation import Bar, read_bar, read_drums
from hardcore.compose.harmony.register import register
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.note import Note

MOST_BARS = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """What a part has to keep to.

    bars, bar_ticks  how long it is
    low, high        MIDI notes of its range; of drums both are the one that is struck
    key              None: it has no pitches
    most             notes in a bar
    """

    bars: int
    bar_ticks: int
    low: int
    high: int
    key: Key | None
    most: int

    def read(self, text: str) -> Bar:
        """Return a bar as it was written."""
        return read_drums(text, self.low) if self.key is None else read_bar(text)


def faults(texts: Sequence[str], frame: Frame) -> list[str]:
    """Return what a model should write again: bars that cannot be read, or do not last a bar."""
    found = [] if texts else ["no bars"]
    for number, text in enumerate(texts[:MOST_BARS], 1):
        bar = frame.read(text)
        if bar.strange:
            found.append(f"bar {number}: cannot read {', '.join(bar.strange[:4])}")
        elif bar.length_ticks != frame.bar_ticks:
            lasts, wanted = bar.length_ticks / SIXTEENTH, frame.bar_ticks / SIXTEENTH
            found.append(f"bar {number} lasts {lasts:g} sixteenths, not {wanted:g}")
    return found


def mend(texts: Sequence[str], frame: Frame) -> tuple[tuple[Note, ...], tuple[str, ...]]:
    """Return the notes of bars as they fit the frame, and what was mended. Raises UserError where nothing is left."""
    told: Counter[str] = Counter()
    bars = [_bar(frame.read(text), frame, told) for text in texts[: frame.bars]]
    if not any(bars):
        raise UserError("the model wrote nothing that can be played", "say it again, or in other words")
    if len(texts) > frame.bars:
        told[f"bars after the {frame.bars} of the clip left out"] += len(texts) - frame.bars
    if len(texts) < frame.bars:
        told["bars repeated to fill the clip"] += frame.bars - len(texts)
    notes = (
        note._replace(start_ticks=note.start_ticks + number * frame.bar_ticks)
        for number in range(frame.bars)
        for note in bars[number % len(bars)]
    )
    return tuple(notes), tuple(f"{what}: {count}" for what, count in told.items() if count)


def _bar(bar: Bar, frame: Frame, told: Counter[str]) -> list[Note]:
    """Return the notes of a bar within it, in range and key, no more than may be."""
    told["words that are no notes left out"] += len(bar.strange)
    told["bars of another length cut or filled with rests"] += bar.length_ticks != frame.bar_ticks
    inside = [note for note in bar.notes if note.start_ticks < frame.bar_ticks]
    ending = [note._replace(length_ticks=min(note.length_ticks, frame.bar_ticks - note.start_ticks)) for note in inside]
    placed: dict[tuple[int, int], Note] = {}
    for note in ending:
        pitch = _pitch(note.pitch, frame, told)
        placed.setdefault((note.start_ticks, pitch), note._replace(pitch=pitch))
    notes = list(placed.values())
    if len(notes) > frame.most:
        told["notes too many for the part left out"] += len(notes) - frame.most
        kept = sorted(notes, key=lambda note: (note.start_ticks % (4 * SIXTEENTH) != 0, -note.velocity))[: frame.most]
        notes = sorted(kept)
    return notes


def _pitch(pitch: int, frame: Frame, told: Counter[str]) -> int:
    if frame.key is None:
        return frame.low
    usable = register(frame.key, frame.low, frame.high)
    told["notes moved into the range"] += not frame.low <= pitch <= frame.high
    folded = usable.fold(pitch)
    told["notes moved into the key"] += not frame.key.contains(pitch)
    return usable.nearest(folded)
