"""Interpret: a sentence said to a project becomes a plan of commands, a question, a new piece, or what was unclear."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from hardcore.language.asking import is_question
from hardcore.language.chart import Path, paths, stray_nouns
from hardcore.language.clausepairs import depends
from hardcore.language.clauses import FAILED, Clause, Hypothesis, content, read, with_exceptions
from hardcore.language.corrections import meant, said_in, taken_back
from hardcore.language.evidence import Told, doubts
from hardcore.language.frames.frame import STYLE_OR_NEW
from hardcore.language.frames.silence import KEPT_BY
from hardcore.language.guard import Footprint
from hardcore.language.namednotes import named_notes
from hardcore.language.names import given_name
from hardcore.language.plan import Call, NewPiece, Plan, Question, Reading, Remark, Unclear
from hardcore.language.referents import Ground
from hardcore.language.remarks import remark
from hardcore.language.scopes import missing_section
from hardcore.language.spans import Part, Span
from hardcore.language.standingorders import standing_order
from hardcore.language.words import clean

LONGEST = 10_000
EXAMPLE = "like: kick 2 dB down, darker, mute the hats in the break, in A minor"
UNREAD = "that could not be read as a change"
_NEW = re.compile(
    r"^(?:please |ok(?:ay)?,? |now )*(?:make |give me |compose |start |let's do )?(?:me )?(?:an? |the )?"
    r"(?:brand )?new (?:song|piece|track|project|loop|beat|one|idea)\b[:,.]?"
    r"|\bfrom scratch\b|\bstart (?:over|again|anew)\b(?! (?:from|at))",
    re.IGNORECASE,
)
# "make me a lofi beat", "write an ambient piece"
_ASKS = re.compile(
    r"^(?:please |can you |could you |now )*(?:make|give|write|create|compose|generate|produce) "
    r"(?:me |us )?(?:an?|some) "
    r"(?:[^\s,]+ ){1,5}(?:beat|track|song|tune|piece|loop|jam|anthem|banger|music)\b(?! (?:out of|of this|from))",
    re.IGNORECASE,
)
# the kinds of spans that a description of a piece is made of
_DESCRIBES = frozenset(
    (
        "style",
        "key",
        "meter",
        "amount",
        "filler",
        "noun",
        "prep",
        "link",
        "degree",
        "part",
        "adj",
        "trait",
        "only",
        "neg",
        "form",
    )
)
# "tempo+5", "key=Dm"
_GLUED = re.compile(r"([^\W\d_])([+=-])(?=\d|\w\b)")
# "fade the lead in over the break"
_FADED = re.compile(
    r"\b(fade) ((?:the |my )?[^\W\d_]+(?: [^\W\d_]+)?) (in|out|away|to (?:nothing|silence|zero|black))\b(?! the\b)",
    re.IGNORECASE,
)
# "the clap's late": it is, and no wish
_IS_OFF = re.compile(
    r"(?<!\bit)['’](?:s|re) (?=(?:\w+ )?(?:late|early|behind|ahead|lagging|dragging|rushing)\b)", re.IGNORECASE
)
_CUT = re.compile(r"[,;.!?]| and (?!\d)| but | so | because | since ", re.IGNORECASE)
# "bass.cutoff = 800"
_DOTTED = re.compile(r"\b([^\W\d_]+)\.([^\W\d_]+) ?= ?(?=\d)")
_NAMES = re.compile(r"(?:,| and| then) (?:call|name|title) (?:it|this|the)\b", re.IGNORECASE)
# what an order behind a name has: "and colour it green"
_ORDERED = re.compile(r"\b(?:it|them|this|that|the)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"'][^\"']+[\"']$")
_LINKS = re.compile(r",? (?:and then|then|and) |[;,] ", re.IGNORECASE)
# commands that do nothing the second time, where they have a value and no --by
_SETTING = ("swing", "tempo", "key", "meter", "track mute", "track only", "track pan")
# frames that ask for nothing by themselves
_EMPTY = ("dislike", "clean_up")
# the plans of one sentence that cost about the same mean that it is unclear
_APART = 0.05
# a cover that costs so much more than a reading of another can't have a cheaper one
_HOPELESS = 1.0
# a reading that can't be carried out, but is so much likelier, counts before one that can
_SURE = 0.3


def interpret(text: str, ground: Ground) -> Reading:
    """Return what a sentence asks of the project. It changes nothing; the same sentence and project read the same.

    Unclear where anything in it has no place: a word, number, part or scope that nothing is known of.
    """
    plain = _DOTTED.sub(r"\1 \2 to ", clean(text).strip())
    plain = _IS_OFF.sub(" is ", _FADED.sub(r"\1 \3 \2", _GLUED.sub(r"\1 \2", plain)))
    if len(plain) > LONGEST:
        return Unclear(f"that is {len(plain):,} characters long", f"{LONGEST:,} at most")
    if (said := remark(plain)) is not None:
        return Remark(said)
    if is_question(plain):
        return Question(plain)
    if (instead := taken_back(plain)) is not None:
        return _corrected(*instead, ground)
    if (named := given_name(plain, ground)) is not None:
        return _and_more(named, plain, ground)
    if _NAMES.search(plain) and (both := _then_named(plain, ground)) is not None:
        return both
    if (rule := standing_order(plain)) is not None:
        return rule
    if (struck := named_notes(plain, ground.project)) is not None:
        return struck
    if (begun := _NEW.search(plain)) is not None:
        return _begun(begun[0], _NEW.sub(" ", plain, count=1).strip(" ,:"), plain, ground)
    if _ASKS.search(plain):
        return NewPiece(plain)
    covers, slips = paths(plain, ground)
    costs, plans = _plans(covers, ground)
    whole = [plan for plan in plans if isinstance(plan, Plan)]
    failed = min((cost for cost, plan in zip(costs, plans, strict=True) if isinstance(plan, str)), default=99.0)
    if whole and failed - FAILED + _SURE < whole[0].cost:
        return _unclear(plain, covers, [plan for plan in plans if isinstance(plan, str)], ground, slips)
    if not whole and _is_description(covers):
        return NewPiece(plain)
    if not whole:
        return _unclear(plain, covers, plans, ground, slips)
    best = whole[0]
    near = [plan for plan in whole[1:] if plan.cost - best.cost < _APART and plan.calls != best.calls]
    if near:
        return Unclear("that can mean two things", "1 or 2 chooses", (best, near[0]))
    best = best.noted(*(f"read as: {slip}" for slip in slips))
    if best.doubts:
        return Unclear("; ".join(best.doubts), "1 does it", (best,))
    return best


def _begun(said: str, rest: str, plain: str, ground: Ground) -> Reading:
    """Return a new piece; of a "new track" with a part and no style, ask whether it is another one of this piece."""
    made = NewPiece(rest or plain)
    if not rest or not said.casefold().rstrip(":,.").endswith("track"):
        return made
    covers, _ = paths(rest, ground)
    spans = covers[0].spans if covers else ()
    if any(span.of("style") for span in spans) or not any(span.of("part") for span in spans):
        return made
    added = interpret(f"add {rest}", ground)
    candidates = (added, made) if isinstance(added, Plan) else (made,)
    return Unclear("a new piece, or another track of this one?", "add PART adds a track", candidates)


def _corrected(before: str, instead: str, ground: Ground) -> Reading:
    """Return the reading of a sentence that takes itself back: of what is meant, or why that is not clear."""
    if not instead:
        return Unclear(f"taken back before it was done: {before}", "say what to do instead")
    head, tail = said_in(before, ground), said_in(instead, ground)
    if not any(head):  # "ok, no wait, undo that"
        return interpret(instead, ground)
    lost = head.place and not tail.place
    alone = interpret(instead, ground) if tail.order and not (head.several or head.denial or lost) else None
    if isinstance(alone, Plan) and alone.footprint.parts is not None and not alone.doubts:
        return alone.noted(f"taken back: {before}")
    said = meant(before, instead, ground)
    reading = interpret(said, ground) if said is not None else None
    if isinstance(reading, Plan) and lost and tail.order and tail.part:
        return Unclear(f"'{instead}': there, or everywhere?", "1 does it there", (reading,))
    if isinstance(reading, Plan):
        return reading.noted(f"read as: {said}")
    return Unclear(f"'{instead}' instead of what?", "say it anew in one order")


def _and_more(named: Plan, text: str, ground: Ground) -> Plan | Unclear:
    """Return the plan of a name, with what is ordered behind it: "rename the pluck to stab and pan it left".

    What looks like an order and can't be read is no part of a name unasked.
    """
    for link in _LINKS.finditer(text):
        first = given_name(text[: link.start()], ground)
        it = first.calls[0].arguments.get("track") if first is not None else None
        rest = interpret(text[link.end() :], replace(ground, last=(it,)) if it else ground)
        if first is not None and isinstance(rest, Plan):
            allowed = replace(rest.footprint, parts=None, whole=True)
            return replace(rest, calls=first.calls + rest.calls, footprint=allowed)
        if first is not None and (_ORDERED.search(text[link.end() :]) or _QUOTED.search(text[: link.start()])):
            return Unclear(f"a name, or an order: {text[link.end() :]}?", "1 or 2 chooses", (first, named))
    return named


def _then_named(text: str, ground: Ground) -> Plan | None:
    """Return the plan of an order and a name after it: "save it, call it Blue", or None."""
    for link in _LINKS.finditer(text):
        name = given_name(text[link.end() :], ground)
        before = interpret(text[: link.start()], ground) if name is not None else None
        if name is not None and isinstance(before, Plan):
            return replace(before, calls=before.calls + name.calls, footprint=replace(before.footprint, whole=True))
    return None


def _plans(covers: list[Path], ground: Ground) -> tuple[list[float], list[Plan | str]]:
    """Return the complete readings with their costs, the cheapest first; a string: why a frame that fits won't do."""
    found: list[tuple[float, Plan | str]] = []
    best = 99.0
    for cover in covers:
        if cover.cost > best + _HOPELESS:
            break
        for hypothesis in read(cover, ground):
            if hypothesis.failed:
                found.append((hypothesis.cost, hypothesis.failed[0]))
            elif hypothesis.clauses and all(clause.frame in _EMPTY for clause in hypothesis.clauses):
                found.append((hypothesis.cost, "what should change about it? such as: mute the shaker, or less of it"))
            elif kept := _changes_what_is_kept(hypothesis):
                found.append((hypothesis.cost, f"keep the {kept}, or change it?"))
            elif other := depends(hypothesis.clauses):
                found.append((hypothesis.cost + FAILED, other))
            elif _takes_back(hypothesis):
                found.append((hypothesis.cost, "more of it, or less? the one would take the other back"))
            elif hypothesis.clauses:
                found.append((hypothesis.cost, _plan(hypothesis, cover, ground)))
                best = min(best, hypothesis.cost)
    found.sort(key=lambda pair: pair[0])
    return [cost for cost, _ in found], [plan for _, plan in found]


def _changes_what_is_kept(hypothesis: Hypothesis) -> str:
    """Return what a sentence wants kept and changes ("faster but keep the tempo"); nothing if all is well."""
    kept = {sense.key for clause in hypothesis.clauses if clause.frame == "keep" for sense in clause.topics()}
    names = {call.name for clause in hypothesis.clauses for call in clause.calls}
    return next((topic for topic in sorted(kept) if names & set(KEPT_BY[topic])), "")


def _takes_back(hypothesis: Hypothesis) -> bool:
    """Return whether one clause does the opposite of another: "more punch and less click" where both are one thing."""
    done = [call for clause in hypothesis.clauses for call in clause.calls]
    calls = [call for call in done if isinstance(call.arguments.get("by"), (int, float))]
    turned = [replace(call, arguments=call.arguments | {"by": -call.arguments["by"]}) for call in calls]
    return any(call in turned for call in calls)


def _plan(hypothesis: Hypothesis, cover: Path, ground: Ground) -> Plan:
    calls = _unrepeated(call for clause in _ordered(hypothesis.clauses) for call in clause.calls)
    notes = tuple(f"left out: {words}" for words in hypothesis.aside)
    allowed = footprint(cover.spans, ground)
    left = {track_id for clause in hypothesis.clauses if clause.frame == "keep" for track_id in _ids(clause)}
    if left and calls:
        left = set(ground.members(left))
        allowed = replace(allowed, kept=allowed.kept | left)
        calls = tuple(_sparing(call, left, ground) for call in calls)
    read_as = [Told(clause.form, clause.match, clause.calls) for clause in hypothesis.clauses]
    unread = doubts(read_as, content(cover))
    return Plan(calls, allowed, hypothesis.cost, notes, unread)


def _unrepeated(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return calls without what is set twice: "straight, no swing". What goes further each time stays."""
    found: list[Call] = []
    for call in calls:
        if call.name not in _SETTING or "by" in call.arguments or "factor" in call.arguments or call not in found:
            found.append(call)
    return tuple(found)


def _sparing(call: Call, left: set[str], ground: Ground) -> Call:
    """Return a call without the tracks that the sentence leaves alone: "all drums down but keep the clap"."""
    ids = str(call.arguments.get("tracks", "")).split(",")
    if call.name == "track gain" and ids == [ground.master()]:  # "everything louder, leaving the bass alone"
        ids = list(ground.playing())
    there = {track.id for track in ground.project.tracks}
    if not there.issuperset(ids) or not left & set(ground.members(ids)):
        return call
    spared = [one for one in ground.members(ids) if one not in left]
    return replace(call, arguments=call.arguments | {"tracks": ",".join(spared)}) if spared else call


def _ordered(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield the clauses without a complaint that the next one orders to mend: "too loud, take 2 dB off"."""
    for clause, following in zip_longest(clauses, clauses[1:]):
        complains = any(one.sense.kind in ("too", "bad") for one in clause.filled)
        again = following is not None and (clause.frame, following.frame) == ("undo", "undo")
        if again and _words(clause) != _words(following):
            continue  # "oops, undo that"
        twice = following is not None and clause.calls == following.calls != ()
        if twice and _words(clause) != _words(following):
            continue  # "it needs to breathe, fewer notes"
        if complains and following is not None and _about(clause) == _about(following) != set():
            continue
        yield clause


def _words(clause: Clause) -> list[str]:
    return [one.span.text.casefold() for one in clause.filled]


# commands that change the same of a part: what a complaint is about, and what is ordered to mend it
_TONE = frozenset({"colour", "eq", "filter"})


def _about(clause: Clause) -> set[tuple[Any, ...]]:
    named = [(one.name, one.arguments) for one in clause.calls]
    return {
        ("tone", given["tracks"])
        if name in _TONE
        else (name, given.get("tracks"), given.get("dimension"), given.get("in"))
        for name, given in named
    }


def _ids(clause: Clause) -> set[str]:
    return {track for one in clause.filled if isinstance(one.sense.value, Part) for track in one.sense.value.ids}


def _readable_clause(text: str, ground: Ground) -> Plan | None:
    """Return the plan of the one clause of a story that can be read by itself and names a part, if there is one."""
    clauses = [clause.strip() for clause in _CUT.split(text) if clause.strip()]
    found = []
    for clause in clauses:
        covers, _ = paths(clause, ground)
        last = max((span.end for span in covers[0].spans if span.of("unknown")), default=0) if covers else 0
        if last:  # "she says the piano is too bright"
            covers, _ = paths(clause[last:].strip(), ground)
        elif len(clauses) == 1:
            continue
        plans = [plan for plan in _plans(covers, ground)[1] if isinstance(plan, Plan)]
        if plans and plans[0].calls and plans[0].footprint.parts is not None and not plans[0].doubts:
            found.append(plans[0])
    return found[0] if len(found) == 1 else None


_PROJECT = frozenset({"tempo", "swing", "key", "meter", "length"})


def footprint(spans: tuple[Span, ...], ground: Ground) -> Footprint:
    """Return what the words allow to change, from the spans alone, whatever frames they were read by."""
    spans = tuple(with_exceptions(spans))
    kinds = {sense.kind for span in spans for sense in span.senses}
    keys = {sense.key for span in spans for sense in span.senses if sense.kind in ("move", "topic", "verb", "adj")}
    # "strip the intro down to the kick" is about all the others; "pull the pad back" is not
    strips = any(sense.key == "strip" and span.text.casefold() != "back" for span in spans for sense in span.senses)
    # "reverb" may be the effect, wherever it is, and not the return of that name
    named = [span for span in spans if span.of("fx") is None]
    parts = [sense.value for span in named for sense in span.senses if isinstance(sense.value, Part)]
    ids = {track_id for part in parts for track_id in part.ids}
    ids |= set(ground.members(ids)) | {part.bus for part in parts if part.bus}
    if "pronoun" in kinds:
        ids |= set(ground.last)
    if "master" in kinds:
        ids.add(ground.master())
    excepted = [sense.value for span in spans for sense in span.senses if sense.kind == "excepted"]
    left_out = {track_id for named in excepted for track_id in ground.members(named)}
    said = {(sense.kind, sense.key) for span in spans for sense in span.senses}
    whole = ("whole", "") in said or "rest" in kinds or not ids
    return Footprint(
        kept=frozenset(left_out),
        parts=None
        if whole or keys & {"solo", "only", "jazzy"} or strips or kinds & {"only", "chords", "harmony"}
        else frozenset(ids),
        made="add" in keys
        or any(not part.ids for part in parts)
        or bool(kinds & {"style"})
        or bool(keys & {"double", "repeat"})
        or ("word", "second") in said,
        gone="remove" in keys or "swap" in keys or "style" in kinds,
        whole=not ids
        or bool(keys & _PROJECT)
        or ("amount", "bpm") in said
        or bool(kinds & {"key", "meter", "whole"})
        or whole,
    )


def _is_description(covers: list[Path]) -> bool:
    """Return whether a sentence is nothing but the description of a piece: a style and what goes with one."""
    if not covers:
        return False
    spans = covers[0].spans
    kinds = [{sense.kind for sense in span.senses} for span in spans]
    content = [kind for kind in kinds if not kind & {"filler", "prep", "link", "noun"}]
    if len(content) <= 2 and any("part" in kind and "style" not in kind for kind in content):
        return False  # "trap hats" is no piece
    return any("style" in kind for kind in kinds) and all(kind & _DESCRIBES for kind in kinds)


def _names_section(spans: Sequence[Span]) -> bool:
    """Return whether a section is named: "in the drop", not the order of "drop the kick"."""
    places = [at for at, span in enumerate(spans) if span.of("form")]
    return any(not spans[at].of("verb") or any(map(_leads_to_place, spans[max(at - 2, 0) : at])) for at in places)


def _leads_to_place(span: Span) -> bool:
    return span.text.casefold() in ("in", "at", "during", "before", "after", "into", "of", "from", "until")


def _unclear(
    text: str, covers: list[Path], plans: Sequence[Plan | str], ground: Ground, slips: Sequence[str]
) -> Unclear:
    """Return why a sentence is unclear, in the words that were typed, and what of it can be read."""
    failed = next((plan for plan in plans if isinstance(plan, str)), "")
    if failed == STYLE_OR_NEW:
        style = next(sense for span in covers[0].spans for sense in span.senses if sense.kind == "style")
        restyled = Plan((Call("restyle", {"style": style.key}, text),), Footprint(made=True, gone=True))
        return Unclear(failed, "1 or 2 chooses", (restyled, NewPiece(str(style.value))))
    if failed:
        return Unclear(failed, "/tracks lists the parts")
    spans = covers[0].spans if covers else ()
    if (missing := missing_section(text, ground.project)) is not None:
        return Unclear(f"there is no {missing}", "/section list lists the sections")
    if _names_section(spans) and not ground.project.arrangement:
        return Unclear("the piece is a loop without sections", "/song makes a song of it")
    if (
        lacking := next((sense for span in spans if not span.of("part") and (sense := span.of("unavailable"))), None)
    ) is not None:
        return Unclear(lacking.key, "/tracks lists the parts")
    typed = {read: word for word, _, read in (slip.partition(" → ") for slip in slips)}
    strange = [span for span in spans if span.of("unknown")] or stray_nouns(spans)
    unknown = [typed.get(span.text.casefold(), span.text) for span in strange]
    if unknown:
        readable = _readable_clause(text, ground)
        why = f"not understood: {', '.join(dict.fromkeys(unknown))}"
        return Unclear(why, "1 does it" if readable else EXAMPLE, (readable,) if readable else ())
    readable = _readable_clause(text, ground)
    if readable is not None:
        return Unclear("only a part of that could be read", "1 does it", (readable,))
    return Unclear(UNREAD, EXAMPLE)
