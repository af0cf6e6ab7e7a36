"""The plan by command: shown, made, changed, played, kept in its file, and played again to the same bytes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from hardcore import open_studio
from hardcore.commands.composing.plan import PlanMade, PlanShown
from hardcore.errors import UserError
from hardcore.project import sections
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.surfaces.live import LiveStudio

PROMPT = "cinematic build, 120 s, 100 bpm, D minor"


@pytest.fixture
def studio() -> Iterator[LiveStudio]:
    with open_studio() as opened:
        yield opened


def made(studio: LiveStudio, line: str) -> PlanMade:
    answer = studio.do(line)
    assert isinstance(answer, PlanMade)
    return answer


def seconds(project: ProjectState) -> float:
    return project.tempo_map.seconds(end_ticks(timeline(project)))


def test_a_plan_of_a_prompt_is_shown_and_changes_nothing(studio: LiveStudio) -> None:
    before = studio.project
    shown = studio.do(f"/plan {PROMPT} --seed 7")
    assert isinstance(shown, PlanShown) and studio.project is before
    assert (shown.length_s, shown.bars, shown.bpm, shown.key, shown.music) == (120.0, 50, 100.0, "D minor", False)
    lines = shown.text().splitlines()
    assert len(lines) == 3 + len(shown.sections) + 1 and "/plan render" in lines[-1]
    loudest = max(shown.sections, key=lambda one: one.gain_db[0])
    assert loudest.energy == "high" and loudest.role == "chorus"
    assert shown.sections[1].leads == ("riser", "silence", "impact")


def test_a_plan_is_made_changed_played_and_undone(studio: LiveStudio) -> None:
    planned = made(studio, f"/plan make {PROMPT} --seed 7")
    assert not studio.project.arrangement and [one.name for one in planned.sections] == [
        one.name for one in studio.project.sections
    ]
    changed = made(studio, "/plan set rising --energy low --rest bass --bars 12 --name climb")
    climb = next(one for one in changed.sections if one.name == "climb")
    assert (climb.bars, climb.energy) == (12, "low") and "bass" not in climb.layers
    studio.do("/plan swap climb falling")
    studio.do("/plan trim closing 4")
    names = [(one.name, one.bars) for one in studio.project.sections]
    assert names == [("opening", 8), ("falling", 8), ("full", 16), ("climb", 12), ("closing", 4)]
    planned_project = studio.project
    studio.do("/plan render")
    assert [(one.name, one.bars) for one in studio.project.sections] == names
    assert seconds(studio.project) == pytest.approx(48 * 2.4)
    place = sections.find_section(studio.project, "climb")
    assert {track.name for track in sections.playing(studio.project, place)} <= {
        name for parts in climb.layers.values() for name in parts
    }
    studio.do("/undo")
    assert studio.project is planned_project


def test_a_plan_that_is_kept_plays_the_same_bytes(tmp_path: Path) -> None:
    def rendered(project: ProjectState) -> str:
        return project.evolve(next_id=1, title="x").model_dump_json()

    path = tmp_path / "piece.hcs"
    with open_studio(path, create=True) as studio:
        studio.do("/plan make pop, 100 s --seed 3")
        studio.do("/plan set bridge --energy high --vary 30")
        studio.do("/save")
        studio.do("/plan render")
        first = rendered(studio.project)
        studio.do("/undo")
        studio.do("/save")
    with open_studio(path) as studio:
        studio.do("/plan render")
        assert rendered(studio.project) == first
        studio.do("/transpose bass 12")
        assert rendered(studio.project) != first
        studio.do("/plan render")
        assert rendered(studio.project) == first, "edits of the notes are no part of the plan"


def test_two_minutes_from_the_prompt_are_two_minutes_of_sound(studio: LiveStudio, tmp_path: Path) -> None:
    studio.do(f"{PROMPT} --seed 7")
    assert [one.kind for one in studio.project.sections] == ["opening", "rising", "full", "falling", "closing"]
    file = tmp_path / "build.wav"
    written = studio.do(f"/export {file} --rate 8000 --tail 0")
    assert written.data()["length_s"] == pytest.approx(120, abs=2.4)
    heard = soundfile.info(str(file))
    assert heard.frames / heard.samplerate == pytest.approx(120, abs=2.4)


def test_a_song_that_was_edited_has_a_plan_too(studio: LiveStudio) -> None:
    studio.do("house, 4 bars --seed 3")
    with pytest.raises(UserError, match="loop"):
        studio.do("/plan")
    studio.do("/song --bars 48 --seed 1")
    studio.do("/section add bridge --bars 4 --before outro")
    shown = studio.do("/plan")
    assert isinstance(shown, PlanShown) and shown.music
    bridge = next(one for one in shown.sections if one.name == "bridge")
    assert bridge.bars == 4 and bridge.role == "bridge" and "kick" not in bridge.layers["rhythm"]
    studio.do("/plan render")
    assert seconds(studio.project) == pytest.approx(52 * 240 / 124)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/plan set brige --bars 4", "bridge"),
        ("/plan set bridge", "what is to change"),
        ("/plan set bridge --energy loud", "low, medium, high"),
        ("/plan set bridge --energy 2", "at most 1"),
        ("/plan set bridge --rest lad", "lead"),
        ("/plan swap bridge bridge", "one section"),
        ("/plan make 1234", "what music"),
        ("/plan make house --seconds 1", "at least 2"),
        ("/plan show --seconds 20", "of a prompt"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(studio: LiveStudio, line: str, said: str) -> None:
    studio.do("/plan make pop, 100 s --seed 3")
    before = studio.project
    with pytest.raises(UserError) as raised:
        studio.do(line)
    assert said in raised.value.line()
    assert studio.project is before
