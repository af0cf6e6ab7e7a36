"""When the studio ends, however it ends, no player is left."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hardcore.engine.sandbox import sandboxes
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from tests.player.device import needs_alsa, recording
from tests.song import song

pytestmark = needs_alsa

STUDIO = """
import sys
import time
from pathlib import Path
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from tests.song import song
remote = Remote(song(), EngineChoice, lambda: Path(sys.argv[1]))
state = remote.play()
print(remote.process_id, state.sound, flush=True)
sys.stdin.read()
"""


def ended(handle: int, timeout_s: float) -> bool:
    """Return whether the process of a pidfd ends within a while."""
    return bool(select.select([handle], [], [], timeout_s)[0])


def test_a_studio_that_is_killed_leaves_no_player_and_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recording(tmp_path / "device", monkeypatch):
        studio = subprocess.Popen(
            [sys.executable, "-c", STUDIO, str(tmp_path / "log")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert studio.stdout is not None
        player, sound = studio.stdout.readline().decode().split(" ", 1)
        assert "48000 Hz" in sound
        handle = os.pidfd_open(int(player))
        try:
            assert len(list(sandboxes().iterdir())) == 1
            studio.kill()
            studio.wait()
            assert ended(handle, 5)
        finally:
            os.close(handle)
            studio.stdout.close()
            assert studio.stdin is not None
            studio.stdin.close()
        assert not list(sandboxes().iterdir())


def test_a_spare_player_ends_with_the_studio_too(tmp_path: Path) -> None:
    remote = Remote(song(), lambda: EngineChoice(kind="none"), lambda: tmp_path / "log")
    remote.play()
    keeper = remote._keeper
    deadline = time.monotonic() + 15
    while keeper._spare.process_id is None:
        assert time.monotonic() < deadline, "there is no spare"
        remote.state()
    spare, first = keeper._spare.process_id, remote.process_id
    assert first is not None and spare is not None
    # It takes over from the one that is killed, and is replaced.
    os.kill(first, signal.SIGKILL)
    while remote.state().restarts == 0:
        assert time.monotonic() < deadline
    assert remote.process_id == spare
    while keeper._spare.process_id is None:
        assert time.monotonic() < deadline, "there is no second spare"
        remote.state()
    handles = [os.pidfd_open(keeper._spare.process_id or 0), os.pidfd_open(spare)]
    try:
        remote.close()
        assert all(ended(handle, 5) for handle in handles)
    finally:
        for handle in handles:
            os.close(handle)


def test_closing_ends_the_player_and_ctrl_c_does_not(tmp_path: Path) -> None:
    remote = Remote(song(), lambda: EngineChoice(kind="none"), lambda: tmp_path / "log")
    remote.play()
    player = remote.process_id
    assert player is not None
    handle = os.pidfd_open(player)
    try:
        os.kill(player, signal.SIGINT)
        assert remote.state().playing and remote.process_id == player
        remote.close()
        assert ended(handle, 5) and not remote.running
    finally:
        os.close(handle)


def test_a_player_that_keeps_ending_is_given_up(tmp_path: Path) -> None:
    remote = Remote(song(), lambda: EngineChoice(kind="none"), lambda: tmp_path / "log")
    try:
        for _ in range(5):
            remote.state()
            player = remote.process_id
            assert player is not None
            os.kill(player, signal.SIGKILL)
        assert remote.state().sound == "silent"
        assert remote.restarts == 5
    finally:
        remote.close()
