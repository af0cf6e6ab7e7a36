"""Sound by models: a clip from words, one that goes on from a clip, varies it, repaints bars of it, accompanies it.

The work goes on in the background, in the environment of the models; the clip comes into a cell when it is there.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from hardcore.commands.composing.generation import name_of
from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.background import Begun, finishes, in_background
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import BarNumber, CallName, ClipRef, Flag, RandomSeed, SceneRef, Share, Words
from hardcore.errors import Refused, UserError
from hardcore.jobs.job import Job
from hardcore.project import artifacts
from hardcore.project.audioclips import Heard, Place, audio_of, import_sound
from hardcore.project.clip import Clip
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words as Data

if TYPE_CHECKING:
    from hardcore.knowledge.soundmodels import SoundModel

KIND = "sound"
SoundBars = Annotated[int, Field(ge=1, le=128), Kind("bars", "how long it is, 1 to 128 bars")]
Text = Annotated[str, Field(max_length=2000), Kind("words", "plain words")]
Guidance = Annotated[float, Field(ge=0, le=30), Kind("guidance", "how closely it keeps to the words, 0 to 30")]
Steps = Annotated[int, Field(ge=1, le=500), Kind("steps", "how many steps a diffusion model takes, 1 to 500")]
Temperature = Annotated[float, Field(ge=0, le=2), Kind("temperature", "how freely it chooses, 0 to 2")]
Tries = Annotated[int, Field(ge=1, le=8), Kind("tries", "how often it is made anew until its tempo is right, 1 to 8")]
COMMERCIAL = "only with a model whose sounds may be sold"


class SoundBegun(Begun):
    """A sound that a model makes in the background: the model, its licence, the seed and the length."""

    model: str
    licence: str
    seed: int
    seconds: float


class SoundMade(Edited):
    """A sound that a model made, in its cell: the artifact, the clip, its licence, and the tempo that was heard."""

    artifact: str
    clip: str
    licence: str
    asked_bpm: float
    heard_bpm: float | None


@command(
    "generate sound",
    "generate sound dusty breakbeat --bars 4 --seed 3",
    effects={"jobs", "files", "project"},
    aliases=("sound",),
    about={
        "words": "what it is to be, for a model: instruments, mood, style",
        "lyrics": "what is sung, for a model that sings",
        "negative": "what it should not be",
        "track": "the audio track; a new one without it",
        "scene": "the scene whose slot it comes into",
        "commercial": COMMERCIAL,
        "until_right": "how often it is made anew until its tempo is right",
    },
)
def generate_sound(
    call: Call,
    words: Words,
    *,
    bars: SoundBars = 4,
    model: SoundModelName | None = None,
    track: CallName | None = None,
    scene: SceneRef | None = None,
    seed: RandomSeed | None = None,
    lyrics: Text = "",
    negative: Text = "",
    guidance: Guidance | None = None,
    steps: Steps | None = None,
    temperature: Temperature | None = None,
    until_right: Tries = 1,
    commercial: Flag = False,
) -> SoundBegun:
    """Let a model of sound make an audio clip from words, at the piece's tempo and key, so many bars long exactly.

    It comes into a cell of the grid when it is made. What was asked and heard, the model, its licence and settings are
    kept with the artifact: artifacts show.
    """
    known = {"lyrics": lyrics, "negative": negative, "guidance": guidance, "steps": steps, "temperature": temperature}
    asked = {name: value for name, value in known.items() if value not in (None, "")}
    place = {"track": track, "scene": scene}
    length_s = call.project.tempo_map.seconds(call.project.meter_map.bar_start(bars))
    return _begin(call, words, asked, length_s, model, seed, place, commercial, tries=until_right)


@command(
    "generate continue",
    "generate continue loop:A --bars 4",
    effects={"jobs", "files", "project"},
    about={"words": "what it is to be; without, as the clip was", "commercial": COMMERCIAL},
)
def generate_continue(
    call: Call, clip: ClipRef, words: Words = "", *, bars: SoundBars = 4, model: SoundModelName | None = None,
    seed: RandomSeed | None = None, commercial: Flag = False,
) -> SoundBegun:  # fmt: skip
    """Let a model go on from the end of an audio clip; what follows comes into the next free cell of its track."""
    track, found = call.project.find_clip(clip)
    length_s = call.project.tempo_map.seconds(call.project.meter_map.bar_start(bars))
    return _from(call, "continue", track, found, words, {}, length_s, model, seed, commercial)


@command(
    "generate vary",
    "generate vary loop:A darker --strength 40",
    effects={"jobs", "files", "project"},
    about={"words": "what it is to be; without, as the clip was", "strength": "how far it goes from it, 0 to 100 %",
           "commercial": COMMERCIAL},
)  # fmt: skip
def generate_vary(
    call: Call, clip: ClipRef, words: Words = "", *, strength: Share = 50, model: SoundModelName | None = None,
    seed: RandomSeed | None = None, commercial: Flag = False,
) -> SoundBegun:  # fmt: skip
    """Let a model make an audio clip anew, more or less like it; the clip itself stays."""
    track, found = call.project.find_clip(clip)
    given = {"strength": float(strength) / 100}
    return _from(call, "vary", track, found, words, given, audio_of(found).seconds, model, seed, commercial)


@command(
    "generate repaint",
    "generate repaint loop:A 1 1 a drum fill",
    effects={"jobs", "files", "project"},
    about={
        "bar": "the first bar of the clip that is made anew, from 1",
        "bars": "how many bars are made anew",
        "words": "what they are to be; without, as the clip was",
        "commercial": COMMERCIAL,
    },
)
def generate_repaint(
    call: Call, clip: ClipRef, bar: BarNumber, bars: SoundBars, words: Words = "", *,
    model: SoundModelName | None = None, seed: RandomSeed | None = None, commercial: Flag = False,
) -> SoundBegun:  # fmt: skip
    """Let a model make some bars of an audio clip anew; the rest stays as it is, sample by sample."""
    track, found = call.project.find_clip(clip)
    region = audio_of(found)
    bar_s = region.seconds * call.project.meter_map.bar_ticks() / found.length_ticks
    start_s, end_s = (bar - 1) * bar_s, (bar - 1 + bars) * bar_s
    if end_s > region.seconds + 1e-3:
        raise UserError(f"{found.name} ends before bar {bar + bars}", f"it has {round(region.seconds / bar_s)} bars")
    given = {"span_s": [start_s, min(end_s, region.seconds)]}
    return _from(call, "repaint", track, found, words, given, region.seconds, model, seed, commercial)


@command(
    "generate accompany",
    "generate accompany loop:A drums and bass",
    effects={"jobs", "files", "project"},
    about={"words": "what goes with it", "commercial": COMMERCIAL},
)
def generate_accompany(
    call: Call, clip: ClipRef, words: Words, *, model: SoundModelName | None = None, seed: RandomSeed | None = None,
    commercial: Flag = False,
) -> SoundBegun:  # fmt: skip
    """Let a model play along with an audio clip, on a track of its own."""
    _, found = call.project.find_clip(clip)
    return _from(call, "accompany", None, found, words, {}, audio_of(found).seconds, model, seed, commercial)


def _from(
    call: Call, task: str, track: Track | None, clip: Clip, words: str, given: dict[str, Any], length_s: float,
    model: str | None, seed: int | None, commercial: bool,
) -> SoundBegun:  # fmt: skip
    """Begin what starts from an audio clip. Raises UserError for notes."""
    region = audio_of(clip)
    source = {
        "artifact": region.sound.artifact, "path": str(artifacts.path_of(region.sound.artifact)),
        "first": region.first, "frames": region.frames,
    }  # fmt: skip
    words = words or _words_of(region.sound.artifact) or clip.name
    place = {"track": track.name if track is not None else None, "scene": None}
    return _begin(call, words, {"task": task, **given}, length_s, model, seed, place, commercial, source=source)


def _words_of(artifact: str) -> str:
    """Return what a sound was asked for with, empty where it was not made of words."""
    known = artifacts.lookup(artifact)
    wish = known.recipe.get("wish") if known is not None else None
    return str(wish.get("words", "")) if isinstance(wish, dict) else ""


def _begin(
    call: Call, words: str, asked: dict[str, Any], length_s: float, model: str | None, seed: int | None,
    place: Data, commercial: bool, *, source: Data | None = None, tries: int = 1,
) -> SoundBegun:  # fmt: skip
    from hardcore.knowledge.soundmodels import sound_model

    settings, project = call.studio.settings.models, call.project
    name = model or settings.model
    chosen = sound_model(name)
    _ensure_usable(name, chosen, commercial)
    used = fresh_seed() if seed is None else seed
    point = project.meter_map.points[0]
    wish = {
        "words": words, "seed": used, "bpm": project.tempo_map.bpm, "key": project.key.name,
        "meter": f"{point.numerator}/{point.denominator}", **asked,
    }  # fmt: skip
    facts = {**chosen.model_dump(), "name": name, "place": chosen.place}
    given = {
        "name": name_of(words, 4, 40, "sound"), "model": facts, "device": settings.device, "wish": wish,
        "source": source,
        "grid": {"bpm": project.tempo_map.bpm, "seconds": length_s, "loop": asked.get("task") != "continue"},
        "tries": tries, "place": place,
    }  # fmt: skip
    begun = in_background(call, KIND, given)
    return SoundBegun(job=begun.job, line=begun.line, model=name, licence=chosen.licence, seed=used, seconds=length_s)


def _ensure_usable(name: str, model: "SoundModel", commercial: bool) -> None:
    """Raise UserError where a model's sounds may not be sold but are to be, or its weights are not here."""
    from hardcore.knowledge.soundmodels import sound_models

    if commercial and not model.commercial:
        free = [other for other, one in sound_models().items() if one.commercial]
        raise Refused(
            f"what {name} makes may not be sold: its licence is {model.licence}", f"one of: {', '.join(free)}"
        )
    if not model.is_there:
        raise UserError(
            f"the weights of {name} are not here (licence {model.licence})",
            f"hf download {model.source} --local-dir {Path(model.place)}",
        )


@finishes(KIND)
def sound_done(call: Call, job: Job, done: Data) -> SoundMade:
    """Put what a model made into its cell, or the next that is free; say what was asked and heard."""
    known = artifacts.lookup(done["artifact"])
    if known is None:
        raise UserError("what was made is not there any more")
    heard, place, clips = done["heard"], job.arguments["place"], list[Clip]()

    def change(project: ProjectState) -> ProjectState:
        scenes = {scene.name for scene in project.scenes}
        scene = place["scene"] if place["scene"] in scenes else None
        own = Heard(heard["asked_bpm"], project.key)
        after, _, clip = import_sound(project, known, own, Place(place["track"], scene), "stretch")
        clips.append(clip)
        return after

    after = call.edit(change)
    track, clip = after.find_clip(clips[-1].id)
    said = f"{clip.name} on {track.name}: {known.sound.seconds:.2f} s, {_tempo(heard)}, licence {known.licence}"
    left = [f"not used by the model: {', '.join(done['unheard'])}"] if done["unheard"] else []
    return SoundMade(
        message=said, details=tuple(left), artifact=known.sha256, clip=clip.id, licence=known.licence or "",
        asked_bpm=heard["asked_bpm"], heard_bpm=heard["heard_bpm"],
    )  # fmt: skip


def _tempo(heard: Data) -> str:
    if heard["heard_bpm"] is None:
        return "no tempo heard"
    asked, was = heard["asked_bpm"], heard["heard_bpm"]
    if not heard["in_tempo"]:
        return f"asked for {asked:g} bpm, heard {was:.1f}: not in time"
    return f"{asked:g} bpm" + (f" (was {was:.1f})" if abs(was - asked) > 0.05 else "")
