"""Frames of what plays and what is silent: mute, solo, entering later, left as it is."""

from collections.abc import Sequence

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import CREATED, Call
from hardcore.project.scope import find_scope


@frame("verb:nudge|remove|set|mute WHO+ word:out_of scope", "verb:remove part/pronoun+ scope", cost=-0.1)
def out_of(m: Match) -> Sequence[Call]:
    """ "take the bass out of the outro"."""
    return [m.call("track mute", tracks=m.who(), state="on")]


@frame(
    "verb:mute WHO+ IN?",
    "verb:set|nudge|remove WHO+ verb:mute IN?",
    "neg WHO+ IN?",
    "neg verb:add|play WHO+ IN?",
    "verb:mute WHO+ verb:mute IN?",
    "verb:stop part+ IN?",
    "verb:stop whole excepted IN?",
    "WHO+ verb:stop scope",
)
def mute(m: Match) -> Sequence[Call]:
    """Mute parts."""
    if any(one.span.text.casefold().startswith("spread") for one in m.filled):
        raise NotThere("wider? such as: the hats wider")
    denial = next((one.span.text.casefold() for one in m.filled if one.sense.kind == "neg"), "")
    if m.all("verb") and any(one.span.text.casefold() in ("mutes", "muting") for one in m.filled):
        raise NotThere("to silent, or no mutes any more? say: mute the kick, or clear all mutes")
    if denial == "not":
        raise NotThere("what is not? say what is: mute the kick, or leave the kick alone")
    return [m.call("track mute", tracks=m.who(), state="on")]


@frame(
    "verb:unmute WHO+ again? IN?",
    "verb:set|nudge WHO+ verb:unmute again? IN?",
    "verb:bring|set WHO+ word:back also? again? IN?",
    "verb:set WHO+ word:on IN?",
    "WHO+ word:on again",
    "WHO+ word:on again",
    cost=-0.1,
)
def unmute(m: Match) -> Sequence[Call]:
    """Let parts sound again."""
    return [m.call("track mute", tracks=m.who(), state="off")]


@frame(
    "verb:set|strip|keep? scope:section|bars|bar only part+",
    "only part+ scope:section",
    "verb:solo part+ scope",
    "verb:strip scope:section move? only? part+ only?",
    cost=-0.2,
)
def only_there(m: Match) -> Sequence[Call]:
    """Nothing but these in a section: "make the outro just kick and hats"."""
    return [m.call("track only", tracks=m.who())]


@frame(
    "verb:enter only? part+ scope:at|from",
    "verb:bring part+ verb:unmute? scope:at|from",
    "verb:bring? part+ verb:enter scope:section",
    "part+ verb:enter only? scope:at|from",
    "verb:bring part+ verb:unmute|enter? only? scope:at|from|section",
    "verb:enter|bring? part+ verb:enter only? scope:section",
    "verb:unmute part+ scope:from",
    "part+ scope:from",
    "neg part+ scope:until",
    cost=-0.2,
)
def enter(m: Match) -> Sequence[Call]:
    """A part that begins later: silent until then."""
    sense = m.get("scope")
    assert sense is not None
    named = next(one.span for one in m.filled if one.sense.kind == "scope")
    if sense.key == "section" and any(s.key == "bring" for s in m.all("verb")) and "from" not in named.lead.split():
        raise NotThere("from there on, or only there? such as: the hats come in from the drop on")
    begin = find_scope(m.ground.project, sense.value.text).stretches[0].start_ticks
    first = m.ground.project.meter_map.bar_of(begin) + 1
    if first <= 1:
        raise NotThere("it begins there already")
    if m.ground.are_muted(m.ids()):
        return [m.call("track mute", tracks=m.who(), state="off")]
    return [Call("track mute", {"tracks": m.who(), "state": "on", "in": f"1-{first - 1}"})]


@frame("verb:ramp verb:unmute|bring|add|enter part+ verb:enter|unmute? scope:section|bars", cost=-0.2)
def enter_slowly(m: Match) -> Sequence[Call]:
    """ "gradually bring in the hats during the intro": they fade in over it."""
    return [Call("fade", {"way": "in", "over": str(m.all("scope")[0].value.text), "tracks": m.who()})]


@frame("verb:set|play|enter? WHO+ scope:only")
def only_in(m: Match) -> Sequence[Call]:
    """ "the lead only in the drop": there and nowhere else, or nothing else there?"""
    raise NotThere("nowhere else, or nothing else there? say: just the lead in the drop, or no lead in the break")


@frame("verb:solo only? WHO+", "only part+ verb:play|set?", "verb:set only part+", "^verb:keep only part+", cost=-0.01)
def solo(m: Match) -> Sequence[Call]:
    """Hear nothing but these; "leave the hats alone" is no such order."""
    if any(one.sense.kind == "part" and one.span.of("fx") for one in m.filled):  # "only the lead should have delay"
        raise NotThere("the effect, or what comes back from it? such as: no delay on the keys")
    order = [one.sense.kind for one in m.filled if one.sense.kind in ("only", "part")]
    if any(sense.key == "keep" for sense in m.all("verb")) and order[0] != "only":
        raise NotThere("only that, or leave it as it is?")
    return [m.call("track only", tracks=m.who())]


@frame("verb:unmute")
def unmute_all(m: Match) -> Sequence[Call]:
    """Whatever is muted sounds again."""
    return _unmuted(m)


@frame(
    "verb:remove|mute|stop|undo|unmute|unsolo|reset whole* word:mutes|solos|mutes_solos",
    "neg whole* word:mutes|solos|mutes_solos",
    cost=-1.2,
)
def clear_mutes(m: Match) -> Sequence[Call]:
    """ "clear all mutes and solos": all is heard again; the mutes alone, or the solos alone."""
    which = m.get("word")
    assert which is not None
    if which.key == "mutes":
        return _unmuted(m)
    if which.key == "mutes_solos":
        return [m.call("track only", tracks="all")]
    soloed = [track.id for track in m.ground.project.tracks if track.mixer.solo]
    if not soloed:
        raise NotThere("nothing is soloed")
    return [m.call("track solo", tracks=",".join(soloed), state="off")]


def _unmuted(m: Match) -> list[Call]:
    muted = [track.id for track in m.ground.project.tracks if track.mixer.mute]
    if not muted:
        raise NotThere("nothing is muted")
    return [m.call("track mute", tracks=",".join(muted), state="off")]


@frame("WHO+ gripe", "gripe", cost=0.1)
def dislike(m: Match) -> Sequence[Call]:
    """Something is annoying or great no more: no edit by itself; what follows says what is wanted."""
    return []


@frame("verb:unsolo WHO*")
def unsolo(m: Match) -> Sequence[Call]:
    """Hear everything again."""
    return [m.call("track only", tracks="all")]


@frame("verb:keep pronoun degree? adj/move:level|pitch|way", cost=-0.1)
def keep_so(m: Match) -> Sequence[Call]:
    """ "add strings but keep them low": how a part that was just added is to be."""
    if not all(one.startswith(CREATED) for one in m.ids()):
        raise NotThere("leave it as it is, or change it? such as: the strings quieter")
    way = m.way("adj", "move")
    if way > 0:
        raise NotThere("louder, or higher? such as: add strings, 2 dB up")
    return [m.call("track gain", tracks=m.who(), by=-3.0 * m.degree)]


# "leave the hats clean": as they are
_AS_IT_IS = frozenset({"clean", "dry", "natural", "raw", "plain"})
# what may be kept beside an edit, and the commands that would change it
KEPT_BY = {
    "level": ("track gain", "mix balance", "section balance", "fade", "velocity"),
    "tempo": ("tempo", "restyle", "compose"),
    "key": ("key", "transpose", "restyle", "chords set", "tune"),
    "chords": ("chords set", "chords colour", "key", "restyle"),
    "length": ("length", "crop", "section resize", "time delete", "time insert"),
    "swing": ("swing", "restyle"),
    "meter": ("meter", "restyle"),
    "pan": ("track pan",),
    "width": ("track width",),
    "velocity": ("velocity",),
}


@frame(
    "^only? verb:keep WHO+",
    "verb:keep WHO+ only",
    "neg verb:mute|set|nudge|remove|swap|vary|add WHO+",
    "verb:keep WHO+ adj/move",
    "WHO+ chat",
    "verb:keep only? WHO+ verb:keep",
    "verb:keep topic",
    "verb:keep topic verb:keep",
    cost=0.1,
)
def keep(m: Match) -> Sequence[Call]:
    """Leave something as it is: no edit, but the rest of the sentence must not touch it; "keep it low" is a wish."""
    said = {one.span.text.casefold() for one in m.filled if one.sense.kind in ("adj", "move")}
    if said and not said <= _AS_IT_IS:
        raise NotThere("leave it as it is, or change it? such as: the strings quieter")
    if (topic := m.get("topic")) is not None and topic.key not in KEPT_BY:
        raise NotThere(f"keep the {topic.key} of what?")
    return []
