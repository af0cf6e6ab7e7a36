"""Keys of the full screen: seen, changed, given back."""

from collections.abc import Iterable
from typing import Annotated

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command, find
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Choice, Kind, Words
from hardcore.commands.studio.keymap import ACTIONS, Keymap, change_keys, load_keymap, user_keys_file
from hardcore.commands.studio.view import VIEWS
from hardcore.project.state import ProjectState


def _actions(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(f"{section}.{action}", said) for section, known in ACTIONS.items() for action, said in known.items())


ActionName = Annotated[str, Kind("action", "where and what, such as session.launch", _actions)]


def help_of(section: str, action: str) -> str:
    """Return what an action does; of a line that is run, what its command says of itself."""
    if not action.startswith("/"):
        return ACTIONS[section][action]
    words = action[1:].split()
    found = find(words)
    if found is None:
        return f"run {action}, which is no command"
    known, count = found
    if known.name == "view" and words[count:] and words[count] in VIEWS:
        return f"{words[count]}: {VIEWS[words[count]]}"
    what = known.summary.rstrip(".")
    return what[:1].lower() + what[1:] + (f" ({action})" if words[count:] else "")


class KeyRow(Row):
    """An action of the full screen: its keys, the view they count in, and what it does."""

    keys: tuple[str, ...]
    section: str
    action: str
    help: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (", ".join(self.keys), self.section, self.action, self.help)


class KeyList(Listing[KeyRow]):
    """The keys; `troubles` says what is wrong with yours."""

    headings = ("key", "where", "action", "what it does")

    troubles: tuple[str, ...]


class KeysSet(Done):
    """The keys that an action has now."""

    action: str
    keys: tuple[str, ...]


@command("keys", "keys", effects=())
def keys(call: Call) -> KeyList:
    """List the keys of the full screen: where each counts, and what it does."""
    keymap = load_keymap()
    own = f"yours are kept in {user_keys_file()}; change one: /keys set session.launch ctrl-l"
    rows = (
        KeyRow(keys=keymap.keys[section, action], section=section, action=action, help=help_of(section, action))
        for section, action in keymap.keys
    )
    return KeyList(items=tuple(rows), troubles=tuple(keymap.troubles), note=_said(own, keymap))


@command(
    "keys set",
    "keys set session.mute ctrl-t",
    effects={"settings"},
    about={"keys": "such as ctrl-t, or several with commas"},
)
def keys_set(call: Call, action: ActionName, keys: Words) -> KeysSet:
    """Put an action on another key, or on several with commas; it holds at once and next time."""
    keymap = change_keys(action, keys)
    if call.studio.stage is not None:
        call.studio.stage.rebind()
    section, _, name = action.partition(".")
    now = tuple(keymap.keys[section, name])
    return KeysSet(message=_said(f"{action}: {', '.join(now) or 'no key'}", keymap), action=action, keys=now)


def _said(words: str, keymap: Keymap) -> str:
    return "\n".join([words, *keymap.troubles])
