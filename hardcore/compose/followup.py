"""Follow-ups: "darker", "double the hats", "same but 150": what exists is edited, nothing else is touched.

A text is a follow-up when it names no style and either says a change (a comparative, a verb, more or less of something,
"make it dark") or holds nothing but settings ("140", "in A minor instead") and parts to leave out ("no hats").
Anything else, and whatever names a style, is a new prompt.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hardcore.compose.changes import (
    addition,
    chords,
    density,
    feel,
    form,
    levels,
    melody,
    parts,
    renewal,
    space,
    tone,
    transitions,
)
from hardcore.compose.changes.scope import Outcome
from hardcore.compose.chordwords import spoken_chords
from hardcore.compose.clauses import clauses, only_names, targets_in
from hardcore.compose.groovewords import spoken, without
from hardcore.compose.lexicon import Piece, follow_pieces
from hardcore.compose.orders import SETTINGS, Order, Parsed, Target, parse
from hardcore.compose.styles import styles
from hardcore.compose.words import clean, tokens
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

EXAMPLE = "like: darker, more swing, double the hats, same but 150, in A minor instead"
SILENT = ("filler", "joiner", "stop", "same", "everything", "amounts", "degrees")
NEEDS_PART = frozenset({"double", "mute", "remove", "unmute", "solo", "add", "swap", "pan", "transpose"})
PARTS = ("instruments", "track", "things", "everything", "unavailable")
WEAK = ("use",)  # "make", "use": a change only with something to change

Edit = Callable[[ProjectState, Order, int], Outcome]
EDITS: Mapping[str, Edit] = {
    "tone": tone.tone, "drive": tone.drive,
    "space": space.space, "echo": space.echo, "width": space.width,
    "chords": chords.chords,
    "groove": feel.groove, "swing": feel.swing, "straight": feel.straight, "tight": feel.tight, "length": feel.length,
    "double": density.double, "density": density.density, "ghost": density.ghost,
    "sections": transitions.sections,
    "movement": melody.movement, "octave": melody.octave, "transpose": melody.transpose,
    "gain": levels.gain, "level": levels.level, "mute": levels.mute, "unmute": levels.unmute, "solo": levels.solo,
    "everything": levels.everything, "pan": levels.pan, "energy": levels.energy,
    "tempo": form.tempo, "pace": form.pace, "tempo_factor": form.tempo_factor, "key": form.key, "bars": form.bars,
    "extend": form.extend, "meter": form.meter,
    "add": addition.add, "remove": parts.remove, "swap": parts.swap, "use": parts.use, "vary": renewal.anew,
}  # fmt: skip


class FollowUp(NamedTuple):
    """The edited project, what changed in words with figures, and what could not be done or was not understood."""

    project: ProjectState
    changes: tuple[str, ...]
    ignored: tuple[str, ...]


def is_followup(text: str) -> bool:
    """Return whether a text changes what exists rather than asking for something new; see the module."""
    plain = clean(text)
    grooves = spoken(plain)
    rest = without(plain, grooves)
    wishes = spoken_chords(rest)
    row = follow_pieces(without(rest, wishes), styles())
    if (grooves or wishes) and all(piece.kind in (*SILENT, *PARTS, "make") for piece in row):
        return True
    if any(piece.kind == "genre" for piece in row) or not row:
        return False
    if any(_says_change(row, at) for at in range(len(row))):
        return True
    said = [piece for piece in row if piece.kind not in SILENT]
    excluding = any(piece.kind in ("negation", "only", "make") for piece in said) or _is_sign(row)
    return bool(said) and all(_is_setting(piece) or (excluding and _may_be_left_out(piece)) for piece in said)


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


def _is_setting(piece: Piece) -> bool:
    if piece.kind == "swing":
        return True
    return piece.span is not None and (piece.span.kind in SETTINGS or piece.span.kind in ("wrong", "percent"))


def _may_be_left_out(piece: Piece) -> bool:
    return piece.kind in ("negation", "only", "signs", "instruments", "track", "things", "swing", "unavailable")


def _is_sign(row: list[Piece]) -> bool:
    return any(piece.kind == "signs" for piece in row)


def follow(project: ProjectState, text: str, seed: int) -> FollowUp:
    """Return the project with the changes that `text` orders, one after the other. Raises UserError without a word.

    seed  what chance is drawn from, 0 … 2**53 − 1: the same project, text and seed give the same result
    """
    plain = clean(text)
    if not any(token.word[0].isalnum() or not token.word.isascii() for token in tokens(plain)):
        raise UserError("there is nothing to change in that", EXAMPLE)
    names = {track.name: track.id for track in project.tracks if track.kind != "master"}
    grooves = spoken(plain)
    rest = without(plain, grooves)
    wishes = spoken_chords(rest)
    rest = without(rest, wishes)
    orders = [Order("groove", one.words, targets=_named(rest, names), value=one.groove) for one in grooves]
    named = bool(orders) and bool(orders[0].targets)
    orders += [Order("chords", one.words, value=one.wish) for one in wishes]
    silent = all(piece.kind in (*SILENT, "make") for piece in follow_pieces(rest, styles(), names))
    parsed = Parsed((), ()) if named or (orders and silent) else parse(rest, styles(), names)
    said: list[str] = []
    failed: list[str] = list(parsed.ignored)
    for order in (*orders, *parsed.orders):
        outcome = _applied(project, order, seed)
        project = outcome.project
        said += outcome.said
        failed += outcome.failed
    return FollowUp(project, tuple(dict.fromkeys(said)), tuple(dict.fromkeys(failed)))


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
