"""Clauses: a cover of a sentence cut at its links so that every clause fits a frame, at the least cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from hardcore.errors import UserError
from hardcore.language.chart import SILENT, Path, stray_nouns
from hardcore.language.evidence import idle_degrees, idle_words
from hardcore.language.frames.frame import LINKED, SKIPPED, Filled, Frame, Match, NotThere, Spec, fit, frames
from hardcore.language.plan import CREATED, Call, created
from hardcore.language.referents import Ground
from hardcore.language.spans import Part, Sense, Span

KEPT = 4  # hypotheses at every cut
FAILED = 5.0  # what a clause costs that fits a frame but can't be carried out
_OVER_A_COMMA = 0.1  # of "bass 3 dB up, lead and pad down" the comma is where it is cut
_BECAUSE = frozenset({"because", "cause", "cuz", "coz", "since it", "since i", "since the"})
_ORDERS = ("verb", "verbfx", "move", "neg")
_LIGHT = frozenset(("verb", key) for key in ("set", "nudge", "bring", "want", "use", "keep"))
# what is of the whole where no part stands beside it
_WHOLE = frozenset(("topic", key) for key in ("energy", "tension", "tempo", "key", "length", "meter"))
_BARELY = frozenset(("more", "less"))  # of what was said before: "the bass more movement and the lead less"
_OF_ALL = ("energy", "tension", "intensity", "drama", "modulate")
_OF_PIECE = frozenset(("verb", key) for key in ("fade", "undo", "redo"))
_ADDS = ("part add", "part double", "track duplicate")  # what makes one track
_WHO = frozenset({"part", "pronoun", "whole", "rest", "master"})
_ASIDE = frozenset({"unknown", "filler", "prep", "pronoun", "neg", "chat", "degree", "also"})
_ASKS = ("move", "amount", "verb", "verbfx", "fx", "adj", "param", "topic")  # what something is asked by
# frames of an effect on a part, which settings may follow
_PUTS_ON = ("add_effect", "effect_at", "delay_time", "set_effect", "effect_with_settings")
_WITHOUT = frozenset({"without", "not"})
_RESTRICTS = frozenset({"not", "no", "without", "but not", "except"})  # what they are before is never an aside
_DETERMINERS = frozenset({"that", "this", "those", "these"})  # before a part
_PLACED = frozenset({"in", "at", "on", "during", "for", "over", "through", "throughout", "only", "within", "across"})
# what a clause that lacks an order takes from the one before: all but these
_OWN = frozenset({*_WHO, "scope", "amount", "degree", "excepted", "side", "also", "again", "instead", "key", "rate"})
_ALIKE = frozenset({*_WHO, "scope", "fx", "side", "chords", "style", "rate", "rhythm", "keep"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that was read: the frame, the spans in their places and the calls it makes."""

    form: Frame
    match: Match
    calls: tuple[Call, ...]

    @property
    def frame(self) -> str:
        """Return the name of its frame."""
        return self.form.name

    @property
    def filled(self) -> tuple[Filled, ...]:
        """Return its spans, each with the sense it has here."""
        return self.match.filled

    def topics(self) -> list[Sense]:
        """Return the topics that it names."""
        return [one.sense for one in self.filled if one.sense.kind == "topic"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The clauses so far, what they cost, why a frame that fits could not be used, and asides that were left out."""

    clauses: tuple[Clause, ...] = ()
    cost: float = 0.0
    failed: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    def parts(self) -> tuple[str, ...]:
        """Return the ids that the clauses named, those of the last one that named any."""
        added = sum(call.name in _ADDS for clause in self.clauses for call in clause.calls)
        for clause in reversed(self.clauses):
            count = sum(call.name in _ADDS for call in clause.calls)
            if count:
                return tuple(created(added - count + number) for number in range(1, count + 1))
            ids = [track for one in clause.filled if isinstance(one.sense.value, Part) for track in one.sense.value.ids]
            if ids:
                return tuple(dict.fromkeys(ids))
        return ()


def read(path: Path, ground: Ground) -> list[Hypothesis]:
    """Return the ways to read a cover, the cheapest first; none where a span finds no place."""
    if stray_nouns(path.spans):
        return []
    atoms = _atoms(path.spans)
    best: list[list[Hypothesis]] = [[] for _ in range(len(atoms) + 1)]
    best[0] = [Hypothesis(cost=path.cost)]
    for at in range(len(atoms)):
        for before in best[at]:
            for end in range(at + 1, len(atoms) + 1):
                joined = _joined(atoms[at:end])
                if joined is None:
                    break
                spans, cost = joined
                best[end] += _with(replace(before, cost=before.cost + cost), spans, ground)
        for number in range(at + 1, len(atoms) + 1):
            best[number] = sorted(best[number], key=lambda one: one.cost)[:KEPT]
    return best[-1]


def content(path: Path) -> list[Span]:
    """Return the spans of a cover that must be read: exceptions joined, and without what only points at a part."""
    atoms = _atoms(path.spans)
    return [span for atom in (atoms[1:] if _is_no(atoms[0]) else atoms) for span in atom]  # "no, put the clap back"


def _atoms(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans between links; each atom but the first begins with its link."""
    found: list[list[Span]] = [[]]
    lead = ""
    for span in _determined(with_exceptions(spans)):
        cuts = span.of("reason") or all(sense.kind in ("link", *SILENT) for sense in span.senses)
        if cuts and span.of("link"):
            found.append([span])
        elif not all(sense.kind in SILENT for sense in span.senses):
            found[-1].append(span._replace(lead=lead.strip()) if lead else span)
        before = f"{lead}{span.text.casefold()} " if span.of("prep") else ""
        lead = f"{LINKED} " if cuts and span.of("link") else before
    found = [_restricted(atom) for atom in found]
    return _shared([atom for atom in found if any(span.of("link") is None for span in atom)]) or [[]]


def _determined(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans with the "that" of "get rid of that tom" as what it is there: no part of its own."""
    for at, span in enumerate(spans):
        after = next((one for one in spans[at + 1 :] if one.of("adj") is None and one.of("move") is None), None)
        points = span.text.casefold() in _DETERMINERS and after is not None and after.of("part") is not None
        yield span._replace(senses=(Sense("filler"),)) if points else span


def _restricted(atom: list[Span]) -> list[Span]:
    """Return an atom without an "only" that ends it: "more swing on the hats only" is of the hats anyway."""
    ends = len(atom) > 2 and all(sense.kind == "only" for sense in atom[-1].senses)
    ends = ends and (atom[-2].of("part") is not None or atom[-2].of("scope") is not None)
    asks = any(span.of(kind) for span in atom[:-2] for kind in ("move", "fx", "verbfx", "adj"))
    return atom[:-1] if ends and asks else atom


def _shared(atoms: list[list[Span]]) -> list[list[Span]]:
    """Return the atoms with the part of "a dirtier and darker bass" given to both adjectives."""
    for before, atom in pairwise(atoms):
        own = [span for span in atom if span.of("link") is None]
        parts = [span for span in own if span.of("part")]
        alone = len(own) == 1 + len(parts) and atom[0].text.casefold() != "then"
        nameless = not any(_kinds(span) & _WHO and span.of("fx") is None for span in before)
        if nameless and _effect_alone(before) and any(span.of("fx") for span in own) and parts and own[0].of("move"):
            # "more reverb and less delay on the lead in the break"
            before.extend(span for span in own if span.of("scope") or (span.of("part") and span.of("fx") is None))
            continue
        if alone and parts and nameless and _describes(own[0]) and _describes(before[-1]):
            before.extend(parts)
    return atoms


def _effect_alone(spans: Sequence[Span]) -> bool:
    """Return whether spans are nothing but more or less of an effect: "more reverb"."""
    own = [span for span in spans if span.of("link") is None]
    return (
        len(own) > 1
        and own[-1].of("fx") is not None
        and all(span.of("degree") or any(sense[:2] == ("move", "way") for sense in span.senses) for span in own[:-1])
    )


def _describes(span: Span) -> bool:
    """Return whether a span says only how something is to sound: "darker", not "more", "more energy" or "humanize"."""
    how = all(
        sense.kind in ("move", "adj", "trait", "bad") and sense.key not in ("way", "tempo") for sense in span.senses
    )
    return how and not _of_the_whole(span)


def with_exceptions(spans: Sequence[Span]) -> list[Span]:
    """Return the spans with "except" and the parts that follow it as one span that leaves them out."""
    found: list[Span] = []
    at = 0
    while at < len(spans):
        span = spans[at]
        at += 1
        but = span.text.casefold() == "but" and bool(found) and found[-1].of("whole") is not None
        if span.text.casefold() in _WITHOUT:  # "everything up 3 semitones without the drums"
            but = any(one.of("whole") and not one.of("scope") for one in found) and any(map(_sets, found))
        if span.of("except") is None and not (but and at < len(spans) and _continues(spans[at])):
            found.append(span)
            continue
        end, ids = at, list[str]()
        filters = any(sense.key == "filter" for one in found for sense in one.senses)  # its figure is still to come
        ordered = any(one.of(kind) for one in found for kind in _ASKS)
        while (
            end < len(spans) and _continues(spans[end]) and (filters or not (ids and ordered and _turns(spans[end:])))
        ):
            part = spans[end].of("part")
            end += 1
            if part is not None and isinstance(part.value, Part):
                ids += part.value.ids
                at = end
        if ids:
            # "all but the kick" names the whole as well; "quieter, except the bass" is of the whole
            whole = Sense("whole", "", None)
            all_named = span.text.casefold().startswith(("all", "everything"))
            if all_named or not any(_kinds(one) & (_WHO | {"scope"}) for one in found):
                found.append(span._replace(senses=(whole,)))
            found.append(span._replace(senses=(Sense("excepted", "", tuple(ids)),)))
        else:
            found.append(span)
    return found


def _sets(span: Span) -> bool:
    """Return whether a span says how far or which way: what is done to the whole is then not done to some."""
    return span.of("amount") is not None or span.of("move") is not None


def _turns(spans: Sequence[Span]) -> bool:
    """Return whether after a link comes a part that something is said of: "except the kick, bass 3 dB up"."""
    if spans[0].of("link") is None:
        return False
    rest = [span for span in spans[1:] if not all(sense.kind in SILENT for sense in span.senses)]
    return len(rest) > 1 and rest[0].of("part") is not None and rest[1].of("link") is None


def _continues(span: Span) -> bool:
    return any(sense.kind in ("part", "link", *SILENT) for sense in span.senses) and span.text.strip() not in (";", ".")


def _joined(atoms: Sequence[Sequence[Span]]) -> tuple[list[Span], float] | None:
    """Return atoms as one clause and what that costs; None where what a link stands between is not alike."""
    spans, cost = list(atoms[0]), 0.0
    for atom in atoms[1:]:
        left = next((span for span in reversed(spans) if span.of("link") is None), None)
        right = next((span for span in atom if span.of("link") is None), None)
        if left is None or right is None or atom[0].text.casefold() == "but":
            return None
        if _are_two(spans, atom):
            return None
        alike = {s.kind for s in left.senses} & {s.kind for s in right.senses} & _ALIKE
        # "bass, 3 dB down", "kick: -3": a comma may stand before what belongs to the same clause
        comma = atom[0].text.strip() in (",", ":", "-") and len(atoms) == 2
        if (
            not alike
            and not comma
            and not ({s.kind for s in left.senses} & _WHO and {s.kind for s in right.senses} & _WHO)
        ):
            return None
        cost += _OVER_A_COMMA if comma and not alike else 0.0
        spans += atom
    return [span for span in spans if span.of("link") is None or len(span.senses) > 1], cost


def _are_two(spans: Sequence[Span], atom: Sequence[Span]) -> bool:
    """Return whether each side of a link asks for something: "mute the hats, kick harder", "pluck up, kick at -6"."""
    asks = any(map(_orders, spans)) or spans[0].of("verbfx") is not None
    then = any(map(_orders, atom))
    if all(any(span.of(kind) for span in spans) for kind in ("param", "amount")):
        asks, then = True, then or any(span.of("verbfx") for span in atom[:2])
    named, also = (any(_kinds(span) & _WHO for span in row) for row in (spans, atom))
    if atom[0].text == "," and named and also:
        asks = asks or any(span.of("amount") for span in spans)
        then = then or any(span.of("amount") or span.of("scope") for span in atom)
    return asks and (then or (also and any(span.of("param") for span in atom)))


def _orders(span: Span) -> bool:
    """Return whether a span can only be what an order is made of; "make" and "put" ask for nothing by themselves."""
    return all(
        (sense.kind in _ORDERS and (sense.kind, sense.key) not in _LIGHT) or sense[:2] == ("word", "particle")
        for sense in span.senses
    )


def _with(before: Hypothesis, spans: Sequence[Span], ground: Ground) -> Iterator[Hypothesis]:
    """Yield what a hypothesis becomes with one clause more, complete or with what the clause before it said."""
    content = [span for span in spans if span.of("link") is None]
    if not content or all(span.of("chat") for span in content) or (not before.clauses and _is_no(content)):
        yield before
        return
    only = [span for span in content if not all(sense.kind == "only" for sense in span.senses)]
    narrows = before.clauses and len(only) == 1 and only[0].of("scope") is not None
    # "an octave down but only in the last 4 bars", "more reverb on the clap, choruses only"
    if narrows and (len(content) > 1 or only[0].text.casefold().startswith("only ")):
        last = before.clauses[-1]
        said = [one.span for one in last.filled if one.sense.kind != "scope"]
        place = next(span for span in only if span.of("scope"))
        sense = next(sense for sense in place.senses if sense.kind == "scope")._replace(key="bars")
        yield from _extended(replace(before, clauses=before.clauses[:-1]), [*said, Span(*place[:3], (sense,))], ground)
        return
    if (whole := _of_effect(before, content)) is not None:  # "delay on the lead, dotted eighth, 30 % wet"
        found = list(_extended(replace(before, clauses=before.clauses[:-1]), whole, ground))
        if any(one.clauses[-1].frame == "effect_with_settings" for one in found):
            yield from (one for one in found if one.clauses[-1].frame == "effect_with_settings")
            return
    if any(span.of("there") for span in content):  # "strings up in the last chorus, organ down there"
        places = [one.span for clause in before.clauses for one in clause.filled if one.sense.kind == "scope"]
        content = [places[-1] if places and span.of("there") else span for span in content]
    # what follows "because" or "so I can" is a reason, whatever it says
    if before.clauses and (spans[0].of("reason") or _is_aside(content)):
        yield replace(before, cost=before.cost + 3, aside=(*before.aside, " ".join(span.text for span in content)))
        if spans[0].of("reason") and spans[0].text.casefold() in _BECAUSE:
            return
    heading = _heading(before, content) if not any(span.of("scope") for span in content) else None
    if heading is not None:  # "in the break no kick, more reverb on the lead": both there
        found = list(_extended(before, [*content, heading], ground))
        if any(len(one.failed) == len(before.failed) for one in found):
            yield from found
            return
    yield from _extended(before, content, ground)


def _of_effect(before: Hypothesis, content: Sequence[Span]) -> list[Span] | None:
    """Return an effect that the last clause puts on a part with the settings that follow it; None for anything else."""
    last = before.clauses[-1].filled if before.clauses else ()
    if not {"part", "pronoun"} & {one.sense.kind for one in last} or before.clauses[-1].frame not in _PUTS_ON:
        return None
    sets = all(
        span.of("param")
        or span.of("amount")
        or span.of("rate")
        or any(s[:2] == ("verb", "filter") for s in span.senses)
        for span in content
    )
    return [*map(_as_read, last), *content] if sets and any(not span.of("part") for span in content) else None


def _heading(before: Hypothesis, content: Sequence[Span]) -> Span | None:
    """Return the scope that stands before all else in a clause and that no later clause has replaced.

    One that a clause ends with goes on where that is about nothing else, and the next names no part.
    """
    if any(sense[:2] == ("verb", "ritard") for span in content for sense in span.senses):
        return None
    scopes = [one.span for clause in before.clauses for one in clause.filled if one.sense.kind == "scope"]
    leads = [clause.filled[0].span for clause in before.clauses if clause.filled]
    if scopes and scopes[-1] in leads:
        return scopes[-1]
    last = before.clauses[-1].filled if before.clauses else ()
    about = [one.span for one in last if one.sense.kind == "scope" and one.sense.key in ("section", "bars", "bar")]
    if any(_kinds(span) & _WHO for span in content) or any(one.sense.kind == "fill" for one in last):
        return None
    # "make the bridge shorter and quieter": the bridge
    return about[-1] if about and not any(one.sense.kind in _WHO for one in last) else None


def _extended(before: Hypothesis, content: Sequence[Span], ground: Ground) -> Iterator[Hypothesis]:
    """Yield a hypothesis with each clause that spans can be, complete or with what the clause before it said."""
    referred = before.parts()
    own = list(_readings(tuple(content)))
    if before.clauses and all(span.of("scope") for span in content):  # "in the intro and in the outro": the same there
        said = [one.span for one in before.clauses[-1].filled if one.sense.kind != "scope"]
        own, content = list(_readings((*said, *content))), [*said, *content]
    last = before.clauses[-1] if before.clauses else None
    last_filled = last.filled if last is not None else ()
    borrowed: list[tuple[float, Frame, tuple[Filled, ...]]] = []
    moved = any(span.of("move") for span in content)
    # the delay of "and more delay" is the effect, not the return of that name
    gives = moved or any(sense[:2] == ("verb", "add") for span in content for sense in span.senses)
    nameless = not any(_kinds(span) & _WHO and not (gives and span.of("fx")) for span in content)
    adds = any(sense[:2] == ("verb", "add") for span in content for sense in span.senses)
    adds = adds and all(_kinds(span) & {"verb", "scope", *SILENT} for span in content)  # "add 2 bars at the end"
    whole = adds or (bool(own) and (any(map(_of_the_whole, content)) or any(map(_is_object, content))))
    if last is not None and nameless and referred and not whole:
        parts = [one.span for one in last.filled if one.sense.kind == "part" and one.sense.value.ids]
        if not parts or referred[0].startswith(CREATED):
            parts = [_pronoun()]
        # "kick up and darker" is the kick's, but "kick up and faster" may be the tempo
        nearer = 0.0 if any(sense[:2] == ("move", "tempo") for span in content for sense in span.senses) else 0.2
        borrowed += [(cost - nearer, frame, filled) for cost, frame, filled in _readings((*parts, *content))]
    if last is not None and all(_kinds(span) & (_OWN | SILENT) for span in content):
        order = [_as_read(one) for one in last.filled if one.sense.kind not in _OWN]
        if order:
            readings = _readings((*order, *content))
            borrowed += [(cost + 0.3, frame, filled) for cost, frame, filled in readings]
    turned = any(span.text.casefold() in _BARELY for span in content) and any(
        one.sense.kind == "move" for one in last_filled
    )
    turned = turned and not any(span.of("amount") or span.of("fx") for span in content)
    if last is not None and turned and all(_kinds(span) & (_OWN | SILENT) or span.of("move") for span in content):
        # "the bass more movement and the lead less": of what was said before
        order = [_as_read(one) for one in last.filled if one.sense.kind in ("topic", "fx", "param")]
        if order:
            readings = _readings((*order, *content))
            borrowed += [(cost - 0.4, frame, filled) for cost, frame, filled in readings]
    for cost, frame, filled in (*own, *borrowed):
        yield _with_clause(before, before.cost + cost + frame.cost + 0.4, frame, Match(filled, ground, referred))


def _with_clause(before: Hypothesis, cost: float, frame: Frame, match: Match) -> Hypothesis:
    """Return a hypothesis with a clause: the calls it comes to, or why it comes to none."""
    try:
        calls = tuple(frame.build(match))
        if idle := idle_words(frame, match, calls):
            raise NotThere(f"not understood: {idle}")
    except (NotThere, UserError) as error:
        return replace(before, cost=cost + FAILED, failed=(*before.failed, str(error)),
                       clauses=(*before.clauses, Clause(frame, match, ())))  # fmt: skip
    aside = (*before.aside, *idle_degrees(frame, match, calls))
    return replace(before, clauses=(*before.clauses, Clause(frame, match, calls)), cost=cost, aside=aside)


def _is_object(span: Span) -> bool:
    """Return whether a section is what an order is about, and not where: "remove the intro", not "in the intro"."""
    place = span.of("scope")
    words = span.text.casefold().split()
    return place is not None and place.key == "section" and words[0] not in _PLACED and "in" not in span.lead.split()


def _of_the_whole(span: Span) -> bool:
    said = span.text.casefold().split()[-1]
    if "everything" in span.text.casefold().split() or any(sense[:2] in _OF_PIECE for sense in span.senses):
        return True
    return span.of("fill") is not None or said in _OF_ALL or any(sense[:2] in _WHOLE for sense in span.senses)


def _as_read(one: Filled) -> Span:
    """Return a span with the one sense that it had in its clause: the reverb that was added is no part now."""
    return one.span._replace(senses=(one.sense,))


def _is_no(spans: Sequence[Span]) -> bool:
    """Return whether a clause is nothing but a "no" before what is wanted: "no, put the clap back"."""
    return all(span.text.casefold() == "no" or _kinds(span) <= SILENT for span in spans)


def _is_aside(spans: Sequence[Span]) -> bool:
    """Return whether a clause of its own says nothing that an order is made of, "I never liked it anyway"."""
    restricts = any(span.text.casefold() in _RESTRICTS or set(span.lead.split()) & _PLACED for span in spans)
    return not restricts and any(span.of("unknown") for span in spans) and all(_kinds(span) & _ASIDE for span in spans)


def _pronoun() -> Span:
    return Span(0, 0, "it", (Sense("pronoun", "it", "it"),))


def _kinds(span: Span) -> set[str]:
    return {sense.kind for sense in span.senses}


@lru_cache(maxsize=1024)
def _readings(spans: tuple[Span, ...]) -> tuple[tuple[float, Frame, tuple[Filled, ...]], ...]:
    """Return the frames that spans fit, each in its cheapest way; the covers of a sentence have most clauses alike."""
    readings: list[tuple[float, Frame, tuple[Filled, ...]]] = []
    for frame, specs in _candidates(tuple(frozenset(_kinds(span)) for span in spans)):
        best: tuple[float, tuple[Filled, ...]] | None = None
        for spec in specs:
            found = fit(spec, spans)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        if best is not None:
            readings.append((best[0], frame, best[1]))
    return tuple(readings)


@lru_cache(maxsize=4096)
def _candidates(kinds: tuple[frozenset[str], ...]) -> tuple[tuple[Frame, tuple[Spec, ...]], ...]:
    """Return the frames and their specs that spans of such kinds may fit: all that is needed, a place for each."""
    there = frozenset().union(*kinds)

    def possible(spec: Spec) -> bool:
        taken = frozenset(SKIPPED).union(*(item.kinds for item in spec))
        return all(not item.least or item.kinds & there for item in spec) and all(span & taken for span in kinds)

    found = ((frame, tuple(spec for spec in frame.specs if possible(spec))) for frame in frames())
    return tuple((frame, specs) for frame, specs in found if specs)
