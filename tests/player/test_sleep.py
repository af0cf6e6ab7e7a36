"""Tracks that are silent while others play are paused, and nothing that is for them reaches them meanwhile."""

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, Message, decode
from hardcore.music.tempo import PPQ
from hardcore.player.entryrequests import Timed
from hardcore.player.sequencer import Sequencer
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
from tests.player.test_sleep import routed, seldom

server = boot(find_embedded(), rate=48000, device="", buffer_frames=0)
host = Host(server)
host.sequencer.sleep.after_s = 0.2
project = routed(seldom(150, device="rim"))
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
counts = {track.name: meters[int(track.id[1:])] for track in project.tracks}
open(sys.argv[1], "w").write(json.dumps([counts, asleep]))
os._exit(0)
"""


def seldom(bpm: float = 120, device: str = "pluck", length_ticks: int = 240) -> ProjectState:
    """Return one note every two bars on the track t3, and nothing else."""
    project = new_project(seed=1)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    project, track = tracks.add_track(project, "seldom", instrument=device)
    return clips.add_clip(project, track, "s2", 2 * BAR, [Note(0, length_ticks, 60, 110)])[0]


def routed(project: ProjectState) -> ProjectState:
    """Return the project with its track in a group that sends to a return, and a group and a return for nobody."""
    project, group = tracks.add_track(project, "group", "group")
    project, echo = tracks.add_track(project, "echo", "return")
    project, _ = tracks.add_effect(project, echo, "eq")
    project = tracks.set_send(tracks.route(project, "t3", group), group, echo, -60)
    project, _ = tracks.add_track(project, "empty group", "group")
    return tracks.add_track(project, "empty return", "return")[0]


@needs_alsa
def test_the_engine_computes_nothing_of_a_track_that_sleeps_and_its_next_note_is_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (meters, asleep), sound = heard_apart(SCRIPT, tmp_path, monkeypatch)
    assert asleep == 5
    assert meters["seldom"] < meters["master"] * 0.8
    assert meters["seldom"] <= meters["group"] <= meters["echo"] < meters["master"] * 0.9
    assert max(meters["empty group"], meters["empty return"]) < meters["master"] * 0.3
    found = onsets(sound)
    assert len(found) == 4
    # half a block of the engine: a busy machine moves its idea of the clock by a few samples in ten seconds
    assert np.abs(spacing_errors(found, 150, step_beats=8)).max() < 32
    peaks = [np.abs(sound[:, at : at + 2000]).max() for at in found]
    assert max(peaks) / min(peaks) < 1.06


class Engine:
    """What an engine does with requests, in order of their samples; which tracks are paused.

    way   the tracks that a note goes through
    """

    def __init__(self, way: Iterable[str]) -> None:
        self.way = {nodes.track_group(track) for track in way}
        self.paused: set[Argument] = set()
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
            (self.paused.discard if words[1] else self.paused.add)(words[0])
        else:
            assert not self.paused & self.way, f"{address} came to a track that is paused, or goes on to one"
            self.notes += address == "/s_new"


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_done_with_a_track_while_it_is_paused(seed: int) -> None:
    chance = random.Random(seed)
    project = seldom(device=chance.choice(("pluck", "rim")), length_ticks=chance.choice((240, 5 * PPQ)))
    clip = project.tracks[0].clips[0].id
    project = automation.with_point(project, clip, "t3", "pan", BAR, 0)
    project = routed(automation.with_point(project, clip, "t3", "pan", BAR + PPQ, 1))
    way = [project.find_track(name).id for name in ("seldom", "group", "echo")]
    sequencer, engine, slept = Sequencer(project, RATE, 2), Engine(way), 0
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
            was = engine.way <= engine.paused
            engine.at_once(sequencer.fall_asleep(now, [track.id for track in project.tracks]))
            slept += engine.way <= engine.paused and not was
    assert slept >= 2
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
    assert sleep.asleep.keys() == {"t3"}
    assert sleep.fall(project, far, set(), ["t3"]) == []


def test_all_are_woken_even_where_what_woke_one_was_taken_back() -> None:
    project, sleep = seldom(), Sleep(RATE)
    (pause,) = sleep.fall(project, 600.0 * RATE, set(), ["t3"])
    (woken,) = sleep.stir(project, "t3", 601.0 * RATE)
    assert decode(pause)[1] == [("/n_run", [nodes.track_group("t3"), 0])]
    assert sleep.wake(601.0 * RATE) == [woken]
    assert sleep.wake(601.0 * RATE) == []
    assert sleep.fall(project, 602.0 * RATE, set(), ["t3"]) == []


def test_groups_and_returns_sleep_once_all_that_feed_them_do_and_wake_with_each_of_them() -> None:
    project, sleep = routed(seldom()), Sleep(RATE)
    ids = {track.name: track.id for track in project.tracks}
    project, other = tracks.add_track(project, "other", instrument="rim")
    project = tracks.set_send(project, other, ids["echo"], -6)
    everyone, far = [track.id for track in project.tracks], 600.0 * RATE

    def asleep() -> set[str]:
        return {track.name for track in project.tracks if track.id in sleep.asleep}

    sleep.stir(project, other, far - RATE)
    sleep.fall(project, far, set(), everyone)
    assert asleep() == {"seldom", "empty group", "empty return"}
    sleep.fall(project, far + 60 * RATE, set(), everyone)
    assert asleep() == {"seldom", "empty group", "empty return", "group", "other"}, "echo is fed until just now"
    sleep.fall(project, far + 60 * RATE + RATE, set(), everyone)
    assert "echo" not in asleep(), "it rings on itself"
    sleep.fall(project, far + 120 * RATE, set(), everyone)
    assert asleep() == {track.name for track in project.tracks} - {"master"}
    woken = sleep.stir(project, "t3", far + 121 * RATE)
    assert {decode(one)[1][0][1][0] for one in woken} == {
        nodes.track_group(ids[name]) for name in ("seldom", "group", "echo")
    }
    assert asleep() == {"other", "empty group", "empty return"}
    played = project.with_track(other, lambda track: track.evolve(midi_in=MidiInput()))
    sleep.wake(0.0)
    for at in (1, 2, 3):
        sleep.fall(played, at * far, set(), everyone)
    assert asleep() == {"seldom", "group", "empty group", "empty return"}, "a hand may play what feeds echo"


def test_an_audio_track_sleeps_when_its_sound_is_over() -> None:
    project, audio = tracks.add_track(new_project(seed=1), "voice", "audio")
    sleep = Sleep(RATE)
    sleep.stir(project, audio, 10.0 * RATE, until=60.0 * RATE)
    assert sleep.fall(project, 50.0 * RATE, set(), [audio]) == [], "it plays a rest that is longer than any tail"
    assert sleep.fall(project, 70.0 * RATE, set(), [audio]) != []
