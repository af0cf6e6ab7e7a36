"""What travels: a project arrives as it was sent, and only what changed travels, however large the rest is."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.model import Model
from hardcore.music.scale import Key
from hardcore.player.delta import applied, changed
from hardcore.player.wire import Receiver, Sender, Words, frame, frames
from hardcore.project import clips, placing, rules, tracks
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.rule import MarkerTrigger
from hardcore.project.section import Marker
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from tests.large import arranged, long_clip
from tests.project.edits import random_edit
from tests.song import song


def travelled(words: Words) -> Any:
    (read,) = frames(io.BytesIO(frame(words)))
    return read


@given(st.integers(0, 2**32))
def test_a_project_arrives_as_it_was_sent_through_any_edits(seed: int) -> None:
    rng, project = random.Random(seed), song()
    sender, receiver = Sender(), Receiver()
    known = [project]
    for _ in range(14):
        there = receiver.project(travelled(sender.delta(project)))
        assert there == project
        assert there.model_dump_json() == project.model_dump_json(), "the order of slots and settings counts too"
        # an edit, several at once, or back to an earlier version as undo and history goto do
        for _ in range(rng.choice((1, 1, 4))):
            project = random_edit(project, rng)[1]
        known.append(project)
        if rng.random() < 0.2:
            project = rng.choice(known)


def children(model: Model, place: str = "") -> dict[str, Any]:
    """Return every child of a model at any depth by its place: models, tuples of them, notes and their chunks."""
    found: dict[str, Any] = {}
    for name in type(model).model_fields:
        here, value = f"{place}.{name}", getattr(model, name)
        if isinstance(value, Model | NoteBlock | tuple):
            found[here] = value
        if isinstance(value, Model):
            found |= children(value, here)
        elif isinstance(value, NoteBlock):
            found |= {f"{here}[{at}]": chunk for at, chunk in enumerate(value.chunks)}
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, Model):
                    named = f"{here}[{getattr(item, 'id', at)}]"
                    found |= {named: item} | children(item, named)
    return found


@given(st.integers(0, 2**32))
def test_what_is_the_same_object_here_is_the_same_object_over_there(seed: int) -> None:
    rng, project = random.Random(seed), song()
    sender, receiver = Sender(), Receiver()
    there = receiver.project(travelled(sender.delta(project)))
    for _ in range(6):
        after = random_edit(project, rng)[1]
        there_after = receiver.project(travelled(sender.delta(after)))
        old, new, old_there, new_there = map(children, (project, after, there, there_after))
        assert new_there.keys() == new.keys()
        stayed = [place for place in new if place in old and new[place] is old[place]]
        assert len(stayed) > 20
        assert [place for place in stayed if new_there[place] is not old_there[place]] == []
        project, there = after, there_after


LARGE = arranged()
CLIP = LARGE.tracks[40].clips[0].id
NAME = LARGE.tracks[30].id
MARK = Marker(id="m999999", name="here", tick=9)


def muted(track: Track) -> Track:
    return track.evolve(mixer=track.mixer.evolve(mute=True))


EDITS: dict[str, tuple[Callable[[ProjectState], ProjectState], int]] = {
    "a fader": (lambda p: p.with_mixer(NAME, gain_db=-3.25), 150),
    "a mute of every track": (lambda p: p.evolve(tracks=[muted(track) for track in p.tracks]), 4000),
    "a title": (lambda p: p.evolve(title="other"), 150),
    "a key": (lambda p: p.evolve(key=Key.parse("E minor")), 200),
    "a tempo": (lambda p: p.evolve(tempo_map=p.tempo_map.with_point(7680, 140)), 200),
    "a note": (lambda p: clips.edit_notes(p, CLIP, lambda notes: notes.add(Note(3, 5, 60))), 800),
    "a placement": (lambda p: placing.place(p, CLIP, 50 * 7680, 3840), 400),
    "an effect": (lambda p: tracks.add_effect(p, NAME, "filter")[0], 400),
    "a parameter": (lambda p: tracks.set_parameter(p, NAME, "decay", 0.4), 200),
    "a slot": (lambda p: clips.put(p, p.scenes[100].id, NAME, None), 200),
    "a section": (lambda p: p.evolve(sections=(p.sections[0].evolve(bars=9), *p.sections[1:])), 150),
    "a section at the end": (lambda p: p.evolve(sections=(*p.sections[:9], *p.sections[10:], p.sections[9])), 2500),
    "a marker": (lambda p: p.evolve(markers=(MARK,)), 200),
    "a rule switched off": (lambda p: rules.change(p, p.rules[500].id, enabled=False), 200),
    "another trigger": (lambda p: rules.change(p, p.rules[500].id, trigger=MarkerTrigger(name="x")), 250),
    "a rule less": (lambda p: rules.remove(p, p.rules[500].id), 150),
    "a track to another place": (lambda p: tracks.move_track(p, NAME, 34), 300),
    "a track less": (lambda p: tracks.remove_track(p, NAME), 10_000),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_at_64_tracks_200_sections_and_1024_rules_travels_in_few_bytes(name: str) -> None:
    edit, most = EDITS[name]
    sender, receiver = Sender(), Receiver()
    receiver.project(sender.delta(LARGE))
    after = edit(LARGE)
    sent = frame({"do": "project", "project": sender.delta(after), "opening": 1})
    (words,) = frames(io.BytesIO(sent))
    assert receiver.project(words["project"]) == after != LARGE
    assert len(sent) < most


def test_a_note_in_a_clip_of_65_000_travels_as_one_chunk_or_two() -> None:
    project = long_clip(song(), song().find_track("bass").clips[0].id)
    clip = project.find_track("bass").clips[0]
    assert len(clip.notes) == 65_000
    sender, receiver = Sender(), Receiver()
    there = receiver.project(travelled(sender.delta(project)))
    for tick in (0, 400_000, 10**6):
        project = clips.edit_notes(project, clip.id, lambda notes, at=tick: notes.add(Note(at, 9, 101)))
        words = sender.delta(project)
        assert len(frame(words)) < 24_000
        before, there = there, receiver.project(travelled(words))
        assert there == project
        ours, theirs = (p.find_track("bass").clips[0].notes.chunks for p in (before, there))
        assert len({*map(id, ours)} & {*map(id, theirs)}) >= len(ours) - 1


def test_what_did_not_change_stays_the_same_object_over_there() -> None:
    project = song()
    sender, receiver = Sender(), Receiver()
    first = receiver.project(sender.delta(project))
    assert receiver.project(sender.delta(project)) is not None
    assert len(frame(sender.delta(project))) < 30, "nothing changed"
    quieter = project.with_mixer(project.find_track("kick").id, gain_db=-3)
    second = receiver.project(sender.delta(quieter))
    assert second == quieter
    assert second.find_track("bass") is first.find_track("bass")
    assert second.find_track("kick").clips is first.find_track("kick").clips


def test_a_model_of_another_kind_travels_whole() -> None:
    project = song()
    kick = project.find_track("kick").id
    bare = project.with_track(kick, lambda track: track.evolve(instrument=None, kind="audio", clips=()))
    for old, new in ((project, bare), (bare, project)):
        assert applied(old, travelled(changed(old, new))) == new


def test_changes_that_do_not_fit_are_refused() -> None:
    project = song()
    louder = changed(project, project.with_mixer("t3", gain_db=1))
    with pytest.raises(ValueError, match="never came"):
        Receiver().project({"changes": louder})
    with pytest.raises(ValueError, match="unknown kind"):
        applied(project, {"title": {"shape": "x"}})
    for wrong in ({"title": {"value": 5}}, {"tracks": {"items": [0, 0, [[-1, {"id": "x"}]]]}}):
        with pytest.raises(ValueError, match="validation error"):
            applied(project, wrong)
    note = {"chunks": [0, 0, ["AAAA" * 16]]}
    with pytest.raises(ValueError, match="note"):
        applied(project.find_track("kick").clips[0], {"notes": note})


def test_half_a_frame_is_dropped() -> None:
    whole = frame({"do": "stop"})
    assert list(frames(io.BytesIO(whole + whole[:-1]))) == [{"do": "stop"}]
    assert list(frames(io.BytesIO(whole[:2]))) == []
