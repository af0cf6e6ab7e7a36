"""The keys: shipped, changed, and clashing."""

from pathlib import Path

import pytest

from hardcore.commands.studio.keymap import ACTIONS, change_keys, checked, load_keymap, user_keys_file
from hardcore.commands.studio.view import VIEWS
from hardcore.errors import UserError


def test_the_shipped_keys_clash_nowhere_and_every_view_has_one(home: Path) -> None:
    keymap = load_keymap()
    assert keymap.troubles == ()
    assert keymap.of("empty", "play") == "space"
    assert {action for section, action in keymap.keys if section == "always"} >= {f"/view {name}" for name in VIEWS}
    bound = {place for place in keymap.keys if not place[1].startswith("/")}
    assert bound >= {(section, action) for section in ACTIONS for action in ACTIONS[section]} - {("always", "suspend")}


def test_a_changed_key_is_kept_and_the_others_stay(home: Path) -> None:
    before = load_keymap().keys
    assert change_keys("session.launch", "ctrl-t, alt-enter x".replace(" x", "")).keys["session", "launch"] == (
        "ctrl-t",
        "alt-enter",
    )
    change_keys("empty./metronome", "ctrl-g")
    after = load_keymap().keys
    assert after["session", "launch"] == ("ctrl-t", "alt-enter")
    assert after["empty", "/metronome"] == ("ctrl-g",)
    assert {place: keys for place, keys in after.items() if place in before and keys != before[place]} == {
        ("session", "launch"): ("ctrl-t", "alt-enter")
    }


def test_a_key_that_means_two_things_is_said_in_one_line(home: Path) -> None:
    keymap = change_keys("session.mute", "ctrl-z")
    assert keymap.troubles == ()  # in another section: the view has precedence
    keymap = change_keys("session.mute", "enter")
    assert keymap.troubles == ("enter means both launch and mute in session; the latter wins",)
    keymap = change_keys("session.mute", "f1")
    assert keymap.troubles == ("f1 means both /view help and mute in session; the latter wins",)


@pytest.mark.parametrize(
    ("action", "key", "said"),
    [
        ("session.launhc", "f9", "session has no action 'launhc' (did you mean launch"),
        ("sesion.launch", "f9", "no keys are called 'sesion' (did you mean session"),
        ("session.launch", "a", "'a' is no key"),
        ("session.launch", "/", "'/' is no key"),
        ("session.launch", "hyper-x", "'hyper-x' is no key"),
    ],
)
def test_a_key_that_cannot_be_is_refused_and_nothing_is_written(home: Path, action: str, key: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        change_keys(action, key)
    assert refused.value.line().startswith(said)
    assert not user_keys_file().exists()


def test_a_broken_file_of_the_user_leaves_the_shipped_keys(home: Path) -> None:
    user_keys_file().write_text("[session\n", encoding="utf-8")
    keymap = load_keymap()
    assert "cannot be read" in keymap.troubles[0]
    user_keys_file().write_text('[session]\nlaunch = "q"\nmute = 3\n[empty]\nplay = "alt-z"\n', encoding="utf-8")
    keymap = load_keymap()
    assert len(keymap.troubles) == 2
    assert keymap.of("session", "launch") == "enter"
    assert keymap.of("empty", "play") == "alt-z"


def test_an_action_may_lose_all_its_keys(home: Path) -> None:
    assert change_keys("empty.play", "").of("empty", "play") == ""
    assert checked("mixer", "mute", ["alt-m", "esc esc"]) == ("alt-m", "esc esc")
