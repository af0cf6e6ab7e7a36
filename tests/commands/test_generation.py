"""Generations by command: rendered in the background, section by section, kept as artifacts, shown in the grid."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import soundfile

from hardcore import open_studio
from hardcore.commands.composing.soundjob import Generating
from hardcore.commands.studio.jobs import JobState
from hardcore.controller.studio import Studio
from hardcore.errors import Conflict, Misused, UserError
from hardcore.project import artifacts
from hardcore.surfaces.live import LiveStudio
from hardcore.surfaces.screen.cells import Line
from hardcore.surfaces.screen.grid import columns_of, grid
from hardcore.surfaces.screen.view import CellWork
from tests.song import studio_with_song
from tests.surfaces.stage import full_screen

PIECE = "house, 124 bpm, F minor --seconds 8 --seed 3 --rate 8000"


@pytest.fixture
def studio() -> Iterator[LiveStudio]:
    with open_studio() as opened:
        yield opened


def begun(studio: LiveStudio, line: str) -> Generating:
    answer = studio.do(f"/generate {line}")
    assert isinstance(answer, Generating)
    return answer


def over(studio: LiveStudio, job: int) -> JobState:
    (state,) = studio.call("job wait", job=job).jobs  # type: ignore[attr-defined]
    assert isinstance(state, JobState)
    return state


def recipe(job: int) -> dict[str, Any]:
    return next(dict(one.recipe) for one in artifacts.everything() if f"job-{job}" in one.tags)


def test_a_piece_is_rendered_as_it_was_planned_and_what_stands_stays(studio: LiveStudio) -> None:
    before = studio.project
    going = begun(studio, PIECE)
    state = over(studio, going.job)
    assert state.state == "done" and [(one.name, one.state) for one in state.parts] == [
        (name, "done") for name, _ in going.sections
    ]
    assert studio.project is before
    known = next(one for one in artifacts.everything() if f"job-{going.job}" in one.tags)
    made = recipe(going.job)
    total = sum(seconds for _, seconds in going.sections)
    heard, rate = soundfile.read(artifacts.path_of(known.sha256))
    assert len(heard) / rate == pytest.approx(total, abs=1 / rate), "exactly as long as the plan"
    assert made["plan"]["total_duration_seconds"] == pytest.approx(total)
    bar_s = 240 / 124
    assert all(seconds / bar_s == pytest.approx(round(seconds / bar_s)) for _, seconds in going.sections)
    seed = made["extras"]["motif_seed"]
    motif = next(one for one in artifacts.everything() if one.kind == "motif")
    assert motif.name == f"{known.name}_motif" and motif.sound.seconds == pytest.approx(seed["duration_seconds"])
    section = next(one for one in made["plan"]["sections"] if one["section_id"] == seed["section_id"])
    assert section["target_seconds"] == pytest.approx(seed["duration_seconds"], abs=1 / rate)
    again = begun(studio, PIECE)
    assert over(studio, again.job).state == "done"
    same = [one.sha256 for one in artifacts.everything() if f"job-{again.job}" in one.tags]
    assert same == [known.sha256]


def test_a_motif_alone_is_short(studio: LiveStudio) -> None:
    going = begun(studio, "techno 120 bpm --mode motif --seconds 300 --rate 8000")
    assert len(going.sections) == 1 and going.sections[0][1] == pytest.approx(24, abs=2)
    studio.call("job cancel", job=going.job)


def test_a_clip_is_rendered_as_a_loop_and_then_stands_in_its_cell(studio: LiveStudio, home: Path) -> None:
    with pytest.raises(Conflict, match="no piece"):
        studio.do("/generate clip bass")
    studio.do("house, 124 bpm, 2 bars --seed 3")
    before = studio.project
    going = begun(studio, "clip bass walking --bars 2 --seed 4 --rate 8000")
    assert studio.project is before
    state = over(studio, going.job)
    bass = before.find_track("bass").id
    assert state.cells == ((bass, studio.project.scenes[1].id),) or len(before.scenes) == 1
    _, clip = studio.project.find_clip("bass:B")
    made = recipe(going.job)
    assert made["plan"]["version"] == "v4" and made["extras"]["clip"]["layer"] == "bass"
    assert made["duration_seconds"] == pytest.approx(2 * 240 / 124, abs=1 / 8000)
    studio.do("/undo")
    assert studio.project is before
    studio.do("/clip bass walking --bars 2 --seed 4")
    assert studio.project.find_clip("bass:B")[1].notes == clip.notes, "the same as made at once"


def test_a_generation_that_is_stopped_leaves_nothing(studio: LiveStudio) -> None:
    going = begun(studio, "techno, 120 seconds --seed 3")
    studio.call("job cancel", job=going.job)
    (state,) = (one for one in studio.call("jobs").jobs if one.job == going.job)  # type: ignore[attr-defined]
    assert state.state == "cancelled"
    assert list(artifacts.folder().iterdir()) == []


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("/generate house --model musicgen", UserError, "weights"),
        ("/generate house --model nothing", UserError, "no model"),
        ("/generate 1234", UserError, "what music"),
        ("/generate house --seconds 1", UserError, "at least 2"),
        (r'/generate house --plan "{\"version\": \"v3\"}"', Misused, "plan."),
        ("/generate house --plan nothing", UserError, "JSON"),
    ],
)
def test_what_cannot_be_rendered_is_refused_before_it_begins(
    studio: LiveStudio, line: str, kind: type[UserError], said: str
) -> None:
    with pytest.raises(kind) as raised:
        studio.do(line)
    assert said in raised.value.line()
    assert not studio.call("jobs").jobs  # type: ignore[attr-defined]


def drawn(studio: Studio, cells: dict[tuple[str, str], CellWork], scene: int) -> list[str]:
    """Return the cells of a row of the grid as text, the first being the scene's name."""
    with full_screen(studio) as screen:
        shown = replace(screen.board.shown(), cells=cells)
        columns = columns_of(200, shown)
        line: Line = grid(columns, 10, shown)[scene + 1]
    return [text for _, text in line]


@pytest.mark.parametrize(
    ("work", "text"),
    [(CellWork("waiting"), "queued"), (CellWork("running", 0.34), "34%"), (CellWork("failed"), "failed")],
)
def test_a_cell_shows_how_far_its_clip_is(work: CellWork, text: str) -> None:
    studio = studio_with_song()
    try:
        project = studio.controller.project
        bass, row = project.find_track("bass"), project.find_scene("B")
        place = project.tracks.index(bass) + 1
        empty = drawn(studio, {}, 1)
        shown = drawn(studio, {(bass.id, row.id): work}, 1)
        assert text in shown[place] and text not in empty[place]
        assert [*shown[:place], *shown[place + 1 :]] == [*empty[:place], *empty[place + 1 :]]
    finally:
        studio.close()
