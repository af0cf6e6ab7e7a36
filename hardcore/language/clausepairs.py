"""Clause pairs: what a clause may mean by what the one before it is about, "too loud, half", "early, pull it back"."""

from collections.abc import Sequence
from itertools import pairwise

from hardcore.language.clauses import Clause


def depends(clauses: Sequence[Clause]) -> str:
    """Return what to ask where a clause can mean what the one before it is about, or nothing."""
    for before, after in pairwise(clauses):
        first, second = _names(before), _names(after)
        halves = after.frame == "scale_density" and not after.match.has("topic")
        if first == {"track gain"} and halves and second == {"density"}:
            return "half of the level, or half of the notes? such as: the pad 6 dB quieter"
        if first == {"timing shift"} and second == {"track gain"} and after.match.has("move") and not _has_unit(after):
            words = {word for one in after.filled for word in one.span.text.casefold().split()}
            if words & {"back", "forward", "forwards"}:
                return "in time, or in level? such as: the snare 5 ms earlier, or 1 dB louder"
    return ""


def _names(clause: Clause) -> set[str]:
    return {call.name for call in clause.calls}


def _has_unit(clause: Clause) -> bool:
    return clause.match.unit in ("db", "percent")
