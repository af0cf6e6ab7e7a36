"""The catalogue's played instruments: keys, guitars, mallets, strings, brass, winds, voices."""

from hardcore.project.device import Device, Parameter
from hardcore.project.parameters import (
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
    rings,
    vibrato,
)

_WIDTH = percent("width", 70, "stereo width")

_KEYS = (
    Device(
        "piano", "piano", "hammered strings with stiff partials, soft or bright by how hard they are hit",
        (
            rings(4, 10), percent("hammer", 45, "hardness of the hammer"), percent("bright", 50, "upper partials"),
            percent("width", 60, "stereo width"), release(0.25, 2.0),
        ),
        roles=("keys", "chords"), tail_s=2.1, low_note=28, high_note=96,
    ),
    Device(
        "clavinet", "clavinet", "hammered strings under pickups: nasal and funky",
        (
            rings(1.6, 4), cutoff(6000), percent("phase", 70, "how nasal the pickups are"),
            percent("quack", 25, "auto-wah"), drive(5), release(0.04, 1.0),
        ),
        roles=("keys", "pluck"), tail_s=1.1, low_note=29, high_note=88,
    ),
    Device(
        "harpsichord", "harpsichord", "strings plucked by quills, with a register an octave up",
        (rings(2.2, 6), percent("octave", 50, "level of the 4-foot register"), cutoff(9000), release(0.06, 1.0)),
        roles=("keys", "pluck"), tail_s=1.1, low_note=29, high_note=88,
    ),
    Device(
        "pipe_organ", "pipe organ", "flue pipes in ranks, with wind and a church's slow speech",
        (
            percent("principal", 70, "8 and 4 foot"), percent("mixture", 35, "the high ranks"),
            percent("sub", 30, "the 16-foot rank"), percent("wind", 20, "noise of the wind"), attack(0.05),
            release(0.2, 2.0),
        ),
        roles=("keys", "pad", "chords"), tail_s=2.1, low_note=36, high_note=96,
    ),
    Device(
        "house_organ", "house organ", "short FM organ of house and garage bass lines and chords",
        (
            decay(0.4, 2.0), percent("knock", 45, "level of the attack"), percent("third", 35, "level of the twelfth"),
            percent("sustain", 35, "level while the key is held"), drive(4), release(0.06, 1.0),
        ),
        roles=("keys", "chords", "bass"), tail_s=1.1, low_note=28, high_note=91,
    ),
)  # fmt: skip

_GUITARS = (
    Device(
        "nylon_guitar", "nylon guitar", "soft plucked strings on a warm body",
        (
            rings(2.4, 6), percent("pick", 35, "how near the bridge it is plucked"), cutoff(4200),
            percent("body", 60, "resonance of the body"), release(0.12, 1.0),
        ),
        roles=("pluck", "chords", "keys"), tail_s=1.1, low_note=40, high_note=84,
    ),
    Device(
        "electric_guitar", "electric guitar", "steel strings, palm mute, amplifier and speaker",
        (
            rings(3.5, 8), percent("pick", 60, "how near the bridge it is picked"), cutoff(6000),
            percent("mute", 0, "palm on the strings"), drive(8), release(0.1, 1.0),
        ),
        roles=("pluck", "lead", "chords"), tail_s=1.1, low_note=40, high_note=88,
    ),
    Device(
        "harp", "harp", "round plucked strings, spread wide",
        (rings(3, 8), cutoff(3800), _WIDTH, release(0.6, 3.0)),
        roles=("pluck", "keys"), tail_s=3.1, low_note=36, high_note=96,
    ),
    Device(
        "koto", "koto", "silk strings that bend into the note",
        (
            rings(2, 6), cutoff(7000), percent("bend", 40, "how far above the note it starts, cents"),
            percent("buzz", 20, "buzz of the bridge"), release(0.3, 2.0),
        ),
        roles=("pluck", "lead"), tail_s=2.1, low_note=43, high_note=88,
    ),
)  # fmt: skip


def _mallet(
    id: str, name: str, help: str, roles: str, ring_s: float, notes: tuple[int, int], *more: Parameter
) -> Device:
    return Device(
        id, name, help,
        (
            rings(ring_s, max(2.0, ring_s * 2.5)), percent("hard", 40, "hardness of the mallet"), *more,
            percent("width", 40, "stereo width"), release(min(1.0, ring_s * 0.5), 3.0),
        ),
        roles=tuple(roles.split()), tail_s=3.1, low_note=notes[0], high_note=notes[1],
    )  # fmt: skip


_MALLETS = (
    _mallet("marimba", "marimba", "rosewood bars over tubes", "pluck keys perc", 0.7, (41, 96)),
    _mallet(
        "vibraphone", "vibraphone", "aluminium bars with turning fans", "keys pluck", 3.0, (53, 89),
        percent("tremolo", 40, "depth of the fans"), rate(5.2, "speed of the fans"),
    ),
    _mallet("glockenspiel", "glockenspiel", "small steel bars, very bright", "pluck keys", 1.6, (60, 103)),
    _mallet("music_box", "music box", "tuned steel combs in a small case", "pluck keys", 1.2, (55, 98)),
    _mallet("tubular_bell", "tubular bell", "an orchestra's church bell", "keys pluck texture", 4.0, (48, 84)),
    _mallet("kalimba", "kalimba", "tines over a wooden box", "pluck perc keys", 0.9, (48, 91)),
    _mallet("steel_drum", "steel drum", "a tuned oil barrel", "pluck lead keys", 1.1, (48, 88)),
)  # fmt: skip

_STRINGS = (
    Device(
        "strings", "string ensemble", "a section of bowed strings",
        (
            detune(11), percent("width", 85, "stereo width"), cutoff(4200), vibrato(10),
            percent("ensemble", 60, "wet level of the ensemble chorus"), attack(0.18), release(0.6, 4.0),
        ),
        roles=("pad", "chords", "lead"), tail_s=4.2, low_note=36, high_note=96,
    ),
    Device(
        "fiddle", "fiddle", "one bowed string on its body",
        (
            percent("pressure", 45, "pressure of the bow"), percent("body", 60, "resonance of the body"), vibrato(16),
            attack(0.06), release(0.15, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.1, low_note=55, high_note=98,
    ),
    Device(
        "pizzicato", "pizzicato", "a section of plucked strings",
        (rings(0.6, 2), cutoff(3200), percent("body", 50, "resonance of the bodies"), _WIDTH, release(0.2, 1.0)),
        roles=("pluck", "chords"), tail_s=1.1, low_note=36, high_note=91,
    ),
)  # fmt: skip

_BRASS = (
    Device(
        "brass", "brass section", "horns of a section: brighter the louder they are blown",
        (
            detune(8), _WIDTH, cutoff(700), env(30), attack(0.05), decay(0.5),
            percent("scoop", 25, "how far the note starts flat"), vibrato(0), release(0.12, 2.0),
        ),
        roles=("chords", "lead", "pad"), tail_s=2.1, low_note=36, high_note=88,
    ),
    Device(
        "trumpet", "trumpet", "one horn, open or muted",
        (
            percent("mute", 0, "the mute in the bell"), Parameter("index", "ratio", 0, 6, 2.6, "lin", "brightness"),
            vibrato(12), attack(0.03), release(0.1, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.1, low_note=52, high_note=86,
    ),
)  # fmt: skip

_WINDS = (
    Device(
        "flute", "flute", "a column of air, with breath and a chiff",
        (
            percent("breath", 30, "noise of the breath"), percent("chiff", 40, "noise of the attack"), vibrato(14),
            attack(0.05), release(0.12, 2.0), GLIDE,
        ),
        roles=("lead", "keys"), mono=True, tail_s=2.1, low_note=60, high_note=98,
    ),
    Device(
        "clarinet", "clarinet", "a reed on a closed tube: odd partials",
        (
            percent("breath", 12, "noise of the breath"), cutoff(2600), vibrato(6), attack(0.04), release(0.1, 2.0),
            GLIDE,
        ),
        roles=("lead", "keys"), mono=True, tail_s=2.1, low_note=50, high_note=91,
    ),
    Device(
        "sax", "saxophone", "a reed on a cone: rough, vocal, scooping into the note",
        (
            percent("growl", 20, "roughness"), percent("breath", 20, "noise of the breath"),
            percent("scoop", 30, "how far the note starts flat"), cutoff(3400), vibrato(14), attack(0.03),
            release(0.1, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.1, low_note=49, high_note=82,
    ),
)  # fmt: skip

_VOICES = (
    Device(
        "choir", "choir", "many voices on one vowel",
        (
            percent("vowel", 50, "from o over a and e to i"), detune(14), percent("width", 85, "stereo width"),
            percent("breath", 15, "noise of the breath"), vibrato(14), attack(0.25), release(0.8, 4.0),
        ),
        roles=("pad", "chords", "texture"), tail_s=4.2, low_note=40, high_note=84,
    ),
    Device(
        "vox", "vox", "one synthetic voice, gliding from vowel to vowel",
        (
            percent("vowel", 35, "from o over a and e to i"), percent("travel", 35, "how far the vowel moves"),
            decay(0.5), percent("breath", 8, "noise of the breath"), vibrato(18), attack(0.02), release(0.15, 2.0),
            GLIDE,
        ),
        roles=("lead", "pluck"), mono=True, tail_s=2.1, low_note=40, high_note=84,
    ),
)  # fmt: skip

PLAYED_INSTRUMENTS: tuple[Device, ...] = (
    *finished("keys", *_KEYS), *finished("guitars", *_GUITARS), *finished("mallets", *_MALLETS),
    *finished("strings", *_STRINGS), *finished("brass", *_BRASS), *finished("winds", *_WINDS),
    *finished("voices", *_VOICES),
)  # fmt: skip
