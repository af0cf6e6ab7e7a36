"""Fades by command: where they lie, how they fall, and one that is heard; figures written down here."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import reader
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project.automation import with_point
from hardcore.project.clip import Automation
from hardcore.project.clips import put
from hardcore.project.notes import NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track
from tests.commands.asked import edited, refused
from tests.song import BAR

SONG = ("/arrangement scene A 1 --bars 8",)  # eight bars of two-bar clips


def envelope(track: Track, within: bool = False) -> Automation:
    """Return the envelope of a track's fader: its own, or that of its first clip."""
    (found,) = track.clips[0].automation if within else track.automation
    assert (found.owner, found.parameter) == (track.id, "gain_db")
    return found


def test_a_song_fades_out_by_the_masters_fader() -> None:
    made = edited("/fade out --bars 4", *SONG)
    curve = envelope(made.project.master)
    assert made.said == ["master: fades out over 4 bars, 5 to 8"]
    assert [curve.at(BAR * bars) for bars in (0, 4, 5, 6, 7)] == pytest.approx([0, 0, -2.5, -6.02, -12.04], abs=0.01)
    assert curve.at(8 * BAR - 1) == curve.at(99 * BAR) == -96


def test_a_song_fades_in_from_silence() -> None:
    made = edited("/fade in --bars 2 --tracks bass,hats", "/gain bass -3", *SONG)
    assert made.project.master.automation == ()
    for name, level in (("bass", -3), ("hats", 0)):
        curve = envelope(made.track(name))
        assert curve.at(0) == -96
        assert [curve.at(BAR * bars) for bars in (1, 2, 5)] == pytest.approx([level - 6.02, level, level], abs=0.01)


def test_a_fade_goes_on_from_the_envelope_that_is_there_and_replaces_a_fade() -> None:
    first = edited("/fade out --bars 4", *SONG)
    assert refused("/fade out --bars 4", project=first.project) == "master fades out over 4 bars already"
    shorter = envelope(edited("/fade out --bars 2", project=first.project).project.master)
    assert [shorter.at(BAR * bars) for bars in (5, 6, 7)] == pytest.approx([0, 0, -6.02], abs=0.01)
    both = envelope(edited("/fade in --bars 2", project=first.project).project.master)
    assert [both.at(tick) for tick in (0, BAR, 3 * BAR, 6 * BAR, 8 * BAR)] == pytest.approx(
        [-96, -6.02, 0, -6.02, -96], abs=0.01
    )
    louder = envelope(edited("/gain master --by -3", project=first.project).project.master)
    assert [louder.at(tick) for tick in (0, 6 * BAR, 8 * BAR)] == pytest.approx([-3, -9.02, -96], abs=0.01)


def test_without_bars_it_is_eight_or_half_of_a_short_piece() -> None:
    assert edited("/fade out", *SONG).said == ["master: fades out over 4 bars, 5 to 8"]
    long = edited("/fade out", "/arrangement scene A 1 --bars 40")
    assert long.said == ["master: fades out over 8 bars, 33 to 40"]
    assert refused("/fade out --bars 9", *SONG) == "9 bars are more than there are (1 to 8)"


def test_a_loop_fades_in_its_clips_at_every_pass() -> None:
    made = edited("/fade out --bars 1")
    assert made.said[1] == "  kick: fades out over 1 bars of A, at every pass"
    for name in ("kick", "snare", "hats", "bass"):
        curve = envelope(made.track(name), within=True)
        assert [curve.at(tick) for tick in (0, BAR, 1.5 * BAR)] == pytest.approx([0, 0, -6.02], abs=0.01)
        assert curve.at(2 * BAR - 1) == -96
    assert made.project.master.automation == ()
    one = edited("/fade in --bars 1 --tracks hats")
    assert [track.name for track in one.project.tracks if any(clip.automation for clip in track.clips)] == ["hats"]
    assert refused("/fade out --tracks master").startswith("master has no clip in A")
    assert refused(
        "/fade out", "/clip delete kick", "/clip delete snare", "/clip delete hats", "/clip delete bass"
    ) == ("there is nothing that could fade")


def shared() -> ProjectState:
    """Return the song with a kick of one bar that scene B plays, too, beside a bass of its own."""
    project = edited("/clip copy bass:A bass B").project
    clip = project.find_clip("kick:A")[1]
    short = NoteBlock.of(note for note in clip.notes if note.start_ticks < BAR)
    project = project.with_clip(clip.id, lambda clip: clip.evolve(notes=short, length_ticks=BAR))
    return put(project, project.find_scene("B").id, project.find_track("kick").id, clip.id)


def test_a_clip_of_other_scenes_and_a_short_one_fade_only_there_and_along_the_scene() -> None:
    made = edited("/fade out --bars 1", project=shared())
    first, last = (made.project.find_clip(f"kick:{scene}")[1] for scene in "AB")
    assert (first.length_ticks, first.automation) == (BAR, ())
    assert (last.length_ticks, len(last.notes)) == (2 * BAR, 8)
    (curve,) = last.automation
    assert [curve.at(tick) for tick in (BAR, 1.5 * BAR)] == pytest.approx([0, -6.02], abs=0.01)
    assert made.project.find_clip("snare")[1].automation == ()  # it has no clip in scene B


def test_clips_that_move_the_fader_themselves_are_said() -> None:
    project = edited(*SONG).project
    bass = project.find_track("bass")
    project = with_point(project, bass.clips[0].id, bass.id, "gain_db", 0, -10)
    assert refused("/fade out --bars 2 --tracks bass", project=project) == (
        "bass: its clips move the fader themselves there (automation clear takes that out)"
    )


def test_a_fade_is_heard(tmp_path: Path) -> None:
    def loudness(project: ProjectState) -> list[float]:
        path = tmp_path / "heard.wav"
        asyncio.run(render(RenderRequest(project, tuple(timeline(project)), path, tail_s=0.0, listen=False)))
        audio, _ = reader.read(path)
        bars = np.array_split(np.square(audio).mean(axis=0), 8)
        return [float(10 * np.log10(bar.mean() + 1e-12)) for bar in bars]

    plain = loudness(edited(*SONG).project)
    for line, order in (("/fade out --bars 4", 1), ("/fade in --bars 4", -1)):
        lost = [after - before for after, before in zip(loudness(edited(line, *SONG).project), plain, strict=True)]
        lost = lost[::order]
        assert lost[:4] == pytest.approx([0] * 4, abs=0.5)
        # the mean loss over bars that go from 0 to 2.5, 6, 12 dB and silence
        assert lost[4:] == pytest.approx([-1.2, -4.2, -8.7, -17], abs=2)
        assert lost[4] > lost[5] > lost[6] > lost[7]


def test_a_fade_over_a_stretch_lies_there_and_nothing_changes_around_it() -> None:
    made = edited("/fade in --over 3-6 --tracks bass", "/gain bass -3", *SONG)
    curve = envelope(made.track("bass"))
    assert curve.at(2 * BAR) == -96
    assert [curve.at(BAR * bars) for bars in (1, 4, 7)] == pytest.approx([-3, -9.02, -3], abs=0.02)
    gone = envelope(edited("/fade out --over 3-6 --tracks bass", *SONG).track("bass"))
    assert [gone.at(BAR * bars) for bars in (1, 2, 4, 7)] == pytest.approx([0, 0, -6.02, 0], abs=0.02)
    assert gone.at(6 * BAR - 1) == -96
    assert "no song yet" in refused("/fade in --over 1")
