"""Effects: the inserts of a track, and the catalogue of devices."""

from typing import Annotated, Literal

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.track import role_of
from hardcore.commands.types import (
    Count,
    EffectKind,
    EffectRef,
    FamilyName,
    Kind,
    RoleName,
    Settings,
    Toggle,
    TrackRef,
)
from hardcore.errors import UserError, nearest
from hardcore.project import devices, tracks


@command("effect add", "effect add bass filter cutoff=800", aliases=("fx add",))
def effect_add(
    call: Call,
    track: TrackRef,
    effect: EffectKind,
    settings: Settings = {},  # noqa: B006 - never changed
    *,
    side: TrackRef | None = None,
    place: Count | None = None,
) -> Done:
    """Put an effect on a track: last in its chain, or at --place from 1. A side-chain listens to --side TRACK."""
    found = call.project.find_track(track)
    heard = call.project.find_track(side).id if side else None
    call.edit(lambda project: tracks.add_effect(project, found.id, effect, settings, heard, place)[0])
    return Done(message=f"{effect} on {found.name}" + _said(settings))


def _said(settings: dict[str, float]) -> str:
    return "".join(f", {name} {value:g}" for name, value in settings.items())


@command("effect remove", "effect remove bass filter", aliases=("fx remove",))
def effect_remove(call: Call, track: TrackRef, effect: EffectRef) -> Done:
    """Take an effect off a track."""
    found = call.project.find_track(track)
    gone = call.project.find_effect(found, effect)
    call.edit(lambda project: tracks.remove_effect(project, found.id, gone.id))
    return Done(message=f"{gone.device} is off {found.name}")


@command("effect move", "effect move bass filter 1", aliases=("fx move",))
def effect_move(call: Call, track: TrackRef, effect: EffectRef, place: Count) -> Done:
    """Move an effect to a place in the track's chain, from 1."""
    found = call.project.find_track(track)
    moved = call.project.find_effect(found, effect)
    call.edit(lambda project: tracks.move_effect(project, found.id, moved.id, place))
    return Done(message=f"{moved.device} is effect {place} of {found.name}")


@command("effect set", "effect set bass filter cutoff=500", aliases=("fx set",))
def effect_set(call: Call, track: TrackRef, effect: EffectRef, settings: Settings) -> Done:
    """Set parameters of an effect."""
    if not settings:
        raise UserError("nothing to set", "such as cutoff=500")
    found = call.project.find_track(track)
    known = call.project.find_effect(found, effect)
    call.edit(lambda project: tracks.set_effect(project, found.id, known.id, settings))
    changes = [f"{name} {known.value(name):g} → {value:g}" for name, value in settings.items()]
    return Done(message=f"{found.name} {known.device}: {', '.join(changes)}")


@command("effect bypass", "effect bypass bass filter on", aliases=("fx bypass",))
def effect_bypass(call: Call, track: TrackRef, effect: EffectRef, state: Toggle = None) -> Done:
    """Let sound pass an effect unchanged, or through it again."""
    found = call.project.find_track(track)
    known = call.project.find_effect(found, effect)
    new = not known.bypass if state is None else state
    call.edit(lambda project: tracks.set_effect(project, found.id, known.id, {}, bypass=new))
    return Done(message=f"{found.name} {known.device}: bypass {'on' if new else 'off'}")


@command("devices", "devices effects", does="read", aliases=("devices list", "instrument list", "instruments"))
def device_list(
    call: Call,
    kind: Annotated[Literal["instruments", "effects"], Kind("kind", "instruments or effects")] = "instruments",
    *,
    role: RoleName | None = None,
    family: FamilyName | None = None,
) -> Table:
    """List the instruments or effects there are, for a --role or of a --family if asked, and what each one costs."""
    known = devices.instruments() if kind == "instruments" else devices.effects()
    families = list(dict.fromkeys(device.family for device in known.values()))
    if family is not None and family not in families:
        raise UserError(f"no family '{family}' among the {kind}", nearest(family, families))
    if role is not None:
        role_of(role)
    rows = tuple(
        (device.id, device.family, ", ".join(device.roles), device.help, f"{device.cost_percent:.2g}",
         " ".join(p.id for p in device.shown))
        for device in known.values()
        if (family in (None, device.family)) and (role is None or role in device.roles)
    )  # fmt: skip
    columns = ("device", "family", "for", "what it is", "cost %", "parameters")
    note = "cost: percent of one core for each " + ("voice" if kind == "instruments" else "effect")
    return Table(columns=columns, rows=rows, note=note, empty=f"no {kind} like that")
