"""The catalogue's effects: inserts on a track, group, return or the master.

`tail_s` is how long an effect rings at its defaults; `ringing_s` says it for any setting.
"""

from collections.abc import Mapping
from math import log

from hardcore.project.colour_effects import COLOUR_EFFECTS, in_family
from hardcore.project.device import Device, Parameter
from hardcore.project.parameters import db, hz, mix, percent, sec


def _q(id: str) -> Parameter:
    return Parameter(id, "q", 0.2, 12, 1, "exp", "narrowness of the peak")


# The master's guard looks 1/400 s ahead, and eight samples more to see what is between the samples.
GUARD_LOOK_AHEAD_HZ = 400
GUARD_PEAK_FRAMES = 8

_RATIO = "dB over the threshold for each dB out"

_TONE = (
    Device(
        "filter", "filter", "24 dB/octave low-pass, high-pass or band-pass with an LFO",
        (
            Parameter("mode", "", 0, 2, 0, "int", "0 low-pass, 1 high-pass, 2 band-pass"),
            hz("cutoff", 20, 18000, 18000, "frequency where it is 3 dB down"),
            percent("resonance", 0, "peak at the cutoff"),
            hz("lfo_rate", 0.02, 20, 0.25, "speed of the sweep"),
            Parameter("lfo_depth", "semitones", 0, 48, 0, "lin", "how far it sweeps"),
        ),
        tail_s=0.5,
    ),
    Device(
        "eq", "equaliser", "low shelf, two peaks, high shelf, low cut",
        (
            hz("low_freq", 30, 1000, 120, "low shelf"), db("low_gain", -24, 24, 0, "low shelf"),
            hz("mid1_freq", 60, 8000, 400, "first peak"), db("mid1_gain", -24, 24, 0, "first peak"), _q("mid1_q"),
            hz("mid2_freq", 200, 16000, 2500, "second peak"), db("mid2_gain", -24, 24, 0, "second peak"),
            _q("mid2_q"),
            hz("high_freq", 1000, 16000, 8000, "high shelf"), db("high_gain", -24, 24, 0, "high shelf"),
            hz("low_cut", 20, 1000, 20, "12 dB/octave high-pass, off at 20 Hz"),
        ),
        tail_s=0.3,
    ),
    Device(
        "drive", "drive", "saturation: soft, hard or folded",
        (
            db("drive", 0, 48, 12, "how hard it is driven"),
            Parameter("shape", "", 0, 2, 0, "int", "0 soft, 1 hard, 2 folded"),
            hz("tone", 500, 18000, 12000, "low-pass after it"), db("level", -24, 12, 0, "output level"), mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "bitcrusher", "bit crusher", "fewer bits, lower sample rate",
        (
            Parameter("bits", "bits", 1, 16, 12, "lin", "resolution"),
            hz("rate", 200, 24000, 12000, "sample rate; 24000 leaves it alone"), mix(100),
        ),
        tail_s=0.05,
    ),
    Device(
        "width", "stereo width", "stereo width, and mono below a frequency",
        (
            percent("width", 100, "0 mono, 100 as it is, 200 wide", 200),
            Parameter("mono_below", "hz", 0, 500, 0, "lin", "mono below this frequency; 0 for nowhere"),
        ),
        tail_s=0.1,
    ),
)  # fmt: skip

_MOVEMENT = (
    Device(
        "chorus", "chorus", "two modulated taps a side",
        (
            hz("rate", 0.02, 10, 0.5, "speed"), Parameter("depth", "ms", 0, 5, 2, "lin", "swing of the delay"),
            Parameter("delay", "ms", 5, 30, 8, "lin", "middle of the delay"), percent("width", 100, "stereo width"),
            mix(50),
        ),
        tail_s=0.1,
    ),
    Device(
        "phaser", "phaser", "six swept all-pass stages",
        (
            hz("rate", 0.02, 10, 0.3, "speed"), percent("depth", 70, "how far it sweeps"),
            hz("centre", 100, 6000, 800, "middle of the sweep"), percent("feedback", 40, "sharpness"), mix(100),
        ),
        tail_s=1.0,
    ),
)  # fmt: skip

_SPACES = (
    Device(
        "delay", "delay", "echoes that cross from side to side",
        (
            sec("time", 0.005, 2.5, 0.375, "time between echoes"),
            percent("feedback", 40, "level of each next echo", 95),
            hz("tone", 500, 16000, 5000, "each echo is darker"),
            hz("low_cut", 20, 1000, 150, "each echo is thinner"),
            percent("pingpong", 100, "0 stays on its side, 100 crosses"), mix(30),
        ),
        tail_s=3.5,
    ),
    Device(
        "reverb", "reverb", "hall, room or plate",
        (
            sec("decay", 0.1, 15, 1.8, "time to fall 60 dB"), percent("size", 60, "size of the room"),
            hz("damp", 500, 16000, 6000, "high frequencies decay faster above this"),
            Parameter("predelay", "ms", 0, 250, 12, "lin", "silence before it"),
            hz("low_cut", 20, 1000, 120, "no reverb below this"),
            percent("modulation", 40, "movement of the tail"), mix(25),
        ),
        tail_s=2.5,
    ),
)  # fmt: skip

_DYNAMICS = (
    Device(
        "compressor", "compressor", "feed-forward compressor with a soft knee",
        (
            db("threshold", -60, 0, -18, "level where it starts"),
            Parameter("ratio", "ratio", 1, 20, 4, "exp", _RATIO),
            sec("attack", 0.0002, 0.2, 0.01, "time to turn down"), sec("release", 0.01, 2, 0.12, "time to come back"),
            db("makeup", 0, 24, 0, "gain after it"), mix(100),
        ),
        tail_s=0.05,
    ),
    Device(
        "sidechain", "side-chain compressor", "ducks while another track is loud",
        (
            db("threshold", -60, 0, -30, "level of the other track where it starts"),
            Parameter("ratio", "ratio", 1, 20, 6, "exp", _RATIO),
            sec("attack", 0.0002, 0.2, 0.003, "time to turn down"),
            sec("release", 0.01, 2, 0.16, "time to come back"),
            db("range", 0, 60, 18, "turns down at most this much"), mix(100),
        ),
        side=True, tail_s=0.05,
    ),
    Device(
        "limiter", "limiter", "brick wall without delay",
        (
            db("gain", 0, 24, 0, "gain into it"), db("ceiling", -24, 0, -0.5, "nothing gets louder"),
            sec("release", 0.005, 1, 0.08, "time to come back"),
        ),
        tail_s=0.05,
    ),
)  # fmt: skip

EFFECTS: tuple[Device, ...] = (
    *in_family("tone", *_TONE), *in_family("movement", *_MOVEMENT), *in_family("spaces", *_SPACES),
    *in_family("dynamics", *_DYNAMICS), *COLOUR_EFFECTS,
)  # fmt: skip


def guard_latency_frames(rate: int) -> int:
    """Return by how many frames the master's guard delays at sample rate `rate`: twice its look-ahead, about 5 ms."""
    return 2 * (rate // GUARD_LOOK_AHEAD_HZ) + GUARD_PEAK_FRAMES


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
