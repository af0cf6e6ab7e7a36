"""More synthesizers of the catalogue: basses, leads, pads. `tail_s` is the longest release their parameters allow."""

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
    resonance,
    rings,
    vibrato,
)

_BASSES = (
    Device(
        "ladder_bass", "ladder bass", "three oscillators into a ladder filter, as in the early monophonic synthesizers",
        (
            detune(6), percent("sub", 50, "level of the oscillator an octave below"), cutoff(320), resonance(25),
            env(26), decay(0.35, 2.0), percent("sustain", 55, "level while the key is held"), drive(6),
            release(0.06, 1.0), GLIDE,
        ),
        roles=("bass", "sub", "lead"), mono=True, tail_s=1.1, low_note=24, high_note=60,
    ),
    Device(
        "wobble", "wobble bass", "saws under a low-pass that an LFO opens and shuts",
        (
            Parameter("rate", "hz", 0.1, 24, 4.667, "exp", "speed of the wobble"),
            percent("depth", 80, "how far it opens"), percent("square", 40, "square against saw"), detune(12),
            cutoff(300), resonance(45), percent("sub", 60, "level of the sine below"), drive(10), attack(0.004),
            release(0.06, 1.0), GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=24, high_note=55,
    ),
    Device(
        "growl", "growl bass", "frequency modulation through moving vowels: neuro and dubstep",
        (
            percent("vowel", 30, "where between o and i the vowel is"), rate(1.2, "speed at which the vowel moves"),
            percent("movement", 60, "how far it moves"), Parameter("index", "ratio", 0, 8, 3, "lin", "roughness"),
            percent("sub", 55, "level of the sine below"), drive(14), attack(0.004), release(0.06, 1.0), GLIDE,
        ),
        roles=("bass", "lead"), mono=True, tail_s=1.1, low_note=24, high_note=55,
    ),
    Device(
        "donk", "donk", "hollow knock of an FM organ bass, on the off-beat",
        (
            rings(0.22, 1.5), Parameter("ratio", "ratio", 0.5, 6, 2, "lin", "modulator frequency over the note's"),
            Parameter("index", "ratio", 0, 8, 3.2, "lin", "hollowness of the attack"),
            percent("knock", 50, "level of the click"), drive(6), release(0.06, 1.0), GLIDE,
        ),
        roles=("bass", "pluck"), mono=True, tail_s=1.1, low_note=28, high_note=67,
    ),
    Device(
        "electric_bass", "electric bass", "plucked steel string, played with finger or pick",
        (
            rings(2.5, 6), percent("pick", 35, "finger at 0, pick at 100"), cutoff(2600),
            percent("slap", 0, "string hitting the frets"), drive(4), release(0.08, 1.0), GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=28, high_note=55,
    ),
    Device(
        "upright_bass", "upright bass", "plucked gut string on a wooden body",
        (
            rings(1.4, 4), percent("pick", 15, "how near the bridge it is plucked"), cutoff(1400),
            percent("body", 60, "resonance of the body"), percent("slap", 8, "string hitting the board"),
            release(0.1, 1.0), GLIDE,
        ),
        roles=("bass",), mono=True, tail_s=1.1, low_note=28, high_note=55,
    ),
)  # fmt: skip

_LEADS = (
    Device(
        "mono_lead", "mono lead", "two oscillators through a ladder, gliding",
        (
            percent("square", 30, "square against saw"), detune(8), cutoff(2200), resonance(30), env(18), decay(0.4),
            percent("sustain", 75, "level held"), drive(6), attack(0.004), release(0.12, 2.0), vibrato(8), GLIDE,
        ),
        roles=("lead", "bass"), mono=True, tail_s=2.1, low_note=36, high_note=96,
    ),
    Device(
        "sync_lead", "sync lead", "an oscillator forced to start over by another: tearing, vocal",
        (
            Parameter("ratio", "ratio", 1, 8, 2.6, "lin", "frequency of the torn oscillator over the note's"),
            env(14), decay(0.6), percent("body", 40, "level of the plain saw"), cutoff(7000), drive(6),
            attack(0.004), release(0.12, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.1, low_note=36, high_note=91,
    ),
    Device(
        "chip_lead", "chip lead", "pulse wave of a home computer, with fast arpeggio and vibrato",
        (
            percent("width", 25, "width of the pulse"),
            Parameter("arp", "semitones", 0, 12, 0, "int", "second note of the fast arpeggio; 0 is none"),
            Parameter("arp_rate", "hz", 5, 60, 25, "exp", "speed of the arpeggio"), vibrato(0), decay(1.2),
            percent("sustain", 70, "level held"), release(0.03, 1.0),
        ),
        roles=("lead", "pluck", "chords"), tail_s=1.1, low_note=36, high_note=96,
    ),
    Device(
        "screech", "screech", "thin resonant saw, clipped and peaked: the scream of the hard styles",
        (
            detune(16), cutoff(1800), resonance(70), env(24), decay(0.35), drive(24),
            Parameter("peak", "hz", 1000, 6000, 3000, "exp", "frequency that sticks out"), attack(0.003),
            release(0.08, 1.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=1.1, low_note=36, high_note=91,
    ),
    Device(
        "fm_lead", "FM lead", "two operators: from a soft reed to a metal edge",
        (
            Parameter("ratio", "ratio", 0.5, 8, 3, "lin", "modulator frequency over the note's"),
            Parameter("index", "ratio", 0, 8, 1.6, "lin", "brightness"), decay(0.6),
            percent("feedback", 15, "roughness of the modulator"), percent("sustain", 70, "level held"),
            attack(0.004), release(0.15, 2.0), vibrato(10),
        ),
        roles=("lead", "keys"), tail_s=2.1, low_note=36, high_note=96,
    ),
    Device(
        "whistle", "whistle", "nearly a sine, gliding, with breath: a theremin or a G-funk whine",
        (
            percent("breath", 12, "level of the air"), percent("edge", 15, "level of the overtones"), vibrato(14),
            attack(0.03), release(0.15, 2.0), GLIDE,
        ),
        roles=("lead",), mono=True, tail_s=2.1, low_note=48, high_note=98,
    ),
)  # fmt: skip

_PADS = (
    Device(
        "glass_pad", "glass pad", "bell partials that swell and beat slowly against each other",
        (
            detune(8), percent("shimmer", 40, "level of the upper partials"), rate(0.25, "speed of the movement"),
            percent("movement", 50, "how much it moves"), percent("width", 90, "stereo width"), attack(0.8),
            release(2.2, 6.0),
        ),
        roles=("pad", "texture", "keys"), tail_s=6.2, low_note=36, high_note=96,
    ),
    Device(
        "sweep_pad", "sweep pad", "saws under a resonant low-pass that opens over seconds",
        (
            detune(14), percent("width", 85, "stereo width"), cutoff(400), resonance(35), env(36),
            Parameter("sweep_time", "s", 0.2, 12, 3, "exp", "time the filter takes to open"), attack(0.5),
            release(2.0, 6.0),
        ),
        roles=("pad", "chords"), tail_s=6.2, low_note=36, high_note=96,
    ),
    Device(
        "wavetable", "wavetable", "five single-cycle waves, morphed by position, envelope and LFO",
        (
            percent("position", 30, "place in the table: sine, hollow, saw, vocal, digital"),
            percent("travel", 30, "how far the envelope moves the place"), rate(0.3, "speed of the LFO"),
            percent("movement", 15, "how far the LFO moves the place"), detune(9), percent("width", 70, "stereo width"),
            cutoff(9000), resonance(8), decay(1.0, 6.0), attack(0.02), release(0.4, 6.0),
        ),
        roles=("pad", "lead", "chords", "pluck"), tail_s=6.2, low_note=36, high_note=96,
    ),
)  # fmt: skip

SYNTH_INSTRUMENTS: tuple[Device, ...] = (
    *finished("basses", *_BASSES), *finished("leads", *_LEADS), *finished("pads", *_PADS),
)  # fmt: skip
