"""Effects of several parts: put on, taken off, bypassed and set, as an insert or as a send to a return.

A reverb or delay is where it is heard: as an insert of the track, or in a return that the track sends to. A new one is
a send where the project has a return of that kind, else an insert.
"""

from collections.abc import Iterator, Mapping, Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import has, heard, kinds_of, put, return_of
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.sends import send, sent
from hardcore.compose.edits.turning import within
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import effect_called, parameter_called, parameter_words, plain
from hardcore.project import devices
from hardcore.project.device import Device, Parameter
from hardcore.project.mixer import Effect
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, remove_effect, set_effect, set_send
from hardcore.project.units import SAID, Quantity, in_unit_of

FIRST_SEND_DB = -12.0
EVERY = "all"
IN_TIME = {"delay": ("time", 0.75), "tape_delay": ("time", 0.75), "trance_gate": ("rate", 0.25)}
DUCK_DB = devices.effect("sidechain").parameter("range").default


def add(
    project: ProjectState,
    tracks: Sequence[Track],
    words: str,
    settings: Mapping[str, Quantity] | None = None,
    side: Track | None = None,
    place: int | None = None,
    *,
    insert: bool = False,
) -> Outcome:
    """Return the project with an effect on each of the tracks: last in the chain (`chain.put`), or at `place` from 1.

    A reverb or delay without settings of its own is a send at −12 dB to a return of that kind where there is one,
    unless `insert` is set. A side-chain listens to `side`, without one to the kick. Raises UserError.
    """
    term, given = effect_called(words), settings or {}
    device = devices.effect(term.device)
    values = in_units(device, given, project.tempo_map.bpm)
    if not given or plain(words) != plain(device.id):
        values = {**term.settings, **values}
    values = {**_in_time(device, values, project.tempo_map.bpm), **values}
    side = side or (_kick(project, device) if device.side else None)
    bus = return_of(project, kinds_of(term)) if term.send and not (given or insert or place) else None
    said: list[str] = []
    failed: list[str] = []
    for track in tracks:
        if bus is not None and track.kind not in ("return", "master"):
            outcome = _sent(project, track, bus)
            project = outcome.project
            said += outcome.said
            failed += outcome.failed
        elif side is not None and side.id == track.id:
            failed.append(f"{track.name} cannot listen to itself")
        else:
            heard_side = side.id if side else None
            if place is None:
                project = put(project, track, device.id, values, heard_side)
            else:
                project, _ = add_effect(project, track.id, device.id, values, heard_side, place)
            to = f", listening to {side.name}" if side else ""
            said.append(f"{device.id} on {track.name}{to}{_figures(device, values)}")
    return Outcome(project, tuple(said), tuple(failed))


def _in_time(device: Device, values: Mapping[str, float], bpm: float) -> dict[str, float]:
    """Return what of a new effect goes with the tempo: an echo of three sixteenths, a gate of sixteenths."""
    name, beats = IN_TIME.get(device.id, ("", 0.0))
    if not name or name in values:
        return {}
    return {name: within(device.parameter(name), in_unit_of(device.parameter(name), Quantity(beats, "beats"), bpm))}


def _kick(project: ProjectState, device: Device) -> Track:
    kick = next((track for track in project.tracks if track.role == "kick"), None)
    if kick is None:
        raise UserError(f"{device.name} needs a track to listen to", "there is no kick: --side TRACK")
    return kick


def _sent(project: ProjectState, track: Track, bus: Track) -> Outcome:
    if sent(track, bus) is not None:
        how = f"effect change {track.name} {bus.name} --by 1"
        return Outcome(project, (), (f"{track.name} sends to {bus.name} already ({how})",))
    return send(project, [track], bus, Amount(to=FIRST_SEND_DB))


def _figures(device: Device, values: Mapping[str, float]) -> str:
    return "".join(
        f", {name.replace('_', ' ')} {value:g}{_unit(device.parameter(name))}" for name, value in values.items()
    )


def _unit(parameter: Parameter) -> str:
    known = SAID.get(parameter.unit, parameter.unit)
    return f" {known}" if known and parameter.unit not in ("ratio", "q", "stages") else ""


def in_units(device: Device, settings: Mapping[str, Quantity], bpm: float) -> dict[str, float]:
    """Return settings by the ids of a device's parameters and in their units. Raises UserError naming the nearest."""
    found: dict[str, float] = {}
    for name, said in settings.items():
        parameter = parameter_called(device, name)
        if parameter is None:
            raise UserError(f"{device.id} has no parameter '{name}'", nearest(name, parameter_words(device)))
        found[parameter.id] = in_unit_of(parameter, said, bpm)
    return found


def remove(project: ProjectState, tracks: Sequence[Track], words: str) -> Outcome:
    """Return the project with an effect off the tracks, insert and send alike; `all`: every effect and every send."""
    said, failed = [], []
    for track in tracks:
        gone = list(_gone(project, track, words))
        if not gone:
            what = "no effects" if words == EVERY else f"no {words}"
            failed.append(f"{track.name} has {what}{has(track)}")
        for thing in gone:
            if isinstance(thing, Effect):
                project = remove_effect(project, track.id, thing.id)
                said.append(f"{thing.device} is off {track.name}")
            else:
                project = set_send(project, track.id, thing.id, -96)
                said.append(f"{track.name} no longer sends to {thing.name}")
    return Outcome(project, tuple(said), tuple(failed))


def _gone(project: ProjectState, track: Track, words: str) -> Iterator[Effect | Track]:
    """Yield the inserts and returns that are meant: all of a kind, not only the first."""
    targets = [project.find_track(one.target) for one in track.sends]
    if words == EVERY:
        yield from track.effects
        yield from targets
        return
    exact = [fx for place, fx in enumerate(track.effects, 1) if words in (fx.id, str(place))]
    if exact:
        yield from exact
        return
    kinds = kinds_of(effect_called(words))
    yield from (effect for effect in track.effects if effect.device in kinds)
    yield from (target for target in targets if any(effect.device in kinds for effect in target.effects))


def bypass(project: ProjectState, tracks: Sequence[Track], words: str, on: bool | None) -> Outcome:
    """Return the project with an insert of each track passed by, or heard again; None: on where any is off."""
    places = [(track, there) for track in tracks if (there := heard(project, track, words))]
    failed = [f"{track.name} has no {words}{has(track)}" for track in tracks if not heard(project, track, words)]
    through = [(track, there.track) for track, there in places if there.through]
    failed += [f"{track.name} sends to {bus.name}: effect remove takes the send away" for track, bus in through]
    own = [there for _, there in places if not there.through]
    new = not all(there.effect.bypass for there in own) if on is None else on
    said = []
    for track, effect, _ in own:
        if effect.bypass == new:
            stands = f"{track.name} {effect.device}: bypass is {'on' if new else 'off'} already"
            failed += [stands] if on is not None else []
            continue
        project = set_effect(project, track.id, effect.id, {}, bypass=new)
        said.append(f"{track.name} {effect.device}: bypass {'on' if new else 'off'}")
    return Outcome(project, tuple(said), tuple(failed))


def set_up(project: ProjectState, tracks: Sequence[Track], words: str, settings: Mapping[str, Quantity]) -> Outcome:
    """Return the project with parameters of an effect of each track set; what is heard through a return once.

    Raises UserError for a name that is no parameter or a value out of its range.
    """
    said, failed, done = [], [], set()
    for track in tracks:
        there = heard(project, track, words)
        if there is None:
            failed.append(f"{track.name} has no {words}{has(track)}")
            continue
        if there.effect.id in done:
            continue
        done.add(there.effect.id)
        device = devices.effect(there.effect.device)
        for name, value in in_units(device, settings, project.tempo_map.bpm).items():
            place = Place(there.effect.id, device, device.parameter(device.parameter(name).id))
            device.checked(name, value)
            project, line, why = moved(project, there.track, place, Move(to=Quantity(value)))
            said += [line] if line else []
            failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def sidechain(project: ProjectState, tracks: Sequence[Track], side: Track, amount_db: float | None = None) -> Outcome:
    """Return the project with tracks that duck while `side` is loud, by `amount_db` at most (0 to 60).

    A side-chain that is there listens to `side` from now on; without an amount it keeps its own, a new one has 18 dB.
    """
    settings = {} if amount_db is None else {"range": amount_db}
    said, failed = [], []
    for track in tracks:
        there = next((effect for effect in track.effects if effect.device == "sidechain"), None)
        if track.id == side.id:
            failed.append(f"{track.name} cannot listen to itself")
        elif there is None:
            project, _ = add_effect(project, track.id, "sidechain", settings, side.id)
            said.append(f"{track.name} ducks for {side.name}, {settings.get('range', DUCK_DB):g} dB at most")
        elif (there.side, there.bypass) == (side.id, False) and amount_db in (None, there.value("range")):
            failed.append(f"{track.name} ducks for {side.name} already, {there.value('range'):g} dB at most")
        else:
            project = set_effect(project, track.id, there.id, settings, side=side.id, bypass=False)
            before, now = there.value("range"), settings.get("range", there.value("range"))
            said.append(f"{track.name} ducks for {side.name}, {before:g} → {now:g} dB at most")
    return Outcome(project, tuple(said), tuple(failed))
