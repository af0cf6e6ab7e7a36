"""Time and key: tempo, meter, key, swing."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done
from hardcore.commands.types import Bars, Flag, KeyName, Kind, Meter, Share, Tempo
from hardcore.music import groove
from hardcore.project import grooves
from hardcore.project.keys import in_key
from hardcore.project.state import ProjectState


@command("tempo", "tempo 138", aliases=("bpm",))
def tempo(call: Call, bpm: Tempo | None = None, *, bar: Bars = 1) -> Done:
    """Say or set the tempo, from the beginning or from a bar on."""
    old = call.project.tempo_map
    tick = call.project.meter_map.bar_start(bar - 1)
    if bpm is None:
        return Done(message=f"tempo {old.at(tick):g} bpm")
    call.edit(lambda project: project.evolve(tempo_map=project.tempo_map.with_point(tick, bpm)))
    return Done(message=f"tempo {old.at(tick):g} → {bpm:g} bpm" + (f" from bar {bar}" if bar > 1 else ""))


@command("meter", "meter 7/8")
def meter(call: Call, meter: Meter | None = None) -> Done:
    """Say or set the meter; clips keep their notes and lengths."""
    old = call.project.meter_map
    if meter is None:
        return Done(message=f"meter {old.numerator}/{old.denominator}")
    call.edit(lambda project: project.evolve(meter_map=project.meter_map.with_meter(*meter)))
    return Done(message=f"meter {old.numerator}/{old.denominator} → {meter[0]}/{meter[1]}")


@command("key", "key A minor")
def key(call: Call, key: KeyName | None = None, *, notes: Flag = False) -> Done:
    """Say or set the key; with --notes the clips move into it, degree by degree."""
    old = call.project.key
    if key is None:
        return Done(message=f"key {old.name}")

    def change(project: ProjectState) -> ProjectState:
        return in_key(project, key) if notes else project.evolve(key=key)

    call.edit(change)
    return Done(message=f"key {old.name} → {key.name}" + (", notes moved with it" if notes else ""))


SwingPercent = Annotated[float, Field(ge=50, le=75), Kind("percent", "50 (straight) to 75; 66.7 is triplet")]


@command("swing", "swing 58")
def swing(call: Call, percent: SwingPercent | None = None, *, amount: Share = 100) -> Done:
    """Say or set the swing of the sixteenths: 50 is straight, 66.7 triplet. Clips are not changed, only played so."""
    old = call.project.groove
    if percent is None:
        return Done(message=f"groove {old.name if old else 'straight'}")
    template = groove.swing(percent)

    def change(project: ProjectState) -> ProjectState:
        if percent == 50:
            return project.evolve(active_groove=None)
        return grooves.put_on_project(project, template, amount / 100, amount / 100)

    call.edit(change)
    return Done(message=f"swing {percent:g} %")
