"""The library keeps presets and seeds across projects."""

from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.store import library


def test_what_was_added_is_listed_shown_and_deleted() -> None:
    library.add("preset", "Deep  Reese", {"device": "reese", "settings": {"cutoff": 300.5}}, 10.0)
    library.add("seed", "good one", {"prompt": "gabber – 190 bpm", "seed": 7}, 11.0)
    library.add("preset", "acid", {"device": "acid303"}, 12.0)
    assert [(entry.kind, entry.name) for entry in library.entries()] == [
        ("preset", "Deep Reese"),
        ("preset", "acid"),
        ("seed", "good one"),
    ]
    assert [entry.name for entry in library.entries("seed")] == ["good one"]
    shown = library.show("preset", "deep reese")
    assert (shown.content, shown.at) == ({"device": "reese", "settings": {"cutoff": 300.5}}, 10.0)
    assert library.delete("preset", "ACID").name == "acid"
    assert [entry.name for entry in library.entries("preset")] == ["Deep Reese"]


def test_the_same_name_again_takes_the_place_of_the_first() -> None:
    library.add("seed", "a", {"seed": 1}, 1.0)
    library.add("seed", "a", {"seed": 2}, 2.0)
    assert [entry.content for entry in library.entries()] == [{"seed": 2}]


def test_an_unknown_name_gets_the_nearest() -> None:
    library.add("preset", "rumble", {}, 1.0)
    for look in (library.show, library.delete):
        with pytest.raises(UserError, match="no preset 'rumbel'") as caught:
            look("preset", "rumbel")
        assert "rumble" in caught.value.hint
    with pytest.raises(UserError, match="1 to 80"):
        library.add("preset", " ", {}, 1.0)


def test_a_broken_library_is_told_in_words(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "library.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(UserError, match="library cannot be used"):
        library.entries()
