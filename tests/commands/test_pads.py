"""Pads and banks: what a controller presses is what its bank is over; a clip's mode says what that does."""

import queue
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardcore import open_studio
from hardcore.commands.performance import bank, devicemap, knobs
from hardcore.commands.performance.lightstate import lights_of, state_of
from hardcore.commands.performance.transport import Transport
from hardcore.controller.events import CommandRan, MidiReceived, StepMade
from hardcore.errors import UserError
from hardcore.project.controlmap import ControlMap
from hardcore.project.playback import Launched, Playback
from hardcore.project.state import ProjectState
from hardcore.surfaces.live import LiveStudio
from tests.commands.test_knobs import rested


@pytest.fixture
def studio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    """Yield a studio with ten tracks of a clip each, in scene A."""
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with open_studio() as studio:
        studio._studio.hands = None
        for number in range(1, 11):
            studio.do(f"/track add part{number} --instrument acid303")
        studio.do("/scene add B")
        for number in (1, 2, 9):
            studio.do(f"/clip add part{number} A")
        yield studio


def transport(studio: LiveStudio, line: str) -> Playback:
    """Return what the player says after a line."""
    studio.do(line)
    assert studio._studio.player is not None
    return studio._studio.player.state()


def clip_of(project: ProjectState, track: str) -> tuple[str, str]:
    found = project.find_track(track)
    return found.id, found.clips[0].id


def test_a_clip_is_pressed_and_let_go_as_its_mode_says(studio: LiveStudio) -> None:
    track, clip = clip_of(studio.project, "part1")
    assert transport(studio, "/launch press part1:A").clips[track].clip == clip
    studio.do("/launch release part1:A")
    assert track not in transport(studio, "/launch queue").queue, "a trigger goes on"
    studio.do("/clip mode part1:A gate")
    assert transport(studio, "/launch release part1:A").queue[track].clip is None
    studio.do("/clip mode part1:A toggle")
    assert transport(studio, "/launch press part1:A").queue[track].clip == clip
    assert transport(studio, "/launch press part1:A").queue[track].clip is None
    studio.do("/clip mode part1:A repeat")
    assert transport(studio, "/launch press part1:A").queue[track] == Launched(
        clip=clip, tick=transport(studio, "/launch queue").queue[track].tick, repeat="1"
    )
    transport(studio, "/launch release part1:A")
    assert transport(studio, "/launch press part2:B").queue[studio.project.find_track("part2").id].clip is None
    answer = studio.do("/launch press A")
    assert isinstance(answer, Transport) and answer.playing
    with pytest.raises(UserError, match="say the mode"):
        studio.do("/clip mode part1:A")


def test_a_bank_is_over_eight_tracks_and_what_its_places_mean_moves_with_it(studio: LiveStudio) -> None:
    project, now = studio.project, bank.bank_of(studio._studio)
    first, last = project.find_track("part1").id, project.find_track("part9").id
    assert now.line(project, "track gain bank:1") == f"track gain {first}"
    studio.do("/bank tracks next")
    assert now.line(project, "launch press pad:1:1") == f"launch press {last}:{project.scenes[0].id}"
    assert studio.do("/bank tracks next") == studio.do("/bank"), "it stays at the end"
    with pytest.raises(UserError, match="no track in column 8"):
        now.line(project, "mute bank:8")
    studio.do("/bank choose part2")
    before = now.line(project, "set track:chosen param:1")
    assert before.split()[1] == project.find_track("part2").id
    studio.do("/bank page next")
    assert now.line(project, "set track:chosen param:1") != before
    for line, why in (("/bank tracks far", "no track 'far'"), ("/bank scenes 99", "no scene '99'")):
        with pytest.raises(UserError, match=why):
            studio.do(line)


@pytest.mark.parametrize("name", sorted(devicemap.known_devices()))
def test_every_device_map_is_whole_and_maps_onto_a_project(studio: LiveStudio, name: str) -> None:
    device = devicemap.device_called(name)
    studio.do(f"/map use {name}")
    assert len(studio.project.maps) > 0.8 * sum(1 for _ in device.mappings()) or name == "gm"
    lit = [one for one in studio.project.maps if one.lights]
    assert len(lit) == len({(one.message, one.number, one.channel) for one in lit})
    for shown in lights_of(studio._studio):
        assert shown.port == device.port and len(shown.lights) == len(lit)
        assert all(status >= 0x90 and 0 <= value <= 127 for status, _, value in shown.lights)


def test_what_a_light_says_of_a_slot_a_scene_and_a_switch(studio: LiveStudio) -> None:
    track, clip = clip_of(studio.project, "part1")
    pad = ControlMap(id="k1", number=0, target="play", mode="press")
    on, off = Launched(clip=clip, tick=0), Launched(clip=None, tick=0)

    def slot(line: str, **now: object) -> object:
        playback = Playback(**now)
        seen = SimpleNamespace(
            controller=studio._studio.controller,
            player=SimpleNamespace(latest=lambda: playback),
            recall=studio._studio.recall,
        )
        return state_of(seen, pad, line)  # type: ignore[arg-type]

    assert slot("launch press part3:A") == "empty"
    assert slot("launch press part1:A") == "stopped"
    assert slot("launch press part1:A", queue={track: on}) == "queued"
    assert slot("launch press part1:A", playing=True, clips={track: on}, queue={track: off}) == "playing"
    assert slot("launch press part1:A", playing=False, clips={track: on}) == "stopped"
    assert slot("launch A", playing=True, clips={track: on}) == "playing"
    assert slot("launch B", playing=True, clips={track: on}) == "empty"
    assert slot("track mute part1") == "off"
    studio.do("/mute part1")
    assert slot("track mute part1") == "on"
    assert (slot("play"), slot("play", playing=True)) == ("off", "on")


def test_a_map_with_a_palette_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pads.toml"
    file.write_text('name = "Pads"\nport = "P"\n[[control]]\nnote = 1\ntarget = "play"\nlights = "pads"\n')
    with pytest.raises(UserError, match="no palette 'pads'"):
        devicemap.read_device(file)
    file.write_text('name = "Pads"\n[[control]]\nnote = 1\nrows = 20\ntarget = "play"\n')
    with pytest.raises(UserError, match="rows"):
        devicemap.read_device(file)


@pytest.mark.parametrize("name", sorted(devicemap.known_devices()))
def test_every_kind_of_control_of_a_device_moves_or_runs_what_its_map_says(
    studio: LiveStudio, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knobs, "REST_S", 600)
    device = devicemap.device_called(name)
    studio.do(f"/map use {name}")
    events = studio._studio.controller.events
    told: queue.Queue[StepMade | CommandRan] = queue.Queue()
    events.subscribe((StepMade, CommandRan), told.put)
    port = device.port or "any"
    silent = []
    for control in device.control:
        first = next(iter(control.mappings()))
        channel = first["channel"] or 1
        if not any((one.message, one.number) == (first["message"], first["number"]) for one in studio.project.maps):
            continue  # the project has nothing for it
        presses = [("note", 127), ("off", 0)] if first["message"] == "note" else [(first["message"], 0)]
        presses += [] if first["message"] == "note" else [(first["message"], value) for value in (64, 127, 1)]
        for message, value in presses:
            event = {"port": port, "message": message, "channel": channel, "number": first["number"], "value": value}
            events.tell(MidiReceived(**event))
        rested(studio)
        try:
            happened = told.get(timeout=5)
        except queue.Empty:
            silent.append(control.target)
            continue
        assert not isinstance(happened, CommandRan) or not happened.error, happened
        while not told.empty():
            told.get()
    assert not silent
