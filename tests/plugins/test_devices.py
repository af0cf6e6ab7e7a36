"""Plug-ins as devices: set, moved, undone, saved and opened as ours are, also where the plug-in is not."""

from pathlib import Path

import pytest

from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.paths import state_folder
from hardcore.project.mixer import Effect
from hardcore.project.pluginlist import find
from hardcore.store.project_file import open_project
from tests.plugins.built import needs_plugins
from tests.plugins.conftest import say

pytestmark = needs_plugins
TRACK = ("/track add lead --instrument vst3:testtone", "/effect add lead vst3:TestDelay level=-6")


def values(studio: Studio) -> tuple[float, float]:
    """Return the level of the synth and of the effect."""
    track = studio.controller.project.find_track("lead")
    assert track.instrument is not None
    return track.instrument.value("level"), track.effects[0].value("level")


def test_parameters_are_set_by_name_in_their_units_within_their_ranges_and_undone(studio: Studio) -> None:
    say(studio, *TRACK)
    assert values(studio) == (-12, -6)
    assert say(studio, "/track set lead level -18.5db") == "lead: level -12 → -18.5 dB"
    say(studio, "/effect set lead vst3:testdelay level=-3 curve=0.5", "/track set lead level --by 6")
    assert values(studio) == (-12.5, -3)
    for line, why in (
        ("/track set lead level 3", "level 3 is out of range"),
        ("/effect set lead vst3:TestDelay levle=3", "no parameter 'levle'"),
        ("/effect add lead vst3:TestTone", "no effect plug-in 'TestTone'"),
        ("/track instrument lead vst3:TestDelay", "no instrument plug-in 'TestDelay'"),
        ("/track instrument lead vst3:TestTune", "no instrument plug-in 'TestTune'"),
        ("/effect add master vst3:TestDelay", "plug-ins are effects of tracks with clips"),
    ):
        with pytest.raises(UserError, match=why):
            say(studio, line)
    say(studio, "/undo", "/undo", "/undo")
    assert values(studio) == (-12, -6)
    assert "vst3:testdelay" in say(studio, "/track show lead") and "-60 to 0" in say(studio, "/track show lead")


def test_parameters_are_automated_as_those_of_our_devices_are(studio: Studio) -> None:
    say(studio, *TRACK, "/clip add lead A --bars 1")
    say(studio, "/automation add lead:A level 1.1.1 -30", "/automation add lead:A vst3:TestDelay.level 1.3.1 -20")
    lanes = studio.controller.project.find_clip("lead:A")[1].automation
    assert [(lane.parameter, lane.points[0].value) for lane in lanes] == [("level", -30), ("level", -20)]
    with pytest.raises(UserError):
        say(studio, "/automation add lead:A level 1.1.1 1")
    say(studio, "/place lead:A 1")
    with pytest.raises(UserError, match="along the song cannot move a plug-in"):
        say(studio, "/automation add lead level 1.1.1 -3")
    say(studio, "/automation add lead volume 1.1.1 -3")
    say(studio, "/track instrument lead epiano")  # which has a level too, from -24 dB
    (left,) = studio.controller.project.find_clip("lead:A")[1].automation
    assert left == lanes[1]


def test_a_project_keeps_all_of_a_plug_in_that_is_not_there_and_says_so(studio: Studio, tmp_path: Path) -> None:
    say(studio, *TRACK, "/track set lead level -20", "/save song.hcs", "/new")
    before = find("vst3:TestTone")
    (state_folder() / "plugins.json").unlink()
    said = say(studio, "/open song.hcs")
    assert "vst3:testtone is not on this machine: lead is silent" in said
    assert "vst3:testdelay is not on this machine: lead is heard without it" in said
    assert values(studio) == (-20, -6)
    track = studio.controller.project.find_track("lead")
    assert track.instrument is not None and track.instrument.plugin == before
    say(
        studio,
        "/track set lead level -21",
        "/effect set lead vst3:TestDelay level=-7",
        "/save",
        "/new",
        "/open song.hcs",
    )
    assert values(studio) == (-21, -7)
    say(studio, "/effect remove lead vst3:TestDelay")
    assert not studio.controller.project.find_track("lead").effects


def test_a_preset_keeps_a_plug_in_with_all_that_is_set_also_where_it_is_not(studio: Studio) -> None:
    say(studio, *TRACK, "/track set lead level -20", "/preset save lead mine", "/track add other")
    (state_folder() / "plugins.json").unlink()
    say(studio, "/preset load other mine")
    track = studio.controller.project.find_track("other")
    assert track.instrument is not None and track.instrument.value("level") == -20
    assert track.effects[0].value("level") == -6 and track.effects[0].plugin is not None


def test_another_studio_is_told_what_it_does_not_get(studio: Studio, tmp_path: Path) -> None:
    say(studio, *TRACK, "/clip add lead A --bars 1", "/note add lead:A 1.2 A4 1/16")
    said = say(studio, "/export song.dawproject")
    assert "plug-ins" in said and "vst3:testtone of lead" in said and "vst3:testdelay of lead" in said
    say(studio, "/new", "/import song.dawproject")
    assert len(studio.controller.project.find_clip("lead:A")[1].notes) == 1


def test_doctor_says_what_hosts_plug_ins_and_where_they_are_looked_for(studio: Studio) -> None:
    said = say(studio, "/doctor")
    assert "GPL-3.0" in said and "2 plug-ins known" in said


def test_a_saved_project_holds_what_it_had(studio: Studio, tmp_path: Path) -> None:
    say(studio, *TRACK, "/save song.hcs")
    opened = open_project(tmp_path / "song.hcs", read_only=True)
    assert opened.history.state() == studio.controller.project
    opened.close(keep=False)


def test_a_device_and_its_description_go_together(studio: Studio) -> None:
    tone, delay = find("vst3:TestTone"), find("vst3:TestDelay")
    for wrong in ({"device": "vst3:TestDelay"}, {"device": "eq", "plugin": delay}, {"device": tone.id, "plugin": tone}):
        with pytest.raises(UserError):
            Effect.model_validate({"id": "e1", **wrong})
