"""Three-way merge against what it must be: the edits of both sides done one after the other, whichever came first."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project import automation, clips, placing, scenes, tracks
from hardcore.project.integrity import check
from hardcore.project.merge import merge
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.section import Section
from hardcore.project.state import ProjectState
from tests.project.edits import random_edit
from tests.song import BAR, song

seeds = st.integers(0, 2**32)


def grown(rng: random.Random, edits: int = 12) -> ProjectState:
    """Return a random project."""
    project = song()
    for _ in range(edits):
        _, project = random_edit(project, rng)
    return project


def sides(rng: random.Random, most: int = 3) -> tuple[ProjectState, ProjectState, ProjectState]:
    """Return a base and what two sides made of it, whose ids differ as those of two heads do."""
    base = grown(rng)
    ours = base
    for _ in range(rng.randrange(1, most + 1)):
        _, ours = random_edit(ours, rng)
    theirs = base.evolve(next_id=ours.next_id)
    for _ in range(rng.randrange(1, most + 1)):
        _, theirs = random_edit(theirs, rng)
    return base, ours, theirs


def bare(project: ProjectState) -> ProjectState:
    """Return a project without its counter of ids, which only rises."""
    return project.evolve(next_id=10**9)


@given(seeds)
@settings(max_examples=60)
def test_it_does_not_matter_which_side_is_which(seed: int) -> None:
    base, ours, theirs = sides(random.Random(seed))
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    told = Counter((len(conflict.place), conflict.ours, conflict.theirs) for conflict in one.conflicts)
    assert told == Counter((len(conflict.place), conflict.theirs, conflict.ours) for conflict in other.conflicts)
    if one.conflicts:
        assert one.project is ours and other.project is theirs, "nothing is applied"
    else:
        assert one.project == other.project
        check(one.project)


@given(seeds)
@settings(max_examples=30)
def test_a_merge_with_itself_or_with_the_base_is_nothing(seed: int) -> None:
    base, ours, theirs = sides(random.Random(seed))
    twin = ProjectState.model_validate(dict(ours))
    assert merge(base, ours, ours) == (ours, ())
    assert merge(base, ours, twin) == (ours, ())
    assert bare(merge(base, ours, base).project) == bare(ours)
    assert bare(merge(base, base, theirs).project) == bare(theirs)


@given(seeds)
@settings(max_examples=60)
def test_a_side_that_is_taken_decides_every_conflict_and_what_comes_is_sound(seed: int) -> None:
    base, ours, theirs = sides(random.Random(seed), 5)
    for take in ("ours", "theirs"):
        try:
            merged = merge(base, ours, theirs, take)  # type: ignore[arg-type]
        except UserError as error:
            assert "fit together" in error.line()
            continue
        check(merged.project)
        again = merge(base, merged.project, merged.project)
        assert not again.conflicts


# edits of one part only, which no edit of another part can touch
OWN: dict[str, Callable[[ProjectState, str, random.Random], ProjectState]] = {
    "fader": lambda p, t, r: p.with_mixer(t, gain_db=r.uniform(-30, 0)),
    "pan": lambda p, t, r: p.with_mixer(t, pan=r.uniform(-1, 1)),
    "effect": lambda p, t, r: tracks.add_effect(p, t, r.choice(["drive", "filter", "delay"]))[0],
    "instrument": lambda p, t, r: tracks.set_instrument(p, t, r.choice(["sub", "reese", "supersaw"])),
    "clip": lambda p, t, r: clips.add_clip(p, t, "s2", BAR, [Note(r.randrange(BAR), 240, r.randrange(128))])[0],
    "notes": lambda p, t, r: clips.edit_notes(
        p, p.find_track(t).clips[0].id, lambda block: block.add(Note(r.randrange(BAR), 99, r.randrange(128)))
    ),
    "place": lambda p, t, r: placing.place(p, p.find_track(t).clips[0].id, r.randrange(30) * BAR, BAR),
    "pan curve": lambda p, t, r: automation.with_point(
        p, p.find_track(t).clips[0].id, t, "pan", r.randrange(BAR), r.uniform(-1, 1)
    ),
    "rename": lambda p, t, r: tracks.rename_track(p, t, f"part {r.randrange(10**6)}"),
}


@given(seeds)
@settings(max_examples=60)
def test_edits_of_two_parts_are_there_as_if_done_one_after_the_other(seed: int) -> None:
    rng = random.Random(seed)
    base = song()
    parts = [base.find_track(name).id for name in rng.sample(["kick", "snare", "hats", "bass"], 2)]
    plans = [[(rng.choice(list(OWN)), rng.randrange(2**32)) for _ in range(4)] for _ in parts]

    def done(project: ProjectState, part: int) -> ProjectState:
        for name, number in plans[part]:
            project = OWN[name](project, parts[part], random.Random(number))
        return project

    ours = done(base, 0)
    theirs = done(base.evolve(next_id=ours.next_id), 1)
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert merged.project == done(ours, 1)


@given(seeds)
@settings(max_examples=40)
def test_one_step_of_many_is_taken_back_as_if_it_had_never_been(seed: int) -> None:
    rng = random.Random(seed)
    base = song()
    first, second = rng.sample(["kick", "snare", "hats", "bass"], 2)
    name, number = rng.choice(list(OWN)), rng.randrange(2**32)
    after = OWN[name](base, base.find_track(first).id, random.Random(number))
    now = after
    for _ in range(3):
        now = OWN[rng.choice(list(OWN))](now, base.find_track(second).id, rng)
    undone = merge(after, now, base)
    assert undone.conflicts == ()
    kept = [undone.project.find_track(track.id) for track in base.tracks]
    expected = [now.find_track(t.id) if t.name == second else base.find_track(t.id) for t in base.tracks]
    assert [track.evolve() for track in kept] == expected


def where(base: ProjectState, ours: ProjectState, theirs: ProjectState) -> list[str]:
    """Return the conflicts as lines, having seen that they are the same from the other side."""
    merged, turned = merge(base, ours, theirs), merge(base, theirs, ours)
    assert merged.project is ours
    assert {(c.place, c.theirs, c.ours) for c in turned.conflicts} == set(merged.conflicts)
    return [str(conflict) for conflict in merged.conflicts]


def edited(project: ProjectState, name: str, change: Callable[[Note], Note]) -> ProjectState:
    return clips.edit_notes(project, project.find_track(name).clips[0].id, lambda block: block.map(change))


def test_conflicts_name_track_clip_note_and_parameter() -> None:
    base = song()
    kick, bass = base.find_track("kick").id, base.find_track("bass").id
    ours, theirs = base.with_mixer(kick, gain_db=-3), base.with_mixer(kick, gain_db=-6, pan=0.5)
    assert where(base, ours, theirs) == ["kick, gain_db: -3 here, -6 there"]
    assert merge(base, ours, theirs, "ours").project.find_track("kick").mixer.pan == 0.5, "of that there is no doubt"
    assert merge(base, ours, theirs, "theirs").project.find_track("kick").mixer.gain_db == -6

    def louder(by: int) -> Callable[[Note], Note]:
        return lambda note: note._replace(velocity=100 + by) if note.start_ticks == 960 else note

    (line,) = where(base, edited(base, "bass", louder(5)), edited(base, "bass", louder(9)))
    assert line == f"bass, clip {base.find_track('bass').clips[0].name}, note 1.1.3 F2, velocity: 105 here, 109 there"
    effect = base.find_track("bass").effects[0].id
    cutoffs = [tracks.set_effect(base, bass, effect, {"cutoff": hz}) for hz in (400, 900)]
    assert where(base, *cutoffs) == ["bass, filter, cutoff: 400 here, 900 there"]
    gone = tracks.remove_track(base, kick)
    assert where(base, gone, theirs)[0] == "kick: not there here, changed there"
    other = [tracks.set_instrument(base, bass, device) for device in ("sub", "supersaw")]
    assert any(line.startswith("bass, instrument") for line in where(base, *other))


def test_notes_that_both_moved_are_not_there_twice() -> None:
    base = song()
    moved = [edited(base, "bass", lambda note, by=by: note._replace(pitch=note.pitch + by)) for by in (3, 5)]
    lines = where(base, *moved)
    assert len(lines) == len(base.find_track("bass").clips[0].notes) and "moved here, moved there" in lines[0]
    for take, side in (("ours", moved[0]), ("theirs", moved[1])):
        merged = merge(base, *moved, take).project  # type: ignore[arg-type]
        assert merged.find_track("bass").clips[0].notes == side.find_track("bass").clips[0].notes


def test_what_one_side_moved_and_the_other_changed_are_both_there() -> None:
    base = song()
    later = edited(base, "bass", lambda n: n._replace(pitch=n.pitch + 3) if n.start_ticks == 0 else n)
    louder = edited(base, "bass", lambda n: n._replace(velocity=90) if n.start_ticks else n)
    notes = merge(base, later, louder).project.find_track("bass").clips[0].notes
    assert notes[0].pitch == 44 and notes[0].velocity == 100 and {note.velocity for note in list(notes)[1:]} == {90}


def test_two_that_add_a_part_of_one_name_get_two_names() -> None:
    base = song()
    ours, _ = tracks.add_track(base, "pad", instrument="supersaw")
    theirs, _ = tracks.add_track(base.evolve(next_id=ours.next_id), "Pad", instrument="sub")
    for merged in (merge(base, ours, theirs), merge(base, theirs, ours)):
        assert not merged.conflicts
        added = [track.name for track in merged.project.tracks if base.next_id <= int(track.id[1:])]
        assert sorted(added) == ["Pad 2", "pad"]
        assert merged.project.tracks[-1].kind == "master"


def test_a_clip_that_both_put_into_one_slot_is_a_conflict() -> None:
    base, scene = scenes.add_scene(song())
    hats = base.find_track("hats").id
    ours, _ = clips.add_clip(base, hats, scene, BAR, [])
    theirs, _ = clips.add_clip(base.evolve(next_id=ours.next_id), hats, scene, BAR, [])
    (line,) = where(base, ours, theirs)
    assert "hats" in line and "scene" in line


def test_references_to_what_the_other_side_took_away_stop_the_merge() -> None:
    base = song()
    reverb, bass = base.find_track("reverb").id, base.find_track("bass").id
    ours = tracks.remove_track(base, reverb)
    theirs = tracks.set_send(base, bass, reverb, -6)
    lines = where(base, ours, theirs)
    assert any("sends to" in line for line in lines)
    merged = merge(base, ours, theirs, "ours").project
    check(merged)
    assert merged.find_track("bass").sends == ()


def test_clips_that_overlap_once_merged_are_a_conflict_and_one_side_can_be_taken() -> None:
    base = song()
    clip = base.find_track("bass").clips[0].id
    ours, theirs = placing.place(base, clip, 0, 4 * BAR), placing.place(base, clip, 2 * BAR, 4 * BAR)
    assert where(base, ours, theirs) == ["placements on bass overlap"]
    for take, side in (("ours", ours), ("theirs", theirs)):
        merged = merge(base, ours, theirs, take).project  # type: ignore[arg-type]
        assert merged.find_track("bass").placements == side.find_track("bass").placements


def test_time_that_one_side_moved_and_the_other_placed_something_in_is_a_conflict() -> None:
    base = song()
    base = base.evolve(sections=(Section(id="f90", name="a", kind="verse", bars=4),), next_id=99)
    clip = base.find_track("bass").clips[0].id
    ours = base.evolve(sections=(base.sections[0].evolve(bars=8),))
    theirs = placing.place(base, clip, 2 * BAR, BAR)
    assert where(base, ours, theirs) == ["the time of the song: sections moved here, something placed there"]
    renamed = base.evolve(sections=(base.sections[0].evolve(name="b"),))
    assert not merge(base, renamed, theirs).conflicts, "a name moves nothing"


def test_another_piece_is_taken_as_a_whole_for_its_ids_mean_other_things() -> None:
    base = song()
    kick = base.find_track("kick").id
    ours = base.with_mixer(kick, gain_db=-3)
    theirs = song().evolve(seed=99, title="other")
    assert where(base, ours, theirs) == ["the piece: song here, other there"]
    assert merge(base, ours, theirs, "ours").project is ours
    assert merge(base, ours, theirs, "theirs").project == theirs
    assert merge(base, base, theirs) == (theirs, ())


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_tracks_follows_who_moved_them(turned: bool) -> None:
    base = song()
    ours = tracks.move_track(base, base.find_track("bass").id, 1)
    theirs, _ = tracks.add_track(base, "pad", instrument="sub")
    merged = merge(base, *((theirs, ours) if turned else (ours, theirs)))
    names = [track.name for track in merged.project.tracks]
    assert not merged.conflicts and names.index("bass") == 0 and "pad" in names and names[-1] == "master"
    other = tracks.move_track(base, base.find_track("hats").id, 1)
    assert where(base, ours, other) == ["the order of tracks"]


def test_of_a_long_clip_only_what_was_touched_is_looked_at_and_made_anew() -> None:
    base = song()
    clip = base.find_track("bass").clips[0].id
    notes = [Note(place * 60, 50, 30 + place % 8) for place in range(20_000)]
    base = clips.edit_notes(base, clip, lambda block: NoteBlock.of(notes))
    ours = clips.edit_notes(base, clip, lambda block: block.add(Note(7, 50, 100)))
    theirs = clips.edit_notes(base, clip, lambda block: block.add(Note(600_001, 50, 100)))
    merged = merge(base, ours, theirs)
    block = merged.project.find_track("bass").clips[0].notes
    assert not merged.conflicts and len(block) == 20_002
    kept = {id(chunk) for chunk in ours.find_track("bass").clips[0].notes.chunks}
    assert len([chunk for chunk in block.chunks if id(chunk) not in kept]) <= 2
