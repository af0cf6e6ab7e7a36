"""Listening to a piece for a review of it: the mix of the bars that are judged, its sections, and its parts."""

from contextlib import AsyncExitStack
from dataclasses import replace

from hardcore.compose.review.finding import Finding
from hardcore.compose.review.hearing import Ears
from hardcore.compose.review.reading import Reading, read
from hardcore.compose.review.review import review
from hardcore.jobs.mixdown import MOST_PARTS_S, Bench, heard_apart
from hardcore.jobs.rawtake import Take, measured
from hardcore.jobs.request import Progress, RenderRequest
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.workers.context import Words


async def reviewed(request: RenderRequest, where: str, progress: Progress) -> tuple[Finding, ...]:
    """Return what is said of a project, or of the stretch of it that `where` names, and of its sound.

    Of several stretches the ears hear the first. Parts of a long piece are heard as far as their sound finds room.
    Raises UserError, EngineError, JobFailed.
    """
    whole = read(request.project)
    part = read(request.project, where) if where else whole
    first, last = _first_run(part)
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, replace(request, longest_tail_s=0.0), progress)
        made = await bench.play(request.project, bench.folder / "first")
        mix = await _bars(made, request.rate, first, last, parts=bool(made.taps))
        places = [await _bars(made, request.rate, one.first_bar, one.last_bar, parts=False) for one in whole.places]
    if not mix["parts"] and (bars := _affordable(request.project, first, last)):
        mix["parts"] = await _parts(request, bars, progress)
    return review(request.project, where, Ears.of(mix, places))


def _first_run(reading: Reading) -> tuple[int, int]:
    """Return the first and last bar of the first stretch."""
    first = last = reading.bars[0]
    for bar in reading.bars[1:]:
        if bar != last + 1:
            break
        last = bar
    return first, last


def _affordable(project: ProjectState, first: int, last: int) -> tuple[int, int] | None:
    """Return the bars, of some, whose parts can be heard apart; None where those before take all the room."""
    seconds = MOST_PARTS_S / len(project.tracks)
    while last >= first and project.tempo_map.seconds(project.meter_map.bar_start(last)) > seconds:
        last -= 1
    return (first, last) if last >= first else None


async def _parts(request: RenderRequest, bars: tuple[int, int], progress: Progress) -> Words:
    """Return the figures of each part in some bars."""
    cut = replace(request, playing=tuple(timeline(request.project, None, bars[1])), longest_tail_s=0.0)
    assert heard_apart(cut)
    async with AsyncExitStack() as held:
        bench = await Bench.begin(held, cut, progress)
        made = await bench.play(request.project, bench.folder / "parts")
        figures: Words = (await _bars(made, request.rate, *bars, parts=True))["parts"]
        return figures


async def _bars(made: Take, rate: int, first: int, last: int, *, parts: bool) -> Words:
    """Return the figures of some bars of a take; bars count from 1."""
    project = made.project
    start, end = (project.tempo_map.frames(project.meter_map.bar_start(bar), rate) for bar in (first - 1, last))
    return await measured(made, rate, start, min(end, made.score.body), parts=parts)
