"""The profile keeps what is known of the user."""

from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.store import profile


def test_a_value_is_remembered_replaced_and_forgotten() -> None:
    assert profile.get("genre") is None
    assert profile.get("genre", "techno") == "techno"
    profile.put("genre", "acid")
    profile.put("loudness", {"target_lufs": -9.5, "names": ["ä", None]})
    profile.put("genre", "gabber")
    assert profile.everything() == {"genre": "gabber", "loudness": {"target_lufs": -9.5, "names": ["ä", None]}}
    profile.forget("genre")
    profile.forget("nothing")
    assert profile.get("genre") is None


def test_a_broken_profile_is_told_in_words(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "profile.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(UserError, match="profile cannot be used"):
        profile.get("genre")
