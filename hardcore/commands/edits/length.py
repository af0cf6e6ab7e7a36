"""How long the loop is: longer, shorter, or a stretch of it."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result, Row, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import BarNumber, Bars, RandomSeed, SceneRef
from hardcore.project.timeline import scene_length

BarsMore = Annotated[int, Field(ge=-4096, le=4096), Kind("bars", "bars more; below 0 fewer")]


class SceneBars(Row):
    """How many bars a scene has."""

    id: str
    name: str
    bars: int


class LengthView(Result):
    """How long the scenes are that have clips."""

    scenes: tuple[SceneBars, ...]

    def text(self) -> str:
        """Return a line for each."""
        told = [f"scene {scene.name}: {counted(scene.bars, 'bar')}" for scene in self.scenes]
        return "\n".join(told) or "there is no clip yet"


@command("length", "length 16", about={"bars": "how many bars the scenes have then"})
def length(
    call: Call,
    bars: Bars | None = None,
    *,
    by: BarsMore | None = None,
    factor: Factor | None = None,
    scene: SceneRef | None = None,
    seed: RandomSeed | None = None,
) -> LengthView | Done:
    """Say or set how many bars the scenes have; longer clips repeat with small differences, shorter ones are cut.

    Repetitions differ a little in their velocities, and drums leave out a soft hit here and there. A riser ends at the
    new end. A song that is arranged has a length of its own: `song --minutes`.
    """
    from hardcore.compose.edits.amount import asked
    from hardcore.compose.edits.length import set_length

    row = call.project.find_scene(scene) if scene else None
    if bars is None and by is None and factor is None:
        rows = [one for one in ([row] if row else call.project.scenes) if one.slots]
        return LengthView(scenes=tuple(SceneBars(id=one.id, name=one.name, bars=_bars(call, one.id)) for one in rows))
    amount = asked(bars, by, factor, "16, --by 2 or --factor 2")
    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: set_length(project, amount, used, row))


def _bars(call: Call, scene_id: str) -> int:
    project = call.project
    return project.meter_map.bar_of(scene_length(project, project.find_scene(scene_id)))


@command("crop", "crop 1", about={"bars": "how many bars stay"})
def crop(
    call: Call,
    bars: Bars,
    *,
    first: Annotated[BarNumber, Kind("bar", "the first bar that stays, from 1")] = 1,
    scene: SceneRef | None = None,
) -> Done:
    """Keep so many bars of the scenes, from the front or from --first on, as they are; the rest is cut off."""
    from hardcore.compose.edits.cropping import crop as cut

    row = call.project.find_scene(scene) if scene else None
    return carry_out(call, lambda project: cut(project, bars, first, row))
