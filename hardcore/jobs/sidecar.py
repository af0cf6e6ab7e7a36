"""The facts of an export as a JSON file beside it: what Timbre calls a GenerationArtifact, all of its extras included.

Every key is there. A value is what is true of this file: null where a thing does not exist, such as the sampling of a
model where none was used.
"""

import json
from hashlib import blake2s
from itertools import accumulate, pairwise
from typing import Any

from hardcore.compose.planner.model import CompositionPlan, GenerationArtifact, GenerationMetadata, Orchestration
from hardcore.compose.planner.plan import orchestrated, plan_of
from hardcore.compose.planner.theme import arrangement
from hardcore.jobs.request import MixFile, Rendered, RenderRequest
from hardcore.music.tempo import PPQ
from hardcore.project.recording import file_digest
from hardcore.project.state import ProjectState
from hardcore.project.timeline import bars_of, end_ticks, timeline

BACKEND = "synth"
# what a model that generates sound would say of itself
_NO_MODEL = dict.fromkeys(
    ("top_k", "top_p", "temperature", "cfg_coef", "two_step_cfg", "two_step_cfg_applied", "two_step_cfg_supported",
     "device", "placeholder_reason", "conditioning_reason", "motif_seed_section")
)  # fmt: skip
_UNCONDITIONED: dict[str, Any] = {
    "audio_conditioning_requested": False, "audio_conditioning_applied": False, "audio_prompt_segments": [],
    "audio_prompt_seconds": 0.0,
}  # fmt: skip


def write_sidecar(request: RenderRequest, made: Rendered) -> None:
    """Write the facts of what a request made, read from its files. Raises OSError."""
    assert request.sidecar is not None
    project = request.project
    provenance, plan = project.provenance, _plan(request)
    artifact = GenerationArtifact(
        job_id=file_digest(made.path)[:16],
        artifact_path=made.path.name,
        metadata=GenerationMetadata(
            prompt=provenance.prompt if provenance else "",
            seed=project.seed,
            model_id=BACKEND,
            duration_seconds=made.loudness.length_s,
            extras=_extras(request, made, plan),
            plan=plan,
        ),
    )
    text = json.dumps(artifact.model_dump(mode="json"), indent=1, ensure_ascii=False, sort_keys=True)
    request.sidecar.write_text(text + "\n", encoding="utf-8")


def _extras(request: RenderRequest, made: Rendered, plan: CompositionPlan | None) -> dict[str, Any]:
    from hardcore.audio.samples import DITHER_SEED

    first, project = made.files[0], request.project
    sections = _sections(request, plan)
    return {
        "backend": BACKEND,
        "placeholder": False,
        "sample_rate": first.rate,
        "bit_depth": {"16": "pcm16", "24": "pcm24", "32f": "float32"}.get(first.depth),
        "format": first.format,
        "theme": plan.theme.model_dump(mode="json") if plan and plan.theme else None,
        "sections": sections,
        "mix": _mix(request, made, sections),
        "motif_seed": {"captured": False},
        "full_plan": plan.model_dump(mode="json") if plan else None,
        "motif_preview_plan": None,
        "motif_preview_seconds": None,
        "clip": None,
        "tempo_bpm": project.tempo_map.bpm,
        "key": project.key.name,
        "time_signature": project.meter_map.text,
        "dither_seed": DITHER_SEED if first.depth == "16" else None,
        "software": request.software,
        "files": [_file(file) for file in made.files],
        "stems": [
            {"file": stem.path.name, "track": stem.track, "summed": stem.summed, "sha256": file_digest(stem.path)}
            for stem in made.stems
        ],
    }


def _file(file: MixFile) -> dict[str, Any]:
    return {
        "file": file.path.name, "format": file.format, "rate": file.rate, "depth": file.depth or None,
        "bytes": file.path.stat().st_size, "sha256": file_digest(file.path),
        "lufs": file.loudness.integrated_lufs, "true_peak_dbtp": file.loudness.true_peak_dbtp,
        "gain_db": file.gain_db, "limited_db": file.limited_db,
        "crest_before_db": file.crest_before_db, "crest_db": file.loudness.crest_db,
    }  # fmt: skip


def _plan(request: RenderRequest) -> CompositionPlan | None:
    """Return the plan of what plays: None where it is not the whole of an arrangement."""
    project, end = request.project, end_ticks(request.playing)
    if not project.arrangement or end != end_ticks(tuple(timeline(project))):
        return None
    return plan_of(project)


def _sections(request: RenderRequest, plan: CompositionPlan | None) -> list[dict[str, Any]]:
    """Return the facts of each section of the plan; without one what plays is one section."""
    project, bars = request.project, bars_of(request.project, request.playing)
    prompt = project.provenance.prompt if project.provenance else ""
    if plan is None:
        parts = {track.id: (track.role, track.name) for track in project.tracks}
        plays = orchestrated([parts[one] for one in dict.fromkeys(playing.track_id for playing in request.playing)])
        return [_section(project, 0, bars, plays, prompt, ("s1", project.title, "motif", None, None, project.seed))]
    found, bar = [], 0
    for one in plan.sections:
        told = (
            one.section_id, one.label, one.role, plan.version, arrangement(one), project.seed + (one.seed_offset or 0),
        )  # fmt: skip
        found.append(_section(project, bar, one.bars, one.orchestration, one.prompt, told))
        bar += one.bars
    return found


def _section(
    project: ProjectState, bar: int, bars: int, plays: Orchestration, prompt: str,
    told: tuple[str, str, str, str | None, str | None, int],
) -> dict[str, Any]:  # fmt: skip
    """Return the facts of a section; `told`: its id, name, role, version of its plan, who plays in words, seed."""
    first, last = (project.meter_map.bar_start(at) for at in (bar, bar + bars))
    begin_s, end_s = project.tempo_map.seconds(first), project.tempo_map.seconds(last)
    names = ("section_id", "section_label", "section_role", "plan_version", "arrangement_text", "seed")
    return {
        **_NO_MODEL, **_UNCONDITIONED, **dict(zip(names, told, strict=True)),
        "target_seconds": end_s - begin_s, "render_seconds": end_s - begin_s,
        "orchestration": plays.model_dump(mode="json"),
        "prompt_hash": blake2s(prompt.encode(), digest_size=8).hexdigest(),
        "backend": BACKEND, "placeholder": False, "phrase": _phrase(first, last, bars, end_s - begin_s),
    }  # fmt: skip


def _phrase(first: int, last: int, bars: int, seconds: float) -> dict[str, Any]:
    beats = (last - first) / PPQ
    return {
        "seconds": seconds, "beats": beats, "bars": bars, "tempo_bpm": 60 * beats / seconds,
        "seconds_per_beat": seconds / beats, "padding_seconds": 0.0, "conditioning_tail_seconds": 0.0,
        "render_hint_seconds": seconds, "trimmed_seconds": 0.0,
    }  # fmt: skip


def _mix(request: RenderRequest, made: Rendered, sections: list[dict[str, Any]]) -> dict[str, Any]:
    from hardcore.audio.reader import OURS, read
    from hardcore.audio.samples import mean_square

    audio, rate = read(made.path, OURS)
    edges = accumulate((section["render_seconds"] for section in sections), initial=0.0)
    frames = [round(at * rate) for at in edges]
    return {
        "sample_rate": rate,
        "duration_seconds": made.loudness.length_s,
        "crossfades": [_join(before, after) for before, after in pairwise(sections)],
        "section_rms": [mean_square(audio[:, start:end]) ** 0.5 for start, end in pairwise(frames)],
        "target_rms": request.target.rms,
        "target_lufs": request.target.lufs,
        "target_peak_dbtp": request.target.peak,
    }


def _join(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return how one section goes over into the next: on the bar, without taking time from either."""
    conditioning = dict.fromkeys(
        ("left_audio_conditioned", "right_audio_conditioned", "left_placeholder", "right_placeholder"), False
    )
    return {
        "from": before["section_id"], "to": after["section_id"], "seconds": 0.0, "mode": "butt",
        "conditioning": conditioning,
    }  # fmt: skip
