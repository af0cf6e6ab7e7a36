"""Tracks that are silent while others play are paused, and nothing that is for them reaches them meanwhile."""

import random
from pathlib import Path

import numpy as np
import pytest

from hardcore.engine import nodes
from hardcore.engine.osc import Message, decode
from hardcore.music.tempo import PPQ
from hardcore.player.sequencer import Sequencer, Timed
from hardcore.player.sleep import Sleep
from hardcore.project import automation, clips, tracks
from hardcore.project.midiin import MidiInput
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from tests.player.device import heard_apart, needs_alsa, onsets
from tests.player.test_sound import spacing_errors

RATE, BAR = 48_000, 4 * PPQ
AHEAD = RATE // 8

# The engine prints and never unloads: it runs in a process of its own.
SCRIPT = """
import json, os, sys, time
from collections import Counter
from hardcore.engine.boot import boot
from hardcore.engine.offline import find_embedded
from hardcore.player.host import Host
from tests.player.test_sleep import seldom

server = boot(find_embedded(), rate=48000, device="", buffer_frames=0)
host = Host(server)
host.sequencer.sleep.after_s = 0.2
project = seldom(150, device="rim")
host.follow(project)
meters, asleep = Counter(), 0

def until(done, limit_s=25):
    global asleep
    end = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < end, "nothing happens"
        server.wait(0.01)
        answers = server.received()
        meters.update(int(words[1]) for address, words in answers if address == "/meter")
        host.hear(answers)
        host.run()
        asleep = max(asleep, len(host.sequencer.sleep.asleep))

def passed(seconds):
    start = host.clock.now()
    return lambda: host.clock.now() - start > seconds * 48000

until(lambda: host.clock.settled)
meters.clear()
host.sequencer.play(host.soon(), 0)
until(passed(10.2))
server.close()
open(sys.argv[1], "w").write(json.dumps([meters[1], meters[3], asleep]))
os._exit(0)
"""


def seldom(bpm: float = 120, device: str = "pluck", length_ticks: int = 240) -> ProjectState:
    """Return one note every two bars on the track t3, and nothing else."""
    project = new_project(seed=1)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    project, track = tracks.add_track(project, "seldom", instrument=device)
    return clips.add_clip(project, track, "s2", 2 * BAR, [Note(0, length_ticks, 60, 110)])[0]


@needs_alsa
def test_the_engine_computes_nothing_of_a_track_that_sleeps_and_its_next_note_is_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (master, track, asleep), sound = heard_apart(SCRIPT, tmp_path, monkeypatch)
    assert asleep == 1
    assert track < master * 0.8
    found = onsets(sound)
    assert len(found) == 4
    # half a block of the engine: a busy machine moves its idea of the clock by a few samples in ten seconds
    assert np.abs(spacing_errors(found, 150, step_beats=8)).max() < 32
    peaks = [np.abs(sound[:, at : at + 2000]).max() for at in found]
    assert max(peaks) / min(peaks) < 1.06


class Engine:
    """What an engine does with requests, in order of their samples; whether the track is paused."""

    def __init__(self) -> None:
        self.paused = False
        self.notes = 0
        self._coming: list[tuple[float, Message]] = []

    def take(self, found: list[Timed]) -> None:
        for timed in found:
            self._coming += [(round(timed.sample), decode(request)[1][0]) for request in timed.requests]

    def at_once(self, requests: list[bytes]) -> None:
        for request in requests:
            self._do(decode(request)[1][0])

    def go_on(self, now: float) -> None:
        due = [message for sample, message in self._coming if sample <= now]
        self._coming = [(sample, message) for sample, message in self._coming if sample > now]
        for message in due:
            self._do(message)

    def clear(self) -> None:
        self._coming.clear()

    def _do(self, message: Message) -> None:
        address, words = message
        if address == "/n_run":
            assert words[0] == nodes.track_group("t3")
            self.paused = words[1] == 0
        else:
            assert not self.paused, f"{address} came to a track that is paused"
            self.notes += address == "/s_new"


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_done_with_a_track_while_it_is_paused(seed: int) -> None:
    chance = random.Random(seed)
    project = seldom(device=chance.choice(("pluck", "rim")), length_ticks=chance.choice((240, 5 * PPQ)))
    clip = project.tracks[0].clips[0].id
    project = automation.with_point(project, clip, "t3", "pan", BAR, 0)
    project = automation.with_point(project, clip, "t3", "pan", BAR + PPQ, 1)
    sequencer, engine, slept = Sequencer(project, RATE, 2), Engine(), 0
    sequencer.sleep.after_s = chance.choice((0.0, 0.2))
    sequencer.play(0, 0)
    for now in range(0, 60 * RATE, RATE // 20):
        engine.take(sequencer.advance(now + AHEAD))
        engine.go_on(now)
        if chance.random() < 0.02:  # a seek: what is on its way is taken back
            engine.clear()
            engine.at_once(sequencer.sleep.wake(sequencer.horizon))
            sequencer.seek(now + AHEAD, chance.randrange(2 * BAR))
        if chance.random() < 0.5:
            was = engine.paused
            engine.at_once(sequencer.fall_asleep(now, ["t3", "t1"]))
            slept += engine.paused and not was
    assert slept >= 3
    assert engine.notes >= 5


def test_a_track_sleeps_only_when_it_has_rung_out_and_nobody_else_may_play_it() -> None:
    project = seldom(device="pad", length_ticks=8 * PPQ - 10)
    sleep = Sleep(RATE)
    far = 600.0 * RATE
    assert sleep.fall(project, 4.0 * RATE, set(), ["t3"]) == []  # it may still ring
    assert sleep.fall(project, far, {"t3"}, ["t3"]) == []  # a note is down
    assert sleep.fall(project, far, set(), []) == []  # its meter moves
    played = project.with_track("t3", lambda track: track.evolve(midi_in=MidiInput()))
    assert sleep.fall(played, far, set(), ["t3"]) == []
    assert sleep.fall(project, far, set(), ["t1", "t3"]) != []  # never the master
    assert sleep.asleep == {"t3"}
    assert sleep.fall(project, far, set(), ["t3"]) == []


def test_all_are_woken_even_where_what_woke_one_was_taken_back() -> None:
    project, sleep = seldom(), Sleep(RATE)
    (pause,) = sleep.fall(project, 600.0 * RATE, set(), ["t3"])
    (woken,) = sleep.stir("t3", 601.0 * RATE)
    assert decode(pause)[1] == [("/n_run", [nodes.track_group("t3"), 0])]
    assert sleep.wake(601.0 * RATE) == [woken]
    assert sleep.wake(601.0 * RATE) == []
    assert sleep.fall(project, 602.0 * RATE, set(), ["t3"]) == []
