"""Capturing and recording what hands play, in a studio whose player keeps time."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance.capture import Captured
from hardcore.commands.performance.noterecorder import NoteRecorder
from hardcore.commands.performance.noterecording import Recording
from hardcore.controller.events import MidiReceived, StepMade
from hardcore.errors import UserError
from hardcore.project.take import BEAT
from hardcore.surfaces.live import LiveStudio

BAR = 4 * BEAT


@pytest.fixture
def studio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with open_studio() as studio:
        studio._studio.hands = None
        studio.do("/track add bass --instrument acid303")
        studio.do("/midi input bass --transpose 12")
        yield studio


def play(studio: LiveStudio, *notes: tuple[float, int], length_s: float = 0.1) -> None:
    """Let a keyboard play (seconds of the steady clock, key)."""
    for at, key in notes:
        for message, when in (("note", at), ("off", at + length_s)):
            event = MidiReceived(port="keys", message=message, channel=1, number=key, value=90, at_s=when)  # type: ignore[arg-type]
            studio._studio.controller.events.tell(event)


def test_what_was_played_into_an_empty_project_becomes_a_loop_and_its_tempo(studio: LiveStudio) -> None:
    with pytest.raises(UserError, match="nothing was played"):
        studio.do("/capture")
    begun, beat = time.monotonic() - 8, 60 / 100
    play(studio, *((begun + place * beat / 2, 36) for place in range(8)), (begun + 4 * beat, 48))
    answer = studio.do("/capture bass")
    assert isinstance(answer, Captured)
    assert (answer.bpm, answer.bars, answer.notes) == (100, 1, 8)
    assert studio.project.tempo_map.bpm == 100
    clip = studio.project.find_clip("bass:A")[1]
    assert [note.start_ticks for note in clip.notes] == [place * BEAT // 2 for place in range(8)]
    assert {note.pitch for note in clip.notes} == {48} and {note.velocity for note in clip.notes} == {90}
    studio.do("/undo")
    assert not studio.project.find_track("bass").clips and studio.project.tempo_map.bpm != 100


def test_what_was_played_over_the_music_stands_where_it_was_heard(studio: LiveStudio) -> None:
    studio.do("/clip add bass A --bars 1")
    player = studio._studio.player
    assert player is not None
    studio.do("/launch A")
    now = player.state()

    def at(tick: int) -> float:
        return now.at_s + (tick - now.tick) / (2 * BEAT)

    play(studio, (at(4 * BAR + BEAT), 36), (at(4 * BAR + 2 * BEAT + 40), 38))
    answer = studio.do("/capture --quantize 1/8")
    assert isinstance(answer, Captured) and answer.bpm is None
    clip = studio.project.find_clip(answer.clip)[1]
    assert [(note.start_ticks, note.pitch) for note in clip.notes] == [(BEAT, 48), (2 * BEAT, 50)]
    assert clip.length_ticks == BAR


def test_notes_are_recorded_over_a_clip_or_in_its_place_as_one_step(studio: LiveStudio) -> None:
    studio.do("/clip add bass A --bars 1")
    studio.do("/note add bass:A 1.1.1 C2")
    steps: list[str] = []
    studio._studio.controller.events.subscribe(StepMade, lambda event: steps.append(event.label))
    player = studio._studio.player
    assert player is not None
    answer = studio.do("/record notes bass A --quantize 1/4")
    assert isinstance(answer, Recording) and answer.end_ticks is None
    now, rate = player.state(), studio.project.tempo_map.bpm * BEAT / 60

    def at(tick: int) -> float:
        return now.at_s + (answer.start_ticks + tick - now.tick) / rate

    play(studio, (at(BEAT + 30), 36))
    answered = studio.do("/record notes stop")
    assert answered is not None and answered.text() == "recorded 1 note"
    assert sorted(note.start_ticks for note in studio.project.find_clip("bass:A")[1].notes) == [0, BEAT]
    assert steps == ["record notes"]
    with pytest.raises(UserError, match="nothing is recorded"):
        studio.do("/record notes stop")

    fresh = studio.do("/record notes bass A --replace --bars 1")
    assert isinstance(fresh, Recording) and fresh.end_ticks == fresh.start_ticks + BAR
    now = player.state()
    play(studio, (now.at_s + (fresh.start_ticks + 2 * BEAT - now.tick) / rate, 40))
    recorder = studio._studio.recall(NoteRecorder)
    assert recorder is not None
    studio._loop.call_soon_threadsafe(recorder.end)
    studio.do("/bank")
    assert [note.start_ticks for note in studio.project.find_clip("bass:A")[1].notes] == [2 * BEAT]
    studio.do("/stop")


def test_a_punch_records_between_two_bars_of_the_song_and_nothing_around_them(studio: LiveStudio) -> None:
    studio.do("/clip add bass A --bars 4")
    studio.do("/note add bass:A 4.1.1 C2")
    studio.do("/place bass:A 1")
    player = studio._studio.player
    assert player is not None
    answer = studio.do("/record notes bass --at 3 --bars 1 --pre-roll 2")
    assert isinstance(answer, Recording) and (answer.start_ticks, answer.end_ticks) == (2 * BAR, 3 * BAR)
    now, rate = player.state(), studio.project.tempo_map.bpm * BEAT / 60
    assert now.playing and now.tick < BAR

    def at(tick: int) -> float:
        return now.at_s + (tick - now.tick) / rate

    play(studio, (at(BAR + BEAT), 30), (at(2 * BAR + BEAT), 36), (at(3 * BAR + BEAT), 40))
    assert studio.do("/record notes stop").text() == "recorded 1 note"
    track = studio.project.find_track("bass")
    placed = [(one.clip, one.start_ticks, one.length_ticks) for one in track.placements]
    old, new = track.clips[0].id, track.clips[-1].id
    assert sorted(placed, key=lambda one: one[1]) == [(old, 0, 2 * BAR), (new, 2 * BAR, BAR), (old, 3 * BAR, BAR)]
    assert [(note.start_ticks, note.pitch) for note in track.clips[-1].notes] == [(BEAT, 48)]
    with pytest.raises(UserError, match="clip of its own"):
        studio.do("/record notes bass A --at 3")
    studio.do("/undo")
    assert [one.start_ticks for one in studio.project.find_track("bass").placements] == [0]
    studio.do("/stop")


def test_each_round_of_a_loop_is_a_take_on_a_branch_of_its_own(studio: LiveStudio) -> None:
    studio.do("/clip add bass A --bars 1")
    studio.do("/note add bass:A 1.1.1 C2")
    with pytest.raises(UserError, match="takes go round a clip"):
        studio.do("/record notes bass --takes")
    player = studio._studio.player
    assert player is not None
    answer = studio.do("/record notes bass A --takes --replace")
    assert isinstance(answer, Recording)
    now, rate = player.state(), studio.project.tempo_map.bpm * BEAT / 60

    def at(tick: float) -> float:
        return now.at_s + (answer.start_ticks + tick - now.tick) / rate

    early = BEAT / 100  # hands are early: it is of the round that comes
    play(studio, (at(BEAT), 36), (at(2 * BEAT), 38), (at(BAR - early), 40), (at(3 * BAR + BEAT), 43))
    answered = studio.do("/record notes stop")
    assert answered is not None and answered.text() == "3 takes: the last one is kept, branches take-1, take-2"
    history = studio._studio.controller.history
    assert {"take-1", "take-2"} <= history.heads.keys()

    def pitches(head: str) -> list[int]:
        return [note.pitch for note in studio._studio.controller.on(head).find_clip("bass:A")[1].notes]

    assert (pitches("take-1"), pitches("take-2"), pitches("main")) == ([48, 50], [52], [55])
    studio.do("/undo")
    studio.do("/history merge take-1")
    assert pitches("main") == [48, 50]
    studio.do("/stop")


def test_keys_go_into_a_clip_step_by_step_and_those_down_together_are_one(studio: LiveStudio) -> None:
    studio.do("/clip add bass A --bars 1")
    studio.do("/step bass:A --grid 1/8")
    play(studio, (1.0, 36))
    events = studio._studio.controller.events
    for message, key in (("note", 40), ("note", 43), ("off", 40), ("off", 43)):
        events.tell(MidiReceived(port="keys", message=message, channel=1, number=key, value=80))  # type: ignore[arg-type]
    studio.do("/step move 1")
    play(studio, (2.0, 38))
    studio.do("/bank")
    half = BEAT // 2
    found = [(note.start_ticks, note.pitch) for note in studio.project.find_clip("bass:A")[1].notes]
    assert found == [(0, 48), (half, 52), (half, 55), (3 * half, 50)]
    studio.do("/undo")
    assert len(studio.project.find_clip("bass:A")[1].notes) == 3
    studio.do("/step off")
    play(studio, (3.0, 38))
    studio.do("/bank")
    assert len(studio.project.find_clip("bass:A")[1].notes) == 3
    for line, why in (("/step move 1", "step input is off"), ("/step bass:A --at 3.1", "ends before that")):
        with pytest.raises(UserError, match=why):
            studio.do(line)


def test_a_track_that_hears_nothing_records_nothing(studio: LiveStudio) -> None:
    studio.do("/midi input bass --off")
    with pytest.raises(UserError, match="hears no MIDI input"):
        studio.do("/record notes bass")
