"""Freeze, bounce and resample: what was made by instruments is heard from audio, and comes back as it was."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.controller.studio import Studio
from hardcore.engine.osc import message
from hardcore.engine.structure import definitions
from hardcore.engine.synthdefs.store import synthdef_bytes
from hardcore.errors import UserError
from hardcore.project.events import Span, events
from hardcore.project.integrity import check
from hardcore.project.timeline import timeline
from tests.commands.test_soundfolder import do, said
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    registry()
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def mix(studio: Studio, tmp_path: Path, name: str, track: str) -> "np.ndarray":
    """Return what a track sounds like in an export, before the master."""
    said(studio, f"/export {name}.wav --stems --bars 2")
    return soundfile.read(tmp_path / f"{name} stems" / f"{track}.wav", dtype="float32")[0]


def test_a_frozen_track_sounds_as_before_and_plays_no_notes_until_it_is_unfrozen(
    studio: Studio, tmp_path: Path
) -> None:
    said(studio, "/gain snare -3")
    said(studio, "/effect add snare bitcrusher")
    before, was = studio.controller.project, mix(studio, tmp_path, "before", "snare")
    assert "snare is frozen: 1 clip as audio" in said(studio, "/track freeze snare")
    project = studio.controller.project
    check(project)
    end = max(item.end_ticks for item in timeline(project))
    snare = project.find_track("snare").id
    assert not any(note.track_id == snare for note in events(project, timeline(project), Span(0, end)))
    assert message("/d_recv", synthdef_bytes("bitcrusher")) not in definitions(project)
    now = mix(studio, tmp_path, "frozen", "snare frozen")
    length = min(len(was), len(now)) * 3 // 4
    off = np.sqrt(((was[:length] - now[:length]) ** 2).mean()) / np.sqrt((was[:length] ** 2).mean())
    assert off < 0.01, f"{20 * np.log10(off):.0f} dB"
    with pytest.raises(UserError, match="frozen already"):
        do(studio, "/track freeze snare")
    said(studio, "/track unfreeze snare")
    after = studio.controller.project
    assert after.tracks == before.tracks and after.scenes == before.scenes
    with pytest.raises(UserError, match="is not frozen"):
        do(studio, "/track unfreeze snare")


def test_removing_what_stands_for_a_track_lets_it_play_again(studio: Studio) -> None:
    said(studio, "/track freeze snare")
    said(studio, '/track remove "snare frozen"')
    assert studio.controller.project.find_track("snare").frozen is None
    check(studio.controller.project)


def test_a_bounce_stands_beside_the_muted_track_and_a_resample_beside_everything(studio: Studio) -> None:
    assert "kick as audio on kick audio" in said(studio, "/track bounce kick")
    project = studio.controller.project
    assert project.find_track("kick").mixer.mute and project.find_track("kick audio").kind == "audio"
    assert "master as audio on master audio" in said(studio, "/resample master")
    project = studio.controller.project
    check(project)
    clip = project.find_track("master audio").clips[0]
    assert clip.region is not None
    whole = max(item.end_ticks for item in timeline(project))
    assert abs(project.tempo_map.seconds(min(whole, clip.length_ticks)) - clip.region.seconds) < 4.1


def test_a_track_freezes_in_the_background_into_the_project_as_it_is_then(studio: Studio) -> None:
    async def frozen() -> None:
        await run_line(studio, "/track freeze snare --background", Caller())
        await run_line(studio, "/gain snare -7", Caller())
        await run_line(studio, "/track bounce hats --background", Caller())
        await run_line(studio, "/job wait", Caller())

    asyncio.run(frozen())
    project = studio.controller.project
    check(project)
    stands = project.find_track("snare frozen")
    assert project.find_track("snare").frozen == stands.id and stands.mixer.gain_db == -7
    assert project.find_track("hats").mixer.mute and project.find_track("hats audio").clips
    with pytest.raises(UserError, match="frozen already"):
        do(studio, "/track freeze snare --background")
