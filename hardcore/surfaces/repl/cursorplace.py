"""Where in a command line the cursor stands: which command, which of its arguments, and what is typed of it."""

import re
from typing import NamedTuple

from hardcore.commands.core import registry
from hardcore.commands.core.line import HEAD, Token, tokens
from hardcore.commands.core.registry import Argument, Command

_OPTION = re.compile(r"--[a-z]")
_QUOTE = re.compile(r'(--[a-z][\w-]*=)?"')


class Place(NamedTuple):
    """The end of what is typed.

    argument  what stands there; None when the command takes no more
    before    the arguments before it
    given     the names of the options already given
    taken     the words of the rest of the line, where the argument is one that takes it
    partial   what is typed of the value, without quotes
    typed     the same as it stands in the line
    rest      all of a rest argument as it stands in the line
    """

    command: Command
    argument: Argument | None
    before: tuple[str, ...]
    given: tuple[str, ...]
    taken: tuple[str, ...]
    partial: str
    typed: str
    rest: str


def open_word(text: str) -> tuple[list[Token], str, str]:
    """Return the finished words of `text`, the word being typed without its quotes, and that word as it stands."""
    done: list[Token] = []
    for word in tokens(text):
        raw = text[word.start :]
        quote = _QUOTE.match(raw)
        if quote and word.text == text[word.start : word.end]:  # a quote that is still open
            return done, (quote[1] or "") + _unescaped(raw[quote.end() :]), raw
        if word.end == len(text):
            return done, word.text, raw
        done.append(word)
    return done, "", ""


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)


def dashed(argument: Argument) -> str:
    """Return an option as it is typed."""
    return f"--{argument.name.replace('_', '-')}"


def place_of(text: str) -> Place | None:
    """Return where the end of `text` (a line without its slash) stands; None while the command's name is not whole."""
    words, partial, typed = open_word(text)
    found = registry.find([word.text for word in words])
    if found is None:
        return None
    known, count = found
    return _placed(known, words[count:], partial, typed, text)


def place_in_sentence(text: str) -> Place:
    """Return where the end of a prompt stands: in its words, or at an option of `compose`."""
    return _placed(registry.registry()["compose"], *open_word(text), text)


def _placed(known: Command, words: list[Token], partial: str, typed: str, text: str) -> Place:
    """Return the place after `words`: an option's value, the next argument in order, or the rest of the line."""
    order = [argument for argument in known.arguments if not argument.option]
    options = {dashed(argument): argument for argument in (HEAD, *known.arguments) if argument.option}
    before, given, taken = [], [], []
    start = len(text) - len(typed)
    waiting: Argument | None = None
    for word in words:
        if waiting is not None:
            waiting = None
        elif _OPTION.match(word.text):
            name, equals, _ = word.text.partition("=")
            given.append(name)
            option = options.get(name)
            waiting = option if option and not option.flag and not equals else None
        elif order and order[0].kind.rest:
            start = min(start, word.start)
            taken.append(word.text)
        elif order:
            order.pop(0)
            before.append(word.text)
    argument = waiting or (order[0] if order else None)
    return Place(known, argument, tuple(before), tuple(given), tuple(taken), partial, typed, text[start:])
