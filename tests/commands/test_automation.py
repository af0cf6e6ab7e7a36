"""Automation by command: along the song and in clips; what it moves is measured, or figures written down here."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import reader
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project.clip import Automation
from hardcore.project.events import Span, controls
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track
from tests.commands.asked import edited, refused
from tests.song import BAR

SONG = ("/arrangement scene A 1 --bars 8",)  # eight bars of two-bar clips


def along(track: Track, parameter: str) -> Automation:
    return next(one for one in track.automation if one.parameter == parameter)


def test_points_along_the_song_are_set_moved_and_removed() -> None:
    first = edited("/automation add bass cutoff 3.1.1 2khz --shape step", *SONG)
    assert first.said == ["bass: cutoff is 2000 hz at 3.1.1".replace("hz", "Hz")]
    second = edited("/automation add bass cutoff 5.1.1 400", project=first.project)
    lane = along(second.track("bass"), "cutoff")
    assert [lane.at(bars * BAR) for bars in (0, 2, 3, 3.99, 4, 7)] == [2000, 2000, 2000, 2000, 400, 400]
    set_ = edited("/automation set bass cutoff 3.1.1 --shape linear", project=second.project)
    assert along(set_.track("bass"), "cutoff").at(3 * BAR) == 1200
    bent = edited("/automation set bass cutoff 3.1.1 1200 --bend 0.3333333", project=second.project)
    assert along(bent.track("bass"), "cutoff").at(3 * BAR) == pytest.approx(1000, abs=0.1)  # a quarter of the way
    moved = edited("/automation move bass cutoff 5.1.1 7.1.1 --value 600", project=second.project)
    assert [point.tick // BAR for point in along(moved.track("bass"), "cutoff").points] == [2, 6]
    left = edited("/automation remove bass cutoff 3.1.1", project=second.project)
    assert [point.value for point in along(left.track("bass"), "cutoff").points] == [400]
    assert edited("/automation remove bass cutoff 5.1.1", project=left.project).track("bass").automation == ()
    assert refused("/automation remove bass cutoff 4.1.1", project=second.project) == (
        "bass: cutoff has no point there (the nearest is at 3.1.1)"
    )


@pytest.mark.parametrize(
    ("line", "track", "key", "value"),
    [
        ("master gain_db 2.1.1 -12", "master", "gain_db", -12),
        ("drums pan 2.1.1 0.5", "drums", "pan", 0.5),
        ("reverb volume 2.1.1 -3dB", "reverb", "gain_db", -3),
        ("reverb reverb.mix 2.1.1 40%", "reverb", "mix", 40),
        ("bass filter.cutoff 2.1.1 300", "bass", "cutoff", 300),
        ("bass brightness 2.1.1 300", "bass", "cutoff", 300),
        ("snare send.reverb 2.1.1 -6", "snare", "send:t12", -6),
    ],
)
def test_everything_of_every_channel_can_move(line: str, track: str, key: str, value: float) -> None:
    made = edited(f"/automation add {line}", *SONG).track(track)
    (lane,) = made.automation
    assert (lane.parameter, lane.at(0)) == (key, value)


def test_what_is_not_there_or_out_of_range_is_refused_with_what_is() -> None:
    assert refused("/automation add master gain_db 2.1.1 -12") == (
        "there is no song yet, along which it could move (/song makes one)"
    )
    assert "40 to 16000 hz" in refused("/automation add bass cutoff 1.1.1 20", *SONG)
    assert "did you mean cutoff" in refused("/automation add bass cutof 1.1.1 20", *SONG)
    assert refused("/automation add hats send.reverb 1.1.1 -6", *SONG) == "hats has no send to reverb (send adds one)"
    assert "ends before that" in refused("/automation add bass:A cutoff 3.1.1 500", *SONG)
    assert "does not move there" in refused("/automation thin bass cutoff", *SONG)


def test_a_ramp_goes_evenly_to_the_ear_and_changes_nothing_around_it() -> None:
    made = edited("/automation ramp bass cutoff 6400 --start 100 --over 5-8", *SONG)
    assert made.said == ["bass: cutoff 100 → 6400 Hz, bars 5 to 8"]
    lane = along(made.track("bass"), "cutoff")
    rest = made.track("bass").instrument
    assert rest is not None
    assert lane.at(4 * BAR - 1) == lane.at(0) == lane.at(8 * BAR) == rest.value("cutoff")
    assert [lane.at((4 + bars) * BAR) for bars in (0, 2, 4)][:2] == pytest.approx([100, 800], rel=0.01)
    assert lane.at(8 * BAR - 1) == 6400
    line = edited("/automation ramp bass pan 1 --over 1-4", *SONG)
    assert along(line.track("bass"), "pan").at(2 * BAR) == pytest.approx(0.5, abs=0.001)


def test_what_moves_is_copied_thinned_and_cleared() -> None:
    ramp = edited("/automation ramp bass cutoff 6400 --start 100 --over 1-2", *SONG).project
    copied = edited("/automation copy bass cutoff 5.1.1 --over 1-2", project=ramp)
    lane = along(copied.track("bass"), "cutoff")
    assert [lane.at(4 * BAR + tick) for tick in range(0, 2 * BAR, 960)] == pytest.approx(
        [lane.at(tick) for tick in range(0, 2 * BAR, 960)]
    )
    assert lane.at(6 * BAR) == lane.at(4 * BAR - 1)
    to = edited("/automation copy bass cutoff 1.1.1 --over 1-2 --to bass:A", project=ramp)
    assert to.track("bass").clips[0].automation[0].at(2 * BAR - 1) == 6400
    thin = edited("/automation thin bass cutoff --within 5", project=ramp)
    kept = along(thin.track("bass"), "cutoff")
    assert len(kept.points) < len(along(ramp.find_track("bass"), "cutoff").points)
    assert all(abs(kept.at(t) - along(ramp.find_track("bass"), "cutoff").at(t)) <= 800 for t in range(0, 9 * BAR, 240))
    part = edited("/automation clear bass cutoff --over 2", project=ramp)
    assert along(part.track("bass"), "cutoff").at(BAR // 2) == along(ramp.find_track("bass"), "cutoff").at(BAR // 2)
    assert along(part.track("bass"), "cutoff").at(1.5 * BAR) == along(ramp.find_track("bass"), "cutoff").at(5 * BAR)
    assert edited("/automation clear bass cutoff", project=ramp).track("bass").automation == ()


def test_a_clip_that_moves_a_parameter_counts_before_the_song() -> None:
    project = edited("/automation add bass gain_db 1.1.1 -3", "/arrangement place bass:A 3 --bars 2").project
    project = edited("/automation add bass:A gain_db 1.1.1 -20", project=project).project
    project = edited("/clip copy bass:A bass B", project=project).project
    project = edited("/automation clear bass:B gain_db", project=project).project
    project = edited("/arrangement place bass:B 5 --bars 2", project=project).project
    bass = project.find_track("bass")
    moves = [
        (move.tick // BAR, move.value)
        for move in controls(project, timeline(project), Span(0, 8 * BAR))
        if (move.owner, move.parameter) == (bass.id, "gain_db")
    ]
    assert moves == [(0, -3), (2, -20), (4, -3)]


def test_sends_that_go_lose_their_envelopes() -> None:
    moving = edited("/automation ramp snare send.reverb 0 --start -60", *SONG).project
    assert edited("/send snare reverb -96", project=moving).track("snare").automation == ()
    assert edited("/track delete reverb", project=moving).track("snare").automation == ()


def heard(project: ProjectState, folder: Path) -> list[float]:
    """Return how loud each bar is, dB."""
    path = folder / "heard.wav"
    asyncio.run(render(RenderRequest(project, tuple(timeline(project)), path, tail_s=0.0, listen=False)))
    audio, _ = reader.read(path)
    return [float(10 * np.log10(np.square(bar).mean() + 1e-12)) for bar in np.array_split(audio, 4, axis=1)]


def test_a_send_and_a_fader_that_move_are_heard(tmp_path: Path) -> None:
    only = ("/arrangement place snare:A 1 --bars 4", "/gain snare -96", "/send snare reverb 0 --pre")
    plain = heard(edited(*only[-1:], *only[:-1]).project, tmp_path)
    moving = edited("/automation ramp snare send.reverb 0 --start -40", *only).project
    assert [b - a for a, b in zip(plain, heard(moving, tmp_path), strict=True)] == pytest.approx(
        [-34, -25, -15, -5], abs=4
    )
    silent = edited("/mute snare on", project=moving).project
    assert max(heard(silent, tmp_path)) < -90
    faded = edited("/automation ramp master gain_db -40 --over 3-4", *only).project
    assert [b - a for a, b in zip(plain, heard(faded, tmp_path), strict=True)] == pytest.approx([0, 0, -9, -29], abs=4)


def centroids(project: ProjectState, folder: Path, bars: int) -> list[float]:
    """Return where the middle of the spectrum of each bar is, Hz."""
    path = folder / "swept.wav"
    asyncio.run(render(RenderRequest(project, tuple(timeline(project)), path, tail_s=0.0, listen=False)))
    audio, _ = reader.read(path)
    found = []
    for bar in np.array_split(audio.mean(axis=0), bars):
        power = np.square(np.abs(np.fft.rfft(bar)))
        found.append(float((power * np.fft.rfftfreq(len(bar), 1 / 48000)).sum() / power.sum()))
    return found


def test_a_filter_opens_over_a_stretch_though_its_clips_move_it_and_it_is_heard(tmp_path: Path) -> None:
    project = edited("/arrangement place bass:A 1 --bars 8").project
    project = edited("/automation add bass:A cutoff 1.1.1 600", project=project).project
    made = edited("/filter sweep bass,kick,hats open --over 3-6", project=project)
    bass = made.track("bass")
    rest = project.find_track("bass").instrument
    assert rest is not None
    set_hz = rest.value("cutoff")
    lane = along(bass, "cutoff")
    assert [lane.at(2 * BAR), lane.at(6 * BAR - 1)] == pytest.approx([set_hz / 8, set_hz], rel=0.01)
    assert made.said[-1] == "  not changed: kick, hats: no low-pass closes it"
    # its clips still move it before and after, and nothing else of them has changed
    moving = [bool(bass.clips[bass.places[one.clip]].automation) for one in bass.placements]
    assert [(one.start_ticks // BAR, one.length_ticks // BAR) for one in bass.placements] == [(0, 2), (2, 4), (6, 2)]
    assert moving == [True, False, True]
    heard_hz = centroids(made.project, tmp_path, 8)
    assert heard_hz[2] < heard_hz[3] < heard_hz[4] < heard_hz[5]
    assert heard_hz[5] > 1.1 * heard_hz[2]  # most of a reese is its fundamental
    closed = edited("/filter sweep bass close --over last2", project=project)
    assert along(closed.track("bass"), "cutoff").at(8 * BAR - 1) == pytest.approx(set_hz / 8, rel=0.01)
    assert "no low-pass closes it" in refused("/filter sweep kick open", project=project)


def test_how_much_of_an_effect_is_heard_moves_by_its_name() -> None:
    send = edited("/automation ramp snare reverb 50% --start 0% --over 1-2", *SONG)
    assert [(one.key[1], one.at(0), one.at(2 * BAR - 1)) for one in send.track("snare").automation] == [
        ("send:t12", -96, -6.02)
    ]
    back = edited("/automation ramp reverb reverb 100% --start 10%", *SONG)
    assert along(back.track("reverb"), "gain_db").at(8 * BAR - 1) == 0
    several = edited("/automation ramp bass,hats pan 1 --start -1", *SONG)
    assert [len(several.track(name).automation) for name in ("bass", "hats", "kick")] == [1, 1, 0]
