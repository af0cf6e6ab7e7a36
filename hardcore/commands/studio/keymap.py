"""The keys of the full screen: config/keys.toml, then the user's own keys.toml; what they may do, and what clashes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.errors import NotFound, UserError, nearest
from hardcore.paths import config_folder, data_folder
from hardcore.settings import read_toml

_MOVE = {"left": "the track to the left", "right": "the track to the right"}
_TRACKS = {
    **_MOVE,
    "next-track": "the next track",
    "previous-track": "the track before",
    "louder": "the focused track 1 dB up",
    "quieter": "the focused track 1 dB down",
    "mute": "mute the focused track, or let it sound",
    "solo": "hear the focused track alone, or all",
}
# What keys do, by section; a quoted line such as "/undo" does what it says. A view has a section of its name.
ACTIONS: dict[str, dict[str, str]] = {
    "always": {
        "cancel": "stop what runs, or clear the line",
        "piano": "the computer's keys are a piano, or type again",
        "scroll-up": "earlier answers",
        "scroll-down": "later answers",
        "redraw": "draw the screen anew",
        "suspend": "back to the shell until `fg`",
    },
    "empty": {"play": "play or stop", "leave": "leave", "previous-line": "the line typed before"},
    "typing": {
        "complete": "complete the word",
        "undo-typing": "undo the typing",
        "preview": "say what the line would do, and keep it",
    },
    "session": {
        **_TRACKS,
        "up": "the scene above",
        "down": "the scene below",
        "launch": "start the focused clip; an empty slot stops its track",
        "launch-scene": "start the focused scene",
        "stop-track": "stop the focused track's clip",
        "stop-all": "stop all clips",
    },
    "stage": {},
    "arrangement": {
        **_MOVE,
        "left": "to the left",
        "right": "to the right",
        "up": "the track above",
        "down": "the track below",
        "previous-edge": "the section, block or marker before",
        "next-edge": "the next section, block or marker",
        "start": "the start of the song",
        "end": "the end of the song",
        "select-left": "select to the left",
        "select-right": "select to the right",
        "select-up": "select the track above too",
        "select-down": "select the track below too",
        "select-all": "select the section on all tracks",
        "finer": "zoom in",
        "coarser": "zoom out",
        "fit": "zoom so that the song fits",
        "move-left": "move what is selected, or the block, to the left",
        "move-right": "move it to the right",
        "longer": "let the block end later",
        "shorter": "let the block end earlier",
        "start-earlier": "let the block begin earlier",
        "start-later": "let the block begin later",
        "split": "split the block at the cursor",
        "join": "make one block of those selected",
        "duplicate": "repeat it right after itself",
        "copy": "copy it",
        "cut": "cut it out",
        "paste": "paste at the cursor",
        "remove": "remove it",
        "place": "put the track's clip at the cursor",
        "insert-time": "put empty bars in, on all tracks",
        "delete-time": "take the bars out, on all tracks",
        "play-here": "play the song from the cursor",
        "loop": "repeat what is selected, or no longer",
        "lane": "the next automation lane of the track",
        "value-up": "raise the lane at the cursor",
        "value-down": "lower the lane at the cursor",
        "mute": "mute the focused track, or let it sound",
        "solo": "hear the focused track alone, or all",
    },
    "mixer": {**_TRACKS, "pan-left": "pan to the left", "pan-right": "pan to the right"},
    "clip": {
        "left": "a step to the left",
        "right": "a step to the right",
        "up": "a row up",
        "down": "a row down",
        "bar-left": "the bar before",
        "bar-right": "the bar after",
        "octave-up": "an octave up",
        "octave-down": "an octave down",
        "start": "the start of the clip",
        "end": "the end of the clip",
        "previous-note": "the note before",
        "next-note": "the next note",
        "next-clip": "the next clip of the scene",
        "previous-clip": "the clip before",
        "next-scene": "the track's clip in the next scene",
        "previous-scene": "the track's clip in the scene before",
        "toggle": "add or remove a note; where there is no clip, an empty one",
        "remove": "remove the note",
        "move-left": "move the note a step to the left",
        "move-right": "move the note a step to the right",
        "move-up": "move the note a semitone up",
        "move-down": "move the note a semitone down",
        "longer": "make the note a step longer",
        "shorter": "make the note a step shorter",
        "louder": "play the note harder",
        "quieter": "play the note softer",
        "earlier": "play the note 10 ticks earlier, beside the grid",
        "later": "play the note 10 ticks later, beside the grid",
        "chance": "let the note sound on 100, 75, 50 or 25 % of the passes",
        "ratchet": "split the note into 1, 2, 3 or 4 hits",
        "slide": "let the note glide into the next one, or not",
        "finer": "a finer grid",
        "coarser": "a coarser grid",
        "triplets": "a grid of triplets, or not",
        "launch": "start the clip",
        "mark": "mark where a stretch begins, or no longer; without a mark it is the bar",
        "copy": "copy the notes of the stretch",
        "cut": "cut them out",
        "paste": "paste at the cursor",
    },
    "devices": {
        "next-track": "the next track",
        "previous-track": "the track before",
        "left": "the device before, in the chain",
        "right": "the device after, in the chain",
        "up": "the parameter above",
        "down": "the parameter below",
        "more": "a fine step up",
        "less": "a fine step down",
        "much-more": "a coarse step up",
        "much-less": "a coarse step down",
        "default": "the parameter's default",
        "bypass": "let sound pass the effect unchanged, or through it again",
        "earlier": "move the effect towards the start of the chain",
        "later": "move the effect towards its end",
        "add": "add an effect: its name is asked for",
        "remove": "take the effect off",
        "mute": "mute the focused track, or let it sound",
        "solo": "hear the focused track alone, or all",
    },
    "history": {
        "up": "the step above",
        "down": "the step below",
        "far-up": "ten steps up",
        "far-down": "ten steps down",
        "first": "the first step",
        "last": "the last step",
        "previous-branch": "the end of the branch before",
        "next-branch": "the end of the next branch",
        "go": "go to the focused step",
        "hear": "hear the focused step, or the present again",
    },
    "artifacts": {
        "up": "the artifact above",
        "down": "the artifact below",
        "far-up": "ten up",
        "far-down": "ten down",
        "first": "the newest",
        "last": "the oldest",
        "hear": "hear it once",
        "place": "put it into the focused scene, on the focused track if that is for audio",
        "tag": "tag it: the tags are asked for",
        "remove": "remove it: the line is put into the prompt",
    },
    "library": {
        "up": "the thing above",
        "down": "the thing below",
        "far-up": "ten up",
        "far-down": "ten down",
        "first": "the first",
        "last": "the last",
        "hear": "hear it once",
        "put": "put it into the project, a sound or a clip on the focused track",
        "new": "put it into the project, a sound or a clip on a new track",
        "tag": "tag it: the tags are asked for",
        "remove": "remove it: the line is put into the prompt",
    },
    "rhythm": {
        "next": "the next rhythm or variation",
        "previous": "the one before",
        "nearer": "vary less",
        "farther": "vary more",
        "keep": "try the rhythm; keep the variation that is heard, or the session's last bars",
        "session": "play the rhythm on and on",
        "leave": "leave the variations, or end the session",
    },
    "help": {"up": "up", "down": "down"},
}
# Sections in which letters are keys, as one browses there; elsewhere a letter begins a line.
LETTERS = frozenset({"rhythm"})
_NAMED = {
    "space", "enter", "esc", "tab", "delete", "backspace", "insert", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25)),
}  # fmt: skip
_WITH = ("ctrl-", "alt-", "shift-")


@dataclass(frozen=True, slots=True)
class Keymap:
    """Which keys do what: (section, action) to keys; `troubles` are what was wrong with a file, one line each."""

    keys: Mapping[tuple[str, str], tuple[str, ...]]
    troubles: tuple[str, ...] = ()

    def of(self, section: str, action: str) -> str:
        """Return the first key of an action, empty when it has none."""
        found = self.keys.get((section, action), ())
        return found[0] if found else ""

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield (keys, section, action)."""
        for (section, action), keys in self.keys.items():
            yield ", ".join(keys), section, action


def user_keys_file() -> Path:
    """Return where the user's own keys are kept."""
    return config_folder() / "keys.toml"


def load_keymap() -> Keymap:
    """Return the keys in force. What is wrong in the user's file is left out and said in `troubles`."""
    keys: dict[tuple[str, str], tuple[str, ...]] = {}
    troubles: list[str] = []
    for path in (data_folder("config") / "keys.toml", user_keys_file()):
        try:
            sections = read_toml(path)
        except UserError as error:
            troubles.append(error.line())
            continue
        for place, action, value in _entries(sections):
            try:
                keys[place, action] = checked(place, action, value)
            except UserError as error:
                troubles.append(f"{path.name}: {error.line()}")
    troubles += conflicts(keys)
    return Keymap(keys, tuple(troubles))


def _entries(sections: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    for section, actions in sections.items():
        for action, value in actions.items() if isinstance(actions, dict) else ((section, actions),):
            yield section, action, value


def checked(section: str, action: str, value: object) -> tuple[str, ...]:
    """Return the keys of an action. Raises UserError for a section, an action or a key that there is not."""
    if section not in ACTIONS:
        raise NotFound(f"no keys are called '{section}'", nearest(section, ACTIONS))
    if not action.startswith("/") and action not in ACTIONS[section]:
        raise UserError(f"{section} has no action '{action}'", nearest(action, ACTIONS[section]))
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise UserError(f"{section}.{action}: keys are text, such as ctrl-l")
    return tuple(_tidy(key, section in LETTERS) for key in keys if key.strip())


def _tidy(text: str, letters: bool) -> str:
    words = text.lower().split()
    for word in words:
        if not (_is_key(word) or (letters and len(word) == 1 and word.isalpha())):
            raise UserError(f"'{word}' is no key", "such as f5, space, ctrl-l, alt-m, shift-up, + or esc esc")
    return " ".join(words)


def _is_key(word: str) -> bool:
    """Return whether a key has that name; a letter or digit alone begins a line and is none."""
    name = word
    while name.startswith(_WITH):
        name = name.partition("-")[2]
    if name in _NAMED:
        return True
    if len(name) != 1 or name.isspace():
        return False
    return name not in "/?" and not name.isalnum() if name == word else word in (f"ctrl-{name}", f"alt-{name}")


def conflicts(keys: Mapping[tuple[str, str], tuple[str, ...]]) -> list[str]:
    """Return a line for each key that means two things at once."""
    taken: dict[tuple[str, str], str] = {}
    found = []
    for (section, action), own in keys.items():
        for key in own:
            other = taken.setdefault((section, key), action)
            everywhere = taken.get(("always", key), action) if section != "always" else action
            clash = other if other != action else everywhere
            if clash != action:
                found.append(f"{key} means both {clash} and {action} in {section}; the latter wins")
    return found


def change_keys(action: str, key: str) -> Keymap:
    """Return the keymap with `section.action` on other keys (several with commas), kept in the user's file.

    Raises UserError; then nothing has changed.
    """
    section, _, name = action.partition(".")
    own = checked(section, name, [part for part in key.split(",") if part.strip()] if key != "," else [key])
    mine = {place: actions for place, actions in read_toml(user_keys_file()).items() if isinstance(actions, dict)}
    mine.setdefault(section, {})[name] = list(own)
    user_keys_file().parent.mkdir(parents=True, exist_ok=True)
    write_whole(user_keys_file(), _toml(mine).encode())
    return load_keymap()


def _toml(sections: dict[str, dict[str, Any]]) -> str:
    import json

    lines: list[str] = []
    for section, actions in sections.items():
        lines += [f"[{section}]", *(f"{json.dumps(name)} = {json.dumps(keys)}" for name, keys in actions.items()), ""]
    return "\n".join(lines)
