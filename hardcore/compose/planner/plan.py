"""The plan that is used: a project's sections as a `CompositionPlan`, and one from elsewhere as a project's sections.

What plays is what the composer plays, and every length is that of the bars: the sections of the project are the plan.
"""

from functools import cache

from hardcore.compose.intent import Intent
from hardcore.compose.plan import make_plan
from hardcore.compose.planner.form import players, share
from hardcore.compose.planner.model import CompositionPlan, Orchestration, SectionPlan, ThemeDescriptor
from hardcore.compose.planner.outline import outline
from hardcore.compose.planner.reference import VERSION
from hardcore.compose.planner.theme import heard, section_prompt, theme
from hardcore.compose.producer import TRACK_NAMES, asked_of, source_of
from hardcore.errors import Conflict, UserError
from hardcore.knowledge.planning import LAYERS, Energy, Layer, SectionRole, planning
from hardcore.music.meter import MeterMap, parse_meter
from hardcore.music.scale import Key
from hardcore.music.tempo import TempoMap
from hardcore.project import sections
from hardcore.project.roles import TRANSITIONS, Player, Role
from hardcore.project.section import MOST_BARS, Section, starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length
from hardcore.project.values import SEEDS

# The share of the parts that each energy stands for, and the least and the most that it is told for.
ENERGIES: dict[Energy, float] = {"low": 0.3, "medium": 0.65, "high": 1.0}
_LOW, _HIGH = 0.45, 0.85

Parts = list[tuple[Role | None, str]]


def energy_of(section: Section) -> Energy:
    """Return the energy of a section in the words of a plan."""
    return "low" if section.energy <= _LOW else "high" if section.energy >= _HIGH else "medium"


def role_of(section: Section) -> SectionRole:
    """Return what a section is for in the course of a piece."""
    return planning().kinds.get(section.kind.casefold(), "development")


def plan_of(project: ProjectState) -> CompositionPlan:
    """Return the plan of a project: what stands where there is music, else what would be made. Raises UserError."""
    project = sections.with_sections(project)
    source = source_of(project)
    prompt, seed = (source.prompt, source.seed) if source is not None else (project.title, project.seed)
    row, roles = project.sections, [role_of(one) for one in project.sections]
    subject = theme(prompt, heard(prompt), seed, list(zip(roles, map(energy_of, row), strict=True)))
    edges = [project.tempo_map.seconds(project.meter_map.bar_start(bar)) for bar in starts(row)]
    playing = parts_of(project)
    return CompositionPlan(
        version=VERSION,
        tempo_bpm=project.tempo_map.bpm,
        time_signature=project.meter_map.text,
        key=project.key.name,
        total_bars=starts(row)[-1],
        total_duration_seconds=edges[-1],
        theme=subject,
        sections=tuple(
            _section(one, prompt, seed, subject, at, edges[at + 1] - edges[at], playing[at])
            for at, one in enumerate(row)
        ),
    )


def seed_plan(project: ProjectState) -> CompositionPlan:
    """Return the plan of the piece that stands: of a loop its scene, as one section. Raises Conflict without one."""
    if project.sections or project.arrangement:
        return plan_of(project)
    scene = next((scene for scene in project.scenes if scene.slots), None)
    if scene is None or asked_of(project) is None:
        raise Conflict("there is no piece yet", "type a prompt first, such as: house, 4 bars")
    bars = min(max(project.meter_map.bar_of(scene_length(project, scene)), 1), MOST_BARS)
    return plan_of(project.evolve(sections=(Section(id="f1", name=scene.name, kind="scene", bars=bars, energy=1),)))


def _section(
    section: Section, prompt: str, seed: int, subject: ThemeDescriptor, at: int, seconds: float, parts: Parts
) -> SectionPlan:
    role = role_of(section)
    template = planning().roles[role]
    return SectionPlan(
        section_id=section.id,
        role=role,
        label=section.name[:64],
        prompt=section_prompt(prompt, role, subject, at),
        bars=section.bars,
        target_seconds=seconds,
        energy=energy_of(section),
        seed_offset=at if section.seed is None else section.seed - seed,
        transition=template.transition,
        motif_directive=template.directive,
        variation_axes=template.axes,
        cadence_hint=template.cadence or None,
        orchestration=orchestrated(parts),
    )


def parts_of(project: ProjectState) -> list[Parts]:
    """Return the parts that play in each section."""
    row = project.sections
    if project.arrangement:
        return [[(one.role, one.name) for one in sections.playing(project, at)] for at in range(len(row))]
    roles = planned_roles(project)
    return [[(roles[at], TRACK_NAMES.get(roles[at], roles[at])) for at in players(one, roles)] for one in row]


def planned_roles(project: ProjectState) -> tuple[Role, ...]:
    """Return the parts that the piece of a plan will have. Raises UserError where it comes from no prompt."""
    intent, source = asked_of(project), source_of(project)
    if intent is None or source is None:
        raise UserError("this project was not made from a prompt", "/plan make PROMPT plans a piece")
    return make_plan(intent, source.seed).roles


def layer_of(role: Role | None) -> Layer | None:
    """Return the layer that parts of a role are; None for a part without a role."""
    return _layers().get(role)


@cache
def _layers() -> dict[Role | None, Layer]:
    return {role: name for name, layer in planning().layers.items() for role in layer.roles}


def orchestrated(parts: Parts) -> Orchestration:
    """Return parts by the layers that they are."""
    return Orchestration(**{layer: tuple(name for role, name in parts if layer_of(role) == layer) for layer in LAYERS})


def outlined(plan: CompositionPlan, intent: Intent, seed: int) -> ProjectState:
    """Return the outline of a piece whose plan is given: its tempo, key, meter and sections, in the intent's style.

    Where a section's orchestration leaves a layer empty, none of its parts play. Raises UserError.
    """
    whole = outline(intent, seed)
    roles, row = planned_roles(whole), list[Section]()
    for number, one in enumerate(plan.sections):
        section_id = f"f{whole.next_id + number}"
        row.append(_from_plan(one, row, section_id, roles, (seed + (one.seed_offset or number)) % SEEDS))
    return whole.evolve(
        tempo_map=TempoMap().with_bpm(plan.tempo_bpm),
        meter_map=MeterMap().with_meter(*parse_meter(plan.time_signature)),
        key=Key.parse(plan.key),
        sections=tuple(row),
        next_id=whole.next_id + len(row),
    )


def _from_plan(one: SectionPlan, before: list[Section], section_id: str, roles: tuple[Role, ...], seed: int) -> Section:
    kind = sections.kind_of(one.label)
    known = planning().kinds
    section = Section(
        id=section_id,
        name=sections.free_name(before, one.label or one.role),
        kind=kind if kind in known else planning().roles[one.role].kind,
        bars=one.bars,
        play=layers_play({layer for layer in LAYERS if getattr(one.orchestration, layer)}, roles),
        seed=seed,
    )
    return section.evolve(energy=min(ENERGIES[one.energy], share(section, roles)))


def layers_play(layers: set[Layer], roles: tuple[Role | None, ...]) -> tuple[Player, ...]:
    """Return who plays where only some layers do: their parts, and what leads in and out; empty where that is all."""
    chosen = [role for layer in LAYERS if layer in layers for role in planning().layers[layer].roles]
    left = [role for role in roles if role not in (*chosen, *TRANSITIONS)]
    return tuple(dict.fromkeys((*chosen, *TRANSITIONS))) if left and chosen else ()
