"""Generations: the music of a plan, or clips of a layer, played by the program's own instruments and kept as artifacts.

An artifact's recipe is what Timbre calls the metadata of one: prompt, seed, the plan that was played, and its extras.
"""

import asyncio
import json
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.compose.edits.layerclips import LayerWish, fill
from hardcore.compose.form.song import perform
from hardcore.compose.planner.model import CompositionPlan
from hardcore.compose.planner.plan import plan_of, seed_plan
from hardcore.compose.planner.reference import reference_clip
from hardcore.jobs.artifactsound import keep_sound
from hardcore.jobs.job import PLAYING, WRITING
from hardcore.jobs.render import render
from hardcore.jobs.request import Progress, Rendered, RenderRequest
from hardcore.music.scale import Key
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.project.markers import marks
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks, timeline
from hardcore.workers.context import Context, Words

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

KIND, MOTIF_KIND = "generation", "motif"
# How far a job is when it begins to plan, and when all is played.
PLANNING, ASSEMBLING = 0.05, 0.9
# The share of a render that is playing, the rest being writing and measuring.
_OF_RENDER = 0.8


@dataclass(frozen=True, slots=True)
class Piece:
    """What is played and its plan; `wish`: the layer whose clips it is, None for a whole piece."""

    project: ProjectState
    playing: tuple[Playing, ...]
    plan: CompositionPlan
    wish: LayerWish | None = None


def generate(
    context: Context,
    name: str,
    words: str,
    wish: Words | None,
    scene: str | None,
    stage: str,
    places: Words,
    **options: Any,
) -> Words:
    """Return which artifacts were made of a project's plan, or with `wish` of clips of a layer for its piece.

    words    what was asked for
    stage    a folder beside the artifacts, where files are written first
    options  rate, depth, software, session as those of `RenderRequest`, and what is only noted
    """
    context.progress(PLANNING, "planning")
    piece = _planned(context.project(), words, wish, scene)
    folder = Path(stage)
    folder.mkdir(exist_ok=True)
    request = RenderRequest(
        project=piece.project, playing=piece.playing, path=folder / "take.flac", sidecar=folder / "take.json",
        rate=options["rate"], depth=options["depth"], software=options["software"], loop=wish is not None,
        listen=False, tail_s=0.0, places={sha256: Path(path) for sha256, path in places.items()},
        marks=() if wish else marks(piece.project, end_ticks(piece.playing)),
    )  # fmt: skip
    made = asyncio.run(render(request, _progress(piece, context.progress)))
    kept, motif = _kept(name, piece, request, made, options["session"])
    context.progress(1.0, "generation complete")
    return {"artifact": kept.sha256, "motif": motif and motif.sha256, "seconds": kept.sound.seconds}


def _planned(project: ProjectState, words: str, wish: Words | None, scene: str | None) -> Piece:
    if wish is None:
        music, _ = perform(project)
        return Piece(music, tuple(timeline(music)), plan_of(music))
    asked = LayerWish(**wish)
    filled = fill(project, asked, scene)
    found = (filled.project.find_clip(clip_id) for clip_id in filled.clips.values())
    playing = tuple(Playing(track.id, clip, 0, clip.length_ticks) for track, clip in found)
    plan = reference_clip(seed_plan(project), asked.layer, words, asked.bars)
    return Piece(filled.project, playing, plan, asked)


def _progress(piece: Piece, tell: Progress) -> Progress:
    """Return what turns how far a render is into which section is being played."""
    labels = [one.label for one in piece.plan.sections]
    total = sum(one.target_seconds for one in piece.plan.sections)
    ends = list(accumulate(one.target_seconds / total for one in piece.plan.sections))

    def told(share: float, words: str) -> None:
        if share >= _OF_RENDER:
            tell(ASSEMBLING, f"assembling mixdown ({total:.1f}s)")
            return
        done = share / _OF_RENDER
        at = min(sum(end <= done for end in ends), len(labels) - 1)
        tell(PLAYING + (WRITING - PLAYING) * done, f"rendering {at + 1}/{len(labels)}: {labels[at]} (synth)")

    return told


def _kept(
    name: str, piece: Piece, request: RenderRequest, made: Rendered, session: str | None
) -> tuple[Artifact, Artifact | None]:
    """Return the artifacts of what was rendered: the whole, and of a piece its motif."""
    from hardcore.audio.reader import OURS, read

    assert request.sidecar is not None
    metadata = json.loads(request.sidecar.read_text(encoding="utf-8"))["metadata"]
    audio, rate = read(request.path, OURS)
    motif = None
    if piece.wish is None:
        facts, start, end = _motif(piece.plan, audio, rate)
        metadata["extras"]["motif_seed"] = {"captured": True, **facts}
        motif = keep_sound(audio[:, start:end], rate, name=f"{name}_motif", kind=MOTIF_KIND, recipe=facts, tags=(KIND,))
    if piece.wish is not None:
        metadata["seed"], metadata["plan"] = piece.wish.seed, piece.plan.model_dump(mode="json")
        metadata["extras"]["clip"] = _clip(piece.project, piece.wish, made, session)
    kept = artifacts.keep(
        request.path, name=name, frames=audio.shape[1], rate=rate, channels=audio.shape[0], kind=KIND,
        recipe=metadata, tags=(KIND,),
    )  # fmt: skip
    return kept, motif


def _motif(plan: CompositionPlan, audio: "Audio", rate: int) -> tuple[Words, int, int]:
    """Return the facts of the section that states the theme, and its first and last frame.

    That is the first with the role motif, else the first with most energy.
    """
    from hardcore.audio.motif import motif_features

    ranks = [(one.role == "motif", ("low", "medium", "high").index(one.energy)) for one in plan.sections]
    at = ranks.index(max(ranks))
    begins = [0.0, *accumulate(one.target_seconds for one in plan.sections)]
    start, end = round(begins[at] * rate), round(begins[at + 1] * rate)
    section = plan.sections[at]
    figures = motif_features(audio[:, start:end], rate, Key.parse(plan.key).tonic)
    return {"section_id": section.section_id, "section_label": section.label, **figures}, start, end


def _clip(project: ProjectState, wish: LayerWish, made: Rendered, session: str | None) -> Words:
    point = project.meter_map.points[0]
    return {
        "session_id": session, "layer": wish.layer, "bars": wish.bars, "loop_seconds": made.loudness.length_s,
        "loop_ready": True, "tempo_bpm": project.tempo_map.bpm,
        "time_signature": point.text, "beats_per_bar": point.numerator,
    }  # fmt: skip
