"""Blocks and time of the arrangement: over random songs an edit changes what it is about and nothing else."""

import random
from collections.abc import Callable

import pytest

from hardcore.project import blocks, clips, placing, sections
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.events import Span, controls, events
from hardcore.project.integrity import check
from hardcore.project.note import Note
from hardcore.project.scope import Stretch, find_scope
from hardcore.project.scopededits import scoped
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.song import BAR, song

BARS = 24
PARTS = ("kick", "snare", "hats", "bass")


def arranged(rng: random.Random) -> ProjectState:
    """Return a song whose parts have several clips, placed at random, some moving and some marked."""
    project = song()
    for name in PARTS:
        track = project.find_track(name)
        notes = [Note(rng.randrange(0, 3 * BAR, 480), 240, 36 + rng.randrange(12)) for _ in range(9)]
        project, _ = clips.add_clip(project, track.id, project.find_scene("B").id, rng.choice((1, 2, 3)) * BAR, notes)
        own = [clip.id for clip in project.find_track(name).clips]
        for _ in range(5):
            start, length = rng.randrange(BARS) * BAR, rng.randint(1, 6) * BAR
            project = placing.place(project, rng.choice(own), start, length, rng.choice((0, BAR // 2)))
        points = tuple(
            AutomationPoint(tick=tick, value=rng.uniform(-1, 1), shape=rng.choice(("linear", "step")))
            for tick in sorted(rng.sample(range(0, BARS * BAR, 120), 6))
        )
        moving = Automation(owner=track.id, parameter="pan", points=points)
        project = project.with_track(track.id, lambda track, moving=moving: track.evolve(automation=(moving,)))
    return project


def sounding(
    project: ProjectState, keep: Callable[[int], int | None] = lambda tick: tick, tracks: set[str] | None = None
) -> list[tuple[int, str, int, int]]:
    """Return every note as (tick, track, pitch, velocity), each where `keep` puts it; None leaves it out."""
    found = []
    for note in events(project, timeline(project), Span(0, 64 * BAR)):
        tick = keep(note.tick)
        if tick is not None and (tracks is None or note.track_id in tracks):
            found.append((tick, note.track_id, note.pitch, note.velocity))
    return sorted(found)


def pans(project: ProjectState, ticks: list[int]) -> list[float]:
    """Return where every part that moves is in the middle of the steps that its automation takes."""
    moving = [track.automation[0] for track in project.tracks if track.automation]
    return [round(one.at(tick), 3) for one in moving for tick in ticks]


@pytest.mark.parametrize("seed", range(20))
def test_time_put_in_and_taken_out_moves_what_comes_after_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    project = arranged(rng)
    at, size = rng.randrange(0, BARS), rng.randint(1, 5)
    longer = sections.insert_time(project, at, size)
    check(longer)
    edge = at * BAR
    moved = sounding(project, lambda tick: tick if tick < edge else tick + size * BAR)
    assert sounding(longer) == moved
    ticks = list(range(60, 40 * BAR, 4567))
    there = [tick if tick < edge else tick + size * BAR for tick in ticks]
    assert pans(longer, there) == pans(project, ticks)
    back = sections.delete_time(longer, at, size)
    check(back)
    assert sounding(back) == sounding(project)
    assert pans(back, ticks) == pans(project, ticks)


@pytest.mark.parametrize("seed", range(20))
def test_a_part_that_is_cut_or_pasted_leaves_the_rest_alone(seed: int) -> None:
    rng = random.Random(seed + 100)
    project = arranged(rng)
    chosen = [project.find_track(name).id for name in rng.sample(PARTS, 2)]
    start, length, target = (rng.randrange(BARS) * BAR, rng.randint(1, 5) * BAR, rng.randrange(BARS) * BAR)
    others = {track.id for track in project.tracks} - set(chosen)

    gone = blocks.cut(project, chosen, start, start + length)
    check(gone)
    assert sounding(gone, tracks=others) == sounding(project, tracks=others)
    outside = sounding(project, lambda tick: None if start <= tick < start + length else tick, set(chosen))
    assert sounding(gone, tracks=set(chosen)) == outside

    what = blocks.held(project, chosen, start, start + length)
    pasted = blocks.put(project, what, target)
    check(pasted)
    assert sounding(pasted, tracks=others) == sounding(project, tracks=others)
    inside = sounding(
        project, lambda tick: tick - start + target if start <= tick < start + length else None, set(chosen)
    )
    around = sounding(project, lambda tick: None if target <= tick < target + length else tick, set(chosen))
    assert sounding(pasted, tracks=set(chosen)) == sorted(inside + around)
    assert [track.automation for track in pasted.tracks] == [track.automation for track in project.tracks]


@pytest.mark.parametrize("seed", range(20))
def test_splitting_and_joining_change_nothing_that_is_heard(seed: int) -> None:
    rng = random.Random(seed + 200)
    project = before = arranged(rng)
    for _ in range(6):
        track = project.find_track(rng.choice(PARTS))
        one = rng.choice([one for one in track.placements if one.length_ticks >= 960])
        tick = one.start_ticks + rng.randrange(240, one.length_ticks - 240, 120)
        project = blocks.split(project, track.id, tick)
    check(project)
    assert sounding(project) == sounding(before)
    for name in PARTS:
        track = project.find_track(name)
        if len(track.placements) > 1:
            project = blocks.join(project, track.id, Stretch(0, 64 * BAR))
            assert len(project.find_track(name).placements) == 1
    check(project)
    assert sounding(project) == sounding(before)


@pytest.mark.parametrize("seed", range(12))
def test_a_scoped_edit_changes_nothing_outside(seed: int) -> None:
    rng = random.Random(seed + 300)
    project = arranged(rng)
    first, count = rng.randint(1, BARS - 4), rng.randint(1, 4)
    scope = find_scope(project, f"{first}-{first + count - 1}")
    part = project.find_track(rng.choice(PARTS))
    start, end = (first - 1) * BAR, (first - 1 + count) * BAR
    if not any(one.start_ticks < end and one.end_ticks > start for one in part.placements):
        return
    after = scoped(project, scope, lambda window: window.with_mixer(part.id, gain_db=-9.0))
    check(after)
    assert sounding(after) == sounding(project)
    moves = [
        move
        for move in controls(after, timeline(after), Span(0, 64 * BAR))
        if (move.owner, move.parameter) == (part.id, "gain_db")
    ]
    assert moves and all(start <= move.tick <= end for move in moves if move.value == -9)
    silent = scoped(project, scope, lambda window: window.with_mixer(part.id, mute=True))
    check(silent)
    outside = sounding(project, lambda tick: None if start <= tick < end else tick, {part.id})
    assert sounding(silent, tracks={part.id}) == outside
    others = {track.id for track in project.tracks} - {part.id}
    assert sounding(silent, tracks=others) == sounding(project, tracks=others)
