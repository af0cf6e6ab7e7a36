"""Keys of the full screen: seen, changed, given back."""

from collections.abc import Iterable
from typing import Annotated

from hardcore.commands.call import Call
from hardcore.commands.keymap import ACTIONS, Keymap, change_keys, load_keymap, user_keys_file
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.types import Choice, Kind, Words
from hardcore.project.state import ProjectState


def _actions(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(f"{section}.{action}", said) for section, known in ACTIONS.items() for action, said in known.items())


ActionName = Annotated[str, Kind("action", "where and what, such as session.launch", _actions)]


@command("keys", "keys", effects=())
def keys(call: Call) -> Table:
    """List the keys of the full screen: where each counts, and what it does."""
    keymap = load_keymap()
    own = f"yours are kept in {user_keys_file()}; change one: /keys set session.launch ctrl-l"
    return Table(columns=("key", "where", "action", "what it does"), rows=tuple(keymap.rows()), note=_said(own, keymap))


@command("keys set", "keys set session.mute ctrl-t", effects={"settings"})
def keys_set(call: Call, action: ActionName, keys: Words) -> Done:
    """Put an action on another key, or on several with commas; it holds at once and next time."""
    keymap = change_keys(action, keys)
    if call.studio.stage is not None:
        call.studio.stage.rebind(keymap)
    section, _, name = action.partition(".")
    return Done(message=_said(f"{action}: {', '.join(keymap.keys[section, name]) or 'no key'}", keymap))


def _said(words: str, keymap: Keymap) -> str:
    return "\n".join([words, *keymap.troubles])
