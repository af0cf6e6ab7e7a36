"""A stopped player's mixer rests: the engine computes nothing of it, and the first note after a rest is whole."""

from pathlib import Path

import numpy as np
import pytest

from hardcore.player.rest import Rest
from tests.player.device import heard_apart, needs_alsa, onsets
from tests.player.test_sound import spacing_errors

# The engine prints and never unloads: it runs in a process of its own.
SCRIPT = """
import json, os, sys, time
from hardcore.engine.boot import boot
from hardcore.engine.offline import find_embedded
from hardcore.player.host import Host
from tests.player.test_sound import beats

server = boot(find_embedded(), rate=48000, device="", buffer_frames=0)
host = Host(server)
host.rest.after_s = 0.5
host.follow(beats())

def until(done, limit_s=15):
    end, meters = time.monotonic() + limit_s, 0
    while not done():
        assert time.monotonic() < end, "nothing happens"
        server.wait(0.01)
        answers = server.received()
        meters += sum(address == "/meter" for address, _ in answers)
        host.hear(answers)
        host.run()
    return meters

def passed(seconds):
    start = host.clock.now()
    return lambda: host.clock.now() - start > seconds * 48000

def played():
    host.sequencer.play(host.soon(), 0)
    return until(passed(1.7))

until(lambda: host.clock.settled)
counts = [played()]
host.sequencer.stop()
host.silence()
until(lambda: host.rest.on)
until(passed(0.2))
counts += [until(passed(1.0)), played()]
server.close()
open(sys.argv[1], "w").write(json.dumps(counts))
os._exit(0)
"""


@needs_alsa
def test_a_mixer_that_rests_is_not_computed_and_its_first_note_is_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before, resting, after), sound = heard_apart(SCRIPT, tmp_path, monkeypatch)
    assert before > 10
    assert resting == 0
    assert after > 10
    found = onsets(sound)
    # 1.7 s of four beats at 150 BPM are five hits, before the rest and after it
    assert len(found) == 10
    for hits in (found[:5], found[5:]):
        # The curve through the first probes of a clock is now and then a sample off, at either end.
        assert np.abs(spacing_errors(hits, 150)).max() <= 2


def test_a_rest_begins_after_silence_and_ends_at_once() -> None:
    rest = Rest(after_s=2.0)
    assert not rest.due(True, 10.0)
    assert not rest.due(False, 11.0)
    assert not rest.due(True, 11.5)
    assert not rest.end()
    assert not rest.due(True, 20.0)
    assert rest.due(True, 22.0)
    assert not rest.due(True, 30.0)
    assert rest.end()
    assert not rest.end()
