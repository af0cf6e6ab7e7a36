"""Frames of notes: density, rhythm, velocity, note length, timing."""

from collections.abc import Sequence

from hardcore.language.frames.frame import Match, frame
from hardcore.language.plan import Call


@frame(
    "verb:double|halve WHO+ IN?",
    "verb:double|halve topic:density WHO+ IN?",
    "amount:times WHO+ topic:density? IN?",
    cost=0.2,
)
def scale_density(m: Match) -> Sequence[Call]:
    """Twice or half as many notes."""
    verb = m.get("verb")
    factor = m.amount.value if m.amount is not None else 2.0 if verb is not None and verb.key == "double" else 0.5
    return [m.call("density", tracks=m.who(), factor=factor)]


@frame("verb:set|play? WHO+ degree? move:notelength degree? IN?", "WHO+ too adj:notelength")
def note_length(m: Match) -> Sequence[Call]:
    """Longer or shorter notes."""
    way = m.way("move") or -m.way("adj")
    return [m.call("articulation", tracks=m.who(), factor=round((1.5 if way > 0 else 1 / 1.5) ** m.degree, 3))]


@frame(
    "verb:set|play? WHO+ degree? move:looseness degree? IN?",
    "verb:humanize|quantize WHO*",
    "WHO+ too adj:looseness",
    "verb:set|play? whole/pronoun* degree? move:looseness degree?",
)
def looseness(m: Match) -> Sequence[Call]:
    """Tighter or looser timing."""
    verb = m.get("verb")
    way = m.way("move") or -m.way("adj")
    if verb is not None and verb.key in ("humanize", "quantize"):
        way = 1 if verb.key == "humanize" else -1
    if not m.has("too") and m.has("adj"):
        way = -way
    percent = min(50 * m.degree, 100)
    return [
        m.call(
            "timing humanize" if way > 0 else "timing tighten", tracks=m.who() if m.named else "all", percent=percent
        )
    ]


@frame(
    "verb:set|nudge? WHO+ degree? move:timing degree? IN?",
    "WHO+ amount:ms move:timing",
    "verb:set|nudge? WHO+ amount:ms move:timing|way",
)
def shift_timing(m: Match) -> Sequence[Call]:
    """Earlier or later, in ms."""
    ms = m.amount.value if m.amount is not None else 10 * m.degree
    return [m.call("timing shift", tracks=m.who(), ms=(m.way("move") or 1) * ms)]


@frame(
    "verb:set|play? WHO+ rhythm IN?",
    "verb:set|play? WHO+ rate verb:play? IN?",
    "WHO+ only rhythm IN?",
    "verb:set|play? rhythm WHO+ IN?",
    "rate WHO+ IN?",
)
def rhythm(m: Match) -> Sequence[Call]:
    """A rhythm: eighths, on 2 and 4, euclidean."""
    sense = m.get("rhythm") or m.get("rate")
    assert sense is not None
    return [m.call("rhythm set", tracks=m.who(), pattern=str(sense.value))]


@frame("verb:set? topic:probability WHO+ amount:percent", "amount:percent topic:probability WHO+")
def probability(m: Match) -> Sequence[Call]:
    """How likely notes are."""
    assert m.amount is not None
    return [m.call("probability", tracks=m.who(), percent=m.amount.value)]
