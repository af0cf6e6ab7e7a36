"""The earlier planner's plans (v3 and v4), exactly: what was planned there is planned here, and can be replayed.

What a plan of ours does better (a tempo, a key or a form that was asked for, a length that is hit) is in `plan.py`.
"""

from hashlib import sha256

from hardcore.compose.planner.lengths import Sized, sized
from hardcore.compose.planner.model import CompositionPlan, SectionPlan, ThemeDescriptor
from hardcore.compose.planner.theme import LONGEST_PROMPT, Heard, heard, only, orchestration, section_prompt, theme
from hardcore.errors import UserError
from hardcore.knowledge.planning import Layer, planning

VERSION, CLIP_VERSION = "v3", "v4"
KEYS = (
    "C major", "G major", "D major", "A major", "E major", "B major", "F major",
    "E minor", "A minor", "D minor", "G minor", "C minor",
)  # fmt: skip
CLIP_BARS, CLIP_LEAST_S = 4, 2.0


def seed_of(prompt: str) -> int:
    """Return the seed that a prompt has by itself: the first 8 bytes of its SHA-256, big-endian."""
    return int.from_bytes(sha256(prompt.encode()).digest()[:8], "big")


def clip_seed(session: str, layer: Layer, scene: int | None, prompt: str) -> int:
    """Return the seed of a clip that was given none: 62 bits of the SHA-256 of where it goes and what it is."""
    text = f"{session}|{layer}|{'none' if scene is None else scene}|{prompt}"
    return int.from_bytes(sha256(text.encode()).digest()[:8], "little") & (2**62 - 1)


def reference(prompt: str, seconds: float, seed: int | None = None, *, motif: bool = False) -> CompositionPlan:
    """Return the v3 plan of a prompt: long from 90 s on, short below; with `motif` of the theme alone (2–24 s)."""
    used = seed_of(prompt) if seed is None else seed
    bpm, sections = sized(seconds, motif)
    said = heard(prompt)
    subject = theme(prompt, said, used, [(one.template.role, one.template.energy) for one in sections])
    planned = tuple(_section(prompt, said, used, subject, at, one) for at, one in enumerate(sections))
    return CompositionPlan(
        version=VERSION,
        tempo_bpm=bpm,
        time_signature="4/4",
        key=KEYS[used % len(KEYS)],
        total_bars=sum(section.bars for section in planned),
        total_duration_seconds=sum(section.target_seconds for section in planned),
        theme=subject,
        sections=planned,
    )


def _section(prompt: str, said: Heard, seed: int, subject: ThemeDescriptor, at: int, sized: Sized) -> SectionPlan:
    role = planning().roles[sized.template.role]
    return SectionPlan(
        section_id=f"s{at:02}",
        role=sized.template.role,
        label=role.label,
        prompt=section_prompt(prompt, sized.template.role, subject, at),
        bars=sized.bars,
        target_seconds=sized.seconds,
        energy=sized.template.energy,
        seed_offset=at,
        transition=role.transition,
        motif_directive=role.directive,
        variation_axes=role.axes,
        cadence_hint=role.cadence or None,
        orchestration=orchestration(said, seed, sized.template.role, at),
    )


def reference_clip(seed_plan: CompositionPlan, layer: Layer, prompt: str, bars: int = CLIP_BARS) -> CompositionPlan:
    """Return the v4 plan of a clip of one layer, in the tempo, meter and key of its piece. Raises UserError."""
    if bars <= 0:
        raise UserError(f"a clip of {bars} bars has no length", "1 bar or more")
    known = planning().layers[layer]
    beats = int(seed_plan.time_signature.partition("/")[0])
    seconds = max(CLIP_LEAST_S, bars * beats * 60 / seed_plan.tempo_bpm)
    section = SectionPlan(
        section_id="c00",
        role="development",
        label=f"{layer.capitalize()} clip",
        prompt=prompt[:LONGEST_PROMPT],
        bars=bars,
        target_seconds=seconds,
        energy=known.energy,
        seed_offset=0,
        motif_directive=known.directive,
        variation_axes=("layer", layer),
        orchestration=only(seed_plan.sections[0].orchestration, known.keeps),
    )
    return seed_plan.evolve(version=CLIP_VERSION, total_bars=bars, total_duration_seconds=seconds, sections=(section,))
