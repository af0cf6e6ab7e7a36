"""Projects stored before a field was there still open, with the field's default."""

import json
import sqlite3
import zlib

import pytest

from hardcore.errors import UserError
from hardcore.music.groove import swing
from hardcore.project.automation import with_point
from hardcore.project.grooves import in_force
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory, Stored, digest, expand
from hardcore.store.schema import split
from tests.song import song
from tests.store.saved_files import FOLDER

# what the first version did not write
NEW = {
    "project": {"groove_velocity"},
    "track": {"groove"},
    "clip": {"groove"},
    "groove": {"bar_ticks", "about"},
}


def without_new_fields(fresh: list[Stored]) -> tuple[dict[bytes, Stored], bytes]:
    """Return the objects as the first version wrote them, by address, and the address of the last."""
    moved: dict[bytes, bytes] = {}
    objects: dict[bytes, Stored] = {}
    address = b""
    for stored in fresh:
        content = expand(stored.payload)
        if stored.kind in NEW:
            fields = json.loads(content)
            assert NEW[stored.kind] <= fields.keys()
            content = json.dumps({name: fields[name] for name in fields.keys() - NEW[stored.kind]}).encode()
        if stored.kind == "automation":
            fields = json.loads(content)
            points = [{"tick": point["tick"], "value": point["value"]} for point in fields["points"]]
            content = json.dumps(fields | {"points": points}).encode()
        refs = b"".join(moved[ref] for ref in split(stored.refs))
        address = digest(stored.kind, stored.version, content, refs)
        moved[stored.digest] = address
        objects[address] = Stored(address, stored.kind, stored.version, zlib.compress(content), refs)
    return objects, address


def test_a_project_from_before_grooves_of_tracks_and_clips_opens_and_plays_as_it_did() -> None:
    project = song().evolve(grooves=(swing(60),), active_groove="swing-60", groove_amount=0.5)
    bass = project.find_track("bass")
    project = with_point(project, bass.clips[0].id, bass.id, "pan", 240, 0.5)
    encoder = Encoder(Memory())
    encoder.encode(project)
    objects, root = without_new_fields(encoder.fresh)
    opened = Decoder(objects.get, Memory()).decode(root)
    assert opened == project
    assert in_force(opened, *opened.find_clip("hats")) == (swing(60), 0.5, 0.5)


def arranged() -> tuple[dict[bytes, Stored], Stored, Stored]:
    """Return the objects of a file whose project holds the arrangement itself, that project, and its arrangement."""
    connection = sqlite3.connect(f"file:{FOLDER / 'song.hcs'}?mode=ro&immutable=1", uri=True)
    rows = connection.execute("SELECT hash, kind, version, payload, refs FROM objects").fetchall()
    (root,) = connection.execute("SELECT root FROM steps ORDER BY number DESC LIMIT 1").fetchone()
    connection.close()
    objects = {row[0]: Stored(*row) for row in rows}
    kept = next(objects[ref] for ref in split(objects[root].refs) if objects[ref].kind == "arrangement")
    return objects, objects[root], kept


def test_the_arrangement_of_an_older_project_is_parted_among_its_tracks() -> None:
    objects, root, kept = arranged()
    assert root.version == 2
    listed = json.loads(expand(kept.payload))
    project = Decoder(objects.get, Memory()).decode(root.digest)
    assert len(listed) == 14
    assert [one._asdict() for one in project.arrangement] == listed
    assert sum(len(track.placements) for track in project.tracks) == len(listed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"track": "t99"}, "places a clip on t99, which does not exist"),
        ({"track": "t1"}, "which has no such clip"),
        ({"clip": "c99"}, "which has no such clip"),
        ({"start_ticks": 7680}, "overlap"),
        ({"start_ticks": -1}, "start_ticks"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_arrangement_of_an_older_project_is_refused_in_words(change: dict[str, object], words: str) -> None:
    objects, root, kept = arranged()
    listed = json.loads(expand(kept.payload))
    listed[0] |= change
    objects[kept.digest] = kept._replace(payload=zlib.compress(json.dumps(listed).encode()))
    with pytest.raises(UserError, match=words):
        Decoder(objects.get, Memory()).decode(root.digest)


def test_a_project_of_today_has_no_place_for_an_arrangement_and_an_older_one_for_one() -> None:
    objects, root, kept = arranged()
    objects[root.digest] = root._replace(version=3)
    with pytest.raises(UserError, match="not where it belongs"):
        Decoder(objects.get, Memory()).decode(root.digest)
    objects[root.digest] = root._replace(refs=root.refs + kept.digest)
    with pytest.raises(UserError, match="two arrangement"):
        Decoder(objects.get, Memory()).decode(root.digest)
    fields = json.loads(expand(root.payload)) | {"arrangement": []}
    objects[root.digest] = root._replace(payload=zlib.compress(json.dumps(fields).encode()))
    with pytest.raises(UserError, match="not a set of fields"):
        Decoder(objects.get, Memory()).decode(root.digest)
