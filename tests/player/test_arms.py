"""What rules arm happens on the sample, once, and is told: by the sequencer alone, and on a real player."""

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.engine.osc import decode
from hardcore.music.tempo import PPQ
from hardcore.player.child import EngineChoice
from hardcore.player.entryrequests import Timed
from hardcore.player.remote import Remote
from hardcore.player.sequencer import Sequencer
from hardcore.project import clips, scenes, tracks
from hardcore.project.notes import Note
from hardcore.project.playback import Arm, Fired, Loop, Playback
from hardcore.project.recordings import audition
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState, new_project
from tests.player.device import Recorder, needs_alsa, onsets

RATE, BAR = 48_000, 4 * PPQ
A_BEAT = RATE // 2


def two_scenes() -> ProjectState:
    """Return 120 BPM, scene A with a hit on the first beat of a bar, scene B with one on the third."""
    project = new_project(seed=2)
    project, track = tracks.add_track(project, "one", instrument="rim")
    project, _ = clips.add_clip(project, track, "s2", BAR, [Note(0, 240, 60)])
    project, scene = scenes.add_scene(project, "B")
    return clips.add_clip(project, track, scene, BAR, [Note(2 * PPQ, 240, 60)])[0]


def begun(project: ProjectState | None = None, tick: int = 0) -> Sequencer:
    sequencer = Sequencer(project or two_scenes(), RATE, 2)
    sequencer.play(0, tick)
    return sequencer


def launch(tick: int, epoch: int = 1, target: str = "next", rule: str = "r1") -> Arm:
    return Arm(rule, tick, epoch, {"do": "launch", "target": target})


def run(sequencer: Sequencer, until: int, step: int) -> list[Timed]:
    found: list[Timed] = []
    while sequencer.playing and sequencer.horizon < until:
        found += sequencer.advance(min(until, sequencer.horizon + step))
    return found


def hits(found: list[Timed]) -> list[float]:
    """Return the beats at which a note begins."""
    starts = [t.sample for t in found for request in t.requests for line in decode(request)[1] if line[0] == "/s_new"]
    return [round(sample / A_BEAT, 6) for sample in starts]


@pytest.mark.parametrize("step", [7, 480, 5000, 10**6])
def test_a_launch_lands_on_its_tick_and_happens_once_however_dense_time_is_cut(step: int) -> None:
    sequencer = begun()
    arm = launch(BAR)
    sequencer.arms.change([arm, arm], [])
    found = run(sequencer, 2 * A_BEAT, step)
    sequencer.arms.change([arm], [])
    found += run(sequencer, 12 * A_BEAT + 1, step)
    sequencer.arms.change([arm], [])
    found += run(sequencer, 16 * A_BEAT, step)
    assert hits(found) == [0, 6, 10, 14], "A in bar 1, B in all that follow"
    fired = list(sequencer.arms.heard(4 * A_BEAT - 1)), list(sequencer.arms.heard(4 * A_BEAT))
    assert fired == ([], [Fired("r1", BAR, 1, "launch")]), "it is told when it is heard, not when it is sent"
    assert not list(sequencer.arms.heard(1e9))


def test_next_and_previous_go_by_what_plays_then_even_where_several_are_armed_at_once() -> None:
    sequencer = begun()
    sequencer.arms.change([launch(BAR), launch(2 * BAR), launch(3 * BAR, target="previous")], [])
    assert hits(run(sequencer, 16 * A_BEAT, 480)) == [0, 6, 8, 14]


def test_what_was_dropped_or_is_of_another_epoch_never_happens() -> None:
    sequencer = begun()
    sequencer.arms.change([launch(BAR), launch(2 * BAR, epoch=7), launch(2 * BAR, rule="r2")], [])
    sequencer.arms.change([], [launch(BAR).key])
    assert hits(run(sequencer, 12 * A_BEAT, 480)) == [0, 4, 10]
    assert [fired.rule for fired in sequencer.arms.heard(1e9)] == ["r2"]


def test_where_a_loop_begins_again_and_at_a_seek_another_epoch_begins() -> None:
    sequencer = begun()
    sequencer.loop = Loop(start_ticks=0, end_ticks=BAR)
    sequencer.arms.change([Arm("r1", PPQ, epoch) for epoch in (1, 2, 3, 5)], [])
    run(sequencer, 14 * A_BEAT, 480)
    assert [(fired.tick, fired.epoch) for fired in sequencer.arms.heard(1e9)] == [(PPQ, 1), (PPQ, 2), (PPQ, 3)]
    assert [sequencer.epoch(beat * A_BEAT).number for beat in (0, 3, 4, 11, 12)] == [1, 1, 2, 3, 4]
    assert sequencer.epoch(13 * A_BEAT).lap == 3
    sequencer.stop()
    assert sequencer.epoch(0).number == 4, "the next play begins the one after the last, whatever was heard of it"
    sequencer.play(14 * A_BEAT, 0)
    assert (sequencer.epoch(15 * A_BEAT).number, sequencer.epoch(15 * A_BEAT).lap) == (5, 0)


def test_a_seek_on_a_tick_goes_there_on_the_sample() -> None:
    sequencer = begun()
    sequencer.arms.change([Arm("r1", 2 * PPQ, 1, {"do": "seek", "tick": BAR}), Arm("r2", BAR + PPQ, 2)], [])
    assert hits(run(sequencer, 7 * A_BEAT, 480)) == [0, 2, 6]
    fired = list(sequencer.arms.heard(2.99 * A_BEAT)), list(sequencer.arms.heard(3.01 * A_BEAT))
    assert [[one.rule for one in some] for some in fired] == [["r1"], ["r2"]]


@pytest.mark.parametrize(("name", "tick"), [("stop", 0), ("pause", 2 * PPQ)])
def test_stop_and_pause_end_every_note_on_the_sample(name: str, tick: int) -> None:
    sequencer = begun()
    sequencer.arms.change([Arm("r1", 2 * PPQ, 1, {"do": name}), launch(2 * PPQ, rule="r2"), Arm("r3", 2 * PPQ, 1)], [])
    found = run(sequencer, 12 * A_BEAT, 480)
    assert hits(found) == [0] and not sequencer.playing and sequencer.tick == tick
    assert found[-1].sample == 2 * A_BEAT
    assert [decode(request)[1][0][0] for request in found[-1].requests] == ["/n_set"]
    first, second, third = sequencer.arms.heard(1e9)
    assert not first.error and "stopped the music" in second.error and not third.error, "a word is no action"


def test_what_comes_late_is_done_at_once_in_step_with_its_tick_and_says_how_late() -> None:
    sequencer = begun()
    found = run(sequencer, 4 * A_BEAT + 4800, 480)
    sequencer.arms.change([launch(BAR)], [])
    assert hits(found + run(sequencer, 8 * A_BEAT, 480)) == [0, 4, 6]
    (fired,) = sequencer.arms.heard(1e9)
    assert fired.late_ticks == 384


def test_during_a_count_in_nothing_happens_and_what_cannot_be_done_is_told() -> None:
    sequencer = Sequencer(two_scenes(), RATE, 2)
    sequencer.play(0, BAR, count_in_bars=1)
    sequencer.arms.change([launch(2 * PPQ), launch(2 * BAR, target="nowhere", rule="r2")], [])
    run(sequencer, 12 * A_BEAT, 480)
    (fired,) = sequencer.arms.heard(1e9)
    assert fired.rule == "r2" and "no scene or clip 'nowhere'" in fired.error


@pytest.fixture
def heard() -> "queue.Queue[Fired]":
    return queue.Queue()


@pytest.fixture
def remote(recorder: Recorder, tmp_path: Path, heard: "queue.Queue[Fired]") -> Iterator[Remote]:
    """Yield a real player of the two scenes on the recorded device."""

    def fired(several: tuple[Fired, ...]) -> None:
        for one in several:
            heard.put(one)

    remote = Remote(two_scenes(), EngineChoice, lambda: tmp_path / "player.log", lambda state: None, fired)
    yield remote
    remote.close()


def next_epoch(state: Playback) -> int:
    return state.epoch + 1


@needs_alsa
def test_on_a_real_player_launches_and_auditions_land_on_the_sample_and_are_told_once(
    remote: Remote, recorder: Recorder, heard: "queue.Queue[Fired]"
) -> None:
    epoch = next_epoch(remote.state())
    recorder.wait_s(2.2)  # its clock settles
    action = {"do": "audition", "project": audition(sample("perc_wood"))}
    tries = [Arm("r3", 2 * PPQ, epoch, action), Arm("r3", 3 * PPQ, epoch, action)]
    arms = [*tries, launch(BAR, epoch), Arm("r2", BAR + PPQ, epoch), launch(BAR, epoch)]
    assert remote.arm(arms, []) == remote.process_id
    begin = recorder.frames
    remote.play()
    assert [heard.get(timeout=20) for _ in tries] == [Fired(*arm.key, "audition") for arm in tries]
    assert heard.get(timeout=20) == Fired("r1", BAR, epoch, "launch")
    remote.arm(arms, [])
    assert heard.get(timeout=20) == Fired("r2", BAR + PPQ, epoch)
    recorder.wait_s(1.2)
    remote.stop()
    a, wood, again, b = onsets(recorder.sound(begin), threshold=0.01)[:4]
    # as exact as notes are beside other busy processes: of a hundred one may be more than a sample off
    assert abs(b - a - 6 * A_BEAT) <= 3, "B sounds on its third beat"
    assert abs(again - wood - A_BEAT) <= 3 and abs(wood - a - 2 * A_BEAT) < 200
    assert heard.empty()


@needs_alsa
def test_what_was_armed_is_armed_again_after_the_player_has_ended(
    remote: Remote, recorder: Recorder, heard: "queue.Queue[Fired]"
) -> None:
    remote.play()
    state = remote.state()
    before = remote.arm([launch(8 * BAR, state.epoch)], [])
    assert before == remote.process_id and before is not None
    os.kill(before, signal.SIGKILL)
    while remote.restarts == 0 or remote.state().tick == 0:
        recorder.wait_s(0.05)
    assert remote.state().epoch == state.epoch, "it goes on in the same epoch"
    tick = int(remote.state().tick)
    again = remote.arm([Arm("r1", tick + PPQ, state.epoch)], [])
    assert again not in (None, before), "another one, which knows nothing of earlier arms"
    assert heard.get(timeout=20) == Fired("r1", tick + PPQ, state.epoch)
