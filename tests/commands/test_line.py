"""Lines: words and quotes, commands and their arguments, and what is said when a line is wrong."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import resolve, run_line, tokens
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from tests.song import studio_with_song


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = studio_with_song()
    yield studio
    studio.close()


def words(line: str) -> list[str]:
    return [token.text for token in tokens(line)]


def resolved(line: str) -> tuple[str, dict[str, object]]:
    found = resolve(line)
    assert found is not None
    return found[0].name, found[1]


def complaint(line: str) -> str:
    with pytest.raises(UserError) as error:
        resolve(line)
    return error.value.line()


def test_double_quotes_hold_spaces_and_apostrophes_are_letters() -> None:
    assert words('rename "low end" don\'t') == ["rename", "low end", "don't"]


def test_a_backslash_keeps_a_quote_inside_quotes() -> None:
    assert words(r'"the \"low\" end \\ sub"') == [r'the "low" end \ sub']


def test_the_value_of_an_option_may_be_quoted() -> None:
    assert words('--key="F minor" x') == ["--key=F minor", "x"]


def test_a_quote_inside_a_word_is_a_letter() -> None:
    assert words('a 12" mix') == ["a", '12"', "mix"]
    assert words('"low"end') == ['"low"end']


@given(st.text())
def test_words_say_where_they_stand(line: str) -> None:
    found = tokens(line)
    assert all(0 <= token.start < token.end <= len(line) for token in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    bare = [token for token in found if '"' not in line[token.start : token.end]]
    assert all(token.text == line[token.start : token.end] for token in bare)


def test_blank_and_comment_lines_are_nothing() -> None:
    assert resolve("") is None
    assert resolve("  \t ") is None
    assert resolve("# /quit") is None


def test_a_line_without_a_slash_is_a_prompt_as_it_stands() -> None:
    assert resolved('  don\'t "stop"  now ') == ("compose", {"words": 'don\'t "stop"  now'})


@pytest.mark.parametrize("name", ["undo", "redo", "play", "stop", "save", "help", "pause"])
def test_a_few_commands_are_said_without_a_slash(name: str) -> None:
    for line in (name, f"{name.title()}!", f"{name} that", f"{name} it please"):
        assert resolved(line) == (name, {})
    assert resolved(f"{name} a techno track")[0] == "compose"


def test_what_is_said_to_undo_undoes_and_a_question_changes_nothing(studio: Studio) -> None:
    before = studio.controller.project

    def say(line: str) -> None:
        asyncio.run(run_line(studio, line, Caller("test")))

    say("make it 174 bpm")
    assert studio.controller.project.tempo_map.bpm == 174
    say("what chords is it playing?")
    assert studio.controller.project.tempo_map.bpm == 174
    say("undo that")
    assert studio.controller.project == before
    say("redo")
    assert studio.controller.project.tempo_map.bpm == 174


def test_options_of_a_change_are_changes_and_those_of_a_prompt_its_own(studio: Studio) -> None:
    before = studio.controller.project
    asyncio.run(run_line(studio, "darker --bars 4 --bpm 140", Caller("test")))
    after = studio.controller.project
    assert (after.tempo_map.bpm, after.tracks[0].clips[0].length_ticks) == (140, 4 * after.meter_map.bar_ticks())
    assert [track.id for track in after.tracks] == [track.id for track in before.tracks]
    asyncio.run(run_line(studio, "house --bars 1 --seed 3 --key Am", Caller("test")))
    made = studio.controller.project
    assert (made.title, made.tracks[0].clips[0].length_ticks) == ("house", made.meter_map.bar_ticks())


@pytest.mark.parametrize(("text", "key"), [("fis-moll", "F# minor"), ("fa# menor", "F# minor"), ("Es-Dur", "Eb major")])
def test_a_key_may_be_said_in_another_language(studio: Studio, text: str, key: str) -> None:
    asyncio.run(run_line(studio, f"/key {text}", Caller("test")))
    assert studio.controller.project.key.name == key
    with pytest.raises(UserError):
        asyncio.run(run_line(studio, "/key xyz-moll", Caller("test")))


def test_a_prompt_takes_the_options_of_compose() -> None:
    assert resolved("dark techno --seed 7 --bars=4") == ("compose", {"words": "dark techno", "seed": "7", "bars": "4"})
    assert complaint("dark techno --loud").startswith("compose has no option --loud")


def test_the_longest_name_wins() -> None:
    assert resolved("/history")[0] == "history list"
    assert resolved("/history 5") == ("history list", {"last": "5"})
    assert resolved("/history goto 5") == ("history goto", {"step": "5"})


def test_an_alias_is_the_command() -> None:
    assert resolved("/gain kick -3") == resolved("/track gain kick -3")
    assert resolved("/FX Add bass drive") == ("effect add", {"tracks": "bass", "effect": "drive"})


def test_options_stand_anywhere_and_take_a_word_or_an_equals_sign() -> None:
    wanted = ("track add", {"name": "sub bass", "instrument": "sub", "role": "bass"})
    assert resolved('/track add "sub bass" --instrument sub --role=bass') == wanted
    assert resolved('/track add --role bass --instrument=sub "sub bass"') == wanted


def test_an_option_with_a_dash_is_the_parameter_with_an_underscore() -> None:
    assert resolved("/open a.hcs --read-only") == ("open", {"file": "a.hcs", "read_only": True})


def test_a_negative_number_is_no_option() -> None:
    assert resolved("/gain kick -3")[1]["gain_db"] == "-3"


def test_a_rest_argument_takes_the_words_as_they_were_typed() -> None:
    assert resolved('/compose dark  techno "138"') == ("compose", {"words": 'dark  techno "138"'})
    assert resolved('/compose "dark techno"') == ("compose", {"words": "dark techno"})
    assert resolved("/key F minor --notes") == ("key", {"key": "F minor", "notes": True})


def test_an_unknown_command_names_the_nearest() -> None:
    assert complaint("/tempoo 3").startswith("no command 'tempoo' (did you mean tempo")


def test_an_unknown_verb_names_the_nearest_of_its_noun() -> None:
    assert "no command 'track gian' (did you mean track gain" in complaint("/track gian kick 3")


def test_a_noun_alone_names_its_verbs() -> None:
    assert complaint("/track").startswith("no command 'track' (one of: track ")


def test_a_slash_alone_points_to_the_help() -> None:
    assert complaint("/") == "no command (/help lists them)"


def test_an_unknown_option_names_the_nearest() -> None:
    assert complaint("/compose x --sed 3") == "compose has no option --sed (did you mean seed?)"
    assert complaint("/undo --all") == "undo has no option --all (usage: /undo [TIMES])"


def test_an_option_without_its_value_says_what_it_needs() -> None:
    assert complaint("/compose x --bars") == "--bars needs how many bars it has"


def test_a_word_too_many_shows_the_usage() -> None:
    assert complaint("/undo 1 b") == "undo: 'b' is one word too many (usage: /undo [TIMES])"


def test_a_quote_that_is_not_closed_is_named() -> None:
    assert "a double quote is not closed" in complaint('/title "a b')


def test_a_flag_takes_no_value() -> None:
    assert complaint("/key F minor --notes=no") == "--notes takes no value"


def test_the_line_is_the_label_of_its_step(studio: Studio) -> None:
    asyncio.run(run_line(studio, "  /gain kick -3 ", Caller()))
    assert studio.controller.history.step.label == "gain kick -3"
    assert asyncio.run(run_line(studio, " ", Caller())) is None


@given(st.text(max_size=60))
def test_no_line_breaks_the_parser(line: str) -> None:
    try:
        resolve(line)
    except UserError as error:
        assert error.message


def test_a_question_mark_is_help_before_a_command_and_a_preview_before_a_sentence(studio: Studio) -> None:
    assert resolved("? track gain") == ("help", {"command": "track gain"})
    assert resolved("?tempo")[0] == resolved("?")[0] == resolved("?/no such thing")[0] == "help"
    name, values = resolved("? mute the hats")
    assert (name, values["preview"]) == ("compose", True) and "mute the hats" in str(values["words"])
    before = studio.controller.project
    answer = asyncio.run(run_line(studio, "? bass 2 db down", Caller()))
    assert "bass" in str(answer) and studio.controller.project is before
