"""Frames of parts: add, remove, another instrument, a part made anew, chords, style, song."""

from collections.abc import Sequence

from hardcore.compose.harmony.chordnames import MOST
from hardcore.knowledge.presets import kits
from hardcore.language.frames.frame import STYLE_OR_NEW, Match, NotThere, frame
from hardcore.language.plan import CREATED, Call
from hardcore.language.spans import Part
from hardcore.project.roles import DRUMS


@frame("verb:add part+ IN?", "part+ verb:add IN?", "verb:add degree part+", aside=("part",))
def add(m: Match) -> Sequence[Call]:
    """Add parts that are not there yet; "layer a piano over the chords" adds the piano."""
    words = next((one.span.text.casefold() for one in m.filled if one.sense.kind == "verb"), "")
    absent = [part for part in m.parts() if not part.ids]
    if words.startswith("layer") and len(absent) == 1:
        return [m.call("part add", words=absent[0].words)]
    m.ensure_list()
    for part in m.parts():
        if part.ids and not part.roles:
            raise NotThere(f"{part.words} is there already")
    return [m.call("part add", words=part.words) for part in m.parts()]


@frame("verb:use part+", "verb:add adj/move/trait part", "verb:add degree? adj/move/trait part", cost=0.2)
def add_with(m: Match) -> Sequence[Call]:
    """ "with strings", "add a dark rhodes": parts that are not there; of one that is there, that instrument."""
    calls = []
    m.ensure_list()
    if any(sense.key == "level" for sense in m.all("move")):
        raise NotThere("louder or quieter than what? such as: add strings in the background")
    for part in m.parts():
        kit = part.words.casefold().removesuffix(" kit")
        if kit != part.words.casefold() and kit in kits():
            calls.append(Call("kit use", {"name": kit}))
            continue
        if part.device is not None and not part.ids:
            there = [track.id for track in m.ground.project.tracks if track.role in part.roles[:1]]
            if (
                there
                and any(sense.key == "use" for sense in m.all("verb"))
                and part.roles[0] in ("kick", "bass", "snare")
            ):
                calls.append(m.call("part replace", tracks=",".join(there), instrument=part.words))
                continue
        elif part.ids:
            raise NotThere(f"{part.words} is there already; another {part.words}?")
        words = [one.span.text for one in m.filled if one.sense.kind in ("adj", "move", "trait")]
        calls.append(m.call("part add", words=" ".join([*words, part.words])))
    return calls


@frame(
    "verb:set|play? degree? trait+ part+",
    "verb:set|play part+ trait+",
    "part+ trait+",
    "verb:set|play? part+ degree? move:way trait+",
    cost=0.1,
)
def with_trait(m: Match) -> Sequence[Call]:
    """A part made anew that behaves so: rolling, syncopated, offbeat."""
    if m.has("move") and m.way() < 0:
        raise NotThere("less of that? say how it is to play, such as: straight eighths on the bass")
    traits = ",".join(sense.key for sense in m.all("trait"))
    return [m.call("part vary", tracks=m.who(), traits=traits)]


@frame("move:way part", cost=-0.1)
def more_of_what_is_not_there(m: Match) -> Sequence[Call]:
    """ "needs more cowbell" where there is none."""
    part = m.parts()[0]
    if part.ids or m.way("move") < 0:
        raise NotThere(f"{part.words} is there" if part.ids else f"there is no {part.words}")
    return [m.call("part add", words=part.words)]


@frame("verb:remove WHO+", "verb:set|add|nudge? WHO+ verb:remove")
def remove(m: Match) -> Sequence[Call]:
    """Remove parts."""
    if not m.named:
        raise NotThere("remove what? /new starts an empty project")
    return [m.call("track remove", tracks=m.who())]


# roles of what plays chords
_CHORDAL = ("chords", "keys", "pad")
# what plays as a trait says, where the words name no instrument
_SOUNDS = {"bells": "glockenspiel"}


@frame(
    "verb:swap|set|vary part part",
    "verb:play part part",
    "verb:set? part verb:use part",
    "part instead? part instead?",
    "verb:set part part instead",
)
def replace(m: Match) -> Sequence[Call]:
    """Another instrument for a part."""
    first, second = m.parts()[:2]
    verb = m.get("verb")
    ordered = verb is not None and verb.key in ("swap", "set", "play", "vary", "use")
    # "bells for the lead", "choir instead of the strings"; "change the bass to a reese", "play the lead on a flute"
    new, old = (second, first) if ordered else (first, second)
    into = any("into" in one.span.lead.split() for one in m.filled if one.sense.kind == "part")
    if _plain(new) and not _plain(old) and not into:
        new, old = old, new
    changed = verb is not None and verb.key in ("swap", "set")
    if changed and old.ids and not new.ids and _plain(new) and _is_drum(new) and all(map(m.ground.is_drum, old.ids)):
        return [m.call("part add", words=new.words), m.call("track remove", tracks=",".join(old.ids))]
    kit = new.words.casefold().removesuffix(" kit").removesuffix("s")
    if old.group and kit in kits():
        return [Call("kit use", {"name": kit})]
    if old.group and len(old.ids) > 1:
        raise NotThere(f"one part at a time: {old.words} are several")
    if not old.ids or _plain(new) or m.has("scope"):
        raise NotThere("say which part plays what: play the lead on a flute")
    instrument = new.words if new.device else next((_SOUNDS[trait] for trait in new.traits if trait in _SOUNDS), "")
    if not instrument:
        raise NotThere(f"{new.words} is no sound: say an instrument, such as a flute")
    return [m.call("part replace", tracks=",".join(old.ids), instrument=instrument)]


@frame("verb:add part rhythm", "verb:add part rate")
def add_with_rhythm(m: Match) -> Sequence[Call]:
    """ "a cowbell on the offbeats", "put a snare on 2 and 4"."""
    part, sense = m.parts()[0], m.get("rhythm", "rate")
    assert sense is not None
    if part.ids:
        return [m.call("rhythm set", tracks=m.who(), pattern=str(sense.value))]
    return [m.call("part add", words=part.words, beats=str(sense.value))]


@frame(
    "part+ word:background",
    "verb:add|set degree? part+ word:background",
    "verb:add adj/trait part word:background",
    cost=0.3,
)
def add_behind(m: Match) -> Sequence[Call]:
    """A part that is not there, in the background."""
    if any(part.ids for part in m.parts()):
        return [m.call("track gain", tracks=m.who(bus=True), by=-2.0)]
    return [m.call("part add", words=part.words) for part in m.parts()]


@frame("verb:add|set|use|want? unavailable", "verb:add|set|want? degree? unavailable WHO*")
def unavailable(m: Match) -> Sequence[Call]:
    """What this studio does not have: the reason."""
    sense = m.get("unavailable")
    assert sense is not None
    raise NotThere(sense.key)


@frame(
    "verb:set|swap? whole/pronoun* word:as style",
    "verb:restyle whole/pronoun* style",
    "verb:swap whole/pronoun+ style",
    "style word:version whole?",
    "word:same whole? word:as style",
    cost=0.1,
)
def restyle(m: Match) -> Sequence[Call]:
    """The piece in another style: its key, chords and tune stay."""
    sense = m.get("style")
    assert sense is not None
    return [m.call("restyle", style=sense.key)]


@frame(
    "degree? move:jazzy WHO+",
    "verb:set WHO+ degree? adj/move:jazzy",
    "degree? move:jazzy topic:chords",
    "verb:set|use? adj:jazzy topic:chords",
    "verb:set? topic:chords degree? adj/move:jazzy",
    "verb:add|set? word:extensions topic:chords",
    "verb:set whole/pronoun+ degree? adj/move:jazzy",
    "move:jazzy",
)
def richer_chords(m: Match) -> Sequence[Call]:
    """Chords with more colour: sevenths, ninths."""
    return [m.call("chords colour", colour="richer" if m.has("degree") and m.degree < 1 else "jazzy")]


def _is_drum(part: Part) -> bool:
    return bool(part.roles) and not part.group and set(part.roles) <= set(DRUMS)


def _plain(part: Part) -> bool:
    """Return whether words name a part and no sound for it."""
    return part.device is None and not part.traits


@frame("verb:repeat part+", cost=0.1)
def duplicate(m: Match) -> Sequence[Call]:
    """A copy of a track behind it: "duplicate the chords"."""
    words = next((one.span.text.casefold() for one in m.filled if one.sense.kind == "verb"), "")
    if words not in ("copy", "duplicate"):
        raise NotThere("repeat it where, or another one? such as: duplicate the bass, or repeat the drop")
    return [m.call("track duplicate", tracks=m.who())]


@frame(
    "part+ move:pitch verb:double",
    "verb:double part+ move:pitch",
    "verb:add? word:second part move:pitch",
    "verb:repeat part+ move:pitch",
    cost=-0.2,
)
def double_part(m: Match) -> Sequence[Call]:
    """A second track plays it an octave away."""
    return [m.call("part double", tracks=m.who(), octaves=m.way("move"))]


@frame("verb:vary|redo part+ degree? also?", "verb:add? word:second part", "verb:set|add part+ verb:vary")
def vary(m: Match) -> Sequence[Call]:
    """Make parts anew; "another pad" is one more."""
    words = next((one.span.text.casefold() for one in m.filled if one.sense.kind in ("verb", "word")), "")
    parts = m.parts()
    lines = ("line", "melody", "riff", "beat", "groove", "part", "tune", "pattern")
    another = words in ("another", "other") or m.has("word")
    if another and len(parts) == 1 and not parts[0].words.casefold().endswith(lines):
        return [m.call("part add", words=parts[0].words, another=bool(parts[0].ids) or None)]
    return [m.call("part vary", tracks=m.who())]


@frame("verb:set|use|play|swap? pronoun? topic:chords? chords IN?", "verb:set|use|play? part? chords IN?")
def set_chords(m: Match) -> Sequence[Call]:
    """These chords."""
    sense = m.get("chords")
    assert sense is not None
    return [m.call("chords set", names=str(sense.value))]


@frame(
    "verb:set|use|play|swap? topic:chords? chords amount:bars_each IN?",
    "verb:set|use|play|swap? topic:chords? chords whole:all? amount:bars IN?",
    cost=-0.3,
)
def chords_of_bars(m: Match) -> Sequence[Call]:
    """ "Am F, two bars each": every chord as often as it has bars; a number without "each" may be of the piece."""
    sense, amount = m.get("chords"), m.amount
    assert sense is not None and amount is not None
    bars, names = amount.value, str(sense.value).split()
    if m.unit != "bars_each" and not m.has("whole"):
        raise NotThere(f"{bars:g} bars for each chord, or for the piece? such as: {bars:g} bars each")
    if bars != int(bars) or not 1 <= bars <= MOST // len(names):
        raise NotThere(f"{bars:g} bars each? whole bars, and {MOST} in all at most")
    return [m.call("chords set", names=" ".join(name for name in names for _ in range(int(bars))))]


@frame(
    "verb:set|swap? whole/pronoun* verb:song amount:seconds|bars?",
    "verb:set? amount:seconds|bars verb:song whole/pronoun*",
    "verb:set|add verb:song word:out_of? whole/pronoun* amount:seconds|bars?",
    "verb:set? amount:seconds word:version whole?",
)
def song(m: Match) -> Sequence[Call]:
    """Make a song of it."""
    amount = m.amount
    if amount is None:
        return [Call("song", {})]
    return [Call("song", {"minutes": amount.value / 60} if m.unit == "seconds" else {"bars": int(amount.value)})]


@frame(
    "verb:set|swap whole/pronoun+ degree? style",
    "degree? word:like style",
    "verb:set whole/pronoun+ degree? word:like style",
    "degree? move:way style",
    cost=0.6,
)
def style_or_new(m: Match) -> Sequence[Call]:
    """ "make it techno" may mean the piece in that style, or another piece: both are offered."""
    raise NotThere(STYLE_OR_NEW)


@frame("verb:set|use|add|play? harmony WHO* IN?", cost=-0.3)
def harmony(m: Match) -> Sequence[Call]:
    """A colour of the chords: jazzy, borrowed, suspended, simple."""
    sense = m.get("harmony")
    assert sense is not None
    if m.named and not all(one.startswith(CREATED) or m.ground.track(one).role in _CHORDAL for one in m.ids()):
        raise NotThere("only chords have a colour of chords")
    return [m.call("chords colour", colour=sense.key)]
