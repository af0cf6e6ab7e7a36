"""Drum kits: named sets of drum sounds, one for each role."""

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.types import KitRef
from hardcore.project.kit import with_kit


@command("kit list", "kit list", effects=(), aliases=("kits",))
def kit_list(call: Call) -> Table:
    """List the drum kits and the sound they have for each role."""
    from hardcore.knowledge.presets import kits

    rows = tuple((known.name, known.about, ", ".join(known.parts.values())) for known in kits().values())
    return Table(columns=("kit", "what it is", "sounds"), rows=rows, note="dress the drums: /kit use NAME")


@command("kit use", "kit use 909", aliases=("kit",))
def kit_use(call: Call, name: KitRef) -> Done:
    """Give every drum track the sound that a kit has for its role; notes, faders and side-chains stay."""
    from hardcore.knowledge.presets import factory_preset, kit

    found = kit(name)
    sounds = {role: factory_preset(preset).preset for role, preset in found.parts.items()}
    _, dressed = with_kit(call.project, sounds)
    call.edit(lambda project: with_kit(project, sounds)[0])
    return Done(message=f"kit {found.name}: {', '.join(dressed)}")
