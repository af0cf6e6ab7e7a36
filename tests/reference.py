"""The pages of docs/reference and the schemas of docs/schemas, made from the program."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from hardcore.commands.core.groups import GROUPS
from hardcore.commands.core.registry import Argument, Command, registry
from hardcore.knowledge import loader
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.groove import GrooveFile
from hardcore.knowledge.presets import factory_presets, kits
from hardcore.project import devices
from hardcore.project.devices import Device, Parameter
from hardcore.project.roles import ROLES
from hardcore.project.state import ProjectState
from hardcore.rhythm.config import Rhythm

GENERATED = "<!-- Made from the program by `make docs`; change the program instead. -->"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def commands_page() -> str:
    """Return docs/reference/commands.md."""
    groups = [(GROUPS[group], list(known)) for group, known in groupby(registry().values(), lambda known: known.group)]
    lines = [
        "# Commands", "", GENERATED, "",
        "In the studio a line with a slash is a command, any other line is a prompt (`compose`). On the command line:",
        "`hardcore track gain kick -3 --project song.hcs`. From Python, with the names of the first column:",
        '`studio.call("track gain", tracks="kick", gain_db=-3)`. Names with spaces stand in "double quotes". The',
        "types as JSON Schema are in [commands.json](../schemas/commands.json), those of the answers in",
        "[results](../schemas/results/index.json).", "",
    ]  # fmt: skip
    for heading, group in groups:
        links = ", ".join(f"[{known.name}](#{anchor(known.name)})" for known in group)
        lines.append(f"- {heading}: {links}")
    for heading, group in groups:
        lines += ["", f"## {heading}"]
        for known in group:
            lines += ["", *_command(known)]
    return "\n".join(lines) + "\n"


def anchor(heading: str) -> str:
    """Return the link target that a Markdown heading gets."""
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _command(known: Command) -> list[str]:
    lines = [f"### {known.name}", "", "```text", known.usage, "```", "", known.doc, ""]
    if known.arguments:
        properties = known.schema()["properties"]
        rows = [_argument(argument, properties[argument.name]) for argument in known.arguments]
        lines += [*table(("argument", "in a line", "what", "type", "default"), rows), ""]
    if known.aliases:
        lines += ["Also " + ", ".join(f"`/{alias}`" for alias in known.aliases) + ".", ""]
    return [*lines, f"Example: `/{known.example}`"]


def _argument(argument: Argument, schema: dict[str, Any]) -> tuple[str, ...]:
    place = f"`{argument.usage().strip('[]')}`"
    default = "required" if argument.required else _default(argument.default)
    return f"`{argument.name}`", place, argument.kind.help, json_type(schema), default


def _default(value: Any) -> str:
    if value is None or value == () or value == "":
        return ""
    return f"`{json.dumps(value, default=str, ensure_ascii=False)}`"


def json_type(schema: dict[str, Any]) -> str:
    """Return a JSON Schema in a few words: its type and its range."""
    if "anyOf" in schema:
        return " or ".join(json_type(part) for part in schema["anyOf"] if part != {"type": "null"})
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array":
        return "array of " + json_type(schema.get("items", {"type": "string"}))
    if schema["type"] == "object":
        held = schema.get("additionalProperties")
        return f"object of {json_type(held)}" if isinstance(held, dict) else "object"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and high is None:
        return str(schema["type"])
    if high is None or high > 2**52:
        return f"{schema['type']} from {low:g}"
    return f"{schema['type']} {low:g} to {high:g}" if low is not None else f"{schema['type']} to {high:g}"


def devices_page() -> str:
    """Return docs/reference/devices.md."""
    lines = [
        "# Instruments and effects", "", GENERATED, "",
        "`/track instrument bass reese` gives a track an instrument, `/track set bass cutoff 400` sets a parameter,",
        "`/effect add bass delay time=0.23 mix=20` adds an effect, `/automation add bass:A cutoff 1.1.1 300` moves a",
        "parameter in time. A parameter that is not set has its default. What a voice or an effect",
        "costs was measured on one machine at 48 kHz: compare the figures with each other.",
    ]  # fmt: skip
    for heading, catalogue in (("Instruments", devices.instruments()), ("Effects", devices.effects())):
        order = list(dict.fromkeys(device.family for device in catalogue.values()))
        lines += ["", f"## {heading}: all {len(catalogue)}", ""]
        for family in order:
            named = ", ".join(f"[{d.id}](#{d.id})" for d in catalogue.values() if d.family == family)
            lines.append(f"- {family}: {named}")
        for family in order:
            lines += ["", f"## {heading}: {family}"]
            for device in catalogue.values():
                lines += ["", *_device(device)] if device.family == family else []
    return "\n".join(lines) + "\n"


def _device(device: Device) -> list[str]:
    about = f"{device.name[:1].upper()}{device.name[1:]}: {device.help}."
    facts = [f"For {', '.join(device.roles)}."] if device.roles else []
    if device.roles and device.pitched:
        facts.append(f"Sounds best at MIDI notes {device.low_note} to {device.high_note}.")
    facts.append(f"Costs {device.cost_percent:.2g} % of a core.")
    facts += ["One voice; notes can slide."] if device.mono else []
    facts += ["Listens to another track: `--side`."] if device.side else []
    rows = [_parameter(parameter) for parameter in device.parameters]
    return [
        f"### {device.id}",
        "",
        " ".join([about, *facts]),
        "",
        *table(("parameter", "range", "default", "what"), rows),
    ]


def _parameter(parameter: Parameter) -> tuple[str, ...]:
    unit = {"percent": " %", "db": " dB", "hz": " Hz", "q": "", "ratio": "", "": ""}.get(
        parameter.unit, f" {parameter.unit}"
    )
    span = f"{number(parameter.low)} to {number(parameter.high)}{unit}"
    return f"`{parameter.id}`", span, number(parameter.default), parameter.help


def number(value: float) -> str:
    """Return a number as a reader writes it, with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def genres_page() -> str:
    """Return docs/reference/genres.md."""
    known = {genre_id: loader.genre(genre_id) for genre_id in loader.genre_ids()}
    lines = [
        "# Styles", "", GENERATED, "",
        "A prompt names a style by any of these names; what else it says (tempo, key, length, instruments) comes",
        "first. How a style is written is in [SCHEMA.md](../../knowledge_base/SCHEMA.md).", "",
    ]  # fmt: skip
    rows = [_genre(genre) for genre in known.values()]
    lines += table(("style", "what it is", "BPM", "keys, the likeliest first", "bars", "also called"), rows)
    return "\n".join(lines) + "\n"


def _genre(genre: Genre) -> tuple[str, ...]:
    keys = sorted(genre.keys, key=lambda choice: -choice.weight)
    tempo = f"{genre.tempo.low:g} to {genre.tempo.high:g}, mostly {genre.tempo.default:g}"
    return (
        genre.name, genre.about, tempo, ", ".join(choice.key.name for choice in keys), str(genre.bars),
        ", ".join(genre.synonyms),
    )  # fmt: skip


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines]


def commands_schema() -> dict[str, Any]:
    """Return the JSON Schema of one call, with the arguments of every command under `$defs`."""
    arguments = {known.name: {**known.schema(), "description": known.summary} for known in registry().values()}
    calls = [
        {"properties": {"command": {"const": name}, "arguments": {"$ref": f"#/$defs/{name.replace(' ', '%20')}"}}}
        for name in arguments
    ]
    return {
        "$schema": DRAFT,
        "title": "A call of a hardcore command",
        "type": "object",
        "required": ["command", "arguments"],
        "oneOf": calls,
        "$defs": arguments,
    }


def project_schema() -> dict[str, Any]:
    """Return the JSON Schema of a project."""
    return {"$schema": DRAFT, **ProjectState.model_json_schema()}


def rhythm_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rhythm file, as in knowledge_base/rhythm."""
    return {"$schema": DRAFT, **Rhythm.model_json_schema()}


def genre_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of knowledge_base/genres."""
    return {"$schema": DRAFT, **Genre.model_json_schema()}


def groove_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of knowledge_base/grooves."""
    return {"$schema": DRAFT, **GrooveFile.model_json_schema()}


def presets_page() -> str:
    """Return docs/reference/presets.md."""
    lines = [
        "# Presets and kits", "", GENERATED, "",
        "`/preset list --role bass --mood dark` lists presets, `/preset load bass dark reese` gives a track one,",
        "`/kit use 909` dresses all drum tracks. Your own, kept with `/preset save TRACK NAME`, come before these.",
        "All presets of a role are equally loud.", "", "## Kits", "",
    ]  # fmt: skip
    rows = [(kit.name, kit.about, ", ".join(f"{role}: {name}" for role, name in kit.parts.items())) for kit in
            kits().values()]  # fmt: skip
    lines += table(("kit", "what it is", "sounds"), rows)
    for role in ROLES:
        known = [preset for preset in factory_presets().values() if preset.role == role]
        rows = [(p.name, p.device, " ".join(fx.device for fx in p.effects), ", ".join(p.moods)) for p in known]
        lines += ["", f"## {role}", "", *table(("preset", "plays", "effects", "moods"), rows)]
    return "\n".join(lines) + "\n"
