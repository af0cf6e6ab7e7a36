"""Sound by models: a backend of another package, in a real worker, through commands into the grid."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardcore import open_studio
from hardcore.audio.reader import OURS, read
from hardcore.audio.samples import Audio
from hardcore.commands.composing.modelsound import SoundBegun
from hardcore.errors import NotFound, Refused, UserError
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.project.clip import Clip
from hardcore.surfaces.live import LiveStudio
from tests.models import plugin

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
    assert isinstance(begun, SoundBegun)
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
    assert known.licence == "CC-BY-4.0" and known.recipe["heard"]["heard_bpm"] == pytest.approx(125 * 0.97, abs=0.5)
    assert known.recipe["heard"]["applied"] == {"ring": 5}
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
    assert known.recipe["wish"]["task"] == "continue" and known.sound.seconds == pytest.approx(BAR_S, abs=1e-4)
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
    assert isinstance(begun, SoundBegun)
    with pytest.raises(UserError, match="it can: text, continue, repaint"):
        studio.call("job wait", job=begun.job)


def test_a_job_is_stopped_and_leaves_nothing(studio: LiveStudio) -> None:
    begun = studio.do("/generate sound clicks --bars 128 --model clicks")
    assert isinstance(begun, SoundBegun)
    studio.call("job cancel", job=begun.job)
    assert not any(track.clips for track in studio.project.tracks) and artifacts.everything() == []
