"""Projects become objects and objects projects again; what did not change is shared."""

import random
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project import controlmaps
from hardcore.project.clips import edit_notes, put
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.placing import place
from hardcore.project.rule import MOST_RULES
from hardcore.project.state import ProjectState, new_project
from hardcore.store import migrations
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.migrations import Reader
from hardcore.store.objects import Memory, Stored, expand
from hardcore.store.schema import split
from tests.large import arranged, many_rules
from tests.large import long_clip as large_clip
from tests.project.edits import random_edit
from tests.project.test_section import sectioned
from tests.store.samples import song


def _stored(project: ProjectState) -> tuple[bytes, dict[bytes, Stored]]:
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    return root, {stored.digest: stored for stored in encoder.fresh}


def _decoded(root: bytes, objects: dict[bytes, Stored]) -> ProjectState:
    return Decoder(objects.get, Memory()).decode(root)


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=40)
def test_any_project_comes_back_as_it_was(seed: int, edits: int) -> None:
    rng, project = random.Random(seed), new_project()
    for _ in range(edits):
        project = random_edit(project, rng)[1]
    root, objects = _stored(project)
    again = _decoded(root, objects)
    assert again == project
    assert again.model_dump_json() == project.model_dump_json(), "the order of slots and settings counts too"
    assert _stored(again)[0] == root


def test_an_edit_makes_new_objects_only_on_the_way_to_the_root() -> None:
    project, encoder = song(), Encoder(Memory())
    encoder.encode(project)
    encoder.stored()
    clip = project.tracks[0].clips[0]
    encoder.encode(edit_notes(project, clip.id, lambda notes: notes.add(Note(5, 240, 60))))
    assert [stored.kind for stored in encoder.fresh] == ["chunk", "clip", "track", "project"]


def long_clip(count: int = 5000) -> ProjectState:
    project = song()
    notes = [Note(at * 7, 5, 40 + at % 20, 1 + at % 127) for at in range(count)]
    return edit_notes(project, project.find_track("bass").clips[0].id, lambda block: notes)


def test_a_note_in_a_long_clip_makes_two_new_chunks_at_most() -> None:
    project, encoder = long_clip(), Encoder(Memory())
    root = encoder.encode(project)
    chunks = [stored for stored in encoder.fresh if stored.kind == "chunk"]
    assert len(chunks) > 10
    objects = {stored.digest: stored for stored in encoder.fresh}
    encoder.stored()
    clip = project.find_track("bass").clips[0].id
    for tick in range(0, 35_000, 500):
        project = edit_notes(project, clip, lambda notes, at=tick: notes.add(Note(at, 9, 100)))
        after = encoder.encode(project)
        kinds = [stored.kind for stored in encoder.fresh]
        assert kinds.count("chunk") in (1, 2)
        assert [kind for kind in kinds if kind != "chunk"] == ["notes", "clip", "track", "project"]
        objects |= {stored.digest: stored for stored in encoder.fresh}
        encoder.stored()
    decoder = Decoder(objects.get, Memory())
    old, new = decoder.decode(root), decoder.decode(after)
    assert new == project
    first, last = (state.find_track("bass").clips[0].notes.chunks for state in (old, new))
    assert len({id(chunk) for chunk in (*first, *last)}) == len({*first, *last}) < len(first) + len(last)


@pytest.mark.parametrize("seed", range(8))
def test_any_wrong_chunk_is_refused_in_words(seed: int) -> None:
    """Swap, leave out, cut and repeat chunks: what is decoded is refused, or a block that an edit could make."""
    rng, (root, objects) = random.Random(seed), _stored(long_clip(1500))
    notes = max((stored for stored in objects.values() if stored.kind == "notes"), key=lambda stored: len(stored.refs))
    refs = split(notes.refs)
    for wrong in (refs[::-1], refs * 2, [*refs, refs[0]], refs * 60):
        with pytest.raises(UserError, match=r"out of order|at most"):
            _decoded(root, objects | {notes.digest: notes._replace(refs=b"".join(wrong))})
    with pytest.raises(UserError, match="more than references"):
        _decoded(root, objects | {notes.digest: notes._replace(payload=zlib.compress(b"x"))})
    chunk = objects[rng.choice(refs)]
    data = expand(chunk.payload)
    with pytest.raises(UserError, match="wrong size"):
        _decoded(root, objects | {chunk.digest: chunk._replace(payload=zlib.compress(data[:-1]))})
    left = _decoded(root, objects | {notes.digest: notes._replace(refs=b"".join(refs[1:]))})
    fewer = left.find_track("bass").clips[0].notes
    gone = len(expand(objects[refs[0]].payload)) // 16
    assert list(fewer) == list(long_clip(1500).find_track("bass").clips[0].notes)[gone:]
    assert fewer == NoteBlock.of(fewer), "cut as an edit would have cut it"


def written(encoder: Encoder, project: ProjectState) -> tuple[list[str], int]:
    """Return the kinds and the bytes of the objects that a version of a project adds to a store."""
    encoder.encode(project)
    kinds = [stored.kind for stored in encoder.fresh]
    size = sum(len(b"".join((stored.digest, stored.payload, stored.refs))) for stored in encoder.fresh)
    encoder.stored()
    return kinds, size


def test_an_edit_at_64_tracks_of_200_sections_writes_little() -> None:
    project, encoder = arranged(), Encoder(Memory())
    kinds, size = written(encoder, project)
    assert size > 100_000
    track, scene = project.tracks[30], project.scenes[100]
    clip, other = track.clips[0], project.tracks[3].id
    noted = edit_notes(project, clip.id, lambda notes: notes.add(Note(5, 9, 60)))
    for edited, expected, most in (
        (project.with_mixer(track.id, gain_db=-3), ["track", "project"], 2000),
        (project.evolve(title="other"), ["project"], 2000),
        (noted, ["chunk", "clip", "track", "project"], 3000),
        (put(project, scene.id, other, None), ["scene", "scenes", "project"], 8000),
        (place(project, clip.id, 5 * 7680, 3840), ["placements", "track", "project"], 4000),
        (project.evolve(sections=project.sections[1:]), ["sections", "project"], 8000),
    ):
        kinds, size = written(encoder, edited)
        assert kinds == expected
        assert size < most


def test_a_note_more_in_a_clip_of_65_000_writes_less_than_8_kb() -> None:
    project = large_clip(song(), song().find_track("bass").clips[0].id)
    encoder, clip = Encoder(Memory()), project.find_track("bass").clips[0].id
    assert written(encoder, project)[1] > 150_000
    sizes = []
    for tick in range(5, 800_000, 40_000):
        project = edit_notes(project, clip, lambda notes, at=tick: notes.add(Note(at, 9, 127)))
        sizes.append(written(encoder, project)[1])
    assert max(sizes) < 8000


def test_runs_of_chunks_come_back_and_wrong_ones_are_refused() -> None:
    project = long_clip(30_000)
    root, objects = _stored(project)
    again = _decoded(root, objects)
    assert again == project
    assert _stored(again)[0] == root
    notes = max((stored for stored in objects.values() if stored.kind == "notes"), key=lambda stored: len(stored.refs))
    run = objects[split(notes.refs)[0]]
    assert run.kind == "chunks"
    assert len(split(notes.refs)) < 16
    nested = {run.digest: run._replace(refs=split(notes.refs)[1])}
    with pytest.raises(UserError, match="not where it belongs"):
        _decoded(root, objects | nested)
    with pytest.raises(UserError, match="more than references"):
        _decoded(root, objects | {run.digest: run._replace(payload=zlib.compress(b"x"))})
    chunk = objects[split(run.refs)[0]]
    many, of_many = run._replace(refs=chunk.digest * 8_000), notes._replace(refs=run.digest * 8_000)
    with pytest.raises(UserError, match="at most 65536"):
        _decoded(root, objects | {run.digest: many, notes.digest: of_many})
    with pytest.raises(UserError, match="is empty"):
        _decoded(root, objects | {chunk.digest: chunk._replace(payload=zlib.compress(b""))})


def test_the_notes_of_a_clip_are_a_chunk_or_more_but_not_both() -> None:
    root, objects = _stored(long_clip(1500))
    clips = [stored for stored in objects.values() if stored.kind == "clip"]
    short, long = sorted(clips, key=lambda stored: any(objects[ref].kind == "notes" for ref in split(stored.refs)))[:2]
    assert [objects[ref].kind for ref in split(short.refs)] == ["chunk"]
    assert objects[split(long.refs)[0]].kind == "notes"
    both = short._replace(refs=short.refs + split(long.refs)[0])
    with pytest.raises(UserError, match="a clip has two notes"):
        _decoded(root, objects | {short.digest: both})
    twice = short._replace(refs=short.refs * 2)
    with pytest.raises(UserError, match="a clip has two chunk"):
        _decoded(root, objects | {short.digest: twice})


def test_a_placement_that_moves_is_noticed_and_one_that_stays_is_not() -> None:
    project, encoder = song(), Encoder(Memory())
    encoder.encode(project)
    encoder.stored()
    encoder.encode(project.evolve(title="other"))
    assert [stored.kind for stored in encoder.fresh] == ["project"]
    encoder.stored()
    track = next(track for track in project.tracks if track.placements)
    encoder.encode(project.with_mixer(track.id, gain_db=-3))
    assert [stored.kind for stored in encoder.fresh] == ["track", "project"]
    encoder.stored()
    placed = (track.placements[0].evolve(start_ticks=0),)
    moved = project.with_track(track.id, lambda track: track.evolve(placements=placed))
    root = encoder.encode(moved)
    assert [stored.kind for stored in encoder.fresh] == ["placements", "track", "project"]
    assert root == _stored(moved)[0]


def test_sections_markers_rules_and_mappings_are_an_object_each_that_no_other_edit_writes() -> None:
    project, encoder = sectioned(), Encoder(Memory())
    project = project.evolve(rules=many_rules(first=project.next_id), next_id=project.next_id + MOST_RULES)
    project = controlmaps.add(project, number=7, target="track gain t1")
    encoder.encode(project)
    assert {"sections", "markers", "rules", "maps"} <= {stored.kind for stored in encoder.fresh}
    encoder.stored()
    for change, kinds in (
        ({"title": "other"}, ["project"]),
        ({"sections": project.sections[::-1]}, ["sections", "project"]),
        ({"markers": project.markers[:1]}, ["markers", "project"]),
        ({"markers": ()}, ["project"]),
        ({"rules": project.rules[1:]}, ["rules", "project"]),
        ({"maps": (project.maps[0].evolve(number=8),)}, ["maps", "project"]),
    ):
        encoder.encode(project.evolve(**change))
        assert [stored.kind for stored in encoder.fresh] == kinds
        encoder.stored()
    root, objects = _stored(project)
    assert _decoded(root, objects) == project


def test_what_could_not_be_stored_is_encoded_again() -> None:
    project, encoder = song(), Encoder(Memory())
    root = encoder.encode(project)
    first = list(encoder.fresh)
    encoder.failed()
    assert encoder.encode(project) == root
    assert encoder.fresh == first
    encoder.stored()
    assert encoder.encode(project) == root
    assert encoder.fresh == []


def test_equal_content_is_one_object() -> None:
    one = song()
    encoder = Encoder(Memory())
    encoder.encode(one)
    encoder.encode(ProjectState.model_validate(one.model_dump() | {"tracks": one.tracks}))
    roots = [stored.digest for stored in encoder.fresh if stored.kind == "project"]
    assert len(roots) == 2
    assert roots[0] == roots[1]


def test_digests_are_the_same_in_any_process() -> None:
    script = (
        "from tests.store.samples import song;from hardcore.store.encoder import *;"
        "print(Encoder(Memory()).encode(song()).hex())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "4", "PYTHONPATH": ":".join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout.strip() == _stored(song())[0].hex()


def test_decoding_keeps_sharing() -> None:
    project, memory = song(), Memory()
    encoder = Encoder(memory)
    before = encoder.encode(project)
    after = encoder.encode(project.with_mixer(project.tracks[0].id, gain_db=-3))
    objects = {stored.digest: stored for stored in encoder.fresh}
    decoder = Decoder(objects.get, Memory())
    old, new = decoder.decode(before), decoder.decode(after)
    assert old.tracks[1] is new.tracks[1]
    assert old.tracks[0] is not new.tracks[0]
    assert old.tracks[0].clips[0] is new.tracks[0].clips[0]
    louder = old.with_mixer(old.find_track("bass").id, gain_db=3)
    assert louder.find_track("bass").placements is old.find_track("bass").placements


def test_what_was_decoded_is_not_encoded_again() -> None:
    root, objects = _stored(song())
    memory = Memory()
    project = Decoder(objects.get, memory).decode(root)
    encoder = Encoder(memory)
    encoder.encode(project.evolve(title="other"))
    assert [stored.kind for stored in encoder.fresh] == ["project"]


def test_an_older_object_is_migrated_when_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    root, objects = _stored(song())
    older = Reader(lambda fields: fields | {"name": fields["name"] + " old"})
    monkeypatch.setitem(migrations.MIGRATIONS, "scene", [*migrations.MIGRATIONS["scene"], older])
    project = _decoded(root, objects)
    assert project.scenes[0].name == "A old"
    again = Encoder(Memory())
    again.encode(project)
    assert {stored.version for stored in again.fresh if stored.kind == "scene"} == {migrations.current("scene")}


def test_an_object_of_a_newer_version_is_refused_in_words() -> None:
    root, objects = _stored(song())
    newer = {address: stored._replace(version=2) for address, stored in objects.items()}
    with pytest.raises(UserError, match="made by a newer hardcore"):
        _decoded(root, newer)


def test_a_missing_part_is_refused_in_words() -> None:
    root, objects = _stored(song())
    for address in objects:
        left = {key: stored for key, stored in objects.items() if key != address}
        with pytest.raises(UserError, match="a part is missing"):
            _decoded(root, left)


def test_a_part_in_the_wrong_place_is_refused() -> None:
    root, objects = _stored(song())
    track = next(stored for stored in objects.values() if stored.kind == "track")
    scene = next(stored for stored in objects.values() if stored.kind == "scene")
    swapped = {**objects, track.digest: track._replace(refs=scene.digest)}
    with pytest.raises(UserError, match="not where it belongs"):
        _decoded(root, swapped)
    with pytest.raises(UserError, match="not where it belongs"):
        _decoded(track.digest, objects)
