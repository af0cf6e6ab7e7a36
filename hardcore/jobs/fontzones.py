"""SoundFont zones as ours: generators in timecents, centibels and tenths of a percent as seconds, dB and −1 to 1."""

from collections import Counter

from hardcore.audio.soundfont import DEFAULTS, FontSample, FontZone
from hardcore.project.multisample import LONGEST_S, SHORTEST_LOOP, Mode, Zone
from hardcore.project.recording import Recording

# Sound cards of the time weakened by 0.4 of what a file said, and files are made for that.
_ATTENUATION = 0.4
_MODES: dict[int, Mode] = {1: "loop", 3: "sustain"}
_FINE = {0: 4, 1: 12, 2: 45, 3: 50}  # addresses in frames, and the same in steps of 32768
_READ = {0, 1, 2, 3, 4, 12, 45, 50, 17, 33, 34, 35, 36, 38, 37, 43, 44, 46, 47, 48, 51, 52, 53, 54, 56, 57, 58}
_NAMES = {
    5: "modulation LFO", 6: "vibrato LFO", 7: "modulation envelope", 8: "filter", 9: "filter resonance",
    10: "filter LFO", 11: "filter envelope", 13: "tremolo", 15: "chorus send", 16: "reverb send",
    39: "envelope by key", 40: "envelope by key",
}  # fmt: skip
# Where these stand, they do nothing.
_IDLE = {8: 13500, 21: -12000, 23: -12000, 25: -12000, 26: -12000, 27: -12000, 28: -12000, 30: -12000}
_DEPTHS = {5, 6, 7, 8, 9, 10, 11, 13, 15, 16, 39, 40}


def zone_of(font: FontZone, recording: Recording, unknown: Counter[str]) -> Zone | None:
    """Return a zone of a SoundFont as ours, None when nothing of it is left; `unknown` counts what is not heard."""
    said = font.generators
    for which, value in said.items():
        if which in _DEPTHS and value != _IDLE.get(which, 0):
            unknown[_NAMES[which]] += 1
    sample = font.sample
    start = max(0, _address(said, 0))
    end = min(sample.frames, sample.frames + _address(said, 1))
    if end - start < SHORTEST_LOOP:
        return None
    root = said.get(58, -1) if 0 <= said.get(58, -1) <= 127 else sample.root_key
    tune = 100 * said.get(51, 0) + said.get(52, 0) + sample.correction_cents
    return Zone(
        recording=recording, low_key=font.keys[0], high_key=font.keys[1], low_velocity=font.velocities[0],
        high_velocity=font.velocities[1], root_key=root, tune_cents=max(-12_700, min(12_700, tune)),
        tracking_cents=max(0, min(1200, said.get(56, DEFAULTS[56]))),
        gain_db=max(-96.0, -max(0, said.get(48, 0)) / 10 * _ATTENUATION), pan=max(-1, min(1, said.get(17, 0) / 500)),
        start=start, end=0 if end == sample.frames else end, **_loop(said, sample, start, end), **_envelope(said),
        group=max(0, said.get(57, 0)), off_by=max(0, said.get(57, 0)),
    )  # fmt: skip


def _address(said: dict[int, int], which: int) -> int:
    return said.get(which, 0) + 32768 * said.get(_FINE[which], 0)


def _loop(said: dict[int, int], sample: FontSample, start: int, end: int) -> dict[str, object]:
    mode = _MODES.get(said.get(54, 0) & 3)
    first = max(start, sample.loop_start + _address(said, 2))
    last = min(end, sample.loop_end + _address(said, 3))
    if mode is None or last - first < SHORTEST_LOOP:
        return {}
    return {"mode": mode, "loop_start": first, "loop_end": last}


def _envelope(said: dict[int, int]) -> dict[str, float]:
    def seconds(which: int) -> float:
        timecents = max(-12_000, min(8000, said.get(which, DEFAULTS[which])))
        return min(LONGEST_S, float(2.0 ** (timecents / 1200))) if timecents > -12_000 else 0.0

    sustain = 10 ** (-max(0, min(1440, said.get(37, 0))) / 200)
    return {
        "attack_s": max(0.001, seconds(33) + seconds(34)), "hold_s": seconds(35), "decay_s": seconds(36),
        "sustain": round(sustain, 6), "release_s": max(0.005, seconds(38)),
    }  # fmt: skip
