"""Artifacts over HTTP: whole, in ranges, and not again where the client has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from hardcore.project import artifacts
from tests.audio.clips import RATE, kept, noise
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path) as served:
        yield served
    studio.close()


def test_a_sound_is_sent_whole_in_ranges_and_once(server: Served, tmp_path: Path) -> None:
    known = kept(noise(0.5), "rain")
    content = artifacts.path_of(known.sha256).read_bytes()
    path = f"/artifacts/{known.sha256}/sound"
    status, headers, body = server.raw("GET", path)
    assert (status, headers["content-type"], headers["accept-ranges"]) == (200, "audio/flac", "bytes")
    assert body == content and headers["etag"] == f'"{known.sha256}"'
    (tmp_path / "got.flac").write_bytes(body)
    assert soundfile.info(str(tmp_path / "got.flac")).frames == RATE // 2
    assert server.raw("GET", "/artifacts/rain/sound")[2] == content, "by its name"

    last = len(content) - 1
    for asked, first, end in (("0-3", 0, 3), ("10-", 10, last), ("-5", last - 4, last), (f"7-{last + 99}", 7, last)):
        status, headers, body = server.raw("GET", path, headers={"Range": f"bytes={asked}"})
        assert (status, headers["content-range"]) == (206, f"bytes {first}-{end}/{len(content)}")
        assert body == content[first : end + 1]
    status, headers, _ = server.raw("GET", path, headers={"Range": f"bytes={last + 1}-"})
    assert (status, headers["content-range"]) == (416, f"bytes */{len(content)}")
    for unreadable in ("bytes=x-y", "bytes=", "lines=1-2"):
        assert server.raw("GET", path, headers={"Range": unreadable})[0] == 200

    tag = headers_of(server, path)["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        status, headers, body = server.raw("GET", path, headers={"If-None-Match": given})
        assert (status, body, headers["etag"]) == (304, b"", tag)
    assert server.raw("GET", path, headers={"If-None-Match": '"other"'})[0] == 200
    for given, status in ((tag, 206), ('"other"', 200)):
        assert server.raw("GET", path, headers={"Range": "bytes=0-3", "If-Range": given})[0] == status


def headers_of(server: Served, path: str) -> dict[str, str]:
    return server.raw("GET", path)[1]


def test_a_sound_that_is_not_there_is_not_found(server: Served) -> None:
    known = kept(noise(0.1), "gone")
    artifacts.path_of(known.sha256).unlink()
    for name in (known.sha256, "gone", "nothing", "..%2f..%2fetc%2fpasswd"):
        assert server.get(f"/artifacts/{name}/sound")[0] == 404
    assert server.raw("GET", "/artifacts/gone/sound", headers={"Authorization": ""})[0] == 401
