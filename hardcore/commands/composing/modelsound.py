"""Sound by models: a clip from words, one that goes on from a clip, varies it, repaints bars of it, accompanies it,
or fills the end of a section towards the next.

The work goes on in the background, in the environment of the models; the clip comes into a cell when it is there.
"""

from typing import Annotated, Any

from pydantic import Field

from hardcore.commands.composing.soundjob import COMMERCIAL, Generating, Part, Tries, begin, name_of
from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import (
    BarNumber,
    CallName,
    ClipRef,
    Flag,
    RandomSeed,
    SceneRef,
    Share,
    TrackRef,
    Words,
)
from hardcore.commands.timeline.section import SectionRef
from hardcore.errors import UserError
from hardcore.project import artifacts, sections
from hardcore.project.audioclips import audio_of, seconds_in
from hardcore.project.clip import Clip
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words as Data

SoundBars = Annotated[int, Field(ge=1, le=128), Kind("bars", "how long it is, 1 to 128 bars")]
Text = Annotated[str, Field(max_length=2000), Kind("words", "plain words")]
Guidance = Annotated[float, Field(ge=0, le=30), Kind("guidance", "how closely it keeps to the words, 0 to 30")]
Steps = Annotated[int, Field(ge=1, le=500), Kind("steps", "how many steps a diffusion model takes, 1 to 500")]
Temperature = Annotated[float, Field(ge=0, le=2), Kind("temperature", "how freely it chooses, 0 to 2")]
# So many bars of either section are heard where a fill is made between them.
_AROUND_BARS = 4


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
) -> Generating:
    """Let a model of sound make an audio clip from words, at the piece's tempo and key, so many bars long exactly.

    It comes into a cell of the grid when it is made. What was asked and heard, the model, its licence and settings are
    kept with the artifact: artifacts show.
    """
    known = {"lyrics": lyrics, "negative": negative, "guidance": guidance, "steps": steps, "temperature": temperature}
    asked = {name: value for name, value in known.items() if value not in (None, "")}
    length_s = call.project.tempo_map.seconds(call.project.meter_map.bar_start(bars))
    part = Part(_named(words), {"words": words, **asked}, length_s, track=track, scene=scene)
    used = fresh_seed() if seed is None else seed
    return begin(call, [part], model=model, seed=used, commercial=commercial, tries=until_right)


@command(
    "generate continue",
    "generate continue loop:A --bars 4",
    effects={"jobs", "files", "project"},
    about={"words": "what it is to be; without, as the clip was", "commercial": COMMERCIAL},
)
def generate_continue(
    call: Call, clip: ClipRef, words: Words = "", *, bars: SoundBars = 4, model: SoundModelName | None = None,
    seed: RandomSeed | None = None, commercial: Flag = False,
) -> Generating:  # fmt: skip
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
) -> Generating:  # fmt: skip
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
) -> Generating:  # fmt: skip
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
) -> Generating:  # fmt: skip
    """Let a model play along with an audio clip, on a track of its own."""
    _, found = call.project.find_clip(clip)
    return _from(call, "accompany", None, found, words, {}, audio_of(found).seconds, model, seed, commercial)


@command(
    "generate fill",
    "generate fill intro --track loop",
    effects={"jobs", "files", "project"},
    about={
        "section": "the section that it leads out of",
        "words": "what it is to be; without, as what plays there was",
        "track": "the audio track; without, the one that plays in both sections",
        "bars": "how many of the last bars of the section are made anew",
        "commercial": COMMERCIAL,
    },
)
def generate_fill(
    call: Call, section: SectionRef, words: Words = "", *, track: TrackRef | None = None, bars: SoundBars = 1,
    model: SoundModelName | None = None, seed: RandomSeed | None = None, commercial: Flag = False,
) -> Generating:  # fmt: skip
    """Let a model fill the last bars of a section so that they lead into the next, on an audio track.

    It hears some bars of both; what it makes lies over the end of the section in the arrangement.
    """
    project = sections.with_sections(call.project)
    place = sections.find_section(project, section)
    if place + 1 == len(project.sections):
        raise UserError(f"nothing follows {project.sections[place].name}", "a section that another follows")
    first, middle = sections.ticks_of(project, place)
    bar_ticks = project.meter_map.bar_ticks()
    start = middle - bars * bar_ticks
    if start < first:
        raise UserError(f"{project.sections[place].name} has no {bars} bars", "fewer --bars")
    end = min(sections.ticks_of(project, place + 1)[1], middle + _AROUND_BARS * bar_ticks)
    begins = max(first, start - _AROUND_BARS * bar_ticks)
    chosen = _filled(project, track, begins, end, middle)
    sources = [*_heard(project, chosen, begins, middle), *_heard(project, chosen, middle, end)]
    known = [words, _words_of(sources[0]["artifact"]), project.sections[place].name]
    at = project.tempo_map.seconds
    span = (at(start) - at(begins), at(middle) - at(begins))
    wish = {"words": next(filter(None, known)), "task": "repaint", "span_s": span}
    part = Part(
        name=f"fill after {project.sections[place].name}"[:40], wish=wish, seconds=at(end) - at(begins), loop=False,
        sources=sources, cut=span, track=chosen.name, tick=start,
    )  # fmt: skip
    used = fresh_seed() if seed is None else seed
    return begin(call, [part], model=model, seed=used, commercial=commercial)


def _filled(project: ProjectState, track: str | None, begins: int, end: int, middle: int) -> Track:
    """Return the audio track that is filled. Raises UserError where none plays audio on both sides."""
    there = [project.find_track(track)] if track is not None else [one for one in project.tracks if one.kind == "audio"]
    for one in there:
        if _heard(project, one, begins, middle) and _heard(project, one, middle, end):
            return one
    said = f"{there[0].name} does not play" if track is not None else "no audio track plays"
    raise UserError(f"{said} audio on both sides of it without a gap", "plan render --model makes such a track")


def _heard(project: ProjectState, track: Track, start: int, end: int) -> list[Data]:
    """Return what a track plays of audio from one tick to another, piece by piece; nothing where there is a gap."""
    found, at = list[Data](), start
    for one in sorted(track.placements, key=lambda one: one.start_ticks):
        clip = track.clips[track.places[one.clip]]
        while clip.region is not None and one.start_ticks <= at < min(one.end_ticks, end):
            inside = (at - one.start_ticks + one.offset_ticks) % clip.length_ticks
            size = min(clip.length_ticks - inside, one.end_ticks - at, end - at)
            piece = _piece(project, clip.region, inside, size)
            if piece is None:
                return []
            found.append(piece)
            at += size
    return found if at >= end else []


def _piece(project: ProjectState, region: AudioRegion, inside: int, size: int) -> Data | None:
    """Return so many ticks of a region from a tick in it; None where it ends before."""
    rate = region.sound.rate
    first, last = (round(seconds_in(project, region, tick) * rate) for tick in (inside, inside + size))
    if last > region.frames + rate // 100:
        return None
    return _source(region, first, min(last, region.frames) - first)


def _source(region: AudioRegion, first: int, frames: int) -> Data:
    """Return so many frames of a region, as loud as they are heard, as a model's task gets them."""
    sound = region.sound.artifact
    return {
        "artifact": sound, "path": str(artifacts.path_of(sound)), "first": region.first + first, "frames": frames,
        "gain_db": region.gain_db,
    }  # fmt: skip


def _from(
    call: Call, task: str, track: Track | None, clip: Clip, words: str, given: dict[str, Any], length_s: float,
    model: str | None, seed: int | None, commercial: bool,
) -> Generating:  # fmt: skip
    """Begin what starts from an audio clip. Raises UserError for notes."""
    region = audio_of(clip)
    words = words or _words_of(region.sound.artifact) or clip.name
    part = Part(
        name=_named(words), wish={"words": words, "task": task, **given}, seconds=length_s, loop=task != "continue",
        sources=[_source(region, 0, region.frames)], track=track.name if track is not None else None,
    )  # fmt: skip
    used = fresh_seed() if seed is None else seed
    return begin(call, [part], model=model, seed=used, commercial=commercial)


def _named(words: str) -> str:
    return name_of(words, 4, 40, "sound")


def _words_of(artifact: str) -> str:
    """Return what a sound was asked for with, empty where it was not made of words."""
    known = artifacts.lookup(artifact)
    return str(known.recipe.get("prompt", "")) if known is not None else ""
