"""Orders: a follow-up as a row of single edits: what is to change, which way, how far, and on what.

A clause that only names parts belongs to the clause before it ("mute the hats and claps"), or to the one after it
("bass and lead louder").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import log10
from typing import NamedTuple

from hardcore.compose.clauses import (
    Clause,
    Order,
    Target,
    clauses,
    is_setting,
    only_names,
    semitones,
    side_of,
    sign_of,
    targets_in,
    traits_in,
    unknown,
)  # fmt: skip
from hardcore.compose.lexicon import follow_pieces
from hardcore.compose.styles import Style
from hardcore.knowledge.vocabulary import ChangeWords, MoodWords, PaceWords, SignWords, SwingWords, TraitWords
from hardcore.project.roles import TRANSITIONS, Role

__all__ = ["SETTINGS", "Order", "Parsed", "Target", "parse"]

BUSY: tuple[Role, ...] = ("hat_closed", "hat_open", "ride", "shaker", "perc", "tom", "rim")
OF_LEVEL = {"darkness": ("tone", -1), "energy": ("energy", 1), "density": ("density", 1), "space": ("space", 1),
            "drive": ("drive", 1), "movement": ("movement", 1), "ghost": ("ghost", 1)}  # fmt: skip
JAZZ = frozenset({"jazz", "jazzy"})  # of the chords, not of how bright it is
_BUT = re.compile(r"\b(?:everything|all|anything|the rest) (?:but|except|apart from|besides)\b", re.IGNORECASE)
DONT = frozenset({"don't", "dont", "never", "not", "isn't", "isnt", "aren't", "avoid"})
SETTINGS = {"tempo": "tempo", "key": "key", "mode": "key", "bars": "bars", "seconds": "bars", "beats": "bars",
            "meter": "meter", "swing": "swing", "bpm_step": "bpm_step", "bars_step": "bars"}  # fmt: skip


class Parsed(NamedTuple):
    """The orders of a follow-up, and what of it was not understood."""

    orders: tuple[Order, ...]
    ignored: tuple[str, ...]


def parse(text: str, styles: Sequence[Style], tracks: Mapping[str, str] | None = None) -> Parsed:
    """Return the orders in a cleaned text; `tracks` are ids by name."""
    orders: list[Order] = []
    ignored: list[str] = []
    waiting: list[Target] = []
    bare: list[Order] = []
    for clause in clauses(follow_pieces(text, styles, tracks)):
        ignored += unknown(clause)
        own = list(targets_in(clause))
        if own and only_names(clause):
            wanted = [Order("want", clause.words, value=(target, traits_in(clause))) for target in own]
            if orders and orders[-1].change in ("add", "want") and not waiting:
                orders += [order._replace(change=orders[-1].change) for order in wanted]
                continue
            bare += wanted
            if not orders or not _takes_more(orders[-1]) or waiting:
                waiting += own
            elif orders[-1].change in ("swap", "use") and len(own) > 1:
                orders.append(orders[-1]._replace(targets=(own[0],), value=own[-1]))
            else:
                orders[-1] = orders[-1]._replace(targets=(*orders[-1].targets, *own))
            continue
        clause = replace(clause, targets=[*waiting, *own])
        found = list(_orders(clause, orders[-1] if orders else None))
        waiting = [] if found else waiting
        orders += [order for order in found if order.change != "same"]
        if not found and _asks_nothing(clause):
            ignored.append(f"{clause.words} (say to what)")
        elif not found and not any(piece.kind in ("unknown", "unavailable", "genre") for piece in clause.row):
            said = " ".join(piece.text for piece in clause.row if piece.kind not in ("filler", "same"))
            ignored += [said] if said and not any(said in known for known in ignored) else []
    if not orders:
        # parts alone ("with strings", "rolling hats") are wanted
        orders, waiting = bare, []
    return Parsed(tuple(orders), tuple(dict.fromkeys((*ignored, *(target.words for target in waiting)))))


def _takes_more(order: Order) -> bool:
    return bool(order.targets) or order.change in ("mute", "remove", "unmute", "solo", "add", "vary")


def _orders(clause: Clause, before: Order | None) -> Iterator[Order]:
    """Yield the orders of one clause; `before` is the order that it may continue ("and the lead less")."""
    if any(piece.text.casefold() in DONT for piece in clause.of("negation")) and not clause.of(
        "moods", "traits", "pace"
    ):
        return  # "don't touch the bass"
    if clause.of("unavailable") and not clause.targets:
        return
    base = Order("", clause.words, 0, clause.amount, tuple(clause.targets))
    verbs = [piece.entry for piece in clause.of("changes") if isinstance(piece.entry, ChangeWords)]
    if clause.targets and _BUT.search(clause.words):
        # "remove everything but the drums" leaves the drums, "everything but the drums" leaves them out
        removed = any(verb.change in ("remove", "mute", "solo") for verb in verbs)
        if removed or not verbs:
            yield base._replace(change="solo" if removed else "mute")
        return
    swapped = _swap(clause, verbs, base)
    if swapped is not None:
        yield swapped
        return
    things = [piece.entry for piece in clause.of("things") if isinstance(piece.entry, ChangeWords)]
    sign = sign_of(clause)
    done = [base._replace(change="solo")] if clause.of("only") and clause.targets and not verbs else []
    done += _of_verbs(clause, verbs, things, base, sign)
    done += _of_things(clause, verbs, things, base, sign, before)
    if not any(order.change == "add" for order in done):
        done += _of_adjectives(clause, base, sign)
    if not done and sign and clause.targets:
        done += _of_sign(clause, base, before)
    done += _of_quantities(clause, base, done)
    if not done and clause.of("sides") and clause.targets:
        done.append(base._replace(change="pan", value=side_of(clause)))
    if not done and sign in (-1, 1) and not clause.targets and _turns(clause):
        # "turn it up" is about what was said before, else about the whole
        last = before.targets if before is not None else ()
        if before is None or (before.change, before.sign) != ("gain", sign):
            done.append(base._replace(change="gain", sign=sign, targets=last))
        else:
            done.append(before._replace(change="same"))
    if not done and clause.of("make") and not clause.of("unknown", "quantity"):
        done += [Order("want", clause.words, value=(target, traits_in(clause))) for target in clause.targets]
    if not done and any(verb.change == "use" for verb in verbs):
        done += [base._replace(change="use", value=target, targets=()) for target in clause.targets if target.entry]
    yield from done


def _asks_nothing(clause: Clause) -> bool:
    """Return whether a change is said of something, but not to what: "change the tempo", "change the key"."""
    swaps = any(getattr(piece.entry, "change", "") == "swap" for piece in clause.of("changes"))
    return swaps and not clause.of("unknown", "unavailable", "genre")


def _turns(clause: Clause) -> bool:
    """Return whether a clause says nothing but up or down."""
    words = [piece.entry for piece in clause.of("signs") if isinstance(piece.entry, SignWords)]
    silent = all(piece.kind in ("signs", "filler", "same", "amounts", "degrees", "changes") for piece in clause.row)
    return silent and bool(words) and words[-1].part == "gain"


def _swap(clause: Clause, verbs: list[ChangeWords], base: Order) -> Order | None:
    """Return the order to change an instrument: two parts are named, or one with another instrument."""
    kinds = {verb.change for verb in verbs}
    targets = clause.targets
    wanted = targets[-1].entry if len(targets) > 1 else None
    said = kinds in ({"swap"}, {"use"}) or (not kinds and bool(clause.of("make")))
    if wanted is not None and said and (wanted.device or "swap" in kinds):
        return base._replace(change="swap", targets=tuple(targets[:-1]), value=targets[-1])
    if kinds == {"swap"} and len(targets) == 1 and not clause.of("quantity", "things", "signs", "moods"):
        entry = targets[0].entry
        if entry is not None and entry.device:
            return base._replace(change="use", targets=(), value=targets[0])
        return base._replace(change="vary", value=())
    return None


def _of_verbs(
    clause: Clause, verbs: list[ChangeWords], things: list[ChangeWords], base: Order, sign: int
) -> Iterator[Order]:
    """Yield the orders of verbs and comparatives."""
    for verb in verbs:
        change = verb.change
        order = base._replace(change=change, sign=verb.sign)
        if change in ("swap", "use") or (things and change in ("mute", "remove", "add", "unmute", "octave", "double")):
            continue  # "take out the reverb", "add some swing": the thing says it
        if change == "extend" and clause.quantity("bars", "bars_step", "beats", "seconds") is not None:
            continue
        if change == "double" and clause.targets and all(map(_leads, clause.targets)):
            yield order._replace(change="sections")
        elif change == "transpose":
            step = clause.quantity("semitones", "octaves")
            if step is not None:
                yield order._replace(sign=step[0] or (-1 if sign < 0 else 1), value=semitones(clause, step[1]))
        elif change == "pan":
            yield order._replace(value=side_of(clause))
        elif change == "add":
            yield from _additions(clause, order, sign)
        elif change == "octave":
            step = clause.quantity("octaves")
            yield order._replace(value=step[1] if step else 1)
        elif change == "length" and not clause.targets and "note" not in clause.words.casefold():
            yield order._replace(change="extend")
        elif change == "vary":
            yield order._replace(value=traits_in(clause))
        elif change == "effect":
            yield order._replace(sign=sign or verb.sign, value=verb)
        elif change == "tune":
            yield order._replace(value=clause.quantity("note"))
        elif change in ("pace", "gain"):
            yield order._replace(value=clause.quantity("percent" if change == "pace" else "db"))
        elif not (change in ("mute", "remove") and is_setting(clause)):
            yield order


def _additions(clause: Clause, order: Order, sign: int) -> Iterator[Order]:
    if sign and clause.targets:  # "add more hats"
        yield from _of_sign(clause, order._replace(change=""), None)
        return
    for target in clause.targets:
        yield order._replace(targets=(), value=(target, traits_in(clause)))


def _of_things(
    clause: Clause,
    verbs: list[ChangeWords],
    things: list[ChangeWords],
    base: Order,
    sign: int,
    before: Order | None,
) -> Iterator[Order]:
    """Yield the orders of nouns: "more reverb", "less swing", "take out the delay"."""
    if {verb.change for verb in verbs} == {"swap"} and not sign:
        return  # "change the tempo" says no direction
    given = [verb for verb in verbs if verb.change not in ("swap", "use", "add", "unmute", "mute", "remove", "octave")]
    if given and not any(verb.change == "double" for verb in given):
        return  # "shorter notes", "louder level": the comparative says it
    if any(verb.change in ("mute", "remove") for verb in verbs):
        sign = -2
    elif not sign and any(verb.change in ("double", "octave") for verb in verbs):
        sign = next(verb.sign for verb in verbs if verb.change in ("double", "octave"))
    elif not sign:
        sign = before.sign if before is not None and before.sign and not verbs else 1
    for thing in things:
        if thing.change == "pace" and clause.quantity("tempo") is not None:
            continue
        value = clause.quantity("db") if thing.change == "gain" else thing if thing.change == "effect" else None
        yield base._replace(change=thing.change, sign=sign * (thing.sign or 1), value=value)


def _of_adjectives(clause: Clause, base: Order, sign: int) -> Iterator[Order]:
    """Yield the orders of adjectives: "make it dark", "less dreamy", "make the bass rolling", "swung"."""
    for piece in clause.row:
        if isinstance(piece.entry, MoodWords):
            name, value = next(iter(piece.entry.sets.items()))
            if piece.text.casefold() in JAZZ:
                yield base._replace(change="chords", value="simple" if sign < 0 else "jazzy", targets=())
                continue
            change, way = OF_LEVEL[name]
            way = way if value >= 0.5 else -way
            yield base._replace(change=change, sign=-way if sign < 0 else way)
        elif isinstance(piece.entry, SwingWords):
            # "some swing" is never less than there is
            way = 1 if piece.entry.percent > 50 and sign >= 0 else 0
            yield base._replace(change="swing", sign=way, value=50.0 if sign < 0 else piece.entry.percent)
        elif isinstance(piece.entry, PaceWords) and piece.entry.place != 0.5:
            yield base._replace(change="pace", sign=(1 if piece.entry.place > 0.5 else -1) * (-1 if sign < 0 else 1))
        elif isinstance(piece.entry, TraitWords) and sign >= 0 and not clause.of("changes"):
            roles = tuple(target for target in clause.targets) or (Target(piece.text, piece.entry.roles),)
            yield base._replace(change="vary", targets=roles, value=(piece.entry.trait,))


def _of_sign(clause: Clause, base: Order, before: Order | None) -> Iterator[Order]:
    """Yield the orders of "more", "down", "no" with parts alone; after the part it continues what was said before."""
    places = [at for at, piece in enumerate(clause.row) if piece.kind in ("signs", "negation")]
    first = next((at for at, piece in enumerate(clause.row) if piece.kind in ("instruments", "track")), 0)
    sign = sign_of(clause)
    entry = clause.row[places[-1]].entry
    part = entry.part if isinstance(entry, SignWords) else "mute"
    if part == "more" and places[-1] > first and before is not None and before.sign:
        yield base._replace(change=before.change, sign=sign)
        return
    if part == "mute":
        yield base._replace(change="mute")
        return
    busy = [target for target in clause.targets if target.roles and set(target.roles) <= set(BUSY)]
    led = [target for target in clause.targets if _leads(target)]
    others = [target for target in clause.targets if target not in (*busy, *led)]
    if part == "more" and busy:
        yield base._replace(change="density", sign=sign, targets=tuple(busy))
    if part == "more" and led:
        yield base._replace(change="sections", sign=sign, targets=tuple(led))
    gain = others if part == "more" else clause.targets
    if gain:
        yield base._replace(change="gain", sign=sign, targets=tuple(gain), value=clause.quantity("db"))


def _leads(target: Target) -> bool:
    """Return whether a target is what leads from section to section, and nothing else."""
    return bool(target.roles) and set(target.roles) <= set(TRANSITIONS)


def _of_quantities(clause: Clause, base: Order, done: Sequence[Order]) -> Iterator[Order]:
    """Yield the orders of numbers: "150", "in A minor", "16 bars", "swing 58", "kick -3 db", "kick to -6 db"."""
    changed = {order.change for order in done}
    for piece in clause.of("quantity"):
        if piece.span is None:
            continue
        kind, value = piece.span.kind, piece.span.value
        if kind in SETTINGS:
            # bars keep their unit, a key its kind
            held = (kind, value) if kind in ("bars", "bars_step", "seconds", "beats", "key", "mode") else value
            yield base._replace(change=SETTINGS[kind], sign=0, value=held, targets=())
        elif kind in ("db", "db_level") and (clause.targets or "gain" in changed) and "gain" not in changed - {"level"}:
            assert isinstance(value, tuple)
            sign = value[0] or (-1 if sign_of(clause) < 0 else 1)
            yield base._replace(change="gain" if kind == "db" else "level", sign=sign, value=value)
        elif kind == "percent" and clause.targets and not changed and not clause.of("sides"):
            assert isinstance(value, tuple)
            yield _share(base, value)
        elif kind in ("semitones", "octaves") and not changed & {"transpose", "octave"}:
            assert isinstance(value, tuple)
            sign = value[0] or (-1 if sign_of(clause) < 0 else 1)
            yield base._replace(change="transpose", sign=sign, value=semitones(clause, value[1]))


def _share(base: Order, value: tuple[int, float]) -> Order:
    """Return the order for a part at a share of its level: "kick 50 %" is 6 dB less, "kick +20 %" a little more."""
    sign, percent = value
    factor = 1 + sign * percent / 100 if sign else percent / 100
    if factor < 0.001:
        return base._replace(change="mute")
    step = round(20 * log10(factor), 1)
    return base._replace(change="gain", sign=1 if step >= 0 else -1, value=(1 if step >= 0 else -1, abs(step)))
