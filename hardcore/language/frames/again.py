"""Frames that go on from the last plan: a bit more, again, the same for another part, the other way round."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import Call

# arguments that say how far; the first that a call has is the one that is repeated or turned round
_FAR = ("by", "steps", "ms", "semitones")


# by which argument, and of which commands, an amount of a unit says how far
_SIZES = {"db": "by", "semitones": "semitones", "octaves": "semitones", "bpm": "by", "ms": "ms"}
_SIZED_BY = {"db": ("track gain", "send", "eq"), "semitones": ("transpose",), "octaves": ("transpose",),
             "bpm": ("tempo",), "ms": ("timing shift",)}  # fmt: skip


def last_calls(m: Match) -> tuple[Call, ...]:
    """Return the calls of the last plan. Raises NotThere where there is none."""
    if not m.ground.calls:
        raise NotThere("of what? say which part, or what to change")
    return m.ground.calls


def scaled(call: Call, factor: float) -> Call:
    """Return a call that goes `factor` as far. Raises NotThere where it has no size."""
    name = next((name for name in _FAR if name in call.arguments), None)
    if name is not None:
        value = call.arguments[name] * factor
        return _with(call, {name: round(value) if name == "semitones" else round(value, 4)})
    if "factor" in call.arguments:
        return _with(call, {"factor": round(call.arguments["factor"] ** factor, 4)})
    raise NotThere("that has no more and less; say what to change")


def _with(call: Call, arguments: dict[str, Any]) -> Call:
    return replace(call, arguments=call.arguments | arguments)


@frame("word:even? degree? move:way again?", "again", "word:even? degree? move:way degree", "word:keep_going", cost=0.3)
def further(m: Match) -> Sequence[Call]:
    """More or less of what was just done; "again" does it once more."""
    way = m.way("move") or 1
    size = m.degree if m.has("degree") else 1.0 if way > 0 else 0.5
    return [scaled(call, way * size) for call in last_calls(m)]


@frame("word:same WHO+", "WHO+ also", "word:same WHO+ also", "verb:set? word:same WHO+", cost=0.2)
def same_for(m: Match) -> Sequence[Call]:
    """What was just done, to other parts."""
    calls = [call for call in last_calls(m) if "tracks" in call.arguments]
    if not calls:
        raise NotThere("what was just done was not done to a part")
    return [_with(call, {"tracks": m.who()}) for call in calls]


@frame("verb:set pronoun amount:db|semitones|octaves|bpm|ms instead", cost=-0.5)
def revised(m: Match) -> Sequence[Call]:
    """ "make that 3 dB instead": what was just done is taken back and done that far."""
    calls, amount = last_calls(m), m.amount
    assert amount is not None
    name = _SIZES.get(m.unit, "")
    if len(calls) != 1 or name not in calls[0].arguments or calls[0].name not in _SIZED_BY[m.unit]:
        raise NotThere("instead of what? say it anew, such as: the chords 3 dB up")
    value = amount.value * (12 if m.unit == "octaves" else 1)
    way = amount.sign or (1 if calls[0].arguments[name] > 0 else -1)
    size = way * value
    return [Call("undo", {}), _with(calls[0], {name: int(size) if name == "semitones" else size})]


@frame("word:meant WHO+", "neg WHO word:meant WHO+", "neg word:meant WHO+", "word:meant WHO+ neg WHO", cost=-0.2)
def meant(m: Match) -> Sequence[Call]:
    """ "no, I meant the pad": what was just done is taken back and done to that part."""
    named = [one.sense.value.ids for one in m.filled if one.sense.kind == "part"]
    if len(named) > 1 and m.has("neg"):  # "not the lead, I meant the pad"
        raise NotThere("say it once: I meant the pad")
    return [Call("undo", {}), *same_for(m)]


@frame("neg? move:way neg move:way", "word:other_way", "neg word:other_way")
def turned_round(m: Match) -> Sequence[Call]:
    """The other way: what was just done is taken back and done in the other direction."""
    return [Call("undo", {}), *(scaled(call, -1) for call in last_calls(m))]
