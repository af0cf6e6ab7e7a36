"""Downloads of weights: from a real server on this machine that hangs up in between, gives ranges, and lies."""

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hardcore import open_studio
from hardcore.commands.composing.weights import WeightsComing, WeightsOffered
from hardcore.errors import JobFailed, UserError
from hardcore.knowledge.soundmodels import sound_model
from hardcore.surfaces.live import LiveStudio

WEIGHTS = bytes(range(256)) * 4000
FILES = {"config.json": b"{}", "model.safetensors": WEIGHTS, "tokenizer/tokenizer.json": b"[1]"}
# In a repository, but not needed, or dangerous.
OTHERS = {"pytorch_model.bin": b"x", "code.py": b"x", "model.fp16.safetensors": b"x"}


class Host(http.server.BaseHTTPRequestHandler):
    """A host of weights. Of `hangs` answers the first so many break off after 300,000 bytes."""

    hangs = 0
    lies = False
    tree: dict[str, bytes] = FILES | OTHERS
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        """Answer with the list of files, or one of them."""
        kind = type(self)
        kind.asked.append((self.path, self.headers.get("Range", "")))
        if self.path.startswith("/api/models/some/weights"):
            self._send(200, json.dumps({"sha": "abc123", "siblings": list(map(self._entry, kind.tree))}).encode())
        elif (name := self.path.removeprefix("/some/weights/resolve/abc123/")) in kind.tree:
            first = int(self.headers.get("Range", "bytes=0-")[6:-1])
            whole = kind.tree[name]
            body = b"?" * len(whole) if kind.lies and name == "model.safetensors" else whole
            self._send(206 if first else 200, body[first:])
        else:
            self._send(404, b"")

    def _entry(self, name: str) -> dict[str, Any]:
        data = self.tree[name]
        entry: dict[str, Any] = {"rfilename": name, "size": len(data)}
        return entry | {"lfs": {"sha256": hashlib.sha256(data).hexdigest()}} if name.endswith("safetensors") else entry

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if len(body) > 300_000 and type(self).hangs > 0:
            type(self).hangs -= 1
            body = body[:300_000]
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *given: object) -> None:
        """Say nothing."""


@contextmanager
def host(**how: Any) -> Iterator[tuple[str, type[Host]]]:
    """Yield the URL of a host of weights, and its handler."""
    kind = type("OneHost", (Host,), {"asked": [], **how})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", kind
        server.shutdown()
        thread.join()


@pytest.fixture
def studio() -> Iterator[LiveStudio]:
    with open_studio() as opened:
        opened.do("/models add mine some/weights --backend musicgen --licence CC-BY-NC-4.0")
        yield opened


def got(studio: LiveStudio) -> Any:
    begun = studio.do("/models get mine --accept")
    assert isinstance(begun, WeightsComing)
    return studio.call("job wait", job=begun.job)


def test_size_licence_and_place_are_told_first_and_then_it_comes_through_breaks(studio: LiveStudio) -> None:
    with host(hangs=2) as (url, seen):
        studio.do(f"/config models.host {url}")
        offered = studio.do("/models get mine")
        assert isinstance(offered, WeightsOffered) and not offered.commercial and offered.files == len(FILES)
        assert offered.bytes == sum(map(len, FILES.values())) and offered.licence == "CC-BY-NC-4.0"
        assert not Path(offered.place).exists() and len(seen.asked) == 1, "nothing but the list was asked for"
        got(studio)
        folder = Path(offered.place)
        kept = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert kept == FILES, "what is needed, byte for byte, and nothing that would be unpickled or run"
        ranges = [said for path, said in seen.asked if path.endswith("model.safetensors")]
        assert ranges == ["", "bytes=300000-", "bytes=600000-"], "it goes on where it was broken off"
        assert sound_model("mine").is_there
        with pytest.raises(UserError, match="are here"):
            studio.do("/models get mine")


def test_what_is_there_stays_when_it_is_stopped(studio: LiveStudio) -> None:
    with host(hangs=10**6, tree={"model.safetensors": WEIGHTS, "z.json": b"{}"}) as (url, seen):
        studio.do(f"/config models.host {url}")
        place = Path(sound_model("mine").place)
        part = place.with_name(f"{place.name}.part") / "model.safetensors.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(WEIGHTS[:900_000])
        got(studio)
        assert (place / "model.safetensors").read_bytes() == WEIGHTS
        assert [said for path, said in seen.asked if path.endswith("safetensors")] == ["bytes=900000-"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"lies": True}, "is not what"),
        ({"tree": {"../../evil.safetensors": b"x"}}, "a file of it is called"),
        ({"tree": {"weights.bin": b"x"}}, "no weights as safetensors"),
        ({"tree": {}}, "no weights as safetensors"),
    ],
)
def test_what_a_host_should_not_give_is_not_kept(studio: LiveStudio, how: dict[str, Any], said: str) -> None:
    with host(**how) as (url, _):
        studio.do(f"/config models.host {url}")
        with pytest.raises((UserError, JobFailed), match=said):
            got(studio)
        assert not sound_model("mine").is_there


def test_without_a_host_that_is_said_in_one_line(studio: LiveStudio) -> None:
    studio.do("/config models.host http://127.0.0.1:1")
    offered = studio.do("/models get mine")
    assert isinstance(offered, WeightsOffered) and offered.bytes is None and "cannot be reached" in offered.text()
    with pytest.raises((UserError, JobFailed), match="cannot be reached"):
        got(studio)
    assert not any(check.good for check in studio.do("/doctor --backend mine").items)  # type: ignore[attr-defined]
