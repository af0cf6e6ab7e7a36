"""What could stand at the end of a shell's command line. It is found in a table of all verbs (`shelltable.py`), so that
Tab need not wait until the program is loaded: only the standard library is."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hardcore.surfaces.options import ENGINES, FLAGS, LONG, VALUES

Names = Callable[[Path], Mapping[str, Sequence[str]]]
Table = Mapping[str, Any]
PROJECTS = (".hcs",)
# What of the open project can stand where a kind of argument is asked for.
OF_PROJECT: dict[str, tuple[str, ...]] = {
    "track": ("track",), "tracks": ("track",), "track|clip": ("track", "clip"), "drums": ("track", "scene"),
    "sound": ("track", "clip"), "clip": ("clip",), "scene": ("scene",), "scene or clip": ("scene", "clip"),
    "follower": ("clip", "scene"), "section": ("section",), "where": ("section",), "marker": ("marker",),
    "place": ("section", "marker"), "rule": ("rule",),
}  # fmt: skip


class Word(NamedTuple):
    """A word that could stand there, and one line about it."""

    text: str
    about: str = ""


def words_of(line: str) -> list[str]:
    """Return the words of what is typed, without the program's name; the last is the one that is being typed."""
    for closed in (line, f"{line}'", f'{line}"', line[:-1]):
        try:
            words = shlex.split(closed)
        except ValueError:
            continue
        return words[1:] + ([""] if closed == line and line[-1:].isspace() else [])
    return []


def completions(typed: Sequence[str], table: Table, names: Names) -> list[Word]:
    """Return what the last of some words could be; the words before it count as they are."""
    *before, last = typed or [""]
    words, project, asked = _without_options(before)
    if asked is not None:
        return _of_option(asked, last)
    if last.startswith("--project="):
        return [Word(f"--project={one.text}") for one in _files(last.partition("=")[2], PROJECTS)]
    name, rest = _verb(words, table)
    found = [] if rest else _next_words(words, last, table)
    if not words:
        found += _files(last, PROJECTS)
    if name:
        found += _argument(table, table["verbs"][name]["takes"], rest, last, names(project) if project else {})
    if last.startswith("-"):
        found += [one for one in _everywhere() if one.text.startswith(last) and one.text not in before]
    return [*dict.fromkeys(one for one in found if one.text.isprintable())]


def _without_options(words: Sequence[str]) -> tuple[list[str], Path | None, str | None]:
    """Return the words that are no options of every verb, the project that is named, and the option that waits."""
    left, project, waits = [], None, None
    for word in words:
        name, equals, value = word.partition("=")
        if waits is not None:
            name, equals, value, waits = waits, "=", word, None
        elif LONG.get(word, word) in FLAGS:
            continue
        if name not in VALUES:
            left.append(word)
        elif not equals:
            waits = name
        elif name == "--project":
            project = Path(value).expanduser()
    return left, project, waits


def _of_option(name: str, last: str) -> list[Word]:
    if name == "--project":
        return [*_files(last, PROJECTS)]
    return [Word(engine) for engine in ENGINES if name == "--engine" and engine.startswith(last)]


def _everywhere() -> Iterator[Word]:
    for name, (_, about) in FLAGS.items():
        yield Word(name, about)
    yield from (Word(long, FLAGS[short][1]) for long, short in LONG.items())
    yield from (Word(name, about) for name, (_, _, about) in VALUES.items())


def _verb(words: Sequence[str], table: Table) -> tuple[str, list[str]]:
    """Return the longest verb that words begin with, empty for none, and the words after it."""
    for count in range(len(words), 0, -1):
        if (name := " ".join(words[:count])) in table["verbs"]:
            return name, [*words[count:]]
    return "", []


def _next_words(words: Sequence[str], last: str, table: Table) -> list[Word]:
    """Return the words that could follow in a verb's name: of a verb itself with what it does."""
    found: dict[str, str] = {}
    for name, verb in table["verbs"].items():
        parts = name.split(" ")
        if parts[: len(words)] == [*words] and len(parts) > len(words) and parts[len(words)].startswith(last):
            part, whole = parts[len(words)], len(parts) == len(words) + 1
            found[part] = verb["about"] if whole else found.get(part, "")
    return [Word(part, about) for part, about in found.items()]


def _argument(
    table: Table, takes: Sequence[Mapping[str, Any]], rest: Sequence[str], last: str, named: Mapping[str, Sequence[str]]
) -> Iterator[Word]:
    """Yield what could be the next argument of a verb after the words `rest`, or one of its options."""
    options = {one["option"]: one for one in takes if one["option"]}
    order, waits, given = [one for one in takes if not one["option"]], None, list[str]()
    for word in rest:
        if waits is not None:
            waits = None
        elif word.startswith("--"):
            option = options.get(word)
            waits = option if option and not option["flag"] else None
        elif order and order[0]["rest"]:
            given.append(word)
        elif order:
            order.pop(0)
    argument = waits or (order[0] if order else None)
    if waits is None and last.startswith("-"):
        yield from (Word(name, one["about"]) for name, one in options.items() if name.startswith(last))
    elif argument is not None and argument["endings"] is not None:
        yield from _files(last, argument["endings"])
    elif argument is not None:
        lists = [[*map(Word, named.get(kind, ()))] for kind in OF_PROJECT.get(argument["kind"], ())]
        known = (Word(*one) for one in table["lists"][argument["values"]])
        yield from _values([*(one for some in lists for one in some), *known], given, last, argument["kind"])


def _values(choices: Iterable[Word], given: Sequence[str], last: str, kind: str) -> Iterator[Word]:
    """Yield the choices that what is typed could become: tracks may be several, with commas between them."""
    head, comma, part = last.rpartition(",") if kind == "tracks" else ("", "", last)
    before = "".join(f"{word} " for word in given)
    for text, about in choices:
        if f"{before}{part}".casefold() == text[: len(before) + len(part)].casefold() and text not in head.split(","):
            yield Word(head + comma + text[len(before) :], about)


def _files(typed: str, endings: Sequence[str]) -> Iterator[Word]:
    """Yield the folders, and the files with one of the endings (or any), that a path could become."""
    folder, slash, start = typed.rpartition("/")
    try:
        there = sorted(Path(folder + slash or ".").expanduser().iterdir())
    except OSError:
        return
    for path in there:
        if not path.name.startswith(start) or (path.name.startswith(".") and not start.startswith(".")):
            continue
        if path.is_dir():
            yield Word(f"{folder}{slash}{path.name}/", "folder")
        elif not endings or path.suffix.lower() in endings:
            yield Word(f"{folder}{slash}{path.name}")
