"""Whether every figure, place and part of a clause counts: what could be another without a difference was not read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hardcore.errors import UserError
from hardcore.language.frames.frame import Frame, Match, NotThere
from hardcore.language.plan import Call
from hardcore.language.referents import Ground
from hardcore.language.spans import Amount, Part, Scope, Sense


def idle_words(frame: Frame, match: Match, calls: Sequence[Call]) -> str:
    """Return the words of an amount, a scope, a part or a denial that the calls do not depend on, or nothing.

    It is found out by reading the clause with another value in that place. A clause that asks for nothing is passed.
    """
    if match.forbids() and not match.has("verb", "move", "adj"):
        return "don't"  # forbids an order that was not read
    return next(_idle(frame, match, calls, ("amount", "scope", "part")), "")


def idle_degrees(frame: Frame, match: Match, calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the words of degrees that the calls do not depend on: what is done is done, but not "a bit"."""
    return tuple(_idle(frame, match, calls, ("degree",)))


def _idle(frame: Frame, match: Match, calls: Sequence[Call], kinds: Sequence[str]) -> Iterator[str]:
    for at, one in enumerate(match.filled if calls else ()):
        if one.sense.kind not in kinds or one.sense.kind in frame.aside:
            continue
        others = list(_others(one.sense, match.ground))
        if others and all(_same(frame, match, at, other, calls) for other in others):
            yield one.span.text


def _same(frame: Frame, match: Match, at: int, other: Sense, calls: Sequence[Call]) -> bool:
    filled = list(match.filled)
    filled[at] = filled[at]._replace(sense=other)
    try:
        return list(frame.build(replace(match, filled=tuple(filled)))) == list(calls)
    except (NotThere, UserError):
        return False


def _others(sense: Sense, ground: Ground) -> Iterator[Sense]:
    """Yield a sense with other values; nothing for what has none."""
    value = sense.value
    if isinstance(value, Amount):
        for number in (value.value * 0.5, value.value * 1.5 + 1):
            yield sense._replace(value=replace(value, value=number))
    elif sense.kind == "degree":
        yield from (sense._replace(value=number) for number in (0.3, 2.7))
    elif isinstance(value, Scope):
        for text in ("every3", "every5") if sense.key == "every" else ("1-1", "2-3"):
            yield sense._replace(value=replace(value, text=text))
    elif isinstance(value, Part) and value.ids:
        other = next((track for track in ground.project.tracks if track.clips and track.id not in value.ids), None)
        if other is not None:
            yield sense._replace(value=replace(value, ids=(other.id,), words=other.name, roles=(), bus="", group=False))
