"""The offline score as text, and what comes out of the engine: onsets to the sample, slides, automation, routing."""

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest

from hardcore.engine.offline import render_raw
from hardcore.engine.osc import decode, score_packets
from hardcore.engine.score import Score, build_score
from hardcore.engine.structure import Tap, audible
from hardcore.music.tempo import PPQ
from hardcore.project import automation, clips, tracks
from hardcore.project.effects import guard_latency_frames
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline

RATE = 48000
BAR = 4 * PPQ


def project_with(device: str, *notes: Note, bpm: float = 138) -> tuple[ProjectState, str, str]:
    project = new_project(seed=5)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    project, track = tracks.add_track(project, "one", instrument=device)
    project, clip = clips.add_clip(project, track, "s2", BAR, notes)
    return project, track, clip


def score_of(project: ProjectState, taps: tuple[Tap, ...] = (), tail_s: float = 0.5) -> Score:
    return build_score(project, timeline(project), rate=RATE, tail_s=tail_s, taps=taps)


def render(project: ProjectState, folder: Path, taps: tuple[Tap, ...] = ()) -> np.ndarray:
    """Return the render as [channels, frames], the master's latency taken out."""
    score = score_of(project, taps)
    raw = asyncio.run(render_raw(score.data, rate=RATE, channels=score.channels, folder=folder, frames=score.frames))
    sound = np.fromfile(raw, np.float32).reshape(-1, score.channels).T[:, : score.frames]
    master = sound[:2, score.latency :]
    return np.vstack([master, sound[2:, : master.shape[1]]])


def text(score: Score) -> list[str]:
    """Return the score as lines: the frame, the address, the arguments; definitions and seeds are left out."""
    lines = []
    for packet in score_packets(score.data):
        time_s, messages = decode(packet)
        for address, arguments in messages:
            if address != "/d_recv":
                shown = " ".join(f"{a:.4g}" if isinstance(a, float) else str(a) for a in arguments)
                lines.append(re.sub(r"seed \d+", "seed *", f"{round(time_s * RATE)} {address} {shown}"))
    return lines


def test_a_small_project_is_these_requests() -> None:
    project, *_ = project_with("sub", Note(0, 960, 33), Note(PPQ, 480, 40, 127))
    project = project.with_mixer("t3", gain_db=-3, pan=0.5)
    # 138 BPM: a beat is 20869.565 frames
    assert text(score_of(project)) == [
        "0 /g_new 48 1 0",
        "0 /g_new 49 1 48",
        "0 /s_new strip 50 1 48 bus 2 gain_db -3 pan 0.5 mute 0",
        "0 /s_new route 51 1 48 bus 2 out 4",
        "0 /g_new 16 1 0",
        "0 /g_new 17 1 16",
        "0 /s_new strip 18 1 16 bus 4 gain_db 0 pan 0 mute 0",
        "0 /s_new guard 21 1 16 bus 4",
        "0 /s_new route 19 1 16 bus 4 out 0",
        "0 /s_new sub 1200000001 1 49 out 2 seed * rgen 3 freq 55 velocity 0.7874",
        "10435 /n_set 1200000001 gate 0",
        "20870 /s_new sub 1200000002 1 49 out 2 seed * rgen 3 freq 82.41 velocity 1",
        "26087 /n_set 1200000002 gate 0",
        "107982 /g_freeAll 0",
        "107982 /c_set 0 0",
    ]


def test_onsets_land_on_the_sample(tmp_path: Path) -> None:
    project, *_ = project_with("rim", *[Note(i * PPQ, 240, 37) for i in range(4)], bpm=137.3)
    sound = render(project, tmp_path)[0]
    wanted = [project.tempo_map.frames(i * PPQ, RATE) for i in range(4)]
    loud = np.abs(sound) > 1e-4
    found = [int(np.argmax(loud[max(0, at - 200) :])) + max(0, at - 200) for at in wanted]
    offsets = np.array(found) - np.array(wanted)
    assert np.ptp(offsets) <= 1, offsets
    assert 0 <= offsets[0] <= 48


def test_a_slide_retunes_the_sounding_note_of_a_mono_instrument() -> None:
    notes = (Note(0, 700, 33, slide=True), Note(480, 400, 45), Note(960, 400, 40))
    lines = text(score_of(project_with("acid303", *notes)[0]))
    happening = [line.split(" ", 1)[1] for line in lines if "acid303" in line or "gate" in line or "freq 110 " in line]
    assert [line.split()[0] for line in happening] == ["/s_new", "/n_set", "/n_set", "/s_new", "/n_set"]
    assert "freq 110" in happening[1]
    assert happening[1].split()[1] == happening[0].split()[2] == happening[2].split()[1]


def test_a_mono_instrument_ends_a_note_where_the_next_begins() -> None:
    lines = text(score_of(project_with("reese", Note(0, 1920, 33), Note(480, 480, 40))[0]))
    gates = [int(line.split()[0]) for line in lines if "gate 0" in line]
    assert gates[0] == round(480 / PPQ * 60 / 138 * RATE)


def test_automation_moves_the_fader_and_new_notes(tmp_path: Path) -> None:
    project, track, clip = project_with("sub", *[Note(i * PPQ, 1900, 45) for i in range(4)])
    loud = render(project, tmp_path)
    faded = automation.with_point(project, clip, track, "gain_db", 0, -60)
    faded = automation.with_point(faded, clip, track, "gain_db", BAR - 480, 0)
    sound = render(faded, tmp_path)
    bar = project.tempo_map.frames(BAR, RATE)
    early, late = slice(2000, bar // 4), slice(bar * 15 // 16, bar)

    def level(audio: np.ndarray, part: slice) -> float:
        return float(20 * np.log10(np.sqrt(np.mean(audio[0, part] ** 2)) + 1e-9))

    assert level(sound, early) < level(loud, early) - 40
    assert level(sound, late) == pytest.approx(level(loud, late), abs=0.5)


def test_a_track_alone_equals_itself_in_the_mix(tmp_path: Path) -> None:
    project, track, _ = project_with("snare909", Note(0, 480, 38), Note(PPQ, 480, 38))
    alone = render(project, tmp_path, (Tap(track, 2),))[2:4]
    more, other = tracks.add_track(project, "hats", instrument="hat_open")
    more, _ = clips.add_clip(more, other, "s2", BAR, [Note(i * 480, 240, 46) for i in range(16)])
    together = render(more, tmp_path, (Tap(track, 2),))[2:4]
    assert np.array_equal(alone, together)


def test_mute_and_solo_decide_who_is_heard() -> None:
    project = new_project()
    for name, kind in (("a", "midi"), ("b", "midi"), ("g", "group"), ("r", "return")):
        project, _ = tracks.add_track(project, name, kind)
    ids = {track.name: track.id for track in project.tracks}
    project = tracks.route(project, ids["a"], ids["g"])

    def heard(state: ProjectState) -> set[str]:
        open_ids = audible(state)
        return {name for name, track_id in ids.items() if track_id in open_ids}

    assert heard(project) == {"a", "b", "g", "r", "master"}
    assert heard(project.with_mixer(ids["a"], mute=True)) == {"b", "g", "r", "master"}
    assert heard(project.with_mixer(ids["a"], solo=True)) == {"a", "g", "r", "master"}
    assert heard(project.with_mixer(ids["g"], solo=True)) == {"a", "g", "r", "master"}
    assert heard(project.with_mixer(ids["b"], solo=True)) == {"b", "r", "master"}


def test_a_muted_track_is_silent_in_its_sends_too(tmp_path: Path) -> None:
    project, track, _ = project_with("kick909", Note(0, 480, 36))
    project, space = tracks.add_track(project, "space", "return")
    for pre in (False, True):
        sent = tracks.set_send(project, track, space, 0, pre)
        assert np.abs(render(sent, tmp_path, (Tap(space, 2),))[2:4]).max() > 0.01
        muted = sent.with_mixer(track, mute=True)
        assert np.abs(render(muted, tmp_path)).max() < 1e-5


def test_a_send_before_the_fader_ignores_it(tmp_path: Path) -> None:
    project, track, _ = project_with("kick909", Note(0, 480, 36))
    project, space = tracks.add_track(project, "space", "return")
    project = project.with_mixer(track, gain_db=-96)
    after = render(tracks.set_send(project, track, space, 0), tmp_path, (Tap(space, 2),))[2:4]
    before = render(tracks.set_send(project, track, space, 0, True), tmp_path, (Tap(space, 2),))[2:4]
    assert np.abs(after).max() < 1e-4 < 0.05 < np.abs(before).max()


def test_the_guard_keeps_a_far_too_loud_mix_under_its_ceiling(tmp_path: Path) -> None:
    project, track, _ = project_with("kick909", *[Note(i * PPQ, 480, 36, 127) for i in range(4)])
    sound = render(project.with_mixer(track, gain_db=24), tmp_path)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-6
    assert guard_latency_frames(RATE) == 248


def test_an_empty_clip_plays_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    project, *_ = project_with("sub")
    assert not [line for line in text(score_of(project)) if "s_new sub" in line]
    assert np.abs(render(project, tmp_path)).max() == 0
