"""The line being typed: editing, history with its search, suggestion, completion, and lines pasted at once."""

import contextlib
from collections.abc import Callable

from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
from prompt_toolkit.filters import has_focus, is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import BufferControl, Dimension, Window
from prompt_toolkit.layout.processors import AppendAutoSuggestion, BeforeInput, Transformation, TransformationInput
from prompt_toolkit.search import accept_search
from prompt_toolkit.widgets import SearchToolbar

from hardcore.commands.composing.phrases import phrases
from hardcore.commands.core.registry import registry
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.paths import state_folder
from hardcore.surfaces.repl.completion import LineCompleter
from hardcore.surfaces.repl.history_file import HistoryFile
from hardcore.surfaces.repl.reader import PROMPT

NAME = "line"
ROWS = 4


class Suggestion(AppendAutoSuggestion):
    """The rest of an earlier line after what is typed: grey, or between signs where there is no colour."""

    def __init__(self, color: Callable[[], bool]) -> None:
        super().__init__()
        self._color = color

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Return the line with the suggestion after it."""
        made = super().apply_transformation(transformation_input)
        if self._color() or not made.fragments[-1][1]:
            return made
        rest = made.fragments[-1][1]
        return Transformation([*made.fragments[:-1], ("class:auto-suggestion", f"[{rest}] Right takes it")])


class LineInput:
    """A line of text. `entered` gets each one, and whether it came with others from the clipboard."""

    def __init__(
        self, studio: Studio, entered: Callable[[str, bool], None], color: Callable[[], bool] = lambda: True
    ) -> None:
        self._entered = entered
        self._completer = LineCompleter(studio)
        self.history = HistoryFile(state_folder() / "history")
        self.buffer = Buffer(
            name=NAME,
            history=self.history,
            auto_suggest=AutoSuggestFromHistory(),
            completer=self._completer,
            complete_while_typing=True,
            multiline=False,
            accept_handler=self._accept,
        )
        self.search = SearchToolbar()
        control = BufferControl(
            self.buffer,
            search_buffer_control=self.search.control,
            input_processors=[BeforeInput([("class:sign", PROMPT)]), Suggestion(color)],
            preview_search=True,
        )
        self.window = Window(control, height=Dimension(min=1, max=ROWS), dont_extend_height=True, wrap_lines=True)

    @property
    def text(self) -> str:
        """Return what is typed so far."""
        return self.buffer.text

    def _accept(self, buffer: Buffer) -> bool:
        self._entered(buffer.text, False)
        return False

    def keys(self) -> KeyBindings:
        """Return the bindings that belong to typing itself: Enter and paste."""
        keys = KeyBindings()
        typing = has_focus(NAME)
        keys.add("enter", filter=typing)(lambda event: self._enter())
        keys.add(Keys.BracketedPaste, filter=typing)(self._paste)
        keys.add("escape", filter=is_searching, eager=True)(self._end_search)
        return keys

    def _enter(self) -> None:
        if self.text.strip():
            self.buffer.validate_and_handle()
        else:
            self.buffer.reset()

    def preview(self) -> None:
        """Ask what the sentence that is typed would do; it stays, to be entered or changed."""
        line = self.text.strip()
        if line and not line.startswith(("/", "?", "#")):
            self.buffer.cancel_completion()  # its menu would lie over the answer
            self._entered(f"? {line}", False)

    @staticmethod
    def _end_search(event: KeyPressEvent) -> None:
        """Go on with the line that was found. The key counts for what two of them mean, too: panic."""
        accept_search()
        event.key_processor.feed(KeyPress(Keys.Escape, "\x1b"), first=True)

    def complete(self) -> None:
        """Take the only completion, or what all have in common, or the next one of the menu.

        prompt_toolkit's own Tab does nothing while the menu for the key before it is still being made.
        """
        buffer = self.buffer
        if buffer.complete_state and buffer.complete_state.completions:
            buffer.complete_next()
            return
        found = list(self._completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        common = get_common_complete_suffix(buffer.document, found)
        if len(found) == 1:
            buffer.apply_completion(found[0])
        elif common:
            buffer.insert_text(common)
        elif found:
            buffer.start_completion()

    def _paste(self, event: KeyPressEvent) -> None:
        """Enter every whole line; an unfinished last one waits to be edited."""
        lines = event.data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if len(lines) == 1:
            self.buffer.insert_text(lines[0])
            return
        for line in (self.text + lines[0], *lines[1:-1]):
            self.history.append_string(line)
            self._entered(line, True)
        self.buffer.reset()
        self.buffer.insert_text(lines[-1])


def warm() -> None:
    """Load what completion needs while the user looks at the first screen, so that the first key does not wait."""
    with contextlib.suppress(HardcoreError, OSError):
        registry()
        phrases()
