"""The catalogue's tonal instruments. `tail_s` is the longest release its parameters allow."""

from hardcore.project.device import Device, Parameter

CUTOFF_HELP = "cutoff of the low-pass"


def _cutoff(default: float) -> Parameter:
    return Parameter("cutoff", "hz", 40, 16000, default, "exp", CUTOFF_HELP)


def _resonance(default: float) -> Parameter:
    return Parameter("resonance", "percent", 0, 100, default, "lin", "peak at the cutoff")


def _env(default: float) -> Parameter:
    return Parameter("env", "semitones", 0, 72, default, "lin", "how far the envelope opens the low-pass")


def _detune(default: float) -> Parameter:
    return Parameter("detune", "cents", 0, 60, default, "lin", "how far the voices are out of tune")


def _attack(default: float) -> Parameter:
    return Parameter("attack", "s", 0.001, 4.0, default, "exp", "time to full level")


def _decay(default: float, high: float = 4.0) -> Parameter:
    return Parameter("decay", "s", 0.03, high, default, "exp", "time the envelopes fall")


def _release(default: float, high: float = 4.0) -> Parameter:
    return Parameter("release", "s", 0.005, high, default, "exp", "time to silence after the key")


def _percent(id: str, default: float, help: str) -> Parameter:
    return Parameter(id, "percent", 0, 100, default, "lin", help)


def _drive(default: float) -> Parameter:
    return Parameter("drive", "db", 0, 30, default, "lin", "saturation")


def _rate(default: float, help: str) -> Parameter:
    return Parameter("rate", "hz", 0.02, 12, default, "exp", help)


_GLIDE = Parameter("glide", "s", 0.0, 0.5, 0.06, "lin", "time a slide takes")

_BASSES = (
    Device(
        "sub", "sub bass", "sine with a second harmonic, softly saturated",
        (
            _percent("harmonic", 15, "level of the octave above"), _drive(3), _attack(0.004), _release(0.06, 2.0),
            _GLIDE,
        ),
        roles=("sub", "bass"), mono=True, tail_s=2.1, low_note=24, high_note=55,
    ),
    Device(
        "reese", "Reese bass", "detuned saws beating under a slowly moving low-pass, mono below 120 Hz",
        (
            _detune(18), _cutoff(700), _resonance(15), _rate(0.3, "speed of the movement"),
            _percent("movement", 50, "how far the low-pass moves"), _percent("sub", 50, "level of the sine below"),
            _drive(9), _attack(0.005), _release(0.08, 2.0), _GLIDE,
        ),
        roles=("bass", "sub"), mono=True, tail_s=2.1, low_note=24, high_note=60,
    ),
    Device(
        "acid303", "acid 303", "saw or square through a resonant ladder; hard notes are accented, slides glide",
        (
            Parameter("wave", "", 0, 1, 0, "switch", "0 saw, 1 square"), _cutoff(260), _resonance(85), _env(36),
            _decay(0.32, 2.0), _percent("accent", 70, "bite of notes at velocity 108 and more"), _drive(12),
            _release(0.02, 0.5), _GLIDE,
        ),
        roles=("bass", "lead"), mono=True, tail_s=0.6, low_note=24, high_note=72,
    ),
    Device(
        "fm_bass", "FM bass", "frequency-modulated sine with a knocking attack",
        (
            Parameter("ratio", "ratio", 0.5, 8, 1, "lin", "modulator frequency over the note's"),
            Parameter("index", "ratio", 0, 8, 2.4, "lin", "depth of modulation"), _decay(0.35, 2.0),
            _percent("feedback", 20, "roughness of the modulator"), _percent("knock", 30, "level of the attack"),
            _percent("sub", 40, "level of the plain sine"), _drive(4), _release(0.05, 1.0), _GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=24, high_note=60,
    ),
    Device(
        "roll_bass", "rolling bass", "plucked saw and square under a short filter envelope",
        (
            _percent("square", 50, "square against saw"), _detune(6), _cutoff(180), _resonance(25), _env(34),
            _decay(0.16, 2.0),
            _percent("sustain", 40, "level while the key is held"), _percent("sub", 60, "level of the sine below"),
            _drive(6),
            _release(0.04, 1.0), _GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=24, high_note=60,
    ),
)  # fmt: skip

_LEADS = (
    Device(
        "supersaw", "supersaw", "seven detuned saws spread over the stereo field",
        (
            _detune(22), _percent("mix", 75, "level of the six outer saws"), _percent("width", 80, "stereo width"),
            _cutoff(6500), _resonance(8), _env(12), _attack(0.006), _decay(0.5),
            _percent("sustain", 75, "level held"),
            _release(0.25), Parameter("vibrato", "cents", 0, 50, 0, "lin", "depth of vibrato"), _GLIDE,
        ),
        roles=("lead", "chords", "pad"), tail_s=4.1, low_note=36, high_note=96,
    ),
    Device(
        "hoover", "hoover", "pulse-width-modulated saw stack that swoops up to the note",
        (
            Parameter("swoop", "semitones", 0, 24, 9, "lin", "how far below the note it starts"),
            Parameter("swoop_time", "s", 0.01, 1.0, 0.09, "exp", "time to reach the note"),
            Parameter("fall", "semitones", 0, 24, 5, "lin", "how far it sinks after the key"),
            _detune(14), _percent("pwm", 70, "depth of pulse-width modulation"),
            Parameter("pwm_rate", "hz", 0.1, 12, 4.5, "exp", "speed of pulse-width modulation"),
            _percent("sub", 60, "level of the octave below"), _cutoff(5200), _resonance(20), _drive(8),
            _percent("chorus", 60, "wet level of the chorus"), _attack(0.01), _release(0.14, 2.0), _GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.2, low_note=36, high_note=84,
    ),
    Device(
        "pluck", "pluck", "saws through a low-pass that snaps shut",
        (
            _detune(7), _percent("width", 60, "stereo width"), _cutoff(350), _resonance(18), _env(48),
            _decay(0.3, 2.0),
            _release(0.15, 2.0),
        ),
        roles=("pluck", "lead", "chords"), tail_s=2.1, low_note=36, high_note=96,
    ),
    Device(
        "stab", "chord stab", "short rave and house chord: saws, octave and fifth through a closing filter",
        (
            _detune(9), _percent("width", 70, "stereo width"), _percent("octave", 40, "level an octave up"),
            _percent("fifth", 0, "level of the fifth"), _cutoff(420), _resonance(20), _env(40), _decay(0.28, 2.0),
            _percent("sustain", 25, "level while the key is held"), _drive(5), _release(0.12, 2.0),
        ),
        roles=("chords", "pluck", "keys"), tail_s=2.1, low_note=36, high_note=96,
    ),
)  # fmt: skip

_KEYS = (
    Device(
        "epiano", "electric piano", "FM tines: warm when soft, barking when hard, tremolo from side to side",
        (
            _decay(2.5, 6.0), _percent("bark", 45, "bite of a hard stroke"),
            _percent("tine", 45, "level of the bell"),
            _percent("tremolo", 35, "depth of tremolo"), _rate(4.6, "speed of tremolo"), _drive(3),
            _release(0.25, 2.0),
        ),
        roles=("keys", "chords"), tail_s=2.1, low_note=28, high_note=100,
    ),
    Device(
        "organ", "organ", "drawbars with percussion and a rotating speaker",
        (
            _percent("sub", 0, "16-foot drawbar"), _percent("bright", 50, "upper drawbars"),
            _percent("percussion", 40, "level of the attack"),
            _percent("rotary", 50, "depth of the rotating speaker"),
            _rate(5.5, "speed of the rotating speaker"), _drive(4), _release(0.05, 1.0),
        ),
        roles=("keys", "chords"), tail_s=1.1, low_note=36, high_note=96,
    ),
    Device(
        "pad", "warm pad", "slow chorused saws under a breathing low-pass",
        (
            _detune(12), _percent("width", 85, "stereo width"), _cutoff(1300), _resonance(10),
            _rate(0.12, "speed of the movement"), _percent("movement", 50, "how much it moves"),
            _percent("chorus", 60, "wet level of the chorus"), _attack(0.6), _release(1.8, 6.0),
        ),
        roles=("pad", "chords"), tail_s=6.2, low_note=36, high_note=96,
    ),
    Device(
        "texture", "texture", "drone of breathing partials and of noise ringing at the note",
        (
            _percent("noise", 60, "noise against pure partials"), _rate(0.25, "speed of the movement"),
            _percent("movement", 70, "how much it moves"), _cutoff(4500), _attack(1.0), _release(2.0, 6.0),
        ),
        roles=("texture", "pad"), tail_s=6.2, low_note=24, high_note=84,
    ),
    Device(
        "vinyl", "vinyl", "crackle, dust, hiss and rumble of an old record",
        (
            Parameter("crackle", "hz", 0, 80, 14, "lin", "clicks per second"),
            Parameter("hiss", "db", -60, 0, -26, "lin", "level of the hiss"),
            Parameter("rumble", "db", -60, 0, -24, "lin", "level of the rumble"),
            Parameter("tone", "hz", 500, 16000, 7500, "exp", "brightness"), _attack(0.05), _release(0.1, 2.0),
        ),
        roles=("texture",), pitched=False, tail_s=2.1,
    ),
)  # fmt: skip

_SAMPLER = Device(
    "sampler", "sampler", "plays a recorded sound, once or looped, at the note's pitch",
    (
        Parameter("buffer", "", 0, 4095, 0, "int", "choose the sound with: track sample TRACK SAMPLE", studio=True),
        Parameter("root_note", "", 0, 127, 60, "int", "note at which it plays at its own speed"),
        Parameter("rate", "ratio", -4, 4, 1, "lin", "speed; negative plays backwards"),
        _percent("start", 0, "where it starts"), Parameter("loop", "", 0, 1, 0, "switch", "1 starts over at the end"),
        Parameter("follow", "percent", 0, 100, 100, "lin", "how much of the note's pitch it follows"),
        _attack(0.001), _release(0.05), Parameter("cutoff", "hz", 40, 20000, 20000, "exp", CUTOFF_HELP),
    ),
    roles=("perc", "texture", "keys"), tail_s=4.1,
)  # fmt: skip

TONE_INSTRUMENTS: tuple[Device, ...] = (*_BASSES, *_LEADS, *_KEYS, _SAMPLER)
