"""Things of a library in one file: what one user writes another one gets, and a file from anybody does no harm."""

import asyncio
import json
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.library.sharing import ItemsShared
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.paths import user_folder
from hardcore.project import artifacts
from hardcore.project.samples import sample
from hardcore.project.state import new_project
from hardcore.store import library, libraryfile
from hardcore.store.objects import DIGEST_BYTES, digest
from hardcore.store.snapshot import packed
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


def say(studio: Studio, *lines: str) -> Result:
    for line in lines:
        result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def shared(studio: Studio, line: str) -> ItemsShared:
    answer = say(studio, line)
    assert isinstance(answer, ItemsShared)
    return answer


def move_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as another user: with an empty library and no artifacts."""
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "another home"))


EVERYTHING = (
    "/library save preset rubber --from bass --tags warm", "/library save effects chain --from bass",
    "/library save track crack --from snare", "/library save clip riff --from bass:A",
    "/library save clip dust --from loop:A",
    "/library save scene main --from A", "/library save groove pocket --from mpc_62", "/library save rhythm drive",
    "/map add cc7 gain kick", "/library save mapping knobs", '/genre new "cellar techno"',
)  # fmt: skip


def test_everything_of_a_library_comes_out_of_the_file_as_it_went_in(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loop.wav").write_bytes(sample("vinyl_loop").path.read_bytes())
    say(studio, "/import loop.wav", *EVERYTHING)
    before = {(item.kind, item.name): (library.content(item), item.tags) for item in library.items()[0]}
    sound = (user_folder() / "genres" / "cellar_techno.yaml").read_text()
    (kept,) = artifacts.everything()
    content = artifacts.path_of(kept.sha256).read_bytes()
    written = shared(studio, "/library export pack")
    assert len(written.items) == len(before) + 1

    move_away(tmp_path, monkeypatch)
    assert artifacts.everything() == [] and library.items() == ([], 0)
    taken = shared(studio, "/library import pack.hcl")
    assert len(taken.items) == len(written.items)
    after = {(item.kind, item.name): (library.content(item), item.tags) for item in library.items()[0]}
    assert after == before
    assert (user_folder() / "genres" / "cellar_techno.yaml").read_text() == sound
    assert artifacts.path_of(kept.sha256).read_bytes() == content
    say(studio, "/new", "/library put dust", "/library put main", "/library put knobs")

    again = shared(studio, "/library import pack.hcl")
    assert (again.items, len(again.known)) == ((), len(written.items))


def test_a_name_that_is_taken_by_something_else_gets_a_number(studio: Studio) -> None:
    say(studio, "/library save preset rubber --from bass", "/library export one --items rubber")
    say(studio, "/library save preset rubber --from snare")
    assert [row.name for row in shared(studio, "/library import one --tag friend").items] == ["rubber 2"]
    assert library.items(tag="friend")[1] == 1
    assert [item.facts.plays for item in library.items()[0]] == [("snare909",), ("reese",)]


def test_only_what_is_named_tagged_or_of_a_kind_is_written(studio: Studio) -> None:
    say(
        studio,
        "/library save preset a --from bass --tags x",
        "/library save track b --from bass",
        "/library save clip a --from bass:A",
    )
    assert [row.kind for row in shared(studio, "/library export one --items clip:a,b").items] == ["clip", "track"]
    assert [row.name for row in shared(studio, "/library export one --tag x").items] == ["a"]
    assert [row.kind for row in shared(studio, "/library export one --kind track").items] == ["track"]
    with pytest.raises(UserError, match="nothing of your library is that"):
        say(studio, "/library export one --tag y")


def test_where_a_users_sounds_lie_is_nobody_elses_business(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "secret place"
    folder.mkdir()
    (folder / "thump.wav").write_bytes(sample("kick808_long").path.read_bytes())
    say(studio, f'/samples add "{folder}"', "/track sample kick thump", "/library save preset own --from kick")
    written = shared(studio, "/library export one --items own")
    assert written.details == ("not in it: the sound thump, from a file of yours",)
    (parcel,) = libraryfile.read_file(tmp_path / "one.hcl")
    assert "secret" not in str(parcel.content) and "secret" in str(library.content(library.named("own")[0]))
    assert b"secret" not in (tmp_path / "one.hcl").read_bytes()


def test_a_file_that_is_no_library_is_not_written_over(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "precious.hcl").write_bytes(b"not yours")
    say(studio, "/library save preset rubber --from bass")
    with pytest.raises(UserError, match="is not a hardcore library"):
        say(studio, "/library export precious.hcl")
    assert (tmp_path / "precious.hcl").read_bytes() == b"not yours"
    assert [path.name for path in tmp_path.iterdir()] == ["precious.hcl"]


Change = Callable[[sqlite3.Connection], object]


def rows(**values: object) -> Change:
    """Return a change that gives each thing in a file these values."""
    names = ", ".join(f"{name} = ?" for name in values)
    return lambda connection: connection.execute(f"UPDATE items SET {names}", tuple(values.values()))


def file_of(kind: str, text: str) -> Change:
    return rows(kind=kind, format=1, content=json.dumps({"text": text}).encode())


def more(count: int) -> Change:
    return lambda connection: connection.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        "INSERT INTO items SELECT kind, name || i, tags, note, at, format, content FROM n, items"
    )


def flipped(connection: sqlite3.Connection) -> None:
    (content,) = connection.execute("SELECT content FROM items").fetchone()
    connection.execute("UPDATE items SET content = ?", (content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],))


def bombed(connection: sqlite3.Connection) -> None:
    """Put parts behind a thing's own that nothing names, and that unpack to a thousand times their size."""
    (content,) = connection.execute("SELECT content FROM items").fetchone()
    for number in range(3):
        zeros = bytes([number]) + bytes(2**24 - 1)
        payload = zlib.compress(zeros, 9)
        head = struct.pack(f"<{DIGEST_BYTES}sHHII", digest("chunk", 1, zeros, b""), 5, 1, len(payload), 0)
        content += head + b"chunk" + payload
    connection.execute("UPDATE items SET content = ?", (content,))


BARE = packed(new_project())[0]
HOSTILE: dict[str, Change] = {
    "a path for a name": rows(name="../../etc/passwd"),
    "a name that steers": rows(name="\x1b[2J"),
    "no name": rows(name=" "),
    "a name of a mile": rows(name="x" * 500),
    "a kind that there is not": rows(kind="setlist"),
    "a kind that it is not": rows(kind="clip"),
    "a kind that is JSON": rows(kind="groove"),
    "bytes for a name": rows(name=b"seven"),
    "tags that are none": rows(tags="{}"),
    "tags that steer": rows(tags=json.dumps(["\x07"])),
    "too many letters": rows(note="x" * 2000),
    "a date that is none": rows(at=float("inf")),
    "a reader of tomorrow": rows(format=99),
    "no content": rows(content=b""),
    "nonsense": rows(content=b"\x00" * 100),
    "a bit turned": flipped,
    "a bomb": bombed,
    "half of it": lambda connection: connection.execute("UPDATE items SET content = substr(content, 1, 60)"),
    "a project with nothing in it": rows(content=BARE),
    "JSON nested deeply": rows(format=1, content=b"[" * 100_000),
    "a style that runs": file_of("style", "!!python/object:os.system"),
    "a style that takes a word of the program": file_of("style", "name: house\nabout: x\nbased_on: house"),
    "a style that is none": file_of("style", "[1, 2]"),
    "a controller that does what there is not": file_of(
        "controller", 'name = "x"\n[[control]]\ncc = 1\ntarget = "no such"\n'
    ),
    "more things than a library gives": more(10_001),
    "another table": lambda connection: connection.execute("CREATE TABLE more (x)"),
    "a trigger": lambda connection: connection.execute("CREATE TRIGGER t AFTER INSERT ON items BEGIN SELECT 1; END"),
    "a sound that is another": lambda connection: connection.execute(
        "INSERT INTO artifacts VALUES (?, 3, 'audio/flac')", (b"x" * 32,)
    ),
    "a later format": lambda connection: connection.execute("PRAGMA user_version = 2"),
    "another program's": lambda connection: connection.execute("PRAGMA application_id = 1"),
}  # fmt: skip


def test_a_file_that_somebody_prepared_is_refused_whole_in_one_line(studio: Studio, tmp_path: Path) -> None:
    say(studio, "/library save preset rubber --from bass", "/library export good", "/library remove rubber")
    good = (tmp_path / "good.hcl").read_bytes()
    before = (library.items(removed=True), library.items(), sorted(user_folder().rglob("*")))
    kept: list[str] = []
    for words, change in HOSTILE.items():
        path = tmp_path / "bad.hcl"
        path.write_bytes(good)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            change(connection)
        try:
            say(studio, "/library import bad.hcl")
            kept.append(words)
        except UserError as error:
            assert "\n" not in error.line() and "\x1b" not in error.line() and len(error.line()) < 400, words
        assert (library.items(removed=True), library.items(), sorted(user_folder().rglob("*"))) == before, words
    assert kept == []
    for size in (0, 50, 100, len(good) // 2):
        (tmp_path / "bad.hcl").write_bytes(good[:size])
        with pytest.raises(UserError):
            say(studio, "/library import bad.hcl")


def test_a_reader_that_is_confined_may_look_and_write_in_its_folder_alone(studio: Studio, tmp_path: Path) -> None:
    say(studio, "/library save preset rubber --from bass", "/library export pack")
    (tmp_path / "inside").mkdir()
    agent = Caller(author="agent", roots=(tmp_path / "inside",))

    def ask(line: str) -> object:
        return asyncio.run(run_line(studio, line, agent))

    for line in ("/library list", "/library show rubber", "/library find bass", "/library put rubber kick"):
        assert ask(line) is not None
    assert ask("/library export mine.hcl") is not None
    assert (tmp_path / "inside" / "mine.hcl").is_file()
    for line in (
        "/library save preset x --from bass", "/library tag rubber x", "/library untag rubber x",
        "/library remove rubber", "/library restore rubber", "/library rename rubber y", "/library import mine.hcl",
        "/library export ../out.hcl", f"/library export {tmp_path / 'out.hcl'}",
    ):  # fmt: skip
        with pytest.raises(UserError):
            ask(line)
    assert [(item.name, item.tags) for item in library.items()[0]] == [("rubber", ())]
