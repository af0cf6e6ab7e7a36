"""Completion from the registry: command names, then each argument by its own type; without a slash, words of music."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from hardcore.commands.core import registry
from hardcore.commands.core.line import HEAD, quoted
from hardcore.commands.core.registry import Argument
from hardcore.commands.core.types import Choice
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.escaping import escaped_line
from hardcore.surfaces.repl.cursorplace import Place, dashed, place_in_sentence, place_of

_LONGEST_PHRASE = 4


class LineCompleter(Completer):
    """Completes what can stand at the cursor. It reads the project and changes nothing, so any thread may ask."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield the completions, each with one line of help."""
        line = document.text_before_cursor
        try:
            if line.startswith("/"):
                yield from self._of_command(line[1:])
            elif line.startswith("?"):
                yield from names(line[1:].lstrip())
                yield from self._of_sentence(line[1:].lstrip(), asked=complete_event.completion_requested)
            else:
                yield from self._of_sentence(line, asked=complete_event.completion_requested)
        except (HardcoreError, OSError, LookupError):
            return  # what is typed so far names something that is not there; the command itself will say so

    def _of_command(self, text: str) -> Iterator[Completion]:
        from hardcore.surfaces.repl.codecompletion import code_of, of_code

        if (code := code_of(text)) is not None:
            yield from of_code(code)
        yield from names(text)
        place = place_of(text)
        if place is not None:
            yield from self._at(place)

    def _at(self, place: Place) -> Iterator[Completion]:
        if place.partial.startswith("-"):
            yield from self._option(place)
            return
        if place.argument is not None:
            yield from self._value(place, place.argument, place.partial)
        if not place.partial and (place.argument is None or not (place.argument.required or place.argument.option)):
            yield from options(place)

    def _option(self, place: Place) -> Iterator[Completion]:
        name, equals, value = place.partial.partition("=")
        argument = next((a for a in (*place.command.arguments, HEAD) if a.option and dashed(a) == name), None)
        if not equals:
            yield from options(place, branches=bool(self._studio.controller.history.heads))
        elif argument is not None:
            yield from self._value(place, argument, value, f"{name}=")

    def _value(self, place: Place, argument: Argument, typed: str, prefix: str = "") -> Iterator[Completion]:
        if argument.kind.name == "file":
            yield from files(typed, len(place.typed), argument.kind.endings)
        elif argument.kind.rest and not argument.option:
            yield from self._rest(place, argument)
        else:
            head, comma, last = typed.rpartition(",") if argument.kind.name in ("tracks", "items") else ("", "", typed)
            for choice in self._choices(place, argument, last):
                if begins(choice.value, last) and choice.value not in head.split(","):
                    text = prefix + quoted(head + comma + choice.value)
                    shown = escaped_line(choice.value)
                    yield Completion(text, -len(place.typed), display=shown, display_meta=choice.help)

    def _choices(self, place: Place, argument: Argument, typed: str) -> Iterator[Choice]:
        """Yield what the argument could be; where a sample or a thing of a library is asked for, the user's too."""
        yield from argument.kind.complete(self._studio.controller.project, place.before)
        if argument.kind.name == "branch":
            for name, head in sorted(self._studio.controller.history.heads.items()):
                yield Choice(name, f"a branch at step {head.step}")
        if argument.kind.name in ("item", "items", "preset"):
            from hardcore.commands.library.things import kind_of

            for item in self._studio.library.starting(typed):
                if argument.kind.name in ("item", "items", item.kind):
                    yield Choice(item.name, f"{kind_of(item)}, {item.facts.words}")
        if argument.kind.name == "sample" and self._studio.sounds is not None:
            for file in self._studio.sounds.starting(typed):
                yield Choice(file.name, f"{file.type}, {file.facts.seconds:.2f} s, yours" if file.facts else "")

    def _rest(self, place: Place, argument: Argument) -> Iterator[Completion]:
        """Complete an argument of several words: all of it at once (`F minor`); some by their last word (`cutoff=`)."""
        starts = dict.fromkeys((place.rest, place.typed) if argument.kind.each else (place.rest,))
        for choice in self._choices(place, argument, place.rest):
            if any(word.startswith(choice.value) for word in place.taken):
                continue
            for typed in starts:
                if begins(choice.value, typed):
                    shown = escaped_line(choice.value)
                    yield Completion(choice.value, -len(typed), display=shown, display_meta=choice.help)
                    break

    def _of_sentence(self, line: str, *, asked: bool) -> Iterator[Completion]:
        """Complete the last words of a prompt; nothing before the second letter unless it was asked for."""
        place = place_in_sentence(line)
        if place.partial.startswith("--") or (place.argument is not None and place.argument.option):
            yield from self._at(place)
            return
        words = re.split(r"[\s,;]+", line)
        if not asked and len(words[-1]) < 2:
            return
        sentence = registry.registry()["compose"].arguments[0]
        choices = list(sentence.kind.complete(self._studio.controller.project, ()))
        seen: set[str] = set()
        for count in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
            typed = " ".join(words[-count:])
            if not line.endswith(typed) or (count > 1 and not words[-count]):
                continue
            for choice in choices:
                if begins(choice.value, typed) and len(choice.value) > len(typed) and choice.value not in seen:
                    seen.add(choice.value)
                    yield Completion(choice.value, -len(typed), display_meta=choice.help)


def names(typed: str) -> Iterator[Completion]:
    """Yield the commands and short forms that `typed` could become: those that begin so, else those with it inside."""
    wanted = typed.lower()
    known = [(key, command) for command in registry.registry().values() for key in (command.name, *command.aliases)]
    found = [pair for pair in known if pair[0].startswith(wanted)]
    if not found and re.fullmatch(r"\S{2,}", wanted):
        found = [pair for pair in known if wanted in pair[0]]
    for key, command in found:
        said = command.summary if key == command.name else f"{command.name}: {command.summary}"
        yield Completion(key, -len(typed), display=f"/{key}", display_meta=said)


def options(place: Place, *, branches: bool = False) -> Iterator[Completion]:
    """Yield the options of a command that are not given yet; with `branches` also the one that names one."""
    for argument in (*place.command.arguments, *((HEAD,) if branches else ())):
        name = dashed(argument)
        if argument.option and name.startswith(place.partial) and name not in place.given:
            yield Completion(name, -len(place.typed), display_meta=argument.kind.help)


def files(typed: str, length: int, suffixes: tuple[str, ...]) -> Iterator[Completion]:
    """Yield the folders, and the files with one of `suffixes` (or any), that the path being typed could become.

    They replace the `length` characters before the cursor.
    """
    folder, slash, start = typed.rpartition("/")
    there = Path(folder + slash or ".").expanduser()
    for path in sorted(there.iterdir(), key=lambda path: path.name.casefold()):
        hidden = path.name.startswith(".") and not start.startswith(".")
        if hidden or not path.name.startswith(start):
            continue
        if path.is_dir():
            yield Completion(quoted(folder + slash + path.name + "/"), -length, f"{escaped_line(path.name)}/", "folder")
        elif not suffixes or path.suffix.lower() in suffixes:
            yield Completion(quoted(folder + slash + path.name), -length, escaped_line(path.name))


def begins(choice: str, typed: str) -> bool:
    """Return whether a choice begins with what is typed, whatever the case."""
    return choice.casefold().startswith(typed.casefold())
