"""Frames of the mixer: level, pan, width, balance."""

from collections.abc import Sequence
from math import log10

from hardcore.language.frames.frame import Match, NotThere, frame, moves_in_time
from hardcore.language.plan import Call

STEP_DB = 2.0
LARGEST_DB = 24.0
_LOWEST_DB = 96.0
_FARTHEST_DB = 24.0  # what an order moves a level by
_INTERVALS = frozenset((7, 12, 19, 24))  # of a pitched part a bare "-12" may be an octave
_FURTHER = 0.2  # of the way to a side


def _comes_back(m: Match) -> bool:
    """Return whether parts that are muted come "back"."""
    back = any(one.span.text.casefold() == "back" for one in m.filled)
    return back and m.named and m.ground.are_muted(m.ids())


def in_db(m: Match) -> float | None:
    """Return the amount of a clause in dB: decibels, per cents and factors of the level; None without one."""
    amount = m.amount
    if amount is None:
        return None
    if m.unit == "db" or m.unit == "bare":
        if amount.mode != "to" and abs(amount.value) > _FARTHEST_DB:
            raise NotThere(f"{amount.value:g} what? a level moves by {_FARTHEST_DB:g} dB at most")
        return amount.signed
    share = amount.value / 100 if m.unit == "percent" else amount.value
    way = m.way("move") or amount.sign
    part_of = m.unit == "percent" or (share < 1 and amount.mode != "to")  # "a quarter quieter": by that much
    factor = 1 + way * share if part_of and way else share
    if factor <= 0.001:
        return -96.0
    return round(20 * log10(factor), 1)


@frame(
    "only WHO+ degree? move:level|way amount:db|percent? degree? IN?",
    "verb:set|nudge? WHO+ move:level|way amount:db|percent|times|bare? topic:level? degree? IN?",
    "verb:set|nudge? topic:level WHO+ move:level|way amount:db|bare|percent|times? degree? IN?",
    "verb:set|nudge? WHO+ adj:level too IN?",
    "verb:set? WHO+ move:level amount:db|percent degree? IN?",
    "verb:lay WHO+ degree? move:level degree? IN?",
    "move:way WHO+ move:way amount:db|percent|bare? degree? IN?",
    "verb:set WHO+ adj:level degree? IN?",
    "WHO+ neg adj:level enough IN?",
    "^neg adj:level WHO+ IN?",
    "verb:set? WHO+ neg adj:level IN?",
    "^adj:level WHO+ move:way amount:db|percent? degree? IN?",
)
def change_level(m: Match) -> Sequence[Call]:
    """Louder, quieter, up, down, by dB, per cent or a degree; "too loud" is quieter."""
    way = m.way("move") or m.way("adj")
    if m.forbids() or (m.has("adj") and m.has("move") and m.way("adj") != m.way("move")):
        raise NotThere("louder or quieter? such as: the lead quieter")
    if m.has("too") or (m.has("neg") and not m.has("enough")):
        way = -way
    higher = any(one.span.text.casefold() == "higher" for one in m.filled)
    if higher and m.amount is None and not m.has("topic"):
        raise NotThere("higher in pitch or in level? such as: an octave up, or louder")
    if _comes_back(m):
        return [m.call("track mute", tracks=m.who(), state="off")]
    if m.unit == "times" and not m.has("topic", "part", "rest", "master"):
        raise NotThere("half of what? such as: half the reverb, or the kick half as loud")
    if m.unit == "times" and not m.has("topic") and any("third" in one.span.text.casefold() for one in m.filled):
        raise NotThere("a third of the level, or an interval? such as: 4 semitones down")
    if m.unit == "bare" and not m.parts() and not m.has("topic") and not any(s.key == "level" for s in m.all("move")):
        raise NotThere("of what? semitones, or dB?")
    dropped = any(one.span.text.casefold() == "drop" for one in m.filled if one.sense.kind == "move")
    if dropped and m.amount is None and not m.has("degree") and m.scope:
        raise NotThere("silent there, or quieter?")  # "drop the organ in the verses": it is read as silent
    if any(one.span.text.casefold() == "fewer" for one in m.filled):
        raise NotThere("fewer notes, or quieter?")  # it is read as fewer notes
    if m.amount is None and moves_in_time(m):
        raise NotThere("in time, or in level? such as: the snare 5 ms earlier, or 1 dB louder")
    amount, by = m.amount, in_db(m)
    tracks = m.who(bus=True) if m.named else m.ground.master()
    if amount is not None and amount.mode == "to" and m.unit in ("db", "bare"):
        return [m.call("track gain", tracks=m.who(bus=True), gain_db=amount.signed)]
    if by is None:
        by = way * STEP_DB * m.degree
    elif m.unit in ("db", "bare"):
        by = way * abs(by)
    elif m.unit == "times" and way and (by > 0) != (way > 0):
        by = -by
    return [m.call("track gain", tracks=tracks, by=by)]


@frame(
    "verb:nudge|add|set amount:db verb:mute|remove? WHO+ IN?",
    "verb:nudge|add|set WHO+ amount:db verb:mute? IN?",
    cost=-0.05,
)
def give_or_take(m: Match) -> Sequence[Call]:
    """ "take 2 db off the kick", "add 3 db to the bass", "give the bass 2 db more"."""
    amount = m.amount
    assert amount is not None
    words = {one.span.text.casefold() for one in m.filled}
    takes = bool(words & {"take", "off", "remove", "pull", "cut"})
    gives = bool(words & {"add", "give", "bring", "push"}) or amount.mode == "by"
    if amount.mode == "to" and not (takes or "add" in words):
        return [m.call("track gain", tracks=m.who(bus=True), gain_db=amount.signed)]
    if takes or gives or amount.sign:
        by = -abs(amount.value) if takes else amount.signed
        return [m.call("track gain", tracks=m.who(bus=True), by=by)]
    return [m.call("track gain", tracks=m.who(bus=True), gain_db=amount.signed)]


@frame("verb:set? WHO+ amount:loud IN?")
def as_loud(m: Match) -> Sequence[Call]:
    """Twice or half as loud: 6 dB up or down."""
    assert m.amount is not None
    return [m.call("track gain", tracks=m.who(bus=True), by=6.0 if m.amount.value > 1 else -6.0)]


@frame(
    "verb:set? part degree? move:level word:than part",
    "verb:set? part degree? word:above part",
    "verb:set? part amount:db move:level|way? word:above|than part",
    "verb:set? part word:as? adj:level word:as part",
    cost=-0.1,
)
def balance(m: Match) -> Sequence[Call]:
    """One part louder than another, or so many dB above or under it."""
    first, second = m.parts()[:2]
    if len(first.ids) != 1 or len(second.ids) != 1 or first.ids == second.ids:
        raise NotThere("name one part and one other")
    lower = any(sense.value == -1 for sense in m.all("word"))
    way = m.way("move") or (-1 if lower else 1)
    both = {"track": first.ids[0], "other": second.ids[0]}
    if any(sense.key == "as" for sense in m.all("word")):
        return [Call("mix balance", both | {"above_db": 0.0})]
    if m.amount is not None:
        return [Call("mix balance", both | {"above_db": way * abs(m.amount.value)})]
    least = {"least": True} if m.has("move") else {}  # "a little under" is a place
    return [Call("mix balance", both | {"above_db": way * STEP_DB * m.degree} | least)]


@frame("part degree? too adj:level word:than part", cost=-0.3, aside=("part",))
def too_loud_beside(m: Match) -> Sequence[Call]:
    """ "the bass is too loud compared to the kick": the first is turned down."""
    ids = ",".join(m.parts()[0].ids)
    if not ids:
        raise NotThere("which part?")
    return [m.call("track gain", tracks=ids, by=-m.way("adj") * STEP_DB * m.degree)]


@frame(
    "verb:set? WHO+ amount:db|bare topic:level? IN?",
    "verb:set|halve|double? WHO+ amount:percent|times topic:level IN?",
    "verb:halve|double topic:level WHO+ IN?",
    cost=0.1,
)
def set_level(m: Match) -> Sequence[Call]:
    """A figure: "kick to -6 db", "bass -3 db" (by), "kick at 50 % volume"."""
    amount = m.amount
    verb = m.get("verb")
    if amount is not None and m.unit in ("bare", "db") and abs(amount.value) > _LOWEST_DB:
        raise NotThere(f"{amount.value:g} is no level")
    if amount is None:
        return [m.call("track gain", tracks=m.who(bus=True), by=6.0 if verb and verb.key == "double" else -6.0)]
    if m.unit == "bare" and not (amount.mode or amount.sign or m.has("verb") or m.has("topic")):
        raise NotThere(f"{amount.value:g} what? such as: +{amount.value:g} db, or to -{amount.value:g} db")
    if m.unit in ("percent", "times"):
        return [m.call("track gain", tracks=m.who(bus=True), by=in_db(m))]
    absolute = (
        amount.mode in ("to", "near") or (m.has("verb") and amount.mode != "by") or (m.has("topic") and not amount.sign)
    )
    if absolute:
        return [m.call("track gain", tracks=m.who(bus=True), gain_db=amount.signed)]
    if not amount.sign and amount.mode != "by":
        return [m.call("track gain", tracks=m.who(bus=True), gain_db=amount.signed)]
    pitched = not m.has("verb", "topic") and not all(map(m.ground.is_drum, m.ids()))
    if m.unit == "bare" and pitched and abs(amount.value) in _INTERVALS:
        raise NotThere(f"{amount.signed:+g} dB, or semitones? such as: {amount.signed:+g} db")
    if m.unit == "bare" and abs(amount.value) > LARGEST_DB:
        raise NotThere(f"{amount.signed:g} is no step of a level")
    return [m.call("track gain", tracks=m.who(bus=True), by=amount.signed)]


@frame(
    "verb:set? degree? move:level degree?", "verb:set? topic:level move:way degree?", "degree? too adj:level", cost=0.3
)
def change_loudness(m: Match) -> Sequence[Call]:
    """The whole louder or quieter, by the fader of the master."""
    return [m.call("track gain", tracks=m.ground.master(), by=_louder(m) * STEP_DB * m.degree)]


@frame(
    "verb:set? scope degree? move:level amount:db|bare? degree?",
    "move:way scope:section amount:db",
    "verb:set scope degree? adj:level",
    "scope degree? too adj:level",
    "scope neg adj:level enough",
    "scope:section amount:db|bare",
    cost=0.2,
)
def loudness_there(m: Match) -> Sequence[Call]:
    """A section or some bars louder or quieter, by the faders of what plays there."""
    by = abs(m.amount.value) if m.amount is not None else STEP_DB * m.degree
    if m.amount is not None and not m.has("move"):  # "verses -2 dB"
        if not m.amount.sign or m.amount.mode == "to" or by > LARGEST_DB / 2:
            raise NotThere("how much louder or quieter? such as: the verse 2 dB quieter")
        return [m.call("track gain", tracks=m.who(), by=m.amount.signed)]
    return [m.call("track gain", tracks=m.who(), by=_louder(m) * by)]


def _louder(m: Match) -> int:
    """Return whether a clause wants it louder (1) or quieter (−1): "too loud" is quieter, "not loud enough" louder."""
    return m.way("move") or (-m.way("adj") if m.has("too") else m.way("adj"))


@frame("part+ amount:percent IN?", cost=0.4)
def share_of_level(m: Match) -> Sequence[Call]:
    """ "kick 50 %": half as loud; with a sign, so much more or less."""
    amount = m.amount
    assert amount is not None
    if amount.sign:
        factor = 1 + amount.sign * amount.value / 100
        by = round(20 * log10(factor), 1) if factor > 0.001 else -96.0
        return [m.call("track gain", tracks=m.who(bus=True), by=by)]
    return [m.call("track gain", tracks=m.who(bus=True), by=in_db(m))]


@frame(
    "verb:pan part+ amount:bare|percent IN?",
    "verb:pan|set|nudge? part+ word:back? side degree? IN?",
    "verb:pan WHO+ side degree? IN?",
    "verb:pan|set|nudge? part+ degree? move:way side degree? IN?",
    "verb:pan|set part+ side amount:percent IN?",
    "part+ amount:percent side IN?",
    "verb:pan|set|nudge? part+ side amount:bare IN?",
    "verb:pan|set|nudge? pronoun+ side amount:percent|bare? degree? IN?",
)
def pan(m: Match) -> Sequence[Call]:
    """Place parts between left and right: all the way when nothing says how far, half for "to the left"."""
    side = m.get("side")
    if side is None:
        assert m.amount is not None
        value = m.amount.signed / (1 if abs(m.amount.value) <= 1 else 100)
        return [m.call("track pan", tracks=m.who(), pan=min(max(value, -1.0), 1.0))]
    value = float(side.value)
    if m.has("move") and value:
        return [m.call("track pan", tracks=m.who(), by=round(value * m.way("move") * _FURTHER * m.degree, 3))]
    words = next(one.span.text.casefold() for one in m.filled if one.sense.kind == "side")
    if m.amount is not None:
        value *= min(m.amount.value, 100) / 100
    elif abs(value) == 1 and not any(word in words for word in ("hard", "full", "all the way")):
        value *= min(0.5 * m.degree, 1.0)
    return [m.call("track pan", tracks=m.who(), pan=round(value, 3))]


@frame("verb:swap part+ side side", "verb:swap side side part+", cost=-0.1)
def swap_sides(m: Match) -> Sequence[Call]:
    """ "swap the hats left and right": each as far on the other side."""
    return [Call("track pan", {"tracks": one, "pan": -m.ground.track(one).mixer.pan + 0.0}) for one in m.ids()]


@frame(
    "verb:set|nudge? WHO+ move:width degree? IN?",
    "verb:set WHO+ degree? adj:width IN?",
    "WHO+ too adj:width IN?",
    "WHO+ adj:width IN?",
    "verb:fold WHO+ adj:width IN?",
    "adj:width WHO+ word:particle? move:way? degree? IN?",
    "verb:set|nudge? topic:width WHO+ move:way degree? IN?",
    "WHO+ topic:width? move:width|way topic:width degree? IN?",
)
def width(m: Match) -> Sequence[Call]:
    """Wider or narrower; "mono" folds to mono."""
    way = m.way("move") or m.way("adj")
    if m.has("too"):
        way = -way
    text = " ".join(one.span.text.casefold() for one in m.filled)
    if "mono" in text.split() and not m.has("too") and not m.has("move"):
        return [m.call("track width", tracks=m.who(bus=True), percent=0)]
    return [m.call("track width", tracks=m.who(bus=True), by=way * m.degree)]


@frame(
    "verb:fold|set? WHO+ adj:width? word:above amount:hz|bare", "adj:width WHO+ word:above amount:hz|bare", cost=-0.3
)
def mono_below(m: Match) -> Sequence[Call]:
    """ "mono the bass under 100 Hz": what is below is folded, the rest stays."""
    assert m.amount is not None
    words = " ".join(one.span.text.casefold() for one in m.filled)
    if "mono" not in words.split() or any(sense.value == 1 for sense in m.all("word")):
        raise NotThere("mono below which frequency? such as: the bass mono below 120 hz")
    return [m.call("track width", tracks=m.who(bus=True), below=m.amount.value)]


@frame(
    "verb:set? WHO+ topic:width amount:percent|bare IN?", "verb:set? WHO+ fx:width amount:percent|bare IN?", cost=-0.5
)
def set_width(m: Match) -> Sequence[Call]:
    """A width in per cent."""
    if not m.has("topic", "fx") or m.amount is None:
        raise NotThere("say what the number is")
    return [m.call("track width", tracks=m.who(bus=True), percent=m.amount.signed)]
