"""Projects stored before a field was there still open, with the field's default."""

import json
import zlib

from hardcore.music.groove import swing
from hardcore.project.grooves import in_force
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory, Stored, digest, expand, split
from tests.song import song

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
        refs = b"".join(moved[ref] for ref in split(stored.refs))
        address = digest(stored.kind, stored.version, content, refs)
        moved[stored.digest] = address
        objects[address] = Stored(address, stored.kind, stored.version, zlib.compress(content), refs)
    return objects, address


def test_a_project_from_before_grooves_of_tracks_and_clips_opens_and_plays_as_it_did() -> None:
    project = song().evolve(grooves=(swing(60),), active_groove="swing-60", groove_amount=0.5)
    encoder = Encoder(Memory())
    encoder.encode(project)
    objects, root = without_new_fields(encoder.fresh)
    opened = Decoder(objects.get, Memory()).decode(root)
    assert opened == project
    assert in_force(opened, *opened.find_clip("hats")) == (swing(60), 0.5, 0.5)
