"""Form: the phrases of a tune, which bar is like which, and how each phrase closes."""

from collections.abc import Mapping
from random import Random
from typing import Literal, NamedTuple

from hardcore.compose.motif.phrase import choose
from hardcore.knowledge.melodic import TuneForm

Close = Literal["open", "half", "full"]
GROUP_BARS = 8
# how surely a phrase's first, inner and last bars follow those they are like, and a last bar that closes no other way
_HEAD, _BODY, _TAIL, _SAME_TAIL = 0.92, 0.65, 0.12, 0.8
# phrases as (bars, number of the phrase it is like, close); a like phrase may lie on other steps
_SHAPES: dict[TuneForm, tuple[tuple[int, int | None, Close], ...]] = {
    "period": ((4, None, "half"), (4, 0, "full")),
    "sentence": ((2, None, "open"), (2, 0, "half"), (4, None, "full")),
    "bar": ((2, None, "open"), (2, 0, "half"), (2, None, "open"), (2, 0, "full")),
    "riff": ((2, None, "open"), (2, 0, "open"), (2, 0, "half"), (2, 0, "full")),
}


class Phrase(NamedTuple):
    """Some bars of a tune, the first bar of those they are like (None: of none), the steps they lie away, the close."""

    first: int
    bars: int
    like: int | None
    move: int
    close: Close

    @property
    def end(self) -> int:
        """Return the bar after the last."""
        return self.first + self.bars


class BarForm(NamedTuple):
    """What a bar is to follow: a bar (None: nothing), how surely, and the steps it lies away from it."""

    like: int | None
    surely: float
    move: int


def phrases(bars: int, forms: Mapping[TuneForm, float], rng: Random) -> tuple[Phrase, ...]:
    """Return the phrases of a tune: groups of eight bars in one form, later groups like the first; a shorter rest."""
    form = choose(dict(forms), rng)
    found: list[Phrase] = []
    for group in range(0, bars, GROUP_BARS):
        left = min(bars - group, GROUP_BARS)
        shape = _SHAPES[form] if left == GROUP_BARS else _shorter(left)
        starts: list[int] = []
        at = group
        for length, like, close in shape:
            partner = starts[like] if like is not None else group % 16 if group and not starts else None
            moved = like is not None and form in ("sentence", "riff") and close != "full" and rng.random() < 0.45
            move = rng.choice((1, -1, 2, -1)) if moved else 0
            starts.append(at)
            last = at + length == bars
            found.append(Phrase(at, length, partner if partner != at else None, move, "full" if last else close))
            at += length
    return tuple(found)


def _shorter(bars: int) -> tuple[tuple[int, int | None, Close], ...]:
    """Return the phrases of fewer bars than a group."""
    if bars < 4:
        return ((bars, None, "full"),)
    second = bars - bars // 2
    return ((bars // 2, None, "half"), (second, 0, "full"))


def bar_forms(row: tuple[Phrase, ...]) -> list[BarForm]:
    """Return what each bar follows: a like phrase's head surely, its end hardly where it closes its own way."""
    found: list[BarForm] = []
    closes = {phrase.first: phrase.close for phrase in row}
    for phrase in row:
        for place in range(phrase.bars):
            inside = phrase.like is not None and phrase.like + place < phrase.first
            last = place == phrase.bars - 1 and phrase.bars > 1
            tail = _SAME_TAIL if phrase.close == "open" == closes.get(phrase.like or 0) else _TAIL
            surely = tail if last else _HEAD if place == 0 else _BODY
            like = phrase.like + place if inside and phrase.like is not None else None
            found.append(BarForm(like, surely, phrase.move))
    return found
