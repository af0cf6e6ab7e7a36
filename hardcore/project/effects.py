"""The catalogue's effects: inserts on a track, group, return or the master.

`tail_s` is how long an effect rings at its defaults; `ringing_s` says it for any setting.
"""

from collections.abc import Mapping
from math import log

from hardcore.project.colour_effects import COLOUR_EFFECTS, in_family
from hardcore.project.device import Device, Parameter


def _mix(default: float) -> Parameter:
    return Parameter("mix", "percent", 0, 100, default, "lin", "processed against plain sound")


def _percent(id: str, default: float, help: str, high: float = 100) -> Parameter:
    return Parameter(id, "percent", 0, high, default, "lin", help)


def _db(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "db", low, high, default, "lin", help)


def _hz(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "hz", low, high, default, "exp", help)


def _s(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "s", low, high, default, "exp", help)


def _q(id: str) -> Parameter:
    return Parameter(id, "q", 0.2, 12, 1, "exp", "narrowness of the peak")


# The master's guard looks 1/400 s ahead.
GUARD_LOOK_AHEAD_HZ = 400

_RATIO = "dB over the threshold for each dB out"

_TONE = (
    Device(
        "filter", "filter", "24 dB/octave low-pass, high-pass or band-pass with an LFO",
        (
            Parameter("mode", "", 0, 2, 0, "int", "0 low-pass, 1 high-pass, 2 band-pass"),
            _hz("cutoff", 20, 18000, 18000, "frequency where it is 3 dB down"),
            _percent("resonance", 0, "peak at the cutoff"),
            _hz("lfo_rate", 0.02, 20, 0.25, "speed of the sweep"),
            Parameter("lfo_depth", "semitones", 0, 48, 0, "lin", "how far it sweeps"),
        ),
        tail_s=0.5,
    ),
    Device(
        "eq", "equaliser", "low shelf, two peaks, high shelf, low cut",
        (
            _hz("low_freq", 30, 1000, 120, "low shelf"), _db("low_gain", -24, 24, 0, "low shelf"),
            _hz("mid1_freq", 60, 8000, 400, "first peak"), _db("mid1_gain", -24, 24, 0, "first peak"), _q("mid1_q"),
            _hz("mid2_freq", 200, 16000, 2500, "second peak"), _db("mid2_gain", -24, 24, 0, "second peak"),
            _q("mid2_q"),
            _hz("high_freq", 1000, 16000, 8000, "high shelf"), _db("high_gain", -24, 24, 0, "high shelf"),
            _hz("low_cut", 20, 1000, 20, "12 dB/octave high-pass, off at 20 Hz"),
        ),
        tail_s=0.3,
    ),
    Device(
        "drive", "drive", "saturation: soft, hard or folded",
        (
            _db("drive", 0, 48, 12, "how hard it is driven"),
            Parameter("shape", "", 0, 2, 0, "int", "0 soft, 1 hard, 2 folded"),
            _hz("tone", 500, 18000, 12000, "low-pass after it"), _db("level", -24, 12, 0, "output level"), _mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "bitcrusher", "bit crusher", "fewer bits, lower sample rate",
        (
            Parameter("bits", "bits", 1, 16, 12, "lin", "resolution"),
            _hz("rate", 200, 24000, 12000, "sample rate; 24000 leaves it alone"), _mix(100),
        ),
        tail_s=0.05,
    ),
    Device(
        "width", "stereo width", "stereo width, and mono below a frequency",
        (
            _percent("width", 100, "0 mono, 100 as it is, 200 wide", 200),
            Parameter("mono_below", "hz", 0, 500, 0, "lin", "mono below this frequency; 0 for nowhere"),
        ),
        tail_s=0.1,
    ),
)  # fmt: skip

_MOVEMENT = (
    Device(
        "chorus", "chorus", "two modulated taps a side",
        (
            _hz("rate", 0.02, 10, 0.5, "speed"), Parameter("depth", "ms", 0, 5, 2, "lin", "swing of the delay"),
            Parameter("delay", "ms", 5, 30, 8, "lin", "middle of the delay"), _percent("width", 100, "stereo width"),
            _mix(50),
        ),
        tail_s=0.1,
    ),
    Device(
        "phaser", "phaser", "six swept all-pass stages",
        (
            _hz("rate", 0.02, 10, 0.3, "speed"), _percent("depth", 70, "how far it sweeps"),
            _hz("centre", 100, 6000, 800, "middle of the sweep"), _percent("feedback", 40, "sharpness"), _mix(100),
        ),
        tail_s=1.0,
    ),
)  # fmt: skip

_SPACES = (
    Device(
        "delay", "delay", "echoes that cross from side to side",
        (
            _s("time", 0.005, 2.5, 0.375, "time between echoes"),
            _percent("feedback", 40, "level of each next echo", 95),
            _hz("tone", 500, 16000, 5000, "each echo is darker"),
            _hz("low_cut", 20, 1000, 150, "each echo is thinner"),
            _percent("pingpong", 100, "0 stays on its side, 100 crosses"), _mix(30),
        ),
        tail_s=3.5,
    ),
    Device(
        "reverb", "reverb", "hall, room or plate",
        (
            _s("decay", 0.1, 15, 1.8, "time to fall 60 dB"), _percent("size", 60, "size of the room"),
            _hz("damp", 500, 16000, 6000, "high frequencies decay faster above this"),
            Parameter("predelay", "ms", 0, 250, 12, "lin", "silence before it"),
            _hz("low_cut", 20, 1000, 120, "no reverb below this"),
            _percent("modulation", 40, "movement of the tail"), _mix(25),
        ),
        tail_s=2.5,
    ),
)  # fmt: skip

_DYNAMICS = (
    Device(
        "compressor", "compressor", "feed-forward compressor with a soft knee",
        (
            _db("threshold", -60, 0, -18, "level where it starts"),
            Parameter("ratio", "ratio", 1, 20, 4, "exp", _RATIO),
            _s("attack", 0.0002, 0.2, 0.01, "time to turn down"), _s("release", 0.01, 2, 0.12, "time to come back"),
            _db("makeup", 0, 24, 0, "gain after it"), _mix(100),
        ),
        tail_s=0.05,
    ),
    Device(
        "sidechain", "side-chain compressor", "ducks while another track is loud",
        (
            _db("threshold", -60, 0, -30, "level of the other track where it starts"),
            Parameter("ratio", "ratio", 1, 20, 6, "exp", _RATIO),
            _s("attack", 0.0002, 0.2, 0.003, "time to turn down"),
            _s("release", 0.01, 2, 0.16, "time to come back"),
            _db("range", 0, 60, 18, "turns down at most this much"), _mix(100),
        ),
        side=True, tail_s=0.05,
    ),
    Device(
        "limiter", "limiter", "brick wall without delay",
        (
            _db("gain", 0, 24, 0, "gain into it"), _db("ceiling", -24, 0, -0.5, "nothing gets louder"),
            _s("release", 0.005, 1, 0.08, "time to come back"),
        ),
        tail_s=0.05,
    ),
)  # fmt: skip

EFFECTS: tuple[Device, ...] = (
    *in_family("tone", *_TONE), *in_family("movement", *_MOVEMENT), *in_family("spaces", *_SPACES),
    *in_family("dynamics", *_DYNAMICS), *COLOUR_EFFECTS,
)  # fmt: skip


def guard_latency_frames(rate: int) -> int:
    """Return by how many frames the master's guard delays at sample rate `rate`: twice its look-ahead, 5 ms."""
    return 2 * (rate // GUARD_LOOK_AHEAD_HZ)


def ringing_s(device: Device, values: Mapping[str, float]) -> float:
    """Return how long `device`, set to `values` (the rest at defaults), sounds after its input or key ends, seconds.

    Effects: until 60 dB down. Instruments with a release: until silent.
    """
    setting = {parameter.id: parameter.default for parameter in device.parameters} | dict(values)
    if device.id in ("delay", "tape_delay"):
        echoes = 1 + log(0.001) / log(max(0.001, setting["feedback"] / 100))
        return setting["time"] * echoes + 0.05
    if device.id in ("spring", "resonator"):
        return setting["decay"] + 0.4
    if device.id == "reverb":
        return setting["decay"] + setting["predelay"] / 1000 + 0.3
    if "release" in setting and device.roles:
        return min(device.tail_s, setting["release"] + 0.1)
    return device.tail_s
