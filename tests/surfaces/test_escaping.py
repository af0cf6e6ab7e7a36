"""One escaping at the edge of every surface, tried with every text that a project file can bring."""

import io
import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hardcore import open_studio
from hardcore.app import build_studio
from hardcore.commands.core.registry import registry
from hardcore.errors import HardcoreError
from hardcore.escaping import escaped, escaped_json, escaped_line
from hardcore.project.integrity import check
from hardcore.project.state import ProjectState
from hardcore.store.project_file import create
from hardcore.surfaces.repl.show import Screen
from tests.song import studio_with_song
from tests.surfaces.server.served import serving
from tests.surfaces.test_cli import run

# What a terminal takes for a command, a program for a turn of writing, and a reader for nothing at all.
EVIL = ("\x9b31m", "\u202e", "\x1b]0;x\x07", "\U000e0041", "\u2028")
# What a project may have besides the song.
LINES = (
    "/title a song",
    "/marker add solo 3.1.1", "/arrangement scene A 1 --bars 8", "/section rename 1 verse", "/map add cc7 gain kick",
    '/rule add "every 8 bars" launch next',
)  # fmt: skip
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def steers(text: str) -> set[str]:
    """Return what in a text is neither shown nor a newline nor a joiner, by Unicode's own tables."""
    unseen = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return unseen - set("\n\u200c\u200d")


def test_what_steers_is_written_out_and_what_is_read_stays() -> None:
    letters = [chr(point) for point in (*range(0x2FFF), *range(0xD800, 0xE000), 0xFEFF, *range(0xE0000, 0xE0080))]
    bad = [
        a
        for a in letters
        if unicodedata.category(a) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(a) in BIDI
    ]
    assert [letter for letter in bad if letter != "\n" and letter in escaped(letter)] == []
    good = "Ünï 日本 \u0645\u06cc\u200c\u062e 👩\u200d🎤 \xa0 \\x1b"
    assert escaped(good) == escaped_line(good) == good
    assert escaped("a\x1b[2J\n\tb\x85") == "a\\x1b[2J\n    b\\x85"
    assert escaped_line("a\nb") == "a\\nb"


def test_json_says_the_same_when_it_is_escaped() -> None:
    data = {"a\x9b": ["\u202e\ud800\U000e0041 ü", 1]}
    written = escaped_json(json.dumps(data, ensure_ascii=False))
    assert json.loads(written) == data
    assert steers(written) == set()
    assert "ü" in written


def places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every text in JSON data."""
    if isinstance(data, str):
        yield way
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*way, key))


def put(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    """Put a value into JSON data, and return what was there."""
    for key in way[:-1]:
        data = data[key]
    before, data[way[-1]] = data[way[-1]], value
    return before


def spoiled(project: ProjectState) -> tuple[ProjectState, int]:
    """Return a project with a bad letter in every text that takes one, and how many did."""
    data, count = project.model_dump(mode="json"), 0
    for track in data["tracks"]:
        for clip in track["clips"]:
            del clip["notes"]  # they hold no text
    for number, way in enumerate(places(data)):
        evil = EVIL[number % len(EVIL)]
        for letters in (evil, *(one for one in EVIL if one != evil)):
            before = put(data, way, "")
            put(data, way, f"{before}{letters}x")
            try:
                check(ProjectState.model_validate(data))
            except (ValidationError, HardcoreError, ValueError):
                put(data, way, before)
                continue
            count += 1
            break
    return ProjectState.model_validate(data), count


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project file with bad letters wherever its texts, and the labels of its steps, take them."""
    folder = tmp_path_factory.mktemp("evil")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(folder))
        studio_with_song(folder).close()
        with open_studio() as studio:
            for line in (f"/open {folder / 'song.hcs'}", *LINES):
                studio.do(line)
            project, count = spoiled(studio.project)
        assert count >= 10
        opened = create(state=project)
        opened.save(folder / "evil.hcs")
        opened.close()
    with sqlite3.connect(folder / "evil.hcs") as connection:
        connection.execute("UPDATE steps SET label = ?, author = ?", (f"label{EVIL[0]}", f"me{EVIL[2]}"))
    connection.close()
    return folder / "evil.hcs"


def test_no_surface_shows_what_steers(evil: Path, home: Path) -> None:
    asks = [
        known
        for known in registry().values()
        if not known.effects.all
        and not any(a.required for a in known.arguments)
        and known.name not in ("analyse", "doctor")
    ]
    lines, shown = [], io.StringIO()
    with open_studio() as studio:
        studio.do(f"/open {evil}")
        screens = [Screen(shown, lambda: False, plain=plain, columns=90) for plain in (False, True)]
        for known in asks:
            try:
                result = studio.do(f"/{known.name}")
            except HardcoreError as error:
                screens[0].error(error)
                continue
            lines.append(f"/{known.name}")
            for screen in screens:
                assert result is not None
                screen.result(result, studio.project)
    assert len(lines) > 20
    assert [line for line in shown.getvalue().split("\n") if steers(line)] == []
    for words in (["do", *lines], ["do", *lines[:12], "--json"], ["text", str(evil)]):
        status, out, err = run(*words, *([] if "text" in words else ["--project", str(evil)]))
        assert (status, steers(out + err)) == (0, set()), words[-1]
        assert "x9b31m" in out or "u009b31m" in out, "it is shown all the same"


def test_no_answer_over_http_has_what_steers(evil: Path, home: Path) -> None:
    studio = build_studio()
    studio.controller.open(evil)
    with serving(studio, home) as server:
        paths = ("/project", "/project/state", "/history", "/tracks")
        bodies = [server.raw("GET", path)[2] for path in paths]
        bodies += [server.raw("POST", path, b"{}")[2] for path in ("/do/track/list", "/do/history/list", "/do/info")]
    studio.close()
    for body in bodies:
        assert steers(body.decode()) == set()
        data = json.loads(body)
        assert isinstance(data, list) or steers(data.get("text", "")) == set()
    assert any("\x9b" in json.dumps(json.loads(body), ensure_ascii=False) for body in bodies), "programs get what it is"
