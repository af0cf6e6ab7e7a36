"""The view `library`: what is in the user's library: hear it, put it into the project, tag or remove it."""

from collections.abc import Sequence

from hardcore.commands.library.things import kind_of
from hardcore.project.libraryitem import Item
from hardcore.surfaces.screen.cells import Line, cut, fit, right, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.listcursor import ListCursor
from hardcore.surfaces.screen.view import Shown

_KIND, _VERSION = 11, 5
# Kinds that are put on a track; others find their place themselves.
_ON_TRACK = ("preset", "instrument", "effects", "track", "clip")


class LibraryView:
    """The things of the library by kind and name. Its cursor is one of them."""

    name = "library"

    def __init__(self) -> None:
        self._cursor = ListCursor()

    def wanted(self, width: int, shown: Shown) -> int:
        """Return a heading and a row for each."""
        return 1 + max(1, len(shown.library))

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the list around the focus."""
        known = shown.library
        lines = [_heading(width, shown)]
        if not known:
            words = " nothing yet: /library save preset NAME --from TRACK keeps a sound"
            return [*lines, [("class:label", fit(words, width))]][:height]
        keys = _keys(known)
        window, focused = self._cursor.window(keys, height - 1), known[self._cursor.place(keys)]
        return [*lines, *(_row(one, one is focused, width, shown) for one in known[window])][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus, hear the focused one, put it into the project, or begin the line that tags or removes it."""
        known = shown.library
        if not known or self._cursor.moved(action, _keys(known)):
            return []
        item = known[self._cursor.place(_keys(known))]
        name = f'"{kind_of(item)}:{item.name}"'
        on = f' "{shown.focus.track(shown.project).name}"' if kind_of(item) in _ON_TRACK else ""
        lines = {
            "hear": f"/library audition {name}",
            "put": f"/library put {name}{on}",
            "new": f"/library put {name}",
            "tag": f"/library tag {name} ",
            "remove": f"/library remove {name} ",
        }
        return [lines[action]] if action in lines else []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Focus one; a click on the focused one lets it be heard."""
        return self.press("hear", shown) if self._cursor.clicked(row - 1, _keys(shown.library)) else []


def _keys(known: Sequence[Item]) -> list[str]:
    return [str(one.id) for one in known]


def _row(known: Item, focused: bool, width: int, shown: Shown) -> Line:
    left, end = glyphs(shown.ascii_only).focus if focused else (" ", " ")
    tail = f" {fit(kind_of(known), _KIND)}{right(f'v{known.version}', _VERSION)}"
    tags = " ".join(known.tags)
    room = max(0, width - len(tail))
    names = max(room // 3, min(room, len(known.name) + 3))
    about = max(0, room - names)
    return [
        ("class:scene.focus" if focused else "class:value", fit(f"{left}{safe(known.name)}{end}", names)),
        ("class:key", fit(safe(f"{known.facts.words}  {tags}"), about)),
        ("class:label", tail),
    ]


def _heading(width: int, shown: Shown) -> Line:
    verbs = {"hear": "hears", "put": "puts it on the track", "new": "on a new one", "tag": "tags", "remove": "removes"}
    told = f" library  {len(shown.library)}"
    if shown.library:
        keys = {verb: shown.keys.of("library", action) for action, verb in verbs.items()}
        told += "".join(f"  {key} {verb}" for verb, key in keys.items() if key)
    return [("class:track", fit(cut(told, width), width))]
