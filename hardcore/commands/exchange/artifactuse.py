"""What is done with kept sounds: artifacts are heard, placed in the project, removed; samples are placed by words."""

from pathlib import Path

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited
from hardcore.commands.core.types import CallName, SceneRef, Where, Words
from hardcore.commands.exchange.artifacts import ArtifactRef, ArtifactRow, ArtifactsCollected, unneeded
from hardcore.commands.exchange.importing import (
    OwnTempo,
    WarpOption,
    heard_of,
    place_of,
    placed,
    taken_in,
)
from hardcore.commands.performance.playing import asked
from hardcore.commands.tracks.sample import best_match
from hardcore.commands.tracks.soundfolder import SoundHeard
from hardcore.commands.tracks.sounds import ensure_playable
from hardcore.errors import NotFound, UserError
from hardcore.project import artifacts
from hardcore.project.recordings import audition
from hardcore.workers.thread import beside

_PLACING = {
    "track": "the audio track; a new one without it",
    "scene": "the scene whose slot it comes into",
    "at": "the place of the arrangement where it begins, instead of a slot",
    "bpm": "its own tempo, where that is heard wrongly",
    "warp": "how it goes with the tempo",
}


@command("artifacts audition", "artifacts audition deep_kick", effects={"player"}, aliases=("artifacts play",))
async def artifacts_audition(call: Call, artifact: ArtifactRef) -> SoundHeard:
    """Hear an artifact once beside the music, at its own speed and through the master; stop or panic ends it."""
    known = artifacts.find(artifact)
    await ensure_playable([known])
    sound = artifacts.recording_of(known.sound)
    state = await asked(call, lambda player: player.audition(audition(sound)))
    said = f"cannot be heard here; artifacts export {known.id} FILE.flac writes it" if state.silent else "is heard once"
    words = f"{known.name}, {sound.seconds:.2f} s, {said}"
    return SoundHeard(message=words, name=known.name, seconds=sound.seconds)


@command(
    "artifacts place",
    "artifacts place deep_kick --scene A",
    about={"artifact": "its name or id, or a tag: the newest that has it", **_PLACING},
)
async def artifacts_place(
    call: Call, artifact: ArtifactRef, *, track: CallName | None = None, scene: SceneRef | None = None,
    at: Where | None = None, bpm: OwnTempo | None = None, warp: WarpOption | None = None,
) -> Edited:  # fmt: skip
    """Put an artifact into the project as an audio clip: into a slot of a scene (the next free one), or --at a place.

    Its tempo and key are heard; what fills whole beats follows the tempo, stretched, unless --warp says otherwise.
    """
    known, place = artifacts.find_or_tagged(artifact), place_of(call, track, scene, at)
    await ensure_playable([known])
    asked_for = {"path": str(artifacts.path_of(known.sha256)), "name": known.name}
    heard = heard_of(await work(call, "tempo_and_key", asked_for), bpm)
    return Edited(message=f"{known.name} {placed(call, known, heard, place, warp)}")


@command(
    "samples place",
    "samples place dark kick --scene A",
    effects={"project", "files"},
    about={"words": "what it is, how it sounds or what it is called, as for samples find", **_PLACING},
)
async def samples_place(
    call: Call, words: Words, *, track: CallName | None = None, scene: SceneRef | None = None,
    at: Where | None = None, bpm: OwnTempo | None = None, warp: WarpOption | None = None,
) -> Edited:  # fmt: skip
    """Put the best of your samples for words into the project as an audio clip, as import does; it is kept so.

    It comes into a slot of a scene (the next free one), or --at a place. Where none is all of the words, the nearest.
    """
    place = place_of(call, track, scene, at)
    best, asked_for, whole = best_match(call, words)
    path = Path(best.file.path)
    if not path.is_file():
        raise NotFound(f"the file of {best.file.name} is not there now ({path})", "samples relink")
    known, heard = await taken_in(call, path, bpm)
    near = "" if whole else f"; nothing is all of {', '.join(asked_for)}"
    return Edited(message=f"{best.file.name} ({best.why}) {placed(call, known, heard, place, warp)}{near}")


@command("artifacts remove", "artifacts remove deep_kick", effects={"files", "settings"}, confirms=True, tries=True)
async def artifacts_remove(call: Call, artifact: ArtifactRef) -> ArtifactsCollected:
    """Remove an artifact that no step of an open or unsaved project names, and nothing that is kept was made from."""
    known, tried = artifacts.find(artifact), call.caller.dry_run
    await call.controller.durable()
    needed = await beside(call.studio.store.artifacts)
    others = [one.evolve(tags=()) if one.sha256 == known.sha256 else one for one in artifacts.everything()]
    if known.sha256 not in {one.sha256 for one in unneeded(others, needed)}:
        raise UserError(f"{known.name} is in use: a step of a project names it, or what was made from it")
    if not tried:
        artifacts.remove(known)
    said = f"{known.name} {'would be removed' if tried else 'removed'}, {known.sound.size / 1e6:.1f} MB"
    return ArtifactsCollected(message=said, removed=(ArtifactRow.of(known),), bytes=known.sound.size, done=not tried)
