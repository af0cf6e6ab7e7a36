"""Evidence: what each word of a reading counted for, and the one rule by which it is acted on, asked about or refused.

A reading is acted on when every word of the sentence was read or is known to say nothing. It is refused where a figure,
a place or a part could be another without a difference (`idle_words`, while frames are tried). It is asked about, as
the one candidate, where a word that could mean something was passed over (`doubts`, of the reading that was chosen).
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.language.frames.frame import Filled, Frame, Match, NotThere, fit
from hardcore.language.plan import Call
from hardcore.language.referents import Ground
from hardcore.language.spans import Amount, Part, Scope, Sense, Span

# senses by which a word says nothing where it is passed over
_SAYS_NOTHING = frozenset({"filler", "prep", "noun", "link", "chat", "reason", "degree"})
# senses of words that belong to whatever stands beside them: "with a rhodes", "let the kick duck", "go wider"
_BELONGS = frozenset(
    (
        *(("verb", key) for key in ("use", "bring", "play", "want", "set", "nudge", "add", "keep")),
        *(("word", key) for key in ('"on"', "hits", "changes", "last", "particle", "back")),
    )
)
# places that an order is at, and not from or until which it holds
_PLACES = ("section", "bars", "bar")
# commands after which nothing of a track is heard
_ENDS = ("track mute", "track remove", "part remove")
# words before what something becomes
_AS = ("as", "as a", "as an")
# commands that put one thing in the place of another: "in C minor instead" is in place of the key there is
_REPLACES = ("key", "tempo", "meter", "restyle", "track instrument")
# kinds that a frame must have used: without one of them it would have to come to something else
_COUNTS = frozenset({"trait", "style", "adj", "bad", "excepted", "key", "side", "neg", "rhythm", "instead"})


class Told(NamedTuple):
    """A clause as it was read: its frame, the spans in their places and its calls."""

    form: Frame
    match: Match
    calls: Sequence[Call]


def doubts(clauses: Sequence[Told], cover: Sequence[Span]) -> tuple[str, ...]:
    """Return why a reading should be asked about: words that made no difference, a place that may be lost; else none.

    cover       the spans of the sentence with exceptions joined to what they except
    """
    used = {(one.span.start, one.span.end) for clause in clauses for one in clause.match.filled}
    passed = [span for span in cover if (span.start, span.end) not in used and _may_count(span)]
    aside = (span for span in passed if _is_of_all(span, clauses) or _narrows(span, cover, used) or _names(span, cover))
    settled = set(aside)
    found = [span.text for span in passed if span not in settled]
    for clause in clauses:
        found += [one.span.text for one in clause.match.filled if _counts(one, clause) and _is_idle(one, clause)]
    idle = ", ".join(f"'{text}'" for text in dict.fromkeys(text.strip(" ,") for text in found))
    lost = [
        f"'{_words(after)}': there, or everywhere?"
        for before, after in pairwise(clauses)
        if _loses_place(before, after)
    ]
    ended = [f"'{words}': of what the same sentence changes?" for words in _taken_back(clauses)]
    ended += [f"'{words}': of the file, or of the piece?" for words in _of_the_file(clauses)]
    return (*([f"{idle} would make no difference"] if idle else []), *dict.fromkeys((*lost, *ended)))


def _may_count(span: Span) -> bool:
    """Return whether a span that was passed over has a sense that is more than filler."""
    return any(sense.kind not in _SAYS_NOTHING and sense[:2] not in _BELONGS for sense in span.senses)


def _is_of_all(span: Span, clauses: Sequence[Told]) -> bool:
    """Return whether a word was read without a place of its own: the "there" and "instead" of a later clause."""
    places = [one.span for clause in clauses for one in clause.match.filled if one.sense.kind == "scope"]
    if span.of("there"):
        return len(set(places)) < len(places)
    names = [call.name for clause in clauses for call in clause.calls]
    replaces = all(name in _REPLACES for name in names) or (len(clauses) > 1 and names[0] in _ENDS)
    return span.of("instead") is not None and bool(names) and replaces


def _narrows(span: Span, cover: Sequence[Span], used: Container[tuple[int, int]]) -> bool:
    """Return whether a word is the "only" beside a place that was read: "more reverb on the clap, choruses only"."""
    at = cover.index(span)
    beside = [one for one in (*cover[at - 1 : at], *cover[at + 1 : at + 2]) if one.of("scope")]
    return span.of("only") is not None and any((one.start, one.end) in used for one in beside)


def _names(span: Span, cover: Sequence[Span]) -> bool:
    """Return whether a word is the "as" before what something becomes: "restyle as house", "as euclid 5 of 16"."""
    after = cover[cover.index(span) + 1 :][:1]
    return span.of("word") is not None and span.text.casefold() in _AS and any(_becomes(one) for one in after)


def _becomes(span: Span) -> bool:
    return any(span.of(kind) for kind in ("style", "rhythm", "rate"))


def _loses_place(before: Told, after: Told) -> bool:
    """Return whether a clause is about the part of the one before, but not where that one was: there, or everywhere?"""
    own = {one.span for one in after.match.filled if one.span.end}
    borrowed = any(one.sense.kind == "part" and one.span in _spans(before) for one in after.match.filled)
    pointed = after.match.has("pronoun") and not after.match.has("part")
    places = [one for one in before.match.filled if one.sense.kind == "scope" and one.sense.key in _PLACES]
    placed = any(one.sense.kind == "scope" for one in after.match.filled)
    return bool(places and own) and (borrowed or pointed) and not placed and _can_be_placed(after)


def _spans(clause: Told) -> set[Span]:
    return {one.span for one in clause.match.filled}


def _can_be_placed(clause: Told) -> bool:
    return bool(clause.calls) and any(item.kinds == {"scope"} for spec in clause.form.specs for item in spec)


def _words(clause: Told) -> str:
    return " ".join(one.span.text for one in clause.match.filled)


def _counts(one: Filled, clause: Told) -> bool:
    """Return whether a clause would have to come to something else without a span."""
    if one.sense.kind == "excepted":  # "bass louder, but not the kick": it was not meant anyway
        named = {track_id for part in clause.match.parts() for track_id in part.ids}
        return not named or bool(named & set(clause.match.excepted()))
    return one.sense.kind in _COUNTS and clause.form.name != "keep"


def _taken_back(clauses: Sequence[Told]) -> list[str]:
    """Return the words of a clause that silences or removes what another clause of the sentence changes."""
    calls = [(call, clause) for clause in clauses for call in clause.calls]
    return [
        _words(clause)
        for call, clause in calls
        if call.name in _ENDS and call.arguments.get("state") != "off" and "in" not in call.arguments
        if any(_tracks(call) & _tracks(other) for other, source in calls if source is not clause)
    ]


def _of_the_file(clauses: Sequence[Told]) -> list[str]:
    """Return the words of a denial beside an export: "bounce the stems, no master effects" is no edit."""
    exports = any(call.name == "export" for clause in clauses for call in clause.calls)
    denials = [one for one in clauses if one.calls and one.match.has("neg") and not one.match.has("verb")]
    return [_words(clause) for clause in denials if exports]


def _tracks(call: Call) -> set[str]:
    return set(str(call.arguments.get("tracks", "")).split(",")) - {""}


def _is_idle(one: Filled, clause: Told) -> bool:
    """Return whether a clause comes to the same calls without one of its spans, which its frame does not ask for."""
    specs = clause.form.specs
    if any(one.sense.key in item.keys and item.takes(one.span) for spec in specs for item in spec):
        return False
    rest = [other.span for other in clause.match.filled if other is not one]
    fits = [found for spec in specs if (found := fit(spec, rest)) is not None]
    return any(_comes_to(clause.form, replace(clause.match, filled=found[1]), clause.calls) for found in fits)


def _comes_to(form: Frame, match: Match, calls: Sequence[Call]) -> bool:
    try:
        return list(form.build(match)) == list(calls)
    except (NotThere, UserError, AssertionError, IndexError):  # a frame may count on what was left out
        return False


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
    return _comes_to(frame, replace(match, filled=tuple(filled)), calls)


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
