"""What each bar of a tune does with those before it, in the words that are kept with its clip."""

from collections.abc import Collection, Sequence

from hardcore.compose.motif.rhythm import Onset

PHRASE_BARS = 4


def told_bars(bars: int, onsets: Sequence[Onset], positions: Sequence[int]) -> list[str]:
    """Return what each bar does with what was played before it, heard from the notes.

    statement, repetition, sequence (moved by so many scale steps), variation (its rhythm, another line), new, rest, and
    close for the last.
    """
    shapes = [
        [(onset.step, position) for onset, position in zip(onsets, positions, strict=True) if onset.bar == bar]
        for bar in range(bars)
    ]
    found = []
    for bar, shape in enumerate(shapes):
        earlier = [other for other in shapes[:bar] if other]
        found.append(_told(shape, earlier) if bar < bars - 1 or not shape or bars == 1 else "close")
    return found


def _told(shape: list[tuple[int, int]], earlier: list[list[tuple[int, int]]]) -> str:
    if not shape:
        return "rest"
    if not earlier:
        return "statement"
    if shape in earlier:
        return "repetition"
    same = [other for other in earlier if [step for step, _ in other] == [step for step, _ in shape]]
    for other in reversed(same):
        moves = {b - a for (_, a), (_, b) in zip(other, shape, strict=True)}
        if len(moves) == 1:
            return f"sequence {moves.pop():+d}"
    return "variation" if same else "new"


def told(row: Sequence[str]) -> str:
    """Return the names of a melody's bars in words: phrases parted by bars."""
    phrases = [row[start : start + PHRASE_BARS] for start in range(0, len(row), PHRASE_BARS)]
    return " | ".join(", ".join(phrase) for phrase in phrases)


def mixed(old: str, new: str, bars: Collection[int]) -> str:
    """Return what is told of a melody of which only some bars are new; the old one where they do not fit together."""
    before, after = (text.replace(" | ", ", ").split(", ") for text in (old, new))
    if len(before) != len(after) or len(after) < 2:
        return old or new
    return told([after[bar] if bar in bars else before[bar] for bar in range(len(after))])
