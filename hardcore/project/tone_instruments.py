"""The catalogue's tonal instruments. `tail_s` is the longest release its parameters allow."""

from hardcore.project.device import Device, Parameter
from hardcore.project.parameters import (
    CUTOFF_HELP,
    GLIDE,
    attack,
    cutoff,
    decay,
    detune,
    drive,
    env,
    finished,
    percent,
    rate,
    release,
    resonance,
)
from hardcore.project.played_instruments import PLAYED_INSTRUMENTS
from hardcore.project.scene_instruments import SCENE_INSTRUMENTS
from hardcore.project.synth_instruments import SYNTH_INSTRUMENTS

_BASSES = (
    Device(
        "sub", "sub bass", "sine with a second harmonic, softly saturated",
        (
            percent("harmonic", 15, "level of the octave above"), drive(3), attack(0.004), release(0.06, 2.0),
            GLIDE,
        ),
        roles=("sub", "bass"), mono=True, tail_s=2.1, low_note=24, high_note=55,
    ),
    Device(
        "reese", "Reese bass", "detuned saws beating under a slowly moving low-pass, mono below 120 Hz",
        (
            detune(18), cutoff(700), resonance(15), rate(0.3, "speed of the movement"),
            percent("movement", 50, "how far the low-pass moves"), percent("sub", 50, "level of the sine below"),
            drive(9), attack(0.005), release(0.08, 2.0), GLIDE,
        ),
        roles=("bass", "sub"), mono=True, tail_s=2.1, low_note=24, high_note=60,
    ),
    Device(
        "acid303", "acid 303", "saw or square through a resonant ladder; hard notes are accented, slides glide",
        (
            Parameter("wave", "", 0, 1, 0, "switch", "0 saw, 1 square"), cutoff(260), resonance(85), env(36),
            decay(0.32, 2.0), percent("accent", 70, "bite of notes at velocity 108 and more"), drive(12),
            release(0.02, 0.5), GLIDE,
        ),
        roles=("bass", "lead"), mono=True, tail_s=0.6, low_note=24, high_note=72,
    ),
    Device(
        "fm_bass", "FM bass", "frequency-modulated sine with a knocking attack",
        (
            Parameter("ratio", "ratio", 0.5, 8, 1, "lin", "modulator frequency over the note's"),
            Parameter("index", "ratio", 0, 8, 2.4, "lin", "depth of modulation"), decay(0.35, 2.0),
            percent("feedback", 20, "roughness of the modulator"), percent("knock", 30, "level of the attack"),
            percent("sub", 40, "level of the plain sine"), drive(4), release(0.05, 1.0), GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=24, high_note=60,
    ),
    Device(
        "roll_bass", "rolling bass", "plucked saw and square under a short filter envelope",
        (
            percent("square", 50, "square against saw"), detune(6), cutoff(180), resonance(25), env(34),
            decay(0.16, 2.0),
            percent("sustain", 40, "level while the key is held"), percent("sub", 60, "level of the sine below"),
            drive(6),
            release(0.04, 1.0), GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=24, high_note=60,
    ),
)  # fmt: skip

_LEADS = (
    Device(
        "supersaw", "supersaw", "seven detuned saws spread over the stereo field",
        (
            detune(22), percent("mix", 75, "level of the six outer saws"), percent("width", 80, "stereo width"),
            cutoff(6500), resonance(8), env(12), attack(0.006), decay(0.5),
            percent("sustain", 75, "level held"),
            release(0.25), Parameter("vibrato", "cents", 0, 50, 0, "lin", "depth of vibrato"), GLIDE,
        ),
        roles=("lead", "chords", "pad"), tail_s=4.1, low_note=36, high_note=96,
    ),
    Device(
        "hoover", "hoover", "pulse-width-modulated saw stack that swoops up to the note",
        (
            Parameter("swoop", "semitones", 0, 24, 9, "lin", "how far below the note it starts"),
            Parameter("swoop_time", "s", 0.01, 1.0, 0.09, "exp", "time to reach the note"),
            Parameter("fall", "semitones", 0, 24, 5, "lin", "how far it sinks after the key"),
            detune(14), percent("pwm", 70, "depth of pulse-width modulation"),
            Parameter("pwm_rate", "hz", 0.1, 12, 4.5, "exp", "speed of pulse-width modulation"),
            percent("sub", 60, "level of the octave below"), cutoff(5200), resonance(20), drive(8),
            percent("chorus", 60, "wet level of the chorus"), attack(0.01), release(0.14, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.2, low_note=36, high_note=84,
    ),
    Device(
        "pluck", "pluck", "saws through a low-pass that snaps shut",
        (
            detune(7), percent("width", 60, "stereo width"), cutoff(350), resonance(18), env(48),
            decay(0.3, 2.0),
            release(0.15, 2.0),
        ),
        roles=("pluck", "lead", "chords"), tail_s=2.1, low_note=36, high_note=96,
    ),
    Device(
        "stab", "chord stab", "short rave and house chord: saws, octave and fifth through a closing filter",
        (
            detune(9), percent("width", 70, "stereo width"), percent("octave", 40, "level an octave up"),
            percent("fifth", 0, "level of the fifth"), cutoff(420), resonance(20), env(40), decay(0.28, 2.0),
            percent("sustain", 25, "level while the key is held"), drive(5), release(0.12, 2.0),
        ),
        roles=("chords", "pluck", "keys"), tail_s=2.1, low_note=36, high_note=96,
    ),
)  # fmt: skip

_KEYS = (
    Device(
        "epiano", "electric piano", "FM tines: warm when soft, barking when hard, tremolo from side to side",
        (
            decay(2.5, 6.0), percent("bark", 45, "bite of a hard stroke"),
            percent("tine", 45, "level of the bell"),
            percent("tremolo", 35, "depth of tremolo"), rate(4.6, "speed of tremolo"), drive(3),
            release(0.25, 2.0),
        ),
        roles=("keys", "chords"), tail_s=2.1, low_note=28, high_note=100,
    ),
    Device(
        "organ", "organ", "drawbars with percussion and a rotating speaker",
        (
            percent("sub", 0, "16-foot drawbar"), percent("bright", 50, "upper drawbars"),
            percent("percussion", 40, "level of the attack"),
            percent("rotary", 50, "depth of the rotating speaker"),
            rate(5.5, "speed of the rotating speaker"), drive(4), release(0.05, 1.0),
        ),
        roles=("keys", "chords"), tail_s=1.1, low_note=36, high_note=96,
    ),
    Device(
        "pad", "warm pad", "slow chorused saws under a breathing low-pass",
        (
            detune(12), percent("width", 85, "stereo width"), cutoff(1300), resonance(10),
            rate(0.12, "speed of the movement"), percent("movement", 50, "how much it moves"),
            percent("chorus", 60, "wet level of the chorus"), attack(0.6), release(1.8, 6.0),
        ),
        roles=("pad", "chords"), tail_s=6.2, low_note=36, high_note=96,
    ),
    Device(
        "texture", "texture", "drone of breathing partials and of noise ringing at the note",
        (
            percent("noise", 60, "noise against pure partials"), rate(0.25, "speed of the movement"),
            percent("movement", 70, "how much it moves"), cutoff(4500), attack(1.0), release(2.0, 6.0),
        ),
        roles=("texture", "pad"), tail_s=6.2, low_note=24, high_note=84,
    ),
    Device(
        "vinyl", "vinyl", "crackle, dust, hiss and rumble of an old record",
        (
            Parameter("crackle", "hz", 0, 80, 14, "lin", "clicks per second"),
            Parameter("hiss", "db", -60, 0, -26, "lin", "level of the hiss"),
            Parameter("rumble", "db", -60, 0, -24, "lin", "level of the rumble"),
            Parameter("tone", "hz", 500, 16000, 7500, "exp", "brightness"), attack(0.05), release(0.1, 2.0),
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
        percent("start", 0, "where it starts"), Parameter("loop", "", 0, 1, 0, "switch", "1 starts over at the end"),
        Parameter("sync", "", 0, 1, 0, "switch", "1 plays a sound whose tempo is known at the project's, by its speed"),
        Parameter("speed", "ratio", 0.01, 100, 1, "lin", "follows from sync and the tempo", studio=True),
        Parameter("follow", "percent", 0, 100, 100, "lin", "how much of the note's pitch it follows"),
        attack(0.001), release(0.05), Parameter("cutoff", "hz", 40, 20000, 20000, "exp", CUTOFF_HELP),
    ),
    roles=("perc", "texture", "keys"), tail_s=4.1,
)  # fmt: skip

TONE_INSTRUMENTS: tuple[Device, ...] = (
    *finished("basses", *_BASSES), *finished("leads", *_LEADS[:2]), *finished("plucks", *_LEADS[2:]),
    *finished("keys", *_KEYS[:2]), *finished("pads", _KEYS[2]), *finished("textures", *_KEYS[3:]),
    *finished("samplers", _SAMPLER),
    *SYNTH_INSTRUMENTS, *PLAYED_INSTRUMENTS, *SCENE_INSTRUMENTS,
)  # fmt: skip
