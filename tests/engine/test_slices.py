"""Slices: an untouched kit of slices is the audio it was cut from, sample by sample; what is moved moves alone."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.tempo import PPQ
from hardcore.project import slicing
from hardcore.project.artifact import Artifact, SoundRef
from hardcore.project.clip import Provenance
from hardcore.project.integrity import check
from hardcore.project.state import ProjectState
from tests.audio.clips import BAR, RATE, kept, noise, with_audio
from tests.engine.test_regions import padded, rendered

OWN = Provenance(producer="slice", version="test")
# what the arithmetic of a fader and a filter that is open leaves: 24 bits
NEAR = 2**-23


def sliced(project: ProjectState, clip: str, cuts: list[int]) -> tuple[ProjectState, str]:
    project, track, _ = slicing.add_slices(project, clip, cuts, OWN)
    check(project)
    return project, track


def test_slices_that_nobody_touched_are_the_audio(tmp_path: Path) -> None:
    """Stereo, at a tempo whose ticks are no whole frames, cut at odd places, the clip half a bar into its sound."""
    sound = noise(4.2)
    region = {"first": 777, "frames": 4 * RATE, "gain_db": -3.0}
    project, audio, clip = with_audio(None, kept(sound), 2 * BAR, **region)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(137))
    before = rendered(project, tmp_path)
    project, _ = sliced(project, clip, [1, 500, 999, 1920, 2000, 4711, 7681, 9000, 15_000])
    assert project.find_track(audio).mixer.mute
    after = rendered(project, tmp_path)
    assert np.abs(before).max() > 0.03
    # where the clip ends in the middle of its sound, both fade within 5 ms
    end = project.tempo_map.frames(2 * BAR, RATE) - 512
    assert np.abs(after[:, :end] - before[:, :end]).max() < NEAR


def test_one_voice_of_a_loop_goes_round(tmp_path: Path) -> None:
    sound = noise(0.5, channels=1)
    project, _, clip = with_audio(None, kept(sound), BAR, loop_ticks=PPQ)
    before = rendered(project, tmp_path)
    project, _ = sliced(project, clip, [480, 1000])
    assert np.abs(rendered(project, tmp_path) - before).max() < NEAR


def test_a_slice_that_is_moved_is_the_same_stretch_elsewhere(tmp_path: Path) -> None:
    sound = noise(2.0)
    project, _, clip = with_audio(None, kept(sound))
    project, made = sliced(project, clip, [PPQ, 2 * PPQ, 3 * PPQ])
    kit = project.find_track(made).clips[0]
    third = next(note for note in kit.notes if note.start_ticks == 2 * PPQ)
    alone = kit.notes.of([third._replace(start_ticks=0)])
    project = project.with_clip(kit.id, lambda clip: clip.evolve(notes=alone))
    heard = rendered(project, tmp_path)
    assert np.abs(heard - padded(sound[:, RATE : RATE * 3 // 2], 0, heard.shape[1])).max() < NEAR


@settings(max_examples=30)
@given(
    st.lists(st.integers(-50, 2 * BAR + 50), max_size=40),
    st.integers(-BAR, BAR // 2),
    st.sampled_from([0, PPQ, BAR]),
    st.sampled_from(["off", "repitch"]),
    st.integers(1, 3 * RATE),
)
def test_whatever_the_cuts_slices_join_and_fill_the_clip(
    cuts: list[int], start: int, loop: int, warp: str, frames: int
) -> None:
    facts = SoundRef(artifact="0" * 64, name="sound", size=1, frames=3 * RATE, rate=RATE, channels=1)
    project, _, clip = with_audio(
        None,
        Artifact(sound=facts, kind="test"),
        BAR,
        start_ticks=start,
        loop_ticks=loop,
        warp=warp,
        bpm=93.0,
        frames=frames,
    )
    try:
        project, made = sliced(project, clip, cuts)
    except UserError as error:
        assert "slices" in str(error)
        return
    track = project.find_track(made)
    assert track.instrument is not None and track.instrument.multisample is not None
    zones = track.instrument.multisample.zones
    assert all(a.end == b.start for a, b in pairwise(zones))
    assert zones[-1].end == frames
    notes = list(track.clips[0].notes)
    assert all(a.start_ticks + a.length_ticks == b.start_ticks for a, b in pairwise(notes))
    assert all(slicing.LOWEST_KEY <= note.pitch < slicing.LOWEST_KEY + len(zones) for note in notes)


def test_the_strongest_attacks_count() -> None:
    onsets = [slicing.Onset(0.5, 1.0), slicing.Onset(1.0, 0.1), slicing.Onset(1.5, 0.3), slicing.Onset(2.0, 0.001)]
    assert slicing.strongest(onsets, 50, 64) == pytest.approx([0.498, 0.998, 1.498])
    assert slicing.strongest(onsets, 100, 64) == pytest.approx([0.498, 0.998, 1.498])
    assert slicing.strongest(onsets, 10, 64) == pytest.approx([0.498, 1.498])
    assert slicing.strongest(onsets, 50, 3) == pytest.approx([0.498, 1.498])
    assert slicing.strongest([], 50, 3) == []
