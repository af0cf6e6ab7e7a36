"""Completion: what is offered at the cursor, and what the line becomes when it is taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.document import Document

from hardcore.commands.core.line import resolve
from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.controller import Controller
from hardcore.controller.fakes import MemoryStore
from hardcore.controller.studio import Studio
from hardcore.project.excerpts import of_sound
from hardcore.project.libraryitem import facts_of
from hardcore.project.tracks import rename_track
from hardcore.settings import load_settings
from hardcore.store import library
from hardcore.surfaces.repl.bar import Bar
from hardcore.surfaces.repl.completion import LineCompleter
from hardcore.surfaces.repl.cursorplace import place_of
from hardcore.surfaces.repl.history_file import HistoryFile, is_private
from hardcore.surfaces.screen.screenstate import Board
from tests.song import song


def studio_in_memory() -> Studio:
    store = MemoryStore()
    studio = Studio(Controller(store, lambda: 0.0), store, library, load_settings(), "test")
    studio.controller.edit("a song", lambda project: song())
    return studio


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = studio_in_memory()
    yield studio
    studio.controller.close()


def offered(studio: Studio, line: str, *, asked: bool = True) -> list[Completion]:
    event = CompleteEvent(completion_requested=asked, text_inserted=not asked)
    return list(LineCompleter(studio).get_completions(Document(line), event))


def lines(studio: Studio, line: str) -> list[str]:
    """Return the lines that `line` becomes with each completion."""
    return [line[: len(line) + each.start_position] + each.text for each in offered(studio, line)]


def help_of(studio: Studio, line: str) -> dict[str, str]:
    return {each.text: each.display_meta_text for each in offered(studio, line)}


def test_python_is_completed_by_what_it_finds_there_as_far_as_dots_lead(studio: Studio) -> None:
    assert "/py studio" in lines(studio, "/py stu") and "/py x = on_artifact" in lines(studio, "/py x = on_ar")
    assert help_of(studio, "/py live")["live_loop"].startswith("Call the decorated function")
    assert "/py [studio.track.gain" in lines(studio, "/py [studio.track.ga")
    assert "/py --seconds 3 transport.position" in lines(studio, "/py --seconds 3 transport.po")
    assert offered(studio, "/py studio.nothing.") == []
    assert "/py reset" in lines(studio, "/py re")


def test_names_are_offered_with_one_line_of_help(studio: Studio) -> None:
    assert help_of(studio, "/track ga")["track gain"] == "Set tracks' faders, or move them --by decibels."
    assert help_of(studio, "/gai")["gain"] == "track gain: Set tracks' faders, or move them --by decibels."


def test_a_name_is_found_by_what_is_inside_it(studio: Studio) -> None:
    assert "/clip quantize" in lines(studio, "/antiz")


def test_a_track_is_offered_where_a_track_stands(studio: Studio) -> None:
    assert lines(studio, "/track gain k") == ["/track gain kick"]
    tracks = "kick snare hats bass drums reverb master"
    assert lines(studio, "/track rename ") == [f"/track rename {name}" for name in tracks.split()]
    assert lines(studio, "/gain ") == [f"/gain {name}" for name in f"{tracks} all melodic hat_closed".split()]
    assert lines(studio, "/gain kick,s") == ["/gain kick,snare"]


def test_an_argument_that_follows_depends_on_the_one_before(studio: Studio) -> None:
    assert "/track set bass cutoff" in lines(studio, "/track set bass cu")
    assert lines(studio, "/track set drums ") == []
    assert lines(studio, "/effect move bass ") == ["/effect move bass filter"]


def test_options_are_offered_once_with_their_help(studio: Studio) -> None:
    assert lines(studio, "/key F minor --") == ["/key F minor --bare", "/key F minor --notes"]
    assert lines(studio, "/key --notes --") == ["/key --notes --bare"]
    assert lines(studio, "/key --notes --bare --") == []
    assert help_of(studio, "/track add sub --")["--instrument"] == "an instrument of the catalogue"


def test_the_value_of_an_option_is_offered(studio: Studio) -> None:
    assert lines(studio, "/track add sub --role ba") == ["/track add sub --role bass"]
    assert lines(studio, "/track add sub --role=ba") == ["/track add sub --role=bass"]
    assert lines(studio, "/track add sub --kind ret") == ["/track add sub --kind return"]


def test_branches_are_offered_where_one_may_stand_and_only_when_there_are_any(studio: Studio) -> None:
    assert "/gain kick -3 --head" not in lines(studio, "/gain kick -3 --")
    studio.controller.branch("bassline")
    assert "/gain kick -3 --head" in lines(studio, "/gain kick -3 --")
    for line in ("/gain kick -3 --head b", "/gain kick -3 --head=b", "/history merge b", "/history hear b"):
        assert lines(studio, line) == [f"{line}assline"]
    assert lines(studio, "/history branch b") == []


def test_a_value_with_spaces_is_quoted(studio: Studio) -> None:
    assert '/clip scale bass --key "F minor"' in lines(studio, "/clip scale bass --key F")
    assert lines(studio, '/clip scale bass --key "F mi') == ['/clip scale bass --key "F minor"']
    assert lines(studio, '/clip scale bass --key="F mi') == ['/clip scale bass --key="F minor"']


def test_a_name_with_spaces_and_quotes_comes_back_as_it_was(studio: Studio) -> None:
    name = 'low "end" ü'
    studio.controller.edit("x", lambda p: rename_track(p, p.find_track("bass").id, name))
    for typed in ("/gain lo", '/gain "lo', '/gain "low \\"e'):
        (line,) = lines(studio, typed)
        resolved = resolve(line + " -3")
        assert resolved is not None
        assert resolved[1] == {"tracks": name, "gain_db": "-3"}


def test_an_argument_of_several_words_is_completed_from_its_start(studio: Studio) -> None:
    assert lines(studio, "/key F mi") == ["/key F minor"]
    assert lines(studio, "/help track ga") == ["/help track gain"]


def test_a_preset_of_two_words_is_completed_as_a_whole(studio: Studio) -> None:
    assert lines(studio, "/preset load bass dark r") == ["/preset load bass dark reese"]
    assert "/preset load bass rave stab" in lines(studio, "/preset load bass r")


def test_settings_are_offered_one_after_the_other(studio: Studio) -> None:
    first = lines(studio, "/effect set bass filter ")
    assert "/effect set bass filter cutoff=" in first
    second = lines(studio, "/effect set bass filter cutoff=500 ")
    assert second
    assert not any(line.endswith(" cutoff=") for line in second)


def test_names_with_commas_are_completed_after_the_comma(studio: Studio) -> None:
    assert lines(studio, "/vary --keep bass,ki") == ["/vary --keep bass,kick"]
    assert "/vary --keep bass,bass" not in lines(studio, "/vary --keep bass,")


def test_files_are_offered_by_what_the_command_reads(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.hcs", "b c.hcs", "d.mid", ".hidden.hcs"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "e.hcs").touch()
    assert lines(studio, "/open ") == ["/open a.hcs", '/open "b c.hcs"', "/open folder/", "/open --read-only"]
    assert lines(studio, "/open folder/") == ["/open folder/e.hcs"]
    assert lines(studio, "/import ") == ["/import d.mid", "/import folder/"]
    assert lines(studio, f"/open {tmp_path}/a") == [f"/open {tmp_path}/a.hcs"]
    assert lines(studio, "/open nowhere/") == []


def test_a_prompt_is_completed_by_the_last_words(studio: Studio) -> None:
    assert "dark warehouse techno" in lines(studio, "dark wareh")
    assert "fast drum and bass" in lines(studio, "fast drum an")
    assert "acid, F minor" in lines(studio, "acid, F mi")
    assert help_of(studio, "gabb")["gabber"] == "genre"


def test_a_prompt_is_left_alone_before_its_second_letter(studio: Studio) -> None:
    assert offered(studio, "acid d", asked=False) == []
    assert offered(studio, "acid d") != []
    assert offered(studio, "", asked=False) == []


def test_a_prompt_takes_options(studio: Studio) -> None:
    assert lines(studio, "acid --se") == ["acid --seed"]


@given(st.text(alphabet='/ "=-,\\:abekrst1.', max_size=25))
def test_no_line_breaks_completion(line: str) -> None:
    for each in offered(_SHARED, f"/{line}"):
        assert -len(line) - 1 <= each.start_position <= 0


_SHARED = studio_in_memory()


def test_the_place_is_the_argument_at_the_cursor() -> None:
    for line, wanted in (
        ("track gain ", "tracks"), ("track gain kick ", "gain_db"), ("track gain kick -3 ", None),
        ("track add x --role ", "role"), ("track add --role bass ", "name"), ("key F ", "key"),
    ):  # fmt: skip
        place = place_of(line)
        assert place is not None
        assert (place.argument.name if place.argument else None) == wanted
    assert place_of("track ga") is None


def bar(studio: Studio, line: str = "", columns: int = 120) -> str:
    """Return the bar for what is typed so far."""
    return Bar(studio).text(line, columns, Board(studio, load_keymap(), clock=lambda: 0.0).shown())


def test_the_bar_names_the_keys_that_do_something_now(studio: Studio) -> None:
    assert bar(studio) == "Space play  Enter launch  Tab song  Ctrl-Z undo  F1 keys  F3 mixer  Ctrl-D leaves  ? help"
    studio.controller.undo()
    assert "Ctrl-Y redo" in bar(studio)
    assert "Ctrl-Z" not in bar(studio)


def test_the_bar_explains_the_argument_that_is_typed(studio: Studio) -> None:
    assert bar(studio, "/gain kick ").endswith("[GAIN_DB] [--by DB] [--in WHERE]  decibels, −96 to 24")


def test_a_narrow_bar_keeps_what_matters_most(studio: Studio) -> None:
    for columns in (20, 40, 60):
        assert len(bar(studio, "/gain kick ", columns)) <= columns
        assert len(bar(studio, "", columns)) <= columns
    assert bar(studio, "", 30) == "Space play  ? help"


def test_lines_are_remembered_in_the_next_session(tmp_path: Path) -> None:
    path = tmp_path / "history"
    first = HistoryFile(path)
    for line in ("/tempo 138", "acid, ünïcode", "acid, ünïcode", "/undo"):
        first.append_string(line)
    assert list(HistoryFile(path).load_history_strings()) == ["/undo", "acid, ünïcode", "/tempo 138"]
    assert path.stat().st_mode & 0o077 == 0


def test_secrets_are_never_written(tmp_path: Path) -> None:
    path = tmp_path / "history"
    history = HistoryFile(path)
    for line in (
        "/config assistant.api_key abcdefghijkl", "/config token=abcdefghijklmn", " /private", "use sk-abc123",
        "/config assistant.password: hunter2hunter2",
    ):  # fmt: skip
        assert is_private(line)
        history.append_string(line)
    assert not path.exists()
    assert not is_private("/key F minor")
    assert not is_private("acid in the key of F minor, 138 bpm")


def test_a_history_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    history = HistoryFile(tmp_path / "nowhere" / "history")
    history.append_string("/undo")
    assert list(history.load_history_strings()) == []


def test_a_long_history_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"{number}\n" for number in range(10_001)), encoding="utf-8")
    assert next(iter(HistoryFile(path).load_history_strings())) == "10000"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 5000


def test_things_of_the_library_are_completed_by_name(studio: Studio) -> None:
    made = of_sound(song(), "t9").project
    for kind, name in (("preset", "rubber"), ("clip", "rubber riff"), ("effects", "roof")):
        library.save(kind, name, made, 1.0, facts=facts_of(made))
    assert lines(studio, "/library put rub") == ["/library put rubber", '/library put "rubber riff"']
    assert help_of(studio, "/library show R")["roof"] == "effects, reese, filter"
    assert lines(studio, "/library export a.hcl --items rubber,ro") == ["/library export a.hcl --items rubber,roof"]
    assert "/preset load bass rubber" in lines(studio, "/preset load bass rub")
