"""The catalogue's drums. Unless it is pitched, a drum ignores the note's pitch; it rings until it has decayed."""

from hardcore.project.device import Device, Parameter
from hardcore.project.kit_instruments import KIT_INSTRUMENTS
from hardcore.project.parameters import drum, finished, tuned_drum

_KICKS: tuple[Device, ...] = (
    drum(
        "kick808", "808 kick", "long sine with a short pitch drop", "kick", 3.4,
        Parameter("tune", "hz", 30, 80, 48, "exp", "pitch of the tail"),
        Parameter("decay", "s", 0.1, 3, 1.1, "exp", "time to fall 60 dB"),
        Parameter("click", "db", -60, 6, -10, "lin", "level of the attack"),
        Parameter("drive", "db", 0, 30, 6, "lin", "saturation: fatter, more audible on small speakers"),
    ),
    drum(
        "kick909", "909 kick", "punchy techno kick", "kick", 1.5,
        Parameter("tune", "hz", 35, 90, 50, "exp", "pitch of the body"),
        Parameter("decay", "s", 0.08, 1.2, 0.42, "exp", "time to fall 60 dB"),
        Parameter("sweep", "semitones", 0, 48, 28, "lin", "how far above the body the pitch starts"),
        Parameter("click", "db", -60, 6, -10, "lin", "level of the attack"),
        Parameter("drive", "db", 0, 30, 8, "lin", "saturation"),
    ),
    tuned_drum(
        "kick_gabber", "gabber kick", "serial distortion with a tail on the note's pitch", "kick", 1.2, (26, 45),
        Parameter("stages", "stages", 1, 8, 3, "int", "passes through the distortion (doorlussen)"),
        Parameter("drive", "db", 0, 30, 14, "lin", "gain into each pass"),
        Parameter("decay", "s", 0.08, 1, 0.31, "exp", "length of the kick"),
        Parameter("tail", "semitones", -12, 12, 0, "lin", "where the tail's pitch glides to, from the note"),
        Parameter("tone", "hz", 800, 16000, 6500, "exp", "low-pass after the distortion"),
    ),
    drum(
        "kick_industrial", "industrial kick", "dry kick, ducked rumble and low ghosts", "kick", 4.2,
        Parameter("tune", "hz", 35, 80, 46, "exp", "pitch of the body"),
        Parameter("decay", "s", 0.08, 1.2, 0.38, "exp", "time the dry kick takes to fall 60 dB"),
        Parameter("click", "db", -60, 6, -8, "lin", "level of the attack"),
        Parameter("drive", "db", 0, 30, 12, "lin", "saturation of the dry kick"),
        Parameter("rumble", "db", -60, 6, -9, "lin", "level of the rumble between the kicks"),
        Parameter("length", "s", 0.1, 3, 0.5, "exp", "length of the rumble"),
        Parameter("tone", "hz", 60, 300, 180, "exp", "low-pass of rumble and ghosts"),
        Parameter("ghost", "db", -60, 6, -14, "lin", "level of the low-passed kicks after the kick"),
        Parameter("ghost_time", "s", 0.05, 0.25, 0.109, "exp", "distance of the ghosts, a sixteenth note"),
    ),
)  # fmt: skip

_SNARES: tuple[Device, ...] = (
    drum(
        "snare909", "909 snare", "two tuned shells and noise", "snare", 1.0,
        Parameter("tune", "hz", 120, 320, 185, "exp", "pitch of the lower shell"),
        Parameter("snap", "db", -40, 12, 0, "lin", "level of the noise"),
        Parameter("decay", "s", 0.05, 0.8, 0.28, "exp", "time the noise takes to fall 60 dB"),
        Parameter("tone", "hz", 2000, 16000, 9000, "exp", "brightness of the noise"),
    ),
    drum(
        "snare_break", "break snare", "a played snare with its room", "snare", 1.6,
        Parameter("tune", "hz", 130, 360, 205, "exp", "pitch of the head"),
        Parameter("snap", "db", -40, 12, 0, "lin", "level of the wires"),
        Parameter("decay", "s", 0.05, 0.8, 0.3, "exp", "time the wires take to fall 60 dB"),
        Parameter("ring", "s", 0.05, 1, 0.32, "exp", "how long the head rings"),
        Parameter("tone", "hz", 2000, 16000, 8500, "exp", "brightness of the wires"),
        Parameter("room", "db", -60, 0, -14, "lin", "level of the room"),
    ),
    drum(
        "clap", "clap", "several hands and a short room", "clap snare", 1.3,
        Parameter("spread", "ms", 3, 25, 10, "exp", "time between the hands"),
        Parameter("decay", "s", 0.05, 1, 0.36, "exp", "time to fall 60 dB"),
        Parameter("tone", "hz", 600, 3000, 1250, "exp", "centre of the band"),
    ),
    drum(
        "rim", "rim shot", "stick on the rim", "rim perc", 0.6,
        Parameter("tune", "hz", 800, 3000, 1667, "exp", "pitch of the upper resonance"),
        Parameter("decay", "s", 0.01, 0.3, 0.08, "exp", "time to fall 60 dB"),
        Parameter("tone", "hz", 1000, 10000, 4000, "exp", "brightness of the tick"),
    ),
)  # fmt: skip

_CYMBALS: tuple[Device, ...] = (
    drum(
        "hat_closed", "closed hat", "metal and noise, very short", "hat_closed", 0.6,
        Parameter("tune", "semitones", -12, 12, 0, "lin", "pitch of the metal"),
        Parameter("decay", "s", 0.01, 0.4, 0.11, "exp", "time to fall 60 dB"),
        Parameter("tone", "hz", 3000, 12000, 6500, "exp", "high-pass: thin and bright above"),
        Parameter("metal", "percent", 0, 100, 60, "lin", "noise at 0, metal at 100"),
    ),
    drum(
        "hat_open", "open hat", "the closed hat's metal, left to ring", "hat_open hat_closed", 1.7,
        Parameter("tune", "semitones", -12, 12, 0, "lin", "pitch of the metal"),
        Parameter("decay", "s", 0.1, 1.5, 0.45, "exp", "time to fall 60 dB"),
        Parameter("tone", "hz", 3000, 12000, 5800, "exp", "high-pass: thin and bright above"),
        Parameter("metal", "percent", 0, 100, 60, "lin", "noise at 0, metal at 100"),
    ),
    drum(
        "ride", "ride", "ping, bell and a long wash", "ride", 4.2,
        Parameter("tune", "semitones", -12, 12, 0, "lin", "pitch of the cymbal"),
        Parameter("decay", "s", 0.2, 4, 1.5, "exp", "time to fall 60 dB"),
        Parameter("tone", "hz", 2000, 10000, 4500, "exp", "high-pass of the wash"),
        Parameter("bell", "db", -60, 6, -20, "lin", "level of the bell"),
    ),
)  # fmt: skip

_PERCUSSION: tuple[Device, ...] = (
    tuned_drum(
        "tom", "tom", "tuned drum with a falling pitch", "tom", 2.2, (36, 64),
        Parameter("decay", "s", 0.1, 2, 0.55, "exp", "time to fall 60 dB"),
        Parameter("bend", "semitones", 0, 24, 7, "lin", "how far above the note the pitch starts"),
        Parameter("click", "db", -60, 12, -4, "lin", "level of the stick"),
    ),
    drum(
        "shaker", "shaker", "seeds forward and back", "shaker", 0.9,
        Parameter("tone", "hz", 2000, 12000, 6500, "exp", "centre of the band"),
        Parameter("attack", "ms", 1, 120, 28, "exp", "length of the forward throw"),
        Parameter("decay", "s", 0.02, 0.5, 0.09, "exp", "time to fall 60 dB"),
        Parameter("grain", "percent", 0, 100, 50, "lin", "smooth noise at 0, single seeds at 100"),
    ),
    tuned_drum(
        "perc", "hand drum", "from conga to wood block, on the note's pitch", "perc tom rim", 1.4, (48, 84),
        Parameter("wood", "percent", 0, 100, 35, "lin", "skin at 0, wood at 100"),
        Parameter("decay", "s", 0.05, 1.2, 0.34, "exp", "time to fall 60 dB"),
        Parameter("bend", "semitones", 0, 12, 2, "lin", "how far above the note the pitch starts"),
        Parameter("slap", "db", -60, 12, -2, "lin", "level of the hand"),
        Parameter("tone", "hz", 800, 8000, 2600, "exp", "brightness of the hand"),
    ),
)  # fmt: skip

DRUM_INSTRUMENTS: tuple[Device, ...] = (
    *finished("kicks", *_KICKS), *finished("snares", *_SNARES), *finished("cymbals", *_CYMBALS),
    *finished("percussion", *_PERCUSSION), *KIT_INSTRUMENTS,
)  # fmt: skip
