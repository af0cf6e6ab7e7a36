"""The catalogue's drones, weather, transitions, and the players of samples by slice and by grain."""

from dataclasses import replace

from hardcore.project.device import Device, Parameter, Unit
from hardcore.project.parameters import (
    CUTOFF_HELP,
    attack,
    cutoff,
    detune,
    drive,
    finished,
    percent,
    rate,
    release,
    resonance,
)

_TEXTURES = (
    Device(
        "drone", "drone", "low saws and a fifth, slowly turning in a dark filter",
        (
            detune(8), percent("fifth", 30, "level of the fifth"), cutoff(420), resonance(20),
            rate(0.08, "speed of the movement"), percent("movement", 60, "how much it moves"), drive(8), attack(1.2),
            release(2.5, 6.0),
        ),
        roles=("texture", "pad", "bass"), tail_s=6.2, low_note=24, high_note=72,
    ),
    Device(
        "wind", "wind", "gusts of air that whistle at the note",
        (
            percent("howl", 50, "how much it whistles"), rate(0.3, "speed of the gusts"),
            percent("movement", 70, "depth of the gusts"), cutoff(3000), attack(1.0), release(2.0, 6.0),
        ),
        roles=("texture",), pitched=False, tail_s=6.2,
    ),
    Device(
        "rain", "rain", "drops on leaves, near and far",
        (
            Parameter("density", "hz", 1, 200, 45, "exp", "drops per second"),
            percent("far", 50, "level of the distance"),
            Parameter("tone", "hz", 500, 12000, 4200, "exp", "brightness of the drops"), attack(0.4), release(1.0, 6.0),
        ),
        roles=("texture",), pitched=False, tail_s=6.2,
    ),
    Device(
        "machine_hall", "machine hall", "hum of the mains, a ventilator, iron far away",
        (
            Parameter("mains", "hz", 40, 120, 50, "exp", "frequency of the hum"),
            percent("hum", 60, "level of the hum"),
            Parameter("rate", "hz", 0.1, 16, 3.2, "exp", "speed of the ventilator"),
            percent("iron", 40, "how often iron rings"), cutoff(2600), attack(0.5), release(1.0, 6.0),
        ),
        roles=("texture",), pitched=False, tail_s=6.2,
    ),
)  # fmt: skip


def _time(default: float, help: str) -> Parameter:
    return Parameter("time", "s", 0.1, 16, default, "exp", help)


_TRANSITIONS = (
    Device(
        "riser", "riser", "noise and saws that climb to the next part",
        (
            _time(4, "time of the climb"), Parameter("climb", "semitones", 0, 48, 24, "lin", "how far it climbs"),
            percent("noise", 55, "noise against saws"), resonance(40), attack(0.5), release(0.1, 2.0),
        ),
        roles=("riser", "texture"), tail_s=2.2, low_note=36, high_note=72, pitched=False,
    ),
    Device(
        "downlifter", "downlifter", "noise and a tone that sink away",
        (
            _time(3, "time of the fall"), Parameter("fall", "semitones", 0, 60, 36, "lin", "how far it falls"),
            percent("noise", 70, "noise against the tone"), resonance(30), release(0.8, 4.0),
        ),
        roles=("impact", "texture"), pitched=False, tail_s=4.2,
    ),
    Device(
        "impact", "impact", "a deep blow with debris and a long hall",
        (
            Parameter("tune", "hz", 25, 90, 42, "exp", "pitch of the blow"), _time(3, "length of the boom"),
            percent("debris", 45, "level of the noise"), drive(8), release(1.5, 6.0),
        ),
        roles=("impact", "texture", "perc"), pitched=False, tail_s=6.2,
    ),
    Device(
        "noise_sweep", "noise sweep", "a band of noise that travels up and back",
        (
            _time(4, "time of the way up and back"), Parameter("low", "hz", 60, 2000, 250, "exp", "lowest frequency"),
            Parameter("high", "hz", 1000, 16000, 9000, "exp", "highest frequency"), resonance(45), attack(0.2),
            release(0.4, 4.0),
        ),
        roles=("riser", "texture"), pitched=False, tail_s=4.2,
    ),
    Device(
        "siren", "siren", "the dub and rave siren: a tone that an LFO drives up and down",
        (
            rate(1.5, "speed of the siren"), Parameter("span", "semitones", 0, 36, 12, "lin", "how far it goes"),
            percent("square", 50, "sine at 0, stepping square at 100"), drive(6), attack(0.01), release(0.2, 2.0),
        ),
        roles=("texture", "lead"), pitched=False, tail_s=2.2,
    ),
)  # fmt: skip

_BUFFER = Parameter("buffer", "", 0, 4095, 0, "int", "choose the sound with: track sample TRACK SAMPLE", studio=True)
_ROOT = Parameter("root_note", "", 0, 127, 60, "int", "note at which it plays at its own speed")
_OPEN = Parameter("cutoff", "hz", 40, 20000, 20000, "exp", CUTOFF_HELP)

_SAMPLERS = (
    Device(
        "slicer", "slicer", "cuts a recorded sound into equal slices and plays one for each note from the root up",
        (
            _BUFFER, Parameter("slices", "", 1, 64, 8, "int", "how many slices"),
            Parameter("first_note", "", 0, 127, 36, "int", "note of the first slice"),
            Parameter("rate", "ratio", 0.25, 4, 1, "lin", "speed"), attack(0.001), release(0.02), _OPEN,
        ),
        roles=("perc", "texture", "keys"), pitched=False, tail_s=4.1,
    ),
    Device(
        "granular", "granular", "clouds of grains from a place in a recorded sound, at the note's pitch",
        (
            _BUFFER, _ROOT,
            percent("position", 20, "place in the sound"), percent("scan", 0, "how fast the place moves on"),
            percent("spray", 15, "how far grains scatter around the place"),
            Parameter("grain", "ms", 15, 400, 110, "exp", "length of a grain"),
            Parameter("scatter", "cents", 0, 1200, 6, "lin", "how far grains are out of tune"),
            percent("width", 70, "stereo width"), attack(0.3), release(0.8, 6.0), _OPEN,
        ),
        roles=("texture", "pad"), tail_s=6.2,
    ),
)  # fmt: skip

_ZONE = "comes with each zone of the instrument"


def _zone(id: str, low: float, high: float, default: float, unit: Unit = "") -> Parameter:
    return Parameter(id, unit, low, high, default, "lin", _ZONE, studio=True)


_MULTISAMPLE = Device(
    "multisample", "multisample", "recorded sounds for each key and velocity: from SFZ, SoundFont or one sample",
    (
        _BUFFER, replace(_BUFFER, id="loop_buffer"), _zone("root_note", -128, 255, 60),
        _zone("tracking", -1200, 1200, 100, "cents"), _zone("zone_db", -120, 24, 0, "db"), _zone("zone_pan", -1, 1, 0),
        _zone("once", 0, 1, 0), _zone("onward", 0, 1, 0), _zone("loop_at", 0, 2**40, 0),
        Parameter("transpose", "semitones", -24, 24, 0, "lin", "moves every note, by speed"),
        Parameter("attack", "s", 0.001, 20, 0.001, "exp", "time to full level, for all zones once it is set"),
        Parameter("hold", "s", 0, 20, 0, "lin", "time at full level"),
        Parameter("decay", "s", 0.001, 60, 0.001, "exp", "time to the level held"),
        percent("sustain", 100, "level held"),
        Parameter("release", "s", 0.005, 20, 0.05, "exp", "time to silence after the key"), _OPEN,
    ),
    roles=("keys", "perc", "texture", "chords", "pad", "lead"), tail_s=20.2,
)  # fmt: skip

SCENE_INSTRUMENTS: tuple[Device, ...] = (
    *finished("textures", *_TEXTURES), *finished("transitions", *_TRANSITIONS), *finished("samplers", *_SAMPLERS),
    *finished("samplers", _MULTISAMPLE),
)  # fmt: skip
