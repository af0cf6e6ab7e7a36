"""What a demanding person types: counts out of range, files that cannot be, names that would be taken for others."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM
from hardcore.project import tracks
from hardcore.surfaces.cli import main as cli_main
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def say(studio: Studio, line: str) -> str:
    """Return what a line answers."""
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.text()


def refusal(studio: Studio, line: str) -> str:
    """Return how a line is refused; the project is as before."""
    before = studio.controller.project
    with pytest.raises(UserError) as caught:
        say(studio, line)
    assert studio.controller.project is before
    return caught.value.line()


def test_undo_and_redo_go_as_far_as_there_are_steps_and_say_so(studio: Studio) -> None:
    steps = studio.controller.history.at
    for db in (-1, -2, -3):
        say(studio, f"/gain kick {db}")
    said = say(studio, f"/undo {steps + 5}")
    assert said.startswith(f"undone {steps + 3} of {steps + 5}, that was all: gain kick -3, gain kick -2")
    assert "nothing to undo" in refusal(studio, "/undo")
    assert say(studio, "/redo 9999").startswith(f"redone {steps + 3} of 9999, that was all: ")
    assert say(studio, "/undo 2") == "undone: gain kick -3, gain kick -2"
    assert "nothing to redo" not in say(studio, "/redo 2")


@pytest.mark.parametrize("line", ["/undo 0", "/undo -1", "/redo 0", "/redo -3"])
def test_undo_takes_a_count_from_one(studio: Studio, line: str) -> None:
    say(studio, "/gain kick -1")
    assert refusal(studio, line)


def test_what_is_thrown_away_is_named(studio: Studio) -> None:
    assert "say which one" in refusal(studio, "/recover --discard")


def test_a_file_that_cannot_come_to_be_is_refused_before_anything_is_rendered(studio: Studio, tmp_path: Path) -> None:
    begun: list[object] = []
    assert studio.jobs is not None
    studio.jobs.listen(begun.append)
    assert "there is no folder" in refusal(studio, f"/export {tmp_path}/nowhere/x.wav")
    assert "no format" in refusal(studio, f"/export {tmp_path}/nowhere/x.xyz")
    (tmp_path / "there.wav").mkdir()
    assert "is a folder" in refusal(studio, f"/export {tmp_path}/there.wav")
    assert not begun


def test_a_midi_file_refuses_what_only_sound_has(studio: Studio, tmp_path: Path) -> None:
    assert "a MIDI file has no --stems, no --rate" in refusal(studio, f"/export {tmp_path}/x.mid --stems --rate 44100")
    assert not (tmp_path / "x.mid").exists()
    assert "MIDI" in say(studio, f"/export {tmp_path}/x.mid")


@pytest.mark.parametrize("line", ["/note add bass:A 1.1.1 C2 999999", "/note set bass:A 1.1.1 F2 --length 4000"])
def test_a_note_is_no_longer_than_its_clip(studio: Studio, line: str) -> None:
    assert "longer than bass" in refusal(studio, line)


@pytest.mark.parametrize(
    "line",
    ["/track rename hats 1", "/track rename hats t1", "/track rename bass a|b:c", "/track add a,b", "/scene add 2",
     "/scene rename A x:y", "/clip rename bass:A 7"],
)  # fmt: skip
def test_a_name_that_would_be_taken_for_something_else_is_refused(studio: Studio, line: str) -> None:
    assert refusal(studio, line)


def test_a_clip_of_a_track_with_a_colon_in_its_name_can_be_called(studio: Studio) -> None:
    bass = studio.controller.project.find_track("bass").id
    studio.controller.edit("import", lambda project: tracks.rename_track(project, bass, "a|b:c"))
    assert say(studio, "/clip show a|b:c:A")


@pytest.mark.parametrize("name", ["../../evil", "a/b", "..", r"a\b"])
def test_a_presets_name_is_no_path(studio: Studio, name: str) -> None:
    assert "reads as a path" in refusal(studio, f"/preset save bass {name}")


def test_a_preset_is_saved_loaded_and_deleted_by_the_same_bare_words(studio: Studio) -> None:
    say(studio, "/preset save bass my deep one")
    assert say(studio, "/preset load bass my deep one") == "bass sounds like my deep one"
    assert say(studio, "/preset delete my deep one") == "deleted preset my deep one"


def test_a_sound_that_is_made_for_another_role_is_said(studio: Studio) -> None:
    assert (
        say(studio, "/preset load kick dark reese") == "kick sounds like dark reese, which is made for bass, not kick"
    )
    assert say(studio, "/preset load bass dark reese") == "bass sounds like dark reese"


def test_the_tempo_has_one_range_in_words_and_by_command(studio: Studio) -> None:
    assert f"{HIGHEST_BPM:g}" in refusal(studio, "/tempo 401")
    assert say(studio, "/tempo 400")
    assert f"tempo goes from {LOWEST_BPM:g} to {HIGHEST_BPM:g}" in say(studio, "techno 401 bpm, 1 bar")


def test_a_file_is_made_only_where_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from hardcore.app import run

    file = tmp_path / "none.hcs"
    assert run(["--project", str(file), "do", "/info"]) == 1
    assert "none.hcs (--create makes it)" in capsys.readouterr().err and not file.exists()
    assert run(["--project", str(file), "do", "/tempo 130"]) == 1
    assert not file.exists()
    assert run(["--project", str(file), "--create", "do", "/tempo 130"]) == 0
    assert file.exists()


def test_a_project_that_is_open_says_how_to_look_at_it(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = studio_with_song(tmp_path / "other")
    assert "/open song.hcs --read-only" in refusal(other, f"/open {tmp_path / 'song.hcs'}")
    other.close()


def test_ctrl_c_is_said_on_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import sys
    from contextlib import contextmanager

    @contextmanager
    def interrupted(path: Path | None):  # type: ignore[no-untyped-def]
        raise KeyboardInterrupt
        yield

    arguments = ["render", "acid 130 bpm, 1 bar", "-o", str(tmp_path / "x.wav")]
    assert cli_main(arguments, interrupted, sys.stdin, sys.stdout, sys.stderr) == 130
    assert capsys.readouterr().err == "stopped, nothing was written\n"
