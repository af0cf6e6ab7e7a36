"""A groove played by the real engine, rendered to a file, learned back from the sound."""

import asyncio
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.jobs.learning import Lesson, learn_file
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.knowledge.groove import groove
from hardcore.music.meter import MeterMap
from hardcore.project import clips, tracks
from hardcore.project.grooves import put_on_project
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline

BAR = 7680
KIT = (("kick", "kick909", 1920), ("snare", "snare909", 3840), ("hat_closed", "hat_closed", 480))
# what docs/guide says of it
WITHIN_MS = 1.0


def kit(bpm: float, parts: tuple[tuple[str, str, int], ...], bars: int = 8) -> ProjectState:
    project = new_project("kit", seed=1)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    for role, device, step in parts:
        project, track = tracks.add_track(project, role, role=role, instrument=device)
        notes = [Note(at, 200, 60) for at in range(0, bars * BAR, step)]
        project, _ = clips.add_clip(project, track, "s2", bars * BAR, notes)
    return project


def rendered(project: ProjectState, path: Path) -> Path:
    request = RenderRequest(
        project=project, playing=tuple(timeline(project)), path=path, rate=48_000, depth="24", tail_s=None,
        longest_tail_s=2.0, loop=False, stems=None, software="test", listen=False,
    )  # fmt: skip
    asyncio.run(render(request))
    return path


@pytest.mark.parametrize("groove_id", ["mpc_62", "samba", "hip_hop_drunk"])
def test_a_groove_is_heard_in_a_hat_with_its_accents(tmp_path: Path, groove_id: str) -> None:
    wanted = groove(groove_id)
    path = rendered(put_on_project(kit(120, KIT[2:]), wanted, 1, 1), tmp_path / "a.wav")
    learned, _ = learn_file(Lesson(path, "x", "x", MeterMap(), bpm=120))
    ms = 60_000 / 120 / 1920
    assert max(abs(a - b) * ms for a, b in zip(learned.groove.timing, wanted.timing, strict=True)) < WITHIN_MS
    assert learned.groove.velocity == pytest.approx(wanted.velocity, rel=0.07)
    assert learned.groove.bar_ticks == BAR


def test_a_groove_and_its_tempo_are_heard_in_a_whole_kit(tmp_path: Path) -> None:
    wanted = groove("mpc_62")
    path = rendered(put_on_project(kit(96, KIT), wanted, 1, 0), tmp_path / "a.wav")
    learned, said = learn_file(Lesson(path, "x", "x", MeterMap()))
    ms = 60_000 / 96 / 1920
    assert max(abs(a - b) * ms for a, b in zip(learned.groove.timing, wanted.timing, strict=True)) < WITHIN_MS
    assert "96.00 bpm, bar 1 at" in said


@pytest.mark.parametrize(
    ("name", "said"), [("a.txt", "cannot learn"), ("a.mid", "no file"), ("a.wav", "no file"), ("a", "cannot learn")]
)
def test_what_is_no_music_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        learn_file(Lesson(tmp_path / name, "x", "x", MeterMap()))
