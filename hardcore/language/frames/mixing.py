"""Frames of effects: add, remove, bypass, more and less of them, their parameters, filters, EQ."""

from collections.abc import Sequence

from hardcore.language.frames.equaliser import LOWEST_HZ
from hardcore.language.frames.frame import Match, NotThere, frame, over
from hardcore.language.plan import CREATED, Call
from hardcore.language.spans import Part

_EVERYWHERE = ("reverb", "delay")
_DUCKED_DB = 18  # what a side-chain turns down by where nothing says how far
_RATED = ("compressor", "tremolo", "phaser", "chorus", "flanger", "autopan")


def effect_of(m: Match) -> str:
    """Return the effect a clause names."""
    sense = m.get("fx", "verbfx")
    assert sense is not None
    return sense.key


@frame(
    "verb:add|set? degree? fx+ prep? WHO+ degree? IN?",
    "verbfx WHO+ degree? also? IN?",
    "verbfx WHO+ verb:mute? fx IN?",
    "verbfx WHO+ verb:mute? degree* IN?",
    "WHO+ verb:add fx degree? IN?",
    "move:way fx WHO+ verb:add degree? IN?",
    cost=0.05,
)
def add_effect(m: Match) -> Sequence[Call]:
    """Put an effect on parts; of reverb and delay more, where there is some already."""
    if not m.named and not m.has("whole", "master"):
        raise NotThere("on which part?")
    effect = m.get("fx") or m.get("verbfx")
    assert effect is not None
    if any(one.sense.key == "mute" and one.span.text.casefold() != "out" for one in m.filled):
        raise NotThere("on or off? such as: no sidechain on the bass")  # the "out" of "wash out" only
    all_of_it = m.has("whole") and not m.has("part", "excepted")
    tracks = m.ground.master() if all_of_it else m.who(bus=True)
    return [
        m.call("effect change", tracks=m.who(bus=True), effect=one.key, steps=m.degree)
        if one.key in _EVERYWHERE
        else m.call("effect add", tracks=tracks, effect=one.key)
        for one in m.all("fx") or [effect]
    ]


@frame(
    "verbfx:sidechain part word:above? part degree? IN?",
    "degree verbfx:sidechain part part",
    "verbfx:sidechain part amount:db? word:when part word:hits",
    "verbfx:sidechain part amount:db part",
    "verbfx:sidechain pronoun part degree?",
    "verb:add|set? fx:sidechain part part degree?",
    cost=-0.3,
)
def sidechain(m: Match) -> Sequence[Call]:
    """One part ducks for another: "sidechain the lead to the kick", "let the kick duck the bass"."""
    *parts, second = m.parts()[:2]
    first = parts[0] if parts else Part("it", m.before or m.ground.last)
    if not first.ids or not second.ids:
        raise NotThere("which part ducks for which?")
    ducks = any(one.sense.kind == "verbfx" and one.span.text.casefold() == "duck" for one in m.filled)
    verb_at = next((at for at, one in enumerate(m.filled) if one.sense.kind == "verbfx"), 0)
    ducked, by = (second, first) if ducks and verb_at == 1 else (first, second)
    if len(by.ids) > 1:
        raise NotThere(f"{by.words} are several parts; one leads")
    amount = float(round(min(_DUCKED_DB * m.degree, 60.0))) if m.has("degree") else None
    amount = abs(m.amount.value) if m.amount is not None else amount
    return [m.call("effect sidechain", tracks=",".join(ducked.ids), by=by.ids[0], amount=amount)]


@frame(
    f"verb:add|set? degree? fx:{'|'.join(_RATED)} prep? WHO+ amount:hz|ratio degree?",
    f"verbfx:{'|'.join(_RATED)} WHO+ amount:hz|ratio",
    cost=-0.05,
)
def effect_at(m: Match) -> Sequence[Call]:
    """ "a tremolo on the pad at 4 Hz", "compress the drums 4:1": an effect with its rate or ratio."""
    effect = m.get("fx", "verbfx")
    assert effect is not None and m.amount is not None
    name = "ratio" if m.unit == "ratio" else "rate"
    if (name == "ratio") != (effect.key == "compressor"):
        raise NotThere(f"{effect.key} has no {name}")
    value, with_it, without = m.amount.value, list[str](), list[str]()
    for one in m.ids(bus=True):
        there = not one.startswith(CREATED) and any(e.device == effect.key for e in m.ground.track(one).effects)
        (with_it if there else without).append(one)
    changed = m.call("effect change", tracks=",".join(with_it), effect=effect.key, parameter=name, to=value)
    added = m.call("effect add", tracks=",".join(without), effect=effect.key, settings={name: value})
    return [*([changed] if with_it else []), *([added] if without else [])]


@frame("verb:add|set? degree? fx prep? WHO+ adj/move:tempo", "verb:add|set? adj/move:tempo fx prep? WHO+", cost=-0.3)
def effect_with_pace(m: Match) -> Sequence[Call]:
    """ "a slow phaser on the chords" says no rate."""
    raise NotThere(f"how slow or fast? such as: {effect_of(m)} rate 0.5 hz")


@frame("verb:glue WHO* word:together? fx:compressor?")
def glue(m: Match) -> Sequence[Call]:
    """Glue: a compressor on the master, or on the parts that are named."""
    tracks = m.who(bus=True) if m.parts() else m.ground.master()
    return [m.call("effect add", tracks=tracks, effect="compressor")]


@frame("verb:remove|mute|nudge fx verb:mute? WHO+ IN?", "neg fx WHO* IN?", "verb:remove|mute fx", "WHO+ neg fx IN?")
@frame("fx verb:mute WHO+ IN?", cost=-0.1)
def remove_effect(m: Match) -> Sequence[Call]:
    """Take an effect off."""
    nudges = [one for one in m.filled if one.sense.key == "nudge"]
    if nudges and nudges[0].span.text.casefold() not in ("take", "pull"):
        raise NotThere("on or off? such as: no reverb on the bass")
    return [m.call("effect remove", tracks=m.who(bus=True), effect=effect_of(m))]


@frame("neg fx neg fx WHO+ IN?")
def remove_two_effects(m: Match) -> Sequence[Call]:
    """ "no reverb no delay on the drums"."""
    return [m.call("effect remove", tracks=m.who(bus=True), effect=one.key) for one in m.all("fx")]


@frame("verb:bypass fx WHO*", "verb:unmute fx WHO*", cost=0.05)
def bypass(m: Match) -> Sequence[Call]:
    """An effect out of the way, or back: "bypass the compressor on the drums"."""
    state = "off" if any(sense.key == "unmute" for sense in m.all("verb")) else "on"
    effect = effect_of(m)
    tracks = m.ids(bus=True) if m.named else [track.id for track in m.ground.project.tracks]
    there = [one for one in tracks if any(e.device == effect for e in m.ground.track(one).effects)]
    if not there:
        raise NotThere(f"there is no {effect}" + (" on it" if m.named else ""))
    return [m.call("effect bypass", tracks=",".join(there), effect=effect, state=state)]


@frame("verb:remove word:effects WHO*", "WHO+ neg word:effects")
def remove_effects(m: Match) -> Sequence[Call]:
    """Take every effect off."""
    return [m.call("effect remove", tracks=m.who(bus=True), effect="all")]


@frame(
    "verb:set|nudge? degree? move:way fx WHO* degree? also? IN?",
    "WHO+ degree? move:way fx IN?",
    "neg move:way fx IN?",
    "too degree? fx WHO* IN?",
    "verb:halve|double fx WHO* IN?",
    "amount:times fx WHO* IN?",
    "verb:set|nudge? fx WHO* move:way amount:times|percent IN?",
    "move:way fx WHO* amount:times|percent IN?",
)
def change_effect(m: Match) -> Sequence[Call]:
    """More or less of an effect; without a part, of it everywhere."""
    if m.parts() and all(m.ground.parameter(one, effect_of(m)) for one in m.ids()):
        raise NotThere("that is a parameter of its instrument")
    tracks = m.who(bus=True) if m.named else "all"
    verb = m.get("verb")
    if m.amount is not None:
        share = m.amount.value / 100 if m.unit == "percent" else m.amount.value
        if m.has("move") and (m.unit == "percent" or share < 1):
            share = 1 + m.way("move") * share
        if share <= 0 or (m.amount.mode == "to" and m.unit == "percent"):
            raise NotThere("to what? such as: reverb mix 30 %, half the reverb on the clap")
        return [m.call("effect change", tracks=tracks, effect=effect_of(m), factor=round(share, 4))]
    if verb is not None and verb.key in ("halve", "double"):
        return [
            m.call("effect change", tracks=tracks, effect=effect_of(m), factor=2.0 if verb.key == "double" else 0.5)
        ]
    way = -1 if m.has("neg") or m.has("too") else m.way("move")
    return [m.call("effect change", tracks=tracks, effect=effect_of(m), steps=way * m.degree)]


@frame(
    "verb:set? fx:delay WHO* amount:ms|seconds",
    "verb:set? fx:delay WHO* rate",
    "verb:set? param:rate|time fx:delay WHO* rate",
    cost=-0.5,
)
def delay_time(m: Match) -> Sequence[Call]:
    """ "delay 300 ms", "delay to 1/8": when it echoes."""
    rate = m.get("rate")
    value = str(rate.value) if rate is not None else m.amount.value / (1000 if m.unit == "ms" else 1) if m.amount else 0
    tracks = m.who(bus=True) if m.named else "all"
    return [m.call("effect change", tracks=tracks, effect="delay", parameter="time", to=value)]


@frame("verb:set? fx WHO* amount:percent|bare", cost=-0.4)
def how_much(m: Match) -> Sequence[Call]:
    """ "reverb 30 %" says not of what; a filter at a number is at so many hertz."""
    amount = m.amount
    assert amount is not None
    if effect_of(m) == "filter" and m.unit == "bare" and m.named and amount.value >= LOWEST_HZ and not amount.sign:
        return filter_down(m)
    raise NotThere("of what? such as: reverb mix 30 %, more reverb on the clap")


@frame(
    "verb:set? fx param WHO* amount IN?",
    "verb:set? param fx WHO* amount IN?",
    "verb:set? WHO+ fx param amount IN?",
)
def set_effect(m: Match) -> Sequence[Call]:
    """A figure for a parameter of an effect: "reverb decay 4 seconds"."""
    parameter, amount = m.get("param"), m.amount
    assert parameter is not None and amount is not None
    if m.unit in ("bars", "beats"):
        raise NotThere(f"{parameter.key.replace('_', ' ')} has no length in {m.unit}")
    value = (
        amount.value / 1000
        if m.unit == "ms" and parameter.key in ("time", "attack", "release", "decay")
        else amount.signed
    )
    tracks = m.who(bus=True) if m.named else "all"
    if m.unit == "times":
        return [m.call("effect change", tracks=tracks, effect=effect_of(m), parameter=parameter.key, factor=value)]
    which = "by" if amount.mode == "by" else "to"
    if any("through" in one.span.lead.split() for one in m.filled):  # it goes there, and that is how it is to be
        raise NotThere(
            f"one thing, then the other: more {effect_of(m)} on it, {effect_of(m)} {parameter.key} to a value"
        )
    return [m.call("effect change", tracks=tracks, effect=effect_of(m), parameter=parameter.key, **{which: value})]


@frame(
    "verb:set? move:way param fx WHO* degree? IN?",
    "verb:set? WHO+ fx move:way param degree? IN?",
    "move:way fx param WHO* degree? IN?",
)
def turn_effect(m: Match) -> Sequence[Call]:
    """More or less of a parameter of an effect."""
    parameter = m.get("param")
    assert parameter is not None
    tracks = m.who(bus=True) if m.named else "all"
    by = m.way("move") * m.degree
    return [m.call("effect change", tracks=tracks, effect=effect_of(m), parameter=parameter.key, steps=by)]


@frame(
    "verb:set|extend|cut? fx:reverb|delay degree? move:notelength degree? IN?",
    "move:notelength degree? fx:reverb|delay WHO*",
    "verb:extend|cut fx:reverb|delay WHO* amount:seconds|ms?",
    cost=-0.3,
)
def longer_tail(m: Match) -> Sequence[Call]:
    """A longer reverb rings longer; a longer delay echoes later."""
    effect = m.get("fx")
    assert effect is not None
    verb = m.get("verb")
    way = m.way("move") or (-1 if verb is not None and verb.key == "cut" else 1)
    name = "decay" if effect.key == "reverb" else "time"
    tracks = m.who(bus=True) if m.named else "all"
    if m.amount is not None:
        seconds = m.amount.value / (1000 if m.unit == "ms" else 1)
        which = {"by": way * seconds} if m.amount.mode == "by" else {"to": seconds}
        return [m.call("effect change", tracks=tracks, effect=effect.key, parameter=name, **which)]
    return [m.call("effect change", tracks=tracks, effect=effect.key, parameter=name, steps=way * m.degree)]


@frame("verbfx WHO+ degree? move:energy|drive degree? IN?", "verbfx move:energy|drive WHO+ degree? IN?", cost=-0.2)
def more_of_effect(m: Match) -> Sequence[Call]:
    """ "compress the drums harder": more of what is there already, or the effect where there is none."""
    effect = effect_of(m)
    there = [one for one in m.ids(bus=True) if not one.startswith(CREATED)]
    if m.way() > 0 and not any(e.device == effect for one in there for e in m.ground.track(one).effects):
        return [m.call("effect add", tracks=m.who(bus=True), effect=effect)]
    return [m.call("effect change", tracks=m.who(bus=True), effect=effect, steps=m.way() * m.degree)]


@frame("verbfx:limiter WHO+ amount:db|bare", "verb:add|set? fx:limiter WHO+ amount:db|bare", cost=-0.2)
def limit(m: Match) -> Sequence[Call]:
    """ "limit the master at -1": a limiter with that ceiling."""
    amount, ids = m.amount, m.ids(bus=True)
    assert amount is not None
    if amount.signed > 0 or amount.mode == "by":
        raise NotThere("at which ceiling? such as: limit the master at -1 db")
    it = {"tracks": m.who(bus=True), "effect": "limiter"}
    if all(any(e.device == "limiter" for e in m.ground.track(one).effects) for one in ids):
        return [Call("effect change", it | {"parameter": "ceiling", "to": amount.signed})]
    return [Call("effect add", it | {"settings": {"ceiling": amount.signed}})]


@frame("fx:filter WHO+ move:way? amount:hz IN?", cost=-0.1)
def filter_down(m: Match) -> Sequence[Call]:
    """ "filter the chords down to 500 Hz": the low-pass."""
    assert m.amount is not None
    return [m.call("filter", tracks=m.who(bus=True), side="low", hz=m.amount.value)]


@frame(
    "verb:filter|set|add? verb:filter WHO+ amount:hz|bare IN?", "verb:filter WHO* word:above? amount:hz|bare WHO* IN?"
)
def filter_at(m: Match) -> Sequence[Call]:
    """A high-pass or low-pass at a frequency; of the whole, on the master."""
    side = next(sense for sense in m.all("verb") if sense.key in ("high", "low") or sense.value in ("high", "low"))
    assert m.amount is not None
    tracks = m.who(bus=True) if m.named else m.ground.master()
    return [m.call("filter", tracks=tracks, side=str(side.value), hz=m.amount.value)]


@frame(
    "verb:open verb:ramp? WHO+ degree? IN?",
    "verb:open verb:ramp? fx:filter WHO* degree? IN?",
    "verb:open verb:ramp? degree? scope:section|bars|bar|from",
    "verb:ramp fx/param:filter|cutoff move:way? WHO* IN?",
    "verb:ramp move:way fx/param:filter|cutoff WHO* IN?",
    "verb:set? move:way param:cutoff WHO+ degree? IN?",
    cost=-0.1,
)
def open_filter(m: Match) -> Sequence[Call]:
    """Open or close the filter by a step; "over the build" or "slowly" it moves all the way, bar by bar."""
    verb = next((sense for sense in m.all("verb") if sense.key == "open"), None)
    way = int(verb.value) if verb is not None else m.way("move") or 1
    scope, stretch = m.get("scope"), over(m)
    if any(sense.key == "ramp" for sense in m.all("verb")):
        return [swept(m, way, scope.value.text if scope is not None else None)]
    if stretch is not None:
        return [swept(m, way, stretch)]
    return [m.call("filter", tracks=m.who(bus=True), side="low", by=way * m.degree)]


@frame("verb:open verb:ramp? fx:filter? WHO* degree? amount:bars", cost=-0.1)
def sweep_bars(m: Match) -> Sequence[Call]:
    """ "close the filter over 8 bars": the last ones of a song, the first of a loop."""
    verb = next((sense for sense in m.all("verb") if sense.key == "open"), None)
    assert verb is not None and m.amount is not None
    edge = "last" if m.ground.project.arrangement else "first"
    return [swept(m, int(verb.value), f"{edge}{int(m.amount.value)}")]


def swept(m: Match, way: int, stretch: str | None) -> Call:
    """Return the call that opens (1) or closes (−1) the filter over a stretch, or all of it."""
    where = {"over": stretch} if stretch else {}
    return Call("filter sweep", {"tracks": m.who(), "way": "open" if way > 0 else "close"} | where)


@frame("neg word:sends WHO+", "verb:remove|mute word:sends WHO+", cost=-0.1)
def no_sends(m: Match) -> Sequence[Call]:
    """ "no sends on the bass": what it sends to returns goes."""
    sent = {send.target for one in m.ids(bus=True) for send in m.ground.track(one).sends}
    effects = [effect.device for one in sorted(sent) for effect in m.ground.track(one).effects[:1]]
    if not effects:
        raise NotThere("it sends to no return")
    return [m.call("effect remove", tracks=m.who(bus=True), effect=effect) for effect in effects]


@frame("verb:nudge|add part+ fx:reverb|delay amount:db|bare", cost=-0.6)
def send_at(m: Match) -> Sequence[Call]:
    """ "send the bass to the reverb at -12 dB": the level of a send."""
    assert m.amount is not None
    effect = effect_of(m)
    if m.unit == "bare" and m.amount.sign >= 0:
        raise NotThere("at which level? such as: send the bass to the reverb at -12 db")
    returns = [track for track in m.ground.project.tracks if track.kind == "return"]
    to = next((track.id for track in returns if any(one.device == effect for one in track.effects)), None)
    if to is None:
        raise NotThere(f"there is no return with a {effect}")
    return [m.call("send", tracks=m.who(), to=to, gain_db=m.amount.signed)]


@frame("verb:add|set fx:filter WHO+ IN?", cost=-0.1)
def add_filter(m: Match) -> Sequence[Call]:
    """Put a filter on: an effect of the catalogue."""
    return [m.call("effect add", tracks=m.who(bus=True), effect="filter")]
