"""Crossfader, mute groups and morphs as commands: by hand, by a knob as one step, along the song, undone."""

import asyncio

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.maptarget import target_of
from hardcore.controller.studio import Studio
from hardcore.engine import nodes
from hardcore.engine.osc import decode
from hardcore.engine.plan import plan
from hardcore.player.sequencer import Sequencer
from tests.song import studio_with_song


def do(studio: Studio, *lines: str) -> str:
    answers = [asyncio.run(run_line(studio, line, Caller())) for line in lines]
    assert answers[-1] is not None
    return answers[-1].text()


def test_a_crossfader_is_moved_undone_and_reached_by_a_knob() -> None:
    studio = studio_with_song(None)
    try:
        do(studio, "/track side kick A", "/side bass b", "/crossfade A30")
        controller = studio.controller
        assert controller.project.master.mixer.crossfade == -0.3
        target = target_of(controller.project, "crossfade")
        assert target is not None and (target.value, target.command(1.0)) == (-0.3, "crossfade 1")
        moved = target.set(controller.project, 0.5)
        requests = [decode(one)[1] for one in plan(controller.project, moved).change]
        faded = {nodes.fade_node(moved.find_track(name).id) for name in ("kick", "bass")}
        assert {words[0] for ((_, words),) in requests} == faded, "nothing else moves"
        do(studio, "/undo")
        assert controller.project.master.mixer.crossfade == 0
    finally:
        studio.close()


def test_an_envelope_of_the_crossfader_moves_every_side_on_its_tick() -> None:
    studio = studio_with_song(None)
    try:
        do(studio, "/track side kick A", "/place bass:A 1", "/automation add master crossfade 1 -1")
        do(studio, "/automation add master crossfade 2 1")
        sequencer = Sequencer(studio.controller.project, 48_000, 2)
        sequencer.play(0, 0)
        found = []
        for sample, requests, _ in sequencer.advance(4 * 48_000):
            for one in requests:
                found += [(round(sample), words[2]) for _, words in decode(one)[1] if words[1:2] == ["crossfade"]]
        assert found[0] == (0, -1) and found[-1][1] == 1
        assert [value for _, value in found] == sorted(value for _, value in found)
        bar = studio.controller.project.tempo_map.frames(7680, 48_000)
        half = next(sample for sample, value in found if float(value) >= 0)
        assert abs(half - bar / 2) < bar / 50
    finally:
        studio.close()


def test_a_mute_group_is_muted_and_heard_together_in_one_step() -> None:
    studio = studio_with_song(None)
    try:
        do(studio, "/mute group set kick,bass 3")
        before = studio.controller.history.at
        do(studio, "/mute group 3")
        assert {track.name for track in studio.controller.project.tracks if track.mixer.mute} == {"kick", "bass"}
        assert studio.controller.history.at == before + 1
        do(studio, "/mute group 3")
        assert not any(track.mixer.mute for track in studio.controller.project.tracks)
    finally:
        studio.close()


def test_a_morph_is_one_knob() -> None:
    studio = studio_with_song(None)
    try:
        do(studio, "/scene add other", "/scene keep A", "/gain bass -20", "/set bass cutoff 5000", "/scene keep other")
        target = target_of(studio.controller.project, "morph A other")
        assert target is not None and target.value == 100
        do(studio, "/morph A other 0")
        assert studio.controller.project.find_track("bass").mixer.gain_db == 0
        assert target.set(studio.controller.project, 100).find_track("bass").mixer.gain_db == -20
    finally:
        studio.close()
