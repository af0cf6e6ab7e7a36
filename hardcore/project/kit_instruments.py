"""More drums of the catalogue: the other machines, the acoustic kit, hands and metal."""

from hardcore.project.device import Device, Parameter
from hardcore.project.parameters import drum, finished, tuned_drum


def _tune(low: float, high: float, default: float, what: str = "pitch") -> Parameter:
    return Parameter("tune", "hz", low, high, default, "exp", what)


def _decay(low: float, high: float, default: float, what: str = "time to fall 60 dB") -> Parameter:
    return Parameter("decay", "s", low, high, default, "exp", what)


def _tone(low: float, high: float, default: float, what: str) -> Parameter:
    return Parameter("tone", "hz", low, high, default, "exp", what)


def _db(id: str, default: float, what: str, high: float = 6) -> Parameter:
    return Parameter(id, "db", -60, high, default, "lin", what)


def _drive(default: float) -> Parameter:
    return Parameter("drive", "db", 0, 30, default, "lin", "saturation")


_KICKS = (
    drum(
        "kick606", "606 kick", "small dry analogue kick", "kick", 0.9,
        _tune(40, 110, 62, "pitch of the body"), _decay(0.05, 0.7, 0.22), _db("click", -10, "level of the attack"),
        _drive(9),
    ),
    drum(
        "kick_acoustic", "acoustic kick", "beater, head and shell in a room", "kick", 1.4,
        _tune(40, 110, 62, "pitch of the head"), _decay(0.08, 1, 0.32),
        _db("beater", -4, "level of the beater"), _tone(1000, 8000, 3200, "brightness of the beater"),
        _db("room", -16, "level of the room", 0),
    ),
    tuned_drum(
        "kick_hard", "hardstyle kick", "a punch, then a screaming tail on the note's pitch", "kick", 1.5, (26, 45),
        _decay(0.12, 1.2, 0.38, "length of the tail"), _drive(20),
        Parameter("punch", "percent", 0, 100, 70, "lin", "level of the punch"),
        Parameter("sweep", "semitones", 0, 48, 34, "lin", "how far above the tail the pitch starts"),
        _tone(500, 12000, 4200, "low-pass of the tail"),
    ),
)  # fmt: skip

_SNARES = (
    drum(
        "snare808", "808 snare", "two bridged-T tones and high-passed noise", "snare", 0.9,
        _tune(120, 300, 176, "pitch of the lower tone"), _decay(0.05, 0.7, 0.2),
        Parameter("snap", "db", -40, 12, 0, "lin", "level of the noise"),
        _tone(1500, 12000, 5200, "brightness of the noise"),
    ),
    drum(
        "snare_gated", "gated snare", "a big room, cut off", "snare", 1.1,
        _tune(110, 300, 165, "pitch of the shell"), _decay(0.08, 0.8, 0.26, "length of the room"),
        Parameter("snap", "db", -40, 12, 0, "lin", "level of the wires"),
        _tone(2000, 14000, 6500, "brightness of the room"),
    ),
    drum(
        "snap", "finger snap", "fingers in a small room", "clap snare", 0.8,
        _tune(1200, 4000, 2300, "pitch of the snap"), _decay(0.04, 0.6, 0.18),
        _db("room", -14, "level of the room", 0),
    ),
    drum(
        "clave", "clave", "two hard sticks", "rim perc", 0.5,
        _tune(1200, 4500, 2450), _decay(0.02, 0.3, 0.07), _db("click", -10, "level of the stroke"),
    ),
)  # fmt: skip

_CYMBALS = (
    drum(
        "hat_acoustic", "acoustic hat", "two bronze cymbals, shut or let go", "hat_closed hat_open", 1.7,
        Parameter("tune", "semitones", -12, 12, 0, "lin", "pitch of the bronze"), _decay(0.02, 1.5, 0.09),
        _tone(2500, 12000, 5200, "high-pass: thin and bright above"),
        Parameter("stick", "db", -60, 6, -12, "lin", "level of the stick"),
    ),
    drum(
        "crash", "crash", "a large cymbal that opens and washes out", "ride", 5.4,
        Parameter("tune", "semitones", -12, 12, 0, "lin", "pitch of the cymbal"), _decay(0.3, 5, 2.2),
        _tone(1500, 9000, 3200, "high-pass of the wash"),
        Parameter("bloom", "ms", 1, 80, 12, "exp", "time in which it opens"),
    ),
)  # fmt: skip

_PERCUSSION = (
    drum(
        "cowbell", "cowbell", "two square waves through a band", "perc", 1.1,
        _tune(350, 900, 540, "pitch of the lower square"), _decay(0.05, 0.9, 0.3),
        _tone(600, 5000, 1600, "centre of the band"),
    ),
    drum(
        "anvil", "anvil", "struck iron: inharmonic, hard, industrial", "perc rim", 2.2,
        _tune(150, 2000, 520), _decay(0.05, 2, 0.5),
        Parameter("ratio", "ratio", 1.1, 7.9, 3.73, "lin", "how far the partials lie apart"),
        Parameter("index", "ratio", 0, 12, 5, "lin", "harshness"), _drive(6),
    ),
    drum(
        "zap", "zap", "a laser: a sine that falls through the octaves", "perc tom", 0.9,
        _tune(40, 400, 90, "where it falls to"), _decay(0.03, 0.7, 0.2),
        Parameter("sweep", "semitones", 6, 84, 54, "lin", "how far above that it starts"), _drive(6),
    ),
    drum(
        "tambourine", "tambourine", "jingles", "shaker perc", 0.9,
        _tune(3000, 9000, 5600, "pitch of the jingles"), _decay(0.04, 0.7, 0.2),
        Parameter("rattle", "percent", 0, 100, 45, "lin", "how loosely the jingles hit"),
    ),
    tuned_drum(
        "tom_synth", "electronic tom", "hexagonal pad of the eighties: sine, noise, a long fall", "tom", 2.2, (36, 64),
        _decay(0.1, 2, 0.6), Parameter("bend", "semitones", 0, 36, 14, "lin", "how far above the note it starts"),
        _db("noise", -16, "level of the noise"),
    ),
    tuned_drum(
        "timpani", "timpani", "a kettledrum on the note's pitch", "tom perc", 4.4, (36, 57),
        _decay(0.3, 4, 1.6), _db("mallet", -8, "level of the mallet"),
        _tone(300, 4000, 1100, "hardness of the mallet"),
    ),
)  # fmt: skip

KIT_INSTRUMENTS: tuple[Device, ...] = (
    *finished("kicks", *_KICKS), *finished("snares", *_SNARES), *finished("cymbals", *_CYMBALS),
    *finished("percussion", *_PERCUSSION),
)  # fmt: skip
