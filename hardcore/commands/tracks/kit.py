"""Drum kits: named sets of drum sounds, one for each role."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import KitRef
from hardcore.project.kit import with_kit


class KitRow(Row):
    """A drum kit: a preset for each role."""

    name: str
    about: str
    sounds: dict[str, str]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, self.about, ", ".join(self.sounds.values()))


class KitList(Listing[KitRow]):
    """The drum kits."""

    headings = ("kit", "what it is", "sounds")


@command("kit list", "kit list", effects=(), aliases=("kits",))
def kit_list(call: Call) -> KitList:
    """List the drum kits and the sound they have for each role."""
    from hardcore.knowledge.presets import kits

    rows = tuple(KitRow(name=known.name, about=known.about, sounds=dict(known.parts)) for known in kits().values())
    return KitList(items=rows, note="dress the drums: /kit use NAME")


@command("kit use", "kit use 909", aliases=("kit",))
def kit_use(call: Call, name: KitRef) -> Done:
    """Give every drum track the sound that a kit has for its role; notes, faders and side-chains stay."""
    from hardcore.knowledge.presets import factory_preset, kit

    found = kit(name)
    sounds = {role: factory_preset(preset).preset for role, preset in found.parts.items()}
    _, dressed = with_kit(call.project, sounds)
    call.edit(lambda project: with_kit(project, sounds)[0])
    return Done(message=f"kit {found.name}: {', '.join(dressed)}")
