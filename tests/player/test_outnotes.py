"""Notes that tracks send to MIDI outputs, without an engine: when they begin, and that each that begins ends."""

from hardcore.music.tempo import PPQ
from hardcore.player.entryrequests import Timed
from hardcore.player.sequencer import Sequencer
from hardcore.project import clips, tracks
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.midiout import ControlLane, MidiOutput
from hardcore.project.notes import Note
from hardcore.project.playback import Arm, Loop
from hardcore.project.state import ProjectState, new_project

RATE, BAR, BEAT = 48_000, 4 * PPQ, 24_000
OUT = MidiOutput(port="synth", channel=3, delay_ms=10)
NOTES = (Note(0, PPQ // 2, 40, 90), Note(PPQ, 2 * PPQ, 47, 80), Note(3 * PPQ, PPQ, 40, 70))
Line = tuple[int, tuple[int, ...]]


def bass(out: MidiOutput | None = OUT) -> ProjectState:
    """Return a project of one bar at 120 BPM whose track goes to an output."""
    project, track = tracks.add_track(new_project(seed=1), "bass", instrument="reese")
    project = clips.add_clip(project, track, "s2", BAR, NOTES)[0]
    return sent(project, out)


def sent(project: ProjectState, out: MidiOutput | None) -> ProjectState:
    return project.with_track(project.find_track("bass").id, lambda track: track.evolve(midi_out=out))


def muted(project: ProjectState) -> ProjectState:
    mixer = project.find_track("bass").mixer.evolve(mute=True)
    return project.with_track(project.find_track("bass").id, lambda track: track.evolve(mixer=mixer))


def run(sequencer: Sequencer, until: int) -> list[Line]:
    found: list[Timed] = []
    while sequencer.playing and sequencer.horizon < until:
        found += sequencer.advance(min(until, sequencer.horizon + 480))
    assert all(one.port == "synth" for timed in found for one in timed.midi)
    return [(round(timed.sample), one.message) for timed in found for one in timed.midi]


def playing(project: ProjectState | None = None) -> Sequencer:
    sequencer = Sequencer(project or bass(), RATE, 2)
    sequencer.play(0, 0)
    return sequencer


def test_notes_begin_and_end_with_their_engine_notes_on_their_channel() -> None:
    first = [
        (0, (0x92, 40, 90)), (BEAT // 2, (0x82, 40, 0)),
        (BEAT, (0x92, 47, 80)), (3 * BEAT, (0x82, 47, 0)), (3 * BEAT, (0x92, 40, 70)),
        (4 * BEAT, (0x82, 40, 0)), (4 * BEAT, (0x92, 40, 90)),
    ]  # fmt: skip
    assert run(playing(), 4 * BEAT + 1) == first
    assert run(playing(bass(None)), 4 * BEAT + 1) == []
    timed = playing().advance(1)
    assert [(one.delay_s, bool(part.requests)) for part in timed for one in part.midi] == [(0.01, True)]


def test_what_is_muted_goes_elsewhere_or_is_gone_ends_at_once_and_sends_no_more() -> None:
    project = bass()
    gone = tracks.remove_track(project, project.find_track("bass").id)
    for change in (muted(project), sent(project, None), sent(project, OUT.evolve(channel=5)), gone):
        sequencer = playing(project)
        run(sequencer, 3 * BEAT // 2)
        sequencer.follow(change)
        after = run(sequencer, 4 * BEAT - 1)
        assert after[0] == (3 * BEAT // 2, (0x82, 47, 0))
        assert {message[0] for _, message in after[1:]} <= {0x94}


def test_every_note_ends_once_over_loops_launches_stops_of_rules_and_keys_that_are_struck_twice() -> None:
    project = bass()
    track = project.find_track("bass")
    long = tuple(Note(tick, 3 * PPQ, 40, 90) for tick in range(0, BAR, PPQ))
    project, clip = clips.add_clip(project, track.id, "s3", BAR, long)
    sequencer = playing(project)
    sequencer.loop = Loop(start_ticks=0, end_ticks=BAR - PPQ // 4)
    found = run(sequencer, 6 * BEAT)
    sequencer.launch({track.id: clip}, lambda _, tick: tick)
    found += run(sequencer, 20 * BEAT)
    stop = Arm("r1", sequencer.tick + PPQ, sequencer.epoch(sequencer.horizon).number, {"do": "stop"})
    sequencer.arms.change([stop], [])
    found += run(sequencer, 40 * BEAT)
    assert not sequencer.playing and len(found) > 20
    down = False
    for _, (status, *_key) in [line for line in found if line[1][1] == 40]:
        assert (status == 0x92) != down
        down = not down
    assert not down, "a note hangs"
    assert [message[0] for _, message in found if message[1] == 47].count(0x82) == 2


def test_a_key_that_is_struck_again_is_held_as_long_as_the_later_note() -> None:
    project, track = tracks.add_track(new_project(seed=1), "bass", instrument="reese")
    notes = (Note(0, 3 * PPQ // 2, 40, 90), Note(PPQ, 3 * PPQ // 2, 40, 80))
    project = sent(clips.add_clip(project, track, "s2", BAR, notes)[0], OUT)
    on, off = (0x92, 40, 90), (0x82, 40, 0)
    assert run(playing(project), 4 * BEAT) == [(0, on), (BEAT, off), (BEAT, (0x92, 40, 80)), (5 * BEAT // 2, off)]


def test_automation_is_sent_as_control_changes_at_its_samples_where_its_track_sends_it() -> None:
    project = bass()
    track = project.find_track("bass")
    lane = ControlLane(owner=track.id, parameter="pan", cc=74)
    points = tuple(AutomationPoint(tick=beat * PPQ, value=beat / 2 - 1, shape="step") for beat in range(4))
    moves = (Automation(owner=track.id, parameter="pan", points=points),)
    project = project.with_clip(track.clips[0].id, lambda clip: clip.evolve(automation=moves))
    sending = sent(project, OUT.evolve(lanes=(lane,)))
    controls = [(at, message) for at, message in run(playing(sending), 4 * BEAT) if message[0] == 0xB2]
    assert controls == [(beat * BEAT, (0xB2, 74, round(127 * beat / 4))) for beat in range(4)]
    for silent in (project, muted(sending)):
        assert not [message for _, message in run(playing(silent), 4 * BEAT) if message[0] == 0xB2]
