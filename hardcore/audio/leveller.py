"""A sound brought to a loudness under a ceiling: amplified, limited where it must be, and what that cost."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from hardcore.audio.limiter import Decibels, attenuation_db, limited, peaks_db
from hardcore.audio.loudness import Loudness, integrated_lufs, true_peak_dbtp
from hardcore.audio.samples import Audio, mean_square, scaled

# more than this would be another sound
MOST_LIMITED_DB = 12.0
_MOST_STEPS = 8
_NEAR_DB = 0.03
# how far a written file may be off before it is written again
_OFF_DB, _OVER_DB = 0.1, 0.01


@dataclass(frozen=True, slots=True)
class Goal:
    """What a sound is to come to: its level, LUFS or dBFS of mean power, None to leave it; its highest true peak."""

    ceiling_dbtp: float
    level_db: float | None = None
    measure: Literal["lufs", "rms"] = "lufs"

    def level(self, loudness: Loudness) -> float | None:
        """Return the level that counts of what was measured."""
        return loudness.integrated_lufs if self.measure == "lufs" else loudness.rms_dbfs


@dataclass(frozen=True, slots=True)
class Levelled:
    """What was done: amplified by so much, turned down by so much at most; whether the level was in reach."""

    gain_db: float
    limited_db: float = 0.0
    in_reach: bool = True


class Leveller:
    """Brings `audio` [channels, frames] to a goal, as often as what is read back says it missed.

    Without a level, and where there is none (silence, under 400 ms), it only turns the whole down to the ceiling.
    `done` says what `sound` did.
    """

    def __init__(self, audio: Audio, rate: int, goal: Goal, *, loop: bool = False) -> None:
        self.goal, self.done = goal, Levelled(0.0)
        self._audio, self._rate, self._loop = audio, rate, loop
        # what is aimed at: apart from the goal by what the format makes of it
        self._ceiling_db, self._level_db = goal.ceiling_dbtp, goal.level_db

    def sound(self) -> Audio:
        """Return the sound at its level."""
        begun = None if self._level_db is None else self._begun
        if self._level_db is None or begun is None:
            down_db = max(0.0, (self._peak_db or -math.inf) - self._ceiling_db)
            self.done = Levelled(-down_db)
            return scaled(self._audio, 10 ** (-down_db / 20)) if down_db else self._audio
        return self._searched(self._level_db, self._level_db - begun)

    def missed(self, loudness: Loudness) -> bool:
        """Return whether the file that was measured is to be written anew; `sound` then aims better."""
        peak_db, level_db = loudness.true_peak_dbtp, self.goal.level(loudness)
        over_db = 0.0 if peak_db is None else peak_db - self.goal.ceiling_dbtp
        if over_db > _OVER_DB:
            self._ceiling_db -= over_db
        off_db = 0.0
        if self._level_db is not None and level_db is not None and self.goal.level_db is not None:
            off_db = self.goal.level_db - level_db
            # what is out of reach is not tried again
            off_db = off_db if self.done.in_reach and abs(off_db) > _OFF_DB else 0.0
            self._level_db += off_db
        return over_db > _OVER_DB or off_db != 0.0

    def _searched(self, level_db: float, gain_db: float) -> Audio:
        """Return the sound amplified until what the limiter leaves of it is at a level, as far as it may go."""
        most_db = self._ceiling_db + MOST_LIMITED_DB - float(self._peaks.max())
        # how much louder it gets per dB of gain: less and less, the more is limited
        before, slope = (0.0, 0.0), 1.0
        for step in range(_MOST_STEPS):
            gain_db = min(gain_db, most_db)
            down = attenuation_db(self._peaks, gain_db - self._ceiling_db, self._rate, loop=self._loop)
            sound = limited(self._audio, gain_db, down)
            level = self._level_of(sound)
            off_db = 0.0 if level is None else level_db - level
            in_reach = abs(off_db) <= _OFF_DB or gain_db < most_db
            self.done = Levelled(gain_db, float(down.max()), in_reach)
            if abs(off_db) <= _NEAR_DB or not in_reach:
                break
            if step and level is not None and gain_db != before[0]:
                slope = min(1.0, max(0.1, (level - before[1]) / (gain_db - before[0])))
            before = (gain_db, level_db - off_db)
            gain_db += off_db / slope
        return sound

    def _level_of(self, sound: Audio) -> float | None:
        if self.goal.measure == "lufs":
            return integrated_lufs(sound, self._rate)
        power = mean_square(sound)
        return 10 * math.log10(power) if power else None

    @property
    def crest_db(self) -> float | None:
        """Return how far the true peak stood above the mean power before, dB; None in silence."""
        power = mean_square(self._audio)
        return self._peak_db - 10 * math.log10(power) if self._peak_db is not None and power else None

    @cached_property
    def _begun(self) -> float | None:
        return self._level_of(self._audio)

    @cached_property
    def _peak_db(self) -> float | None:
        return true_peak_dbtp(self._audio, self._rate)

    @cached_property
    def _peaks(self) -> Decibels:
        return peaks_db(self._audio, self._rate)
