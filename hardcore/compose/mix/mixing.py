"""Mix: instruments, settings, faders, sends and effects for a plan's parts, as its levels bend them.

Darkness, drive, space, movement and energy act on whatever parameters a device has, by what the parameter is; at the
genre's own level every setting is as the genre file has it.
"""

from collections.abc import Callable, Mapping
from math import log2

from hardcore.compose.chance import pick, stream
from hardcore.compose.form.transition import CLIMB, climb_s, climb_ticks
from hardcore.compose.plan import Plan, sources
from hardcore.knowledge.groove import groove as known_groove
from hardcore.knowledge.mixing import OFF_HZ, RoleMix, mixing, role_mix
from hardcore.knowledge.sound import Group, Insert, Sound, Strip
from hardcore.music.groove import GrooveTemplate, swing
from hardcore.music.pitch import frequency
from hardcore.music.ticks import WHOLE
from hardcore.project import devices
from hardcore.project.devices import Device, Parameter
from hardcore.project.roles import Role

Bend = Callable[[Plan, float], float]

# what the levels do to a parameter of that name; `v` is its setting
BENDS: Mapping[str, Bend] = {
    "cutoff": lambda plan, v: v * 2 ** (0.9 * plan.shift("energy") - 2.2 * plan.shift("darkness")),
    "tone": lambda plan, v: v * 2 ** (-1.2 * plan.shift("darkness")),
    "damp": lambda plan, v: v * 2 ** (-1.6 * plan.shift("darkness")),
    "bright": lambda plan, v: v - 50 * plan.shift("darkness"),
    "env": lambda plan, v: v + 10 * plan.shift("energy"),
    "drive": lambda plan, v: v + 14 * plan.shift("drive"),
    "stages": lambda plan, v: v + round(3 * plan.shift("drive")),
    "bits": lambda plan, v: v - 5 * max(0.0, plan.shift("drive")),
    "index": lambda plan, v: v * 2 ** plan.shift("drive"),
    "click": lambda plan, v: v + 5 * plan.shift("energy"),
    "accent": lambda plan, v: v + 20 * plan.shift("energy"),
    "movement": lambda plan, v: v + 60 * plan.shift("movement"),
    "pwm": lambda plan, v: v + 30 * plan.shift("movement"),
    "release": lambda plan, v: v * 2 ** (1.2 * plan.shift("space")),
    "room": lambda plan, v: v + 10 * plan.shift("space"),
    "feedback": lambda plan, v: v + 25 * plan.shift("space"),
}
# effects where `decay` is the length of a room, not of a sound
_SPACE_DECAY: Bend = lambda plan, v: v * 2 ** (1.6 * plan.shift("space"))  # noqa: E731
SEND_DB_OF_SPACE = 16.0
# the parts that the others' low cuts make room for
LOWEST: tuple[Role, ...] = ("kick", "bass", "sub")


def sound(plan: Plan, role: Role) -> Sound:
    """Return the instrument that plays a role: the one asked for, else one of the palette by weight, mood and draw."""
    palette = next((found for known in sources(plan) if (found := known.palette.get(role))), ())
    asked = plan.devices.get(role)
    if asked is not None:
        known = [one for one in palette if one.device == asked]
        if not known:
            return _plain(plan, role, asked)
        palette = tuple(known)
    if not palette:
        return Sound(device=next(device.id for device in devices.instruments().values() if role in device.roles))
    fitting = [one for one in palette if _fits(one, plan)] or list(palette)
    return pick(fitting, [one.weight for one in fitting], stream(plan.seed, role, "sound").random())


def _plain(plan: Plan, role: Role, asked: str) -> Sound:
    """Return a device that the genre does not give this role, set as another role or genre has it if any does."""
    for known in sources(plan):
        for one in (*known.palette.get(role, ()), *(one for row in known.palette.values() for one in row)):
            if one.device == asked:
                return one
    return Sound(device=devices.instrument(asked).id)


def _fits(one: Sound, plan: Plan) -> bool:
    return one.energy[0] <= plan.energy <= one.energy[1] and one.darkness[0] <= plan.darkness <= one.darkness[1]


def settings(plan: Plan, device: Device, written: Mapping[str, float], beats: Mapping[str, float]) -> dict[str, float]:
    """Return a device's settings: the written ones, times in beats as seconds, bent by the plan's levels.

    Only what differs from the device's default is kept; all is within its ranges.
    """
    values = {**written, **{name: _seconds(plan, device.parameter(name), length) for name, length in beats.items()}}
    for parameter in device.parameters:
        value = values.get(parameter.id, parameter.default)
        bend = _SPACE_DECAY if device.id == "reverb" and parameter.id == "decay" else BENDS.get(parameter.id)
        if bend is not None and parameter.id not in beats:
            value = bend(plan, value)
        values[parameter.id] = _tidy(parameter, value)
    return {parameter.id: values[parameter.id] for parameter in device.parameters if _set(parameter, values, written)}


def _set(parameter: Parameter, values: Mapping[str, float], written: Mapping[str, float]) -> bool:
    return values[parameter.id] != parameter.default or parameter.id in written


def _tidy(parameter: Parameter, value: float) -> float:
    """Return the value within its range, to four digits."""
    if parameter.curve in ("int", "switch"):
        value = round(value)
    clamped = min(max(float(value), parameter.low), parameter.high)
    short = float(f"{clamped:.4g}")
    return short if parameter.low <= short <= parameter.high else clamped


def _seconds(plan: Plan, parameter: Parameter, beats: float) -> float:
    """Return a length in quarters as the parameter's unit; halved or doubled until it is in range."""
    value = beats * 60 / plan.bpm * (1000 if parameter.unit == "ms" else 1)
    if parameter.unit == "hz":
        value = 1 / value
    while value > parameter.high:
        value /= 2
    while value < parameter.low:
        value *= 2
    return value


def instrument_settings(plan: Plan, role: Role, one: Sound) -> dict[str, float]:
    """Return the settings of a role's instrument; a kick or blow with a `tune` in Hz is tuned to the key's tonic.

    A riser climbs as long as its notes are.
    """
    device = devices.instrument(one.device)
    found = settings(plan, device, one.settings, one.beats)
    parameter = tune_of(device)
    if role in ("kick", "impact") and parameter is not None:
        written = one.settings.get("tune", parameter.default)
        found["tune"] = _tidy(parameter, tonic_hz(plan.key.tonic, written, parameter))
    climb = climb_s(climb_ticks(plan, device), plan.bpm, device) if role == "riser" else None
    if climb is not None:
        found[CLIMB] = climb
    return found


def tune_of(device: Device) -> Parameter | None:
    """Return the parameter that tunes an instrument in Hz; None for one that has none."""
    return next((known for known in device.parameters if known.id == "tune" and known.unit == "hz"), None)


def tonic_hz(tonic: int, near: float, parameter: Parameter) -> float:
    """Return the frequency of a pitch class in the octave nearest to `near`, within the parameter's range."""
    octaves = [frequency(pitch) for pitch in range(tonic, 128, 12)]
    inside = [hz for hz in octaves if parameter.low <= hz <= parameter.high] or octaves
    return min(inside, key=lambda hz: abs(log2(hz / near)))


def strip(plan: Plan, role: Role) -> Strip:
    """Return a role's place in the mix: the genre's, else the nearest kin's; its sends follow the wanted space."""
    found = next((one for known in sources(plan) if (one := known.mix.strips.get(role))), Strip())
    more = SEND_DB_OF_SPACE * plan.shift("space")
    known = plan.genre.mix.returns
    sends = {name: min(max(gain + more, -95.0), 6.0) for name, gain in found.sends.items() if name in known}
    return found.evolve(sends={name: round(gain, 1) for name, gain in sends.items()}, gain_db=_gain(plan, role, found))


def _gain(plan: Plan, role: Role, found: Strip) -> float:
    """Return the fader: `loud` and `quiet` among the role's traits move it, darkness turns cymbals down."""
    words = plan.traits.get(role, ())
    gain = found.gain_db + 4 * ("loud" in words) - 5 * ("quiet" in words)
    if role in ("hat_closed", "hat_open", "ride", "shaker"):
        gain -= 5 * plan.shift("darkness")
    return round(min(max(gain, -30.0), 12.0), 1)


def slot(plan: Plan, role: Role, place: Strip) -> tuple[Insert, ...]:
    """Return the effects that keep a part in its own frequencies and width; none where the genre has its own."""
    wanted = role_mix(role, place)
    own = {insert.device for insert in place.inserts}
    cut = _room(plan, role, wanted) if "eq" not in own else {}
    found = [Insert(device="eq", settings=cut)] if cut else []
    if wanted.width != 100 and "width" not in own:
        found.append(Insert(device="width", settings={"width": wanted.width}))
    return tuple(found)


def _room(plan: Plan, role: Role, wanted: RoleMix) -> dict[str, float]:
    """Return the settings of the equaliser that makes room: a low cut, and dips under what plays above."""
    below = any(other in plan.roles for other in LOWEST if other != role)
    found = {"low_cut": wanted.low_cut} if wanted.low_cut > OFF_HZ and below else {}
    for number, dip in enumerate((dip for dip in wanted.dips if dip.under in plan.roles), 1):
        found |= {f"mid{number}_freq": dip.freq, f"mid{number}_gain": dip.gain, f"mid{number}_q": dip.q}
    return found


def groups(plan: Plan) -> dict[str, Group]:
    """Return the groups of the genre that enough of the plan's parts go through, by name."""
    return {
        name: group
        for name, group in plan.genre.mix.groups.items()
        if sum(role in plan.roles for role in group.roles) >= group.least
    }


def chain(plan: Plan, inserts: tuple[Insert, ...]) -> list[tuple[Insert, dict[str, float]]]:
    """Return the effects of a chain with their settings; one that listens to a missing part is left out."""
    return [
        (insert, settings(plan, devices.effect(insert.device), insert.settings, insert.beats))
        for insert in inserts
        if insert.side is None or insert.side in plan.roles
    ]


def master(plan: Plan) -> tuple[Insert, ...]:
    """Return the master's chain: mono low end, and the limiter driven as the genre's loudness needs it."""
    known = plan.genre.mix
    below = mixing().mono_below
    mono = below > 0 and all(insert.device != "width" for insert in known.master)
    low_end = (Insert(device="width", settings={"mono_below": below}),) if mono else ()
    pushed = {} if known.limiter_gain_db is None else {"gain": known.limiter_gain_db}
    return low_end + tuple(
        insert.evolve(settings={**insert.settings, **pushed}) if insert.device == "limiter" else insert
        for insert in known.master
    )


def groove(plan: Plan) -> GrooveTemplate | None:
    """Return the project's groove: the one asked for, else the swing, with the genre's accents where they fit the bar.

    None when it is played straight.
    """
    if plan.groove is not None:
        return known_groove(plan.groove)
    known = plan.genre.swing
    step = WHOLE // known.grid
    base = swing(plan.swing_percent, step)
    fits = known.velocity and plan.bar_ticks % (len(known.velocity) * step) == 0
    if not fits:
        return base if plan.swing_percent > 50 else None
    count = len(known.velocity) * (1 if len(known.velocity) % 2 == 0 else 2)
    timing = tuple(base.timing[step % 2] for step in range(count))
    velocity = tuple(known.velocity[step % len(known.velocity)] for step in range(count))
    name = f"{plan.genre.name} swing {plan.swing_percent:g} %"
    label = f"{plan.genre_id}-{plan.swing_percent:g}"
    return base.evolve(id=label, name=name, timing=timing, velocity=velocity)
