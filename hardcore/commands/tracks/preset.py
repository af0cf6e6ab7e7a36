"""Presets: named sounds, those of the program and those kept in the user's own library."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Kept, Listing, Row
from hardcore.commands.core.types import Kind, MoodName, NewPreset, PresetRef, PresetWords, RoleName, TrackRef
from hardcore.commands.library.things import find, keep, sound_of
from hardcore.commands.tracks.track import role_of
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import devices, excerpts
from hardcore.project.libraryitem import Facts, Item
from hardcore.project.preset import Preset, with_preset
from hardcore.project.roles import Role

if TYPE_CHECKING:
    from hardcore.knowledge.presetsearch import Match

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
    rows = [row for row, roles in _own(call) if mood is None and wanted in (None, *roles)]
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


def _own(call: Call) -> list[tuple[PresetRow, tuple[str, ...]]]:
    """Return your own presets with what they are for; what the library knows of one is enough for the catalogue's."""
    rows = []
    for item in call.studio.library.items(["preset"])[0]:
        plays, effects = item.facts.plays, item.facts.effects
        if item.facts != Facts() and {*plays} <= {*devices.instruments()} and {*effects} <= {*devices.effects()}:
            cost = sum(devices.effect(one).cost_percent for one in effects)
            cost += sum(devices.instrument(one).cost_percent for one in plays)
            roles: tuple[str, ...] = devices.instrument(plays[0]).roles if plays else ()
            rows.append((_own_row(item.name, next(iter(plays), None), effects, roles, cost), roles))
            continue
        preset = _read(call, item)
        played = preset.instrument.device if preset and preset.instrument else None
        chain = tuple(effect.device for effect in preset.effects) if preset else ()
        row = _own_row(item.name, played, chain, _roles(preset), cost_percent(preset))
        rows.append((row.model_copy(update={"readable": preset is not None}), _roles(preset)))
    return rows


def _own_row(
    name: str, played: str | None, effects: tuple[str, ...], roles: tuple[str, ...], cost: float | None
) -> PresetRow:
    return PresetRow(
        name=name, own=True, instrument=played, effects=effects, role=next(iter(roles), None), moods=(),
        cost_percent=cost,
    )  # fmt: skip


@command("preset find", "preset find warm dark pad", effects=(), aliases=("presets find",))
def preset_find(call: Call, words: PresetWords, *, count: FoundCount = 20) -> PresetMatches:
    """Find presets by what they are, how they sound and where they belong, the best first, and say why.

    Roles and instruments (pad, 303, rhodes), moods (dark, warm, gritty), styles (trance, dub techno), words of names.
    """
    from hardcore.knowledge.presetsearch import Candidate, candidates, search

    own = {row.name: (row, roles) for row, roles in _own(call) if row.readable}
    known = [Candidate(name, row.instrument or "", roles) for name, (row, roles) in own.items()]
    matches, whole = search(words, (*known, *candidates()))
    rows = tuple(
        own[m.preset.name][0].model_copy(update={"why": m.why}) if m.preset.name in own else _factory_row(m)
        for m in matches[:count]
    )
    more = f"{count} of {len(matches)}: --count shows more" if len(matches) > count else ""
    near = "nothing is all of that; these come nearest" if matches and not whole else ""
    note = "; ".join(filter(None, [near, more, COST]))
    empty = f"no preset answers to: {' '.join(words.split())}"
    return PresetMatches(items=rows, total=len(matches), whole=whole, note=note, empty=empty)


def _factory_row(match: "Match") -> PresetRow:
    """Return a preset of the program that was found."""
    from hardcore.knowledge.presets import factory_preset

    found, preset = match.preset, factory_preset(match.preset.name).preset
    return PresetRow(
        name=found.name, own=False, instrument=found.device, role=found.roles[0] if found.roles else None,
        effects=tuple(effect.device for effect in preset.effects), moods=tuple(found.moods),
        cost_percent=cost_percent(preset), why=match.why,
    )  # fmt: skip


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
    own = [item.name for item in call.studio.library.items(["preset"])[0]]
    raise NotFound(f"no preset '{name}'", nearest(name, [*own, *factory_presets()]))


@command("preset delete", "preset delete deep reese", effects={"settings"}, confirms=True)
def preset_delete(call: Call, name: PresetRef) -> Kept:
    """Take a preset out of your library."""
    found = find(call, name, ("preset",))
    gone = call.studio.library.remove(found, call.controller.now()).name
    return Kept(message=f"deleted preset {gone}", kind="preset", name=gone, kept=False)
