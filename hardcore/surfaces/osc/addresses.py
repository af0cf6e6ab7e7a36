"""Addresses: what an OSC message asks of the studio.

/hardcore/do "gain kick -3"            a line, as it is typed
/hardcore/track/gain kick -3           a command by its name, its arguments in order
/track/kick/gain -3                    a parameter: gain (dB), fader (0 to 1), pan, mute, solo, set/cutoff, send/reverb
/track/kick/gain                       asks for its value
/scene/drop/launch   /slot/bass/A 1    launches; a slot is pressed by 1 and let go by 0
/transport/play      /tempo 128        play, stop, pause, panic; the tempo
/crossfade 0.5                         the crossfader, 0 (A) to 1 (B)

A space in a name may be written as an underscore. Buttons send 1 when they are pressed; 0 is nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from hardcore.commands.core import registry
from hardcore.commands.core.line import quoted
from hardcore.commands.performance.maptarget import Range, Target, target_of
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Value = int | float | str
LONGEST = 400
_TRANSPORT = ("play", "stop", "pause", "panic")


@dataclass(frozen=True, slots=True)
class Line:
    """A line to run, as it is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """A parameter to move to a value in its own unit; `share`: the value is a place on its range, 0–1."""

    line: str
    value: float
    share: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A value that was asked for."""

    values: tuple[Value, ...]


Asked = Line | Move | Answer | None


def asked(project: ProjectState, address: str, values: Sequence[object]) -> Asked:
    """Return what a message asks for; None where a button was only let go. Raises UserError."""
    parts = [unquote(part) for part in address.strip("/").split("/")]
    given = [_value(value) for value in values]
    match parts:
        case ["hardcore", "do"]:
            return Line(_text(given))
        case ["hardcore", *words] if words:
            return _command(words, given)
        case ["track", name, *rest] if rest:
            return _of_track(project, _track(project, name), rest, given)
        case ["scene", name, "launch"]:
            scene = project.find_scene(_named(name, [scene.name for scene in project.scenes]))
            return _button(f"launch {scene.id}", given)
        case ["slot", track, scene_name]:
            scene = project.find_scene(_named(scene_name, [scene.name for scene in project.scenes]))
            verb = "press" if not given or given[0] else "release"
            return Line(f"/launch {verb} {_track(project, track).id}:{scene.id}")
        case ["transport", verb] if verb in _TRANSPORT:
            return _button(verb, given)
        case ["crossfade"]:
            target = target_of(project, "crossfade")
            assert target is not None
            share = Range(target.parameter).share(target.value)
            return Move(target.line, _number(given), share=True) if given else Answer((share,))
        case ["tempo"]:
            return Answer((float(project.tempo_map.bpm),)) if not given else Line(f"/tempo {_number(given):g}")
    raise NotFound(f"no address {address[:80]}", "/hardcore/do, /track/NAME/gain, /transport/play")


def _of_track(project: ProjectState, track: Track, rest: list[str], given: list[Value]) -> Asked:
    match rest:
        case ["mute" | "solo" as switch]:
            if not given:
                return Answer((int(getattr(track.mixer, switch)),))
            return Line(f"/track {switch} {track.id} {'on' if _number(given) >= 0.5 else 'off'}")
        case ["gain" | "fader"]:
            line = f"track gain {track.id}"
        case ["pan"]:
            line = f"track pan {track.id}"
        case ["set", parameter]:
            line = f"track set {track.id} {parameter}"
        case ["send", to]:
            line = f"send {track.id} {_track(project, to).id}"
        case _:
            raise NotFound(f"no address /track/{track.name}/{'/'.join(rest)[:60]}", "gain, fader, pan, mute, solo, set")
    target = target_of(project, line)
    assert target is not None
    if not given:
        return Answer((Range(target.parameter).share(target.value) if rest == ["fader"] else target.value,))
    return Move(target.line, _number(given), share=rest == ["fader"])


def moved(move: Move, target: Target) -> float:
    """Return the value that a move asks of its target. Raises UserError for one that it does not reach."""
    if move.share:
        return Range(target.parameter).value(min(max(move.value, 0.0), 1.0))
    low, high = target.limits or (target.parameter.low, target.parameter.high)
    if not low <= move.value <= high:
        raise UserError(f"{target.words} does not reach {move.value:g}", f"{low:g} to {high:g}")
    return move.value


def _command(words: list[str], given: list[Value]) -> Line:
    found = registry.find(words)
    if found is None or found[1] != len(words):
        raise NotFound(f"no command '{' '.join(words)[:60]}'", nearest(" ".join(words), registry.registry()))
    return Line("/" + " ".join([found[0].name, *map(_word, given)]))


def _button(line: str, given: list[Value]) -> Line | None:
    return Line(f"/{line}") if not given or given[0] else None


def _track(project: ProjectState, name: str) -> Track:
    return project.find_track(_named(name, [track.name for track in project.tracks]))


def _named(name: str, known: list[str]) -> str:
    """Return the name that is meant by one with underscores for spaces."""
    plain = name.casefold().replace("_", " ")
    return next((one for one in known if one.casefold().replace("_", " ") == plain), name)


def _value(value: object) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError("a value is no number")
    if not isinstance(value, int | float | str):
        raise UserError("a value is neither a number nor text")
    return value


def _number(given: list[Value]) -> float:
    if len(given) != 1 or isinstance(given[0], str):
        raise UserError("one number is needed")
    return float(given[0])


def _text(given: list[Value]) -> str:
    if len(given) != 1 or not isinstance(given[0], str) or not 0 < len(given[0]) <= LONGEST:
        raise UserError("a line of text is needed", "/hardcore/do with a string such as gain kick -3")
    line = given[0].strip()
    if "\n" in line or "\r" in line:
        raise UserError("a line is one line")
    words = line.removeprefix("/").split()
    return f"/{line}" if not line.startswith(("/", "?")) and registry.find(words) is not None else line


def _word(value: Value) -> str:
    """Return a value as one word of a line."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return quoted(text) if text else '""'
