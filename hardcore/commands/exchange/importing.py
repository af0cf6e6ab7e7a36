"""Import: MIDI files as notes, sound files as audio clips, a folder of stems as audio tracks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from hardcore.commands.core.background import Begun, finishes, in_background, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, counted
from hardcore.commands.core.types import CallName, Flag, ImportFile, Kind, SceneRef, Where
from hardcore.commands.exchange.artifacts import artifact_of
from hardcore.commands.exchange.dawproject import import_dawproject
from hardcore.commands.timeline.blocks import place_tick
from hardcore.commands.tracks.sounds import ensure_playable
from hardcore.errors import NotFound, UserError
from hardcore.jobs.importers import DAWPROJECT, MIDI, SOUND, importer_of
from hardcore.jobs.job import Job
from hardcore.music.tempo import MAX_BPM, MIN_BPM
from hardcore.project.artifact import Artifact
from hardcore.project.audioclips import Heard, Place, audio_of, import_sound, import_stems
from hardcore.project.clip import Clip
from hardcore.project.difference import difference
from hardcore.project.region import Warp
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from hardcore.music.midisong import MidiSong
    from hardcore.project.midiimport import SongPart

MOST_STEMS = 128
OwnTempo = Annotated[float, Field(ge=MIN_BPM, le=MAX_BPM), Kind("bpm", "its own tempo, BPM")]
WarpOption = Annotated[Warp, Kind("warp", "off, repitch (as fast as the music) or stretch (so, at its own pitch)")]


@command(
    "import",
    "import song.mid",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    tries=True,
    about={
        "track": "the audio track; a new one without it",
        "scene": "the scene whose slot it comes into",
        "at": "the place of the arrangement where it begins, instead of a slot",
        "bpm": "its own tempo, where that is heard wrongly",
        "warp": "how it goes with the tempo",
        "maps": "of a MIDI file tempo, meter, key and markers, where there is music already",
        "background": "go on while it is read and listened to",
    },
)
async def import_file(
    call: Call, file: ImportFile, *, track: CallName | None = None, scene: SceneRef | None = None,
    at: Where | None = None, bpm: OwnTempo | None = None, warp: WarpOption | None = None, maps: Flag = False,
    background: Flag = False,
) -> Edited | Begun:  # fmt: skip
    """Bring in a MIDI file as a scene, a sound as an audio clip, a folder of stems, or a project of another studio.

    Of a sound tempo and key are heard; it comes into a slot of a scene (the next free one), or --at a place of the
    arrangement. What fills whole beats follows the tempo, stretched, unless --warp says otherwise. Stems begin
    together, at bar 1 unless --at. An empty project takes tempo and key, of a MIDI file the meter and markers too;
    one with music keeps its own, unless --maps.

    Of a .dawproject come tracks, groups, returns, mixer, notes, audio, scenes, arrangement, automation and markers,
    into an empty project also tempo, meter and master; what there is no place for is listed, with the reason.
    """
    path, importer = call.caller.path(file), importer_of(call.caller.path(file))
    chosen = {"track": track, "scene": scene, "at": at, "bpm": bpm, "warp": warp, "background": background or None}
    options = [name for name, value in chosen.items() if value is not None]
    if importer is not SOUND and options:
        raise UserError(f"--{options[0]} is for sounds: {path.name} is a {importer.name} file")
    if importer is MIDI:
        return await _midi(call, path, maps=maps)
    if maps:
        raise UserError(f"--maps is for MIDI files: {path.name} is a {importer.name}")
    if importer is DAWPROJECT:
        return await import_dawproject(call, path)
    if call.caller.dry_run:
        raise UserError("a sound has to be read to say what would come of it", "import it; undo takes it back")
    if path.is_dir():
        if unfit := [name for name in options if name in ("track", "scene", "warp")]:
            raise UserError(f"--{unfit[0]} is for one sound: {path.name} is a folder of stems")
        return await _stems(call, path, bpm, 0 if at is None else place_tick(call.project, at), background=background)
    return await _sound(call, path, place_of(call, track, scene, at), bpm, warp, background=background)


def place_of(call: Call, track: str | None, scene: str | None, at: Where | None) -> Place:
    """Return where a sound is to come to, by the options of a command. Raises UserError."""
    if scene is not None and at is not None:
        raise UserError("it comes into a scene or the arrangement", "--scene or --at, not both")
    return Place(track, scene, None if at is None else place_tick(call.project, at))


async def _sound(
    call: Call, path: Path, place: Place, bpm: float | None, warp: Warp | None, *, background: bool
) -> Edited | Begun:
    if not path.is_file():
        raise NotFound(f"no file {path}")
    if background:
        asked = {"path": str(path), "placing": {"place": place._asdict(), "bpm": bpm, "warp": warp}}
        return in_background(call, "take_in", asked)
    known, heard = await taken_in(call, path, bpm)
    return Edited(message=f"imported {path.name} {placed(call, known, heard, place, warp)}")


@finishes("take_in")
def import_done(call: Call, job: Job, done: Words) -> Edited:
    """Put a sound that was read in the background into the project as it is now."""
    placing, known = job.arguments["placing"], artifact_of(done["artifact"])
    words = placed(call, known, heard_of(done["heard"], placing["bpm"]), Place(**placing["place"]), placing["warp"])
    return Edited(message=f"imported {Path(job.arguments['path']).name} {words}")


@finishes("stems")
def stems_done(call: Call, job: Job, done: Words) -> Edited:
    """Put stems that were read in the background into the project as it is now."""
    return _stems_placed(call, job.arguments, done)


def placed(call: Call, known: Artifact, heard: Heard, place: Place, warp: Warp | None) -> str:
    """Put an artifact into the project as an audio clip; return where and as what, in words. Raises UserError."""
    made: list[tuple[Track, Clip]] = []

    def change(project: ProjectState) -> ProjectState:
        project, track, clip = import_sound(project, known, heard, place, warp)
        made.append((track, clip))
        return project

    after = call.edit(change)
    track, clip = made[-1]
    where = next((f"scene {scene.name}" for scene in after.scenes if scene.slots.get(track.id) == clip.id), None)
    if place.tick is not None:
        where = f"bar {after.meter_map.bar_of(place.tick) + 1}"
    return f"on {track.name}, {where}: {described(after, clip)}"


def described(project: ProjectState, clip: Clip) -> str:
    """Return an audio clip in words: `2 bars of its own 128 bpm, F minor; stretch`."""
    region = audio_of(clip)
    bars = f"{clip.length_ticks / project.meter_map.bar_ticks():g}"
    heard = [f"{region.bpm:g} bpm" if region.bpm is not None else "no tempo heard"]
    heard += [region.key.name] if region.key is not None else []
    return f"{bars} bars, {region.seconds:.2f} s, {', '.join(heard)}; warp {region.warp}"


async def _stems(call: Call, folder: Path, bpm: float | None, tick: int, *, background: bool) -> Edited | Begun:
    from hardcore.jobs.foldersearch import SUFFIXES, walk

    found = await beside(walk, folder, suffixes=SUFFIXES)
    files = sorted(file for one in found.files if (file := Path(one.path)).parent == folder)
    if not 1 <= len(files) <= MOST_STEMS:
        raise UserError(f"{folder} holds {counted(len(files), 'sound')}", f"1 to {MOST_STEMS}, in the folder itself")
    asked: Words = {"paths": [str(file) for file in files]}
    asked["placing"] = {"name": folder.name, "bpm": bpm, "tick": tick}
    if background:
        return in_background(call, "stems", asked)
    return _stems_placed(call, asked, await work(call, "stems", asked))


def _stems_placed(call: Call, asked: Words, done: Words) -> Edited:
    known, placing = [artifact_of(words) for words in done["artifacts"]], asked["placing"]
    heard, tick = heard_of(done["heard"], placing["bpm"]), placing["tick"]
    after = call.edit(lambda project: import_stems(project, known, heard, tick))
    longest = max(one.sound.seconds for one in known)
    tempo = f"{heard.bpm:g} bpm" if heard.bpm is not None else "no tempo heard"
    key = f", {heard.key.name}" if heard.key is not None else ""
    end = max(one.end_ticks for track in after.tracks for one in track.placements)
    said = f"imported {counted(len(known), 'stem')} of {placing['name']}: {longest:.2f} s, {tempo}{key}"
    return Edited(message=f"{said}; to the end of bar {after.meter_map.bar_of(max(0, end - 1)) + 1}")


async def taken_in(call: Call, path: Path, bpm: float | None = None) -> tuple[Artifact, Heard]:
    """Return a sound file as an artifact that the engine can play, and what was heard in it. Raises UserError."""
    done = await work(call, "take_in", {"path": str(path)})
    known = artifact_of(done["artifact"])
    await ensure_playable([known])
    return known, heard_of(done["heard"], bpm)


def heard_of(words: Words, bpm: float | None) -> Heard:
    """Return what a job heard in a sound; a tempo that was said counts before that."""
    return Heard.of(bpm or words["bpm"], words["key"])


async def _midi(call: Call, path: Path, *, maps: bool) -> Edited:
    from hardcore.knowledge.generalmidi import general_midi
    from hardcore.music import midifile
    from hardcore.project.midiimport import add_song, maps_kept, parts_of

    if not path.is_file():
        raise NotFound(f"no file {path}")
    name = path.stem[:60]

    def read() -> "tuple[MidiSong, list[SongPart]]":
        song = midifile.read(path)
        return song, parts_of(song, name, general_midi())

    song, parts = await beside(read)
    before = {track.id for track in call.project.tracks}
    kept: list[str] = []
    if not maps and any(track.clips for track in call.project.tracks) and (left := maps_kept(call.project, song)):
        kept = [f"the project keeps its own; the file has {', '.join(left)}: --maps takes them"]

    def change(project: ProjectState) -> ProjectState:
        return add_song(project, song, name, parts, maps=maps)

    new = change(call.project) if call.caller.dry_run else call.edit(change)
    added = [track for track in new.tracks if track.id not in before]
    notes = sum(len(clip.notes) for track in added for clip in track.clips)
    sounds = dict.fromkeys(part.sound for part in parts if part.sound)
    done = Edited(
        message=f"imported {path.name}: {len(added)} tracks, {notes} notes", details=(*song.warnings, *kept, *sounds)
    )
    return done.with_difference(None, difference(call.project, new)) if call.caller.dry_run else done
