"""Artifacts as you meet them: kept by content, tagged, found, written out, collected when nothing needs them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio.samples import Audio
from hardcore.commands.core.call import Caller
from hardcore.commands.exchange.artifacts import ArtifactKept, ArtifactList, ArtifactsCollected, ArtifactView
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.jobs.artifactsound import keep_sound
from hardcore.project import artifacts
from tests.commands.test_soundfolder import do, said
from tests.song import studio_with_song

RATE = 48_000


def tone(seconds: float = 0.25, gain: float = 0.5, hz: float = 220.0) -> Audio:
    times = np.arange(round(seconds * RATE)) / RATE
    return (gain * np.sin(2 * np.pi * hz * times)).astype(np.float32)[None]


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio in a folder with a sound."""
    monkeypatch.chdir(tmp_path)
    soundfile.write(tmp_path / "warm loop.wav", tone().T, RATE, "PCM_24")
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def test_a_file_is_kept_by_its_content_and_written_out_again(studio: Studio, tmp_path: Path) -> None:
    kept = do(studio, '/artifacts add "warm loop.wav"')
    assert isinstance(kept, ArtifactKept)
    again = do(studio, '/artifacts add "warm loop.wav"')
    assert isinstance(again, ArtifactKept) and again.artifact.sha256 == kept.artifact.sha256
    listed = do(studio, "/artifacts list")
    assert isinstance(listed, ArtifactList) and [row.name for row in listed.items] == ["warm loop"]
    do(studio, '/artifacts export "warm loop" out.flac')
    assert hashlib.sha256((tmp_path / "out.flac").read_bytes()).hexdigest() == kept.artifact.sha256
    heard, rate = soundfile.read(tmp_path / "out.flac", dtype="float32")
    assert rate == RATE and np.array_equal(heard, soundfile.read(tmp_path / "warm loop.wav", dtype="float32")[0])
    shown = do(studio, f"/artifacts show {kept.artifact.id}")
    assert isinstance(shown, ArtifactView) and shown.recipe["file"] == "warm loop.wav"


def test_words_and_tags_find_it(studio: Studio) -> None:
    do(studio, '/artifacts add "warm loop.wav"')
    assert "is tagged dark, wet" in said(studio, '/artifacts tag "warm loop" dark,wet')
    assert "is tagged wet" in said(studio, '/artifacts tag "warm loop" dark --remove')
    assert "warm loop" in said(studio, "/artifacts find import wet")
    assert "no artifacts" in said(studio, "/artifacts find wet dark")
    with pytest.raises(UserError, match="no artifact 'warm lop'") as error:
        do(studio, '/artifacts show "warm lop"')
    assert "warm loop" in error.value.hint


def test_a_caller_with_roots_changes_none(studio: Studio, tmp_path: Path) -> None:
    loose = keep_sound(tone(hz=330), RATE, name="loose", kind="render")
    for line in ("/artifacts gc --young", "/artifacts remove loose", "/artifacts tag loose mine"):
        with pytest.raises(Denied, match="the library"):
            do(studio, line, Caller(roots=(tmp_path,)))
    assert artifacts.everything() == [loose]


def test_only_what_nothing_needs_is_collected(studio: Studio) -> None:
    source = keep_sound(tone(hz=110), RATE, name="source", kind="import")
    made = keep_sound(tone(hz=220), RATE, name="made", kind="stretch", parents=[source.sha256], tags=["keep"])
    loose = keep_sound(tone(hz=330), RATE, name="loose", kind="render")
    assert "nothing to remove" in said(studio, "/artifacts gc"), "what is young stays"
    tried = do(studio, "/artifacts gc --young", Caller(dry_run=True))
    assert isinstance(tried, ArtifactsCollected) and [row.name for row in tried.removed] == ["loose"]
    assert artifacts.lookup(loose.sha256) == loose
    do(studio, "/artifacts gc --young")
    assert {known.sha256 for known in artifacts.everything()} == {source.sha256, made.sha256}
    assert not artifacts.path_of(loose.sha256).exists() and artifacts.path_of(made.sha256).exists()


def test_a_recipe_leads_to_what_was_made_by_it_while_it_is_there() -> None:
    recipe: artifacts.Recipe = {"bpm": 128.0, "cents": 0}
    assert artifacts.made("stretch", recipe) is None
    made = keep_sound(tone(), RATE, name="loop", kind="stretch", recipe=recipe, again=True)
    assert artifacts.made("stretch", {"cents": 0, "bpm": 128.0}) == made
    assert artifacts.made("stretch", {"cents": 1, "bpm": 128.0}) is None
    artifacts.remove(made)
    assert artifacts.made("stretch", recipe) is None


def test_what_is_louder_than_full_scale_is_kept_with_what_it_lost() -> None:
    made = keep_sound(tone(gain=2.0), RATE, name="hot", kind="render")
    heard = soundfile.read(artifacts.path_of(made.sha256), dtype="float64")[0]
    assert np.abs(heard).max() <= 1.0
    assert np.allclose(heard * 10 ** (made.gain_db / 20), tone(gain=2.0)[0], atol=1e-6)


def test_more_than_the_limit_is_refused_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "LARGEST_TOTAL", 1000)
    with pytest.raises(UserError, match="there is no room for tone"):
        keep_sound(tone(), RATE, name="tone", kind="render")
    assert not list(artifacts.folder().iterdir())


def test_facts_that_cannot_be_read_hide_one_artifact_and_no_other() -> None:
    good = keep_sound(tone(hz=100), RATE, name="good", kind="render")
    bad = keep_sound(tone(hz=200), RATE, name="bad", kind="render")
    (artifacts.folder() / f"{bad.sha256}.json").write_text("{")
    assert artifacts.everything() == [good]
