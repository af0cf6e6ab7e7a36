"""Presets: a track's sound moves to another track, and nothing else does."""

import pytest

from hardcore.errors import UserError
from hardcore.project import automation, tracks
from hardcore.project.integrity import check
from hardcore.project.preset import Preset, preset_of, with_preset
from tests.song import song


def test_a_sound_moves_to_another_track_with_its_effects_and_settings() -> None:
    project = song()
    bass, hats = project.find_track("bass").id, project.find_track("hats").id
    project = tracks.set_parameter(project, bass, "cutoff", 321)
    preset = Preset.model_validate(preset_of(project, bass).model_dump(mode="json"))
    after = with_preset(project, hats, preset)
    check(after)
    there, here = after.find_track(hats), after.find_track(bass)
    assert there.instrument == here.instrument
    assert [fx.device for fx in there.effects] == [fx.device for fx in here.effects]
    assert not {fx.id for fx in there.effects} & {fx.id for fx in here.effects}
    assert there.clips[0].notes is project.find_track(hats).clips[0].notes
    assert there.mixer == project.find_track(hats).mixer


def test_side_chains_and_fader_moves_of_the_track_stay() -> None:
    project = song()
    bass, kick = project.find_track("bass"), project.find_track("kick").id
    project, _ = tracks.add_effect(project, bass.id, "sidechain", side=kick)
    project = automation.with_point(project, bass.clips[0].id, bass.id, "pan", 0, 0.5)
    project = automation.with_point(project, bass.clips[0].id, bass.id, "cutoff", 0, 500)
    after = with_preset(project, bass.id, preset_of(project, project.find_track("snare").id))
    check(after)
    assert [fx.device for fx in after.find_track("bass").effects] == ["sidechain"]
    assert [a.parameter for a in after.find_track("bass").clips[0].automation] == ["pan"]


def test_an_instrument_does_not_go_on_a_return() -> None:
    project = song()
    with pytest.raises(UserError, match="no instrument"):
        with_preset(project, project.find_track("reverb").id, preset_of(project, project.find_track("bass").id))
