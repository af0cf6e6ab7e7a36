"""TouchOSC layouts, read back: every control has an address that the studio reads, in its own place on the page."""

import zlib
from xml.etree import ElementTree as tree

from hardcore.exchange.touchosc import HEIGHT, WIDTH, layout
from hardcore.project import scenes
from hardcore.project.tracks import rename_track
from hardcore.surfaces.osc.addresses import Answer, Line, Move, asked
from tests.song import song


def test_every_control_of_a_layout_is_an_address_that_is_read() -> None:
    project = rename_track(song(), song().find_track("bass").id, "sub & bass/low")
    project, _ = scenes.add_scene(project, "drop it")
    root = tree.fromstring(zlib.decompress(layout(project)))
    assert (root.tag, root.get("version")) == ("lexml", "3")
    controls = [node for node in root.iter("node") if node.find("messages") is not None]
    addresses = [node.findtext("messages/osc/path/partial/value", "") for node in controls]
    assert len(addresses) == len(set(addresses)) == len({node.get("ID") for node in controls})
    kinds = [node.get("type") for node in controls]
    for address, kind in zip(addresses, kinds, strict=True):
        wanted = Move if kind == "FADER" else Line
        assert isinstance(asked(project, address, [1.0]), wanted), address
        if kind == "FADER":
            assert isinstance(asked(project, address, []), Answer)
    tracks = [track for track in project.tracks if track.kind != "master"]
    played = [track for track in tracks if track.clips or track.kind == "midi"]
    assert sum(address.startswith("/slot/") for address in addresses) == len(played) * len(project.scenes)
    assert sum(address.endswith("/fader") for address in addresses) == len(tracks)


def test_controls_lie_on_the_page_and_on_no_other_control() -> None:
    root = tree.fromstring(zlib.decompress(layout(song())))
    frames = []
    for node in [one for one in root.iter("node") if one.find("messages") is not None]:
        values = [one for one in node.iter("property") if one.findtext("key") == "frame"]
        x, y, w, h = (int(values[0].findtext(f"value/{side}", "")) for side in "xywh")
        assert w > 20 and h > 20 and x >= 0 and y >= 0 and x + w <= WIDTH and y + h <= HEIGHT
        frames.append((x, y, x + w, y + h))
    apart = all(
        a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        for at, a in enumerate(frames) for b in frames[at + 1 :]
    )  # fmt: skip
    assert apart
    assert layout(song()) == layout(song())
