"""Retimings: tempos and meters that launched scenes brought along, over a project's own maps, while it plays."""

from collections.abc import Iterable

from hardcore.model import Model
from hardcore.music.meter import MeterMap, MeterPoint
from hardcore.music.tempo import Bpm, TempoMap, TempoPoint
from hardcore.project.scene import SceneMeter
from hardcore.project.state import ProjectState


class Retiming(Model):
    """From a tick on the music goes by this tempo and in this meter; None: as before."""

    tick: int
    bpm: Bpm | None = None
    meter: SceneMeter | None = None


def retimed(project: ProjectState, retimings: Iterable[Retiming]) -> ProjectState:
    """Return the project as it goes once scenes have changed its time; the changes behind each are left out.

    A meter begins on bar lines only: elsewhere it stays as it was.
    """
    tempo, meter = project.tempo_map, project.meter_map
    for one in retimings:
        tick = max(0, one.tick)
        if one.bpm is not None and tempo.at(tick) != one.bpm:
            points = (*(point for point in tempo.points if point.tick < tick), TempoPoint(tick=tick, bpm=one.bpm))
            tempo = TempoMap(points=points)
        if one.meter is not None and meter.bar_start(meter.bar_of(tick)) == tick:
            here = MeterPoint(tick=tick, numerator=one.meter.numerator, denominator=one.meter.denominator)
            meter = MeterMap(points=(*(point for point in meter.points if point.tick < tick), here))
    if tempo == project.tempo_map and meter == project.meter_map:
        return project
    return project.evolve(tempo_map=tempo, meter_map=meter)
