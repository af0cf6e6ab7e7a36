"""Follow-ups: "darker", "double the hats", "same but 150": what exists is edited, nothing else is touched.

Where there is music, a text is a follow-up unless it names a style as the thing to make, asks for a piece ("a dark
track", "make me …", "a new song"), or describes one (parts or moods with a tempo or a key, and no word of change).
What holds no known word is no follow-up.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from hardcore.compose.changes import (
    addition,
    chords,
    density,
    effects,
    feel,
    form,
    levels,
    melody,
    parts,
    renewal,
    space,
    tone,
    transitions,
    tuning,
    wanting,
)  # fmt: skip
from hardcore.compose.chordwords import spoken_chords
from hardcore.compose.clauses import clauses, only_names, targets_in
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.groovewords import spoken, without
from hardcore.compose.lexicon import Piece, follow_pieces
from hardcore.compose.orders import Order, Parsed, Target, parse
from hardcore.compose.spelling import respelled
from hardcore.compose.styles import styles
from hardcore.compose.typedchords import typed_chords
from hardcore.compose.words import clean, tokens
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

EXAMPLE = "like: darker, more swing, double the hats, same but 150, in A minor instead"
_NEW = re.compile(r"\bnew (?:piece|song|track|project)\b|\bfrom scratch\b|\bstart (?:over|again|anew)\b", re.IGNORECASE)
_FRAME = re.compile(
    r"^(?:please |can you |could you )*(?:create|compose|generate|produce|write)\b"
    r"|\b(?:an?|some|something) (?:[^\s,]+ ){0,5}(?:track|song|piece|tune|music|loop|jam|anthem)\b|\bsomething\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:with|in|at|now|and|also|but|then|same|plus|more|less|to)\b", re.IGNORECASE)
SILENT = ("filler", "joiner", "stop", "same", "everything", "amounts", "degrees")
NEEDS_PART = frozenset({"double", "mute", "remove", "unmute", "solo", "add", "swap", "pan", "transpose"})
PARTS = ("instruments", "track", "things", "everything", "unavailable")
WEAK = ("use",)  # "make", "use": a change only with something to change

Edit = Callable[[ProjectState, Order, int], Outcome]
EDITS: Mapping[str, Edit] = {
    "effect": effects.effect, "tune": tuning.tune, "want": wanting.want, "redo": renewal.again,
    "typed_chords": chords.typed, "double_time": density.double_time,
    "tone": tone.tone, "drive": tone.drive,
    "space": space.space, "echo": space.echo, "width": space.width,
    "chords": chords.chords,
    "groove": feel.groove, "swing": feel.swing, "straight": feel.straight, "tight": feel.tight, "length": feel.length,
    "double": density.double, "density": density.density, "ghost": density.ghost,
    "sections": transitions.sections,
    "movement": melody.movement, "octave": melody.octave, "transpose": melody.transpose,
    "gain": levels.gain, "level": levels.level, "mute": levels.mute, "unmute": levels.unmute, "solo": levels.solo,
    "everything": levels.everything, "pan": levels.pan, "energy": levels.energy,
    "tempo": form.tempo, "pace": form.pace, "bpm_step": form.bpm_step, "tempo_factor": form.tempo_factor,
    "key": form.key, "bars": form.bars,
    "extend": form.extend, "meter": form.meter,
    "add": addition.add, "remove": parts.remove, "swap": parts.swap, "use": parts.use, "vary": renewal.anew,
}  # fmt: skip


class FollowUp(NamedTuple):
    """The edited project, what changed in words with figures, and what could not be done or was not understood.

    unknown   those of `ignored` that nothing is known of
    """

    project: ProjectState
    changes: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def is_followup(text: str) -> bool:
    """Return whether a text changes what exists rather than asking for something new; see the module."""
    plain = clean(text)
    read = _read(plain)
    row = respelled(follow_pieces(read.rest, styles()), styles())
    if read.orders and all(piece.kind in (*SILENT, *PARTS, "make") for piece in row):
        return True
    if not row or _names_style(row) or _NEW.search(plain):
        return False
    if any(_says_change(row, at) for at in range(len(row))):
        return True
    said = [piece for piece in row if piece.kind not in (*SILENT, "unknown")]
    return bool(said) and not _describes(plain, said)


def _names_style(row: list[Piece]) -> bool:
    """Return whether a style is the thing to make: "make it house", but not "add a funk guitar"."""
    styled = [at for at, piece in enumerate(row) if piece.kind in ("genre", "leaning")]
    if not styled:
        return False
    first = next((piece for piece in row if piece.kind not in SILENT), row[0])
    if first.kind == "signs":
        return False  # "more acid"
    edits = first.kind == "changes" and getattr(first.entry, "change", "") in NEEDS_PART
    asks = first.text.casefold() in ("i want", "bring me")
    return not (edits and not asks and any(piece.kind in ("instruments", "track") for piece in row))


def _describes(text: str, said: list[Piece]) -> bool:
    """Return whether a text asks for a piece of music: "a dark track", "make me …", or parts with a tempo or key."""
    if _FRAME.search(text):
        return True
    goes_on = _GOES_ON.match(text) or any(piece.kind in ("negation", "only", "make", "signs") for piece in said)
    settled = any(piece.span is not None and piece.span.kind in ("tempo", "key", "mode") for piece in said)
    return settled and not goes_on and any(piece.kind in ("instruments", "moods") for piece in said)


def _says_change(row: list[Piece], at: int) -> bool:
    """Return whether a piece is a change by itself: "darker", "take out" with a part, "more" with a thing."""
    piece = row[at]
    if piece.kind == "changes":
        change = getattr(piece.entry, "change", "")
        if change in WEAK:
            return _device_after(row, at)
        if change in NEEDS_PART:
            return any(other.kind in PARTS for other in row)
        return True
    if piece.kind == "signs":
        near = [other for other in row if other.kind in ("things", "instruments", "moods", "track")]
        return getattr(piece.entry, "sign", 0) > -2 and bool(near)
    if piece.kind == "make":
        return any(other.kind in ("moods", "traits", "swing", "instruments") for other in row[at + 1 :])
    if piece.span is not None:
        return piece.span.kind in ("bpm_step", "db", "db_level", "semitones", "octaves")
    return piece.kind == "sides" and any(other.kind == "instruments" for other in row)


def _device_after(row: list[Piece], at: int) -> bool:
    """Return whether "use" or "make" is said of an instrument ("use a 909 kick"), not of a new piece of music."""
    rest = [piece for piece in row[at + 1 :] if piece.kind != "filler"]
    return bool(rest) and rest[0].kind == "instruments" and not any(piece.kind == "moods" for piece in rest)


class _Read(NamedTuple):
    """What is found in a text before its words are read: orders for grooves and chords, and the rest of it."""

    orders: tuple[Order, ...]
    rest: str


def _read(plain: str) -> _Read:
    chords = typed_chords(plain)
    rest = without(plain, chords)
    grooves = spoken(rest)
    rest = without(rest, grooves)
    wishes = spoken_chords(rest)
    orders = [Order("groove", one.words, value=one.groove) for one in grooves]
    orders += [Order("typed_chords", one.words, value=one.names) for one in chords]
    orders += [Order("chords", one.words, value=one.wish) for one in wishes]
    return _Read(tuple(orders), without(rest, wishes))


def follow(project: ProjectState, text: str, seed: int) -> FollowUp:
    """Return the project with the changes that `text` orders, one after the other. Raises UserError without a word.

    seed  what chance is drawn from, 0 … 2**53 − 1: the same project, text and seed give the same result
    """
    plain = clean(text)
    if not any(token.word[0].isalnum() or not token.word.isascii() for token in tokens(plain)):
        raise UserError("there is nothing to change in that", EXAMPLE)
    names = {track.name: track.id for track in project.tracks if track.kind != "master"}
    orders, rest = _read(plain)
    targets = _named(rest, names)
    orders = tuple(order._replace(targets=targets) if order.change == "groove" else order for order in orders)
    named = any(order.targets for order in orders)
    silent = all(piece.kind in (*SILENT, "make") or _is_verb(piece) for piece in follow_pieces(rest, styles(), names))
    parsed = Parsed((), ()) if named or (orders and silent) else parse(rest, styles(), names)
    said: list[str] = []
    failed: list[str] = list(parsed.ignored)
    for order in (*orders, *parsed.orders):
        outcome = _applied(project, order, seed)
        project = outcome.project
        said += outcome.said
        failed += outcome.failed
    return FollowUp(project, tuple(dict.fromkeys(said)), tuple(dict.fromkeys(failed)), parsed.ignored)


def _is_verb(piece: Piece) -> bool:
    """Return whether a piece is a verb that says nothing beside what was found already: "change the chords to …"."""
    return getattr(piece.entry, "change", "") in ("swap", "use", "add")


def _named(rest: str, names: Mapping[str, str]) -> tuple[Target, ...]:
    """Return the parts that a groove is for, when the text says nothing else."""
    found = list(clauses(follow_pieces(rest, styles(), names)))
    if not all(only_names(clause) or clause.row[0].kind == "make" for clause in found):
        return ()
    return tuple(target for clause in found for target in targets_in(clause))


def _applied(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return what an order does; what cannot be done leaves the project as it is and says why."""
    edit = EDITS.get(order.change)
    if edit is None:
        return Outcome(project, (), (order.words,))
    try:
        outcome = edit(project, order, seed)
    except UserError as error:
        return Outcome(project, (), (error.line(),))
    return outcome if outcome.said or outcome.failed else Outcome(project, (), (f"{order.words}: nothing to change",))
