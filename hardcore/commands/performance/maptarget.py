"""Targets: what a mapping's line moves or does: a parameter that has a value and a range, or a command to run.

`track gain`, `track pan`, `track set`, `effect set`, `send`, `crossfade`, `morph` without their value are parameters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from hardcore.commands.core.line import quoted, resolve
from hardcore.errors import Denied, UserError
from hardcore.project.automation import CROSSFADE, SEND
from hardcore.project.controlmap import ControlMap
from hardcore.project.device import Parameter
from hardcore.project.knobs import reached, travel
from hardcore.project.state import ProjectState
from hardcore.project.takeover import TOP
from hardcore.project.units import SAID
from hardcore.project.values import Effect

# What a mapping may change, whoever made it: a project of somebody else's has mappings, too.
PERMISSIONS: frozenset[Effect] = frozenset(("project", "player"))
_FADER = Parameter("gain", "db", -60, 6, 0)
_SEND = Parameter("send", "db", -60, 0, -12)
_DECIBELS = (-96.0, 24.0)
_PAN = Parameter("pan", "", -1, 1, 0)
_CROSSFADE = Parameter("crossfade", "", -1, 1, 0)
_MORPH = Parameter("morph", "percent", 0, 100, 0)
Edit = Callable[[ProjectState, float], ProjectState]


@dataclass(frozen=True, slots=True)
class Target:
    """A parameter that a knob moves.

    line       the command that sets it, but for the value; tracks are named by id
    words      that command as it is shown, tracks by name
    parameter  its range, unit and curve
    value      where it is now
    set        makes a pure edit of a new value
    before     what stands between that and the value in the command
    lane       what of a track an envelope would move: ids of the track and of what has the parameter, and its key;
               None where nothing would
    limits     the lowest and highest value that ends of a knob may have; None: the parameter's range
    """

    line: str
    words: str
    parameter: Parameter
    value: float
    set: Edit
    lane: tuple[str, str, str] | None
    before: str = " "
    limits: tuple[float, float] | None = None

    def said(self, value: float) -> str:
        """Return a value in words."""
        from hardcore.compose.edits.parameterchange import figure

        unit = SAID.get(self.parameter.unit, self.parameter.unit)
        return f"{figure(value)} {unit}".strip()

    def command(self, value: float) -> str:
        """Return the line that sets it to a value."""
        return f"{self.words}{self.before}{value:g}"


class Range(NamedTuple):
    """The values at both ends of a knob, `backwards` where the lower one is at its right."""

    parameter: Parameter
    backwards: bool = False

    def share(self, value: float) -> float:
        """Return where a knob would have to stand for a value, 0–1."""
        share = travel(self.parameter, value)
        return 1 - share if self.backwards else share

    @property
    def step(self) -> float:
        """Return how far one step of a knob without ends goes, 0–1: as far as there is another value."""
        apart = {"switch": 1.0, "int": 1 / max(self.parameter.high - self.parameter.low, 1)}
        return max(1 / TOP, apart.get(self.parameter.curve, 0.0))

    def value(self, share: float) -> float:
        """Return the value of a knob at 0–1."""
        return reached(self.parameter, 1 - share if self.backwards else share)


def range_of(one: ControlMap, target: Target) -> Range:
    """Return what a mapping's knob travels. Raises UserError for an end that the parameter does not reach."""
    parameter = target.parameter
    low = parameter.low if one.low is None else one.low
    high = parameter.high if one.high is None else one.high
    lowest, highest = target.limits or (parameter.low, parameter.high)
    for value in (low, high):
        if not lowest <= value <= highest:
            raise UserError(f"{target.words} does not reach {target.said(value)}", f"{lowest:g} to {highest:g}")
    curve = one.curve or parameter.curve
    if curve == "exp" and min(low, high) <= 0:
        raise UserError(f"an exponential curve cannot begin at {min(low, high):g}", "--curve lin")
    return Range(replace(parameter, low=min(low, high), high=max(low, high), curve=curve), low > high)


def target_of(project: ProjectState, line: str) -> Target | None:
    """Return the parameter that a line without its value means; None for a line that is whole.

    Raises UserError for a line that is no command, that names what is not there, or that no mapping may run.
    """
    reader, values = _read(line)
    return None if reader is None else reader.read(project, values)


def is_parameter(line: str) -> bool:
    """Return whether a line lacks its value; else it is a whole command. Raises UserError as `target_of` does."""
    return _read(line)[0] is not None


def _read(line: str) -> tuple["_Reader | None", dict[str, Any]]:
    """Return what reads the parameter that a line means, None for a line that is whole, and the line's arguments."""
    resolved = resolve(f"/{line.removeprefix('/')}")
    if resolved is None:
        raise UserError("say what is to be moved", "such as learn gain kick")
    known, values = resolved
    reader = _PARAMETERS.get(known.name)
    if reader is not None and set(values) <= reader.needs and reader.is_open(values):
        if missing := reader.needs - set(values):
            raise UserError(f"{known.name} needs {', '.join(sorted(missing))}", f"such as {reader.example}")
        return reader, values
    if beyond := known.effects.all - PERMISSIONS:
        raise Denied(f"no controller runs {known.name}: it changes {', '.join(sorted(beyond))}", "type it")
    if known.effects.confirms:
        raise UserError(f"{known.name} cannot be taken back, so no controller does it", f"type it: /{known.name}")
    known.parsed(values)
    return None, values


def _mixer(project: ProjectState, values: Mapping[str, Any], pan: bool) -> Target:
    from hardcore.compose.edits import levels
    from hardcore.compose.edits.amount import Amount

    track = project.find_track(values["tracks"])
    edit = levels.pan if pan else levels.gain
    name, parameter = ("pan", _PAN) if pan else ("gain", _FADER)
    value = track.mixer.pan if pan else track.mixer.gain_db

    def put(project: ProjectState, value: float) -> ProjectState:
        return edit(project, [project.find_track(track.id)], Amount(to=value)).project

    line, words = (f"track {name} {one}" for one in (track.id, quoted(track.name)))
    lane = (track.id, track.id, "pan" if pan else "gain_db")
    return Target(line, words, parameter, value, put, lane, limits=None if pan else _DECIBELS)


def _parameter(project: ProjectState, values: Mapping[str, Any]) -> Target:
    from hardcore.compose.edits.parameters import place

    track = project.find_track(values["tracks"])
    there = place(track, values["parameter"])
    name = there.parameter.id
    set_, value = _turning(project, track.id, there.owner, there.parameter)
    words = f"track set {quoted(track.name)} {name}"
    lane = (track.id, there.owner, name)
    return Target(f"track set {track.id} {name}", words, there.parameter, value, set_, lane)


def _effect(project: ProjectState, values: Mapping[str, Any]) -> Target:
    from hardcore.compose.edits.chain import heard
    from hardcore.knowledge.terms import parameter_called

    track, words = project.find_track(values["tracks"]), values["effect"]
    there = heard(project, track, words)
    if there is None:
        raise UserError(f"{track.name} has no {words}", "effect add puts one on it")
    device = there.effect.definition
    parameter = parameter_called(device, values["settings"]) or device.parameter(values["settings"])
    set_, value = _turning(project, there.track.id, there.effect.id, parameter)
    line, shown = (f"effect set {name} {words} {parameter.id}" for name in (track.id, quoted(track.name)))
    lane = (there.track.id, there.effect.id, parameter.id)
    return Target(line, shown, parameter, value, set_, lane, "=")


def _send(project: ProjectState, values: Mapping[str, Any]) -> Target:
    from hardcore.compose.edits import sends
    from hardcore.compose.edits.amount import Amount

    track, to = project.find_track(values["tracks"]), project.find_track(values["to"])
    here = sends.sent(track, to)

    def put(project: ProjectState, value: float) -> ProjectState:
        tracks = [project.find_track(track.id)]
        return sends.send(project, tracks, project.find_track(to.id), Amount(to=value)).project

    value = here.gain_db if here else sends.OFF_DB
    put(project, value)  # says why what is named is no return
    words = f"send {quoted(track.name)} {quoted(to.name)}"
    lane = (track.id, track.id, SEND + to.id)
    return Target(f"send {track.id} {to.id}", words, _SEND, value, put, lane, limits=_DECIBELS)


def _turning(project: ProjectState, track: str, owner: str, parameter: Parameter) -> tuple[Edit, float]:
    """Return the edit that turns a parameter of a track's instrument or effect, and its value."""
    from hardcore.compose.edits.parameterchange import turned_owner

    def put(project: ProjectState, value: float) -> ProjectState:
        return turned_owner(project, project.find_track(track), owner, parameter, lambda before: value)[0]

    return put, turned_owner(project, project.find_track(track), owner, parameter, lambda before: before)[1]


def _crossfade(project: ProjectState, values: Mapping[str, Any]) -> Target:
    def put(project: ProjectState, value: float) -> ProjectState:
        return project.with_mixer(project.master.id, crossfade=value)

    lane = (project.master.id, project.master.id, CROSSFADE)
    return Target("crossfade", "crossfade", _CROSSFADE, project.master.mixer.crossfade, put, lane)


def _morph(project: ProjectState, values: Mapping[str, Any]) -> Target:
    from hardcore.project.morph import morphed, place

    first, second = (project.find_scene(values[name]) for name in ("scene", "to"))

    def put(project: ProjectState, value: float) -> ProjectState:
        return morphed(project, project.find_scene(first.id), project.find_scene(second.id), value / 100)

    words = f"morph {quoted(first.name)} {quoted(second.name)}"
    return Target(f"morph {first.id} {second.id}", words, _MORPH, place(project, first, second) * 100, put, None)


class _Reader(NamedTuple):
    """How the line of a parameter is read: the arguments it needs, what makes a target of them, an example."""

    needs: set[str]
    read: Callable[[ProjectState, Mapping[str, Any]], Target]
    example: str

    def is_open(self, values: Mapping[str, Any]) -> bool:
        """Return whether a line lacks its value: settings of an effect are a name alone."""
        return "=" not in values.get("settings", "")


_PARAMETERS = {
    "track gain": _Reader({"tracks"}, lambda project, values: _mixer(project, values, False), "gain kick"),
    "track pan": _Reader({"tracks"}, lambda project, values: _mixer(project, values, True), "pan hats"),
    "track set": _Reader({"tracks", "parameter"}, _parameter, "set bass cutoff"),
    "effect set": _Reader({"tracks", "effect", "settings"}, _effect, "effect set bass filter cutoff"),
    "crossfade": _Reader(set(), _crossfade, "crossfade"),
    "morph": _Reader({"scene", "to"}, _morph, "morph A B"),
    "send": _Reader({"tracks", "to"}, _send, "send snare reverb"),
}
