"""Parameters as they are drawn: a name, a bar, a value with its unit, and signs for what is special about it."""

from hardcore.project.device import Parameter, Unit
from hardcore.project.knobs import travel
from hardcore.surfaces.screen.cells import Line, fit, line_width, right
from hardcore.surfaces.screen.chain import Link
from hardcore.surfaces.screen.glyphs import glyphs

# A parameter is so wide at least; everything but its bar takes FIXED.
CELL, _FIXED = 40, 31
_NAME, _VALUE, _UNIT, _LONGEST_BAR = 13, 9, 5, 60
_UNITS: dict[Unit, str] = {
    "hz": "Hz", "db": "dB", "percent": "%", "semitones": "st", "cents": "ct", "stages": "", "ratio": "", "bits": "bit",
}  # fmt: skip


def dial(link: Link, parameter: Parameter, cells: int, pointed: bool, moved: set[str], ascii_only: bool) -> Line:
    """Return one parameter; `*` says that it is not at its default, `~` that automation moves it."""
    signs = glyphs(ascii_only)
    value = link.value(parameter)
    left, end = signs.focus if pointed else (" ", " ")
    room = max(1, min(_LONGEST_BAR, cells - _FIXED))
    full = round(travel(parameter, value) * room)
    marks = ("*" if value != link.default(parameter) else " ") + ("~" if parameter.id in moved else " ")
    shown, of = number(value), unit(parameter)
    if parameter.curve == "switch":
        shown, of = value_text(parameter, value), ""
    line: Line = [
        ("class:scene.focus" if pointed else "class:value", left + fit(parameter.id, _NAME - 2) + end),
        ("class:label" if link.bypassed else "class:meter", signs.rms * full),
        ("class:meter.rest", signs.rest * (room - full)),
        ("class:value", right(shown, _VALUE) + " "),
        ("class:label", fit(of, _UNIT)),
        ("class:key", marks),
    ]
    return [*line, ("", " " * max(0, cells - line_width(line)))]


def help_line(link: Link, place: int, moved: set[str], columns: int) -> Line:
    """Return what the parameter at a place does, its range and its default."""
    if not link.device.shown:
        return [("class:label", fit("   nothing to set", columns))]
    parameter = link.device.shown[place]
    span = f"{number(parameter.low)} to {number(parameter.high)} {unit(parameter)}".rstrip()
    told = f" {parameter.id}: {'off or on' if parameter.curve == 'switch' else span}"
    told += f", default {value_text(parameter, link.default(parameter))}"
    told += "; automation moves it" if parameter.id in moved else ""
    return [("class:label", fit(f"{told}; {parameter.help}" if parameter.help else told, columns))]


def value_text(parameter: Parameter, value: float) -> str:
    """Return a value with its unit, such as `800 Hz`, or `on`."""
    if parameter.curve == "switch":
        return "on" if value > (parameter.low + parameter.high) / 2 else "off"
    return f"{number(value)} {unit(parameter)}".rstrip()


def number(value: float) -> str:
    """Return a number as short as it can be read back to the same value, six digits at most."""
    return f"{value:.6g}" if abs(value) >= 1e-4 or not value else f"{value:.5f}"


def unit(parameter: Parameter) -> str:
    """Return a parameter's unit as it stands beside a value."""
    return _UNITS.get(parameter.unit, parameter.unit)
