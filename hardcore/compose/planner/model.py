"""A plan of a piece as data: what the earlier system's documents call CompositionPlan, with the fields they name."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hardcore.knowledge.planning import Energy, Layer, SectionRole
from hardcore.model import Model

Text = Annotated[str, Field(max_length=128)]
GenerationMode = Literal["full_track", "motif", "clip"]
JobState = Literal["queued", "running", "succeeded", "failed"]


class ThemeDescriptor(Model):
    """What a piece is about: a motif in words, what plays it, how it moves and how it sounds, section by section."""

    motif: Text
    instrumentation: tuple[str, ...] = ()
    rhythm: Text
    dynamic_curve: tuple[str, ...] = ()
    texture: Text | None = None


class Orchestration(Model):
    """What plays in a section, layer by layer."""

    rhythm: tuple[str, ...] = ()
    bass: tuple[str, ...] = ()
    harmony: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    textures: tuple[str, ...] = ()
    vocals: tuple[str, ...] = ()


class SectionPlan(Model):
    """A section of a plan.

    target_seconds    how long it lasts; `bars` of the plan's tempo, unless a floor lengthens it
    seed_offset       added to the seed of the plan
    motif_directive, variation_axes, cadence_hint   what becomes of the theme, what varies, how it closes
    """

    section_id: Annotated[str, Field(min_length=2, max_length=32)]
    role: SectionRole
    label: Annotated[str, Field(max_length=64)]
    prompt: Annotated[str, Field(max_length=512)]
    bars: Annotated[int, Field(ge=1, le=4096)]
    target_seconds: Annotated[float, Field(gt=0, le=12_000)]
    energy: Energy
    model_id: str | None = None
    seed_offset: int | None = None
    transition: str | None = None
    motif_directive: str | None = None
    variation_axes: tuple[str, ...] = ()
    cadence_hint: str | None = None
    orchestration: Orchestration = Orchestration()


class CompositionPlan(Model):
    """A plan of a whole piece. `version`: v3 for a piece, v4 for one clip."""

    version: Annotated[str, Field(max_length=16)]
    tempo_bpm: Annotated[float, Field(ge=10, le=1000)]
    time_signature: str
    key: str
    total_bars: Annotated[int, Field(ge=1, le=8192)]
    total_duration_seconds: Annotated[float, Field(gt=0, le=24_000)]
    theme: ThemeDescriptor | None = None
    sections: Annotated[tuple[SectionPlan, ...], Field(min_length=1, max_length=256)]


class GenerationRequest(Model):
    """What is asked of a generator. Fields that a backend cannot use are refused or reported, never ignored."""

    prompt: Annotated[str, Field(min_length=1, max_length=10_000)]
    duration_seconds: Annotated[float, Field(ge=2, le=1200)] = 120
    model_id: Annotated[str, Field(min_length=1, max_length=64)] = "synth"
    seed: Annotated[int, Field(ge=0)] | None = None
    session_id: Annotated[str, Field(min_length=8, max_length=64)] | None = None
    mode: GenerationMode = "full_track"
    clip_layer: Layer | None = None
    clip_scene_index: Annotated[int, Field(ge=0, le=1023)] | None = None
    clip_bars: Annotated[int, Field(ge=1, le=64)] | None = None
    cfg_scale: Annotated[float, Field(ge=0, le=20)] | None = None
    scheduler: Annotated[str, Field(max_length=64)] | None = None
    musicgen_top_k: Annotated[int, Field(ge=0, le=2048)] | None = None
    musicgen_top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    musicgen_temperature: Annotated[float, Field(ge=0, le=4)] | None = None
    musicgen_cfg_coef: Annotated[float, Field(ge=0, le=20)] | None = None
    musicgen_two_step_cfg: bool | None = None
    output_sample_rate: Annotated[int, Field(ge=8000, le=192_000)] | None = None
    output_bit_depth: Annotated[str, Field(max_length=16)] | None = None
    output_format: Annotated[str, Field(max_length=16)] | None = None
    plan: CompositionPlan | None = None
    telemetry_id: Annotated[str, Field(max_length=128)] | None = None


class GenerationStatus(Model):
    """Where a generation is. `updated_at`: UTC, ISO 8601; `telemetry_id`: as it was asked with, it is sent nowhere."""

    job_id: str
    state: JobState
    progress: Annotated[float, Field(ge=0, le=1)] = 0
    message: str | None = None
    updated_at: str
    status_endpoint: str | None = None
    stream_endpoint: str | None = None
    telemetry_id: str | None = None


class GenerationMetadata(Model):
    """What an artifact was made of; the plan is the one that was rendered."""

    prompt: str
    seed: int | None = None
    model_id: str
    duration_seconds: float
    extras: dict[str, Any] = {}
    plan: CompositionPlan | None = None


class GenerationArtifact(Model):
    """What a generation made, and where it lies; `preview_url` plays it."""

    job_id: str
    artifact_path: str
    metadata: GenerationMetadata
    preview_url: str | None = None
    telemetry_id: str | None = None


class SessionClip(Model):
    """A clip of a session: one cell of the grid; `job_id` where it was generated with a sound of its own."""

    job_id: str | None = None
    prompt: str
    state: JobState
    duration_seconds: float
    artifact_path: str | None = None
    layer: Layer | None = None
    scene_index: int
    bars: float


class SessionSummary(Model):
    """A session: the project that is open. `seed_plan`, `theme`, `motif` are of the piece that stands."""

    session_id: str
    created_at: str
    updated_at: str
    name: str
    tempo_bpm: float
    key: str
    time_signature: str
    seed_job_id: str | None = None
    seed_prompt: str | None = None
    seed_plan: CompositionPlan | None = None
    theme: ThemeDescriptor | None = None
    motif: str | None = None
    clip_count: int
    clips: tuple[SessionClip, ...] = ()


class SessionCreateRequest(Model):
    """What a session begins with: a prompt is its piece; without one a piece that stands stays."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    prompt: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    tempo_bpm: Annotated[float, Field(ge=40, le=300)] | None = None
    key: Annotated[str, Field(max_length=40)] | None = None
    time_signature: Annotated[str, Field(max_length=8)] | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    duration_seconds: Annotated[float, Field(ge=2, le=1200)] | None = None


class SessionClipRequest(Model):
    """A clip that is asked of a session."""

    layer: Layer
    prompt: Annotated[str, Field(max_length=10_000)] = ""
    bars: Annotated[int, Field(ge=1, le=64)] | None = None
    scene_index: Annotated[int, Field(ge=0, le=1023)] | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    telemetry_id: Annotated[str, Field(max_length=128)] | None = None
