"""The library keeps what is wanted across projects, each with its versions, tags and uses, whatever kills a studio."""

import contextlib
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.project import excerpts
from hardcore.project.libraryitem import Item, facts_of
from hardcore.project.state import ProjectState
from hardcore.project.tracks import set_parameter
from hardcore.store import library
from tests.effort import examples
from tests.song import song
from tests.store.child import keep_things
from tests.store.processes import heard, running


def bass(cutoff: float = 700) -> ProjectState:
    project = song()
    return excerpts.of_sound(set_parameter(project, project.find_track("bass").id, "cutoff", cutoff), "t9").project


def kept(name: str, cutoff: float = 700, at: float = 1.0, **more: object) -> Item:
    project = bass(cutoff)
    return library.save("preset", name, project, at, facts=facts_of(project), **more)  # type: ignore[arg-type]


def test_what_was_added_is_listed_by_kind() -> None:
    library.add("groove", "Deep  Pocket", {"id": "deep"}, 10.0)
    library.add("seed", "good one", {"seed": 7, "tags": ["dark"]}, 11.0)
    assert [(entry.kind, entry.name) for entry in library.entries()] == [
        ("groove", "Deep Pocket"),
        ("seed", "good one"),
    ]
    assert [(entry.content, entry.at) for entry in library.entries("seed")] == [({"seed": 7, "tags": ["dark"]}, 11.0)]
    (seed,) = library.named("GOOD  one")
    assert seed.tags == ("dark",)
    with pytest.raises(UserError, match="1 to 80"):
        library.add("groove", " ", {}, 1.0)


def test_saving_under_the_same_name_keeps_the_versions_before() -> None:
    first = kept("Rubber", tags=("warm",), note="round one")
    assert kept("rubber", at=2.0).version == 1, "the same content is no new version"
    second = kept("rubber", 300, at=3.0, tags=("deep",))
    assert (second.name, second.version, second.tags, second.note) == ("Rubber", 2, ("warm", "deep"), "round one")
    assert [one.version for one in library.versions(second)] == [2, 1]
    assert library.content(first) == bass()
    assert library.content(second) == bass(300)
    assert [item.version for item in library.items()[0]] == [2]


def test_json_in_place_of_a_version_leaves_no_other() -> None:
    for number in range(3):
        library.add("setlist", "set", {"files": [str(number)]}, float(number), over=True)
    (item,) = library.named("set")
    assert [one.version for one in library.versions(item)] == [1]
    assert [entry.content for entry in library.entries()] == [{"files": ["2"]}]


def test_a_thing_is_tagged_renamed_removed_and_restored_with_all_its_versions() -> None:
    kept("a")
    item = library.tag(kept("a", 300), ("x", "y"))
    assert library.items(tag="y") == ([item], 1)
    assert library.items(tag="z") == ([], 0)
    other = kept("b")
    with pytest.raises(UserError, match="there is a preset 'A' already"):
        library.rename(other, "A")
    renamed = library.rename(item, "Ä b")
    assert library.named("ä  B") == [renamed]
    assert library.named("a") == []
    gone = library.remove(renamed, 5.0)
    assert library.items(removed=True) == ([gone], 1)
    assert library.items() == ([other], 1)
    assert len(library.versions(library.remove(gone, None))) == 2
    assert [one.name for one in library.starting("Ä")] == ["Ä b"]


def test_one_that_is_kept_again_under_the_name_of_a_removed_one_is_its_next_version() -> None:
    library.remove(kept("a"), 5.0)
    assert kept("a", 300).version == 2
    assert library.items()[1] == 1


def test_uses_are_those_of_versions_that_are_there() -> None:
    item = kept("a")
    library.note_uses(
        "/song.hcs", {"preset:A:1": 4, "preset:a:7": 5, "clip:a:1": 6, "nonsense": 7, "preset:a:x": 8}, 2.0
    )
    library.note_uses("/other.hcs", {"preset:a:1": 1}, 3.0)
    assert library.uses(item) == [(1, "/other.hcs", 1), (1, "/song.hcs", 4)]


def test_what_an_older_program_kept_is_there() -> None:
    """A library of format 0 is one table of JSON; names that differ in case alone were two things."""
    preset = {"instrument": {"device": "reese", "settings": {"cutoff": 300.0}}, "effects": []}
    path = library.user_folder() / "library.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE entries (kind TEXT, name TEXT, content TEXT, at FLOAT, PRIMARY KEY (kind, name))"
        )
        rows = [("preset", name, json.dumps(preset), 7.0) for name in ("Deep", "deep")]
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    items, _ = library.items()
    assert [(item.name, item.version, item.at) for item in items] == [("Deep", 1, 7.0), ("deep 2", 1, 7.0)]
    assert library.content(items[0]) == preset
    assert path.stat().st_size > 0


def test_a_broken_library_and_one_of_a_newer_program_are_told_in_words(home: Path) -> None:
    path = library.user_folder() / "library.db"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(UserError, match="library cannot be used"):
        library.entries()
    path.unlink()
    kept("a")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="newer hardcore"):
        library.items()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_nobody_else_may_read_it() -> None:
    kept("a")
    for path in library.user_folder().glob("library.db*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_of_ten_thousand_the_first_are_listed_and_all_are_counted() -> None:
    kept("a")
    with contextlib.closing(sqlite3.connect(library.user_folder() / "library.db")) as connection:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
        items = "INSERT INTO items SELECT i, kind, 'x' || i, 'x' || i, 1, tags, note, NULL FROM n, items WHERE id = 1"
        versions = (
            "INSERT INTO versions SELECT i, 1, at, format, content, digest, facts FROM n, versions WHERE item = 1"
        )
        connection.execute(numbers + items)
        connection.execute(numbers + versions)
        connection.commit()
    found, total = library.items(["preset"], most=200)
    assert (len(found), total) == (200, 10_000)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_whatever_is_killed_what_was_told_of_is_there(home: Path) -> None:
    for seed in range(examples(8)):
        told: dict[str, int] = {}
        with (
            running(keep_things, str(home), seed) as (process, wire),
            running(keep_things, str(home), 99) as (_, other),
        ):
            for _ in range(6):
                told.update([heard(wire), heard(other)])
            process.kill()
            process.join()
            with contextlib.suppress(EOFError):
                while True:
                    told.update([heard(wire)])
        for name, number in told.items():
            (item,) = library.named(name)
            assert int(item.tags[0]) >= number
            assert all(library.content(one) for one in library.versions(item))
