"""The registry: what it refuses to register, how it finds commands, and what a call may and may not change."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core import registry
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.groups import GROUPS
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import Bars, Decibels, Flag, Parts, TrackRef, Words
from hardcore.controller.controller import Controller
from hardcore.controller.events import ArtifactMade, CommandRan, Event
from hardcore.controller.fakes import MemoryStore
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.settings import load_settings
from hardcore.store import library
from tests.song import song


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> dict[str, registry.Command]:
    """Return an empty registry that a test may fill."""
    registry.registry()
    known: dict[str, registry.Command] = {}
    monkeypatch.setattr(registry, "_commands", known)
    return known


@pytest.fixture
def studio() -> Iterator[Studio]:
    store = MemoryStore()
    studio = Studio(Controller(store, lambda: 0.0), store, library, load_settings(), "test")
    studio.controller.edit("a song", lambda project: song())
    yield studio
    studio.controller.close()


def run(studio: Studio, name: str, caller: Caller | None = None, /, **values: Any) -> Result:
    return asyncio.run(registry.run(studio, registry.registry()[name], values, caller or Caller()))


def test_a_command_without_a_docstring_is_refused(own: dict[str, Any]) -> None:
    def silent(call: Call) -> Done:
        return Done(message="")

    with pytest.raises(TypeError, match="docstring"):
        command("silent", "silent")(silent)
    assert not own


def test_an_example_must_begin_with_the_name(own: dict[str, Any]) -> None:
    def loud(call: Call) -> Done:
        """Be loud."""
        return Done(message="")

    with pytest.raises(TypeError, match="example"):
        command("loud", "quiet")(loud)


def test_a_parameter_needs_a_type_of_the_registry(own: dict[str, Any]) -> None:
    def bare(call: Call, track) -> Done:  # type: ignore[no-untyped-def]
        """Take anything."""
        return Done(message="")

    def plain(call: Call, track: str) -> Done:
        """Take any text."""
        return Done(message="")

    for function in (bare, plain):
        with pytest.raises(TypeError, match="track needs a type"):
            command("x", "x")(function)


def test_the_first_parameter_is_the_call(own: dict[str, Any]) -> None:
    def callless(track: TrackRef) -> Done:
        """Forget the call."""
        return Done(message="")

    with pytest.raises(TypeError, match="first parameter"):
        command("x", "x a")(callless)


def test_the_answer_must_be_a_result(own: dict[str, Any]) -> None:
    def text(call: Call) -> str:
        """Answer in bare text."""
        return ""

    with pytest.raises(TypeError, match="Result"):
        command("x", "x")(text)  # type: ignore[arg-type]


def test_what_is_slow_or_moves_or_does_more_than_edit_is_no_step(own: dict[str, Any]) -> None:
    async def slow(call: Call) -> Done:
        """Take long."""
        return Done(message="")

    def quick(call: Call) -> Done:
        """Take no time."""
        return Done(message="")

    command("slow", "slow")(slow)
    command("quick", "quick")(quick)
    command("back", "back", moves=True)(quick)
    command("write", "write", effects={"project", "files"})(quick)
    command("look", "look", effects=())(quick)
    assert {name for name, known in own.items() if known.is_step} == {"quick"}
    assert {name for name, known in own.items() if known.reads} == {"look"}


def test_effects_are_declared_from_a_list_and_by_arguments_that_there_are(own: dict[str, Any]) -> None:
    def set_it(call: Call, value: Words | None = None, *, loud: Flag = False) -> Done:
        """Set it."""
        return Done(message="")

    with pytest.raises(ValueError, match="no effect"):
        command("set", "set", effects={"sound"})(set_it)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no argument volume"):
        command("set", "set", effects=(), where={"volume": {"settings"}})(set_it)
    command("set", "set", effects=(), where={"value": {"settings"}, "loud": {"player"}})(set_it)
    given = own["set"].effects.given
    assert given({"value": None, "loud": False}) == set()
    assert given({"value": "3", "loud": False}) == {"settings"}
    assert given({"value": None, "loud": True}) == {"player"}
    assert own["set"].effects.all == {"settings", "player"}


def test_a_name_or_alias_can_be_taken_once(own: dict[str, Any]) -> None:
    def one(call: Call) -> Done:
        """Do one thing."""
        return Done(message="")

    command("one", "one", aliases=("uno",))(one)
    for name, aliases in (("one", ()), ("uno", ()), ("two", ("one",)), ("two", ("uno",))):
        with pytest.raises(TypeError, match="twice"):
            command(name, name, aliases=aliases)(one)
    assert list(own) == ["one"]


def test_parameters_become_arguments_options_and_flags(own: dict[str, Any]) -> None:
    def play(call: Call, track: TrackRef, bars: Bars = 4, *, gain_db: Decibels = 0, loud: Flag = False) -> Done:
        """Play a track.

        For as long as you like.
        """
        return Done(message="")

    command("play", "play kick")(play)
    known = own["play"]
    assert known.usage == "/play TRACK [BARS] [--gain-db DB] [--loud]"
    assert known.summary == "Play a track."
    assert [(a.required, a.option, a.flag) for a in known.arguments] == [
        (True, False, False), (False, False, False), (False, True, False), (False, True, True),
    ]  # fmt: skip
    assert known.parsed({"track": "kick", "gain_db": "-3 dB"}) == {
        "track": "kick", "bars": 4, "gain_db": -3.0, "loud": False,
    }  # fmt: skip


def test_callers_may_use_the_former_name_of_an_argument(own: dict[str, Any]) -> None:
    def play(call: Call, tracks: Parts, *, gain_db: Decibels = 0) -> Done:
        """Play tracks."""
        return Done(message="")

    command("play", "play kick")(play)
    known = own["play"]
    assert known.usage == "/play TRACKS [--gain-db DB]"
    for name in ("track", "tracks"):
        assert known.parsed({name: "kick,snare"}) == {"tracks": "kick,snare", "gain_db": 0}
    with pytest.raises(UserError, match="play has no argument 'track'"):
        known.parsed({"track": "kick", "tracks": "snare"})


def test_the_longest_name_is_found_first() -> None:
    found = registry.find(["track", "gain", "kick", "-3"])
    assert found is not None
    assert (found[0].name, found[1]) == ("track gain", 2)
    found = registry.find(["HISTORY", "goto"])
    assert found is not None
    assert (found[0].name, found[1]) == ("history goto", 2)
    assert registry.find(["nothing"]) is None
    assert registry.find([]) is None


def test_an_alias_finds_its_command() -> None:
    found = registry.find(["fx", "add", "bass"])
    assert found is not None
    assert (found[0].name, found[1]) == ("effect add", 2)


def test_a_wrong_argument_is_said_with_its_value_and_the_usage() -> None:
    gain = registry.registry()["track gain"]
    for values, said in (
        ({"gain_db": -3}, "track gain needs names, numbers or roles"),
        ({"track": "kick", "gain_db": "loud"}, "gain_db: 'loud' is not a number"),
        ({"track": "kick", "gain_db": 30}, "gain_db 30"),
        ({"track": "kick", "gain_db": float("nan")}, "gain_db"),
        ({"track": "kick", "gain_db": 0, "pan": 1}, "track gain has no argument 'pan'"),
    ):
        with pytest.raises(UserError) as error:
            gain.parsed(values)
        assert said in error.value.message
        assert error.value.hint == "usage: /track gain TRACKS [GAIN_DB] [--by DB] [--in WHERE]"
        assert "\n" not in error.value.line()


def test_one_command_is_one_step(studio: Studio) -> None:
    before = studio.controller.history.at
    run(studio, "arrangement scene", scene="A", bar=1, bars=4)
    assert studio.controller.history.at == before + 1
    assert len(studio.controller.project.arrangement) == 4
    studio.controller.undo()
    assert studio.controller.project.arrangement == ()


def test_a_command_that_fails_leaves_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(call: Call, words: Words) -> Done:
        """Do half of it."""
        call.edit(lambda project: project.evolve(title="half"))
        raise UserError("the other half is impossible")

    known = dict(registry.registry())
    monkeypatch.setattr(registry, "_commands", known)
    command("half", "half")(half)
    before = studio.controller.project
    with pytest.raises(UserError, match="impossible"):
        run(studio, "half", words="x")
    assert studio.controller.project is before
    assert studio.controller.history.at == 1


def test_a_dry_run_answers_and_changes_nothing(studio: Studio) -> None:
    before = studio.controller.project
    heard: list[object] = []
    studio.controller.events.subscribe(Event, heard.append)
    result = run(studio, "track gain", Caller(dry_run=True), track="kick", gain_db=-3)
    assert result.text() == "kick: gain 0 dB → -3 dB"
    assert studio.controller.project is before
    assert studio.controller.history.last == 1
    assert heard == []


def test_a_dry_run_says_what_would_fail(studio: Studio) -> None:
    with pytest.raises(UserError, match="no track 'kik'"):
        run(studio, "track gain", Caller(dry_run=True), track="kik", gain_db=-3)


def test_what_only_acts_cannot_be_tried(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="save cannot be tried"):
        run(studio, "save", Caller(dry_run=True), file=str(tmp_path / "a.hcs"))
    assert run(studio, "track list", Caller(dry_run=True)).text()


def test_another_step_than_the_expected_one_is_refused(studio: Studio) -> None:
    with pytest.raises(UserError, match="the project is at step 1, not 0"):
        run(studio, "tempo", Caller(expected=0), bpm=150)
    assert studio.controller.project.tempo_map.bpm == 138
    run(studio, "tempo", Caller(expected=1), bpm=150)
    assert studio.controller.project.tempo_map.bpm == 150


def test_a_call_of_several_steps_expects_those_that_it_makes_itself(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def twice(call: Call, words: Words) -> Done:
        """Edit, wait, and edit again."""
        call.edit(lambda project: project.evolve(title="one"))
        await asyncio.sleep(0)
        call.edit(lambda project: project.evolve(title=words))
        return Done(message="twice")

    known = dict(registry.registry())
    monkeypatch.setattr(registry, "_commands", known)
    command("twice", "twice")(twice)
    run(studio, "twice", Caller(expected=1), words="two")
    assert (studio.controller.history.at, studio.controller.project.title) == (3, "two")

    async def interrupted() -> None:
        caller = Caller(expected=3)
        slow = asyncio.ensure_future(registry.run(studio, known["twice"], {"words": "four"}, caller))
        await asyncio.sleep(0)
        await registry.run(studio, known["tempo"], {"bpm": 150}, Caller())
        with pytest.raises(UserError, match="the project is at step 5, not 3"):
            await slow

    asyncio.run(interrupted())
    assert studio.controller.project.title == "one"


def test_a_plan_expects_the_steps_that_it_makes_itself(studio: Studio) -> None:
    run(studio, "tempo", bpm=150)
    run(studio, "compose", Caller(expected=2), words="undo and kick 3 db down")
    assert studio.controller.history.step.parent == 1


@pytest.mark.usefixtures("full_rate")
def test_a_caller_does_nothing_beyond_its_permissions(studio: Studio, tmp_path: Path) -> None:
    reader = Caller("reader", permissions=frozenset())
    editor = Caller("editor", permissions=frozenset({"project"}))
    assert run(studio, "track list", reader).text()
    for caller, name, values, said in (
        (reader, "tempo", {"bpm": 150}, "tempo changes the project: reader may not"),
        (reader, "compose", {"words": "darker"}, "compose changes the project: reader may not"),
        (editor, "export", {"file": str(tmp_path / "a.wav")}, "export changes files: editor may not"),
        (editor, "config", {"name": "render.rate", "value": "44100"}, "config changes settings"),
    ):
        with pytest.raises(UserError) as error:
            run(studio, name, caller, **values)
        assert error.value.message.startswith(said)
        assert "\n" not in error.value.line()
    assert studio.controller.history.at == 1
    assert "48000" in run(studio, "config", reader, name="render.rate").text()
    run(studio, "tempo", editor, bpm=150)
    assert studio.controller.history.step.author == "editor"


def test_a_sentence_may_do_no_more_than_its_caller(studio: Studio) -> None:
    editor = Caller("editor", permissions=frozenset({"project"}))
    with pytest.raises(UserError, match="save changes files: editor may not"):
        run(studio, "compose", editor, words="kick 3 db down and save it")
    assert studio.controller.history.at == 1, "nothing of a plan is done when one of its calls is refused"


def test_a_caller_with_roots_leaves_settings_engines_library_and_styles_alone(studio: Studio, tmp_path: Path) -> None:
    confined = Caller("agent", roots=(tmp_path,))
    before = studio.settings
    for name, values in (
        ("config", {"name": "render.rate", "value": "44100"}),
        ("engine use", {"kind": "none"}),
        ("keys set", {"action": "session.mute", "keys": "ctrl-t"}),
        ("preset save", {"track": "bass", "name": "mine"}),
        ("groove learn", {"file": "song.mid"}),
        ("rhythm seed save", {"name": "mine", "rhythm": "warehouse"}),
        ("genre new", {"name": "cellar techno"}),
        ("samples forget", {"folder": "sounds"}),
    ):
        with pytest.raises(UserError, match=r"changes .*settings, engines, the library or styles: agent may not"):
            run(studio, name, confined, **values)
    assert studio.settings is before
    assert library.items() == ([], 0)


def test_a_step_says_who_made_it(studio: Studio) -> None:
    run(studio, "tempo", Caller(author="agent"), bpm=150)
    assert studio.controller.history.step.author == "agent"


def test_an_answer_comes_after_the_journal(studio: Studio) -> None:
    opened = studio.store.open_ones[0]  # type: ignore[attr-defined]
    run(studio, "tempo", bpm=150)
    assert [step.number for step in opened.journal.kept] == [1, 2]
    opened.journal.trouble = UserError("the disk is full")
    with pytest.raises(UserError, match="full"):
        run(studio, "tempo", bpm=160)


def test_a_command_tells_that_it_ran_or_why_not_and_what_it_wrote(studio: Studio, tmp_path: Path) -> None:
    told: list[Event] = []
    studio.controller.events.subscribe((CommandRan, ArtifactMade), told.append)
    agent = Caller("agent", cause=("a rule",))
    run(studio, "export", agent, file=str(tmp_path / "a.mid"))
    with pytest.raises(UserError):
        run(studio, "track gain", tracks="kik", gain_db=-3)
    run(studio, "tempo", Caller(dry_run=True), bpm=150)
    made, *ran = told
    assert made == ArtifactMade(path=tmp_path / "a.mid", label="export", author="agent", cause=("a rule",))
    assert [(event.name, event.author, event.cause, event.error) for event in ran if isinstance(event, CommandRan)] == [
        ("export", "agent", ("a rule",), ""),
        ("track gain", "you", (), "no track 'kik' (did you mean kick?)"),
    ]  # fmt: skip


def test_a_file_name_is_confined_to_the_roots_of_its_caller(studio: Studio, tmp_path: Path) -> None:
    caller = Caller(roots=(tmp_path,))
    assert caller.path("a.hcs") == tmp_path / "a.hcs"
    for name in ("../a.hcs", "/etc/passwd", "a/../../b", "~/x"):
        with pytest.raises(UserError, match="outside"):
            caller.path(name)
    (tmp_path / "out").symlink_to("/")
    with pytest.raises(UserError, match="outside"):
        caller.path("out/etc/passwd")
    for name in ("", " ", "a\0b"):
        with pytest.raises(UserError, match="not a file name"):
            Caller().path(name)


@pytest.mark.parametrize("name", ["a" * 201, "é" * 101, "x/" * 3000], ids=["letters", "bytes", "folders"])
def test_a_file_name_that_no_system_takes_is_refused_in_words(name: str) -> None:
    with pytest.raises(UserError, match="too long"):
        Caller().path(name)


@pytest.mark.parametrize("name", ["/", ".", "..", "./", "a/.."])
def test_a_folder_is_a_path_but_no_file_to_save_to(studio: Studio, name: str) -> None:
    assert Caller().path(name).is_absolute()
    for verb in ("save-as", "open"):
        with pytest.raises(UserError, match="folder, not a file"):
            run(studio, verb, file=name)


# What a type says of itself, which no one learns anything from.
EMPTY_WORDS = {
    "on when given", "a number", "a whole number", "a new name", "the new name", "plain words", "a file name",
    "how many bars", "how many bars, up to 100,000", "names, with commas", "0 to 100",
}  # fmt: skip


def test_arguments_say_what_they_are_in_their_command() -> None:
    empty = [
        f"{known.name}: {argument.name}"
        for known in registry.registry().values()
        for argument in known.arguments
        if argument.kind.help in EMPTY_WORDS or argument.kind.help.startswith("one of ") or not argument.kind.help
    ]
    assert not empty, f"`about` of the command says what they are: {', '.join(empty)}"


def test_words_for_an_argument_that_there_is_not_are_refused() -> None:
    def nothing(call: Call) -> Done:
        """Do nothing."""
        return Done(message="")

    with pytest.raises(TypeError, match="no argument bars"):
        command("nothing at all", "nothing at all", about={"bars": "how many"})(nothing)


def test_the_groups_are_the_modules_that_register_commands() -> None:
    folder = Path(registry.__file__).parents[1]
    names = {path: ".".join(path.relative_to(folder).with_suffix("").parts) for path in folder.rglob("*.py")}
    registering = {name for path, name in names.items() if re.search(r"^@command\(", path.read_text(), re.MULTILINE)}
    assert registering == GROUPS.keys()
    assert list(dict.fromkeys(known.group for known in registry.registry().values())) == list(GROUPS)
