"""Generations as the reference's interface has them: requests as arguments of commands, a job's status and artifact."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from hardcore.commands.composing.generation import INSTRUMENTS
from hardcore.commands.composing.soundjob import MODEL_KIND, SYNTH_KIND, Generating, tag_of
from hardcore.commands.core.results import Result
from hardcore.controller.studio import Studio
from hardcore.errors import Misused, NotFound, complaint
from hardcore.jobs.job import Job, State
from hardcore.jobs.joblist import JobList
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact

if TYPE_CHECKING:
    from hardcore.compose.planner.model import GenerationArtifact, GenerationRequest, GenerationStatus
    from hardcore.compose.planner.model import JobState as Standing

Asked = TypeVar("Asked", bound=BaseModel)
# What is steered by which option of a command; the program's instruments are not steered, and no model by the rest.
SAMPLING = {"cfg_scale": "guidance", "musicgen_cfg_coef": "guidance", "musicgen_temperature": "temperature"}
UNSTEERED = ("scheduler", "musicgen_top_k", "musicgen_top_p", "musicgen_two_step_cfg")
DEPTHS = {"pcm16": "16", "16": "16", "pcm24": "24", "24": "24"}
FORMATS = ("flac",)
KINDS = (SYNTH_KIND, MODEL_KIND)


def read(kind: type[Asked], data: Mapping[str, Any]) -> Asked:
    """Return a request from the data of one. Raises Misused that names the field."""
    from pydantic_core import to_json

    try:
        return kind.model_validate_json(to_json(dict(data)), strict=True)
    except ValidationError as error:
        place, why, _ = complaint(error)
        raise Misused(f"{place or 'the request'}: {why}", "", place.partition(".")[0]) from error


def request_schemas(reference: str) -> dict[str, Any]:
    """Return the JSON Schemas of the requests and of all they hold, by name; `reference` is how one names another."""
    from pydantic.json_schema import models_json_schema

    from hardcore.compose.planner.model import GenerationRequest, SessionClipRequest, SessionCreateRequest

    kinds = [(kind, "validation") for kind in (GenerationRequest, SessionClipRequest, SessionCreateRequest)]
    _, whole = models_json_schema(kinds, ref_template=reference)  # type: ignore[arg-type]
    return dict(whole["$defs"])


def request_of(data: Mapping[str, Any]) -> "GenerationRequest":
    """Return a generation's request. Raises Misused that names the field that is wrong or cannot be used."""
    from hardcore.compose.planner.model import GenerationRequest
    from hardcore.knowledge.soundmodels import sound_models

    asked = read(GenerationRequest, data)
    is_synth = asked.model_id.casefold() in INSTRUMENTS
    if not is_synth and asked.model_id not in sound_models():
        raise Misused(f"no model '{asked.model_id}' is installed here", "model_id synth", "model_id")
    for field in (*UNSTEERED, *(SAMPLING if is_synth or asked.mode == "clip" else ())):
        if getattr(asked, field) is not None:
            raise Misused(f"{asked.model_id} has no {field}", "leave it out", field)
    if (asked.output_bit_depth or "24") not in DEPTHS:
        raise Misused(f"output_bit_depth {asked.output_bit_depth}: pcm16 or pcm24", "", "output_bit_depth")
    if (asked.output_format or "flac") not in FORMATS:
        raise Misused(f"output_format {asked.output_format}: artifacts are flac", "", "output_format")
    if asked.mode == "clip" and asked.clip_layer is None:
        raise Misused("clip_layer is missing", "rhythm, bass, harmony, lead or textures", "clip_layer")
    return asked


def arguments_of(asked: "GenerationRequest", scenes: int) -> tuple[str, dict[str, Any]]:
    """Return the command that a request is, and its arguments; `scenes`: how many there are. Raises Misused."""
    given: dict[str, Any] = {
        "words": asked.prompt,
        "seed": asked.seed,
        "model": asked.model_id,
        "rate": asked.output_sample_rate,
        "depth": DEPTHS[asked.output_bit_depth or "24"],
    }
    if asked.mode == "clip":
        given |= {"layer": asked.clip_layer, "bars": asked.clip_bars, "scene": scene_at(asked.clip_scene_index, scenes)}
        name = "generate clip"
    else:
        said = asked.duration_seconds if "duration_seconds" in asked.model_fields_set else None
        plan = asked.plan.model_dump(mode="json") if asked.plan is not None else None
        given |= {"mode": asked.mode, "seconds": said, "plan": plan}
        given |= {
            option: getattr(asked, field) for field, option in SAMPLING.items() if getattr(asked, field) is not None
        }
        name = "generate"
    return name, {name: value for name, value in given.items() if value is not None}


def seeding(asked: "GenerationRequest", studio: Studio, begun: Result) -> dict[str, Any] | None:
    """Return the arguments of `session start` where a generation is the first of its session; None where none is due.

    The piece that is rendered is then the one that clips belong to.
    """
    empty = not any(track.clips for track in studio.controller.project.tracks)
    is_piece = asked.mode == "full_track" and asked.plan is None
    if asked.session_id is None or not (empty and is_piece and isinstance(begun, Generating)):
        return None
    return {"words": asked.prompt, "seed": begun.seed, "seconds": sum(seconds for _, seconds in begun.sections)}


def clip_arguments(data: Mapping[str, Any], scenes: int) -> tuple[dict[str, Any], str | None]:
    """Return the arguments of `generate clip` that a request for a clip is, and its telemetry id. Raises Misused."""
    from hardcore.compose.planner.model import SessionClipRequest

    asked = read(SessionClipRequest, data)
    scene = scene_at(asked.scene_index, scenes)
    given = {"layer": asked.layer, "words": asked.prompt, "bars": asked.bars, "scene": scene, "seed": asked.seed}
    return {name: value for name, value in given.items() if value is not None}, asked.telemetry_id


def session_arguments(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `session start` that a request for a session is. Raises Misused."""
    from hardcore.compose.planner.model import SessionCreateRequest

    asked = read(SessionCreateRequest, data)
    given = {
        "words": asked.prompt, "name": asked.name, "bpm": asked.tempo_bpm, "key": asked.key,
        "meter": asked.time_signature, "seconds": asked.duration_seconds, "seed": asked.seed,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def scene_at(index: int | None, scenes: int) -> str | None:
    """Return the number from 1 of a scene that is given from 0. Raises Misused where there is none."""
    if index is not None and index >= scenes:
        raise Misused(f"scene {index}: there are {scenes}, from 0", "", "scene_index")
    return None if index is None else str(index + 1)


def state_of(state: State) -> "Standing":
    """Return how a job stands in the reference's words."""
    known: dict[State, Standing] = {"waiting": "queued", "running": "running", "done": "succeeded"}
    return known.get(state, "failed")


def generation(studio: Studio, job_id: str) -> Job:
    """Return the job of a generation. Raises NotFound."""
    jobs = studio.jobs.all() if isinstance(studio.jobs, JobList) else ()
    found = next((job for job in jobs if str(job.number) == job_id and job.kind in KINDS), None)
    if found is None:
        raise NotFound(f"no generation '{job_id[:40]}'", "generate PROMPT begins one")
    return found


def status_of(studio: Studio, job_id: str, telemetry: str | None = None) -> "GenerationStatus":
    """Return where a generation is. Raises NotFound."""
    from hardcore.compose.planner.model import GenerationStatus

    job = generation(studio, job_id)
    at = job.ended_at or job.began_at + job.seconds() if job.began_at else job.asked_at
    words = "generation complete" if job.state == "done" else job.words if job.state == "running" else job.standing()
    return GenerationStatus(
        job_id=job_id,
        state=state_of(job.state),
        progress=min(max(job.share, 0.0), 1.0),
        message=words,
        updated_at=datetime.fromtimestamp(at, UTC).isoformat(),
        status_endpoint=f"/status/{job_id}",
        stream_endpoint="/events",
        telemetry_id=telemetry,
    )


def made_by(studio: Studio, job_id: str) -> Artifact:
    """Return what a generation made. Raises NotFound for one that is unknown, not ready or has failed."""
    job = generation(studio, job_id)
    if job.state != "done":
        raise NotFound(f"generation {job_id} is not ready: {job.standing()}", f"/status/{job_id} says when it is")
    found = next((one for one in artifacts.everything() if tag_of(job.number) in one.tags), None)
    if found is None:
        raise NotFound(f"what generation {job_id} made is not there any more")
    return found


def artifact_of(studio: Studio, job_id: str, telemetry: str | None = None) -> "GenerationArtifact":
    """Return what a generation made, with all that is known of it. Raises NotFound."""
    from hardcore.compose.planner.model import GenerationArtifact, GenerationMetadata

    known = made_by(studio, job_id)
    return GenerationArtifact(
        job_id=job_id,
        artifact_path=artifacts.path_of(known.sha256).name,
        metadata=GenerationMetadata.model_validate_json(_text(known.recipe)),
        preview_url=f"/artifact/{job_id}/sound",
        telemetry_id=telemetry,
    )


def _text(data: Mapping[str, Any]) -> bytes:
    from pydantic_core import to_json

    return to_json(dict(data))
