"""Mappings: knobs, faders and buttons of MIDI controllers that move parameters and run commands."""

import asyncio
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Choice, FileName, Kind
from hardcore.commands.performance.bank import is_placed
from hardcore.commands.performance.midi import Channel, PortName, plugged
from hardcore.controller.events import MidiReceived
from hardcore.errors import HardcoreError, UserError
from hardcore.music.pitch import parse_note
from hardcore.project import controlmaps
from hardcore.project.controlmap import NUMBERED, ControlMap, MapCurve, MapMode
from hardcore.project.state import ProjectState
from hardcore.project.takeover import STEPS, TOP

# A knob that stands still sends a step more or less now and then: it has moved when it went farther.
JITTER = 2
_SENT = re.compile(r"(cc|note|fine|nrpn|program|poly|pressure|bend)\s*(\S*)", re.IGNORECASE)
_TARGETS = ("gain kick", "pan hats", "set bass cutoff", "effect set bass filter cutoff", "launch next", "play", "stop")


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return map(Choice, _TARGETS)


def _maps(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(str(place), f"{one.name}: {one.target}") for place, one in enumerate(project.maps, 1))


def _devices(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.commands.performance.devicemap import known_devices

    return map(Choice, known_devices())


TargetLine = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind("target", "what it moves, such as gain kick, or a command that it runs", _targets, rest=True),
]
Sender = Annotated[
    str,
    Field(max_length=20),
    Kind("controller", "cc7, fine7, nrpn300, note36 or noteC2, program5, poly36, pressure, bend"),
]
MapRef = Annotated[str, Field(min_length=1, max_length=40), Kind("mapping", "its number in the list, or all", _maps)]
DeviceName = Annotated[str, Field(min_length=1, max_length=80), Kind("device", "a map of config/midi", _devices)]
Mode = Annotated[
    MapMode,
    Kind("mode", "pickup, jump, scale, twos, offset or signed; for buttons toggle, momentary or press"),
]
Curve = Annotated[MapCurve, Kind("lin|exp", "how the knob travels its range")]
End = Annotated[float, Field(ge=-1e6, le=1e6), Kind("value", "a value in the parameter's unit")]
Patience = Annotated[float, Field(gt=0, le=600), Kind("seconds", "up to 600")]
_ABOUT = {
    "mode": "how it takes the value over; see the guide",
    "low": "the value at the knob's left",
    "high": "the value at its right",
}
_HEARD = {"port": "the port that is heard, all where none is named", "channel": "only this channel"}


class MapRow(Row):
    """A mapping: its place in the list from 1, the controller, what it moves or does, and how.

    state   empty, or why it does nothing
    """

    number: int
    id: str
    controller: str
    target: str
    mode: str
    low: float | None
    high: float | None
    curve: str | None
    state: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        ends = "" if self.low is None and self.high is None else f"{_end(self.low)} to {_end(self.high)}"
        return (self.number, self.controller, self.target, self.mode, ends, self.state)


class MapList(Listing[MapRow]):
    """The mappings of the project."""

    headings = ("#", "controller", "target", "mode", "range", "")


class ControlRow(Row):
    """A control of a device map: what it sends, on which channel (null: any), and what it moves or does."""

    control: str
    channel: int | None
    target: str


class ControlList(Listing[ControlRow]):
    """The controls of a device map."""

    headings = ("control", "channel", "target")


@command("learn", "learn gain kick", effects={"project"}, about={**_ABOUT, "seconds": "how long it waits, 60"})
async def learn(
    call: Call,
    target: TargetLine,
    *,
    mode: Mode | None = None,
    low: End | None = None,
    high: End | None = None,
    curve: Curve | None = None,
    seconds: Patience = 60,
) -> Done:
    """Wait for the next knob or fader that is moved, and let it move a parameter; Ctrl-C gives it up.

    The target is a command without its value: gain kick, pan hats, set bass cutoff, send snare reverb, effect set bass
    filter cutoff. A command that is whole (launch B, play, mute kick) is run when the next button or key is pressed.
    What the controller did before, it does no more.
    """
    settings = _settings(call.project, target, {"mode": mode, "low": low, "high": high, "curve": curve})
    moved = await _moved(call, settings["mode"], seconds)
    heard = {"message": moved.message, "number": moved.number, "port": moved.port, "channel": moved.channel}
    new = call.edit(lambda project: controlmaps.add(project, **heard, **settings))
    return Done(message=_said(new, new.maps[-1]))


async def _moved(call: Call, mode: MapMode, seconds: float) -> MidiReceived:
    """Return the next controller that is moved; keys and pads count where a command is learned. Raises UserError."""
    hands = call.studio.hands
    if hands is None:
        raise UserError("no MIDI is heard here", "start `hardcore` in a terminal")
    loop, first = asyncio.get_running_loop(), dict[tuple[str, int, int], int]()
    found: asyncio.Future[MidiReceived] = loop.create_future()

    def take(event: MidiReceived) -> None:
        place = (event.port, event.channel, event.number)
        begun = first.setdefault(place, event.value)
        turned = event.value in (0, TOP) or abs(event.value - begun) > JITTER or mode in STEPS
        pressed = event.message in ("note", "program") and mode not in _TURNED
        if not found.done() and (turned if event.message == "cc" else pressed):
            found.set_result(event)

    def received(event: MidiReceived) -> None:
        loop.call_soon_threadsafe(take, event)

    stop = call.events.subscribe(MidiReceived, received)
    try:
        hands.listen()
        return await asyncio.wait_for(found, seconds)
    except TimeoutError as error:
        raise UserError(f"no controller was moved within {seconds:g} s", "midi list says what is plugged in") from error
    finally:
        stop()


_PRESSED = ("note", "program")
_TURNED = ("pickup", "jump", "scale", *STEPS)


@command("map list", "map list", effects=(), aliases=("map", "maps"))
def map_list(call: Call) -> MapList:
    """List the mappings: which controller moves or does what."""
    project = call.project
    rows = (
        MapRow(
            number=place, id=one.id, controller=one.name, target=_words(project, one), mode=one.mode,
            low=one.low, high=one.high, curve=one.curve, state=_trouble(project, one),
        )
        for place, one in enumerate(project.maps, 1)
    )  # fmt: skip
    return MapList(items=tuple(rows), empty="no mappings yet: /learn gain kick, and move a knob")


@command("map add", "map add cc7 gain kick --low -30 --high 0", about={**_ABOUT, **_HEARD})
def map_add(
    call: Call,
    controller: Sender,
    target: TargetLine,
    *,
    port: PortName = "all",
    channel: Channel | None = None,
    mode: Mode | None = None,
    low: End | None = None,
    high: End | None = None,
    curve: Curve | None = None,
) -> Done:
    """Let a controller, by its number, move a parameter or run a command; `learn` does it by moving one.

    cc7 is a control change, fine7 one of 14 bits (cc 7 and 39), nrpn300 a parameter, note36 or noteC2 a key or pad,
    poly36 the pressure on it, program5 a program change; pressure and bend are those of a whole channel. A knob picks
    a value up when it passes it, --mode jump jumps there, scale closes the gap on the way; knobs without ends send
    twos, offset or signed steps. A button toggles between both ends of the range, or holds the upper one while it is
    down (momentary). A line with options stands in quotes.
    """
    message, number = _sender(controller)
    options = {"mode": mode, "low": low, "high": high, "curve": curve}
    settings = _settings(call.project, target, options, note=message in _PRESSED)
    name = None if port.casefold() == "all" else plugged(call, port)
    heard = {"message": message, "number": number, "port": name, "channel": channel}
    new = call.edit(lambda project: controlmaps.add(project, **heard, **settings))
    return Done(message=_said(new, new.maps[-1]))


@command("map remove", "map remove 1", aliases=("map delete",))
def map_remove(call: Call, mapping: MapRef) -> Done:
    """Remove a mapping by its number, or all of them."""
    chosen = call.project.maps if mapping == "all" else (controlmaps.find_map(call.project, mapping),)
    if not chosen:
        raise UserError("there are no mappings", "learn makes one")

    def change(project: ProjectState) -> ProjectState:
        for one in chosen:
            project = controlmaps.remove(project, one.id)
        return project

    call.edit(change)
    return Done(message="\n".join(f"{one.name}: mapped no more" for one in chosen))


@command("map use", "map use nanokontrol2", about={"port": "its port, found by its name where none is named"})
def map_use(call: Call, device: DeviceName, *, port: PortName | None = None) -> Done:
    """Map a whole controller as a file of config/midi says, or one of yours in the folder midi of your settings.

    Controls whose track or scene is not there are left out; those over a bank of tracks and scenes are not. The files:
    launchpad, launchpad_x (and Mini MK3), apc_mini, launch_control_xl, midi_fighter_twister, nanokontrol2, launchkey,
    and gm for volume (cc 7) and pan (cc 10) of General MIDI. Pads and knobs with lights show what is there and plays.
    """
    from hardcore.commands.performance.devicemap import device_called

    found = device_called(device)
    name = plugged(call, port) if port else _port_of(call, found.port)
    added: list[dict[str, Any]] = []
    left_out: list[str] = []
    for one in found.mappings():
        heard = {key: one.pop(key) for key in ("message", "number", "channel", "target")}
        try:
            lights = one.pop("lights")
            settings = _settings(call.project, heard.pop("target"), one, note=heard["message"] in _PRESSED)
            added.append({**heard, **settings, "port": name, "lights": lights, "device": lights and device.casefold()})
        except HardcoreError as error:
            left_out.append(error.line())
    if not added:
        raise UserError(f"nothing of {found.name} fits this project: {left_out[0]}")

    def change(project: ProjectState) -> ProjectState:
        for settings in added:
            project = controlmaps.add(project, **settings)
        return project

    call.edit(change)
    rest = f"; {len(left_out)} left out, the first: {left_out[0]}" if left_out else ""
    return Done(message=f"{found.name}: {len(added)} controls mapped on {name or 'every MIDI input'}{rest}")


@command("map check", "map check nano.toml", effects=(), about={"file": "the map of a device, TOML"})
def map_check(call: Call, file: FileName) -> ControlList:
    """Say whether a file is a device map: its fields, numbers and commands; docs/schemas/device_map.json has them."""
    from hardcore.commands.performance.devicemap import read_device

    device = read_device(call.caller.file(file))
    rows = tuple(
        ControlRow(control=f"{one['message']} {one['number']}", channel=one["channel"], target=one["target"])
        for one in device.mappings()
    )
    return ControlList(items=rows, note=f"{device.name}: {len(rows)} controls, nothing wrong")


def _port_of(call: Call, part: str) -> str | None:
    """Return the port of a device that is plugged in, None where it is not or its map names none: then every port."""
    hands = call.studio.hands
    names = hands.ports.names if part and hands is not None else ()
    return next((name for name in names if part.casefold() in name.casefold()), None)


def _sender(text: str) -> tuple[str, int]:
    """Return the kind and number of what a controller sends, such as `cc7`, `noteC2` or `bend`. Raises UserError."""
    match = _SENT.fullmatch(text.strip())
    if match is None:
        raise UserError(
            f"'{text}' is no controller", "such as cc7, fine7, note36, noteC2, nrpn300, program5, pressure or bend"
        )
    message, number = match[1].lower(), match[2]
    if message not in NUMBERED:
        value = 0 if not number else -1
    else:
        value = int(number) if number.isdecimal() else parse_note(number) if message in ("note", "poly") else -1
    highest = {"nrpn": 16383, "fine": 31}.get(message, TOP)
    if not 0 <= value <= highest:
        raise UserError(f"'{text}' is no controller", f"{message}0 to {message}{highest}" if highest else message)
    return message, value


def _settings(project: ProjectState, line: str, options: dict[str, Any], *, note: bool = False) -> dict[str, Any]:
    """Return the target of a line and the settings of a mapping of it. Raises UserError for what does not go with it.

    note   whether a note is mapped: it only begins, so it is a button that toggles
    """
    from hardcore.commands.performance.maptarget import is_parameter, range_of, target_of

    placed = is_placed(line)  # where it is now says nothing of where it will be
    target = None if placed else target_of(project, _unquoted(line))
    mode = options["mode"]
    if not (is_parameter(_unquoted(line)) if placed else target is not None):
        if mode not in (None, "press") or any(options[name] is not None for name in ("low", "high", "curve")):
            raise UserError(f"'{line}' is a command that is run when a button is pressed", "leave out mode and range")
        return {"target": _unquoted(line).removeprefix("/"), "mode": "press"}
    mode = mode or ("toggle" if note else "pickup")
    if mode == "press":
        value = "a value" if target is None else target.command(target.value)
        raise UserError(f"'{line}' lacks its value", f"such as {value}, or --mode toggle")
    if note and mode not in ("toggle", "momentary"):
        raise UserError(f"a note is no {mode}", "--mode toggle, or momentary")
    settings = {**options, "target": _unquoted(line) if target is None else target.line, "mode": mode}
    if target is not None:
        range_of(ControlMap(id="k1", number=0, **settings), target)
    return settings


def _unquoted(line: str) -> str:
    return line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line


def _words(project: ProjectState, one: ControlMap) -> str:
    """Return what a mapping moves or does, tracks by name."""
    from hardcore.commands.performance.maptarget import target_of

    try:
        target = None if is_placed(one.target) else target_of(project, one.target)
    except HardcoreError:
        return one.target
    return one.target if target is None else target.words


def _trouble(project: ProjectState, one: ControlMap) -> str:
    """Return why a mapping does nothing, empty where it does."""
    from hardcore.commands.performance.maptarget import range_of, target_of

    try:
        target = None if is_placed(one.target) else target_of(project, one.target)
        if target is not None:
            range_of(one, target)
    except HardcoreError as error:
        return error.line()
    return ""


def _said(project: ProjectState, one: ControlMap) -> str:
    how = "" if one.mode == "press" else f" ({one.mode})"
    return f"{one.name} → {_words(project, one)}{how}"


def _end(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"
