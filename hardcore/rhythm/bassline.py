"""A bass line that listens to the drums: a figure of one bar that fits them, kept up, and turned at the end of phrases.

    drums = drums_of(perform(rhythm("warehouse"), bars=4))
    bassline(drums, Key.parse("F minor"), "rolling_ostinato", seed=7)

The same drums, key, mode, density and seed give the same line in any process.
"""

from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ
from hardcore.rhythm.bass_check import at_step, repaired
from hardcore.rhythm.bass_modes import MODES, BassMode, mode_name
from hardcore.rhythm.bass_score import counts, free_steps, worth
from hardcore.rhythm.drums import Drums, weight
from hardcore.rhythm.tone import Compass, Line, Tone, chance, chosen, picked

PHRASE_BARS = 4
# Semitones of the ground above the tonic in each bar of a phrase, with weights: most stay, some leave at the end.
_GROUNDS: dict[str, tuple[tuple[tuple[int, ...], float], ...]] = {
    "sub_anchor": (((0, 7, 0, 7), 3), ((0, 0, 0, 7), 3), ((0, 0, 8, 10), 2), ((0, 0, 0, 10), 2)),
    "root_fifth": (((0, 0, 0, 0), 2), ((0, 0, 5, 7), 3), ((0, 0, 8, 10), 3), ((0, 0, 0, 10), 2)),
    "rolling_ostinato": (((0, 0, 0, 0), 7), ((0, 0, 0, 10), 2), ((0, 0, 0, 3), 1)),
    "pocket_groove": (((0, 0, 0, 0), 4), ((0, 0, 0, 5), 2), ((0, 0, 3, 5), 1), ((0, 0, 0, 10), 2)),
    "offbeat_stabs": (((0, 0, 0, 0), 4), ((0, 0, 8, 10), 3), ((0, 0, 0, 3), 2)),
    "leadish": (((0, 0, 0, 0), 1),),
}
_MOVES = ((1, 5), (-1, 5), (2, 3), (-2, 3), (0, 2), (3, 1), (4, 1), (-4, 1))


def bassline(drums: Drums, key: Key, mode: str, *, seed: int, density: float | None = None) -> Line:
    """Return a line of one voice over the drums' bars, valid by `bass_check.faults`.

    density   share of the steps on which a note starts, 0–1; the mode's limits hold, its usual one unless given
    Raises UserError for a mode that does not exist.
    """
    name = mode_name(mode)
    if density is not None and not 0 <= density <= 1:
        raise UserError(f"a density of {density:g} is out of range", "0 to 1")
    player = _Player(drums, key, name, seed, density)
    tones = [tone for bar in range(drums.bars) for tone in player.bar(bar)]
    return repaired(tones, drums, MODES[name], key)


class _Player:
    """All that the playing of a line needs."""

    def __init__(self, drums: Drums, key: Key, name: str, seed: int, density: float | None) -> None:
        self.drums, self.name, self.seed, self.density = drums, name, seed, density
        self.mode: BassMode = MODES[name]
        self.compass = Compass(key, self.mode.low, self.mode.high)
        grounds = _GROUNDS[name]
        self.ground = grounds[picked([(i, part) for i, (_, part) in enumerate(grounds)], self.chance("ground"))][0]

    def chance(self, *words: str | int) -> float:
        return chance(self.seed, "bass", self.name, *words)

    def bar(self, bar: int) -> list[Tone]:
        """Return the notes of a bar, as long as they would like to be."""
        steps = self._steps(bar)
        if self.name == "leadish":
            pitches = self._tune(bar, len(steps))
        else:
            pitches = [self._pitch(bar, step, first=place == 0) for place, step in enumerate(steps)]
            if self._turns(bar) and len(steps) > 2 and self.chance("turn", bar) < 0.6:
                way = 1 if self.chance("way", bar) < 0.5 else -1
                pitches[-1] = self.compass.step(self.compass.degree(0, self.mode.low), way)
        length = round(self.mode.gate * self.drums.step_ticks) or self.drums.bar_ticks
        made = []
        for step, pitch in zip(steps, pitches, strict=True):
            tone = Tone(0, length, pitch, self._velocity(bar, step))
            made.append(at_step(tone, self.drums, bar, step))
        return made

    def _turns(self, bar: int) -> bool:
        """Return whether a phrase ends with the bar."""
        return self.drums.bars > 1 and (bar % PHRASE_BARS == PHRASE_BARS - 1 or bar == self.drums.bars - 1)

    def _steps(self, bar: int) -> tuple[int, ...]:
        """Return the steps of the bar's figure: those that fit the drums, leaning the same way in every bar."""
        drums, mode = self.drums, self.mode
        low, high = counts(drums, mode, bar)
        share = mode.usual / 16 if self.density is None else self.density
        wanted = round(share * drums.bar_ticks / (PPQ // 4))
        return chosen(
            {step: worth(drums, mode, bar, step) + self._leaning(bar, step) for step in free_steps(drums, mode, bar)},
            min(max(wanted, low), high),
            mode.spacing,
            mode.reach,
        )

    def _leaning(self, bar: int, step: int) -> float:
        """Return how much this seed likes a step: the same in every bar, but for the last beat of a phrase."""
        drums, beat = self.drums, PPQ // self.drums.step_ticks
        within = 0.6 * self.chance("beat", step % beat) if self.name == "rolling_ostinato" else 0.0
        leaning = within + 0.5 * self.chance("step", step)
        if self._turns(bar) and step >= drums.steps - beat:
            leaning += 0.7 * self.chance("end", bar, step)
        if self.name == "sub_anchor":
            tick = drums.played(bar, step)
            leaning += 0.3 * min(8.0, (drums.next_kick(tick) - tick) / drums.step_ticks)
        return leaning

    def _pitch(self, bar: int, step: int, *, first: bool) -> int:
        """Return the pitch on a step over the bar's ground; the bar's first note is the ground itself."""
        ground = self.ground[bar % PHRASE_BARS]
        tone = 0 if first else picked(self.mode.tones, self.chance("tone", step))
        return self.compass.degree(ground + tone, self.mode.low)

    def _tune(self, bar: int, count: int) -> list[int]:
        """Return a bar of the tune: the theme, its ending changed, the theme, its mirror that comes home."""
        place = bar % PHRASE_BARS
        at = self.compass.degree(12 if self.chance("start") < 0.5 else 7, self.mode.low)
        pitches = []
        for number in range(count):
            pitches.append(at)
            changed = place == 1 and number >= count - 3
            move = picked(_MOVES, self.chance("move", number, place if changed else 0))
            at = self.compass.step(at, -move if place == 3 else move)
        if count and self._turns(bar):
            pitches[-1] = self.compass.degree(12, self.mode.low)
        return pitches

    def _velocity(self, bar: int, step: int) -> int:
        """Return how hard: by the step's strength, more beside the backbeat, and a little by chance."""
        drums = self.drums
        strength = weight(step * drums.step_ticks)
        velocity = 84 + 22 * strength + 6 * self.chance("velocity", bar, step)
        if drums.heard("clap", drums.played(bar, step), drums.step_ticks * 3 // 2):
            velocity += 5
        return round(min(velocity, 124))
