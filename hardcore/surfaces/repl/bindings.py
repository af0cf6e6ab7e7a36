"""From the keymap to prompt_toolkit's bindings: each key runs a line or an action, where its section says."""

from collections.abc import Callable

from prompt_toolkit.filters import Condition, Filter, has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from hardcore.commands.performance.typingkeys import ALL_KEYS, TypingKeys
from hardcore.commands.studio.keymap import Keymap

_NAMES = {"esc": "escape", "space": " ", "shift-tab": "s-tab"}
# Sections that come later win where a key stands in several.
_ORDER = {"always": 0, "empty": 1, "typing": 1}


def keys_of(text: str) -> tuple[str, ...]:
    """Return keys such as `alt-m` or `esc esc` as prompt_toolkit calls them."""
    found: list[str] = []
    for word in text.split():
        word = _NAMES.get(word, word)
        if word.startswith("alt-"):
            found.append("escape")
            word = _NAMES.get(word[4:], word[4:])
        found.append(word.replace("ctrl-", "c-").replace("shift-", "s-"))
    return tuple(found)


def typing_keys(
    found: KeyBindings,
    play: Callable[[str], None],
    is_empty: Callable[[], bool],
    typing: Callable[[], TypingKeys | None],
    prompt: str,
) -> None:
    """Bind the letters that play, as long as the computer's keyboard is a piano or pads and nothing is typed."""

    def plays(key: str) -> bool:
        now = typing()
        return now is not None and key in now.keys

    for key in ALL_KEYS:
        condition = has_focus(prompt) & Condition(is_empty) & Condition(lambda key=key: plays(key))  # type: ignore[misc]
        found.add(key, filter=condition, eager=True)(lambda event, key=key: play(key))


def bindings(
    keymap: Keymap,
    do: Callable[[str, str, KeyPressEvent], None],
    is_empty: Callable[[], bool],
    view: Callable[[], str],
    prompt: str,
) -> tuple[KeyBindings, list[str]]:
    """Return the bindings, and a line for each key that this terminal library does not know.

    do      gets the section, the action and the event
    prompt  the name of the buffer that must have the focus
    """
    found, troubles = KeyBindings(), []
    at_prompt, empty = has_focus(prompt), Condition(is_empty)
    for (section, action), keys in sorted(keymap.keys.items(), key=lambda item: _ORDER.get(item[0][0], 2)):
        condition: Filter = at_prompt
        if section == "typing":
            condition = at_prompt & ~empty
        elif section != "always":
            condition = at_prompt & empty
            if section not in _ORDER:
                condition &= Condition(lambda section=section: view() == section)  # type: ignore[misc]
        for key in keys:
            try:
                found.add(*keys_of(key), filter=condition)(
                    lambda event, section=section, action=action: do(section, action, event)
                )
            except ValueError:
                troubles.append(f"no terminal sends {key} ({section}.{action})")
    return found, troubles
