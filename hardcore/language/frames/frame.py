"""A frame: specs of the spans that a clause is made of, and the function that turns a match into calls.

    @frame("WHO+ move:level amount:db|percent|times? degree?")
    def change_level(m: Match) -> list[Call]: ...

A spec is a row of items, order free: `kind`, `kind:key`, `kind:key|key`, `kind/kind`; `?` at most one, `*` any number,
`+` at least one, else exactly one; with `^` before it as the first span only. Every span of the clause must find an
item: what has no place makes the clause no instance of the frame. `WHO` stands for what an order can be about (parts,
it, the whole, the rest, the master) with those left out. `cost` says how far-fetched a frame is: of two that fit, the
cheaper is meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules
from typing import Any, NamedTuple

from hardcore.language.plan import Call
from hardcore.language.referents import Ground
from hardcore.language.spans import Amount, Part, Scope, Sense, Span

STYLE_OR_NEW = "that can mean this piece in another style, or a new piece"
WHO = "part/pronoun/whole/rest/master"
# what stands between two parts that are no list
_ABOUT = ("as", "between", "like", "than", "with", "using", "through", "via", "per")
_WITHIN = frozenset(("in", "on", "of", "from", "to", "into", "onto", "over", "under", "for", "at", "off", *_ABOUT))
# the lead of a span that a link stands before
LINKED = "and"
_MACROS = {f"WHO{count}": f"{WHO}{count} excepted?" for count in ("", "?", "*", "+")} | {"IN?": "scope?"}


class NotThere(Exception):
    """What a clause names is not in the project; the message is said to the user."""


class Item(NamedTuple):
    """A place for spans in a frame."""

    kinds: frozenset[str]
    keys: frozenset[str]
    least: int
    most: int
    first: bool = False

    def takes(self, span: Span) -> Sense | None:
        """Return the sense by which a span fits, or None."""
        for sense in span.senses:
            if sense.kind in self.kinds and (not self.keys or sense.key in self.keys):
                return sense
        return None


Spec = tuple[Item, ...]
# spans of these kinds may go without a place
SKIPPED = ("filler", "prep", "noun", "instead", "also")


class Filled(NamedTuple):
    """A span and the sense it has in this reading."""

    span: Span
    sense: Sense


@dataclass(frozen=True)
class Match:
    """A clause read by a frame."""

    filled: tuple[Filled, ...]
    ground: Ground
    before: tuple[str, ...] = ()

    def all(self, *kinds: str) -> list[Sense]:
        """Return the senses of these kinds, from left to right."""
        return [one.sense for one in self.filled if one.sense.kind in kinds]

    def get(self, *kinds: str) -> Sense | None:
        """Return the first sense of these kinds, or None."""
        return next(iter(self.all(*kinds)), None)

    @property
    def amount(self) -> Amount | None:
        """Return the amount, or None."""
        sense = self.get("amount")
        return sense.value if sense else None

    @property
    def unit(self) -> str:
        """Return the unit of the amount, or nothing."""
        sense = self.get("amount")
        return sense.key if sense else ""

    @property
    def degree(self) -> float:
        """Return how far: 0.5 a bit, 1, 2 a lot."""
        found = 1.0
        for sense in self.all("degree"):
            found *= float(sense.value)
        return min(max(found, 0.25), 4.0)

    @property
    def scope(self) -> dict[str, str]:
        """Return the argument `in` of a scoped command, or nothing."""
        sense = self.get("scope")
        return {"in": sense.value.text} if sense and isinstance(sense.value, Scope) else {}

    def has(self, *kinds: str) -> bool:
        """Return whether there is a span of these kinds."""
        return self.get(*kinds) is not None

    def parts(self) -> list[Part]:
        """Return the parts that are named."""
        return [sense.value for sense in self.all("part")]

    @property
    def named(self) -> bool:
        """Return whether the clause is about something less than the whole."""
        return bool(self.all("part", "rest", "master", "excepted")) or bool(self._referred())

    def _referred(self) -> tuple[str, ...]:
        return (self.before or self.ground.last) if self.has("pronoun") else ()

    def ids(self, *, bus: bool = False) -> tuple[str, ...]:
        """Return the ids of the tracks the clause is about; of the whole, all that play. Raises NotThere.

        bus    a group stands for the tracks that feed it: for what is done to their sum
        """
        self.ensure_list()
        found: list[str] = []
        for part in self.parts():
            if not part.ids:
                raise NotThere(absent(part))
            found += (part.bus,) if bus and part.bus and not self.has("excepted") else part.ids
        found += self._referred()
        if self.has("master"):
            found.append(self.ground.master())
        if self.has("rest"):
            found += self.ground.rest(self.before or self.ground.last)
        # "all the snare hits" are the snare's
        whole = [sense for sense in self.all("whole") if sense.key != "all" or not found]
        if not found or whole:
            found += self.ground.playing()
        left_out = set(self.excepted())
        if left_out:
            found = [one for one in self.ground.members(found) if one not in left_out]
        if not found:
            raise NotThere("there is nothing there that could be changed")
        return tuple(dict.fromkeys(found))

    def ensure_list(self) -> None:
        """Raise NotThere where two that a clause is about are no list: "the bass in the chords"."""
        filled = sorted((one for one in self.filled if one.span.end), key=lambda one: one.span.start)
        row = [one.span for one in filled]
        about = [one.span for one in filled if one.sense.kind in WHO.split("/") and one.sense.key != "all"]
        for first, second in pairwise(about):
            lead = set(second.lead.split())
            apart = row.index(second) - row.index(first) > 1
            if LINKED not in lead and (apart or lead & _WITHIN):
                said = " ".join(filter(None, (first.text, second.lead, second.text)))
                raise NotThere(f"{said}: which of them? say: {first.text} and {second.text}")

    def excepted(self) -> tuple[str, ...]:
        """Return the ids of what is left out, with the members of groups."""
        sense = self.get("excepted")
        return self.ground.members(sense.value) if sense else ()

    def who(self, *, bus: bool = False) -> str:
        """Return the tracks the clause is about as commands take them: ids with commas."""
        return ",".join(self.ids(bus=bus))

    def call(self, name: str, **arguments: Any) -> Call:
        """Return a call with the scope of the clause; arguments that are None are left out."""
        given = {key: value for key, value in arguments.items() if value is not None}
        return Call(name, given | self.scope)

    def forbids(self) -> bool:
        """Return whether a denial forbids ("don't", "never"): "not so bright" asks for less, "don't …" for nothing."""
        return any(
            one.sense.kind == "neg" and one.span.text.casefold() in ("don't", "dont", "do not", "never")
            for one in self.filled
        )

    def way(self, *kinds: str) -> int:
        """Return the direction that moves (or `kinds`) say: −1 or 1; of several the product, 0 without one."""
        found = [int(sense.value) for sense in self.all(*(kinds or ("move",))) if sense.value]
        sign = 1
        for one in found:
            sign *= one
        return sign if found else 0


def absent(part: Part) -> str:
    """Return that there is no such part: "there is no lead", "there are no hats"."""
    words = part.words.casefold()
    return f"there {'are' if words.endswith('s') and not words.endswith('ss') else 'is'} no {words} here"


def over(m: Match) -> str | None:
    """Return the stretch that a clause moves over ("over the build"); None where it is only in one ("in the build")."""
    sense = m.get("scope")
    if sense is None or not isinstance(sense.value, Scope):
        return None
    leads = ("over ", "across ", "through ", "throughout ", "during ")
    return sense.value.text if sense.value.words.casefold().startswith(leads) else None


# verbs that shift a part in time, by what stands behind them: "pull the pad back" is of its level
_SHIFTS = {
    "forward": frozenset(("nudge", "pull", "shift", "move", "slide", "drag", "push")),
    "back": frozenset(("nudge", "push", "shift", "slide", "drag")),
}


def moves_in_time(m: Match) -> bool:
    """Return whether a clause shifts a part: "nudge it forward" is earlier, "push it back" later."""
    words = {word for one in m.filled for word in one.span.text.casefold().split()}
    return (
        not m.has("scope", "topic")
        and "mix" not in words
        and any(words & {way, f"{way}s", f"{way}wards"} and words & verbs for way, verbs in _SHIFTS.items())
    )


Build = Callable[[Match], Sequence[Call]]


@dataclass(frozen=True)
class Frame:
    """What a clause can ask for.

    aside    kinds that may stand in it without an effect: "a piano over the chords" changes no chords
    """

    name: str
    specs: tuple[Spec, ...]
    build: Build = field(compare=False)
    cost: float = 0.0
    aside: frozenset[str] = frozenset()


_frames: list[Frame] = []


def frame(*specs: str, cost: float = 0.0, aside: tuple[str, ...] = ()) -> Callable[[Build], Build]:
    """Register the decorated function as what the specs ask for."""

    def register(build: Build) -> Build:
        parsed_specs = tuple(parsed(spec) for spec in specs)
        _frames.append(Frame(build.__name__, parsed_specs, build, cost, frozenset(aside)))
        return build

    return register


def parsed(spec: str) -> tuple[Item, ...]:
    """Return the items of a spec. Raises ValueError for one that can't be read."""
    items = []
    expanded = " ".join(_MACROS.get(word, word) for word in spec.split())
    for word in expanded.split():
        suffix = word[-1] if word[-1] in "?*+" else ""
        kinds, _, keys = word.removesuffix(suffix).removeprefix("^").partition(":")
        if not kinds:
            raise ValueError(f"'{word}' in '{spec}' names no kind")
        least, most = {"": (1, 1), "?": (0, 1), "*": (0, 99), "+": (1, 99)}[suffix]
        items.append(
            Item(frozenset(kinds.split("/")), frozenset(filter(None, keys.split("|"))), least, most, word[0] == "^")
        )
    return tuple(items)


@cache
def frames() -> tuple[Frame, ...]:
    """Return every frame of this folder."""
    import hardcore.language.frames as folder

    for module in iter_modules(folder.__path__):
        import_module(f"{folder.__name__}.{module.name}")
    return tuple(_frames)


def fit(spec: Sequence[Item], spans: Sequence[Span]) -> tuple[float, tuple[Filled, ...]] | None:
    """Return the cheapest way to give every span a place in a spec, or None where one has none."""
    for item in spec:
        if item.least and not any(item.takes(span) for span in spans):
            return None
    return _fit(spec, spans, 0, [0] * len(spec))


def _fit(
    spec: Sequence[Item], spans: Sequence[Span], at: int, used: list[int]
) -> tuple[float, tuple[Filled, ...]] | None:
    if at == len(spans):
        return (0.0, ()) if all(count >= item.least for item, count in zip(spec, used, strict=True)) else None
    best: tuple[float, tuple[Filled, ...]] | None = None
    span = spans[at]
    for number, item in enumerate(spec):
        if used[number] >= item.most or (item.first and at):
            continue
        sense = item.takes(span)
        if sense is None:
            continue
        # a return is named after its effect, a kick after its rumble: the effect or parameter is meant
        dear = 0.3 if sense.kind == "part" and (span.of("fx") or span.of("param")) else 0.0
        if dear and span.of("fx") and any(other.of("part") and not other.of("fx") for other in spans):
            dear = 0.8  # "more reverb on the clap" is of the clap
        used[number] += 1
        rest = _fit(spec, spans, at + 1, used)
        used[number] -= 1
        if rest is not None and (best is None or rest[0] + dear < best[0]):
            best = (rest[0] + dear, (Filled(span, sense), *rest[1]))
    # content that is read as filler is dearer than content that has a place
    cheap = any(sense.kind in SKIPPED[3:] for sense in span.senses)
    if cheap or any(sense.kind in SKIPPED[:3] for sense in span.senses):
        rest, cost = _fit(spec, spans, at + 1, used), 0.3 if cheap else 0.8
        if rest is not None and (best is None or rest[0] + cost < best[0]):
            best = (rest[0] + cost, rest[1])
    return best
