"""Sound made in the background: what every generation answers, and how the jobs of models begin and end.

    begin(call, [Part("loop", {"words": "dusty breakbeat"}, seconds=7.5)], model=None, seed=4)

What the program's own instruments render is in `generation.py`, with the same answers.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from hardcore.commands.core.background import Begun, finishes, in_background
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.results import Edited
from hardcore.errors import Refused, UserError
from hardcore.jobs.job import Job
from hardcore.project import artifacts, scenes
from hardcore.project.artifact import LARGEST_TOTAL, MOST_TAGS, Artifact
from hardcore.project.audioclips import Heard, Place, audio_track, import_sound
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words as Data

if TYPE_CHECKING:
    from hardcore.knowledge.soundmodels import SoundModel

# Jobs of the program's instruments, and of models.
SYNTH_KIND, MODEL_KIND = "generate", "sound"
SYNTH = "synth"
# What is written: 24 bits, stereo at most, at the rate of the best of models.
_BYTES_A_SECOND = 48_000 * 2 * 3
COMMERCIAL = "only with a model whose sounds may be sold"
Tries = Annotated[int, Field(ge=1, le=8), Kind("tries", "how often it is made anew until its tempo is right, 1 to 8")]


class Generating(Begun):
    """A generation that goes on in the background: its seed, and the sections that it renders with their seconds.

    model, licence  what renders it, and under which licence what it makes stands: none of the program's instruments
    seconds         how long it is in all
    """

    seed: int
    sections: tuple[tuple[str, float], ...]
    model: str = SYNTH
    licence: str = ""
    seconds: float


class Generated(Edited):
    """What a generation made: the artifact of the whole and that of its motif, by hash, and its length.

    clips                 the clips that it became
    asked_bpm, heard_bpm  of a model: which tempo was asked for, and which was heard before it was corrected
    """

    artifact: str
    motif: str | None
    seconds: float
    clips: tuple[str, ...] = ()
    model: str = SYNTH
    licence: str = ""
    asked_bpm: float | None = None
    heard_bpm: float | None = None


class Part(NamedTuple):
    """One sound that a model is asked for.

    wish     words, task and what steers it: fields of a `Wish`; tempo, key and meter are the project's without
    start_s  where in the piece it begins, and how many seconds from there it is long
    sources  what it is started from: path, first, frames, gain and artifact of each
    cut      only so much of it is kept, from when to when in seconds
    track    the audio track of its clip, a new one without; scene: the row; tick: where in the arrangement instead
    """

    name: str
    wish: Mapping[str, Any]
    seconds: float
    start_s: float = 0.0
    loop: bool = True
    sources: Sequence[Data] = ()
    cut: tuple[float, float] | None = None
    track: str | None = None
    scene: str | None = None
    tick: int | None = None


def begin(
    call: Call, parts: Sequence[Part], *, model: str | None, seed: int, commercial: bool = False, tries: int = 1,
    piece: Data | None = None, layer: Data | None = None,
) -> Generating:  # fmt: skip
    """Begin a job in which a model makes parts: each becomes a clip, or with `piece` all one artifact and no clip.

    piece  words, seed and plan, for the record
    layer  words, layer and bars, where it is a clip of a layer: how the session tells of it
    Raises UserError without weights, Refused where the licence or the room forbids it.
    """
    settings = call.studio.settings.models
    name = model or settings.model
    chosen = _usable(name, commercial)
    ensure_room(sum(part.seconds for part in parts) * _BYTES_A_SECOND)
    cells = [] if piece else [_cell(call, part) for part in parts if part.tick is None]
    places = [{"track": part.track, "scene": part.scene, "tick": part.tick} for part in parts]
    for place, (track, scene) in zip(places, cells, strict=False):
        place |= {"track": call.project.find_track(track).name, "scene": scene}
    given = {
        "name": name_of(str(piece["words"])) if piece else parts[0].name, "device": settings.device, "tries": tries,
        "model": {**chosen.model_dump(), "name": name, "place": chosen.place}, "piece": piece, "layer": layer,
        "parts": [_given(call.project, part, seed) for part in parts], "places": places, "cells": cells,
        "sections": [[part.name, part.seconds] for part in parts],
    }  # fmt: skip
    begun = in_background(call, MODEL_KIND, given)
    sections = tuple((part.name, part.seconds) for part in parts)
    return Generating(
        job=begun.job, line=begun.line, seed=seed, sections=sections, model=name, licence=chosen.licence,
        seconds=sum(part.seconds for part in parts),
    )  # fmt: skip


def _given(project: ProjectState, part: Part, seed: int) -> Data:
    """Return a part as the task gets it."""
    bpm = project.tempo_map.at(part.tick or 0)
    music = {"bpm": bpm, "key": project.key.name, "meter": project.meter_map.text, "seed": seed}
    grid = {"bpm": bpm, "start_s": part.start_s, "seconds": part.seconds, "loop": part.loop, "cut": part.cut}
    return {"name": part.name, "wish": {**music, **part.wish}, "grid": grid, "sources": list(part.sources)}


def _cell(call: Call, part: Part) -> tuple[str, str]:
    """Return the ids of the track and the scene that a clip will come into; they are added where there are none yet."""
    found: list[tuple[str, str]] = []

    def change(project: ProjectState) -> ProjectState:
        project, track = audio_track(project, part.name, part.track)
        first = project.scenes.index(project.find_scene(part.scene)) if part.scene is not None else 0
        project, scene = scenes.with_free_scene(project, track.id, first)
        found.append((track.id, scene))
        return project

    call.edit(change)
    return found[-1]


def _usable(name: str, commercial: bool) -> "SoundModel":
    """Return a model. Raises Refused where its sounds may not be sold but are to be, UserError without weights."""
    from hardcore.knowledge.soundmodels import sound_model, sound_models

    model = sound_model(name)
    if commercial and not model.commercial:
        free = [other for other, one in sound_models().items() if one.commercial]
        raise Refused(
            f"what {name} makes may not be sold: its licence is {model.licence}", f"one of: {', '.join(free)}"
        )
    if not model.is_there:
        cure = f"models get {name}" if model.is_repository else f"put them to {model.place}"
        raise UserError(f"the weights of {name} are not here (licence {model.licence})", cure)
    return model


def ensure_room(size: float) -> None:
    """Raise Refused where there is no room for so many bytes of artifacts."""
    if artifacts.total_bytes() + size > LARGEST_TOTAL:
        raise Refused(f"there is no room: artifacts take {LARGEST_TOTAL >> 30} GiB at most", "artifacts gc")


def name_of(words: str, count: int = 5, longest: int = 60, otherwise: str = "generation") -> str:
    """Return what an artifact is called: the first words of what was asked for, `otherwise` where there are none."""
    kept = "".join(letter if letter.isalnum() else " " for letter in words).split()
    return "-".join(kept[:count])[:longest] or otherwise


def tag_of(job: int) -> str:
    """Return the tag of the artifact that a job made."""
    return f"job-{job}"


def made_artifact(job: Job, sha256: str) -> Artifact:
    """Return the artifact that a job made, tagged with it. Raises UserError where it is not there any more."""
    known = artifacts.lookup(sha256)
    if known is None:
        raise UserError("what was made is not there any more")
    own = (tag_of(job.number), *(tag for tag in known.tags if tag != tag_of(job.number)))
    artifacts.change(known, tags=own[:MOST_TAGS])
    return known


@finishes(MODEL_KIND)
def sounds_done(call: Call, job: Job, done: Data) -> Generated:
    """Put what a model made into its cells, or the next that are free; say what was asked and heard."""
    whole, given = made_artifact(job, done["artifact"]), job.arguments
    about = {
        "artifact": done["artifact"], "motif": None, "seconds": done["seconds"], "model": given["model"]["name"],
        "licence": whole.licence or "",
    }  # fmt: skip
    if given["piece"]:
        return Generated(message=f"{whole.name}: {whole.sound.seconds:.1f} s, artifact {whole.id}", **about)
    clips = _placed(call, job, done["made"])
    heard = done["made"][0]["heard"]
    lines = [_line(call.project, clip, one, whole) for clip, one in zip(clips, done["made"], strict=True)]
    unheard = dict.fromkeys(name for one in done["made"] for name in one["unheard"])
    lines += [f"not used by the model: {', '.join(unheard)}"] if unheard else []
    return Generated(
        message=lines[0], details=tuple(lines[1:]), clips=tuple(clips), asked_bpm=heard["asked_bpm"],
        heard_bpm=heard["heard_bpm"], **about,
    )  # fmt: skip


def _placed(call: Call, job: Job, made: Sequence[Data]) -> list[str]:
    """Return the ids of the clips that were made of what a model made, as one step."""
    clips: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        clips.clear()
        for place, one in zip(job.arguments["places"], made, strict=True):
            known = artifacts.lookup(one["artifact"])
            if known is None:
                raise UserError("what was made is not there any more")
            scene = place["scene"] if place["scene"] in {scene.id for scene in project.scenes} else None
            own = Heard(one["heard"]["asked_bpm"], project.key)
            where = Place(place["track"], scene, place["tick"])
            project, _, clip = import_sound(project, known, own, where, "stretch")
            clips.append(clip.id)
        return project

    call.edit(change)
    return clips


def _line(project: ProjectState, clip_id: str, made: Data, whole: Artifact) -> str:
    track, clip = project.find_clip(clip_id)
    assert clip.region is not None
    length_s, licence = clip.region.seconds, whole.licence
    return f"{clip.name} on {track.name}: {length_s:.2f} s, {_tempo(made['heard'])}, licence {licence}"


def _tempo(heard: Data) -> str:
    if heard["heard_bpm"] is None:
        return "no tempo heard"
    asked, was = heard["asked_bpm"], heard["heard_bpm"]
    if not heard["in_tempo"]:
        return f"asked for {asked:g} bpm, heard {was:.1f}: not in time"
    return f"{asked:g} bpm" + (f" (was {was:.1f})" if abs(was - asked) > 0.05 else "")
