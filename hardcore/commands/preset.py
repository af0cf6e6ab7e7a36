"""Presets: sounds kept in the user's own library, for every project."""

from pydantic import ValidationError

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.types import NewName, TrackRef
from hardcore.controller.controller import words
from hardcore.errors import UserError
from hardcore.project.preset import Preset, preset_of, with_preset


@command("preset list", "preset list", does="read", aliases=("presets",))
def preset_list(call: Call) -> Table:
    """List the presets of your library."""
    rows = tuple((entry.name, *_described(entry.content)) for entry in call.studio.library.entries("preset"))
    return Table(columns=("preset", "plays", "effects"), rows=rows, empty="no presets yet: preset save NAME TRACK")


def _described(content: object) -> tuple[str, str]:
    try:
        preset = Preset.model_validate(content)
    except ValidationError:
        return ("(not readable by this version)", "")
    played = preset.instrument.device if preset.instrument else ""
    return (played, " ".join(effect.device for effect in preset.effects))


@command("preset save", "preset save deep bass", does="act")
def preset_save(call: Call, name: NewName, track: TrackRef) -> Done:
    """Keep a track's instrument and effects in your library, for every project."""
    found = call.project.find_track(track)
    preset = preset_of(call.project, found.id)
    call.studio.library.add("preset", name, preset.model_dump(mode="json"), call.controller.now())
    return Done(message=f"preset {name} is the sound of {found.name}")


@command("preset load", "preset load bass deep")
def preset_load(call: Call, track: TrackRef, name: NewName) -> Done:
    """Give a track the sound of a preset: its instrument and effects; side-chains of the track stay."""
    found = call.project.find_track(track)
    entry = call.studio.library.show("preset", name)
    try:
        preset = Preset.model_validate(entry.content)
    except ValidationError as error:
        raise UserError(f"preset {entry.name} does not fit this version: {words(error)}") from error
    call.edit(lambda project: with_preset(project, found.id, preset))
    return Done(message=f"{found.name} sounds like {entry.name}")


@command("preset delete", "preset delete deep", does="act")
def preset_delete(call: Call, name: NewName) -> Done:
    """Take a preset out of your library."""
    return Done(message=f"deleted preset {call.studio.library.delete('preset', name).name}")
