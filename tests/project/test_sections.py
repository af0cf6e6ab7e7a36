"""Sections move, come and go with what plays in them, and nothing else of the song changes."""

from functools import cache
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.project import placing, sections
from hardcore.project.events import Span, events
from hardcore.project.integrity import check
from hardcore.project.section import Marker, starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from tests.effort import examples

BAR = 7680


@cache
def song() -> ProjectState:
    with open_studio() as studio:
        studio.do("uplifting trance, 138 bpm, A minor, 16 bars --seed 2")
        studio.do("/song --minutes 2 --seed 2")
        return studio.project


Note = tuple[int, str, int, int]


def notes(project: ProjectState) -> list[Note]:
    """Return what sounds: tick, track, pitch, velocity; without chance, which is drawn by the pass of a clip."""
    playing = timeline(project)
    found = events(project, playing, Span(0, end_ticks(playing)))
    return sorted((e.tick, e.track_id, e.pitch, e.velocity) for e in found)


def certain(project: ProjectState) -> ProjectState:
    """Return the project without chance and groove, so that a note sounds wherever its bar is put."""
    for _, clip in list(project.clips()):
        block = clip.notes.map(lambda note: note._replace(probability=100, offset_ticks=max(note.offset_ticks, 0)))
        project = project.with_clip(clip.id, lambda clip, block=block: clip.evolve(notes=block))  # type: ignore[misc]
    tracks = tuple(track.evolve(groove=None) for track in project.tracks)
    return project.evolve(active_groove=None, tracks=tracks)


@cache
def plain() -> ProjectState:
    return certain(song())


PLACES = st.deferred(lambda: st.integers(0, len(song().sections) - 1))


def by_section(project: ProjectState) -> dict[str, list[Note]]:
    """Return what starts in each section, times from its start."""
    found = {}
    for one, (first, last) in zip(project.sections, pairwise(starts(project.sections)), strict=True):
        own = [(tick - first * BAR, *rest) for tick, *rest in notes(project) if first * BAR <= tick < last * BAR]
        found[one.id] = own
    return found  # type: ignore[return-value]


def test_a_song_has_a_section_for_each_part_of_its_form_and_they_fill_it() -> None:
    assert len(song().sections) >= 4
    assert len({one.name for one in song().sections}) == len(song().sections)
    assert starts(song().sections)[-1] * BAR == max(p.start_ticks + p.length_ticks for p in song().arrangement)


def test_sections_are_told_from_the_scenes_of_an_older_song() -> None:
    form = (("intro", 16), ("drop", 16), ("break", 8), ("drop", 16), ("end", 1))
    with open_studio() as studio:
        studio.do("uplifting trance, 138 bpm, A minor, 2 bars --seed 2")
        for name in dict.fromkeys(name for name, _ in form):
            studio.do(f"/scene copy A {name}")
        for at, (name, bars) in zip(accumulate((bars for _, bars in form), initial=1), form, strict=False):
            studio.do(f"/arrangement scene {name} {at} --bars {bars}")
        older = studio.project.evolve(sections=())
    assert [(one.kind, one.bars) for one in sections.with_sections(older).sections] == [*form]


def test_a_loop_has_no_sections() -> None:
    with pytest.raises(UserError, match="loop"):
        sections.with_sections(placing.clear(song()))


@settings(max_examples=examples(15), deadline=None)
@given(place=PLACES, to=PLACES)
def test_a_moved_section_sounds_as_before_and_so_do_the_others(place: int, to: int) -> None:
    before = by_section(plain())
    after = sections.move(plain(), place, to)
    check(after)
    assert [one.id for one in after.sections][to] == plain().sections[place].id
    assert by_section(after) == before


@settings(max_examples=examples(10), deadline=None)
@given(place=PLACES)
def test_a_removed_section_takes_its_time_along_and_leaves_the_others(place: int) -> None:
    before = by_section(plain())
    after = sections.remove(plain(), place)
    check(after)
    gone = plain().sections[place]
    assert starts(after.sections)[-1] == starts(plain().sections)[-1] - gone.bars
    assert by_section(after) == {key: value for key, value in before.items() if key != gone.id}


@settings(max_examples=examples(10), deadline=None)
@given(place=PLACES, to=st.deferred(lambda: st.integers(0, len(song().sections))))
def test_a_copied_section_sounds_as_the_first(place: int, to: int) -> None:
    before = by_section(plain())
    after = sections.copy(plain(), place, to)
    check(after)
    found = by_section(after)
    assert found.pop(after.sections[to].id) == before[plain().sections[place].id]
    assert found == before


@settings(max_examples=examples(10), deadline=None)
@given(place=PLACES, bars=st.integers(1, 40))
def test_a_resized_section_is_as_long_as_asked_and_the_others_stay(place: int, bars: int) -> None:
    before = by_section(plain())
    after = sections.resize(plain(), place, bars)
    check(after)
    own = plain().sections[place]
    assert starts(after.sections)[-1] == starts(plain().sections)[-1] - own.bars + bars
    found = by_section(after)
    kept = min(bars, own.bars) * BAR
    assert [n for n in found.pop(own.id) if n[0] < kept] == [n for n in before.pop(own.id) if n[0] < kept]
    assert found == before


def test_markers_and_tempo_changes_move_with_the_time_they_are_in() -> None:
    first = song().sections[0].bars * BAR
    project = song().evolve(
        markers=(Marker(id="m9001", name="here", tick=first + 100),),
        tempo_map=song().tempo_map.with_point(first, 150.0),
    )
    after = sections.remove(project, 0)
    assert [one.tick for one in after.markers] == [100]
    assert after.tempo_map.at(0) == 150.0
    longer = sections.resize(project, 0, song().sections[0].bars + 4)
    assert [one.tick for one in longer.markers] == [first + 4 * BAR + 100]
    assert longer.tempo_map.at(first + 4 * BAR) == 150.0
    assert longer.tempo_map.at(first) == song().tempo_map.bpm


def test_time_taken_out_of_a_ramp_or_put_into_it_leaves_the_rest_of_it_as_it_was() -> None:
    base = song()
    end = starts(base.sections)[-1] * BAR
    project = base.evolve(tempo_map=base.tempo_map.with_point(end, 200.0, ramp=True))
    place = 1
    first, size = starts(base.sections)[place] * BAR, base.sections[place].bars * BAR
    at = project.tempo_map.at
    copied = sections.copy(project, place, place + 1)
    longer = copied.tempo_map
    assert [longer.at(tick) for tick in (0, first, first + size)] == [at(tick) for tick in (0, first, first + size)]
    assert longer.at(first + size * 3 // 2) == at(first + size), "what is put in has the tempo of its place"
    assert longer.at(end) == pytest.approx(at(end - size)) and longer.at(end + size) == 200
    shorter = sections.remove(project, place).tempo_map
    assert shorter.at(first) == at(first + size) and shorter.at(end - size) == 200
    assert shorter.at(end - size - BAR) == pytest.approx(at(end - BAR))
    assert [point.ramp for point in shorter.points] == [False, True, True]


def test_a_section_is_found_by_name_number_and_kind() -> None:
    names = [one.name for one in song().sections]
    assert sections.find_section(song(), names[1].upper()) == 1
    assert sections.find_section(song(), "1") == 0
    with pytest.raises(UserError) as raised:
        sections.find_section(song(), "introo")
    assert "intro" in raised.value.line()


def test_the_last_section_stays() -> None:
    project = song()
    while len(project.sections) > 1:
        project = sections.remove(project, 0)
    with pytest.raises(UserError, match="only section"):
        sections.remove(project, 0)
