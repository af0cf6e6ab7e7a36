"""Effects: "put a phaser on the pad" adds one of the catalogue, more and less turn it, "no phaser" takes it off."""

from hardcore.compose.changes.scope import Outcome, chosen, shown, turned_effect
from hardcore.compose.orders import Order
from hardcore.knowledge.vocabulary import ChangeWords
from hardcore.project import devices
from hardcore.project.mixer import Effect
from hardcore.project.roles import DRUMS
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, remove_effect

# what makes an effect stronger when it is turned up, the plainest first
AMOUNT = ("mix", "depth", "amount", "lfo_depth", "range", "drive", "resonance", "gain", "attack")
STEP = 0.15  # of the parameter's range


def effect(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with an effect on the named parts: added, turned up or down, or taken off (sign −2)."""
    wanted: ChangeWords = order.value
    assert wanted.device is not None
    name = devices.effect(wanted.device).name
    if not order.targets:
        return Outcome(project, (), (f"say on what: {name} on the bass",))
    side = next((track for track in project.tracks if track.role == "kick"), None)
    tracks, failed = chosen(project, order, lambda track: False)
    if devices.effect(wanted.device).side:
        if side is None:
            return Outcome(project, (), (f"there is no kick for the {name} to listen to",))
        tracks = [track for track in tracks if track.id != side.id]
    said = []
    for track in _together(project, tracks):
        project, line, why = _on_track(project, track, order, wanted, side.id if side else "")
        said += [line] if line else []
        failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def _together(project: ProjectState, tracks: list[Track]) -> list[Track]:
    """Return the group that all these tracks feed instead of them, when nothing else feeds it."""
    outputs = {track.output for track in tracks}
    if len(tracks) < 2 or len(outputs) != 1 or MASTER_ID in outputs:
        return tracks
    group = next(track for track in project.tracks if track.id in outputs)
    others = [track for track in project.tracks if track.output == group.id and track not in tracks]
    whole = not others or ({track.role for track in tracks} <= set(DRUMS) and len(tracks) > 3)
    return [group] if whole and group.kind == "group" else tracks


def _on_track(
    project: ProjectState, track: Track, order: Order, wanted: ChangeWords, side: str
) -> tuple[ProjectState, str, str]:
    """Return the project with the effect of one track changed, what was done, and what could not be."""
    assert wanted.device is not None
    device = devices.effect(wanted.device)
    here = next((found for found in track.effects if found.device == device.id), None)
    if here is None:
        if order.sign < 0:
            return project, "", f"{track.name} has no {device.name}"
        project, _ = add_effect(project, track.id, device.id, wanted.settings, side if device.side else None)
        figures = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in wanted.settings.items())
        return project, f"{track.name}: {device.name} added{f' ({figures})' if figures else ''}", ""
    if order.sign < -1:
        return remove_effect(project, track.id, here.id), f"{track.name}: {device.name} taken off", ""
    return _turned(project, track, here, order)


def _turned(project: ProjectState, track: Track, here: Effect, order: Order) -> tuple[ProjectState, str, str]:
    device = devices.effect(here.device)
    known = {parameter.id: parameter for parameter in device.parameters}
    share = STEP * (order.sign or 1) * order.amount
    for parameter in (known[name] for name in AMOUNT if name in known):
        way = share * (parameter.high - parameter.low)
        project, before, after = turned_effect(
            project,
            track,
            here.id,
            parameter,
            lambda value, way=way: value + way,  # type: ignore[misc]
        )
        if before != after:
            return project, f"{track.name}: {device.name} {shown(parameter, before, after)}", ""
    return project, "", f"{track.name} has as {'much' if share > 0 else 'little'} {device.name} as it gets"
