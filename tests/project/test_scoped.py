"""Scoped edits change what sounds in their scope and nothing outside it, in songs and in loops."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.project.events import NoteEvent, Span, controls, events
from hardcore.project.integrity import check
from hardcore.project.mixer import Send
from hardcore.project.notes import NoteBlock
from hardcore.project.scope import find_scope
from hardcore.project.scopededits import scoped
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.tracks import add_effect

BAR = 7680
PROJECTS = {
    "song": ["uplifting trance, 138 bpm, A minor, 16 bars --seed 2", "/song --minutes 2 --seed 2"],
    "loop": ["house 124 bpm, A minor, 8 bars --seed 1"],
}


@cache
def made(kind: str) -> ProjectState:
    with open_studio() as studio:
        for line in PROJECTS[kind]:
            studio.do(line)
        return studio.project


def sounding(project: ProjectState) -> list[NoteEvent]:
    playing = timeline(project)
    return events(project, playing, Span(0, end_ticks(playing)))


def value_at(project: ProjectState, track: str, parameter: str, tick: int) -> float:
    """Return what a parameter of a track is at a tick: the last step of automation before it, else its setting."""
    playing = timeline(project)
    found = project.find_track(track)
    moves = controls(project, playing, Span(0, end_ticks(playing)))
    own = [m for m in moves if m.track_id == found.id and m.parameter == parameter and m.tick <= tick]
    return own[-1].value if own else float(getattr(found.mixer, parameter))


def inside(stretches: list[tuple[int, int]], tick: int) -> bool:
    return any(start <= tick < end for start, end in stretches)


def louder(project: ProjectState) -> ProjectState:
    return project.with_mixer(project.find_track("bass").id, gain_db=-9.0)


def up(project: ProjectState) -> ProjectState:
    for clip in project.find_track("bass").clips:
        notes = NoteBlock.of(note._replace(pitch=note.pitch + 12) for note in clip.notes)
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project


def silent(project: ProjectState) -> ProjectState:
    return project.with_mixer(project.find_track("bass").id, mute=True)


@pytest.mark.parametrize("kind", PROJECTS)
@pytest.mark.parametrize("where", ["3", "2-3", "last1", "even", "first2", "33-40"])
@pytest.mark.parametrize("edit", [louder, up, silent])
def test_only_the_named_track_and_only_the_scope_change(
    kind: str, where: str, edit: Callable[[ProjectState], ProjectState]
) -> None:
    project = made(kind)
    if kind == "loop" and where == "33-40":
        where = "5-6"
    scope = find_scope(project, where)
    stretches = [(one.start_ticks, one.end_ticks) for one in scope.stretches]
    bass = project.find_track("bass").id
    if not any(e.track_id == bass and inside(stretches, e.tick) for e in sounding(project)):
        if edit is not up:  # that finds no notes to move
            with pytest.raises(UserError, match="bass does not play there"):
                scoped(project, scope, edit)
        return
    after = scoped(project, scope, edit)
    check(after)
    before_notes = [(e.tick, e.track_id, e.pitch, e.velocity) for e in sounding(project)]
    after_notes = [(e.tick, e.track_id, e.pitch, e.velocity) for e in sounding(after)]
    assert [n for n in before_notes if n[1] != bass] == [n for n in after_notes if n[1] != bass]
    groove_ticks = 400  # a groove may move a note over the edge of the bar it belongs to
    far = [n for n in before_notes if not inside([(a - groove_ticks, b + groove_ticks) for a, b in stretches], n[0])]
    assert far == [
        n for n in after_notes if not inside([(a - groove_ticks, b + groove_ticks) for a, b in stretches], n[0])
    ]
    within = [n for n in after_notes if n[1] == bass and inside(stretches, n[0])]
    were = [n for n in before_notes if n[1] == bass and inside(stretches, n[0])]
    if edit is silent:
        assert not within
    elif edit is up:
        assert [n[2] for n in within] == [n[2] + 12 for n in were]
    else:
        assert within == were
        for start, end in stretches:
            if not any(start <= n[0] < end for n in were):
                continue
            assert value_at(after, "bass", "gain_db", (start + end) // 2) == -9.0
            outside = end + BAR // 2
            plays = any(n[1] == bass and end <= n[0] < outside for n in after_notes)
            if not inside(stretches, outside) and plays:
                assert value_at(after, "bass", "gain_db", outside) == project.find_track("bass").mixer.gain_db


def test_the_scene_of_a_section_plays_what_the_arrangement_plays_there() -> None:
    project = made("song")
    after = scoped(project, find_scope(project, "break"), lambda p: up_of(p, "lead"))
    track, scene = after.find_track("lead"), after.find_scene("break")
    start = find_scope(after, "break").stretches[0].start_ticks
    placed = next(one for one in track.placements if one.start_ticks == start)
    assert scene.slots[track.id] == placed.clip


def up_of(project: ProjectState, name: str) -> ProjectState:
    for clip in project.find_track(name).clips:
        notes = NoteBlock.of(note._replace(pitch=min(note.pitch + 12, 127)) for note in clip.notes)
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project


def refused() -> Iterator[tuple[str, Callable[[ProjectState], ProjectState]]]:
    yield "tempo", lambda p: p.evolve(tempo_map=p.tempo_map.with_bpm(150))
    yield "removed", lambda p: p.evolve(tracks=tuple(t for t in p.tracks if t.name != "bass"))
    yield "name", lambda p: p.with_track(p.find_track("bass").id, lambda t: t.evolve(name="other"))


@pytest.mark.parametrize(("why", "edit"), list(refused()), ids=[why for why, _ in refused()])
def test_what_belongs_to_the_whole_is_refused_in_words(why: str, edit: Callable[[ProjectState], ProjectState]) -> None:
    project = made("song")
    with pytest.raises(UserError, match=why):
        scoped(project, find_scope(project, "break"), edit)


@settings(max_examples=25, deadline=None)
@given(first=st.integers(1, 30), bars=st.integers(1, 9), kind=st.sampled_from(sorted(PROJECTS)))
def test_an_edit_that_changes_nothing_leaves_the_project_sounding_the_same(first: int, bars: int, kind: str) -> None:
    project = made(kind)
    if kind == "loop":
        first = 1 + first % 8
    after = scoped(project, find_scope(project, f"{first}-{first + bars - 1}"), lambda p: p)
    assert sounding(after) == sounding(project)


@pytest.mark.parametrize("there", [True, False])
def test_a_send_moves_in_its_stretch_only_and_one_that_was_not_there_is_silent_elsewhere(there: bool) -> None:
    project, scope = made("song"), find_scope(made("song"), "drop")
    bass = project.find_track("bass")
    target = next(track.id for track in project.tracks if track.kind == "return")
    rest = -30.0 if there else -96.0
    sends = (Send(target=target, gain_db=rest),) if there else ()
    project = project.with_track(bass.id, lambda track: track.evolve(sends=sends))
    opened = (Send(target=target, gain_db=-3.0),)
    after = scoped(project, scope, lambda all_of_it: all_of_it.with_track(bass.id, lambda t: t.evolve(sends=opened)))
    check(after)
    (send,) = after.find_track("bass").sends
    assert (send.target, send.gain_db) == (target, rest)
    playing = timeline(after)
    moves = controls(after, playing, Span(0, end_ticks(playing)))
    levels = {move.tick: move.value for move in moves if move.parameter == f"send:{target}"}
    start, end = scope.stretches[0]
    assert levels[max(tick for tick in levels if tick <= start)] == -3.0
    assert all(value == rest for tick, value in levels.items() if not inside(list(scope.stretches), tick))
    assert max(tick for tick in levels if tick <= end) in (start, end)


@pytest.mark.parametrize("kind", ["song", "loop"])
@pytest.mark.parametrize(
    ("device", "settings", "parameter", "there", "elsewhere"),
    [("drive", {"drive": 12.0, "mix": 60.0}, "mix", 60.0, 0.0), ("eq", {"low_gain": -6.0}, "low_gain", -6.0, 0.0)],
)
def test_an_effect_that_an_edit_adds_is_heard_in_its_stretch_and_rests_elsewhere(
    kind: str, device: str, settings: dict[str, float], parameter: str, there: float, elsewhere: float
) -> None:
    project = made(kind)
    track = project.find_track("kick")
    new = scoped(
        project, find_scope(project, "3-4"), lambda now: add_effect(now, track.id, device, settings, place=1)[0]
    )
    check(new)
    effect = new.find_track("kick").effects[0]
    assert effect.device == device and effect.value(parameter) == elsewhere
    assert len(new.find_track("kick").effects) == len(track.effects) + 1
    inner, outer = (_moved(new, effect.id, tick) for tick in (3 * BAR, 6 * BAR))
    assert inner == {parameter: there} and outer.get(parameter, elsewhere) == elsewhere


def _moved(project: ProjectState, owner: str, tick: int) -> dict[str, float]:
    """Return what an effect's parameters were moved to until a tick."""
    playing = timeline(project)
    moves = controls(project, playing, Span(0, end_ticks(playing)))
    return {move.parameter: move.value for move in moves if move.owner == owner and move.tick <= tick}
