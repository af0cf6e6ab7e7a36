"""Playing: velocities that never change, sounds that stand still, a crowded low end, notes beside the key."""

from collections.abc import Iterator
from statistics import median, pstdev

from hardcore.compose.review.finding import Finding, Remedy, excess, percent, runs, where, within
from hardcore.compose.review.reading import LOW, Part, Reading
from hardcore.project.mixer import Effect
from hardcore.project.parts import device_of
from hardcore.project.roles import ACCOMPANIMENT, Role
from hardcore.project.track import Track

FLAT = 1.5  # standard deviation of velocities under which hits sound like a machine's
LOW_PITCH = 48  # below it chords and a bass make mud
CROWDED = 0.25  # of the notes of an accompaniment
OUTSIDE = 0.2  # of the notes of a part that was made by hand
_PLAYED: tuple[Role, ...] = ("snare", "hat_closed", "shaker", "perc", "lead", "keys", "pluck")
_HELD: tuple[Role, ...] = ("pad", "chords", "keys")
_MOVING_EFFECTS = (
    "autopan", "autowah", "chorus", "flanger", "formant", "freqshift", "phaser", "sidechain", "tremolo", "trance_gate",
    "beat_repeat",
)  # fmt: skip
_MOVING = ("movement", "chorus", "ensemble", "vibrato", "tremolo", "rotary", "pwm", "shimmer", "scan", "drift")
_MOVES_PERCENT = 8.0
_FEWEST = 16
_ROOM_HZ = 110.0


def flat(reading: Reading) -> Iterator[Finding]:
    """Yield parts that strike every note alike."""
    for part in reading.of(*_PLAYED):
        forces = [note.velocity for note in part.notes]
        if len(forces) < _FEWEST or pstdev(forces) >= FLAT:
            continue
        bars = (reading.bars[0], reading.bars[-1])
        spread = pstdev(forces)
        said = f"{part.track.name} strikes all {len(forces)} notes alike: velocities differ by {spread:.1f}"
        remedy = Remedy("velocity", {"tracks": part.track.id, "humanize": 20.0}, safe=True)
        yield Finding("velocity", said, 0.35, *bars, (part.track.id,), spread, FLAT, None, "", remedy)


def still(reading: Reading) -> Iterator[Finding]:
    """Yield held sounds in which nothing moves."""
    for part in reading.of(*_HELD):
        bar = reading.project.meter_map.bar_ticks()
        if len(reading.bars) < 4 or median(note.length_ticks for note in part.notes) < bar / 2 or moves(part.track):
            continue
        bars = (reading.bars[0], reading.bars[-1])
        said = f"nothing moves in {part.track.name}: {len(part.notes)} long notes, no envelope, no modulation"
        yield Finding("movement", said, 0.35, *bars, (part.track.id,), None, None, None, "", _movement(reading, part))


def _movement(reading: Reading, part: Part) -> Remedy:
    """Return a filter that opens along a song; in a loop, where that would jump at the seam, an effect."""
    instrument, project = part.track.instrument, reading.project
    assert instrument is not None
    cutoff = next((one for one in device_of(part.track).parameters if one.id == "cutoff"), None)
    if cutoff is None or not project.arrangement:
        return Remedy("effect add", {"tracks": part.track.id, "effect": "phaser"}, safe=True)
    now = instrument.value("cutoff")
    arguments = {
        "where": part.track.name, "parameter": "cutoff", "value": f"{min(2 * now, cutoff.high):.0f} hz",
        "start": f"{now:.0f} hz", "over": within(reading.bars[0], reading.bars[-1]),
    }  # fmt: skip
    return Remedy("automation ramp", arguments, safe=True)


def moves(track: Track) -> bool:
    """Return whether a sound changes while it is held."""
    if track.automation or any(clip.automation for clip in track.clips):
        return True
    if any(_is_moving(effect) for effect in track.effects):
        return True
    assert track.instrument is not None
    values = (track.instrument.value(one.id) for one in device_of(track).parameters if one.id in _MOVING)
    return any(value >= _MOVES_PERCENT for value in values)


def _is_moving(effect: Effect) -> bool:
    return effect.device in _MOVING_EFFECTS and not effect.bypass


def crowded(reading: Reading) -> Iterator[Finding]:
    """Yield accompaniments that play in the bass's octaves while it sounds."""
    under = reading.of(*LOW)
    for part in reading.of(*ACCOMPANIMENT) if under else ():
        low = [note for note in part.notes if note.pitch < LOW_PITCH]
        share = len(low) / len(part.notes)
        if share <= CROWDED or _thinned(part.track):
            continue
        bars = runs(sorted({reading.bar(note.tick) for note in low}))[0]
        said = (
            f"{part.track.name} and {under[0].track.name} share the low octaves in {where(*bars)}: "
            f"{percent(share)} of {part.track.name} lies under C3, at most {percent(CROWDED)} should"
        )
        remedy = Remedy("eq", {"tracks": part.track.id, "band": "low", "db": -4.0}, safe=True)
        weight = 0.3 + 0.3 * excess(share, CROWDED, 1.0)
        ids = (part.track.id, under[0].track.id)
        yield Finding("low end", said, weight, *bars, ids, share, None, CROWDED, "", remedy)


def _thinned(track: Track) -> bool:
    """Return whether an equaliser makes room below a part already."""
    cuts = [one for one in track.effects if one.device == "eq" and not one.bypass]
    return any(one.value("low_gain") <= -3.0 or one.value("low_cut") >= _ROOM_HZ for one in cuts)


def beside_the_key(reading: Reading) -> Iterator[Finding]:
    """Yield parts made by hand many of whose notes are not in the key."""
    for part in reading.parts:
        clip = next((clip for clip in part.track.clips if clip.notes), None)
        if not part.pitched or clip is None or any(one.provenance is not None for one in part.track.clips):
            continue
        off = [note for note in part.notes if not reading.project.key.contains(note.pitch)]
        share = len(off) / len(part.notes)
        if share <= OUTSIDE:
            continue
        bars = runs(sorted({reading.bar(note.tick) for note in off}))[0]
        key = reading.project.key.name
        said = f"{percent(share)} of {part.track.name} is not in {key}, most in {where(*bars)}"
        remedy = Remedy("clip scale", {"clip": clip.id})
        yield Finding("key", said, 0.5, *bars, (part.track.id,), share, None, OUTSIDE, "", remedy)
