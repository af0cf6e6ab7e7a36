"""Frames of notes: density, rhythm, velocity, note length, timing."""

from collections.abc import Sequence

from hardcore.language.frames.audio import of_clips
from hardcore.language.frames.frame import Match, NotThere, frame, moves_in_time
from hardcore.language.nestedscopes import EACH, as_text
from hardcore.language.plan import Call
from hardcore.language.spans import Sense
from hardcore.project.scope import find_scope


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


@frame(
    "verb:set|play? WHO+ topic:density? degree? move:notelength degree? IN?",
    "WHO+ topic:density? too adj:notelength",
    "verb:set? move:notelength topic:density WHO+ IN?",
)
def note_length(m: Match) -> Sequence[Call]:
    """Longer or shorter notes."""
    if not m.named or not m.ground.have_clips(m.ids()):
        raise NotThere("which part's notes?")
    way = m.way("move") or -m.way("adj")
    return [m.call("articulation", tracks=m.who(), factor=round((1.5 if way > 0 else 1 / 1.5) ** m.degree, 3))]


@frame(
    "verb:set|play? WHO+ degree? move:looseness degree? IN?",
    "verb:humanize|quantize WHO* amount:percent?",
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
    percent = min(m.amount.value if m.amount is not None else 50 * m.degree, 100)
    return [
        m.call(
            "timing humanize" if way > 0 else "timing tighten", tracks=m.who() if m.named else "all", percent=percent
        )
    ]


@frame("WHO+ degree? bad:timing degree? IN?", "WHO+ too adj:timing IN?")
def off_in_time(m: Match) -> Sequence[Call]:
    """ "the clap is late": that is to be mended, so earlier."""
    if not m.named:
        raise NotThere("which part? such as: the hats 10 ms earlier")
    way = m.way("bad") or -m.way("adj")
    return [m.call("timing shift", tracks=m.who(), ms=way * 10 * m.degree)]


@frame("verb:quantize WHO+ rate", cost=-0.1)
def quantize(m: Match) -> Sequence[Call]:
    """ "quantize the bass to sixteenths": the starts of its notes to that grid."""
    rate = m.get("rate")
    assert rate is not None
    if not m.named:
        raise NotThere("quantize which part?")
    clips = [clip.id for one in m.ids() for clip in m.ground.track(one).clips]
    return [Call("clip quantize", {"clip": clip, "grid": str(rate.value)}) for clip in clips]


@frame("verbfx:delay WHO+ amount:ms", cost=-0.6)
def delayed(m: Match) -> Sequence[Call]:
    """ "delay the clap by 12 ms": later, not echoing."""
    assert m.amount is not None
    if m.amount.mode != "by":
        raise NotThere("later, or an echo? say: the clap 12 ms later, or more delay on the clap")
    return [m.call("timing shift", tracks=m.who(), ms=m.amount.value)]


_EARLIER = frozenset({"early", "earlier", "ahead", "forward", "forwards", "rush", "sooner"})


@frame(
    "verb:set|nudge|play? WHO+ degree? move:timing degree? IN?",
    "WHO+ amount:ms move:timing",
    "verb:set|nudge|lay? WHO+ amount:ms move:timing|way|level?",
    "verb:nudge|lay WHO+ degree? move:level degree? IN?",
)
def shift_timing(m: Match) -> Sequence[Call]:
    """Earlier or later, in ms."""
    if not m.named:
        raise NotThere("which part? such as: the hats 10 ms later")
    order = [one.sense.kind for one in m.filled]
    if any(order[at : at + 3] == ["part", "move", "part"] for at in range(len(order))):
        raise NotThere("behind it in level, or in time? such as: the organ 2 dB quieter, or 10 ms later")
    ms = m.amount.value if m.amount is not None else 10 * m.degree
    if not m.has("amount") and any(sense.key == "level" for sense in m.all("move")) and not moves_in_time(m):
        raise NotThere("in time, or in level? such as: the snare 5 ms earlier, or 1 dB louder")
    early = {one.span.text.casefold() for one in m.filled} & {
        "early",
        "earlier",
        "ahead",
        "forward",
        "forwards",
        "rush",
        "sooner",
    }
    timing = [sense.value for sense in m.all("move") if sense.key == "timing"]
    sign = m.amount.sign if m.amount is not None else 0
    if sign < 0 and (early or timing):
        raise NotThere("earlier or later? such as: the snare 5 ms earlier")
    way = -1 if early or sign < 0 else timing[0] if timing else 1
    return [m.call("timing shift", tracks=m.who(), ms=way * ms)]


@frame(
    "verb:split WHO+ rate IN?",
    "verb:set|play|add|keep? WHO+ verb:play? rhythm only? IN?",
    "verb:set|play? WHO+ rate verb:play? only? IN?",
    "WHO+ only rhythm IN?",
    "verb:set|play? rhythm WHO+ IN?",
    "rate WHO+ IN?",
)
def rhythm(m: Match) -> Sequence[Call]:
    """A rhythm: eighths, on 2 and 4, euclidean."""
    sense = m.get("rhythm") or m.get("rate")
    assert sense is not None
    if any(one.sense.key == "keep" for one in m.filled[1:]):  # "open hats on the offbeats, the closed ones can stay"
        raise NotThere("which of them stays as it is?")
    if m.parts() and not any(part.ids for part in m.parts()) and not m.scope:
        return [m.call("part add", words=part.words, beats=str(sense.value)) for part in m.parts()]
    return [m.call("rhythm set", tracks=m.who(), pattern=str(sense.value))]


@frame(
    "verb:add? degree? topic:ghost WHO+ IN?", "degree? move:way topic:ghost WHO* IN?", "neg topic:ghost WHO*", cost=-0.1
)
def ghosts(m: Match) -> Sequence[Call]:
    """Ghost notes, more or fewer."""
    way = -1 if m.has("neg") else (m.way("move") or 1)
    return [m.call("rhythm ghost", tracks=m.who() if m.named else "drums", by=way * m.degree)]


@frame("verb:set|play? word:half_time|double_time part* whole/pronoun* IN?", "part+ word:half_time|double_time IN?")
def time_feel(m: Match) -> Sequence[Call]:
    """Half time or double time: the drums, or the parts that are named."""
    sense = m.get("word")
    assert sense is not None
    return [m.call(f"rhythm {sense.key.removesuffix('_time')}", tracks=m.who() if m.parts() else "drums")]


@frame("part+ amount:fast IN?", "verb:set part+ amount:fast IN?")
def times_as_fast(m: Match) -> Sequence[Call]:
    """ "hats twice as fast": that many times the notes."""
    assert m.amount is not None
    return [m.call("density", tracks=m.who(), factor=m.amount.value)]


@frame(
    "verb:add|set|play|want? degree? adj:energy? fill part* ending",
    "verb:add|set|play|want? degree? adj/move/trait? fill part* ending",
    "verb:add|set? fill part* scope? where?",
    "fill scope",
    "verb:add? fill part* where scope:section",
    "verb:add|set? fill scope scope:section",
)
def fill(m: Match) -> Sequence[Call]:
    """A fill: every so many bars, at the end, in a bar, before a section; in a song where it is heard."""
    sense, where = m.get("fill"), m.get("where")
    scope = m.get("scope", "ending")
    assert sense is not None
    arguments: dict[str, object] = {"tracks": m.who() if m.parts() else "drums"}
    if sense.key != "any":
        arguments["kind"] = sense.key
    song = bool(m.ground.project.arrangement)
    if scope is not None and scope.key == "every":
        every = int(scope.value.text.removeprefix("every"))
        return [Call("rhythm fill", arguments | ({"in": f"every{every}"} if song else {"every": every}))]
    if scope is not None:
        first, _, last = scope.value.text.partition("-")
        if scope.key == "bars" and last.isdigit() and first != last and any(s.key == "set" for s in m.all("verb")):
            raise NotThere("a fill is one bar long; in which? such as: a fill in bar 16")
        bars = _fill_bars(m, scope, where)
        if not bars:
            raise NotThere("it begins there: nothing comes before it")
        if song:
            return [Call("rhythm fill", arguments | {"in": as_text([(bar, bar) for bar in bars])})]
        return [Call("rhythm fill", arguments | {"at": bar}) for bar in bars]
    if where is not None and where.key != "end":
        raise NotThere("where? such as: a fill every 4 bars, a fill before the drop")
    return [Call("rhythm fill", arguments | ({"in": "last1"} if song and where is not None else {}))]


def _fill_bars(m: Match, scope: Sense, where: Sense | None) -> list[int]:
    """Return the bars of a fill: the last of each stretch, or the ones before; of several alike the first."""
    bar_of = m.ground.project.meter_map.bar_of
    words = set(scope.value.words.casefold().split())
    ahead = (where is not None and where.key == "before") or scope.value.words.casefold().startswith("into ")
    found = find_scope(m.ground.project, scope.value.text).stretches
    bars = [bar_of(one.start_ticks) if ahead else bar_of(one.end_ticks - 1) + 1 for one in found]
    several = scope.kind == "ending" or "," in scope.value.text
    several = several or bool(words & {*EACH, f"{scope.value.text}s", f"{scope.value.text}es"})
    return [bar for bar in (bars if several else bars[:1]) if bar > 0]


@frame("^verb:thin part/pronoun/whole/excepted+ verb:mute? degree? IN?")
def thin_out(m: Match) -> Sequence[Call]:
    """Fewer notes: "thin the hats out"."""
    if not m.named:
        return [m.call("mood", dimension="density", by=-m.degree)]
    return [m.call("density", tracks=m.who(), by=-m.degree)]


@frame(
    "verb:set|play? WHO+ degree? move:velocity degree? IN?",
    "verb:set|play? scope degree? move:velocity degree?",
    "degree? move:level|energy topic:velocity WHO+ IN?",
)
def harder_hits(m: Match) -> Sequence[Call]:
    """Harder or softer hits."""
    return [m.call("velocity", tracks=m.who() if m.named else "all", by=round(10 * m.way("move") * m.degree))]


@frame(
    "verb:remove|mute word:alternate topic:density? part+ topic:density? IN?",
    "word:alternate part+ verb:remove|mute IN?",
    cost=-0.2,
)
def every_other(m: Match) -> Sequence[Call]:
    """ "remove every second hat": half as many."""
    return [m.call("density", tracks=m.who(), factor=0.5)]


@frame("neg verb:double part+", cost=0.1)
def no_doubling(m: Match) -> Sequence[Call]:
    """Half as many where they are doubled: "no double kick"."""
    return [m.call("density", tracks=m.who(), factor=0.5)]


@frame("verb:ratchet WHO+ amount:times? degree? IN?")
def ratchet(m: Match) -> Sequence[Call]:
    """Each note struck several times: "ratchet the clap twice"."""
    count = round(m.amount.value) if m.amount is not None else 2
    return [m.call("ratchet", tracks=m.who(), count=count)]


@frame(
    "verb:nudge|set? part+ move:tempo degree? IN?",
    "move:tempo degree? part+ IN?",
    "move:tempo part+ move:way degree? IN?",
    "verb:halve|double topic:tempo part+ IN?",
)
def pace_of_part(m: Match) -> Sequence[Call]:
    """One part slower or faster: half or twice as many notes."""
    slower = any(sense.key == "tempo" and sense.value < 0 for sense in m.all("move"))
    slower = slower or any(sense.key == "halve" for sense in m.all("verb"))
    if audio := of_clips(m, "clip stretch", factor=2.0 if slower else 0.5):
        return audio
    return [m.call("density", tracks=m.who(), factor=0.5 if slower else 2.0)]


@frame(
    "verb:humanize topic:velocity WHO* degree?",
    "verb:humanize|vary WHO* topic:velocity degree?",
    "verb:set? WHO* topic:velocity move:looseness",
    "verb:set? degree? move:looseness topic:velocity WHO*",
    "verb:vary topic:velocity WHO*",
    "verb:set? topic:velocity WHO+ verb:vary move:way?",
)
def loose_velocity(m: Match) -> Sequence[Call]:
    """Velocities that differ."""
    return [m.call("velocity", tracks=m.who() if m.named else "all", humanize=round(15 * m.degree))]


@frame(
    "verb:set WHO+ topic:density? word:equal",
    "verb:set? topic:velocity WHO+ word:equal",
    "word:equal topic:velocity WHO+",
    "WHO+ topic:density? word:equal",
)
def equal_velocity(m: Match) -> Sequence[Call]:
    """Every hit at the same strength."""
    return [m.call("velocity", tracks=m.who(), spread=0)]


@frame(
    "verb:set? topic:velocity WHO+ amount:bare|percent IN?",
    "verb:set? WHO+ topic:velocity amount:bare IN?",
    "verb:set? topic:velocity WHO+ move:way amount:bare|percent IN?",
    "move:way topic:velocity WHO+ amount:bare|percent IN?",
)
def set_velocity(m: Match) -> Sequence[Call]:
    """A velocity, 1 to 127, or so much more or less."""
    assert m.amount is not None
    if m.has("move") and m.amount.mode != "to":
        if m.unit == "percent":
            return [m.call("velocity", tracks=m.who(), factor=round(1 + m.way() * m.amount.value / 100, 4))]
        return [m.call("velocity", tracks=m.who(), by=int(m.way() * m.amount.value))]
    if m.amount.mode == "by" or m.amount.sign:
        return [m.call("velocity", tracks=m.who(), by=int(m.amount.signed))]
    return [m.call("velocity", tracks=m.who(), value=int(m.amount.value))]


@frame("verb:arpeggiate WHO+ rate? way? rate? IN?", cost=-0.1)
def arpeggiate(m: Match) -> Sequence[Call]:
    """Chords broken into their notes, "up and down" or another way."""
    rate, way = m.get("rate"), m.get("way")
    given = {"rate": str(rate.value) if rate is not None else None, "way": way.key if way is not None else None}
    return [m.call("arpeggiate", tracks=m.who(), **given)]


@frame("verb:reverse WHO+ IN?", "verb:set|play WHO+ verb:reverse IN?")
def reverse(m: Match) -> Sequence[Call]:
    """Notes backwards; audio too."""
    return of_clips(m, "clip reverse") or [m.call("reverse", tracks=m.who())]


@frame("verb:set? topic:probability WHO+ amount:percent", "amount:percent topic:probability WHO+")
def probability(m: Match) -> Sequence[Call]:
    """How likely notes are."""
    assert m.amount is not None
    return [m.call("probability", tracks=m.who(), percent=m.amount.value)]


@frame("verb:transpose|set part+ note", cost=-0.3)
def tune(m: Match) -> Sequence[Call]:
    """A drum or a part tuned to a note."""
    sense = m.get("note")
    assert sense is not None
    return [Call("tune", {"tracks": m.who(), "note": str(sense.value)})]
