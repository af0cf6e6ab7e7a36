"""What is delivered: loudness and true peak of every target, re-read by another meter; formats, facts, the forecast."""

import asyncio
import json
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from hardcore.compose.form.song import perform
from hardcore.compose.planner.outline import outline
from hardcore.compose.planner.plan import plan_of
from hardcore.jobs.exporters import EXPORTERS, exporter_of
from hardcore.jobs.forecast import forecast
from hardcore.jobs.render import render
from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.knowledge.targets import target, targets
from hardcore.language.prompt.understand import understand
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.audio.meter import ebur128, needs_ffmpeg
from tests.song import song


def rendered(path: Path, project: ProjectState | None = None, **options: object) -> Rendered:
    made = project or song()
    return asyncio.run(render(RenderRequest(made, tuple(timeline(made)), path, listen=False, **options)))


@needs_ffmpeg
@pytest.mark.parametrize(
    "name",
    ["spotify", "club", "ebu", *(pytest.param(name, marks=pytest.mark.soak) for name in ("apple", "youtube", "cd"))],
)
def test_every_target_gets_its_loudness_and_true_peak(name: str, tmp_path: Path) -> None:
    known = target(name)
    also = (tmp_path / "b.mp3",) if name == "spotify" else ()
    made = rendered(tmp_path / f"a.{known.format}", target=known, rate=known.rate, depth=known.depth, also=also)
    for file in made.files:
        theirs = ebur128(file.path)
        assert theirs["integrated"] == pytest.approx(known.lufs, abs=0.2) or not file.in_reach
        assert theirs["true peak"] <= known.peak + 0.15
        assert file.loudness.integrated_lufs == pytest.approx(theirs["integrated"], abs=0.1)
        assert soundfile.info(file.path).samplerate == known.rate
    assert all(file.in_reach for file in made.files) or known.lufs > -9
    if known.depth == "16":
        assert soundfile.info(made.path).subtype == "PCM_16"


def test_one_pass_writes_every_format_stems_and_facts(tmp_path: Path) -> None:
    also = tuple(tmp_path / f"mix.{ending}" for ending in ("flac", "mp3", "ogg", "aiff"))
    made = rendered(
        tmp_path / "mix.wav", also=also, stems=tmp_path / "stems", sidecar=tmp_path / "mix.json",
        target=target("timbre"), depth="16",
    )  # fmt: skip
    assert [file.path for file in made.files] == [tmp_path / "mix.wav", *also]
    assert all(path.is_file() for path in (*also, *(stem.path for stem in made.stems)))
    wave, _ = soundfile.read(tmp_path / "mix.wav")
    for exact in ("mix.flac", "mix.aiff"):
        assert np.array_equal(soundfile.read(tmp_path / exact)[0], wave), "one sound, one dither"
    assert mutagen.File(tmp_path / "mix.mp3").info.bitrate == 320_000
    facts = json.loads((tmp_path / "mix.json").read_text(encoding="utf-8"))
    extras = facts["metadata"]["extras"]
    for file in extras["files"]:
        assert file["sha256"] == sha256((tmp_path / file["file"]).read_bytes()).hexdigest()
    assert {stem["track"] for stem in extras["stems"]} == {stem.track for stem in made.stems}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(file.path.name for file in made.files), "stems", "mix.json"]
    )


def test_the_facts_are_the_references_and_true(tmp_path: Path) -> None:
    made = rendered(tmp_path / "a.wav", sidecar=tmp_path / "a.json", target=target("timbre"))
    extras = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["metadata"]["extras"]
    of_all = (
        "backend placeholder sample_rate bit_depth format theme sections mix motif_seed full_plan motif_preview_plan "
        "motif_preview_seconds clip"
    )
    of_section = (
        "section_id section_label section_role plan_version target_seconds render_seconds orchestration "
        "arrangement_text prompt_hash seed top_k top_p temperature cfg_coef two_step_cfg two_step_cfg_applied "
        "two_step_cfg_supported backend device placeholder placeholder_reason audio_conditioning_requested "
        "audio_conditioning_applied conditioning_reason audio_prompt_segments audio_prompt_seconds motif_seed_section "
        "phrase"
    )
    of_phrase = (
        "seconds beats bars tempo_bpm seconds_per_beat padding_seconds conditioning_tail_seconds render_hint_seconds "
        "trimmed_seconds"
    )
    assert set(of_all.split()) <= set(extras)
    [section] = extras["sections"]
    assert set(of_section.split()) <= set(section)
    assert set(of_phrase.split()) <= set(section["phrase"])
    assert {"sample_rate", "duration_seconds", "crossfades", "section_rms", "target_rms"} <= set(extras["mix"])
    audio, rate = soundfile.read(tmp_path / "a.wav")
    assert (extras["sample_rate"], extras["bit_depth"], extras["format"]) == (rate, "pcm24", "wav")
    assert np.sqrt(np.mean(audio**2)) == pytest.approx(extras["mix"]["target_rms"], rel=0.03)
    body = audio[: made.body_frames]
    assert extras["mix"]["section_rms"] == pytest.approx([np.sqrt(np.mean(body**2))], rel=1e-3)
    assert section["phrase"]["seconds"] == pytest.approx(8 * 60 / 138)
    assert (section["phrase"]["bars"], section["phrase"]["tempo_bpm"]) == (2, pytest.approx(138))
    assert section["orchestration"]["bass"] == ["bass"]
    assert set(section["orchestration"]["rhythm"]) == {"kick", "snare", "hats"}


def test_timbres_masters_are_tilted(tmp_path: Path) -> None:
    def above(path: Path, hz: float) -> float:
        sound, rate = soundfile.read(path)
        power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
        split = round(hz * len(sound) / rate)
        return 10 * np.log10(power[split:].sum() / power[:split].sum())

    plain = rendered(tmp_path / "a.wav", target=target("timbre").evolve(tilt_db=0))
    bright = rendered(tmp_path / "b.wav", target=target("timbre"))
    assert 0.3 < above(bright.path, 6000) - above(plain.path, 6000) < 2.5


def test_what_the_limiter_costs_is_said(tmp_path: Path) -> None:
    made = rendered(tmp_path / "a.wav", target=target("club"))
    [file] = made.files
    assert file.limited_db > 1
    assert f"took up to {file.limited_db:.1f} dB" in made.notes[0]
    assert file.loudness.crest_db < file.crest_before_db


def test_the_forecast_names_the_files_that_come_and_their_sizes(tmp_path: Path) -> None:
    project = song()
    mixes = [tmp_path / "a.wav", tmp_path / "a.mp3", tmp_path / "a.flac"]
    found = forecast(
        project, tuple(timeline(project)), mixes, tmp_path / "stems",
        rate=48_000, depth="24", tail_s=0.5, longest_tail_s=8, loop=False,
    )  # fmt: skip
    made = rendered(mixes[0], also=tuple(mixes[1:]), stems=tmp_path / "stems", tail_s=0.5)
    there = [file.path for file in made.files] + [stem.path for stem in made.stems]
    assert [path for path, _ in found.files] == there
    sizes = dict(found.files)
    assert sizes[mixes[0]] == pytest.approx(mixes[0].stat().st_size, rel=0.01)
    assert sizes[mixes[1]] == pytest.approx(mixes[1].stat().st_size, rel=0.1)
    assert sizes[mixes[2]] == pytest.approx(mixes[2].stat().st_size, rel=0.6)
    assert found.length_s == pytest.approx(made.body_frames / 48_000, abs=0.001)
    assert found.bars == made.bars
    assert found.work_s > 0


def test_every_ending_has_one_exporter() -> None:
    endings = [ending for one in EXPORTERS for ending in one.endings]
    assert len(endings) == len(set(endings))
    assert all(exporter_of(Path(f"x{ending.upper()}")) is one for one in EXPORTERS for ending in one.endings)
    assert all(known.format in {one.name for one in EXPORTERS} for known in targets().values())


def test_the_facts_of_a_song_are_those_of_its_plan(tmp_path: Path) -> None:
    planned = outline(understand("gabber song, 200 bpm").evolve(song=True), 3)
    project = perform(planned.evolve(sections=tuple(one.evolve(bars=2) for one in planned.sections[:3])))[0]
    assert len(project.sections) > 1
    request = RenderRequest(project, tuple(timeline(project)), tmp_path / "a.wav", rate=22_050, listen=False)
    made = asyncio.run(render(replace(request, sidecar=tmp_path / "a.json")))
    metadata = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["metadata"]
    extras = metadata["extras"]
    assert metadata["plan"] == extras["full_plan"] == plan_of(project).model_dump(mode="json")
    assert [one["section_label"] for one in extras["sections"]] == [one.name for one in project.sections]
    assert sum(one["render_seconds"] for one in extras["sections"]) == pytest.approx(
        made.body_frames / made.rate, abs=0.01
    )
    assert [(join["from"], join["to"]) for join in extras["mix"]["crossfades"]] == [
        (before.id, after.id) for before, after in pairwise(project.sections)
    ]
    assert len(extras["mix"]["section_rms"]) == len(project.sections)
    assert all(0 < rms < 1 for rms in extras["mix"]["section_rms"])
