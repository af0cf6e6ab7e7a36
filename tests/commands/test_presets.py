"""Presets and kits by command: listed, loaded in one step, undone, completed."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Listing
from hardcore.commands.core.types import _kits, _preset_words, _presets
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.knowledge.presets import factory_presets, kit
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.controller.close()


def say(studio: Studio, line: str) -> object:
    return asyncio.run(run_line(studio, line, Caller()))


def test_presets_are_listed_by_role_and_mood_with_your_own_first(studio: Studio) -> None:
    say(studio, "/preset save bass mine")
    basses = say(studio, "/preset list --role bass")
    assert isinstance(basses, Listing)
    assert basses.rows[0][0] == "mine" and len(basses.rows) > 20
    assert {row[3] for row in basses.rows} == {"bass"}
    dark = say(studio, "/preset list --role bass --mood dark")
    assert isinstance(dark, Listing)
    assert 0 < len(dark.rows) < len(basses.rows) and all("dark" in str(row[4]) for row in dark.rows)


def test_a_preset_of_the_program_is_loaded_in_one_step_in_any_case(studio: Studio) -> None:
    before = studio.controller.project
    say(studio, "/preset use bass Neuro  Reese")
    track = studio.controller.project.find_track("bass")
    assert track.instrument is not None
    assert track.instrument.settings == factory_presets()["neuro reese"].settings
    studio.controller.undo()
    assert studio.controller.project == before


def test_your_own_preset_comes_before_one_of_the_program(studio: Studio) -> None:
    say(studio, "/preset save bass warm pad")
    own = studio.controller.project.find_track("bass").instrument
    say(studio, "/preset load bass warm pad")
    assert studio.controller.project.find_track("bass").instrument == own


def test_an_unknown_preset_names_the_nearest(studio: Studio) -> None:
    with pytest.raises(UserError, match="no preset 'neuro rese'") as caught:
        say(studio, "/preset load bass neuro rese")
    assert "neuro reese" in caught.value.hint


def test_a_kit_dresses_the_drums_in_one_undoable_step_and_leaves_the_rest(studio: Studio) -> None:
    before = studio.controller.project
    at = studio.controller.history.at
    say(studio, "/kit use gabber")
    after = studio.controller.project
    parts = kit("gabber").parts
    drums = [track for track in after.tracks if track.role in parts]
    assert drums
    for track in drums:
        assert track.role is not None and track.instrument is not None
        assert track.instrument.device == factory_presets()[parts[track.role]].device
        old = before.find_track(track.id)
        assert (track.clips, track.mixer, track.sends) == (old.clips, old.mixer, old.sends)
    others = [track for track in after.tracks if track.role not in parts]
    assert others == [track for track in before.tracks if track.role not in parts]
    studio.controller.undo()
    assert studio.controller.project == before and studio.controller.history.at == at


def test_a_project_without_drums_says_so(studio: Studio) -> None:
    say(studio, "/new")
    with pytest.raises(UserError, match="drum"):
        say(studio, "/kit use 808")


def test_completion_offers_the_presets_of_the_tracks_role_first(studio: Studio) -> None:
    offered = list(_presets(studio.controller.project, ("bass",)))
    assert len(offered) == len(factory_presets())
    assert offered[0].help.startswith("bass")
    assert "808" in {choice.value for choice in _kits(studio.controller.project, ())}


def test_the_knowledge_base_is_not_read_before_it_is_asked_for() -> None:
    script = (
        "import sys\nfrom hardcore.commands.core.registry import registry\nregistry()\n"
        "print([name for name in sys.modules if name.startswith('hardcore.knowledge')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_presets_are_found_in_words_with_what_they_cost_your_own_too(studio: Studio) -> None:
    say(studio, "/preset save bass midnight")
    found = say(studio, "/presets find dark reese")
    assert isinstance(found, Listing) and found.rows[0][0] == "dark reese"
    assert found.columns[-2:] == ("cost %", "why") and 0 < float(str(found.rows[0][4])) < 5
    own = say(studio, "/preset find midnight")
    assert isinstance(own, Listing) and [row[0] for row in own.rows] == ["midnight"]
    assert float(str(own.rows[0][4])) > 0
    nothing = say(studio, "/preset find zorp")
    assert isinstance(nothing, Listing) and nothing.text() == "no preset answers to: zorp"
    offered = [choice.value for choice in _preset_words(studio.controller.project, ())]
    assert {"pad", "dark", "trance", "basses"} <= set(offered)
