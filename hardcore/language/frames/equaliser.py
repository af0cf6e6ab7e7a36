"""Frames of the equaliser: bands by frequency and by name, and the lows of a part that are called after another."""

from collections.abc import Sequence

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.frames.levels import LARGEST_DB
from hardcore.language.plan import Call

LOWEST_HZ = 20
_CUTS = frozenset({"cut", "take", "scoop", "remove", "dip", "notch", "pull", "reduce", "off", "out"})
# names of parts that are names of frequencies, too
_LOWS = frozenset(("bass", "sub", "low bass", "sub bass"))


@frame(
    "verb:set|mute|nudge|add|remove? amount:db amount:hz verb:mute? WHO+ IN?",
    "verb:set|mute? WHO+ amount:db amount:hz IN?",
    "verb:set? fx:eq? WHO+ amount:db|bare amount:hz IN?",
    "move:way WHO+ amount:db amount:hz IN?",
    "fx:eq amount:db|bare amount:hz|bare WHO+ IN?",
    "fx:eq WHO+ amount:db|bare amount:hz|bare IN?",
    "verb:mute|nudge|set WHO+ amount:db amount:bare IN?",
    "move:way WHO+ amount:hz amount:bare IN?",
    cost=-0.1,
)
def equalise(m: Match) -> Sequence[Call]:
    """ "cut 4 dB at 400 Hz on the pad", "boost the lead 2 dB at 3k"."""
    level = next(sense.value for sense in m.all("amount") if sense.key in ("db", "bare"))
    if not level.sign and m.has("fx") and not any(sense.key == "db" for sense in m.all("amount")):
        raise NotThere("how far at which frequency? such as: eq chords -3 db at 250 hz")
    hz = next((sense.value for sense in m.all("amount") if sense.key == "hz"), m.all("amount")[-1].value)
    if hz.value < LOWEST_HZ or (hz.mode != "to" and not any(sense.key == "hz" for sense in m.all("amount"))):
        raise NotThere("at which frequency? such as: 2 db less at 300 hz on the bass")
    if abs(level.value) > LARGEST_DB:
        raise NotThere(f"{level.value:g} dB? such as: 2 db less at 300 hz on the bass")
    words = {word for one in m.filled for word in one.span.text.casefold().split()}
    cuts = m.way("move") < 0 or bool(words & _CUTS)
    tracks = m.who(bus=True) if m.named else m.ground.master()
    by = -abs(level.value) if cuts else level.signed
    return [m.call("eq", tracks=tracks, band=f"{hz.value:g}", by=by)]


@frame("verb:nudge|remove|mute degree? amount:hz verb:mute? WHO* IN?", cost=0.1)
def some_of_a_band(m: Match) -> Sequence[Call]:
    """ "take some 3k out of the hats": a bit less there."""
    words = {word for one in m.filled for word in one.span.text.casefold().split()}
    if m.amount is None or not words & _CUTS or m.amount.value < LOWEST_HZ or m.amount.mode == "to":
        raise NotThere("how far at which frequency? such as: 2 db less at 300 hz on the bass")
    tracks = m.who(bus=True) if m.named else m.ground.master()
    return [m.call("eq", tracks=tracks, band=f"{m.amount.value:g}", by=-3.0 * m.degree)]


@frame(
    "verb:filter WHO+ amount:db IN?",
    "move:way topic:weight|brightness WHO+ amount:db IN?",
    "amount:db move:weight|brightness WHO+ IN?",
    "move:weight|brightness WHO+ amount:db IN?",
    cost=-0.3,
)
def shelve(m: Match) -> Sequence[Call]:
    """ "cut the lows of the chords by 3 dB": the low or the high band of the equaliser."""
    assert m.amount is not None
    cut = m.get("verb")
    low = cut.value == "high" if cut is not None else any(one.key == "weight" for one in m.all("topic", "move"))
    way = -1 if cut is not None else m.way("move")
    tracks = m.who(bus=True) if m.named else m.ground.master()
    return [m.call("eq", tracks=tracks, band="low" if low else "high", by=way * abs(m.amount.value))]


@frame(
    "verb:set|nudge|remove|mute|add? degree? move:way? topic:mids WHO+ amount:db? degree? IN?",
    "verb:set|nudge? topic:mids WHO+ move:way amount:db? degree? IN?",
    "verb:remove|mute topic:mids word:out_of? WHO+ amount:db? IN?",
)
def mids(m: Match) -> Sequence[Call]:
    """ "scoop the mids of the pad": the middle band of the equaliser."""
    words = {word for one in m.filled for word in one.span.text.casefold().split()}
    if not m.has("move") and not words & (_CUTS | {"add", "boost"}):
        raise NotThere("more or less of them? such as: less mids in the pad")
    way = m.way("move") or (-1 if words & _CUTS else 1)
    far = abs(m.amount.value) if m.amount is not None else 3.0 * m.degree
    tracks = m.who(bus=True) if m.named else m.ground.master()
    return [m.call("eq", tracks=tracks, band="mid", by=way * far)]


@frame(
    "verb:nudge|add|set|remove|mute? move:way? part part IN?", "verb:nudge|remove|mute part word:out_of part", cost=0.1
)
def less_lows(m: Match) -> Sequence[Call]:
    """ "less bass in the chords": the low frequencies of the chords, not the part that is called bass."""
    first, second = m.parts()[:2]
    lead = next(one.span.lead for one in reversed(m.filled) if one.sense.kind == "part").split()
    inside = m.has("word") or bool({"in", "on", "of", "from"} & set(lead))
    if not inside or first.words.casefold() not in _LOWS or set(first.ids) & set(second.ids) or not second.ids:
        raise NotThere(f"{first.words} and {second.words}: which of them?")
    takes = m.has("word") or any(sense.key in ("remove", "mute") for sense in m.all("verb"))
    if not takes and not m.has("move"):
        raise NotThere("more or less of it?")
    tracks = ",".join(second.ids)
    return [m.call("colour", tracks=tracks, dimension="weight", by=-1.0 if takes else float(m.way()))]
