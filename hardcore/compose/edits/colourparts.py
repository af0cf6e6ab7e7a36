"""Colour part by part: what a step of each dimension of colour does to one part. `colour.py` has them by name."""

from collections.abc import Callable, Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.effectamount import change
from hardcore.compose.edits.equaliser import band, raised
from hardcore.compose.edits.filters import moved_pass, passes
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.width import widen
from hardcore.knowledge.terms import parameter_called
from hardcore.project import devices
from hardcore.project.parts import device_of, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, set_effect
from hardcore.project.units import Quantity

Made = tuple[ProjectState, str]  # the project, and what changed in words; nothing where nothing could
Paint = Callable[[ProjectState, Track, float], Made]

SHELF_DB, BAND_DB, DRIVE_DB, ADDED_DRIVE_DB, ATTACK_DB = 4.0, 3.0, 5.0, 10.0, 3.0
# what strikes: levels of the attack, the plainest first
STRIKES = ("click", "punch", "snap", "knock", "beater", "stick", "mallet", "slap", "hammer", "pick", "hard",
           "percussion", "accent", "chiff")  # fmt: skip
THICK = ("detune", "ensemble", "scatter", "chorus")


def brightness(project: ProjectState, track: Track, steps: float) -> Made:
    """A low-pass in force, else the instrument's own brightness, else the high shelf of an equaliser, 4 dB."""
    project, line = own_brightness(project, track, steps)
    return (project, line) if line else _band(project, track, "high", SHELF_DB * steps)


def own_brightness(project: ProjectState, track: Track, steps: float) -> Made:
    """Return it with the brightness that a part has without an equaliser changed."""
    own = parameter_called(device_of(track), "brightness") if plays(track) else None
    if (own is not None and own.id == "cutoff") or any(one.hz < 8000 for one in passes(track, "low")):
        project, line, _ = moved_pass(project, track, "low", Amount(by=steps))
        return project, line.partition(": ")[2]
    return _own(project, track, (own.id,) if own is not None else (), steps)


def warmth(project: ProjectState, track: Track, steps: float) -> Made:
    """Less bright by half a step, 2 dB more around 300 Hz, 2 dB of the instrument's drive."""
    return _together(
        project, track,
        lambda p, t: brightness(p, t, -0.5 * steps),
        lambda p, t: _band(p, t, "low-mid", 2.0 * steps),
        lambda p, t: _own(p, t, ("drive",), 0.5 * steps),
    )  # fmt: skip


def drive(project: ProjectState, track: Track, steps: float) -> Made:
    """The drive effect, else the instrument's own drive, 5 dB; where there is neither, a drive of 10 dB is added."""
    effect = next((effect for effect in track.effects if effect.device == "drive" and not effect.bypass), None)
    device = devices.effect("drive")
    if effect is not None and effect.value("mix") > 0:
        return _moved(project, track, Place(effect.id, device, device.parameter("drive")), DRIVE_DB * steps)
    own = next((one for one in device_of(track).shown if one.id == "drive"), None) if plays(track) else None
    if own is not None:
        return _moved(project, track, Place(track.id, device_of(track), own), DRIVE_DB * steps)
    if steps <= 0:
        return project, ""
    amount = min(ADDED_DRIVE_DB * steps, 30.0)
    # the level goes down by half the drive, so that more dirt is not simply louder
    settings = {"drive": amount, "level": -round(amount / 2, 1), "mix": 60.0}
    line = f"drive {amount:g} dB added"
    if effect is not None:  # one that another stretch of the piece has
        return set_effect(project, track.id, effect.id, settings), line
    return add_effect(project, track.id, "drive", settings, place=1)[0], line


def punch(project: ProjectState, track: Track, steps: float) -> Made:
    """The level of the instrument's stroke, else 3 dB of attack by a transient shaper, which is added."""
    project, line = _own(project, track, STRIKES, steps)
    if line:
        return project, line
    device = devices.effect("transient")
    effect = next((effect for effect in track.effects if effect.device == device.id and not effect.bypass), None)
    if effect is not None:
        return _moved(project, track, Place(effect.id, device, device.parameter("attack")), ATTACK_DB * steps)
    attack = min(max(ATTACK_DB * steps, -18.0), 18.0)
    return add_effect(project, track.id, device.id, {"attack": attack})[0], f"attack 0 → {attack:g} dB"


def weight(project: ProjectState, track: Track, steps: float) -> Made:
    """The instrument's sub oscillator, else the low shelf of an equaliser at 100 Hz, 3 dB."""
    project, line = _own(project, track, ("sub",), steps)
    return (project, line) if line else _band(project, track, "low", BAND_DB * steps)


def softness(project: ProjectState, track: Track, steps: float) -> Made:
    """Less bright by half a step, 2 dB less presence, an attack half as long again where the instrument has one."""
    return _together(
        project, track,
        lambda p, t: brightness(p, t, -0.5 * steps),
        lambda p, t: _band(p, t, "presence", -2.0 * steps),
        lambda p, t: _own(p, t, ("attack",), steps),
    )  # fmt: skip


def thickness(project: ProjectState, track: Track, steps: float) -> Made:
    """The instrument's detuning or ensemble, else a chorus, which is added; and 1.5 dB more around 300 Hz."""

    def voices(project: ProjectState, track: Track) -> Made:
        project, line = _own(project, track, THICK, steps)
        return (project, line) if line else _amount(project, track, "chorus", steps)

    return _together(project, track, voices, lambda p, t: _band(p, t, "low-mid", 1.5 * steps))


def space(project: ProjectState, track: Track, steps: float) -> Made:
    """The amount of reverb, as `effect change` has it."""
    return _amount(project, track, "reverb", steps)


def echo(project: ProjectState, track: Track, steps: float) -> Made:
    """The amount of delay, as `effect change` has it."""
    return _amount(project, track, "delay", steps)


def distance(project: ProjectState, track: Track, steps: float) -> Made:
    """More reverb by a step, less bright by half of one, 1.5 dB quieter."""

    def quieter(project: ProjectState, track: Track) -> Made:
        before = track.mixer.gain_db
        after = round(min(max(before - 1.5 * steps, -96.0), 24.0), 2)
        return project.with_mixer(track.id, gain_db=after), f"gain {before:g} → {after:g} dB"

    return _together(
        project, track, lambda p, t: space(p, t, steps), lambda p, t: brightness(p, t, -0.5 * steps), quieter
    )


def spread(project: ProjectState, track: Track, steps: float) -> Made:
    """How wide it is, as `track width` has it."""
    outcome = widen(project, [track], Amount(by=steps))
    return outcome.project, ", ".join(line.partition(": ")[2] for line in outcome.said)


def shelf(name: str) -> Paint:
    """Return what moves a band of an equaliser by 3 dB a step."""
    return lambda project, track, steps: _band(project, track, name, BAND_DB * steps)


def _together(project: ProjectState, track: Track, *paints: Callable[[ProjectState, Track], Made]) -> Made:
    lines = []
    for paint in paints:
        project, line = paint(project, project.find_track(track.id))
        lines += [line] if line else []
    return project, ", ".join(lines)


def _own(project: ProjectState, track: Track, names: Sequence[str], steps: float) -> Made:
    """Return it with the first of these parameters that its instrument has moved by steps."""
    known = {parameter.id: parameter for parameter in device_of(track).shown} if plays(track) else {}
    found = next((known[name] for name in names if name in known), None)
    if found is None:
        return project, ""
    project, line, _ = moved(project, track, Place(track.id, device_of(track), found), Move(steps=steps))
    return project, line.partition(": ")[2]


def _moved(project: ProjectState, track: Track, place: Place, by: float) -> Made:
    project, line, _ = moved(project, track, place, Move(by=Quantity(by)))
    return project, line.partition(": ")[2]


def _band(project: ProjectState, track: Track, name: str, by_db: float) -> Made:
    project, before, after = raised(project, track, band(name), Amount(by=by_db))
    return project, "" if before == after else f"{name} {before:g} → {after:g} dB"


def _amount(project: ProjectState, track: Track, effect: str, steps: float) -> Made:
    outcome = change(project, [track], effect, None, Move(steps=steps))
    return outcome.project, ", ".join(line.partition(": ")[2] or line for line in outcome.said)
