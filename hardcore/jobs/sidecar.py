"""The facts of an export as a JSON file beside it: what Timbre calls a GenerationArtifact, all of its extras included.

Every key is there. A value is what is true of this file: null where a thing does not exist, such as the sampling of a
model where none was used.
"""

import json
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any

from hardcore.compose.planner.model import CompositionPlan, GenerationArtifact, GenerationMetadata
from hardcore.compose.planner.plan import plan_of
from hardcore.compose.planner.theme import arrangement
from hardcore.jobs.request import MixFile, Rendered, RenderRequest
from hardcore.music.tempo import PPQ
from hardcore.project.recording import file_digest
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks

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
    provenance = project.provenance
    plan = plan_of(project) if project.sections and len(_spans(request)) == len(project.sections) else None
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
        "theme": plan.theme.model_dump(mode="json") if plan is not None and plan.theme is not None else None,
        "sections": sections,
        "mix": _mix(request, made, sections),
        "motif_seed": {"captured": False},
        "full_plan": None,
        "motif_preview_plan": None,
        "motif_preview_seconds": None,
        "clip": None,
        "tempo_bpm": project.tempo_map.bpm,
        "key": project.key.name,
        "time_signature": f"{project.meter_map.numerator}/{project.meter_map.denominator}",
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


def _spans(request: RenderRequest) -> list[tuple[str, str, str, int, int]]:
    """Return id, name and kind of each section that plays, with its bars; the whole is one where there are none."""
    project, end = request.project, end_ticks(request.playing)
    bars = project.meter_map.bar_of(end - 1) + 1
    named = zip(project.sections, starts(project.sections), strict=False) if project.arrangement else ()
    spans = [(one.id, one.name, one.kind, bar, min(one.bars, bars - bar)) for one, bar in named if bar < bars]
    return spans or [("s1", project.title, "motif", 0, bars)]


def _sections(request: RenderRequest, plan: CompositionPlan | None) -> list[dict[str, Any]]:
    project, found = request.project, []
    for at, (section_id, name, kind, bar, bars) in enumerate(_spans(request)):
        first, last = (project.meter_map.bar_start(at) for at in (bar, bar + bars))
        begin_s, end_s = project.tempo_map.seconds(first), project.tempo_map.seconds(last)
        planned = plan.sections[at] if plan is not None else None
        prompt = planned.prompt if planned else project.provenance.prompt if project.provenance else ""
        found.append(
            {
                **_NO_MODEL, **_UNCONDITIONED,
                "section_id": section_id, "section_label": name, "section_role": planned.role if planned else kind,
                "plan_version": plan.version if plan else None,
                "target_seconds": end_s - begin_s, "render_seconds": end_s - begin_s,
                "orchestration": _playing(request, first, last),
                "prompt_hash": sha256(prompt.encode()).hexdigest()[:16],
                "arrangement_text": arrangement(planned) if planned else None,
                "seed": project.seed + ((planned.seed_offset or 0) if planned else 0),
                "backend": BACKEND, "placeholder": False, "phrase": _phrase(project, first, last, bars, begin_s, end_s),
            }
        )  # fmt: skip
    return found


def _playing(request: RenderRequest, first: int, last: int) -> dict[str, list[str]]:
    """Return what plays between two ticks, by layer: the instruments of its tracks."""
    from hardcore.knowledge.planning import LAYERS, planning

    layers = {role: layer for layer, known in planning().layers.items() for role in known.roles}
    found: dict[str, list[str]] = {layer: [] for layer in LAYERS}
    sounding = {one.track_id for one in request.playing if one.start_ticks < last and one.end_ticks > first}
    for track in request.project.tracks:
        if track.id in sounding and track.role in layers:
            found[layers[track.role]].append(track.name)
    return found


def _phrase(project: ProjectState, first: int, last: int, bars: int, begin_s: float, end_s: float) -> dict[str, Any]:
    beats = (last - first) / PPQ
    seconds = end_s - begin_s
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
