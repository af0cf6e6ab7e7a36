"""Launches written into the arrangement sound as they did: the live sequencer is compared with the offline score."""

import random

import pytest

from hardcore.commands.timeline.sessionrecorder import SessionRecorder
from hardcore.engine.osc import decode, score_packets
from hardcore.engine.score import build_score
from hardcore.errors import UserError
from hardcore.player.entryrequests import Timed
from hardcore.player.sequencer import Sequencer
from hardcore.project import clips
from hardcore.project.integrity import check
from hardcore.project.launches import Launch, arranged
from hardcore.project.note import Note
from hardcore.project.playback import Launched, Playback, next_on_grid
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.player.test_sequencer import Line, lines
from tests.song import BAR, song

RATE = 48000


def with_scenes() -> ProjectState:
    """Return the song with clips of other lengths and chances in its second scene."""
    project = song()
    for name, bars in (("kick", 1), ("hats", 3), ("bass", 2)):
        track = project.find_track(name)
        notes = [Note(start, 240, 40 + start // 960, probability=60) for start in range(0, bars * BAR, 960)]
        project, _ = clips.add_clip(project, track.id, project.find_scene("B").id, bars * BAR, notes)
    return project


def begun(found: list[Line]) -> list[tuple[int, str, float]]:
    """Return every note that begins: sample, instrument, frequency."""
    notes = (
        (round(sample), str(words[0]), words[words.index("freq") + 1])
        for sample, address, words in found
        if address == "/s_new" and "freq" in words and words[0] != "click"
    )
    return sorted((sample, name, round(float(hz), 2)) for sample, name, hz in notes)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_launched_renders_as_it_was_heard(seed: int) -> None:
    rng = random.Random(seed)
    project = with_scenes()
    sequencer, recorder = Sequencer(project, RATE, 2), SessionRecorder()
    own = {track.id: [clip.id for clip in track.clips] for track in project.tracks if track.clips}
    for track, ids in own.items():
        sequencer.launch({track: ids[0]}, lambda clip, tick: tick)
    sequencer.play(0, 0)
    live: list[Timed] = []
    end = project.tempo_map.frames(12 * BAR, RATE)
    for sample in range(2400, end + 2400, 2400):
        if rng.random() < 0.05:
            track = rng.choice(sorted(own))
            grid = rng.choice(("1", "1/4", "1/8"))
            sequencer.launch(
                {track: rng.choice((*own[track], None))},
                lambda clip, tick, grid=grid: next_on_grid(project.meter_map, tick, grid),  # type: ignore[misc]
            )
        live += sequencer.advance(sample)
        recorder.note(
            Playback(playing=True, tick=sequencer.position(sample - 2400), clips=dict(sequencer.session.clips))
        )
    written = arranged(project, recorder.launches, recorder.start or 0, 12 * BAR)
    check(written)
    score = build_score(written, timeline(written), rate=RATE, tail_s=0)
    offline: list[Line] = []
    for packet in score_packets(score.data):
        time_s, messages = decode(packet)
        offline += [(round(time_s * RATE), address, list(words)) for address, words in messages]
    heard = begun([line for line in lines(live) if line[0] < end])
    assert len(heard) > 60
    assert heard == begun([line for line in offline if line[0] < end])


def test_a_recording_begins_in_the_middle_and_ends_where_it_stops() -> None:
    project = with_scenes()
    kick = project.find_track("kick")
    recorder = SessionRecorder()
    clip = kick.clips[0].id
    recorder.note(Playback())
    recorder.note(Playback(playing=True, tick=3 * BAR, clips={kick.id: Launched(clip=clip, tick=BAR)}))
    recorder.note(Playback(playing=True, tick=5 * BAR, clips={kick.id: Launched(clip=None, tick=5 * BAR)}))
    recorder.note(Playback(playing=False, tick=0))
    recorder.note(Playback(playing=True, tick=0, clips={kick.id: Launched(clip=clip, tick=0)}))
    assert (recorder.start, recorder.ended, len(recorder.launches)) == (3 * BAR, 5 * BAR, 2)
    written = arranged(project, recorder.launches, 3 * BAR, 6 * BAR).find_track("kick").placements
    assert [(one.start_ticks, one.length_ticks, one.offset_ticks) for one in written] == [(3 * BAR, 2 * BAR, 2 * BAR)]
    with pytest.raises(UserError, match="nothing was launched"):
        arranged(project, [Launch(0, "t99", clip)], 0, BAR)
