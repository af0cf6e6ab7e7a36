"""Sound that a model made, brought onto the grid: its tempo, its first beat, its length, its seam.

A model gives what was asked for only nearly. What is changed is small and said: nothing is padded with silence, and a
tempo that is far off is left as it is.
"""

import numpy as np

from hardcore.audio.attacks import attacks
from hardcore.audio.onsets import tempo
from hardcore.audio.samples import Audio

# A tempo is corrected that far; what is further off was not meant.
MOST_STRETCH = 0.12
# The first attack is moved that far at most, seconds.
MOST_SHIFT_S = 0.25
# The end of a loop is faded into what came before its beginning over so long, seconds.
SEAM_S = 0.03
# An attack is known to about a millisecond, and is not to be cut.
_BEFORE_S = 0.002
# Where nothing came before it, the end is faded out over so long.
_END_S = 0.005


def extra_s(bpm: float) -> float:
    """Return how much longer than its grid a take is asked for: room for a shift, a slower tempo and the seam."""
    return MOST_SHIFT_S + SEAM_S + 240 / bpm


def tempo_factor(audio: Audio, rate: int, bpm: float) -> tuple[float, float | None]:
    """Return how many times as fast a sound has to be for a tempo, 1 where it is not to be changed; and what is heard.

    Half and double time count as the tempo: a loop at 70 is in time at 140.
    """
    heard, trust = tempo(audio, rate)
    if not heard or trust <= 0:
        return 1.0, None
    near = min((heard * octave for octave in (0.5, 1.0, 2.0)), key=lambda value: abs(np.log(value / bpm)))
    factor = bpm / near
    return (float(factor) if abs(factor - 1) <= MOST_STRETCH else 1.0), float(near)


def first_attack_s(audio: Audio, rate: int) -> float:
    """Return just before when the first attack begins, seconds; 0 where it is further in than it may be moved."""
    found = attacks(audio[:, : round(2 * rate)], rate)
    first = max(0.0, found[0].seconds - _BEFORE_S) if found else 0.0
    return first if first <= MOST_SHIFT_S else 0.0


def cut(audio: Audio, rate: int, shift_s: float, frames: int, *, loop: bool) -> Audio:
    """Return exactly `frames` frames from `shift_s` on; of a loop the end leads into its beginning.

    audio  float32 [channels, frames]; what it lacks at its end is taken from its own beginning, never silence
    The attack at the beginning stays as it is: the end is faded into what came before it, or else shortly out.
    """
    start = round(shift_s * rate)
    kept = audio[:, start:]
    if kept.shape[1] < frames:
        kept = np.concatenate([kept] * (frames // max(1, kept.shape[1]) + 1), axis=1)
    made = kept[:, :frames].astype(np.float32, copy=True)
    before = audio[:, max(0, start - round(SEAM_S * rate)) : start]
    fade = min(before.shape[1], frames // 4) or min(round(_END_S * rate), frames // 4)
    if loop and fade:
        share = np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
        made[:, -fade:] *= share
        if before.shape[1]:
            made[:, -fade:] += before[:, -fade:] * np.sqrt(1 - share**2)
    return made
