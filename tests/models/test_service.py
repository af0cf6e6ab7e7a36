"""Another studio as a backend: a real one that serves, asked as a GPU box would be."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from hardcore.errors import ModelFailed
from hardcore.models.backend import Wish
from hardcore.models.service import TOKEN, Service
from tests.surfaces.server.served import Served, served


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as server:
        yield server


def test_it_renders_what_is_asked_and_needs_its_token(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"http://127.0.0.1:{server.port}"
    monkeypatch.setenv(TOKEN, server.token)
    told: list[float] = []
    made = Service(place, "cpu").render(Wish("techno", 2.0, 7, bpm=120), lambda share, words: told.append(share))
    assert made.rate == 48000 and made.audio.shape[0] == 2
    assert made.audio.shape[1] == pytest.approx(2 * 48000, rel=0.01) and np.abs(made.audio).max() > 0.05
    assert told and made.applied["service"] == place
    monkeypatch.setenv(TOKEN, "wrong")
    with pytest.raises(ModelFailed, match="refuses"):
        Service(place, "cpu").render(Wish("techno", 2.0, 7), lambda share, words: None)


@contextmanager
def odd_server(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """Yield the URL of a server that answers everything alike."""

    class Odd(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (200, b"<html>", {}, "does not answer as a studio"),
        (200, b"[]", {}, "does not answer as a studio"),
        (200, b"x" * (1 << 21), {}, "more than 1 MiB"),
        (500, b'{"message": "no\\nroom"}', {}, "refuses: no room"),
        (302, b"", {"Location": "http://127.0.0.1:1/health"}, "refuses: 302"),
    ],
)
def test_what_is_no_studio_is_said_in_one_line(status: int, body: bytes, headers: dict[str, str], said: str) -> None:
    with odd_server(status, body, **headers) as place, pytest.raises(ModelFailed, match=said):
        Service(place, "cpu")


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1", "http://127.0.0.1:1"])
def test_where_nobody_is_that_is_said(place: str) -> None:
    with pytest.raises(ModelFailed, match=r"no URL of a studio|no studio answers"):
        Service(place, "cpu")
