"""The command line: every command is a verb, options count anywhere, errors are data, and nothing is made by a slip."""

import io
import json
import shlex
import threading
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.core.line import resolve, resolve_words
from hardcore.commands.core.registry import registry
from hardcore.errors import Locked, UserError
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.cli import main
from hardcore.surfaces.options import VERBS, Options, split
from tests.each import each
from tests.song import studio_with_song


@pytest.fixture
def song(tmp_path: Path) -> Path:
    studio_with_song(tmp_path).controller.close()
    return tmp_path / "song.hcs"


def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
    """Return the status of a command line, and what it printed on stdout and on stderr."""
    out, err = io.StringIO(), io.StringIO()
    return main(list(words), open_project, io.StringIO(stdin), out, err), out.getvalue(), err.getvalue()


def data(*words: str, stdin: str = "") -> list[dict[str, Any]]:
    status, out, _ = run(*words, "--json", stdin=stdin)
    assert status == 0, out
    return [json.loads(line) for line in out.splitlines()]


@each("known", registry().values(), ids=lambda known: known.name)
def test_the_words_of_an_example_are_the_command(known: Any) -> None:
    found, values, label = resolve_words(shlex.split(known.example))
    assert (found, values) == resolve(f"/{known.example}")
    assert resolve(f"/{label}") == (found, values), "the step's label can be typed again"


def test_no_command_is_hidden_by_a_verb_or_an_option_of_the_program() -> None:
    names = {key for known in registry().values() for key in (known.name, *known.aliases)}
    # on the command line they do the same, or end with it
    own = {"render", "serve", "serve show", "serve stop", "live", "live stop"}
    assert {name for name in names if name.split()[0] in VERBS} == own
    everywhere = {field.name for field in fields(Options)}
    taken = {a.name for known in registry().values() for a in known.arguments if a.option} & everywhere
    assert taken == {"seed", "dry_run", "profile"}, "which mean the same"


def test_a_command_is_a_verb_and_what_it_makes_is_saved(song: Path) -> None:
    assert run("track", "gain", "kick", "-3", "--project", str(song)) == (0, "kick: gain 0 dB → -3 dB\n", "")
    (info,) = data("track", "list", "--project", str(song))
    assert [track["gain_db"] for track in info["items"] if track["name"] == "kick"] == [-3.0]


def test_options_count_before_and_after_the_verb() -> None:
    options = ["--json", "--dry-run", "-q", "-v", "--plain", "--wait", "--create", "--seed", "3", "--project=a.hcs"]
    words = ["track", "gain", "kick", "-3"]
    before, after = split([*options, *words]), split([*words, *options])
    amid = split([*words[:2], *options, *words[2:]])
    assert before == after == amid
    assert (before.words, before.seed, before.project, before.quiet) == (words, "3", "a.hcs", True)
    assert split(["do", "--", "--json"]).words == ["do", "--json"]


def test_a_seed_makes_chance_repeatable_and_is_refused_where_nothing_is_drawn(song: Path) -> None:
    first, second, other = (
        data("regenerate", "bass:A", "--seed", seed, "--dry-run", "--project", str(made(song)))[0]
        for seed in ("1", "1", "2")
    )
    assert first["changes"] == second["changes"] != other["changes"]
    status, _, err = run("track", "gain", "kick", "-3", "--seed", "1", "--project", str(song))
    assert (status, "takes no --seed" in err) == (2, True)


def made(song: Path) -> Path:
    """Return a project that was made from a prompt."""
    file = song.with_name("made.hcs")
    if not file.exists():
        assert (
            run(
                "--seed", "3", "compose", "techno 138 bpm with bass", "--bars", "1", "--project", str(file), "--create"
            )[0]
            == 0
        )
    return file


def test_a_dry_run_says_what_would_change_and_leaves_the_file(song: Path) -> None:
    before = song.read_bytes()
    (tried,) = data("track", "gain", "kick", "-3", "--dry-run", "--project", str(song))
    assert (tried["step"], tried["changes"][0]["new"]) == (None, -3.0)
    assert song.read_bytes() == before


@pytest.mark.parametrize("words", [("do", "/tempo"), ("do", "/tempo 99"), ("tempo", "99"), ("info",), ()])
def test_a_misspelt_file_is_not_made(words: tuple[str, ...], tmp_path: Path) -> None:
    status, out, err = run(*words, "--project", str(tmp_path / "typo.hcs"))
    assert (status, out) == (1, "")
    assert "typo.hcs" in err and "--create" in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_made_where_that_is_said(tmp_path: Path) -> None:
    for number, words in enumerate([("do", "/tempo 99"), ("tempo", "99"), ("info",)]):
        file = tmp_path / f"{number}.hcs"
        assert run(*words, "--create", "--project", str(file))[0] == 0
        assert file.exists()
    file = tmp_path / "tried.hcs"
    assert run("tempo", "99", "--create", "--dry-run", "--project", str(file))[0] == 0
    assert not file.exists()


def test_python_makes_a_file_only_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "new.hcs"
    with pytest.raises(UserError, match=r"new\.hcs"):
        open_studio(str(file))
    assert not file.exists()
    with open_studio(str(file), create=True) as studio:
        studio.do("/tempo 99")
        studio.do("/save")
    with open_studio(str(file), create=True) as studio:
        assert studio.project.tempo_map.bpm == 99


def test_a_file_alone_is_opened(song: Path, tmp_path: Path) -> None:
    (info,) = data(str(song), stdin="/info\n")
    assert info["file"] == str(song) and len(info["tracks"]) == 7
    status, _, err = run(str(tmp_path / "none.hcs"), stdin="/info\n")
    assert (status, "--create" in err) == (1, True)


def test_several_lines_are_saved_if_all_are_done(song: Path) -> None:
    before = song.read_bytes()
    status, out, err = run("do", "/gain kick -3", "/gain kock -3", "--json", "--project", str(song))
    assert status == 1 and song.read_bytes() == before
    done, error = map(json.loads, out.splitlines())
    assert done["result"] == "Edited"
    assert (error["result"], error["line"], error["code"]) == ("Error", 2, "not_found")
    assert err == "error: line 2: no track 'kock' (did you mean kick?) [not_found]\n"
    assert [one["step"] for one in data("do", "/gain kick -3", "/gain hats -4", "--project", str(song))] == [2, 3]
    assert song.read_bytes() != before


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("track", "gain", "kock", "-3"), 1, "not_found"),
        (("track", "gain", "kick", "99"), 1, "argument"),
        (("clip", "show", "bass:Z"), 1, "not_found"),
        (("trck", "gain"), 2, "usage"),
        (("dark techno",), 2, "usage"),
        (("do",), 2, "usage"),
        (("render", "house"), 2, "usage"),
        (("--project",), 2, "usage"),
        (("--nonsense",), 2, "usage"),
        (("play",), 1, "invalid"),
    ],
)
def test_an_error_is_one_object_and_one_line(words: tuple[str, ...], status: int, code: str, song: Path) -> None:
    project = () if words[-1] == "--project" else ("--project", str(song))
    ended, out, err = run("--json", *project, *words)
    error = json.loads(out)
    assert (ended, error["result"], error["code"]) == (status, "Error", code)
    assert err.startswith(f"error: {error['message']}") and err.endswith(f"[{code}]\n") and err.count("\n") == 1
    assert error["hint"] in err
    assert (error["field"] is not None) == (code == "argument")


def test_a_bug_is_an_object_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path | None) -> Any:
        raise RuntimeError("x")

    out, err = io.StringIO(), io.StringIO()
    assert main(["info", "--json"], broken, io.StringIO(), out, err) == 1
    assert json.loads(out.getvalue())["code"] == "bug"
    assert err.getvalue().startswith("error: a bug in hardcore (RuntimeError)") and err.getvalue().count("\n") == 1


def test_a_locked_project_is_refused_or_waited_for(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_project(song) as studio:
        status, out, _ = run("info", "--json", "--project", str(song))
        assert (status, json.loads(out)["code"]) == (1, Locked.code)
        studio.controller.close()
        # it is let go as soon as the other one says that it waits
        held = open_project(song)
        held.__enter__()
        said = Answers.news

    def news(self: Answers, words: str) -> None:
        said(self, words)
        if "waiting" in words:
            threading.Timer(0.01, held.__exit__, (None, None, None)).start()

    monkeypatch.setattr(Answers, "news", news)
    status, out, err = run("--wait", "track", "gain", "kick", "-3", "--project", str(song))
    assert (status, out) == (0, "kick: gain 0 dB → -3 dB\n")
    assert "song.hcs is open in this program; waiting until it is closed there" in err


def test_quiet_says_nothing_and_verbose_more(song: Path) -> None:
    place = ("--project", str(song))
    assert run("-q", "track", "gain", "kick", "-3", *place) == (0, "", "")
    assert run("-q", "tempo", *place)[1] == "tempo 138 bpm\n"
    _, out, err = run("track", "gain", "kick", "-4", "-v", *place)
    assert out.startswith("kick: gain") and err.startswith("step 3, 1 changed, ")


def test_help_is_of_the_program_or_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run("track", "gain", "--help")
    assert (status, out.startswith("/track gain TRACKS")) == (0, True)
    assert run("--help")[0] == 0
    shown = capsys.readouterr().out
    assert "hardcore track gain kick -3" in shown
    assert all(option in shown for option in ("--json", "--create", "--wait", "--seed", "--dry-run"))


def test_bad_news_ends_with_a_status_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from hardcore.jobs import doctor

    async def ill(version: str) -> list[doctor.Check]:
        return [doctor.Check("ears", False, "none", "grow some")]

    monkeypatch.setattr(doctor, "examine", ill)
    status, out, _ = run("doctor", "--json")
    assert (status, json.loads(out)["good"], json.loads(out)["items"][0]["cure"]) == (1, False, "grow some")
