"""Another piece in place of the one that plays: all of its clips play, from the launch grid on, in step."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hardcore.compose.producer import compose
from hardcore.language.prompt.understand import understand
from hardcore.music.tempo import PPQ
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.player.sequencer import Sequencer
from hardcore.project import scenes
from hardcore.project.playback import Launched, Loop
from hardcore.project.state import ProjectState, new_project
from tests.player.device import Recorder, needs_alsa
from tests.player.test_sequencer import RATE, lines, run
from tests.saying import say

PAIRS = [
    ("techno 138 bpm, 2 bars", 7, "house 124 bpm, 2 bars", 1),
    ("funk, 2 bars", 3, "drum and bass, 2 bars", 5),
    ("dub techno, 2 bars", 11, "trap 140 bpm, 2 bars", 4),
    ("acid 130 bpm, 4 bars", 2, "acid 130 bpm, 4 bars", 9),
]


def piece(words: str, seed: int) -> ProjectState:
    """Return what a sentence makes."""
    return compose(understand(words), seed)


def first_scene(project: ProjectState) -> dict[str, str]:
    """Return the clips of the first scene by track."""
    return dict(project.scenes[0].slots)


def playing(launched: dict[str, Launched]) -> dict[str, str | None]:
    """Return clips by track."""
    return {track: one.clip for track, one in launched.items()}


@pytest.mark.parametrize(("old_words", "old_seed", "words", "seed"), PAIRS)
@pytest.mark.parametrize("changed", ["as it was", "another scene", "tracks stopped"])
def test_every_clip_of_another_piece_plays(old_words: str, old_seed: int, words: str, seed: int, changed: str) -> None:
    old, new = piece(old_words, old_seed), piece(words, seed)
    sequencer = Sequencer(old, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, RATE)
    if changed == "another scene":
        old, second = scenes.copy_scene(old, old.scenes[0].id, "B")
        sequencer.follow(old)
        slots = next(scene for scene in old.scenes if scene.id == second).slots
        sequencer.launch(dict(slots), lambda clip, tick: tick)
    elif changed == "tracks stopped":
        sequencer.launch(dict.fromkeys(list(old.scenes[0].slots)[:-1]), lambda clip, tick: tick)
    run(sequencer, 3 * RATE)
    sequencer.follow(new)
    run(sequencer, 8 * RATE)
    assert playing(sequencer.session.clips) == first_scene(new)
    origins = {launched.tick for launched in sequencer.session.clips.values()}
    assert len(origins) == 1 and new.meter_map.position(origins.pop())[1:] == (1, 1, 0)


def test_going_back_to_a_piece_plays_what_played_when_it_was_left() -> None:
    old, new = piece(*PAIRS[0][:2]), piece(*PAIRS[0][2:])
    old, second = scenes.copy_scene(old, old.scenes[0].id, "B")
    slots = dict(next(scene for scene in old.scenes if scene.id == second).slots)
    stopped = next(iter(slots))
    sequencer = Sequencer(old, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, 100)
    sequencer.launch({**slots, stopped: None}, lambda clip, tick: tick)
    run(sequencer, RATE)
    sequencer.follow(new)
    run(sequencer, 5 * RATE)
    sequencer.follow(old)
    run(sequencer, 9 * RATE)
    assert playing(sequencer.session.clips) == {**slots, stopped: None}


def test_a_piece_that_came_while_it_stood_plays_from_its_first_scene() -> None:
    old, new = piece(*PAIRS[1][:2]), piece(*PAIRS[1][2:])
    sequencer = Sequencer(old, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, RATE)
    sequencer.stop()
    sequencer.follow(new)
    sequencer.play(2 * RATE, 0)
    assert playing(sequencer.session.clips) == first_scene(new)


def test_an_opened_project_with_the_same_ids_is_another_one() -> None:
    project = piece(*PAIRS[1][:2])
    empty = new_project()
    sequencer = Sequencer(empty, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, RATE)
    sequencer.follow(project.evolve(seed=0, provenance=None), opening=1)
    run(sequencer, 5 * RATE)
    assert playing(sequencer.session.clips) == first_scene(project)


def test_a_loop_keeps_going_round_and_the_other_piece_enters_at_its_start() -> None:
    old, new = piece(*PAIRS[0][:2]), piece(*PAIRS[0][2:])
    sequencer = Sequencer(old, RATE, 2)
    sequencer.loop = Loop(start_ticks=0, end_ticks=2 * PPQ)
    sequencer.play(0, 0)
    run(sequencer, RATE // 2)
    sequencer.follow(new)
    assert lines(sequencer.advance(6 * RATE))
    assert playing(sequencer.session.clips) == first_scene(new)


@pytest.mark.parametrize("words", ["add a pad", "add a shaker"])
def test_a_part_that_is_added_while_it_plays_is_heard_in_step(words: str) -> None:
    old = piece("techno 138 bpm, 4 bars", 7)
    new = say(old, words)
    sequencer = Sequencer(old, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, 3 * RATE)
    sequencer.follow(new)
    assert playing(sequencer.session.clips) == first_scene(new)
    assert {launched.tick for launched in sequencer.session.clips.values()} == {0}
    sequencer.follow(old)
    assert playing(sequencer.session.clips) == first_scene(old)


def test_a_part_that_is_added_to_another_scene_waits_to_be_launched() -> None:
    old = piece("techno 138 bpm, 4 bars", 7)
    two, second = scenes.copy_scene(old, old.scenes[0].id, "B")
    new = say(two, "add a pad")
    sequencer = Sequencer(two, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, RATE)
    slots = next(scene for scene in two.scenes if scene.id == second).slots
    sequencer.launch(dict(slots), lambda clip, tick: tick)
    run(sequencer, 2 * RATE)
    sequencer.follow(new)
    assert playing(sequencer.session.clips) == dict(next(scene for scene in new.scenes if scene.id == second).slots)


def settled(remote: Remote, wanted: dict[str, str], wait: Callable[[float], None]) -> bool:
    """Return whether all that is wanted plays within some seconds."""
    for _ in range(60):
        state = remote.state()
        if playing(dict(state.clips)) == wanted and not state.queue:
            return True
        wait(0.1)
    return False


@needs_alsa
@pytest.mark.timeout(90)
def test_a_piece_that_follows_another_while_it_plays_is_heard_whole_and_without_a_gap(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    pieces = [piece(*PAIRS[0][:2]), piece(*PAIRS[0][2:]), piece(*PAIRS[1][2:])]
    remote = play(pieces[0])
    remote.play()
    recorder.wait_s(2.2)
    begin = recorder.frames
    for new in pieces[1:]:
        before = remote.state().tick
        remote.follow(new)
        assert settled(remote, first_scene(new), recorder.wait_s)
        state = remote.state()
        origin = next(iter(state.clips.values())).tick
        bar = new.meter_map.bar_ticks(0)
        assert origin % bar == 0 and before <= origin <= before + 3 * bar
        silent = set(first_scene(new))
        for _ in range(50):
            silent -= {track for track, level in remote.state().peaks_db.items() if level > -70}
            if not silent:
                break
            recorder.wait_s(0.1)
        assert not silent, [new.find_track(track).name for track in silent]
    sound = recorder.sound(begin)
    size = 48_000 // 2
    levels = [np.abs(sound[:, at : at + size]).max() for at in range(0, sound.shape[1] - size, size)]
    assert min(levels) > 0.02, levels


def test_a_piece_that_waits_is_said_to_wait_and_a_launch_brings_it_at_once(tmp_path: Path) -> None:
    old, new = piece(*PAIRS[0][:2]), piece(*PAIRS[0][2:])
    remote = Remote(old, lambda: EngineChoice(kind="none"), lambda: tmp_path / "player.log")
    try:
        remote.quantize("8")
        remote.play()
        remote.follow(new)
        state = remote.state()
        assert not state.clips and playing(dict(state.queue)) == first_scene(new)
        kick = next(iter(first_scene(new)))
        remote.launch({kick: None}, "none")
        state = remote.state()
        assert state.queue.keys() | state.clips.keys() == first_scene(new).keys()
        remote.follow(old)
        remote.stop()
        assert playing(dict(remote.play().clips)) == first_scene(old)
    finally:
        remote.close()
