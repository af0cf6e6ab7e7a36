"""The view `history`: every step and branch, what the focused step changed, and a way to go there or to hear it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hardcore.errors import HardcoreError
from hardcore.project.difference import differences
from hardcore.project.history import History, Step
from hardcore.surfaces.screen.cells import Line, cut, fit, right, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.historypaths import Paths
from hardcore.surfaces.screen.view import Shown

_MOVES = {"up": -1, "down": 1, "far-up": -10, "far-down": 10}
# From this width on, the changes stand beside the steps, and dates are whole.
_WIDE = 110
_CHANGES = 5
_AUTHOR = 8


class HistoryView:
    """The steps, the newest last. Its cursor is a step; it follows the present one when that moves."""

    name = "history"

    def __init__(self) -> None:
        self._paths = Paths()
        self._history: History | None = None
        self._at, self._focus, self._top, self._rows = 0, 0, 0, 1
        self._told: tuple[int, list[str]] | None = None

    def wanted(self, width: int, shown: Shown) -> int:
        """Return a heading, the steps, and room for some changes."""
        steps = len(shown.history.steps)
        return 1 + (max(steps, _CHANGES + 1) if width >= _WIDE else steps + _CHANGES + 1)

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the steps around the focus, and what the focused one changed beside or below them."""
        self._look(shown)
        room = height - 1
        if width >= _WIDE:
            left = width * 3 // 5
            self._rows = max(1, room)
            changes = self._changes(room, width - left - 1, shown)
            lines = [
                [*step, ("class:rule", glyphs(shown.ascii_only).divide), *changed]
                for step, changed in zip(self._steps(left, room, shown), changes, strict=True)
            ]
        else:
            rows = min(len(self._paths.numbers), room - min(_CHANGES + 1, room // 2))
            self._rows = max(1, rows)
            lines = [*self._steps(width, rows, shown), *self._changes(room - rows, width, shown)]
        return [_heading(width, shown, self._focus), *lines][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the focus, go to a step, or hear it."""
        self._look(shown)
        numbers = self._paths.numbers
        if action in _MOVES:
            self._go(self._paths.place(self._focus) + _MOVES[action])
        elif action in ("first", "last"):
            self._go(0 if action == "first" else len(numbers) - 1)
        elif action in ("previous-branch", "next-branch"):
            self._focus = self._paths.end(self._focus, 1 if action == "next-branch" else -1)
        elif action == "go":
            return [f"/history goto {self._focus}"] if self._focus != shown.history.at else []
        elif action == "hear":
            return self._hear(shown)
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Focus a step; a click on the focused one lets it be heard, or the present again."""
        self._look(shown)
        place = self._top + row - 1
        if not (1 <= row <= self._rows and place < len(self._paths.numbers)):
            return []
        before = self._focus
        self._go(place)
        return self._hear(shown) if self._focus == before else []

    def _hear(self, shown: Shown) -> Sequence[str]:
        """Return the line for the other of two: the focused step, or the branch that stands on it, and the present."""
        if self._focus in (shown.heard_step, shown.history.at):
            return ["/history hear"] if shown.heard is not None else []
        return [f"/history hear {next(iter(_heads(shown.history, self._focus)), self._focus)}"]

    def _look(self, shown: Shown) -> None:
        """Take in the history; where another step is the present one now, the focus goes there."""
        self._paths.take(shown.history)
        if shown.history is not self._history or shown.history.at != self._at:
            self._history, self._at = shown.history, shown.history.at
            self._focus, self._told = self._at, None

    def _go(self, place: int) -> None:
        numbers = self._paths.numbers
        self._focus = numbers[min(max(place, 0), len(numbers) - 1)]

    # Drawing.

    def _steps(self, width: int, rows: int, shown: Shown) -> list[Line]:
        numbers, place = self._paths.numbers, self._paths.place(self._focus)
        self._top = max(0, min(max(self._top, place - rows + 1), place, len(numbers) - rows))
        seen = numbers[self._top : self._top + max(0, rows)]
        lines = [self._step(shown.history.steps[number], width, shown) for number in seen]
        return [*lines, *([("", fit("", width))] for _ in range(rows - len(lines)))]

    def _step(self, step: Step, width: int, shown: Shown) -> Line:
        """Return one step: where we stand, its number, its branch, what it did, who did it and when."""
        signs = glyphs(shown.ascii_only)
        pointed, here = step.number == self._focus, step.number == shown.history.at
        left, end = signs.focus if pointed else (" ", " ")
        state = "here" if here else "heard" if step.number == shown.heard_step else ""
        leads = step.number in self._paths.leading
        fork = self._paths.fork(step)
        when = _when(step.at, width >= _WIDE * 3 // 5)
        tail = f" {fit(step.author, _AUTHOR)} {when}" if width >= 50 else ""
        style = "class:scene.focus" if pointed else "class:value" if leads else "class:label"
        heads = "".join(f" @{name}" for name in _heads(shown.history, step.number))
        label = f"{left}{safe(step.label)}{end}{f' from {fork}' if fork is not None else ''}{heads}"
        return [
            ("class:key", f"{fit(state, 6)}"),
            ("class:label", f"{right(str(step.number), self._paths.digits)} {signs.divide if leads else signs.rest} "),
            (style, fit(label, max(0, width - 9 - self._paths.digits - len(tail)))),
            ("class:label", tail),
        ]

    def _changes(self, rows: int, width: int, shown: Shown) -> list[Line]:
        """Return what the focused step changed, `rows` lines of it."""
        if rows <= 0:
            return []
        told = self._told_of(self._focus, shown)
        step = shown.history.steps[self._focus]
        before = "" if step.parent is None else f", after step {step.parent}"
        lines: list[Line] = [[("class:track", fit(f" step {step.number}{before}", width))]]
        room = rows - 1
        seen = told if len(told) <= room else [*told[: max(0, room - 1)], f"and {len(told) - max(0, room - 1)} more"]
        lines += [[("class:value", fit(f" {safe(change)}", width))] for change in seen[:room]]
        return [*lines, *([("", fit("", width))] for _ in range(rows - len(lines)))]

    def _told_of(self, number: int, shown: Shown) -> list[str]:
        """Return the changes of a step; they are worked out once, when it gets the focus."""
        if self._told is None or self._told[0] != number:
            self._told = (number, _changed(shown.history, shown.history.steps[number]))
        return self._told[1]


def _heads(history: History, number: int) -> list[str]:
    """Return the branches that stand on a step."""
    return sorted(name for name, head in history.heads.items() if head.step == number)


def _ahead(history: History, name: str) -> str:
    """Return how far a branch is from where it left, and whose work that is, such as `+3 partner`."""
    own = history.own(name)
    return " ".join([f"+{len(own)}", *dict.fromkeys(safe(step.author) for step in own)])


def _changed(history: History, step: Step) -> list[str]:
    if step.parent is None:
        return ["the beginning"]
    try:
        return differences(history.state(step.parent), history.state(step.number)) or ["nothing that is seen here"]
    except HardcoreError as error:
        return [error.line()]


def _when(at: float, whole: bool) -> str:
    if not at:
        return " " * (16 if whole else 11)
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M" if whole else "%m-%d %H:%M")


def _heading(width: int, shown: Shown, focus: int) -> Line:
    """Return how much there is, what is heard, and the keys that go there and back."""
    keys, history = shown.keys, shown.history
    steps = len(history.steps) - 1
    told = f" history  {steps} step{'' if steps == 1 else 's'}"
    if shown.heard is not None:
        told += f"  hearing {shown.heard_words}, not the present step {history.at}"
    go, hear = keys.of("history", "go"), keys.of("history", "hear")
    if hear and (shown.heard is not None or focus != history.at):
        told += f"  {hear} hears {'the present' if focus in (shown.heard_step, history.at) else f'step {focus}'}"
    if go and focus != history.at:
        told += f"  {go} goes there"
    told += "".join(f"  @{name} {_ahead(history, name)}" for name in sorted(history.heads))
    return [("class:track", fit(cut(told, width), width))]
