"""Edits of tracks: add, remove, rename, move, instrument, effects, sends."""

from collections.abc import Mapping

from hardcore.errors import UserError
from hardcore.project import devices, pluginlist
from hardcore.project.automation import is_note_parameter, without_sends
from hardcore.project.clip import Automation
from hardcore.project.mixer import Effect, Instrument, Mixer, Send
from hardcore.project.plugin import Plugin
from hardcore.project.roles import Role
from hardcore.project.routing import ensure_no_loop
from hardcore.project.samples import PLAYERS, SAMPLER, sample, sample_for
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track, TrackKind
from hardcore.project.values import clean_name


def free_name(project: ProjectState, wanted: str) -> str:
    """Return `wanted`, with a number added when a track already has that name."""
    used = {track.name.casefold() for track in project.tracks}
    name, number = clean_name(wanted), 2
    while name.casefold() in used:
        name, number = f"{clean_name(wanted)} {number}", number + 1
    return name


def add_track(
    project: ProjectState,
    name: str,
    kind: TrackKind = "midi",
    *,
    role: Role | None = None,
    instrument: str | None = None,
    settings: Mapping[str, float] | None = None,
    mixer: Mixer | None = None,
) -> tuple[ProjectState, str]:
    """Return the project with a track before the returns and the master, and the track's id. Raises UserError."""
    if kind == "master":
        raise UserError("a project has one master")
    if kind == "midi":
        instrument = devices.instrument(instrument or "epiano").id
    elif instrument:
        raise UserError(f"a {kind} track has no instrument")
    project, track_id = project.taken("t")
    track = Track(
        id=track_id,
        name=free_name(project, name),
        kind=kind,
        role=role,
        instrument=_instrument(instrument, role, settings or {}) if instrument else None,
        output=MASTER_ID,
        mixer=mixer or Mixer(),
    )
    place = len(project.tracks) - 1
    if kind != "return":
        place = next((i for i, other in enumerate(project.tracks) if other.kind in ("return", "master")), place)
    return project.evolve(tracks=(*project.tracks[:place], track, *project.tracks[place:])), track_id


def _instrument(
    device: str, role: Role | None, settings: Mapping[str, float], plugin: Plugin | None = None
) -> Instrument:
    """Return an instrument as a track of `role` begins with it: a sampler has a sample that suits."""
    suited = sample_for(role).name if device in PLAYERS else None
    described = plugin or pluginlist.described(device)
    return Instrument(device=device, settings=settings, sample=suited, plugin=described)


def remove_track(project: ProjectState, track_id: str) -> ProjectState:
    """Return the project without the track and everything that pointed to it; what fed it feeds its output."""
    gone = project.find_track(track_id)
    if gone.kind == "master":
        raise UserError("the master cannot be removed")

    def freed(track: Track) -> Track:
        output = gone.output if track.output == track_id else track.output
        sends = tuple(send for send in track.sends if send.target != track_id)
        effects = tuple(fx.evolve(side=None) if fx.side == track_id else fx for fx in track.effects)
        frozen = None if track.frozen == track_id else track.frozen
        if (output, sends, effects, frozen) == (track.output, track.sends, track.effects, track.frozen):
            return track
        return without_sends(track, track_id).evolve(output=output, sends=sends, effects=effects, frozen=frozen)

    scenes = tuple(
        scene.evolve(slots={t: c for t, c in scene.slots.items() if t != track_id})
        if track_id in scene.slots
        else scene
        for scene in project.scenes
    )
    return project.evolve(tracks=tuple(freed(track) for track in project.tracks if track.id != track_id), scenes=scenes)


def rename_track(project: ProjectState, track_id: str, name: str) -> ProjectState:
    """Return the project with the track renamed. Raises UserError when another track has the name."""
    name = clean_name(name)
    if any(t.name.casefold() == name.casefold() and t.id != track_id for t in project.tracks):
        raise UserError(f"there is already a track named '{name}'")
    return project.with_track(track_id, lambda track: track.evolve(name=name))


def move_track(project: ProjectState, track_id: str, place: int) -> ProjectState:
    """Return the project with the track at `place`, counted from 1; the master stays last. Raises UserError."""
    track = project.find_track(track_id)
    if track.kind == "master":
        raise UserError("the master stays last")
    others = [other for other in project.tracks if other.id != track_id]
    if not 1 <= place <= len(others):
        raise UserError(f"no place {place}", f"1 to {len(others)}")
    return project.evolve(tracks=(*others[: place - 1], track, *others[place - 1 :]))


def set_instrument(project: ProjectState, track_id: str, device: str, plugin: Plugin | None = None) -> ProjectState:
    """Return the project with another instrument on the track, at its defaults. Raises UserError.

    Envelopes stay whose parameter it has too, in a range that holds them. `plugin` describes one that is
    a plug-in, which need not be on this machine then.
    """
    track = project.find_track(track_id)
    if track.kind != "midi":
        raise UserError(f"{track.name} has no instrument: its kind is {track.kind}")
    known = devices.instrument(device) if plugin is None else plugin.device
    own = {parameter.id: parameter for parameter in known.parameters}

    def stays(one: Automation) -> bool:
        if not is_note_parameter(track.id, one.owner, one.parameter):
            return True
        new = own.get(one.parameter)
        return new is not None and all(new.low <= point.value <= new.high for point in one.points)

    def changed(track: Track) -> Track:
        clips = tuple(
            clip.evolve(automation=kept)
            if (kept := tuple(a for a in clip.automation if stays(a))) != clip.automation
            else clip
            for clip in track.clips
        )
        automation = tuple(a for a in track.automation if stays(a))
        instrument = _instrument(known.id, track.role, {}, plugin)
        return track.evolve(instrument=instrument, clips=clips, automation=automation)

    return project.with_track(track_id, changed)


def set_program(project: ProjectState, track_id: str, program: int) -> ProjectState:
    """Return the project with the General MIDI program, from 0, that a file said for the track's instrument."""
    instrument = project.find_track(track_id).instrument
    assert instrument is not None
    changed = instrument.evolve(program=program)
    return project.with_track(track_id, lambda track: track.evolve(instrument=changed))


def set_sample(project: ProjectState, track_id: str, name: str) -> ProjectState:
    """Return the project with the track playing a sample; it gets a sampler if it has none. Raises UserError."""
    known = sample(name)
    track = project.find_track(track_id)
    if track.instrument is None or track.instrument.device not in PLAYERS:
        project = set_instrument(project, track.id, SAMPLER)
    instrument = project.find_track(track.id).instrument
    assert instrument is not None
    changed = instrument.evolve(sample=known.name, recording=None, multisample=None)
    return project.with_track(track.id, lambda track: track.evolve(instrument=changed))


def set_parameter(project: ProjectState, track_id: str, parameter: str, value: float) -> ProjectState:
    """Return the project with one parameter of the track's instrument set. Raises UserError naming the range."""
    track = project.find_track(track_id)
    if track.instrument is None:
        raise UserError(f"{track.name} has no instrument")
    track.instrument.definition.checked(parameter, value)
    settings = {**track.instrument.settings, parameter: value}
    instrument = track.instrument.evolve(settings=settings)
    return project.with_track(track_id, lambda track: track.evolve(instrument=instrument))


def add_effect(
    project: ProjectState,
    track_id: str,
    device: str,
    settings: Mapping[str, float] | None = None,
    side: str | None = None,
    place: int | None = None,
    plugin: Plugin | None = None,
) -> tuple[ProjectState, str]:
    """Return the project with an effect on the track (last, or at `place` from 1), and its id. Raises UserError.

    `plugin` describes one that is a plug-in, which need not be on this machine then.
    """
    known = devices.effect(device) if plugin is None else plugin.device
    for name, value in (settings or {}).items():
        known.checked(name, value)
    if known.side != (side is not None):
        raise UserError(
            f"{device} needs a track to listen to" if known.side else f"{device} listens to no other track",
            "side=kick" if known.side else "",
        )
    described = plugin or pluginlist.described(known.id)
    if described is not None and project.find_track(track_id).kind not in HOLDS_CLIPS:
        raise UserError("plug-ins are effects of tracks with clips", "put it on what feeds this one")
    project, effect_id = project.taken("e")
    effect = Effect(id=effect_id, device=known.id, settings=settings or {}, side=side, plugin=described)
    track = project.find_track(track_id)
    at = len(track.effects) if place is None else max(0, min(place - 1, len(track.effects)))
    if len(track.effects) >= 32:
        raise UserError(f"{track.name} already has 32 effects")
    project = project.with_track(
        track_id, lambda track: track.evolve(effects=(*track.effects[:at], effect, *track.effects[at:]))
    )
    ensure_no_loop(project)
    return project, effect_id


def remove_effect(project: ProjectState, track_id: str, effect_id: str) -> ProjectState:
    """Return the project without the effect and the automation of its parameters."""

    def changed(track: Track) -> Track:
        return track.evolve(
            effects=tuple(effect for effect in track.effects if effect.id != effect_id),
            automation=tuple(a for a in track.automation if a.owner != effect_id),
            clips=tuple(
                clip.evolve(automation=tuple(a for a in clip.automation if a.owner != effect_id))
                if any(a.owner == effect_id for a in clip.automation)
                else clip
                for clip in track.clips
            ),
        )

    return project.with_track(track_id, changed)


def move_effect(project: ProjectState, track_id: str, effect_id: str, place: int) -> ProjectState:
    """Return the project with the effect at `place` in the chain, from 1. Raises UserError."""
    track = project.find_track(track_id)
    if not 1 <= place <= len(track.effects):
        raise UserError(f"no place {place}", f"1 to {len(track.effects)}")
    moved = next(effect for effect in track.effects if effect.id == effect_id)
    rest = [effect for effect in track.effects if effect.id != effect_id]
    chain = (*rest[: place - 1], moved, *rest[place - 1 :])
    return project.with_track(track_id, lambda track: track.evolve(effects=chain))


def set_effect(
    project: ProjectState, track_id: str, effect_id: str, settings: Mapping[str, float], **changes: object
) -> ProjectState:
    """Return the project with parameters of an effect set, and `bypass` or `side` changed. Raises UserError."""
    track = project.find_track(track_id)
    effect = project.find_effect(track, effect_id)
    known = effect.definition
    for name, value in settings.items():
        known.checked(name, value)
    if changes.get("side") is not None and not known.side:
        raise UserError(f"{effect.device} listens to no other track")
    new = effect.evolve(settings={**effect.settings, **settings}, **changes)
    chain = tuple(new if other.id == effect_id else other for other in track.effects)
    project = project.with_track(track_id, lambda track: track.evolve(effects=chain))
    ensure_no_loop(project)
    return project


def set_send(project: ProjectState, track_id: str, target_id: str, gain_db: float, pre: bool = False) -> ProjectState:
    """Return the project with a send to a return set; at −96 dB it is removed. Raises UserError."""
    track, target = project.find_track(track_id), project.find_track(target_id)
    if target.kind != "return":
        raise UserError(f"{target.name} is not a return", "add one: track add NAME --kind return")
    kept = tuple(send for send in track.sends if send.target != target_id)
    if gain_db > -96:
        kept = (*kept, Send(target=target_id, gain_db=gain_db, pre=pre))
    gone = gain_db <= -96
    project = project.with_track(
        track_id, lambda track: (without_sends(track, target_id) if gone else track).evolve(sends=kept)
    )
    ensure_no_loop(project)
    return project


def route(project: ProjectState, track_id: str, output_id: str) -> ProjectState:
    """Return the project with the track feeding a group or the master. Raises UserError."""
    track, output = project.find_track(track_id), project.find_track(output_id)
    if track.kind == "master":
        raise UserError("the master feeds the speakers")
    if output.kind not in ("group", "master"):
        raise UserError(f"{track.name} cannot feed {output.name}", "feed a group or the master")
    project = project.with_track(track_id, lambda track: track.evolve(output=output_id))
    ensure_no_loop(project)
    return project
