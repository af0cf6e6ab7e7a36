"""Tracks: add, remove, rename, move, instrument, settings, routing."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from hardcore.commands.core.call import Call
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor, MoreValue, Step, Value
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import (
    CallName,
    Count,
    InstrumentRef,
    Kind,
    ParameterRef,
    Parts,
    RoleName,
    SpacedCallName,
    TrackRef,
)
from hardcore.compose.edits.levels import shown_pan
from hardcore.compose.edits.move import asked_move
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import devices
from hardcore.project import tracks as edits
from hardcore.project.mixer import Instrument
from hardcore.project.roles import ROLES, Role
from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS


def plays(instrument: Instrument | None) -> str:
    """Return what an instrument plays, such as `reese` or `sampler hat_tick`; nothing for None."""
    if instrument is None:
        return ""
    return f"{instrument.device} {instrument.sound.name}" if instrument.sound else instrument.device


def role_of(name: str | None) -> Role | None:
    """Return the role called `name`. Raises UserError naming the nearest."""
    if name is None:
        return None
    for role in ROLES:
        if role == name:
            return role
    raise NotFound(f"no role '{name}'", nearest(name, ROLES))


class SendRow(Row):
    """A send of a track: to which one, how loud, and whether before the fader."""

    target: str
    name: str
    gain_db: float
    pre: bool


class EffectRow(Row):
    """An insert of a track; `side` is the id of the track it listens to."""

    id: str
    device: str
    bypass: bool
    side: str | None


class TrackRow(Row):
    """A track of the mixer: its place from 1, what it plays, its fader and where it goes.

    plays   the instrument, with the sound it samples; `output`, `target` and `side` are ids of tracks
    """

    number: int
    id: str
    name: str
    kind: str
    role: str | None
    instrument: str | None
    plays: str | None
    gain_db: float
    pan: float
    mute: bool
    solo: bool
    effects: tuple[EffectRow, ...]
    sends: tuple[SendRow, ...]
    output: str | None
    output_name: str | None
    clips: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        state = " ".join(word for word, on in (("mute", self.mute), ("solo", self.solo)) if on)
        sends = " ".join(f"{send.name} {send.gain_db:g}{' pre' if send.pre else ''}" for send in self.sends)
        effects = " ".join(f"({effect.device})" if effect.bypass else effect.device for effect in self.effects)
        pan, clips = shown_pan(self.pan), self.clips or ""
        return (
            self.number, self.name, self.kind, self.plays, self.gain_db, pan, state, effects, sends, self.output_name,
            clips,
        )  # fmt: skip


class TrackList(Listing[TrackRow]):
    """The tracks."""

    headings = ("#", "track", "kind", "plays", "gain dB", "pan", "state", "effects", "sends", "to", "clips")


@command("track list", "track list", effects=(), aliases=("tracks",))
def track_list(call: Call) -> TrackList:
    """List the tracks with their instruments, faders and routing."""
    return TrackList(items=tuple(track_rows(call.project)))


def track_rows(project: ProjectState) -> Iterator[TrackRow]:
    """Yield the tracks of a project as data."""
    names = {track.id: track.name for track in project.tracks}
    for place, track in enumerate(project.tracks, 1):
        yield TrackRow(
            number=place,
            **{name: getattr(track, name) for name in ("id", "name", "kind", "role", "output")},
            instrument=track.instrument.device if track.instrument else None,
            plays=plays(track.instrument) or None,
            **track.mixer.model_dump(include={"gain_db", "pan", "mute", "solo"}),
            effects=tuple(EffectRow(id=e.id, device=e.device, bypass=e.bypass, side=e.side) for e in track.effects),
            sends=tuple(
                SendRow(target=s.target, name=names[s.target], gain_db=s.gain_db, pre=s.pre) for s in track.sends
            ),
            output_name=names.get(track.output or ""),
            clips=len(track.clips),
        )


@command(
    "track add",
    "track add bass --instrument sub --role bass",
    about={"name": 'what the track is called; "in quotes" with spaces'},
)
def track_add(
    call: Call,
    name: CallName,
    *,
    kind: Annotated[Literal["midi", "audio", "group", "return"], Kind("kind", "midi, audio, group or return")] = "midi",
    instrument: InstrumentRef | None = None,
    role: RoleName | None = None,
) -> Done:
    """Add a track: midi (an instrument plays), audio (sounds play), group (tracks feed it), return (sends feed it)."""
    known = role_of(role)
    device = instrument or _suited(known) if kind == "midi" else instrument
    made: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        project, track_id = edits.add_track(project, name, kind, role=known, instrument=device)
        made.append(track_id)
        return project

    track = call.edit(change).find_track(made[-1])
    playing = f" playing {plays(track.instrument)}" if track.instrument else ""
    return Done(message=f"added {track.kind} track {track.name}{playing}")


def _suited(role: Role | None) -> str:
    """Return the catalogue's first instrument for a role."""
    suited = [device.id for device in devices.instruments().values() if role in device.roles[:1]]
    return suited[0] if suited else "epiano"


@command("track remove", "track remove bass", aliases=("track delete", "part remove"))
def track_remove(call: Call, tracks: Parts) -> Done:
    """Remove tracks, their clips, and what pointed to them."""
    gone = call.project.find_tracks(tracks)

    def change(project: ProjectState) -> ProjectState:
        for track in gone:
            project = edits.remove_track(project, track.id)
        return project

    call.edit(change)
    return Done(message=f"removed {', '.join(track.name for track in gone)}; undo brings it back")


@command("track duplicate", "track duplicate bass")
def track_duplicate(call: Call, tracks: Parts) -> Done:
    """Put a copy of tracks behind them: clips of its own in the same places, effects, sends, what moves."""
    from hardcore.compose.edits.doubling import duplicate

    chosen = [track for track in call.project.find_tracks(tracks) if track.kind in HOLDS_CLIPS]
    if not chosen:
        raise UserError(f"{tracks} plays no clips of its own", "parts can be duplicated")
    made: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        made.clear()
        for track in chosen:
            project, copy = duplicate(project, track)
            made.append(copy.name)
        return project

    call.edit(change)
    return Done(message=f"{', '.join(made)}: the same as {', '.join(track.name for track in chosen)}")


@command("track rename", "track rename bass low-end", about={"name": "what the track is called from now on"})
def track_rename(call: Call, track: TrackRef, name: SpacedCallName) -> Done:
    """Give a track another name."""
    found = call.project.find_track(track)
    new = call.edit(lambda project: edits.rename_track(project, found.id, name))
    return Done(message=f"{found.name} is now {new.find_track(found.id).name}")


@command("track move", "track move bass 1", about={"place": "its place in the list, from 1"})
def track_move(call: Call, track: TrackRef, place: Count) -> Done:
    """Move a track to a place in the list, counted from 1."""
    found = call.project.find_track(track)
    call.edit(lambda project: edits.move_track(project, found.id, place))
    return Done(message=f"{found.name} is track {place}")


@command("track instrument", "track instrument bass acid303", aliases=("instrument",))
def track_instrument(call: Call, track: TrackRef, instrument: InstrumentRef) -> Done:
    """Let a track play another instrument, at its default settings."""
    found = call.project.find_track(track)
    new = call.edit(lambda project: edits.set_instrument(project, found.id, instrument))
    return Done(message=f"{found.name} plays {plays(new.find_track(found.id).instrument)}")


@command("track set", "track set bass cutoff 500", aliases=("set",), scoped=True)
def track_set(
    call: Call,
    tracks: Parts,
    parameter: ParameterRef,
    value: Value | None = None,
    *,
    by: MoreValue | None = None,
    factor: Factor | None = None,
    steps: Step | None = None,
) -> Done:
    """Set a parameter of tracks' instruments, or move it --by a difference, --factor times or by audible --steps.

    It may be called what musicians call it (brightness, attack, reso, portamento); what has no such parameter takes
    the first effect of the track that has. Envelopes of the parameter go as far. A value may have a unit: `300ms`,
    `2khz`, `1/8`; --by 20% is a fifth more, --by 1oct twice a frequency.
    """
    from hardcore.compose.edits import parameters

    move = asked_move(value, by, factor, steps, "track set bass cutoff 500, track set bass cutoff --factor 0.5")
    return carry_out(call, lambda project: parameters.change(project, project.find_tracks(tracks), parameter, move))


class ParameterRow(Row):
    """A parameter of a track's instrument, or of the effect with the id `effect`; its value in its unit."""

    device: str
    effect: str | None
    parameter: str
    value: float
    unit: str
    low: float
    high: float
    default: float
    help: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.device, self.parameter, self.value, self.unit, f"{self.low:g} to {self.high:g}", self.help)


class TrackView(Listing[ParameterRow]):
    """A track with the parameters of its instrument and effects."""

    headings = ("device", "parameter", "value", "unit", "range", "")

    track: TrackRow


@command("track show", "track show bass", effects=())
def track_show(call: Call, track: TrackRef) -> TrackView:
    """Show a track's instrument and effects with every parameter, its value and range."""
    found = call.project.find_track(track)
    rows: list[ParameterRow] = []
    if found.instrument:
        rows += _parameters(found.instrument.definition, found.instrument.chosen, None)
    for effect in found.effects:
        rows += _parameters(effect.definition, effect.settings, effect.id)
    row = next(row for row in track_rows(call.project) if row.id == found.id)
    return TrackView(items=tuple(rows), track=row, empty=f"{found.name} has no instrument and no effects")


def _parameters(device: devices.Device, chosen: Mapping[str, float], effect: str | None) -> list[ParameterRow]:
    return [
        ParameterRow(
            device=device.id, effect=effect, parameter=p.id, value=chosen.get(p.id, p.default), unit=p.unit, low=p.low,
            high=p.high, default=p.default, help=p.help,
        )
        for p in device.shown
    ]  # fmt: skip


@command("track route", "track route snare drums", aliases=("route",))
def track_route(call: Call, track: TrackRef, to: TrackRef) -> Done:
    """Let a track feed a group or the master."""
    found, target = call.project.find_track(track), call.project.find_track(to)
    call.edit(lambda project: edits.route(project, found.id, target.id))
    return Done(message=f"{found.name} feeds {target.name}")
