"""Freeze, bounce and resample: a track's sound as audio, in its place or beside it."""

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, counted
from hardcore.commands.core.types import SceneRef, TrackRef
from hardcore.commands.exchange.artifacts import artifact_of
from hardcore.commands.tracks.sounds import sound_places
from hardcore.errors import UserError
from hardcore.project import freezing
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words


async def _bounced(
    call: Call, track: Track, kind: str, scene: str | None = None, clips: list[str] | None = None
) -> Words:
    project = call.project
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    rate = call.studio.settings.render.rate
    asked = {"track": track.id, "scene": scene, "clips": clips, "kind": kind, "rate": rate, "places": places}
    return await work(call, "bounce", asked, project=project)


@command("track freeze", "track freeze bass", effects={"project", "files"}, aliases=("freeze",))
async def track_freeze(call: Call, track: TrackRef) -> Edited:
    """Let the sound of a track's clips, effects included, be played from audio: its instrument and effects rest.

    An audio track stands for it, with its fader, sends and place. What rings past a clip's end is laid over its
    beginning. Edits of the track are heard again once it is unfrozen.
    """
    found = call.project.find_track(track)
    freezing.ensure_freezable(found)
    done = await _bounced(call, found, "freeze", clips=[clip.id for clip in found.clips])
    made = {clip: artifact_of(words) for clip, words in done["clips"].items()}
    call.edit(lambda project: freezing.freeze(project, found.id, made)[0])
    return Edited(
        message=f"{found.name} is frozen: {counted(len(made), 'clip')} as audio; track unfreeze takes it back"
    )


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
    aliases=("bounce",),
    about={"scene": "a scene as a loop, instead of the song"},
)
async def track_bounce(call: Call, track: TrackRef, *, scene: SceneRef | None = None) -> Edited:
    """Put what a track sounds like, after effects and fader, on an audio track of its own, and mute the track."""
    found = call.project.find_track(track)
    if found.id == MASTER_ID:
        raise UserError("the master is everything", "resample master")
    return await _beside(call, found, "bounce", scene, mute=True)


@command(
    "resample",
    "resample drums",
    effects={"project", "files"},
    about={"track": "a track, a group, or master", "scene": "a scene as a loop, instead of the song"},
)
async def resample(call: Call, track: TrackRef, *, scene: SceneRef | None = None) -> Edited:
    """Put what a track, a group or the master sounds like on an audio track of its own; everything else stays."""
    return await _beside(call, call.project.find_track(track), "resample", scene, mute=False)


async def _beside(call: Call, found: Track, kind: str, scene: str | None, *, mute: bool) -> Edited:
    row = call.project.find_scene(scene) if scene is not None else None
    if row is None and not call.project.arrangement:
        row = next((one for one in call.project.scenes if one.slots), None)
    done = await _bounced(call, found, kind, row.id if row is not None else None)
    known, length, made = artifact_of(done["artifact"]), int(done["length_ticks"]), list[str]()

    def change(project: ProjectState) -> ProjectState:
        project, track_id = freezing.add_bounce(
            project, f"{found.name} audio", known, length, row.id if row is not None else None
        )
        made.append(track_id)
        return project.with_mixer(found.id, mute=True) if mute else project

    track = call.edit(change).find_track(made[-1])
    where = f"scene {row.name}" if row is not None else "from bar 1"
    return Edited(message=f"{found.name} as audio on {track.name}, {where}: {known.sound.seconds:.2f} s")
