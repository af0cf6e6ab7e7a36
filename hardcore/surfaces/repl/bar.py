"""The bottom bar: the keys that matter now, or the usage of what is typed."""

from collections.abc import Iterator

from hardcore.commands.performance.typingkeys import TypingKeys
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.music.pitch import note_name
from hardcore.surfaces.repl.cursorplace import place_of
from hardcore.surfaces.screen.cells import cut, width
from hardcore.surfaces.screen.view import Shown

GAP = "  "
# What a view's own keys do, in a word, and the actions.
_IN_VIEW: dict[str, tuple[tuple[str, ...], ...]] = {
    "session": (("launch", "launch"), ("song", "/view arrangement")),
    "arrangement": (
        ("grid", "/view session"), ("move", "move-right"), ("zoom", "finer", "coarser"), ("lanes", "lane"),
    ),
    "clip": (
        ("note", "toggle"), ("length", "shorter", "longer"), ("velocity", "quieter", "louder"), ("moves", "move-right"),
        ("grid", "coarser", "finer"),
    ),
}  # fmt: skip


class Bar:
    """Draws the bar."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def text(self, line: str, columns: int, shown: Shown) -> str:
        """Return the bar for what is typed so far."""
        return cut(self._hint(line, columns, shown), columns)

    def _hint(self, line: str, columns: int, shown: Shown) -> str:
        if line.startswith("/"):
            return self._usage(line)
        if line:
            return GAP.join(("Enter makes music of it", "Tab completes", "Ctrl-C clears"))
        typing = self._studio.recall(TypingKeys)
        if typing is not None:
            ends = shown_key(shown.keys.of("always", "piano"))
            what = "pads" if typing.pads else f"piano from {note_name(typing.octave)}, velocity {typing.velocity}"
            return f"keys are {what}{GAP}{ends} ends it{GAP}/ begins a command"
        keys = [f"{shown_key(key)} {word}" for key, word in self._matter(shown) if key] + ["? help"]
        while len(keys) > 1 and width(GAP.join(keys)) > columns:
            keys.pop(-2)
        return GAP.join(keys)

    def _matter(self, shown: Shown) -> Iterator[tuple[str, str]]:
        """Yield the keys that do something now, the most useful first, with a word each."""
        keys, history = shown.keys, shown.history
        if shown.running:
            yield keys.of("always", "cancel"), "cancel"
        if any(track.clips for track in shown.project.tracks):
            yield keys.of("empty", "play"), "stop" if shown.playback.playing else "play"
            for word, *actions in _IN_VIEW.get(shown.view, ()):
                yield " ".join(filter(None, (keys.of(shown.view, action) for action in actions))), word
        elif not history.at and shown.view == "session":
            yield keys.of("session", "launch"), "hear an example"
        if history.at:
            yield keys.of("empty", "/undo"), "undo"
        if history.step.redo is not None:
            yield keys.of("empty", "/redo"), "redo"
        yield keys.of("always", "/view help"), "keys"
        yield keys.of("always", "/view mixer"), "mixer"
        yield keys.of("empty", "leave"), "leaves"

    def _usage(self, line: str) -> str:
        place = place_of(line[1:])
        if place is None:
            return GAP.join(("Tab lists the commands", "Ctrl-C clears"))
        try:
            said = place.argument.kind.help if place.argument else place.command.summary
        except HardcoreError:
            said = ""
        return f"{place.command.usage}{GAP}{said}"


def shown_key(key: str) -> str:
    """Return a key as it stands on keyboards, such as `Ctrl-Z`."""
    return " ".join(
        "-".join(part.capitalize() for part in word.split("-")) if len(word) > 1 else word for word in key.split()
    )
