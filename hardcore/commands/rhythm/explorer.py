"""Variations of a rhythm, one after another, each heard at once in place of the drums that play.

What is heard is a layer over the project; only what is kept becomes a step. A screen may bind its keys to `rhythm
explore next`, `back`, `near`, `far`, `keep` and `leave`, and draw `explorer.view()`; `studio.recall(Explorer)` is None
when nothing is tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hardcore.commands.core.results import Result, align
from hardcore.commands.rhythm.clips import made_from, notes_of
from hardcore.commands.rhythm.kit import DrumKit
from hardcore.controller.hearing import Hearing
from hardcore.controller.playingports import Player
from hardcore.project.clip import Provenance

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm
    from hardcore.rhythm.session import Performance

LAYER = "rhythm explore"
FIGURES = ("E", "S", "H", "D", "T_ms")
# Bars the figures are means of; percent that a step near or far is, and the least and most.
LISTENED, STEP, NEAREST, FARTHEST = 32, 10, 5, 100


class Tried(NamedTuple):
    """One variation: the rhythm, the bars of it that are heard, how they look, and its figures."""

    rhythm: "Rhythm"
    play: "Performance"
    drawn: Mapping[str, str]
    figures: Mapping[str, float]


class Variation(Result):
    """A variation beside the rhythm it varies: a bar of each layer of both, and the figures of both."""

    rhythm: str
    number: int
    distance: int
    bars: tuple[tuple[str, str, str], ...]
    figures: dict[str, tuple[float, float]]

    def text(self) -> str:
        """Return what it is, a line a layer with both bars, and the figures."""
        what = f"variation {self.number} at {self.distance} %" if self.number else "as it is"
        rows = [(name, was, now, "" if was == now else "*") for name, was, now in self.bars]
        return "\n".join([f"{self.rhythm}: {what}", *(f"  {line}" for line in align(rows)), self.told()])

    def told(self) -> str:
        """Return the figures of the rhythm and of the variation, in one line."""
        return ", ".join(f"{name} {was:.3g} → {now:.3g}" for name, (was, now) in self.figures.items())


@dataclass(slots=True)
class Explorer:
    """A cursor over the variations of a rhythm: `number` 0 is the rhythm itself, `distance` in percent.

    launched  what plays since and what did before, by track: for leaving
    woke      whether nothing played before
    """

    base: "Rhythm"
    title: str
    kit: DrumKit
    bars: int
    seed: int
    version: str
    number: int = 0
    distance: int = 25
    launched: dict[str, str | None] = field(default_factory=dict)
    woke: bool = False
    _known: dict[tuple[int, int], Tried] = field(default_factory=dict)

    @property
    def tried(self) -> Tried:
        """Return what is heard now."""
        return self._tried(self.number, self.distance)

    def _tried(self, number: int, distance: int) -> Tried:
        place = (number, distance if number else 0)
        if place not in self._known:
            self._known[place] = tried(self.base, *place, self.seed, self.bars)
        return self._known[place]

    def move(self, by: int) -> None:
        """Go on to another variation; the first is the rhythm itself."""
        self.number = max(0, self.number + by)

    def widen(self, percent: int) -> None:
        """Vary more, or less when negative, in the same direction."""
        self.distance = min(FARTHEST, max(NEAREST, self.distance + percent))

    def hear(self, hearing: Hearing) -> None:
        """Let the variation be heard, from now on."""
        now = self.tried
        parts = {name: notes_of(now.play.notes.of_layer(place)) for place, name in enumerate(now.play.rhythm.layers)}
        self.kit = self.kit.filled(parts, self._about)
        hearing.lay(LAYER, self.kit.on)

    def begin(self, hearing: Hearing, player: Player) -> None:
        """Let the variation be heard, and launch what does not play."""
        self.hear(hearing)
        state = player.state()
        self.woke = not state.playing
        new = self.kit.silent(state)
        self.launched = {track: state.clips[track].clip if track in state.clips else None for track in new}
        if new:
            player.launch(new, "1")
        if self.woke:
            player.play()

    def leave(self, hearing: Hearing, player: Player) -> None:
        """Let everything be heard as it was."""
        hearing.lift(LAYER)
        clips = {track.id: {clip.id for clip in track.clips} for track in hearing.project.tracks}
        before = {
            track: clip if clip in clips[track] else None for track, clip in self.launched.items() if track in clips
        }
        if before:
            player.launch(before, "none" if self.woke else "1")
        if self.woke:
            player.stop()

    def view(self) -> Variation:
        """Return the variation beside the rhythm."""
        was, now = self._tried(0, 0), self.tried
        return Variation(
            rhythm=self.title,
            number=self.number,
            distance=self.distance,
            bars=tuple((name, was.drawn.get(name, ""), bar) for name, bar in now.drawn.items()),
            figures={name: (was.figures[name], now.figures[name]) for name in FIGURES},
        )

    def _about(self, layer: str) -> Provenance:
        more = {"variation": str(self.number), "distance": f"{self.distance} %"} if self.number else {}
        return made_from(self.tried.rhythm, self.seed, self.bars, self.title, layer, self.version, **more)


def tried(base: "Rhythm", number: int, distance: int, seed: int, bars: int) -> Tried:
    """Return a variation of the rhythm: its draws are those of `seed` + `number`; 0 is the rhythm itself."""
    from hardcore.rhythm.breeding import vary
    from hardcore.rhythm.grid import drawn
    from hardcore.rhythm.log import summary
    from hardcore.rhythm.session import perform

    rhythm = vary(base, distance / 100, seed + number) if number else base
    play = perform(rhythm, bars=bars, seed=seed, bpm=base.bpm)
    figures = summary(perform(rhythm, bars=LISTENED, seed=seed, bpm=base.bpm))
    return Tried(rhythm, play, dict(drawn(play, 1)), {name: round(figures[name], 4) for name in FIGURES})
