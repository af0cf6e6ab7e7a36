"""Sound by models: a backend of another package, in a real worker, through commands into the grid."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardcore import open_studio
from hardcore.audio.reader import OURS, read
from hardcore.audio.samples import Audio
from hardcore.commands.composing.soundjob import Generating
from hardcore.compose.planner.model import GenerationMetadata
from hardcore.errors import NotFound, Refused, UserError
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.project.clip import Clip
from hardcore.surfaces.live import LiveStudio
from tests.models import plugin
from tests.surfaces.server.served import served

CLICKS = "/models add clicks {place} --backend clicks --licence CC-BY-4.0"
BAR_S = 4 * 60 / 125


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    monkeypatch.setenv("PYTHONPATH", str(plugin.install(tmp_path / "packages")))
    (tmp_path / "weights").mkdir()
    with open_studio() as opened:
        opened.do(CLICKS.format(place=tmp_path / "weights"))
        opened.do("/tempo 125")
        yield opened


def made(studio: LiveStudio, line: str) -> Artifact:
    begun = studio.do(line)
    assert isinstance(begun, Generating)
    (state,) = studio.call("job wait", job=begun.job).jobs  # type: ignore[attr-defined]
    assert state.state == "done", state
    return artifacts.everything()[0]


def clips(studio: LiveStudio) -> list[Clip]:
    return [clip for track in studio.project.tracks for clip in track.clips]


def played(known: Artifact) -> tuple[Audio, int]:
    """Return a sound as loud as its clip is."""
    sound, rate = read(artifacts.path_of(known.sha256), OURS)
    return sound * 10 ** (known.gain_db / 20), rate


def onsets(sound: Audio, rate: int) -> list[float]:
    """Return when clicks begin, by the plainest measure: the first frame over a tenth after a tenth of silence."""
    loud = np.flatnonzero(np.abs(sound) > 0.05)
    first = loud[np.insert(np.diff(loud) > 0.1 * rate, 0, True)]
    return [float(at) / rate for at in first]


def test_what_a_model_makes_is_on_the_grid(studio: LiveStudio) -> None:
    known = made(studio, "/generate sound clicks please --bars 2 --model clicks --seed 5")
    sound, rate = soundfile.read(artifacts.path_of(known.sha256))
    assert len(sound) == round(2 * BAR_S * rate), "exactly two bars"
    heard = onsets(sound, rate)
    assert heard == pytest.approx([beat * 60 / 125 for beat in range(8)], abs=0.006), (
        "slow and late before, in time now"
    )
    (clip,) = clips(studio)
    assert clip.region is not None and clip.region.bpm == 125 and clip.length_ticks == 2 * 4 * 1920
    assert known.licence == "CC-BY-4.0" and known.recipe["extras"]["heard"]["heard_bpm"] == pytest.approx(
        125 * 0.97, abs=0.5
    )
    assert known.recipe["extras"]["heard"]["applied"] == {"ring": 5}
    studio.do("/undo")
    assert not any(track.clips for track in studio.project.tracks)


def test_one_seed_is_one_sound_and_another_another(studio: LiveStudio) -> None:
    line = "/generate sound clicks --bars 1 --model clicks --seed {seed}"
    first, again, other = (made(studio, line.format(seed=seed)).sha256 for seed in (5, 5, 6))
    assert first == again != other


def test_longer_than_the_model_can_is_made_in_windows(studio: LiveStudio) -> None:
    known = made(studio, "/generate sound clicks --bars 8 --model clicks --seed 1")
    sound, rate = read(artifacts.path_of(known.sha256), OURS)
    assert sound.shape[1] == round(8 * BAR_S * rate) and 8 * BAR_S > 8
    quiet = np.abs(sound).reshape(8, -1).max(axis=1)
    assert quiet.min() > 0.1, "no bar of silence"


def test_bars_are_repainted_and_the_rest_stays_sample_by_sample(studio: LiveStudio) -> None:
    first = made(studio, "/generate sound clicks --bars 2 --model clicks --seed 5")
    second = made(studio, "/generate repaint clicks:A 2 1 louder --model clicks --seed 9")
    (before, rate), (after, _) = played(first), played(second)
    half, fade = before.shape[1] // 2, round(0.006 * rate)
    assert np.abs(before[:, :half] - after[:, :half]).max() < 1e-5
    assert np.abs(before[:, half:-fade] - after[:, half:-fade]).max() > 0.05
    assert second.parents == (first.sha256,)


def test_it_goes_on_from_a_clip(studio: LiveStudio) -> None:
    made(studio, "/generate sound clicks --bars 1 --model clicks --seed 5")
    known = made(studio, "/generate continue clicks:A --bars 1 --model clicks")
    assert known.recipe["extras"]["wish"]["task"] == "continue" and known.sound.seconds == pytest.approx(
        BAR_S, abs=1e-4
    )
    assert len(clips(studio)) == 2


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("/generate sound a loop --model clicks --commercial", Refused, "CC-BY-4.0"),
        ("/generate sound a loop --model clikcs", NotFound, "clicks"),
        ("/generate sound a loop --model musicgen", UserError, "weights"),
        ("/models add x/y here --backend musicgen --licence MIT", UserError, "x/y"),
        ("/models remove musicgen", UserError, "program's own"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(studio: LiveStudio, line: str, kind: type[UserError], said: str) -> None:
    before = studio.project
    with pytest.raises(kind) as refused:
        studio.do(line)
    assert said in refused.value.line() and "\n" not in refused.value.line()
    assert studio.project is before


def test_a_task_that_the_model_does_not_do_fails_with_what_it_does(studio: LiveStudio) -> None:
    made(studio, "/generate sound clicks --bars 1 --model clicks")
    begun = studio.do("/generate accompany clicks:A bass --model clicks")
    assert isinstance(begun, Generating)
    with pytest.raises(UserError, match="it can: text, continue, repaint"):
        studio.call("job wait", job=begun.job)


def test_a_job_is_stopped_and_leaves_nothing(studio: LiveStudio) -> None:
    begun = studio.do("/generate sound clicks --bars 128 --model clicks")
    assert isinstance(begun, Generating)
    studio.call("job cancel", job=begun.job)
    assert not any(track.clips for track in studio.project.tracks) and artifacts.everything() == []


def test_a_clip_of_a_layer_is_queued_in_its_cell_and_then_there(studio: LiveStudio) -> None:
    begun = studio.do("/clip bass growling --model clicks --bars 2 --seed 5")
    assert isinstance(begun, Generating)
    (row,) = (one for one in studio.call("jobs").jobs if one.job == begun.job)  # type: ignore[attr-defined]
    (track,) = (one for one in studio.project.tracks if one.name == "bass clicks")
    assert row.cells == ((track.id, studio.project.scenes[0].id),)
    (state,) = studio.call("job wait", job=begun.job).jobs  # type: ignore[attr-defined]
    assert state.state == "done" and state.cells == row.cells
    (clip,) = clips(studio)
    assert studio.project.scenes[0].slots[track.id] == clip.id and clip.length_ticks == 2 * 4 * 1920
    known = artifacts.everything()[0]
    assert "growling" in known.recipe["prompt"] and "bass" in known.recipe["prompt"]
    again = made(studio, "/generate clip bass growling --model clicks --bars 2 --seed 5")
    assert again.sha256 == known.sha256, "the same job, whichever command begins it"
    assert len([track for track in studio.project.tracks if track.name == "bass clicks"]) == 1


def test_a_plan_is_rendered_section_by_section_into_the_arrangement(studio: LiveStudio) -> None:
    studio.do("/plan make house, 125 bpm, 16 s --seed 3")
    begun = studio.do("/plan render --model clicks")
    assert isinstance(begun, Generating) and len(begun.sections) == len(studio.project.sections) > 1
    studio.call("job wait", job=begun.job)
    (track,) = (track for track in studio.project.tracks if track.name == "clicks")
    bars = [section.bars for section in studio.project.sections]
    placed = sorted(track.placements, key=lambda one: one.start_ticks)
    assert [one.length_ticks for one in placed] == [count * 4 * 1920 for count in bars]
    assert [one.start_ticks for one in placed] == [sum(bars[:at]) * 4 * 1920 for at in range(len(bars))]
    assert len({clip.region.sound.artifact for clip in clips(studio) if clip.region}) == len(bars), "each its own seed"
    studio.do("/undo")
    assert not clips(studio), "one step"


def test_a_fill_leads_from_a_section_into_the_next(studio: LiveStudio) -> None:
    studio.do("/plan make house, 125 bpm, 16 s --seed 3")
    studio.call("job wait", job=studio.do("/plan render --model clicks").job)  # type: ignore[attr-defined]
    first = studio.project.sections[0]
    begun = studio.do(f"/generate fill {first.name} a drum roll --bars 1 --model clicks")
    studio.call("job wait", job=begun.job)  # type: ignore[attr-defined]
    known = artifacts.everything()[0]
    assert known.sound.seconds == pytest.approx(BAR_S, abs=1e-4) and len(known.parents) == 2
    (track,) = (track for track in studio.project.tracks if track.name == "clicks")
    end = first.bars * 4 * 1920
    (fill,) = (one for one in track.placements if one.start_ticks == end - 4 * 1920)
    assert fill.length_ticks == 4 * 1920
    with pytest.raises(UserError, match="nothing follows"):
        studio.do(f"/generate fill {studio.project.sections[-1].name} --model clicks")


def test_a_whole_piece_is_one_sound_exactly_as_long_as_its_plan(studio: LiveStudio) -> None:
    begun = studio.do("/generate house, 125 bpm --seconds 16 --seed 3 --model clicks")
    assert isinstance(begun, Generating) and begun.model == "clicks" and begun.licence == "CC-BY-4.0"
    (state,) = studio.call("job wait", job=begun.job).jobs  # type: ignore[attr-defined]
    assert [one.state for one in state.parts] == ["done"] * len(begun.sections)
    known = artifacts.everything()[0]
    sound, rate = read(artifacts.path_of(known.sha256), OURS)
    assert sound.shape[1] == round(begun.seconds * rate) and not clips(studio)
    metadata = GenerationMetadata.model_validate_json(json.dumps(dict(known.recipe)))
    assert metadata.plan is not None and len(metadata.plan.sections) == len(begun.sections)
    with pytest.raises(UserError, match="synth has no"):
        studio.do("/generate house --guidance 3")


def test_a_client_of_the_server_generates_by_a_model(studio: LiveStudio, tmp_path: Path) -> None:
    with served(tmp_path) as server:
        asked = {"prompt": "house, 125 bpm", "duration_seconds": 8, "seed": 3, "model_id": "clicks"}
        assert server.post("/generate", asked | {"scheduler": "ddim"})[0] == 422
        status, told = server.post("/generate", asked | {"cfg_scale": 3.0})
        assert status == 200, told
        job = server.studio.jobs.find(int(told["job_id"]))  # type: ignore[attr-defined]
        server.run(lambda: server.studio.jobs.wait([job.number]))  # type: ignore[attr-defined]
        assert server.get(told["status_endpoint"])[1]["state"] == "succeeded"
        _, made = server.get(f"/artifact/{told['job_id']}")
        assert made["metadata"]["model_id"] == "clicks" and made["metadata"]["duration_seconds"] > 6
        assert server.raw("GET", made["preview_url"])[0] == 200


def test_a_bar_of_a_clip_that_is_longer_than_the_model_can_is_repainted(studio: LiveStudio) -> None:
    first = made(studio, "/generate sound clicks --bars 8 --model clicks --seed 1")
    second = made(studio, "/generate repaint clicks:A 7 1 --model clicks --seed 9")
    (before, rate), (after, _) = played(first), played(second)
    start, end = (round(bar * BAR_S * rate) for bar in (6, 7))
    assert before.shape == after.shape
    assert np.abs(before[:, :start] - after[:, :start]).max() < 1e-5
    assert np.abs(before[:, start:end] - after[:, start:end]).max() > 0.05
