"""The external engine: a scsynth program under JACK without a card. It is heard by a recorder on JACK's own side."""

import os
import select
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.player.life import EngineChoice
from hardcore.player.remote import Remote
from tests.player.device import RATE, needs_alsa, onsets
from tests.player.test_sound import beats

PROGRAMS = ("scsynth", "jackd", "jack_rec")
pytestmark = [
    needs_alsa,
    pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason="needs supercollider-server and jackd2"),
]


@pytest.fixture
def jack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the name of a JACK server of our own, without a card."""
    name = f"hardcore-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    words = ["jackd", "--no-realtime", "--sync", "--timeout", "100", "-n", name, "-d", "dummy", "-r", "48000"]
    log = tmp_path / "jack.log"
    with log.open("wb") as sink:
        server = subprocess.Popen([*words, "-p", "512"], stdout=sink, stderr=sink, start_new_session=True)
    try:
        subprocess.run(["jack_wait", "-w", "-t", "10"], check=True, capture_output=True)
        yield name
    finally:
        server.terminate()
        server.wait(10)


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_the_external_engine_is_heard_and_comes_back(tmp_path: Path, jack: str) -> None:
    import soundfile

    remote = Remote(beats(150), lambda: EngineChoice(kind="external"), lambda: tmp_path / "player.log")
    try:
        state = remote.play()
        assert (state.sound, state.trouble) == ("external 48000 Hz", "")
        file = tmp_path / "heard.wav"
        ports = ["SuperCollider:out_1", "SuperCollider:out_2"]
        subprocess.run(["jack_rec", "-f", str(file), "-d", "4", "-b", "16", *ports], check=True, capture_output=True)
        heard, rate = soundfile.read(file, dtype="float32", always_2d=True)
        found = onsets(heard.T)
        assert rate == RATE and len(found) in (8, 9, 10, 11)
        # JACK without a card keeps time as well as the machine lets it; what is asked here is that no beat is lost.
        assert np.median(np.diff(found)) == pytest.approx(0.4 * RATE, rel=0.05)

        assert remote.process_id is not None
        (engine,) = children(remote.process_id)
        os.kill(engine, signal.SIGKILL)
        player = os.pidfd_open(remote.process_id)
        assert select.select([player], [], [], 5)[0], "the player did not notice"
        os.close(player)
        # JACK needs about two seconds until it believes that a client is dead.
        state = remote.state()
        assert state.playing and state.sound == "external 48000 Hz" and state.restarts == 1
        assert remote.news().startswith("the engine ended")
        (engine,) = children(remote.process_id)
        last = os.pidfd_open(engine)
    finally:
        remote.close()
    assert select.select([last], [], [], 5)[0], "the engine outlives its player"
    os.close(last)
