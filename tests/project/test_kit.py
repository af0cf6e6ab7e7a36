"""A kit dresses the drum tracks that it has sounds for, and nothing else."""

import pytest

from hardcore.errors import UserError
from hardcore.project import tracks
from hardcore.project.kit import with_kit
from hardcore.project.mixer import Instrument
from hardcore.project.preset import Preset
from hardcore.project.state import new_project

SOUNDS = {
    "kick": Preset(instrument=Instrument(device="kick606")),
    "snare": Preset(instrument=Instrument(device="snap")),
}


def test_only_tracks_with_a_role_of_the_kit_change() -> None:
    project = new_project("a song", seed=1)
    project, kick = tracks.add_track(project, "kick", role="kick", instrument="kick909")
    project, hats = tracks.add_track(project, "hats", role="hat_closed", instrument="hat_closed")
    project, plain = tracks.add_track(project, "plain", instrument="kick808")
    after, dressed = with_kit(project, SOUNDS)
    assert dressed == ("kick",)
    assert after.find_track(kick).instrument == Instrument(device="kick606")
    assert [after.find_track(one) for one in (hats, plain)] == [project.find_track(one) for one in (hats, plain)]


def test_without_a_drum_to_dress_it_refuses() -> None:
    project, _ = tracks.add_track(new_project("a song", seed=1), "bass", role="bass", instrument="sub")
    with pytest.raises(UserError, match="no track here is a drum"):
        with_kit(project, SOUNDS)
