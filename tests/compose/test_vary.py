"""Vary and regenerate: parts made anew that fit what stays."""

import pytest

from hardcore.compose.vary import regenerate, vary
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.clips import add_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import ProjectState, new_project
from hardcore.project.tracks import add_track
from tests.compose.measures import bar_shapes, composed, notes_of, out_of_key, roles_of, silent_bars


def data(project: ProjectState) -> dict[str, bytes]:
    return {track.name: clip.notes.data for track, clip in project.clips()}


def test_vary_changes_all_but_what_is_kept() -> None:
    before = composed("house", 3)
    after = vary(before, 9, keep=("kick", before.find_track("bass").id, "CHORDS"))
    changed = {name for name, notes in data(after).items() if notes != data(before)[name]}
    assert not changed & {"kick", "bass", "chords"}
    assert {"hats", "clap"} <= changed
    for name in ("kick", "bass", "chords", "reverb", "master"):
        assert after.find_track(name) is before.find_track(name)


def test_vary_with_the_same_seed_is_the_same() -> None:
    before = composed("drum_and_bass", 3)
    assert vary(before, 5) == vary(before, 5) != vary(before, 6)


def test_the_amount_says_how_many_bars_change() -> None:
    before = composed("drum_and_bass", 3)

    def changed(amount: float) -> int:
        after = vary(before, 8, amount=amount)
        old, new = bar_shapes(before, "hat_closed"), bar_shapes(after, "hat_closed")
        return sum(a != b for a, b in zip(old, new, strict=True))

    assert changed(0) == 0
    assert 0 < changed(0.25) <= 2 < changed(1.0)
    assert vary(before, 8, amount=0) == before


def test_a_varied_scene_stays_filled_in_key_and_within_its_clips() -> None:
    for name in ("warehouse_techno", "acid", "gabber", "ambient"):
        for amount in (0.5, 1.0):
            after = vary(composed(name, 2), 31, amount=amount)
            assert not silent_bars(after) and out_of_key(after) < 0.1
            assert all(n.end_ticks <= c.length_ticks for _, c in after.clips() for n in c.notes)


def roots(project: ProjectState) -> list[int]:
    """Return the pitch class of the lowest note of each bar of the pad."""
    bar = project.meter_map.bar_ticks()
    lowest: dict[int, int] = {}
    for note in notes_of(project, "pad", "chords"):
        lowest.setdefault(note.start_ticks // bar, note.pitch)
    return [lowest[index] % 12 for index in sorted(lowest)]


def test_kept_chords_stay_the_chords_of_what_is_made_anew() -> None:
    before = next(p for seed in range(20) if {"pad", "chords"} <= set(roles_of(p := composed("house", seed, bpm=124))))
    alone = vary(before, 99, keep=[r for r in roles_of(before) if r != "pad"])
    pads = {(n.start_ticks, n.pitch % 12) for n in notes_of(before, "pad")}
    again = {(n.start_ticks, n.pitch % 12) for n in notes_of(alone, "pad")}
    assert len(pads & again) >= 0.5 * len(pads), "the same chords, voiced anew"


def test_with_every_part_made_anew_the_chords_may_change() -> None:
    before = composed("house", 3)
    kept = [vary(before, seed, amount=1.0) for seed in range(6)]
    harmonies = {p.find_track("chords").clips[0].provenance.intent["harmony_seed"] for p in kept}  # type: ignore[union-attr]
    assert len(harmonies) == 6
    part = vary(before, 1, keep=("bass",))
    assert part.find_track("chords").clips[0].provenance.intent["harmony_seed"] == "3"  # type: ignore[union-attr]


def test_a_part_made_anew_follows_the_project_s_key_and_meter() -> None:
    before = composed("house", 3)
    moved = before.evolve(key=Key(tonic=1, mode="minor"), meter_map=before.meter_map.with_meter(3, 4))
    bass = moved.find_track("bass").clips[0]
    after = regenerate(moved, bass.id, 12).find_track("bass").clips[0]
    assert all(moved.key.contains(note.pitch) for note in after.notes) or out_of_key(moved) < 0.2
    assert after.length_ticks % moved.meter_map.bar_ticks() == 0
    assert after.length_ticks >= bass.length_ticks


def test_regenerate_makes_one_clip_anew_and_says_from_what() -> None:
    before = composed("acid", 3)
    clip = before.find_track("lead").clips[0]
    after = regenerate(before, clip.id, 4)
    new = after.find_track("lead").clips[0]
    assert new.notes != clip.notes and new.id == clip.id and new.automation == clip.automation
    assert new.provenance is not None and new.provenance.seed == 4
    assert [t for t in after.tracks if t.name != "lead"] == [t for t in before.tracks if t.name != "lead"]
    assert regenerate(after, clip.id, 4) == after


def test_the_bass_hears_the_kick_that_is_there() -> None:
    before = composed("warehouse_techno", 3, traits={"bass": ("rolling",)}, devices={"bass": "roll_bass"})
    kick = before.find_track("kick").clips[0]
    late = [Note(bar * 7680 + 960, 240, 36) for bar in range(8)]
    moved = before.with_clip(kick.id, lambda clip: clip.evolve(notes=NoteBlock.of(late)))
    anew = regenerate(moved, moved.find_track("bass").clips[0].id, 5)
    starts = {note.start_ticks for note in anew.find_track("bass").clips[0].notes}
    assert not starts & {note.start_ticks for note in moved.find_track("kick").clips[0].notes}


def test_what_was_made_by_hand_stays_and_cannot_be_regenerated() -> None:
    project, track = add_track(composed("house", 3), "mine", instrument="epiano")
    project, clip = add_clip(project, track, project.scenes[0].id, 7680, [Note(0, 480, 60)])
    assert vary(project, 5).find_clip(clip)[1] == project.find_clip(clip)[1]
    with pytest.raises(UserError, match="not made from a prompt"):
        regenerate(project, clip, 5)


def test_nothing_to_vary_is_said() -> None:
    with pytest.raises(UserError, match="nothing to vary"):
        vary(new_project(), 1)
    project = composed("house", 3)
    with pytest.raises(UserError, match="nothing to vary"):
        vary(project, 1, keep=[track.name for track in project.tracks])
