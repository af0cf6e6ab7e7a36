"""The master as a stream: what a program gets over HTTP is, sample for sample, what the sound device got."""

import http.client
import io
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hardcore.controller.studio import Studio
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project.playback import Playback
from hardcore.surfaces.http.master import MOST_WAITING
from tests.player.device import RATE, needs_alsa, recording
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving

HEAD_BYTES = 44
FRAME_BYTES = 8
PIECE = b"\1" * 19_200


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = studio_with_song()
    yield studio
    studio.close()


class Pushed:
    """A player that is heard when the test says so: `push` is told to everybody who listens."""

    def __init__(self, silent: bool = False) -> None:
        self.takers: list[Callable[[int, bytes], None]] = []
        self._state = Playback(silent=silent)

    def latest(self) -> Playback:
        return self._state

    def listen(self, take: Callable[[int, bytes], None]) -> Callable[[], None]:
        self.takers.append(take)
        return lambda: self.takers.remove(take)

    def push(self, rate: int = RATE, sound: bytes = PIECE) -> None:
        for take in tuple(self.takers):
            take(rate, sound)

    def close(self) -> None:
        pass


def listening(server: Served) -> http.client.HTTPResponse:
    """Return the answer of a listener of its own, whose head has arrived."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/stream", headers={"Authorization": f"Bearer {server.token}"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-type")) == (200, "audio/wav")
    return answer


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def place(sound: NDArray[np.float32], whole: NDArray[np.float32]) -> int:
    """Return the frame of `whole` from which on it is exactly `sound`, both [frames, 2]."""
    first = int(np.flatnonzero(np.abs(sound).max(axis=1) > 0.01)[0])
    (hits,) = np.nonzero((whole == sound[first]).all(axis=1))
    heard = sound[first:]
    return next(int(hit) - first for hit in hits if np.array_equal(whole[hit : hit + len(heard)], heard))


@needs_alsa
def test_a_program_gets_what_the_device_gets_and_who_comes_late_begins_now(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recording(tmp_path / "device", monkeypatch) as recorder:
        remote = studio.player = Remote(studio.controller.project, EngineChoice, lambda: tmp_path / "player.log")
        with serving(studio, tmp_path) as server:
            target = tmp_path / "taken.wav"
            url = f"{server.url}/stream?token={server.token}"
            words = ["ffmpeg", "-v", "error", "-i", url, "-t", "1.2", "-c:a", "pcm_f32le", str(target)]
            program = subprocess.Popen(words, stderr=subprocess.PIPE)
            early = listening(server)
            remote.play()
            head = early.read(HEAD_BYTES)
            sound = early.read(RATE // 2 * FRAME_BYTES)
            late = listening(server)
            late_sound = late.read(HEAD_BYTES + RATE // 2 * FRAME_BYTES)[HEAD_BYTES:]
            assert program.wait(20) == 0, program.stderr and program.stderr.read()
            assert program.stderr is not None
            program.stderr.close()
            recorder.wait_s(0.3)
        whole = recorder.sound().T
        remote.close()
    taken, rate = soundfile.read(target, dtype="float32")
    assert (rate, len(taken)) == (RATE, round(1.2 * RATE))
    read, rate = soundfile.read(io.BytesIO(head + sound), dtype="float32")
    assert (rate, len(read)) == (RATE, RATE // 2)
    first = place(read, whole)
    assert place(taken, whole) == pytest.approx(first, abs=RATE)
    assert place(np.frombuffer(late_sound, "<f4").reshape(-1, 2), whole) >= first + RATE // 2 - RATE // 10


def test_nothing_is_sent_before_anything_is_heard_and_another_rate_is_another_stream(
    studio: Studio, tmp_path: Path
) -> None:
    player = studio.player = Pushed()  # type: ignore[assignment]
    with serving(studio, tmp_path) as server:
        answer = listening(server)
        until(lambda: bool(player.takers))
        player.push(44_100)
        data = answer.read(HEAD_BYTES + len(PIECE))
        assert int.from_bytes(data[24:28], "little") == 44_100 and data[HEAD_BYTES:] == PIECE
        player.push(48_000)
        assert answer.read() == b"", "it ends"
        until(lambda: not player.takers)


def test_who_does_not_keep_up_is_let_go_and_nobody_else_notices(studio: Studio, tmp_path: Path) -> None:
    player = studio.player = Pushed()  # type: ignore[assignment]
    with serving(studio, tmp_path) as server, socket.socket() as stalled:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", server.port))
        request = f"GET /stream?token={server.token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        stalled.sendall(request.encode())
        until(lambda: len(player.takers) == 1)
        answer = listening(server)
        until(lambda: len(player.takers) == 2)
        player.push()
        assert answer.read(HEAD_BYTES + len(PIECE))[HEAD_BYTES:] == PIECE
        pushed = 0
        while len(player.takers) == 2:
            player.push()
            assert answer.read(len(PIECE)) == PIECE
            pushed += 1
            assert pushed < 100 * MOST_WAITING
        player.push()
        assert answer.read(len(PIECE)) == PIECE, "the one who reads stays"
        server.run(server.door.close)
        assert answer.read() == b"" and not player.takers, "the end of the server ends every stream"


@pytest.mark.parametrize("player", [None, Pushed(silent=True)])
def test_where_nothing_can_be_heard_it_is_said(studio: Studio, tmp_path: Path, player: Pushed | None) -> None:
    studio.player = player  # type: ignore[assignment]
    with serving(studio, tmp_path) as server:
        status, answer = server.get("/stream")
        assert status == 503 and answer["error"].startswith("nothing ")
