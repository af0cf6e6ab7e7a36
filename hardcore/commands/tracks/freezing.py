"""Freeze, bounce and resample: a track's sound as audio, in its place or beside it."""

from collections.abc import Sequence

from hardcore.commands.core.background import Begun, finishes, in_background, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, counted
from hardcore.commands.core.types import Flag, SceneRef, TrackRef
from hardcore.commands.exchange.artifacts import artifact_of
from hardcore.commands.tracks.sounds import sound_places
from hardcore.errors import UserError
from hardcore.jobs.job import Job
from hardcore.project import freezing
from hardcore.project.artifact import Artifact
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words


async def _bounced(
    call: Call,
    track: Track,
    kind: str,
    *,
    background: bool,
    scene: str | None = None,
    clips: Sequence[str] | None = None,
) -> Edited | Begun:
    """Render what a track sounds like and put it into the project, now or once it is there."""
    project = call.project
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    rate = call.studio.settings.render.rate
    asked = {"track": track.id, "scene": scene, "clips": clips, "kind": kind, "rate": rate, "places": places}
    if background:
        return in_background(call, "bounce", asked, project=project)
    return _taken(call, asked, await work(call, "bounce", asked, project=project))


@finishes("bounce")
def bounce_done(call: Call, job: Job, done: Words) -> Edited:
    """Put what was frozen, bounced or resampled in the background into the project as it is now."""
    return _taken(call, job.arguments, done)


def _taken(call: Call, asked: Words, done: Words) -> Edited:
    if asked["clips"] is not None:
        return _frozen(call, asked["track"], {clip: artifact_of(words) for clip, words in done["clips"].items()})
    return _beside(call, asked, artifact_of(done["artifact"]), int(done["length_ticks"]))


@command(
    "track freeze",
    "track freeze bass",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    aliases=("freeze",),
    about={"background": "go on while it is rendered"},
)
async def track_freeze(call: Call, track: TrackRef, *, background: Flag = False) -> Edited | Begun:
    """Let the sound of a track's clips, effects included, be played from audio: its instrument and effects rest.

    An audio track stands for it, with its fader, sends and place. What rings past a clip's end is laid over its
    beginning. Edits of the track are heard again once it is unfrozen.
    """
    found = call.project.find_track(track)
    freezing.ensure_freezable(found)
    return await _bounced(call, found, "freeze", background=background, clips=[clip.id for clip in found.clips])


def _frozen(call: Call, track_id: str, made: dict[str, Artifact]) -> Edited:
    name = call.edit(lambda project: freezing.freeze(project, track_id, made)[0]).find_track(track_id).name
    return Edited(message=f"{name} is frozen: {counted(len(made), 'clip')} as audio; track unfreeze takes it back")


@command("track unfreeze", "track unfreeze bass", aliases=("unfreeze",))
def track_unfreeze(call: Call, track: TrackRef) -> Edited:
    """Let a frozen track play itself again; the audio that stood for it goes."""
    found = call.project.find_track(track)
    call.edit(lambda project: freezing.unfreeze(project, found.id))
    return Edited(message=f"{found.name} plays itself again")


@command(
    "track bounce",
    "track bounce bass",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    aliases=("bounce",),
    about={"scene": "a scene as a loop, instead of the song", "background": "go on while it is rendered"},
)
async def track_bounce(
    call: Call, track: TrackRef, *, scene: SceneRef | None = None, background: Flag = False
) -> Edited | Begun:
    """Put what a track sounds like, after effects and fader, on an audio track of its own, and mute the track."""
    found = call.project.find_track(track)
    if found.id == MASTER_ID:
        raise UserError("the master is everything", "resample master")
    return await _bounced(call, found, "bounce", background=background, scene=_row(call.project, scene))


@command(
    "resample",
    "resample drums",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    about={
        "track": "a track, a group, or master",
        "scene": "a scene as a loop, instead of the song",
        "background": "go on while it is rendered",
    },
)
async def resample(
    call: Call, track: TrackRef, *, scene: SceneRef | None = None, background: Flag = False
) -> Edited | Begun:
    """Put what a track, a group or the master sounds like on an audio track of its own; everything else stays."""
    found = call.project.find_track(track)
    return await _bounced(call, found, "resample", background=background, scene=_row(call.project, scene))


def _row(project: ProjectState, scene: str | None) -> str | None:
    """Return the scene that is bounced: the one that is named; without an arrangement the first that plays."""
    if scene is not None:
        return project.find_scene(scene).id
    return None if project.arrangement else next((one.id for one in project.scenes if one.slots), None)


def _beside(call: Call, asked: Words, known: Artifact, length: int) -> Edited:
    """Put a sound beside the track that it is of; one that was bounced is muted."""
    track_id, scene, made = asked["track"], asked["scene"], list[str]()
    name = call.project.find_track(track_id).name

    def change(project: ProjectState) -> ProjectState:
        project, audio_id = freezing.add_bounce(project, f"{name} audio", known, length, scene)
        made.append(audio_id)
        return project.with_mixer(track_id, mute=True) if asked["kind"] == "bounce" else project

    after = call.edit(change)
    where = f"scene {after.find_scene(scene).name}" if scene is not None else "from bar 1"
    track = after.find_track(made[-1])
    return Edited(message=f"{name} as audio on {track.name}, {where}: {known.sound.seconds:.2f} s")
