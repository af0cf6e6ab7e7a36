"""Generations: a piece, or a clip of the one that stands, rendered in the background and kept as an artifact."""

import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from hardcore.commands.clips.layerclip import CLIP_BARS, ClipBars, LayerName, read_wish
from hardcore.commands.composing.compose import asked_for
from hardcore.commands.composing.layersound import begin_layer
from hardcore.commands.composing.modelsound import Guidance, Steps, Temperature
from hardcore.commands.composing.plan import Length
from hardcore.commands.composing.plansound import begin_plan
from hardcore.commands.composing.soundjob import (
    COMMERCIAL,
    SYNTH,
    SYNTH_KIND,
    Generated,
    Generating,
    ensure_room,
    made_artifact,
    name_of,
)
from hardcore.commands.composing.soundmodels import known_models
from hardcore.commands.core.background import finishes, in_background
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind, text_as
from hardcore.commands.core.registry import command
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Flag, RandomSeed, SceneRef, Sentence, Words
from hardcore.commands.projects.sessionid import session_id
from hardcore.commands.tracks.sounds import sound_places
from hardcore.errors import Misused, UserError
from hardcore.jobs.job import Job
from hardcore.project import artifacts
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words as Data

if TYPE_CHECKING:
    from hardcore.compose.planner.model import CompositionPlan

# What plays: the program's own instruments; the reference calls its default `composer`.
INSTRUMENTS = (SYNTH, "composer")
SECONDS = 120.0


def _models(project: ProjectState, before: object) -> Iterator[Choice]:
    yield Choice(SYNTH, "the instruments of the program")
    yield from known_models(project, before)


def _plan(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"the plan is no JSON: {error}", "as `plan` in the answer of plan show --json") from error


ModelName = Annotated[
    str, Field(max_length=64), Kind("model", f"what renders it: {SYNTH}, or a model of sound", _models)
]
PlanData = Annotated[dict[str, Any], text_as(_plan), Kind("plan", "a plan to render, as JSON (CompositionPlan)")]
SoundRate = Annotated[int, Field(ge=8000, le=192_000), Kind("rate", "frames a second, 8000 to 192000")]
SoundDepth = Annotated[Literal["16", "24"], Kind("depth", "bits a sample, 16 or 24")]
Mode = Annotated[Literal["full_track", "motif"], Kind("mode", "full_track, or motif: its theme alone, 2 to 24 seconds")]


@command(
    "generate",
    "generate cinematic build, 20 s, 100 bpm --seed 7",
    effects={"jobs", "files"},
    about={"seconds": "how long it is to be; without, as the words say, else 120 seconds", "commercial": COMMERCIAL},
)
def generate(
    call: Call,
    words: Sentence,
    *,
    seconds: Length | None = None,
    seed: RandomSeed | None = None,
    mode: Mode = "full_track",
    model: ModelName = SYNTH,
    plan: PlanData | None = None,
    rate: SoundRate | None = None,
    depth: SoundDepth = "24",
    guidance: Guidance | None = None,
    steps: Steps | None = None,
    temperature: Temperature | None = None,
    commercial: Flag = False,
) -> Generating:
    """Plan a piece, compose it and render it in the background, whatever stands: the sound is kept as an artifact.

    The sections are rendered on the bar grid, the motif is kept beside the whole. `job show` says which section is
    being rendered, `artifacts show` what was made of what: the plan is in its recipe. With --model a model of sound
    renders every section, from what the plan says of it.
    """
    used = fresh_seed() if seed is None else seed
    project = _outlined(words, plan, used, seconds, mode == "motif")
    if model.casefold() not in INSTRUMENTS:
        steered = {"guidance": guidance, "steps": steps, "temperature": temperature}
        return begin_plan(call, project, words, used, steered, model=model, commercial=commercial, place=False)
    if (guidance, steps, temperature) != (None, None, None):
        raise UserError(f"{SYNTH} has no guidance, steps or temperature", "--model, as in models list")
    sections = _seconds(project)
    return _begin(call, project, words, used, sections, rate=rate, depth=depth)


def _outlined(words: str, plan: dict[str, Any] | None, seed: int, seconds: float | None, motif: bool) -> ProjectState:
    """Return the outline of what is asked for, or of a plan that is given. Raises UserError."""
    from hardcore.compose.planner.outline import motif_of, outline
    from hardcore.compose.planner.plan import outlined

    intent = asked_for(words)
    if plan is not None:
        return outlined(read_plan(plan), intent, seed)
    if motif:
        return motif_of(intent, seed, seconds)
    said = intent.song_bars or intent.bars or intent.sections
    return outline(intent, seed, SECONDS if seconds is None and not said else seconds)


def read_plan(data: dict[str, Any]) -> "CompositionPlan":
    """Return a plan from JSON-ready data. Raises Misused that says what is wrong in it."""
    from pydantic import ValidationError

    from hardcore.compose.planner.model import CompositionPlan
    from hardcore.errors import complaint

    try:
        return CompositionPlan.model_validate_json(_dumped(data))
    except ValidationError as error:
        place, why, _ = complaint(error)
        raise Misused(f"plan.{place}: {why}", "as `plan` in the answer of plan show --json", "plan") from error


def _dumped(data: dict[str, Any]) -> bytes:
    from pydantic_core import to_json

    return to_json(data)


def _seconds(project: ProjectState) -> list[tuple[str, float]]:
    """Return the sections of an outline, each with how long it lasts."""
    from hardcore.project.section import starts

    edges = [project.tempo_map.seconds(project.meter_map.bar_start(bar)) for bar in starts(project.sections)]
    return [(one.name, edges[at + 1] - edges[at]) for at, one in enumerate(project.sections)]


@command(
    "generate clip",
    "generate clip bass walking --seed 4",
    effects={"jobs", "files", "project"},
    about={
        "layer": "which layer: rhythm, bass, harmony, lead, textures or vocals",
        "words": "how it plays, or which of its instruments: walking, busy hats, rhodes",
        "bars": "how long it is, in bars",
        "commercial": COMMERCIAL,
    },
)
def generate_clip(
    call: Call,
    layer: LayerName,
    words: Words = "",
    *,
    bars: ClipBars = CLIP_BARS,
    scene: SceneRef | None = None,
    seed: RandomSeed | None = None,
    rate: SoundRate | None = None,
    depth: SoundDepth = "24",
    model: ModelName = SYNTH,
    commercial: Flag = False,
) -> Generating:
    """Make clips of a layer as `clip` does, in the background: rendered as a loop too, which is kept as an artifact.

    The cells show how far it is, and that it failed; the clips are there when the loop is.
    """
    from hardcore.compose.edits.layerclips import fill

    used = fresh_seed() if seed is None else seed
    if model.casefold() not in INSTRUMENTS:
        return begin_layer(call, layer, words, bars, scene, model=model, seed=used, commercial=commercial)
    wish, _ = read_wish(layer, words, bars, used)
    row = call.project.find_scene(scene).id if scene is not None else None
    filled = fill(call.project, wish, row)
    there = {track.id for track in call.project.tracks}
    cells = [[track, filled.scene] for track in filled.clips if track in there]
    length_s = call.project.tempo_map.seconds(call.project.meter_map.bar_start(bars))
    sections = [(f"{layer.capitalize()} clip", length_s)]
    return _begin(
        call, call.project, words or layer, used, sections,
        wish=wish._asdict(), scene=row, cells=cells, rate=rate, depth=depth,
    )  # fmt: skip


def _begin(
    call: Call, project: ProjectState, words: str, seed: int, sections: Sequence[tuple[str, float]],
    *, rate: int | None, depth: str, wish: Data | None = None, scene: str | None = None, cells: Sequence[Any] = (),
) -> Generating:  # fmt: skip
    used = rate or call.studio.settings.render.rate
    length_s = sum(seconds for _, seconds in sections)
    ensure_room(length_s * used * 2 * int(depth) // 8)
    stage = artifacts.folder() / f".{secrets.token_hex(4)}.part"
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    given = {
        "name": name_of(words), "words": words, "wish": wish, "scene": scene, "stage": str(stage), "places": places,
        "rate": used, "depth": depth, "software": f"hardcore {call.studio.version}", "session": session_id(call.studio),
        "sections": [list(one) for one in sections], "cells": list(cells), "seed": seed,
        "layer": {"words": words, "layer": wish["layer"], "bars": wish["bars"]} if wish is not None else None,
    }  # fmt: skip
    begun = in_background(call, SYNTH_KIND, given, project=project, stages=[stage])
    return Generating(job=begun.job, line=begun.line, seed=seed, sections=tuple(sections), seconds=length_s)


@finishes(SYNTH_KIND)
def generate_done(call: Call, job: Job, done: Data) -> Generated:
    """Return what was made, tagged with its job; clips are put in their cells, or the next that are free."""
    known = made_artifact(job, done["artifact"])
    where, clips = _placed(call, job) if job.arguments["wish"] is not None else ("", ())
    said = f"{known.name}: {known.sound.seconds:.1f} s, artifact {known.id}{where}"
    return Generated(message=said, artifact=known.sha256, motif=done["motif"], seconds=done["seconds"], clips=clips)


def _placed(call: Call, job: Job) -> tuple[str, tuple[str, ...]]:
    from hardcore.compose.edits.layerclips import Filled, LayerWish, fill

    made: list[Filled] = []

    def change(project: ProjectState) -> ProjectState:
        scenes = {scene.id for scene in project.scenes}
        scene = job.arguments["scene"] if job.arguments["scene"] in scenes else None
        made.append(fill(project, LayerWish(**job.arguments["wish"]), scene))
        return made[-1].project

    new = call.edit(change)
    return f", in scene {new.find_scene(made[-1].scene).name}", tuple(made[-1].clips.values())
