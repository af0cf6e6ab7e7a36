"""Long audio from the disk: every segment is asked for before it sounds, and what is asked for stays small."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.engine import nodes
from hardcore.jobs.preparation import prepare
from hardcore.player.remote import Remote
from hardcore.player.sequencer import Sequencer
from hardcore.player.streaming import ahead, is_streamed, landing, resident
from hardcore.project.artifact import SoundRef
from hardcore.project.clips import add_clip
from hardcore.project.placing import place
from hardcore.project.playback import Loop, Timing
from hardcore.project.region import SEGMENT_S, AudioRegion
from hardcore.project.state import ProjectState, new_project
from hardcore.project.tracks import add_track
from tests.audio.clips import kept, noise, with_audio
from tests.effort import examples
from tests.player.device import Recorder, needs_alsa
from tests.player.test_audio import sounding
from tests.player.test_sequencer import BAR, RATE, run
from tests.player.test_sound import settle
from tests.takes import unbroken

MINUTES, TRACKS = 10, 4
# What is asked for is looked at so often; what is handed out lies so far ahead.
LOOK_S, HORIZON_S = 0.5, 0.12
BOUND = 100 << 20
# Where it is listened to, and for how long, seconds: over three joins of segments, and over one.
PLACES = ((300, 25), (94, 9))


def long_tracks(*, placed: bool = True, **region: object) -> ProjectState:
    """Return four tracks of ten minutes of stereo each: in the song, or in the first scene."""
    project = new_project(seed=3)
    for number in range(TRACKS):
        sound = SoundRef(artifact=f"{number}" * 64, name=f"stem{number}", size=1, frames=MINUTES * 60 * RATE, rate=RATE,
                         channels=2)  # fmt: skip
        project, track = add_track(project, f"stem{number}", "audio")
        made = AudioRegion.model_validate({"sound": sound, "frames": sound.frames, **region})
        project, clip = add_clip(project, track, None if placed else project.scenes[0].id, 300 * BAR, region=made)
        if placed:
            project = place(project, clip, number * BAR, 300 * BAR)
    return project


def needed(sequencer: Sequencer, project: ProjectState, sample: float) -> dict[int, int]:
    """Return the buffers that are asked for where the music is at a sample, with the bytes in each."""
    loads = resident(project) | ahead(sequencer, project, sequencer.position(sample))
    return {nodes.load_buffer(project, load): 4 * load.size for load in loads.values()}


def watched(sequencer: Sequencer, project: ProjectState, seconds: float, at: float = 0.0) -> int:
    """Play on for some seconds; every segment that begins was asked for. Return the most bytes that were."""
    most, sample = 0, at
    held = needed(sequencer, project, sample)
    while sample < at + seconds * RATE:
        most = max(most, sum(held.values()))
        sample += LOOK_S * RATE
        for one in sounding(run(sequencer, round(sample + HORIZON_S * RATE))):
            assert one.buffer in held, f"a segment at {one.sample / RATE:.2f} s that is not there"
        held = needed(sequencer, project, sample)
    return most


@pytest.mark.parametrize("placed", [True, False])
def test_ten_minutes_on_four_tracks_play_within_their_bound(placed: bool) -> None:
    project = long_tracks(placed=placed)
    assert is_streamed(project) and sum(4 * load.size for load in project.loads.values()) > 900_000_000
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    assert watched(sequencer, project, 30 if placed else 12) < BOUND


def test_audio_that_fits_is_in_memory_whole() -> None:
    assert not is_streamed(new_project(seed=1))
    short = SoundRef(artifact="a" * 64, name="loop", size=1, frames=600 * RATE, rate=RATE, channels=2)
    project, track = add_track(new_project(seed=1), "one", "audio")
    project, _ = add_clip(project, track, None, BAR, region=AudioRegion(sound=short, frames=short.frames))
    assert not is_streamed(project), "230 MB"


def in_a_loop(sequencer: Sequencer) -> None:
    sequencer.loop = Loop(start_ticks=20 * BAR, end_ticks=62 * BAR)


def launched(sequencer: Sequencer) -> None:
    """Launch every clip at once."""
    for track in sequencer.project.tracks[:TRACKS]:
        sequencer.launch({track.id: track.clips[0].id}, lambda clip, tick: tick)


def to_the_song(sequencer: Sequencer) -> None:
    """Let the song take over, at the next bar, from clips that were launched a while ago."""
    sequencer.take_song()


@pytest.mark.parametrize("turn", [in_a_loop, launched, to_the_song], ids=lambda turn: turn.__name__)
@pytest.mark.parametrize("reverse", [False, True])
def test_wherever_the_music_turns_its_segments_are_there(turn: Callable[[Sequencer], None], reverse: bool) -> None:
    project = long_tracks(reverse=reverse)
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 60 * BAR)
    if turn is to_the_song:
        launched(sequencer)
    watched(sequencer, project, 1)
    held = needed(sequencer, project, RATE)
    turn(sequencer)
    starts = {one.buffer for one in sounding(run(sequencer, round((1.1 + HORIZON_S) * RATE)))}
    assert starts <= held.keys(), "what begins at once was there before"
    watched(sequencer, project, 6, 1.1 * RATE)


@given(tick=st.integers(0, 280 * BAR), transpose=st.integers(-12, 12))
@settings(max_examples=examples(20))
def test_where_somebody_goes_by_hand_what_sounds_first_is_known(tick: int, transpose: int) -> None:
    project = long_tracks(transpose=float(transpose))
    sequencer = Sequencer(project, RATE, 2)
    found = {nodes.load_buffer(project, load) for load in landing(sequencer, project, tick).values()}
    sequencer.play(0, tick)
    starts = sounding(run(sequencer, 4 * RATE))
    assert {one.buffer for one in starts} <= found


@pytest.mark.soak
@needs_alsa
def test_four_stems_of_ten_minutes_are_heard_as_they_are_in_little_memory(
    recorder: Recorder, play: Callable[[ProjectState], Remote]
) -> None:
    """From the middle of the song over joins of segments that come as it plays, twice; all of it would be 920 MB."""
    stems = [noise(40.0, seed=number) / TRACKS for number in range(TRACKS)]
    project = None
    for number, stem in enumerate(stems):
        known = kept(np.tile(stem, MINUTES * 60 // 40), f"stem{number}")
        project, _, clip = with_audio(project, known, 300 * BAR, f"stem{number}")
        project = place(project, clip, 0, 300 * BAR)
    assert project is not None and is_streamed(project)
    assert not asyncio.run(prepare(project, {}, lambda share, words: None)).notes

    def take() -> tuple[Timing, tuple[int, list[np.ndarray]]]:
        remote, heard = play(project), []
        settle(remote, recorder)
        for at_s, seconds in PLACES:
            begin = recorder.frames
            remote.play(at_s // 2 * BAR)
            recorder.wait_s(seconds + 1)
            remote.stop()
            recorder.wait_s(0.5)
            heard.append(recorder.sound(begin))
        status = Path(f"/proc/{remote.process_id}/status").read_text().splitlines()
        memory_kb = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        timing = remote.timing()
        remote.close()
        return timing, (memory_kb, heard)

    memory_kb, heard = unbroken(take)
    assert memory_kb < 400 << 10, f"{memory_kb >> 10} MB"
    for (at_s, seconds), sound in zip(PLACES, heard, strict=True):
        first = int(np.flatnonzero(np.abs(sound).max(axis=0) > 1e-6)[0])
        wanted = sum(np.roll(stem, -at_s * RATE, axis=1) for stem in stems)
        joins = [0, *(at for at in range(1, seconds) if (at_s + at) % SEGMENT_S == 0), seconds]
        for start, end in pairwise(joins):
            there, own = sound[:, first + start * RATE : first + end * RATE], wanted[:, start * RATE : end * RATE]
            # how exact the clock is on this machine is test_audio.py's; a segment is the files to its end
            off = min(np.abs(np.roll(there, by, axis=1) - own)[:, 16:-16].max() for by in range(-8, 9))
            assert off < 1e-6, f"from {at_s + start} s to {at_s + end} s"
