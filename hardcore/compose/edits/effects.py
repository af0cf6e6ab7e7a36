"""Effects of several parts: put on, taken off and bypassed, as an insert or as a send to a return.

A reverb or delay is where it is heard: as an insert of the track, or in a return that the track sends to. A new one is
a send where the project has a return of that kind, else an insert.
"""

from collections.abc import Iterator, Mapping, Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import has, heard, kinds_called, kinds_of, put, return_of
from hardcore.compose.edits.effectsettings import in_units
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import within
from hardcore.compose.edits.sends import send, sent
from hardcore.errors import UserError
from hardcore.knowledge.terms import EffectTerm, effect_called, plain
from hardcore.project import devices
from hardcore.project.device import Device, Parameter
from hardcore.project.mixer import Effect
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, remove_effect, set_effect, set_send
from hardcore.project.units import SAID, Quantity, in_unit_of

FIRST_SEND_DB = -12.0
EVERY = "all"
# lengths in beats
IN_TIME = {"delay": ("time", 0.75), "tape_delay": ("time", 0.75), "trance_gate": ("rate", 0.25),
           "beat_repeat": ("time", 0.25)}  # fmt: skip


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
    bus = return_of(project, kinds_of(term)) if term.send and not (given or insert or place) else None
    values = _values(device, term, words, given, project.tempo_map.bpm)
    side = side or (_kick(project, device) if device.side else None)
    said: list[str] = []
    failed: list[str] = []
    for track in tracks:
        if bus is not None and track.kind not in ("return", "master"):
            outcome = _sent(project, track, bus)
        else:
            outcome = _inserted(project, track, device, values, side, place)
        project = outcome.project
        said += outcome.said
        failed += outcome.failed
    return Outcome(project, tuple(said), tuple(failed))


def _inserted(
    project: ProjectState,
    track: Track,
    device: Device,
    values: Mapping[str, float],
    side: Track | None,
    place: int | None,
) -> Outcome:
    if side is not None and side.id == track.id:
        return Outcome(project, (), (f"{track.name} cannot listen to itself",))
    listened = side.id if side else None
    if place is None:
        project = put(project, track, device.id, values, listened)
    else:
        project, _ = add_effect(project, track.id, device.id, values, listened, place)
    to = f", listening to {side.name}" if side else ""
    return Outcome(project, (f"{device.id} on {track.name}{to}{_figures(device, values)}",))


def _values(
    device: Device, term: EffectTerm, words: str, given: Mapping[str, Quantity], bpm: float
) -> dict[str, float]:
    """Return what an effect begins with: what was given, over what its name means, over what goes with the tempo.

    What is called by its id and given settings of its own has nothing else.
    """
    values = in_units(device, given, bpm)
    if not given or plain(words) != plain(device.id):
        values = {**term.settings, **values}
    return {**_in_time(device, values, bpm), **values}


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
    kinds = kinds_called(words)
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
