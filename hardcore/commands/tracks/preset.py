"""Presets: named sounds, those of the program and those kept in the user's own library."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Kept, Listing, Row
from hardcore.commands.core.types import Kind, MoodName, NewPreset, PresetRef, PresetWords, RoleName, TrackRef
from hardcore.commands.library.things import find, keep, sound_of
from hardcore.commands.tracks.track import role_of
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import excerpts
from hardcore.project.libraryitem import Item
from hardcore.project.preset import Preset, with_preset
from hardcore.project.roles import Role

OWN = "your own"
COST = "cost: percent of one core for a voice and the effects"
FoundCount = Annotated[int, Field(ge=1, le=1000), Kind("number", "how many to show, 1 to 1000")]


class PresetRow(Row):
    """A preset, the program's or your own: what it plays, what it is for, what a voice costs (percent of a core).

    readable   whether this version can load it; `why` why it was found
    """

    name: str
    own: bool
    readable: bool = True
    instrument: str | None
    effects: tuple[str, ...]
    role: str | None
    moods: tuple[str, ...]
    cost_percent: float | None
    why: str | None = None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        cost = "" if self.cost_percent is None else f"{self.cost_percent:.2g}"
        moods = ", ".join(self.moods)
        if self.why is not None:
            return (self.name, self.instrument, self.role, moods, cost, self.why)
        plays = self.instrument if self.readable else "(not readable by this version)"
        return (self.name, plays, " ".join(self.effects), self.role, OWN if self.own else moods, cost)


class PresetList(Listing[PresetRow]):
    """Presets."""

    headings = ("preset", "plays", "effects", "for", "moods", "cost %")


class PresetMatches(Listing[PresetRow]):
    """Presets that were looked for, the best first of `total`; `whole` says whether the first are all of it."""

    headings = ("preset", "plays", "for", "moods", "cost %", "why")

    total: int
    whole: bool


@command("preset list", "preset list --role bass", effects=(), aliases=("presets",))
def preset_list(call: Call, *, role: RoleName | None = None, mood: MoodName | None = None) -> PresetList:
    """List the presets of the program and of your library, those for a --role or of a --mood if asked."""
    from hardcore.knowledge.presets import factory_presets

    wanted = role_of(role)
    rows = [_own_row(item, sound) for item, sound in _own(call) if mood is None and wanted in (None, *_roles(sound))]
    rows += [
        PresetRow(
            name=known.name,
            own=False,
            instrument=known.device,
            effects=tuple(insert.device for insert in known.effects),
            role=known.role,
            moods=tuple(known.moods),
            cost_percent=cost_percent(known.preset),
        )
        for known in factory_presets().values()
        if (wanted is None or wanted == known.role) and (mood is None or mood.casefold() in known.moods)
    ]
    return PresetList(items=tuple(rows), empty="no presets like that", note=f"{COST}; /preset load TRACK PRESET")


def cost_percent(preset: Preset | None) -> float | None:
    """Return what one voice of a preset costs with its effects, percent of a core; None for None."""
    if preset is None:
        return None
    played = preset.instrument.definition.cost_percent if preset.instrument else 0.0
    return played + sum(effect.definition.cost_percent for effect in preset.effects)


def _own(call: Call) -> list[tuple[Item, Preset | None]]:
    """Return your own presets; None for the sound of one that this version cannot read."""
    items, _ = call.studio.library.items(["preset"])
    return [(item, _read(call, item)) for item in items]


def _own_row(item: Item, preset: Preset | None) -> PresetRow:
    roles = _roles(preset)
    return PresetRow(
        name=item.name, own=True, readable=preset is not None,
        instrument=preset.instrument.device if preset and preset.instrument else None,
        effects=tuple(effect.device for effect in preset.effects) if preset else (),
        role=roles[0] if roles else None, moods=(), cost_percent=cost_percent(preset),
    )  # fmt: skip


@command("preset find", "preset find warm dark pad", effects=(), aliases=("presets find",))
def preset_find(call: Call, words: PresetWords, *, count: FoundCount = 20) -> PresetMatches:
    """Find presets by what they are, how they sound and where they belong, the best first, and say why.

    Roles and instruments (pad, 303, rhodes), moods (dark, warm, gritty), styles (trance, dub techno), words of names.
    """
    from hardcore.knowledge.presetsearch import Candidate, candidates, search

    sounds = {item.name: sound for item, sound in _own(call)}
    own = [
        Candidate(name, sound.instrument.device if sound.instrument else "", _roles(sound))
        for name, sound in sounds.items()
        if sound is not None
    ]
    matches, whole = search(words, (*own, *candidates()))
    rows = tuple(
        PresetRow(
            name=m.preset.name,
            own=m.preset.name in sounds,
            instrument=m.preset.device,
            effects=tuple(effect.device for effect in preset.effects),
            role=m.preset.roles[0] if m.preset.roles else None,
            moods=tuple(m.preset.moods),
            cost_percent=cost_percent(preset),
            why=m.why,
        )
        for m in matches[:count]
        for preset in (sounds.get(m.preset.name) or _factory(m.preset.name),)
    )
    more = f"{count} of {len(matches)}: --count shows more" if len(matches) > count else ""
    near = "nothing is all of that; these come nearest" if matches and not whole else ""
    note = "; ".join(filter(None, [near, more, COST]))
    empty = f"no preset answers to: {' '.join(words.split())}"
    return PresetMatches(items=rows, total=len(matches), whole=whole, note=note, empty=empty)


def _factory(name: str) -> Preset:
    from hardcore.knowledge.presets import factory_preset

    return factory_preset(name).preset


def _read(call: Call, item: Item) -> Preset | None:
    try:
        return sound_of(call, item)
    except UserError:
        return None


def _roles(preset: Preset | None) -> tuple[str, ...]:
    return preset.instrument.definition.roles if preset and preset.instrument else ()


@command("preset save", "preset save bass deep reese", effects={"settings"})
def preset_save(call: Call, track: TrackRef, name: NewPreset) -> Kept:
    """Keep a track's instrument and effects in your library, for every project."""
    found = call.project.find_track(track)
    kept = excerpts.of_sound(call.project, found.id)
    keep(call, "preset", name, kept.project)
    return Kept(message=f"preset {name} is the sound of {found.name}", kind="preset", name=name)


@command("preset load", "preset load bass dark reese", aliases=("preset use",))
def preset_load(call: Call, track: TrackRef, name: PresetRef) -> Done:
    """Give a track the sound of a preset, of your library or the program; side-chains of the track stay."""
    found = call.project.find_track(track)
    title, preset = _found(call, name)
    call.edit(lambda project: with_preset(project, found.id, preset))
    return Done(message=f"{found.name} sounds like {title}{_meant_for(found.role, preset)}")


def _meant_for(role: Role | None, preset: Preset) -> str:
    """Return words about a sound that is made for another role than the track's, nothing when it fits."""
    roles = preset.instrument.definition.roles if preset.instrument else ()
    if role is None or not roles or role in roles:
        return ""
    return f", which is made for {roles[0].replace('_', ' ')}, not {role.replace('_', ' ')}"


def _found(call: Call, name: str) -> tuple[str, Preset]:
    """Return the preset called `name`, the user's own first, and its title. Raises UserError naming the nearest."""
    from hardcore.knowledge.presets import factory_preset, factory_presets

    items = call.studio.library.named(name, ("preset",))
    if items:
        return items[0].name, sound_of(call, items[0])
    if " ".join(name.split()).casefold() in {title.casefold() for title in factory_presets()}:
        factory = factory_preset(name)
        return factory.name, factory.preset
    own = [item.name for item, _ in _own(call)]
    raise NotFound(f"no preset '{name}'", nearest(name, [*own, *factory_presets()]))


@command("preset delete", "preset delete deep reese", effects={"settings"}, confirms=True)
def preset_delete(call: Call, name: PresetRef) -> Kept:
    """Take a preset out of your library."""
    found = find(call, name, ("preset",))
    gone = call.studio.library.remove(found, call.controller.now()).name
    return Kept(message=f"deleted preset {gone}", kind="preset", name=gone, kept=False)
