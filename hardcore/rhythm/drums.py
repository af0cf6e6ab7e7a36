"""The drums as a bass player hears them: where kick, hats and backbeat sound, what is loud, how much they swing."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean, median_low
from typing import TYPE_CHECKING, Literal, NamedTuple

from hardcore.music.ticks import PPQ, SIXTEENTH

if TYPE_CHECKING:
    from hardcore.rhythm.session import Performance

Family = Literal["kick", "hat", "clap"]
FAMILY: dict[str, Family] = {
    "kick": "kick", "snare": "clap", "clap": "clap", "rim": "clap",
    "hat_closed": "hat", "hat_open": "hat", "ride": "hat", "shaker": "hat",
}  # fmt: skip
# They keep time: their louder hits stand in nobody's way.
QUIET = ("hat_closed", "hat_open", "ride", "shaker")
# General MIDI's drum notes, for hits that say no role.
ROLE_OF_NOTE: dict[int, str] = {
    35: "kick", 36: "kick", 37: "rim", 38: "snare", 39: "clap", 40: "snare", 42: "hat_closed", 44: "hat_closed",
    46: "hat_open", 51: "ride", 53: "ride", 59: "ride", 69: "shaker", 70: "shaker", 82: "shaker",
}  # fmt: skip
# A hit so much louder than its part's mean is an accent; of the backbeat all but the ghosts are.
_LOUD, _BACKBEAT = 1.1, 0.9


class DrumHit(NamedTuple):
    """A hit: the tick at which it sounds, from the start of the bars, and how hard, 1–127."""

    tick: int
    velocity: int = 100


@dataclass(frozen=True, slots=True)
class Drums:
    """What is heard over `bars` bars that repeat: rising ticks of each family, the accents, and the swing.

    late   ticks that every second step lies behind its place, 0 when straight
    """

    bar_ticks: int
    bars: int
    kick: tuple[int, ...] = ()
    hat: tuple[int, ...] = ()
    clap: tuple[int, ...] = ()
    accents: tuple[int, ...] = ()
    late: int = 0

    @property
    def step_ticks(self) -> int:
        """Return the ticks of a step: a sixteenth where bars are made of them, else half of one."""
        return SIXTEENTH if self.bar_ticks % SIXTEENTH == 0 else SIXTEENTH // 2

    @property
    def steps(self) -> int:
        """Return the steps of a bar."""
        return self.bar_ticks // self.step_ticks

    @property
    def length_ticks(self) -> int:
        """Return the ticks of all bars."""
        return self.bars * self.bar_ticks

    def offset(self, step: int) -> int:
        """Return how late a step of the bar is played, in ticks."""
        return self.late if step % 2 else 0

    def played(self, bar: int, step: int) -> int:
        """Return the tick at which a step is played, swing included."""
        return bar * self.bar_ticks + step * self.step_ticks + self.offset(step)

    def heard(self, family: Family, tick: int, within: int) -> bool:
        """Return whether the family sounds less than `within` ticks from `tick`, round the loop."""
        return _near(getattr(self, family), tick, within, self.length_ticks)

    def accented(self, tick: int, within: int) -> bool:
        """Return whether an accent sounds less than `within` ticks from `tick`, round the loop."""
        return _near(self.accents, tick, within, self.length_ticks)

    def next_kick(self, tick: int) -> int:
        """Return the tick of the first kick after `tick`, round the loop; without kicks, one loop on."""
        if not self.kick:
            return tick + self.length_ticks
        place = bisect_right(self.kick, tick)
        return self.kick[place] if place < len(self.kick) else self.kick[0] + self.length_ticks


def _near(ticks: tuple[int, ...], tick: int, within: int, length: int) -> bool:
    if not ticks:
        return False
    place = bisect_left(ticks, tick)
    before = ticks[place - 1] - (length if place == 0 else 0)
    after = ticks[place] if place < len(ticks) else ticks[0] + length
    return min(tick - before, after - tick) < within


def listen(parts: Mapping[str, Iterable[DrumHit]], bar_ticks: int, bars: int) -> Drums:
    """Return what is heard of the hits of each role over `bars` bars of `bar_ticks` ticks.

    Hits outside the bars are left out; roles other than those of FAMILY count for their accents only.
    """
    length = bar_ticks * bars
    found: dict[str, set[int]] = {"kick": set(), "hat": set(), "clap": set()}
    accents: set[int] = set()
    for role, hits in parts.items():
        inside = [hit for hit in hits if 0 <= hit.tick < length]
        if family := FAMILY.get(role):
            found[family] |= {hit.tick for hit in inside}
        mean = fmean(hit.velocity for hit in inside) if inside else 0
        if role not in QUIET:
            least = mean * (_BACKBEAT if FAMILY.get(role) == "clap" else _LOUD)
            accents |= {hit.tick for hit in inside if hit.velocity >= least}
    kick, hat, clap, loud = (tuple(sorted(ticks)) for ticks in (*found.values(), accents))
    straight = Drums(bar_ticks, bars)
    return Drums(bar_ticks, bars, kick, hat, clap, loud, _late(found["hat"] or found["clap"], straight))


def _late(ticks: set[int], grid: Drums) -> int:
    """Return how late the second step of every two is played: the median of the hits that stand on one.

    Swing law as everywhere: at most half a step (75 percent); early hits are pushes and no swing.
    """
    step = grid.step_ticks
    away = [tick % grid.bar_ticks % (2 * step) - step for tick in sorted(ticks)]
    off = [late for late in away if -step // 4 <= late <= step // 2]
    return max(0, median_low(off)) if off else 0


def looped(hits: Iterable[DrumHit], clip_ticks: int, length_ticks: int) -> list[DrumHit]:
    """Return the hits of a loop of `clip_ticks` repeated, or cut, to `length_ticks`."""
    inside = [hit for hit in hits if hit.tick < clip_ticks]
    turns = -(-length_ticks // clip_ticks)
    every = (hit._replace(tick=turn * clip_ticks + hit.tick) for turn in range(turns) for hit in inside)
    return [hit for hit in every if hit.tick < length_ticks]


def drums_of(play: "Performance") -> Drums:
    """Return what is heard of a performance of the drum engine."""
    parts: dict[str, list[DrumHit]] = {}
    for number, layer in enumerate(play.rhythm.layers.values()):
        role = layer.role or ROLE_OF_NOTE.get(layer.note, "perc")
        hits = parts.setdefault(role, [])
        hits += [DrumHit(note.start_ticks, note.velocity) for note in play.notes.of_layer(number)]
    return listen(parts, play.rhythm.bar_ticks, play.bars)


def weight(tick_in_bar: int) -> float:
    """Return how strong a place of the bar is: 1 on beats, 0.7 halfway between them, 0.4 elsewhere.

    The tiers of `masks.step_weights`, after Longuet-Higgins and Lee (1984).
    """
    place = tick_in_bar % PPQ
    return 1.0 if place == 0 else 0.7 if place == PPQ // 2 else 0.4
