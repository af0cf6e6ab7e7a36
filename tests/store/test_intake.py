"""Files that someone sent: whatever is in them, they open as they were or are refused in one line."""

import json
import os
import random
import shutil
import sqlite3
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from hardcore.errors import UserError
from hardcore.store import decoder
from hardcore.store.encoder import Encoder
from hardcore.store.migrations import current
from hardcore.store.objects import Memory, digest
from hardcore.store.project_file import create, open_project
from hardcore.store.schema import MAX_OBJECT_BYTES
from tests.effort import examples
from tests.store.samples import forge, mutate, put, saved, song

Tamper = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a good file with a short history."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(folder))
        return saved(folder / "a.hcs", steps=10).read_bytes()


def _outcome(file: Path) -> str:
    """Return why a file is refused, empty when it opens; every state of it is looked at. Nothing else may happen."""
    before = sorted(path.name for path in file.parent.iterdir())
    content = file.read_bytes()
    refused = ""
    try:
        opened = open_project(file)
    except UserError as error:
        refused = error.line()
    else:
        for number in opened.history.steps:
            try:
                Encoder(Memory()).encode(opened.history.state(number))
            except UserError as error:
                refused = error.line()
        opened.close(keep=False)
    assert "\n" not in refused
    assert len(refused) < 500
    assert sorted(path.name for path in file.parent.iterdir()) == before, "something was written beside it"
    assert file.read_bytes() == content
    work = Path(os.environ["HARDCORE_HOME"]) / "state" / "work"
    assert not work.exists() or not list(work.iterdir())
    return refused


def _tampered(sample: bytes, tmp_path: Path, tamper: Tamper) -> Path:
    file = tmp_path / "a.hcs"
    file.write_bytes(sample)
    connection = sqlite3.connect(file, isolation_level=None)
    tamper(connection)
    connection.close()
    return file


def test_a_good_file_opens(sample: bytes, tmp_path: Path) -> None:
    assert _outcome(_tampered(sample, tmp_path, lambda connection: None)) == ""


QUIET = settings(
    max_examples=examples(120),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUIET
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_flipped_bits_are_refused_or_harmless(sample: bytes, tmp_path: Path, seed: int, flips: int) -> None:
    rng, broken = random.Random(seed), bytearray(sample)
    for _ in range(flips):
        # half of the flips hit the first pages, where the schema is
        broken[rng.randrange(len(broken) if rng.random() < 0.5 else 8192)] ^= 1 << rng.randrange(8)
    (tmp_path / "a.hcs").write_bytes(broken)
    _outcome(tmp_path / "a.hcs")


@QUIET
@given(st.integers(0, 2**32))
def test_shuffled_pages_and_noise_are_refused_or_harmless(sample: bytes, tmp_path: Path, seed: int) -> None:
    rng, broken = random.Random(seed), bytearray(sample)
    at = rng.randrange(len(broken))
    if rng.random() < 0.5:
        broken[at : at + rng.randrange(1, 5000)] = rng.randbytes(rng.randrange(1, 5000))
    else:
        page, other = (4096 * rng.randrange(len(broken) // 4096) for _ in range(2))
        broken[page : page + 4096] = sample[other : other + 4096]
    (tmp_path / "a.hcs").write_bytes(broken)
    _outcome(tmp_path / "a.hcs")


@QUIET
@given(st.integers(0, 2**32))
def test_any_change_of_content_under_true_digests_is_refused_or_sound(sample: bytes, tmp_path: Path, seed: int) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    mutate(tmp_path / "a.hcs", random.Random(seed))
    _outcome(tmp_path / "a.hcs")


def test_a_cut_file_is_refused(sample: bytes, tmp_path: Path) -> None:
    rng = random.Random(2)
    for length in [0, 1, 15, 16, 72, 99, 100, 4096, *(rng.randrange(len(sample)) for _ in range(25))]:
        (tmp_path / "a.hcs").write_bytes(sample[:length])
        assert _outcome(tmp_path / "a.hcs"), f"{length} bytes of it opened"


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    rng = random.Random(3)
    for length in (1, 50, 1000, 100_000):
        (tmp_path / "a.hcs").write_bytes(rng.randbytes(length))
        assert "not a hardcore project" in _outcome(tmp_path / "a.hcs")


OTHER_SCHEMAS: dict[str, Tamper] = {
    "a trigger": lambda c: c.execute("CREATE TRIGGER x AFTER INSERT ON steps BEGIN DELETE FROM objects; END"),
    "a view": lambda c: c.execute("CREATE VIEW x AS SELECT * FROM steps"),
    "a view in place of a table": lambda c: c.executescript(
        "ALTER TABLE steps RENAME TO other; CREATE VIEW steps AS SELECT * FROM other"
    ),
    "an index on an expression": lambda c: c.execute("CREATE INDEX x ON steps (abs(at))"),
    "a virtual table": lambda c: c.execute("CREATE VIRTUAL TABLE x USING fts5(a)"),
    "one table more": lambda c: c.execute("CREATE TABLE x (y)"),
    "one table less": lambda c: c.execute("DROP TABLE chunks"),
    "one column more": lambda c: c.execute("ALTER TABLE steps ADD COLUMN x"),
    "a generated column": lambda c: c.execute("ALTER TABLE steps ADD COLUMN x GENERATED ALWAYS AS (abs(at)) VIRTUAL"),
    "a check": lambda c: c.executescript("DROP TABLE meta; CREATE TABLE meta (key TEXT, value TEXT CHECK (1))"),
    "statistics": lambda c: c.execute("ANALYZE"),
    "another application": lambda c: c.execute("PRAGMA application_id = 7"),
    "no steps": lambda c: c.execute("DELETE FROM steps"),
    "a schema edited by hand": lambda c: c.executescript(
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || ' ' WHERE name = 'meta'"
    ),
}


@pytest.mark.parametrize("name", OTHER_SCHEMAS)
def test_another_schema_is_refused(sample: bytes, tmp_path: Path, name: str) -> None:
    assert _outcome(_tampered(sample, tmp_path, OTHER_SCHEMAS[name]))


def test_a_newer_format_is_refused_in_words(sample: bytes, tmp_path: Path) -> None:
    file = _tampered(sample, tmp_path, lambda c: c.execute("PRAGMA user_version = 2"))
    assert "newer hardcore" in _outcome(file)


def _rows(sql: str, *values: object) -> Tamper:
    return lambda connection: connection.execute(sql, values)


WRONG_ROWS: dict[str, Tamper] = {
    "a step of another root": _rows("UPDATE steps SET root = zeroblob(20) WHERE number = 3"),
    "a root that is no digest": _rows("UPDATE steps SET root = x'00' WHERE number = 3"),
    "a root that is text": _rows("UPDATE steps SET root = 'abc' WHERE number = 3"),
    "a root that is a track": _rows("UPDATE steps SET root = (SELECT hash FROM objects WHERE kind = 'track')"),
    "a step after itself": _rows("UPDATE steps SET parent = number WHERE number = 3"),
    "a step after a later one": _rows("UPDATE steps SET parent = 5 WHERE number = 3"),
    "two beginnings": _rows("UPDATE steps SET parent = NULL WHERE number = 3"),
    "no beginning": _rows("UPDATE steps SET number = 99 WHERE number = 0"),
    "a negative step": _rows("UPDATE steps SET number = -5 WHERE number = 10"),
    "an endless date": _rows("UPDATE steps SET at = 9e999 WHERE number = 3"),
    "a date in words": _rows("UPDATE steps SET at = 'today' WHERE number = 3"),
    "a label that is a number in a blob": _rows("UPDATE steps SET label = x'ff' WHERE number = 3"),
    "a label that is not UTF-8": _rows("UPDATE steps SET label = CAST(x'ff80' AS TEXT) WHERE number = 3"),
    "a label of a megabyte": _rows("UPDATE steps SET label = ? WHERE number = 3", "x" * 2**20),
    "redo to a stranger": _rows("UPDATE steps SET redo = 9 WHERE number = 0"),
    "a place that does not exist": _rows("UPDATE meta SET value = '77' WHERE key = 'at'"),
    "a place in words": _rows("UPDATE meta SET value = '٣' WHERE key = 'at'"),
    "a huge counter": _rows("UPDATE meta SET value = ? WHERE key = 'highest_id'", "9" * 5000),
    "a counter past the end": _rows("UPDATE meta SET value = '1000000000000001' WHERE key = 'highest_id'"),
    "heads that are no JSON": _rows("INSERT INTO meta VALUES ('heads', '{')"),
    "heads in a list": _rows("INSERT INTO meta VALUES ('heads', '[]')"),
    "heads nested without end": _rows("INSERT INTO meta VALUES ('heads', ?)", '{"a":' * 5000),
    "heads of a megabyte": _rows("INSERT INTO meta VALUES ('heads', ?)", " " * 2**20 + "{}"),
    "a head on no step": _rows("""INSERT INTO meta VALUES ('heads', '{"a": [77, 0, 0]}')"""),
    "a head from no step": _rows("""INSERT INTO meta VALUES ('heads', '{"a": [0, -1, 0]}')"""),
    "a head in two numbers": _rows("""INSERT INTO meta VALUES ('heads', '{"a": [0, 0]}')"""),
    "a head of truth": _rows("""INSERT INTO meta VALUES ('heads', '{"a": [true, 0, 0]}')"""),
    "a head past the end": _rows("""INSERT INTO meta VALUES ('heads', '{"a": [0, 0, 1000000000000001]}')"""),
    "a head called main": _rows("""INSERT INTO meta VALUES ('heads', '{"main": [0, 0, 0]}')"""),
    "a head that steers a terminal": _rows("""INSERT INTO meta VALUES ('heads', '{"\\u001b[1m": [0, 0, 0]}')"""),
    "a step of a head in a blob": _rows("INSERT INTO meta VALUES ('head:1', x'00')"),
    "a step of a head that steers a terminal": _rows("INSERT INTO meta VALUES ('head:1', ?)", "\x1b[1m"),
    "a step of a head that is none": _rows("INSERT INTO meta VALUES ('head:77', 'a')"),
    "a step of a head in words": _rows("INSERT INTO meta VALUES ('head:x', 'a')"),
    "a wrong digest": _rows("UPDATE objects SET payload = ? WHERE kind = 'chunk'", zlib.compress(b"")),
    "a payload that is not packed": _rows("UPDATE objects SET payload = x'00' WHERE kind = 'clip'"),
    "a payload with a tail": _rows("UPDATE objects SET payload = CAST(payload || x'00' AS BLOB) WHERE kind = 'clip'"),
    "a payload cut short": _rows("UPDATE objects SET payload = substr(payload, 1, 20) WHERE kind = 'track'"),
    "another kind": _rows("UPDATE objects SET kind = 'clip' WHERE kind = 'track'"),
    "another version": _rows("UPDATE objects SET version = 0 WHERE kind = 'track'"),
    "a version of 2^62": _rows("UPDATE objects SET version = 4611686018427387904 WHERE kind = 'track'"),
    "references of odd length": _rows("UPDATE objects SET refs = x'00' WHERE kind = 'project'"),
    "references gone": _rows("UPDATE objects SET refs = x'' WHERE kind = 'project'"),
    "objects gone": _rows("DELETE FROM objects WHERE kind = 'chunk'"),
    "a log in blobs": _rows("INSERT INTO action_log VALUES (1, 0.5, x'00', '', '')"),
    "a line of the log before the first": _rows("INSERT INTO action_log VALUES (-1, 0.5, '', '', '')"),
    "an endless line of the log": _rows("INSERT INTO action_log VALUES (1, 0.5, '', ?, '')", "x" * 100_001),
    "a step past the end": _rows("UPDATE steps SET number = 1000000000000001 WHERE number = 10"),
    "an artifact without its chunks": _rows("INSERT INTO artifacts VALUES (zeroblob(32), 5, 'audio/wav')"),
    "an artifact with other bytes": lambda c: c.executescript(
        "INSERT INTO artifacts VALUES (zeroblob(32), 1, 'a/b'); INSERT INTO chunks VALUES (zeroblob(32), 0, x'00')"
    ),
    "a huge artifact": _rows("INSERT INTO artifacts VALUES (zeroblob(32), 4611686018427387904, 'audio/wav')"),
}


@pytest.mark.parametrize("name", WRONG_ROWS)
def test_a_wrong_row_is_refused(sample: bytes, tmp_path: Path, name: str) -> None:
    assert _outcome(_tampered(sample, tmp_path, WRONG_ROWS[name]))


def test_a_part_missing_from_any_step_is_found_on_opening(sample: bytes, tmp_path: Path) -> None:
    file = _tampered(sample, tmp_path, WRONG_ROWS["a step of another root"])
    with pytest.raises(UserError, match="a part is missing"):
        open_project(file)


WRONG_PROJECTS: dict[str, dict[str, object]] = {
    "a number no float holds": {"groove_amount": b"1e999"},
    "a number of 100,000 digits": {"seed": b"9" * 100_000},
    "not a number": {"groove_amount": b"NaN"},
    "a seed too high": {"seed": 2**53},
    "a counter below its ids": {"next_id": 3},
    "a negative counter": {"next_id": -1},
    "an unknown field": {"run": "rm -rf /"},
    "children inside": {"tracks": []},
    "lists 100,000 deep": {"key": b"[" * 100_000 + b"]" * 100_000},
    "objects 100,000 deep": {"key": b'{"a":' * 100_000 + b"1" + b"}" * 100_000},
    "a title with a null": {"title": "a\0b"},
    "a title that moves the cursor": {"title": "\x1b[2J"},
    "a title too long": {"title": "x" * 81},
    "half a letter": {"title": b'"\\ud800"'},
    "a groove that is not there": {"active_groove": "funk"},
    "a mode that is not there": {"key": {"tonic": 1, "mode": "wild"}},
    "a tempo of nothing": {"tempo_map": {"points": [{"tick": 0, "bpm": 0}]}},
    "no tempo": {"tempo_map": {"points": []}},
    "words for a map": {"meter_map": "4/4"},
}


@pytest.mark.parametrize("name", WRONG_PROJECTS)
def test_a_wrong_project_with_true_digests_is_refused(sample: bytes, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    forge(tmp_path / "a.hcs", 10, **WRONG_PROJECTS[name])
    assert "cannot be read" in _outcome(tmp_path / "a.hcs")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"1", b"null", b"{}", b'"x"', b"{" * 9999, b"\xff", b'{"a":1', b"[[[]]]"]
)
def test_any_json_with_a_true_digest_is_refused_or_a_project(sample: bytes, tmp_path: Path, content: bytes) -> None:
    def swap(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE steps SET root = ?", (put(connection, content),))

    assert _outcome(_tampered(sample, tmp_path, swap))


def test_references_that_do_not_fit_are_refused_although_every_digest_is_true(sample: bytes, tmp_path: Path) -> None:
    def shuffle(order: Callable[[list[bytes]], list[bytes]]) -> Tamper:
        def tamper(connection: sqlite3.Connection) -> None:
            payload, refs = connection.execute(
                "SELECT payload, refs FROM objects JOIN steps ON root = hash WHERE number = 10"
            ).fetchone()
            parts = order([refs[at : at + 20] for at in range(0, len(refs), 20)])
            root = put(connection, zlib.decompress(payload), b"".join(parts))
            connection.execute("UPDATE steps SET root = ? WHERE number = 10", (root,))

        return tamper

    for order in (lambda refs: refs[::-1], lambda refs: refs[1:], lambda refs: refs * 2, lambda refs: refs[:1] * 600):
        assert "cannot be read" in _outcome(_tampered(sample, tmp_path, shuffle(order)))


def test_a_bomb_is_not_unpacked(sample: bytes, tmp_path: Path) -> None:
    def plant(connection: sqlite3.Connection) -> None:
        squeezer = zlib.compressobj(9)
        bomb = b"".join(squeezer.compress(bytes(2**20)) for _ in range(400)) + squeezer.flush()
        row = (bytes(20), "project", 1, bomb, b"")
        connection.execute("INSERT INTO objects (hash, kind, version, payload, refs) VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE steps SET root = zeroblob(20)")

    file = _tampered(sample, tmp_path, plant)
    tracemalloc.start()
    refused = _outcome(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too large" in refused
    assert most < 4 * MAX_OBJECT_BYTES


MANY: dict[str, Callable[[], dict[str, object]]] = {
    "600,000 fields": lambda: {f"k{number}": 0 for number in range(600_000)},
    "400,000 items": lambda: {"tempo_map": {"points": [{"tick": "x", "bpm": "y"}] * 400_000}},
    "a million empty lists": lambda: {"key": [[]] * 1_100_001},
}


@pytest.mark.parametrize("name", MANY)
def test_more_values_than_any_project_has_are_not_looked_at(sample: bytes, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    forge(tmp_path / "a.hcs", 10, **MANY[name]())
    assert "a project has too many values" in _outcome(tmp_path / "a.hcs")


def test_many_parts_are_too_many_together(sample: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "MAX_VALUES", 100_000)

    def fill(connection: sqlite3.Connection) -> None:
        (scene,) = connection.execute("SELECT payload FROM objects WHERE kind = 'scene'").fetchone()
        root, refs = connection.execute(
            "SELECT payload, refs FROM objects JOIN steps ON root = hash WHERE number = 10"
        ).fetchone()
        fields = json.loads(zlib.decompress(scene)) | {"slots": {}}
        slots = b'"slots":{' + b'"t1":"c1",' * 20_000 + b'"t1":"c1"}'
        contents = (to_json(fields | {"name": f"x{n}"}).replace(b'"slots":{}', slots) for n in range(5))
        row = b"".join(put(connection, content, b"", "scene", 1) for content in contents)
        refs += put(connection, b"", row, "scenes", 1)
        new = put(connection, zlib.decompress(root), refs, "project", current("project"))
        connection.execute("UPDATE steps SET root = ? WHERE number = 10", (new,))

    assert "a scene has too many values" in _outcome(_tampered(sample, tmp_path, fill))


def test_thousands_of_wrong_values_are_counted_and_not_listed(sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.hcs").write_bytes(sample)
    forge(tmp_path / "a.hcs", 10, **{f"k{number}": 0 for number in range(100_000)})
    assert "100000 of its values are not what they should be" in _outcome(tmp_path / "a.hcs")


@pytest.mark.parametrize("level", [1, 9])
def test_a_file_that_unpacks_to_hundreds_of_its_size_is_refused(sample: bytes, tmp_path: Path, level: int) -> None:
    def plant(connection: sqlite3.Connection) -> None:
        refs = b""
        for number in range(4 if level == 9 else 9):
            content = bytes(2**24 - 16 * number)
            refs += (address := digest("notes", 1, content, b""))
            row = (address, "notes", 1, zlib.compress(content, level), b"")
            connection.execute("INSERT INTO objects (hash, kind, version, payload, refs) VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE steps SET root = ?", (put(connection, b"{}", refs),))

    assert "its content is too large" in _outcome(_tampered(sample, tmp_path, plant))


def test_more_references_than_any_part_has_are_refused(sample: bytes, tmp_path: Path) -> None:
    file = _tampered(sample, tmp_path, _rows("UPDATE objects SET refs = zeroblob(200000) WHERE kind = 'track'"))
    assert "references" in _outcome(file)


def test_what_history_does_not_reach_is_not_copied(sample: bytes, tmp_path: Path) -> None:
    def orphan(connection: sqlite3.Connection) -> None:
        put(connection, b'"orphan"')
        connection.execute("INSERT INTO chunks VALUES (zeroblob(32), 0, zeroblob(9))")

    file = _tampered(sample, tmp_path, orphan)
    opened = open_project(file)
    opened.save()
    opened.close()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (0,)
    kinds = {
        kind
        for (kind,) in connection.execute(
            "SELECT kind FROM objects WHERE payload = ?", (zlib.compress(b'"orphan"', 1),)
        )
    }
    connection.close()
    assert kinds == set()


def test_an_artifact_that_no_step_names_is_left_out_and_the_log_stays(sample: bytes, tmp_path: Path) -> None:
    import hashlib

    data = [b"a" * 2**20, b"end"]

    def attach(connection: sqlite3.Connection) -> None:
        address = hashlib.sha256(b"".join(data)).digest()
        connection.execute("INSERT INTO artifacts VALUES (?, ?, 'audio/wav')", (address, 2**20 + 3))
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?)", [(address, i, part) for i, part in enumerate(data)]
        )
        connection.execute("INSERT INTO action_log VALUES (1, 0.5, 'you', 'tempo 138', 'done')")

    file = _tampered(sample, tmp_path, attach)
    opened = open_project(file)
    opened.save()
    opened.close()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (0,)
    assert connection.execute("SELECT line FROM action_log").fetchall() == [("tempo 138",)]
    connection.close()


def test_what_is_no_file_is_named_in_words(sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "folder.hcs").mkdir()
    (tmp_path / "text.hcs").write_text("hello")
    (tmp_path / "other.hcs").write_bytes(b"")
    sqlite3.connect(tmp_path / "plain.hcs").execute("CREATE TABLE a (b)").connection.close()
    (tmp_path / "loop.hcs").symlink_to("loop.hcs")
    expected = {
        "folder.hcs": "is a folder",
        "text.hcs": "not a hardcore project",
        "other.hcs": "not a hardcore project",
        "plain.hcs": "not a hardcore project",
        "loop.hcs": "cannot be read",
        "missing.hcs": "no file",
        "no/such/a.hcs": "no file",
        "text.hcs/a.hcs": "cannot be read",
        "nul\0.hcs": "usable name",
        "x" * 5000: "cannot be read",
    }
    if os.name != "nt":
        os.mkfifo(tmp_path / "fifo.hcs")
        expected |= {"fifo.hcs": "not a file", "/dev/zero": "not a file"}
    for name, words in expected.items():
        for read_only in (False, True):
            with pytest.raises(UserError, match=words) as caught:
                open_project(tmp_path / name, read_only=read_only)
            assert len(caught.value.line()) < 5500
    assert not list(tmp_path.glob("*.lock"))


def test_odd_names_open_like_any_other(sample: bytes, tmp_path: Path) -> None:
    for name in ("a b.hcs", "100%?mode=rw&x#y.hcs", "ключ – 日本.hcs", "'; DROP TABLE steps; --.hcs", "%2e%2e.hcs"):
        (tmp_path / name).write_bytes(sample)
        opened = open_project(tmp_path / name)
        opened.save()
        opened.close()
        assert (tmp_path / (name + "~")).read_bytes() == sample
    shutil.rmtree(tmp_path)


def test_as_many_clips_as_there_is_room_for_are_not_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "MAX_VALUES", 100)
    project = song()
    bass = project.find_track("bass")
    many = (bass.clips[0].evolve(id=f"c{number}", name=f"c{number}") for number in range(100, 3100))
    project = project.with_track(bass.id, lambda track: track.evolve(clips=(*track.clips, *many))).evolve(next_id=3100)
    opened = create(state=project)
    opened.save(tmp_path / "many.hcs")
    opened.close()
    again = open_project(tmp_path / "many.hcs", read_only=True)
    assert again.history.state() == project
    again.close(keep=False)
