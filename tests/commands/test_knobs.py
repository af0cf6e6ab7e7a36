"""Knobs and buttons in a studio: messages as the MIDI process tells them, and what becomes of the project."""

import asyncio
import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardcore import open_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance import knobs
from hardcore.controller.events import CommandRan, MidiReceived, Notified, StepMade
from hardcore.errors import UserError
from hardcore.project import controlmaps
from hardcore.project.difference import differences
from hardcore.project.merge import merge
from hardcore.project.state import ProjectState
from hardcore.project.text import text
from hardcore.surfaces.live import LiveStudio
from tests.song import song, studio_with_song
from tests.surfaces.stage import full_screen

Told = queue.Queue[StepMade | Notified]


@pytest.fixture
def studio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    """Yield a studio without MIDI ports, where a gesture ends when `rested` says so."""
    monkeypatch.setattr(knobs, "REST_S", 600)
    with open_studio() as studio:
        studio._studio.hands = None
        for line in ("/track add kick --instrument kick909", "/track add bass --instrument acid303", "/gain kick -20"):
            studio.do(line)
        yield studio


@pytest.fixture
def told(studio: LiveStudio) -> Told:
    """Return the steps that are made and the words that are said from now on."""
    told: Told = queue.Queue()
    studio._studio.controller.events.subscribe((StepMade, Notified), told.put)
    return told


def sent(studio: LiveStudio, number: int, *values: int, message: str = "cc", channel: int = 1) -> None:
    """Let a controller send values, one right after the other."""
    for value in values:
        event = MidiReceived(port="nano", message=message, channel=channel, number=number, value=value)  # type: ignore[arg-type]
        studio._studio.controller.events.tell(event)


def rested(studio: LiveStudio) -> None:
    """Let the knobs rest: what was sent has been taken, and the gesture has ended."""
    done: Future[None] = Future()

    def rest() -> None:
        found = studio._studio.recall(knobs.Knobs)
        assert found is not None
        found._rest()
        done.set_result(None)

    studio._loop.call_soon_threadsafe(rest)
    done.result(15)


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 15
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)  # between two looks


def kick(project: ProjectState) -> float:
    return project.find_track("kick").mixer.gain_db


def fresh(studio: LiveStudio, told: Told, *lines: str) -> None:
    for line in lines:
        studio.do(line)
    while not told.empty():
        told.get()


def test_a_knob_that_jumps_is_heard_at_once_and_is_one_step_when_it_rests(
    studio: LiveStudio, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh(studio, told, "/map add cc7 gain kick --mode jump --low -60 --high 0", "/map add cc8 pan bass --mode jump")
    hearing = studio._studio.controller.hearing
    before = len(studio._studio.controller.history.steps)
    sent(studio, 7, *range(0, 128))
    sent(studio, 8, 127)
    until(lambda: kick(hearing.heard) == 0 and hearing.heard.find_track("bass").mixer.pan == 1)
    assert kick(studio.project) == -20, "nothing is a step yet"
    monkeypatch.setattr(knobs, "REST_S", 0.4)  # the rest of 0.4 s begins with the next message
    sent(studio, 8, 127)
    step = told.get(timeout=15)
    assert isinstance(step, StepMade) and step.author == "you"
    assert step.label == "track gain kick 0; track pan bass 1"
    assert kick(studio.project) == 0 and studio.project.find_track("bass").mixer.pan == 1
    assert len(studio._studio.controller.history.steps) == before + 1
    studio.do("/undo")
    assert kick(studio.project) == kick(hearing.heard) == -20


def test_a_knob_picks_a_value_up_where_it_passes_it_and_says_how_far_that_is(studio: LiveStudio, told: Told) -> None:
    fresh(studio, told, "/map add cc7 gain kick --low -60 --high 0")
    sent(studio, 7, 10, 20, 30)
    rested(studio)
    said = told.get(timeout=15)
    assert isinstance(said, Notified)
    assert said.message == "cc 7: track gain kick is at -20 dB, the knob at -45.8 dB: 55 of 127 up to go"
    sent(studio, 7, 60, 100)  # past 84.7, where −20 dB is
    rested(studio)
    step = told.get(timeout=15)
    assert isinstance(step, StepMade)
    assert kick(studio.project) == pytest.approx(-60 + 60 * 100 / 127, abs=0.01)
    studio.do("/undo")  # the value is elsewhere now: the knob has to meet it again
    sent(studio, 7, 110)
    rested(studio)
    assert isinstance(said := told.get(timeout=15), Notified) and "25 of 127 down to go" in said.message
    assert kick(studio.project) == -20


def test_a_relative_knob_goes_whole_steps_where_a_value_has_only_those(studio: LiveStudio, told: Told) -> None:
    fresh(studio, told, "/track instrument bass chip_lead", "/map add cc9 set bass arp --mode twos")
    sent(studio, 9, 1, 1, 127, 1)
    rested(studio)
    step = told.get(timeout=15)
    assert isinstance(step, StepMade)
    instrument = step.new.find_track("bass").instrument
    assert instrument is not None and instrument.value("arp") == 2


def test_buttons_toggle_hold_and_run_commands(studio: LiveStudio, told: Told) -> None:
    fresh(
        studio, told, "/map add cc1 gain kick --mode toggle --low -96 --high 0", "/map add note36 mute bass",
        "/map add cc2 pan bass --mode momentary --low 0 --high 1", "/map add cc3 tempo 150",
    )  # fmt: skip
    sent(studio, 1, 127, 0)
    rested(studio)
    assert isinstance(step := told.get(timeout=15), StepMade) and kick(step.new) == -96
    sent(studio, 1, 127, 0)
    rested(studio)
    assert isinstance(step := told.get(timeout=15), StepMade) and kick(step.new) == 0
    sent(studio, 36, 100, message="note")
    assert isinstance(step := told.get(timeout=15), StepMade) and step.new.find_track("bass").mixer.mute
    sent(studio, 3, 20, 127, 100, 0)
    assert isinstance(step := told.get(timeout=15), StepMade) and step.new.tempo_map.bpm == 150
    hearing = studio._studio.controller.hearing
    sent(studio, 2, 127)
    until(lambda: hearing.heard.find_track("bass").mixer.pan == 1)
    sent(studio, 2, 0)
    until(lambda: hearing.heard.find_track("bass").mixer.pan == 0)


def test_only_the_controller_that_is_mapped_is_heard(studio: LiveStudio, told: Told) -> None:
    fresh(studio, told, "/map add cc7 gain kick --mode jump --channel 2 --port nano", "/map add cc9 tempo 99")
    sent(studio, 7, 0)
    sent(studio, 7, 0, message="note", channel=2)
    sent(studio, 9, 127)
    assert isinstance(step := told.get(timeout=15), StepMade) and step.new.tempo_map.bpm == 99
    assert kick(step.new) == -20


def test_a_track_that_is_gone_is_said_and_a_renamed_one_is_still_meant(studio: LiveStudio, told: Told) -> None:
    fresh(studio, told, "/map add cc7 gain kick --mode jump", "/track rename kick boom")
    sent(studio, 7, 127)
    rested(studio)
    assert isinstance(step := told.get(timeout=15), StepMade) and step.new.find_track("boom").mixer.gain_db == 6
    fresh(studio, told, "/track remove boom")
    sent(studio, 7, 0)
    rested(studio)
    assert isinstance(said := told.get(timeout=15), Notified) and said.message.startswith("cc 7: no track")
    ((row,),) = (studio.call("map list").data()["items"],)
    assert row["state"].startswith("no track")


def test_learning_maps_the_next_knob_that_is_really_moved(studio: LiveStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    def listen() -> None:
        sent(studio, 3, 64, 65, 64, 66, channel=3)  # it stands still, and trembles
        sent(studio, 36, 100, message="note")
        sent(studio, 7, 50, 52, 54, channel=2)

    hands = SimpleNamespace(listen=listen, keep_time=lambda now: None, send=lambda frames: None, close=lambda: None)
    monkeypatch.setattr(studio._studio, "hands", hands)
    answer = studio.do("/learn gain kick --low -30")
    assert answer is not None and answer.text() == "cc 7, channel 2, nano → track gain kick (pickup)"
    answer = studio.do("/learn launch next")
    assert answer is not None and answer.text() == "note C2, channel 1, nano → launch next"
    assert [one.low for one in studio.project.maps] == [-30, None]
    studio.do("/learn pan bass")
    assert [one.target.split()[1] for one in studio.project.maps] == ["next", "pan"], "it does what it learned last"
    monkeypatch.setattr(studio._studio.hands, "listen", lambda: None)
    with pytest.raises(UserError, match="no controller was moved within"):
        studio.do("/learn gain kick --seconds 0.01")


REFUSED = [
    ("/map add cc7 gain nobody", "no track 'nobody'"),
    ("/map add cc200 gain kick", "'cc200' is no controller"),
    ("/map add knob gain kick", "'knob' is no controller"),
    ("/map add cc7 export x.wav", "no controller runs export: it changes files"),
    ("/map add cc7 track remove nobody --mode jump", "is run when a button is pressed"),
    ("/map add cc7 gain kick --high 99", "does not reach 99 dB"),
    ("/map add cc7 gain kick --curve exp", "cannot begin at -60"),
    ("/map add note36 gain kick --mode pickup", "a note is no pickup"),
    ("/map add cc7 gain kick --mode press", "lacks its value"),
    ("/map add cc7 set bass", "track set needs parameter"),
    ("/map remove 1", "no mapping '1'"),
    ("/map use nanocontrol2", "no device map 'nanocontrol2'"),
]


def test_what_cannot_be_mapped_is_said_in_one_line(studio: LiveStudio) -> None:
    for line, words in REFUSED:
        with pytest.raises(UserError) as refused:
            studio.do(line)
        assert words in refused.value.line(), line
    assert studio.project.maps == ()


def test_mappings_are_data_that_is_told_apart_merged_and_printed() -> None:
    base = song()
    ours = controlmaps.add(base, number=7, target="track gain t2")
    theirs = base.evolve(next_id=base.next_id + 1)
    theirs = controlmaps.add(theirs, number=8, target="track pan t2", mode="jump", channel=2)
    assert differences(base, ours) == ["map cc 7 added"]
    merged = merge(base, ours, theirs)
    assert not merged.conflicts and [one.number for one in merged.project.maps] == [7, 8]
    assert f"map k{base.next_id + 1} number=8 channel=2 target=track pan t2 mode=jump\n" in text(merged.project)


def test_the_maps_of_devices_are_right_and_do_what_they_say(studio: LiveStudio, told: Told) -> None:
    answer = studio.do("/map use gm")
    assert answer is not None and answer.text().startswith(
        "General MIDI: 6 controls mapped on every MIDI input; 26 left"
    )
    answer = studio.do("/map use nanokontrol2")
    assert answer is not None and "controls mapped" in answer.text()
    fresh(studio, told)
    for number, place in ((0, "gain"), (16, "pan")):  # the first fader up through its range, the first knob to its end
        sent(studio, number, 0, 64, 127)
        rested(studio)
        assert isinstance(step := told.get(timeout=15), StepMade)
        assert step.label.startswith(f"track {place} kick ")
    sent(studio, 48, 127, 0)
    assert isinstance(step := told.get(timeout=15), StepMade) and step.new.find_track("kick").mixer.mute
    studio.call("map remove", mapping="all")
    assert studio.project.maps == ()


WRONG = [
    ("name = 'x'\n[[control]]\ncc = 1\n", "control.1.target: Field required"),
    ("name = 'x'\n[[control]]\ntarget = 'play'\n", "a control has a cc, a note or a program"),
    ("name = 'x'\n[[control]]\ncc = 1\ntarget = 'plya'\n", "cc 1: no command 'plya'"),
    ("name = 'x'\n[[control]]\ncc = 126\ncount = 3\ntarget = 'play'\n", "3 controls are too many from 126 on"),
    (
        "name = 'x'\n[[control]]\ncc = 1\ntarget = 'play'\n[[control]]\ncc = 1\ntarget = 'stop'\n",
        "cc 1 is there twice",
    ),
    ("name = 'x", "at end of document"),
    ("name = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
]


def test_what_is_wrong_in_the_map_of_a_device_is_said_with_its_place(studio: LiveStudio, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    for content, words in WRONG:
        file.write_text(content)
        with pytest.raises(UserError) as refused:
            studio.call("map check", file=str(file))
        assert refused.value.line().startswith("bad.toml: ") and words in refused.value.line(), content


def test_what_a_knob_has_moved_is_kept_when_the_studio_closes(studio: LiveStudio, tmp_path: Path) -> None:
    studio.do("/map add cc7 gain kick --mode jump --low -60 --high 0")
    ran: queue.Queue[CommandRan] = queue.Queue()
    studio._studio.controller.events.subscribe(CommandRan, ran.put)
    hearing = studio._studio.controller.hearing
    sent(studio, 7, 0)
    until(lambda: kick(hearing.heard) == -60)
    studio.close()
    assert kick(studio._studio.controller.history.state()) == -60
    assert "track gain kick -60" in [event.line for event in list(ran.queue)]


def test_the_screen_shows_what_a_knob_moves_before_it_is_a_step() -> None:
    studio = studio_with_song()
    with full_screen(studio) as screen:

        async def moved() -> None:
            await run_line(studio, "/map add cc7 gain kick --mode jump --low -60 --high 0", Caller())
            studio.keep(knobs.Knobs(studio))
            before = kick(screen.board.shown().project)
            studio.controller.events.tell(MidiReceived(port="nano", message="cc", channel=1, number=7, value=0))
            await asyncio.sleep(0)  # what was told is taken in the loop
            assert kick(screen.board.shown().project) == -60 != before == kick(studio.controller.project)
            assert screen.board.shown().project is screen.board.shown().project, "it is not made anew to be drawn"

        asyncio.run(moved())
    studio.close()


def test_what_is_finer_than_a_control_change_moves_a_fader_as_finely(studio: LiveStudio, told: Told) -> None:
    for line in ("/map add fine7 gain kick --mode jump --low -60 --high 0", "/map add bend pan kick --mode jump"):
        studio.do(line)
    fresh(studio, told)
    sent(studio, 7, 8192, message="fine")
    sent(studio, 0, 0, message="bend")
    rested(studio)
    mixer = studio.project.find_track("kick").mixer
    assert mixer.gain_db == pytest.approx(-60 + 60 * 8192 / 16383, abs=0.01) and mixer.pan == -1
    studio.do("/map add program5 mute kick")
    for _ in range(2):
        sent(studio, 5, 0, message="program")
    assert [isinstance(told.get(timeout=15), StepMade) for _ in range(3)] == [True] * 3
    with pytest.raises(UserError, match="fine32"):
        studio.do("/map add fine32 gain kick")
    with pytest.raises(UserError, match="is no controller"):
        studio.do("/map add bend7 gain kick")
