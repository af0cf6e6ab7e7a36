"""More effects of the catalogue: colours, movement, resonance, and the dynamics of single sounds."""

from dataclasses import replace

from hardcore.project.device import Device, Parameter


def in_family(family: str, *devices: Device) -> tuple[Device, ...]:
    """Return the effects as members of a family."""
    return tuple(replace(device, family=family) for device in devices)


def _mix(default: float) -> Parameter:
    return Parameter("mix", "percent", 0, 100, default, "lin", "processed against plain sound")


def _percent(id: str, default: float, help: str, high: float = 100, low: float = 0) -> Parameter:
    return Parameter(id, "percent", low, high, default, "lin", help)


def _db(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "db", low, high, default, "lin", help)


def _hz(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "hz", low, high, default, "exp", help)


def _s(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    return Parameter(id, "s", low, high, default, "exp", help)


_TONE = (
    Device(
        "utility", "utility", "gain, balance, polarity and sides",
        (
            _db("gain", -60, 24, 0, "gain"), Parameter("balance", "", -1, 1, 0, "lin", "−1 left, 1 right"),
            Parameter("invert", "", 0, 1, 0, "switch", "1 turns the polarity round"),
            Parameter("swap", "", 0, 1, 0, "switch", "1 swaps the sides"),
        ),
        tail_s=0.05,
    ),
    Device(
        "ladder", "ladder filter", "24 dB/octave ladder with drive, an LFO and its own whistle",
        (
            _hz("cutoff", 20, 16000, 1200, "cutoff"), _percent("resonance", 30, "peak at the cutoff"),
            _db("drive", 0, 30, 6, "gain into the ladder"), _hz("lfo_rate", 0.02, 20, 0.25, "speed of the sweep"),
            Parameter("lfo_depth", "semitones", 0, 48, 0, "lin", "how far it sweeps"), _mix(100),
        ),
        tail_s=0.5,
    ),
    Device(
        "wavefolder", "wavefolder", "folds what is too loud back on itself: more gain, more edges",
        (
            _db("fold", 0, 36, 12, "gain into the folds"), _percent("bias", 0, "asymmetry: even partials"),
            _hz("tone", 500, 18000, 9000, "low-pass after it"), _db("level", -24, 12, 0, "output level"), _mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "exciter", "exciter", "adds new highs, made of the highs there are",
        (
            _hz("freq", 1000, 10000, 3500, "takes what is above"), _db("drive", 0, 30, 14, "how many new partials"),
            _percent("amount", 30, "how much is added"),
        ),
        tail_s=0.05,
    ),
    Device(
        "sub_enhancer", "sub enhancer", "adds an octave below the bass",
        (
            _hz("freq", 40, 200, 110, "listens below this"), _hz("tone", 30, 150, 80, "the octave is dark above this"),
            _percent("amount", 40, "how much is added"),
        ),
        tail_s=0.2,
    ),
    Device(
        "radio", "radio", "a small loudspeaker: a band, and dirt",
        (
            _hz("low", 50, 2000, 350, "nothing below"), _hz("high", 800, 16000, 3600, "nothing above"),
            _db("drive", 0, 36, 12, "distortion"), _mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "formant", "formant filter", "lets anything speak: o, a, e, i",
        (
            _percent("vowel", 30, "from o over a and e to i"), _hz("rate", 0.02, 16, 0.5, "speed of the movement"),
            _percent("depth", 30, "how far the vowel moves"), _percent("sharp", 60, "narrowness of the formants"),
            _mix(80),
        ),
        tail_s=0.3,
    ),
    Device(
        "autowah", "auto-wah", "a band-pass that the loudness opens",
        (
            _hz("freq", 100, 2000, 350, "where it rests"),
            Parameter("range", "semitones", 0, 60, 30, "lin", "how far it opens"),
            _db("sensitivity", -40, 0, -18, "level that opens it fully"), _percent("resonance", 55, "narrowness"),
            _s("release", 0.02, 1, 0.18, "time to close"), _mix(80),
        ),
        tail_s=0.3,
    ),
)  # fmt: skip

_MOVEMENT = (
    Device(
        "flanger", "flanger", "a very short moving delay that feeds back",
        (
            _hz("rate", 0.02, 10, 0.22, "speed"), Parameter("depth", "ms", 0, 5, 2.2, "lin", "swing of the delay"),
            Parameter("delay", "ms", 2, 12, 3, "lin", "shortest delay"),
            _percent("feedback", 45, "sharpness; below 0 hollow", 95, -95), _mix(50),
        ),
        tail_s=0.6,
    ),
    Device(
        "tremolo", "tremolo", "the level goes up and down",
        (
            _hz("rate", 0.05, 30, 5, "speed"), _percent("depth", 60, "how far"),
            _percent("square", 0, "sine at 0, chopped at 100"),
        ),
        tail_s=0.05,
    ),
    Device(
        "autopan", "auto-pan", "travels from side to side",
        (_hz("rate", 0.02, 20, 0.5, "speed"), _percent("depth", 70, "how far")),
        tail_s=0.05,
    ),
    Device(
        "ringmod", "ring modulator", "multiplies with a sine: sums and differences instead of notes",
        (
            _hz("freq", 1, 6000, 180, "frequency of the sine"), _hz("rate", 0.02, 10, 0.2, "speed of its movement"),
            Parameter("depth", "semitones", 0, 24, 0, "lin", "how far it moves"), _mix(60),
        ),
        tail_s=0.05,
    ),
    Device(
        "freqshift", "frequency shifter", "moves every partial by the same number of Hz, the sides opposite if asked",
        (
            Parameter("shift", "hz", -2000, 2000, 4, "lin", "how far"),
            _percent("spread", 100, "sides: same, opposite"),
            _mix(50),
        ),
        tail_s=0.2,
    ),
    Device(
        "trance_gate", "trance gate", "chops the sound into a rhythm of sixteen steps",
        (
            _hz("rate", 0.5, 40, 9.2, "steps per second: set it by the tempo"),
            Parameter("pattern", "", 0, 7, 1, "int", "rhythm: 0 all, 1 off-beats, 2 gallop, 3 tresillo … 7 sparse"),
            _percent("length", 60, "length of a step"), _percent("depth", 90, "how far it shuts"),
        ),
        tail_s=0.05,
    ),
)  # fmt: skip

_SPACES = (
    Device(
        "tape_delay", "tape delay", "echoes on worn tape: each one darker, dirtier, less steady",
        (
            _s("time", 0.03, 1.5, 0.36, "time between echoes"),
            _percent("feedback", 45, "level of each next echo", 95),
            _db("drive", 0, 24, 6, "saturation of the tape"), _percent("wow", 30, "unsteadiness of the motor"),
            _hz("tone", 500, 12000, 3200, "each echo is darker"), _mix(30),
        ),
        tail_s=3.5,
    ),
    Device(
        "spring", "spring reverb", "two springs in a box: metallic, boingy",
        (
            _s("decay", 0.3, 5, 1.6, "time to fall 60 dB"), _percent("tension", 50, "pitch of the springs"),
            _hz("tone", 500, 8000, 3400, "brightness"), _mix(25),
        ),
        tail_s=2.0,
    ),
    Device(
        "resonator", "resonator", "three tuned combs: everything rings as a chord",
        (
            _hz("freq", 30, 1000, 110, "lowest note"),
            Parameter("second", "semitones", 0, 24, 7, "int", "second note above it"),
            Parameter("third", "semitones", 0, 24, 12, "int", "third note above it"),
            _s("decay", 0.05, 8, 1.2, "time to fall 60 dB"), _hz("tone", 500, 16000, 5000, "brightness"), _mix(35),
        ),
        tail_s=1.8,
    ),
)  # fmt: skip

_DYNAMICS = (
    Device(
        "gate", "noise gate", "shuts while it is quiet",
        (
            _db("threshold", -80, 0, -40, "opens above this"), _s("attack", 0.0002, 0.1, 0.001, "time to open"),
            _s("hold", 0.001, 1, 0.04, "stays open"), _s("release", 0.005, 2, 0.1, "time to shut"),
            _db("range", 0, 90, 60, "turns down by this much"),
        ),
        tail_s=0.1,
    ),
    Device(
        "transient", "transient shaper", "more or less attack, more or less of what follows",
        (
            _db("attack", -18, 18, 4, "level of the attacks"), _db("sustain", -18, 18, 0, "level of what follows"),
            _db("level", -24, 12, 0, "output level"),
        ),
        tail_s=0.05,
    ),
    Device(
        "multiband", "multiband compressor", "three bands, each compressed on its own",
        (
            _hz("low_split", 40, 800, 160, "between low and middle"),
            _hz("high_split", 800, 12000, 3000, "between middle and high"),
            _db("threshold", -60, 0, -24, "level where it starts"),
            Parameter("ratio", "ratio", 1, 20, 3, "exp", "dB over the threshold for each dB out"),
            _s("attack", 0.0005, 0.2, 0.008, "time to turn down"), _s("release", 0.01, 2, 0.14, "time to come back"),
            _db("low_gain", -24, 12, 0, "level of the lows"), _db("mid_gain", -24, 12, 0, "level of the middle"),
            _db("high_gain", -24, 12, 0, "level of the highs"), _mix(100),
        ),
        tail_s=0.2,
    ),
)  # fmt: skip

COLOUR_EFFECTS: tuple[Device, ...] = (
    *in_family("tone", *_TONE), *in_family("movement", *_MOVEMENT), *in_family("spaces", *_SPACES),
    *in_family("dynamics", *_DYNAMICS),
)  # fmt: skip
