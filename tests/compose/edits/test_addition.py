"""A new part: in key, style and length, in the sections it belongs to, and nothing else touched."""

import pytest

from hardcore.compose.edits.addition import add
from hardcore.compose.edits.key import set_key
from hardcore.compose.edits.naming import Named, adjective, named
from hardcore.compose.edits.partinsertion import confined
from hardcore.compose.planner.form import plays
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.music.scale import Key
from hardcore.project.integrity import check
from hardcore.project.scope import find_scope, section_bars
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from tests.compose.edits.pieces import BAR, made_by_hand, part, techno, trance


def added(project: ProjectState, words: str, **how: bool) -> tuple[ProjectState, Track]:
    outcome, (track_id,) = add(project, named(words), 3, **how)
    check(outcome.project)
    return outcome.project, outcome.project.find_track(track_id)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("pad", Named("pad", ("pad",))),
        ("hat_open", Named("hat_open", ("hat_open",))),
        ("reese", Named("reese", ("bass",), "reese")),
        ("supersaw", Named("supersaw", ("lead",), "supersaw")),
    ],
)
def test_words_mean_a_role_or_an_instrument(words: str, meant: Named) -> None:
    found = named(words)
    assert (found.roles[0], found.device) == (meant.roles[0], meant.device)


def test_adjectives_before_a_part_are_how_it_plays() -> None:
    assert {"rolling", "dark"} <= set(named("a dark rolling bass").traits)
    assert named("bass", ["offbeat"]).traits == ("offbeat",)
    for words, why in (("purple bass", "says nothing"), ("gargle", "no part is called")):
        with pytest.raises(UserError, match=why):
            named(words)
    with pytest.raises(UserError, match="says nothing"):
        adjective("purple")


@pytest.mark.parametrize("words", ["pluck", "rhodes", "organ", "shaker", "rim", "sub"])
def test_it_fits_the_loop_and_leaves_every_other_track_the_same_object(words: str) -> None:
    project, track = added(techno(), words)
    assert [old for old in project.tracks if old.id != track.id] == list(techno().tracks)
    clip = track.clips[0]
    assert clip.length_ticks == 8 * BAR and clip.id in project.scenes[0].slots.values() and len(clip.notes)
    if track.role in ("pluck", "keys", "sub"):
        assert all(project.key.contains(note.pitch) for note in clip.notes)


@pytest.mark.parametrize("words", ["shaker", "kick", "lead"])
def test_in_a_song_it_plays_in_the_sections_that_its_style_gives_such_a_part(words: str) -> None:
    project, track = added(trance(), words, another=True)
    form = {one.name: one for one in genre("trance").song}
    start = project.meter_map.bar_start
    placed = {(one.start_ticks, one.end_ticks) for one in track.placements}
    wanted = {
        (start(first - 1), start(last))
        for name, first, last in section_bars(project)
        if plays(form[name.rstrip(" 0123456789")], track.role)
    }
    assert wanted and placed == wanted
    assert len(track.clips) == 1
    for scene in project.scenes:
        if scene.name in form:
            assert (track.id in scene.slots) == plays(form[scene.name], track.role)


def test_it_is_in_the_key_and_at_the_tempo_that_hold_now() -> None:
    _, track = added(set_key(techno(), Key.parse("A minor")).project, "organ")
    assert {note.pitch % 12 for note in track.clips[0].notes} <= set(Key.parse("A minor").pitch_classes)


def test_in_a_section_alone() -> None:
    project, track = added(trance(), "shaker", another=True)
    scope = find_scope(project, "drop")
    alone = confined(project, track.id, scope)
    check(alone)
    assert [(one.start_ticks, one.end_ticks) for one in alone.find_track(track.id).placements] == list(scope.stretches)
    assert {scene.name for scene in alone.scenes if track.id in scene.slots} <= {"drop", "A"}


def test_in_bars_of_a_loop_alone() -> None:
    project, track = added(techno(), "shaker")
    alone = confined(project, track.id, find_scope(project, "5-8")).find_track(track.id)
    assert {note.start_ticks // BAR for note in alone.clips[0].notes} == {4, 5, 6, 7}
    kept = [note for note in track.clips[0].notes if note.start_ticks >= 4 * BAR]
    assert list(alone.clips[0].notes) == kept


def test_what_is_there_is_refused_and_one_more_is_asked_for() -> None:
    with pytest.raises(UserError) as error:
        add(techno(), named("bass"), 3)
    assert "bass is there already" in error.value.line() and "--another" in error.value.line()
    _, track = added(techno(), "bass", another=True)
    assert track.name == "bass 2" and track.role == "bass"
    _, other = added(techno(), "hoover")  # a lead is there, but nothing plays a hoover
    assert other.instrument is not None and other.instrument.device == "hoover"


def test_a_piece_by_hand_gets_parts_of_the_nearest_style() -> None:
    hand = made_by_hand({"kick": [], "bass": []}, 2)
    _, track = added(hand, "closed hat")
    assert track.clips[0].length_ticks == 2 * BAR and track.role == "hat_closed"


def test_the_seed_of_the_chords_stays_that_of_the_others() -> None:
    _, track = added(techno(), "organ")
    other = part(techno(), "chords").clips[0].provenance
    assert track.clips[0].provenance and other
    assert track.clips[0].provenance.intent["chords_played"] == other.intent["chords_played"]
