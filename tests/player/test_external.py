"""The external engine: a scsynth program under JACK without a card. It is heard by a recorder on JACK's own side."""

import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from tests.player.device import RATE, needs_alsa, onsets
from tests.player.jack import children, heard_on_jack, jack_server, needs_jack
from tests.player.test_kills import port_of
from tests.player.test_sound import beats

pytestmark = [needs_alsa, needs_jack]


@pytest.fixture
def jack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the name of a JACK server that waits for its clients, so that none is late."""
    with jack_server(tmp_path, monkeypatch, ["--sync", "--timeout", "100"]) as name:
        yield name


def test_the_external_engine_is_heard_and_comes_back(tmp_path: Path, jack: str) -> None:
    remote = Remote(beats(150), lambda: EngineChoice(kind="external"), lambda: tmp_path / "player.log")
    try:
        state = remote.play()
        assert (state.sound, state.trouble) == ("external 48000 Hz", "")
        assert not Path(f"/dev/shm/SuperColliderServer_{port_of(remote)}").exists(), "others can read it"
        heard, rate = heard_on_jack(tmp_path, 4)
        found = onsets(heard)
        assert rate == RATE and len(found) in (8, 9, 10, 11)
        # JACK without a card keeps time as well as the machine lets it; what is asked here is that no beat is lost.
        assert np.median(np.diff(found)) == pytest.approx(0.4 * RATE, rel=0.05)

        assert remote.process_id is not None
        (engine,) = children(remote.process_id)
        player = os.pidfd_open(remote.process_id)
        os.kill(engine, signal.SIGKILL)
        assert select.select([player], [], [], 5)[0], "the player did not notice"
        os.close(player)
        # JACK needs about two seconds until it believes that a client is dead: twenty times its timeout.
        state = remote.state()
        assert state.playing and state.sound == "external 48000 Hz" and state.restarts == 1
        assert remote.news().startswith("the engine ended")
        (engine,) = children(remote.process_id)
        last = os.pidfd_open(engine)
    finally:
        remote.close()
    assert select.select([last], [], [], 5)[0], "the engine outlives its player"
    os.close(last)
