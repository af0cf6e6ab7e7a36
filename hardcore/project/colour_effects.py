"""More effects of the catalogue: colours, movement, resonance, and the dynamics of single sounds."""

from dataclasses import replace

from hardcore.project.device import Device, Parameter
from hardcore.project.parameters import db, hz, mix, percent, sec


def in_family(family: str, *devices: Device) -> tuple[Device, ...]:
    """Return the effects as members of a family."""
    return tuple(replace(device, family=family) for device in devices)


_TONE = (
    Device(
        "utility", "utility", "gain, balance, polarity and sides",
        (
            db("gain", -60, 24, 0, "gain"), Parameter("balance", "", -1, 1, 0, "lin", "−1 left, 1 right"),
            Parameter("invert", "", 0, 1, 0, "switch", "1 turns the polarity round"),
            Parameter("swap", "", 0, 1, 0, "switch", "1 swaps the sides"),
        ),
        tail_s=0.05,
    ),
    Device(
        "ladder", "ladder filter", "24 dB/octave ladder with drive, an LFO and its own whistle",
        (
            hz("cutoff", 20, 16000, 1200, "cutoff"), percent("resonance", 30, "peak at the cutoff"),
            db("drive", 0, 30, 6, "gain into the ladder"), hz("lfo_rate", 0.02, 20, 0.25, "speed of the sweep"),
            Parameter("lfo_depth", "semitones", 0, 48, 0, "lin", "how far it sweeps"), mix(100),
        ),
        tail_s=0.5,
    ),
    Device(
        "wavefolder", "wavefolder", "folds what is too loud back on itself: more gain, more edges",
        (
            db("fold", 0, 36, 12, "gain into the folds"), percent("bias", 0, "asymmetry: even partials"),
            hz("tone", 500, 18000, 9000, "low-pass after it"), db("level", -24, 12, 0, "output level"), mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "exciter", "exciter", "adds new highs, made of the highs there are",
        (
            hz("freq", 1000, 10000, 3500, "takes what is above"), db("drive", 0, 30, 14, "how many new partials"),
            percent("amount", 30, "how much is added"),
        ),
        tail_s=0.05,
    ),
    Device(
        "sub_enhancer", "sub enhancer", "adds an octave below the bass",
        (
            hz("freq", 40, 200, 110, "listens below this"), hz("tone", 30, 150, 80, "the octave is dark above this"),
            percent("amount", 40, "how much is added"),
        ),
        tail_s=0.2,
    ),
    Device(
        "radio", "radio", "a small loudspeaker: a band, and dirt",
        (
            hz("low", 50, 2000, 350, "nothing below"), hz("high", 800, 16000, 3600, "nothing above"),
            db("drive", 0, 36, 12, "distortion"), mix(100),
        ),
        tail_s=0.1,
    ),
    Device(
        "formant", "formant filter", "lets anything speak: o, a, e, i",
        (
            percent("vowel", 30, "from o over a and e to i"), hz("rate", 0.02, 16, 0.5, "speed of the movement"),
            percent("depth", 30, "how far the vowel moves"), percent("sharp", 60, "narrowness of the formants"),
            mix(80),
        ),
        tail_s=0.3,
    ),
    Device(
        "autowah", "auto-wah", "a band-pass that the loudness opens",
        (
            hz("freq", 100, 2000, 350, "where it rests"),
            Parameter("range", "semitones", 0, 60, 30, "lin", "how far it opens"),
            db("sensitivity", -40, 0, -18, "level that opens it fully"), percent("resonance", 55, "narrowness"),
            sec("release", 0.02, 1, 0.18, "time to close"), mix(80),
        ),
        tail_s=0.3,
    ),
)  # fmt: skip

_MOVEMENT = (
    Device(
        "flanger", "flanger", "a very short moving delay that feeds back",
        (
            hz("rate", 0.02, 10, 0.22, "speed"), Parameter("depth", "ms", 0, 5, 2.2, "lin", "swing of the delay"),
            Parameter("delay", "ms", 2, 12, 3, "lin", "shortest delay"),
            percent("feedback", 45, "sharpness; below 0 hollow", 95, -95), mix(50),
        ),
        tail_s=0.6,
    ),
    Device(
        "tremolo", "tremolo", "the level goes up and down",
        (
            hz("rate", 0.05, 30, 5, "speed"), percent("depth", 60, "how far"),
            percent("square", 0, "sine at 0, chopped at 100"),
        ),
        tail_s=0.05,
    ),
    Device(
        "autopan", "auto-pan", "travels from side to side",
        (hz("rate", 0.02, 20, 0.5, "speed"), percent("depth", 70, "how far")),
        tail_s=0.05,
    ),
    Device(
        "ringmod", "ring modulator", "multiplies with a sine: sums and differences instead of notes",
        (
            hz("freq", 1, 6000, 180, "frequency of the sine"), hz("rate", 0.02, 10, 0.2, "speed of its movement"),
            Parameter("depth", "semitones", 0, 24, 0, "lin", "how far it moves"), mix(60),
        ),
        tail_s=0.05,
    ),
    Device(
        "freqshift", "frequency shifter", "moves every partial by the same number of Hz, the sides opposite if asked",
        (
            Parameter("shift", "hz", -2000, 2000, 4, "lin", "how far"),
            percent("spread", 100, "sides: same, opposite"),
            mix(50),
        ),
        tail_s=0.2,
    ),
    Device(
        "trance_gate", "trance gate", "chops the sound into a rhythm of sixteen steps",
        (
            hz("rate", 0.5, 40, 9.2, "steps per second: set it by the tempo"),
            Parameter("pattern", "", 0, 7, 1, "int", "rhythm: 0 all, 1 off-beats, 2 gallop, 3 tresillo … 7 sparse"),
            percent("length", 60, "length of a step"), percent("depth", 90, "how far it shuts"),
        ),
        tail_s=0.05,
    ),
    Device(
        "beat_repeat", "beat repeat", "while it is on, what comes first goes round again and again: stutters and rolls",
        (
            Parameter("repeat", "", 0, 1, 0, "switch", "on: the next stretch is heard and then repeated"),
            sec("time", 0.01, 2, 0.12, "how long the stretch is: set it by the tempo"),
            percent("fade", 0, "how much softer each time"),
        ),
        tail_s=0.05,
    ),
)  # fmt: skip

_SPACES = (
    Device(
        "tape_delay", "tape delay", "echoes on worn tape: each one darker, dirtier, less steady",
        (
            sec("time", 0.03, 1.5, 0.36, "time between echoes"),
            percent("feedback", 45, "level of each next echo", 95),
            db("drive", 0, 24, 6, "saturation of the tape"), percent("wow", 30, "unsteadiness of the motor"),
            hz("tone", 500, 12000, 3200, "each echo is darker"), mix(30),
        ),
        tail_s=3.5,
    ),
    Device(
        "spring", "spring reverb", "two springs in a box: metallic, boingy",
        (
            sec("decay", 0.3, 5, 1.6, "time to fall 60 dB"), percent("tension", 50, "pitch of the springs"),
            hz("tone", 500, 8000, 3400, "brightness"), mix(25),
        ),
        tail_s=2.0,
    ),
    Device(
        "resonator", "resonator", "three tuned combs: everything rings as a chord",
        (
            hz("freq", 30, 1000, 110, "lowest note"),
            Parameter("second", "semitones", 0, 24, 7, "int", "second note above it"),
            Parameter("third", "semitones", 0, 24, 12, "int", "third note above it"),
            sec("decay", 0.05, 8, 1.2, "time to fall 60 dB"), hz("tone", 500, 16000, 5000, "brightness"), mix(35),
        ),
        tail_s=1.8,
    ),
)  # fmt: skip

_DYNAMICS = (
    Device(
        "gate", "noise gate", "shuts while it is quiet",
        (
            db("threshold", -80, 0, -40, "opens above this"), sec("attack", 0.0002, 0.1, 0.001, "time to open"),
            sec("hold", 0.001, 1, 0.04, "stays open"), sec("release", 0.005, 2, 0.1, "time to shut"),
            db("range", 0, 90, 60, "turns down by this much"),
        ),
        tail_s=0.1,
    ),
    Device(
        "transient", "transient shaper", "more or less attack, more or less of what follows",
        (
            db("attack", -18, 18, 4, "level of the attacks"), db("sustain", -18, 18, 0, "level of what follows"),
            db("level", -24, 12, 0, "output level"),
        ),
        tail_s=0.05,
    ),
    Device(
        "multiband", "multiband compressor", "three bands, each compressed on its own",
        (
            hz("low_split", 40, 800, 160, "between low and middle"),
            hz("high_split", 800, 12000, 3000, "between middle and high"),
            db("threshold", -60, 0, -24, "level where it starts"),
            Parameter("ratio", "ratio", 1, 20, 3, "exp", "dB over the threshold for each dB out"),
            sec("attack", 0.0005, 0.2, 0.008, "time to turn down"), sec("release", 0.01, 2, 0.14, "time to come back"),
            db("low_gain", -24, 12, 0, "level of the lows"), db("mid_gain", -24, 12, 0, "level of the middle"),
            db("high_gain", -24, 12, 0, "level of the highs"), mix(100),
        ),
        tail_s=0.2,
    ),
)  # fmt: skip

COLOUR_EFFECTS: tuple[Device, ...] = (
    *in_family("tone", *_TONE), *in_family("movement", *_MOVEMENT), *in_family("spaces", *_SPACES),
    *in_family("dynamics", *_DYNAMICS),
)  # fmt: skip
