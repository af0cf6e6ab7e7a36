"""Effects: the inserts and sends of tracks, and the catalogue of devices."""

from typing import Annotated, Literal

from hardcore.commands.core.call import Call
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Duck, EffectSettings, Factor, MoreValue, Step, Value
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import (
    Count,
    EffectKind,
    EffectName,
    EffectParameter,
    EffectRef,
    FamilyName,
    Flag,
    Kind,
    Parts,
    RoleName,
    Toggle,
    TrackRef,
)
from hardcore.commands.tracks.track import role_of
from hardcore.compose.edits.move import asked_move
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import devices, tracks
from hardcore.project.parts import is_group
from hardcore.project.state import ProjectState


@command(
    "effect add",
    "effect add bass filter cutoff=800",
    aliases=("fx add",),
    about={"place": "where in the chain, from 1", "insert": "into the chain, where a send would do too"},
    scoped=True,
)
def effect_add(
    call: Call,
    tracks: Parts,
    effect: EffectKind,
    settings: EffectSettings = {},  # noqa: B006 - never changed
    *,
    side: TrackRef | None = None,
    place: Count | None = None,
    insert: Flag = False,
) -> Done:
    """Put an effect on tracks: last in the chain (before a limiter that ends it), or at --place from 1.

    It may be called what musicians call it (verb, echo, disto, comp, hpf). A reverb or delay without settings is a send
    at -12 dB to a return of that kind where there is one, else an insert; --insert makes it one in any case. A
    side-chain listens to --side TRACK, without one to the kick.
    """
    from hardcore.compose.edits import effects

    def edit(project: ProjectState) -> Outcome:
        listened = project.find_track(side) if side else None
        return effects.add(project, project.find_tracks(tracks), effect, settings, listened, place, insert=insert)

    return carry_out(call, edit)


@command("effect remove", "effect remove bass filter", aliases=("fx remove",))
def effect_remove(call: Call, tracks: Parts, effect: EffectName) -> Done:
    """Take an effect off tracks, inserts and sends of its kind; `all` takes off every effect and every send."""
    from hardcore.compose.edits import effects

    return carry_out(call, lambda project: effects.remove(project, project.find_tracks(tracks), effect))


@command(
    "effect move", "effect move bass filter 1", aliases=("fx move",), about={"place": "where in the chain, from 1"}
)
def effect_move(call: Call, track: TrackRef, effect: EffectRef, place: Count) -> Done:
    """Move an effect to a place in the track's chain, from 1."""
    found = call.project.find_track(track)
    moved = call.project.find_effect(found, effect)
    call.edit(lambda project: tracks.move_effect(project, found.id, moved.id, place))
    return Done(message=f"{moved.device} is effect {place} of {found.name}")


@command("effect set", "effect set bass filter cutoff=500", aliases=("fx set",), scoped=True)
def effect_set(call: Call, tracks: Parts, effect: EffectName, settings: EffectSettings) -> Done:
    """Set parameters of an effect of tracks: their insert's, else those of the return of its kind they send to."""
    from hardcore.compose.edits import effectsettings

    if not settings:
        raise UserError("nothing to set", "such as cutoff=500")
    return carry_out(
        call, lambda project: effectsettings.set_effects(project, project.find_tracks(tracks), effect, settings)
    )


@command("effect change", "effect change snare reverb --by 1", aliases=("fx change",), scoped=True)
def effect_change(
    call: Call,
    tracks: Parts,
    effect: EffectName,
    parameter: EffectParameter | None = None,
    *,
    by: MoreValue | None = None,
    factor: Factor | None = None,
    to: Value | None = None,
    steps: Step | None = None,
) -> Done:
    """Turn an effect of tracks up or down, or one of its parameters.

    It is looked for as an insert, as a send to a return of its kind, and as a parameter of the instrument by that name.
    Without a parameter its amount moves (the mix of a reverb, the drive of a drive, the level of a send), and --by
    without a unit counts audible steps (1; 0.5 a bit, 2 a lot; 4 dB of a send); with a parameter it is in that one's
    unit, and --steps are steps. More of what is not there puts it on. Of `all`, `drums` or `melodic` those that have it
    are meant, else the groups, returns and the master; where none has it, all but kick and bass get more.
    """
    from hardcore.compose.edits import effectamount

    if parameter is None and by is not None and not by.unit:
        if steps is not None:
            raise UserError("say one of: --by, --steps", "without a parameter --by counts steps")
        steps, by = by.value, None
    move = asked_move(to, by, factor, steps, "effect change snare reverb --by 1, effect change snare reverb --factor 2")

    def edit(project: ProjectState) -> Outcome:
        found = project.find_tracks(tracks)
        named = len(found) == 1 or not is_group(tracks)
        return effectamount.change(project, found, effect, parameter, move, named=named)

    return carry_out(call, edit)


@command("effect sidechain", "effect sidechain bass --by kick", aliases=("duck",))
def effect_sidechain(call: Call, tracks: Parts, *, by: TrackRef, amount: Duck | None = None) -> Done:
    """Let tracks duck while another one is loud (--by kick), by --amount decibels at most.

    A side-chain that is there listens to that track from now on; a new one turns down by 18 dB at most.
    """
    from hardcore.compose.edits import ducking

    def edit(project: ProjectState) -> Outcome:
        return ducking.sidechain(project, project.find_tracks(tracks), project.find_track(by), amount)

    return carry_out(call, edit)


@command("effect bypass", "effect bypass bass filter on", aliases=("fx bypass",))
def effect_bypass(call: Call, tracks: Parts, effect: EffectName, state: Toggle = None) -> Done:
    """Let sound pass an insert of tracks unchanged, or through it again; without on or off it is flipped.

    Of several it is on where any is off.
    """
    from hardcore.compose.edits import effects

    return carry_out(call, lambda project: effects.bypass(project, project.find_tracks(tracks), effect, state))


class DeviceRow(Row):
    """An instrument or effect of the catalogue: what it is for, what it costs, and its parameters by id.

    cost_percent   of one core: an instrument for each voice, an effect for itself
    """

    id: str
    family: str
    roles: tuple[str, ...]
    help: str
    cost_percent: float
    parameters: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        cost = f"{self.cost_percent:.2g}"
        return (self.id, self.family, ", ".join(self.roles), self.help, cost, " ".join(self.parameters))


class DeviceList(Listing[DeviceRow]):
    """Instruments or effects."""

    headings = ("device", "family", "for", "what it is", "cost %", "parameters")


@command("devices", "devices effects", effects=(), aliases=("devices list", "instrument list", "instruments"))
def device_list(
    call: Call,
    kind: Annotated[Literal["instruments", "effects"], Kind("kind", "instruments or effects")] = "instruments",
    *,
    role: RoleName | None = None,
    family: FamilyName | None = None,
) -> DeviceList:
    """List the instruments or effects there are, for a --role or of a --family if asked, and what each one costs."""
    known = devices.instruments() if kind == "instruments" else devices.effects()
    families = list(dict.fromkeys(device.family for device in known.values()))
    if family is not None and family not in families:
        raise NotFound(f"no family '{family}' among the {kind}", nearest(family, families))
    if role is not None:
        role_of(role)
    rows = tuple(
        DeviceRow(
            **{name: getattr(device, name) for name in ("id", "family", "roles", "help", "cost_percent")},
            parameters=tuple(p.id for p in device.shown),
        )
        for device in known.values()
        if (family in (None, device.family)) and (role is None or role in device.roles)
    )
    note = "cost: percent of one core for each " + ("voice" if kind == "instruments" else "effect")
    return DeviceList(items=rows, note=note, empty=f"no {kind} like that")
