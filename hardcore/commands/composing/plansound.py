"""The sections of a plan made by a model of sound: clips of the arrangement, or one sound of the whole piece."""

from typing import Any

from hardcore.commands.composing.soundjob import Generating, Part, begin
from hardcore.commands.core.call import Call
from hardcore.errors import UserError
from hardcore.project import sections
from hardcore.project.state import ProjectState
from hardcore.project.values import SEEDS


def begin_plan(
    call: Call, project: ProjectState, words: str, seed: int, steered: dict[str, Any], *, model: str,
    commercial: bool, place: bool,
) -> Generating:  # fmt: skip
    """Begin the sections of a project's plan by a model: each from its own words, what plays in it, and its own seed.

    steered  guidance, steps and temperature, None where nothing is said
    place    as clips on an audio track of the model's name, where the sections are; else as one sound
    Raises what `begin` does.
    """
    from hardcore.compose.planner.plan import plan_of
    from hardcore.compose.planner.theme import arrangement

    if not project.sections:
        raise UserError("there is no plan: the piece is a loop", "/plan make PROMPT, or generate sound")
    plan, parts, start_s = plan_of(project), list[Part](), 0.0
    given = {name: value for name, value in steered.items() if value is not None}
    music = {"bpm": plan.tempo_bpm, "key": plan.key, "meter": project.meter_map.text}
    for at, one in enumerate(plan.sections):
        wish = {
            "words": f"{one.prompt} {arrangement(one)}".strip(), "seed": (seed + (one.seed_offset or 0)) % SEEDS,
            **music, **given,
        }  # fmt: skip
        tick = sections.ticks_of(project, at)[0] if place else None
        parts.append(Part(one.label, wish, one.target_seconds, start_s, loop=False, track=model, tick=tick))
        start_s += one.target_seconds
    piece = None if place else {"words": words, "seed": seed, "plan": plan.model_dump(mode="json")}
    return begin(call, parts, model=model, seed=seed, commercial=commercial, piece=piece)
