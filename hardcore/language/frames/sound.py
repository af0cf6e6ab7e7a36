"""Frames of sound: parameters of instruments, and colour by adjectives."""

from collections.abc import Sequence

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import Call

_COLOURS = "brightness|warmth|drive|punch|weight|space"
_BAD = "level|weight|brightness|energy|density|movement|space"
_MOODS = "energy|tension|happiness|dreaminess|density|movement"
# what a mood means of one part
_OF_PARTS = {"energy": "drive", "dreaminess": "space"}
_IN_DB = ("threshold", "ceiling")
_SECONDS = ("attack", "decay", "release", "glide", "time", "vibrato_delay")


@frame(
    "verb:set? WHO+ param amount IN?",
    "verb:set? param WHO+ amount IN?",
    "verb:add? amount param WHO+ IN?",
    "move:way WHO+ param amount:bare|percent|hz|ms|seconds IN?",
    "move:way param WHO+ amount:bare|percent|hz|ms|seconds IN?",
    cost=0.1,
)
def set_parameter(m: Match) -> Sequence[Call]:
    """A figure for a parameter of a part's instrument."""
    parameter, amount = m.get("param"), m.amount
    assert parameter is not None and amount is not None
    if parameter.key == "time":  # "half time" is no delay's
        raise NotThere("which time? such as: delay time 300 ms, the hats in half time")
    value = amount.value / 1000 if m.unit == "ms" and parameter.key in _SECONDS else amount.signed
    if m.unit == "times":
        return [m.call("track set", tracks=m.who(), parameter=parameter.key, factor=amount.value)]
    if parameter.key in _IN_DB and amount.sign < 0 and not m.has("move"):  # "threshold -18" is a place
        return [m.call("track set", tracks=m.who(), parameter=parameter.key, value=value)]
    if amount.mode == "by" or ((amount.sign or m.has("move")) and amount.mode != "to"):
        return [m.call("track set", tracks=m.who(), parameter=parameter.key, by=(m.way("move") or 1) * value)]
    return [m.call("track set", tracks=m.who(), parameter=parameter.key, value=value)]


@frame(
    "verb:set|nudge? degree? move:way param WHO+ degree? IN?",
    "verb:set? WHO+ degree? move:way param degree? IN?",
    "verb:set? param WHO+ degree? move:way degree? IN?",
    "verb:add degree? move:way? param WHO+ IN?",
    "verb:set? degree? move:notelength param WHO+ IN?",
    "verb:extend|cut param WHO+ IN?",
    "degree param WHO+ IN?",
)
def turn_parameter(m: Match) -> Sequence[Call]:
    """More or less of a parameter of a part's instrument."""
    parameter = m.get("param")
    assert parameter is not None
    verb = m.get("verb")
    if m.filled[0].span.text.casefold() == "tone":
        raise NotThere("its tone, or how loud? such as: the hats quieter, or darker")
    way = m.way("move") or (-1 if verb is not None and verb.key == "cut" else 1)
    return [m.call("track set", tracks=m.who(), parameter=parameter.key, steps=way * m.degree)]


@frame("verb:set? degree? move:tempo param:attack|release|decay|glide WHO+ IN?")
def slower_envelope(m: Match) -> Sequence[Call]:
    """ "slower attack" is a longer one."""
    parameter = m.get("param")
    assert parameter is not None
    return [m.call("track set", tracks=m.who(), parameter=parameter.key, steps=-m.way("move") * m.degree)]


def _way(m: Match) -> int:
    """Return the direction of moves and adjectives: "less dark" is brighter; the "down" of "calm it down" is none."""
    particle = any(one.sense.kind == "move" and one.span.text.casefold() in ("up", "down") for one in m.filled)
    if particle and m.has("adj"):
        return m.way("adj")
    return (m.way("move") or 1) * (m.way("adj") or 1)


def _dimension(m: Match) -> str:
    return next(sense.key for sense in m.all("move", "adj", "topic") if sense.key != "way")


# a part of that name is meant first: "remove the riser and the impact"
@frame(f"verb:mute|remove topic:{_COLOURS} WHO+ IN?", cost=0.1)
@frame(
    f"verb:set|add? WHO+ degree? move:{_COLOURS} word:particle? degree? IN?",
    f"verb:add WHO+ degree? topic:{_COLOURS} IN?",
    f"verb:set? WHO+ degree? adj:{_COLOURS} verb:set IN?",
    f"verb:set WHO+ degree? adj:{_COLOURS} IN?",
    f"verb:set? WHO+ degree? move:way adj:{_COLOURS} degree? IN?",
    f"WHO+ degree? too adj:{_COLOURS} IN?",
    f"verb:set? WHO* degree? move:way topic:{_COLOURS} WHO* degree? IN?",
    f"verb:add degree? move:way? topic:{_COLOURS} WHO+ IN?",
    f"WHO+ neg adj:{_COLOURS} enough IN?",
    f"neg so? adj:{_COLOURS} WHO+ IN?",
    f"verb:mute|remove|nudge topic:{_COLOURS} word:out_of WHO+ IN?",
    "^adj:space part+",
)
def colour(m: Match) -> Sequence[Call]:
    """Brighter, warmer, dirtier, punchier … parts, or the whole."""
    way = _way(m)
    if m.forbids():
        raise NotThere("more or less of it? such as: the lead less bright")
    cuts = m.has("word") or any(sense.key in ("mute", "remove") for sense in m.all("verb"))
    if m.has("too") or cuts or (m.has("neg") and not m.has("enough")):
        way = -way
    if m.named:
        return [m.call("colour", tracks=m.who(), dimension=_dimension(m), by=way * m.degree)]
    return [m.call("mood", dimension=_dimension(m), by=way * m.degree)]


@frame(
    f"verb:set? whole/pronoun* degree? move:{_COLOURS}|{_MOODS} degree? IN?",
    f"verb:set? whole/pronoun* degree? move:way topic:{_COLOURS}|{_MOODS} degree? IN?",
    f"whole/pronoun* too adj:{_COLOURS}|{_MOODS} IN?",
    f"whole/pronoun* neg adj:{_COLOURS}|{_MOODS} enough",
    f"neg too adj:{_COLOURS}|{_MOODS}",
    f"verb:set whole/pronoun+ degree? adj:{_COLOURS}|{_MOODS} IN?",
    f"verb:set? whole/pronoun* degree? move:way adj:{_COLOURS}|{_MOODS} degree? IN?",
    cost=0.05,
)
def mood(m: Match) -> Sequence[Call]:
    """The whole darker, harder, calmer, busier."""
    if m.has("pronoun") and m.named:
        raise NotThere("which part?")
    way = _way(m)
    turned = m.has("too") or (m.has("neg") and not m.has("enough"))
    return [m.call("mood", dimension=_dimension(m), by=(-way if turned else way) * m.degree)]


@frame(
    f"verb:set|add? WHO+ degree? move:{_MOODS} verb:mute? degree? IN?",
    f"WHO+ too adj:{_MOODS} IN?",
    f"verb:set? degree? move:way topic:{_MOODS} WHO+ IN?",
    f"verb:set? WHO+ degree? move:way adj:{_MOODS} degree? IN?",
)
def character(m: Match) -> Sequence[Call]:
    """A part harder, calmer, busier, more varied."""
    way = _way(m)
    by = (-way if m.has("too") else way) * m.degree
    dimension = _dimension(m)
    if not m.named:
        return [m.call("mood", dimension=dimension, by=by)]
    if dimension == "density":
        return [m.call("density", tracks=m.who(), by=by)]
    if dimension == "movement":
        return [m.call("movement", tracks=m.who(), by=by)]
    if dimension not in _OF_PARTS:
        raise NotThere(f"{dimension} is a mood of the whole, such as: happier")
    return [m.call("colour", tracks=m.who(), dimension=_OF_PARTS[dimension], by=by)]


@frame(f"WHO* degree? bad:{_BAD} IN?", f"WHO+ bad:{_BAD} verb:clean whole/pronoun*", cost=0.3)
def complaint(m: Match) -> Sequence[Call]:
    """ "the mix sounds thin", "it's muddy": the opposite."""
    sense = m.get("bad")
    assert sense is not None
    by = int(sense.value) * m.degree
    if not m.named:
        if sense.key == "level":
            raise NotThere("which part?")
        return [m.call("mood", dimension=sense.key, by=by)]
    if sense.key == "level":
        return [m.call("track gain", tracks=m.who(bus=True), by=2.0 * by)]
    if sense.key in ("density", "movement"):
        return [m.call(sense.key, tracks=m.who(), by=by)]
    return [m.call("colour", tracks=m.who(), dimension="punch" if sense.key == "energy" else sense.key, by=by)]


@frame("verb:clean whole/pronoun*", cost=0.3)
def clean_up(m: Match) -> Sequence[Call]:
    """What a complaint before it asks for is all that is done."""
    return []
