"""A long piece: its plan, the music of the plan, and two minutes of it as a file."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from hardcore.compose.form.song import perform
from hardcore.compose.planner.outline import outline
from hardcore.compose.planner.plan import plan_of
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge.loader import genre_ids
from hardcore.language.prompt.understand import understand
from hardcore.project.timeline import timeline
from tests.bench.timing import Measure, median_s

PROMPT = "cinematic build, 120 s, 100 bpm, D minor"
SEED = 7


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of a plan, of its music, and of two minutes of sound."""
    intents = [understand(f"{style.replace('_', ' ')}, 3 minutes") for style in genre_ids()]

    def plan_all() -> None:
        for intent in intents:
            plan_of(outline(intent, SEED))

    plan_all()
    yield Measure("a plan of three minutes, mean of the styles", median_s(plan_all, 5) / len(intents), "ms", goal=1e-3)
    intent = understand(PROMPT)
    yield Measure("the music of a plan of two minutes", median_s(lambda: perform(outline(intent, SEED)), 3), "ms")
    project, _ = perform(outline(intent, SEED))
    playing = tuple(timeline(project))
    request = RenderRequest(project=project, playing=playing, path=folder / "long.wav", listen=False)
    began = perf_counter()
    asyncio.run(render(request))
    took = perf_counter() - began
    said = "the sound itself"
    yield Measure("two minutes of sound, rendered, written and measured", took, "s", said, took / 120, goal=2.0)
