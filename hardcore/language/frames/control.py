"""Frames of the studio itself: undo and redo, play and stop, save, export, title."""

from collections.abc import Sequence

from hardcore.knowledge.targets import target
from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import Call
from hardcore.project.scope import find_scope, section_bars


@frame(
    "verb:undo whole/pronoun*",
    "verb:undo word:last? amount:bare? word:changes?",
    "verb:undo amount:times",
    "verb:nudge|bring word:last amount:bare? word:changes? word:back",
    "neg? verb:undo",
)
def undo(m: Match) -> Sequence[Call]:
    """Take back the last step, or several; "don't go back" asks for nothing."""
    if any(one.sense.kind == "neg" and one.span.text.casefold() != "no" for one in m.filled):
        raise NotThere("nothing is taken back")
    count = int(m.amount.value) if m.amount is not None else 1
    if count < 1 or count != (m.amount.value if m.amount is not None else 1):
        raise NotThere("how many steps?")
    return [Call("undo", {})] * min(count, 50)


@frame("verb:undo only word:last? part+ word:changes?", "verb:undo only? word:last? part+ word:changes", cost=0.1)
def undo_part(m: Match) -> Sequence[Call]:
    """Take back what the last change of a part did to it, and nothing that came after it."""
    return [Call("history revert", {"step": track}) for track in m.ids(bus=True)]


@frame("verb:redo whole/pronoun*")
def redo(m: Match) -> Sequence[Call]:
    """Do again what was taken back."""
    return [Call("redo", {})]


@frame("verb:play whole/pronoun* again? verb:play?")
def play(m: Match) -> Sequence[Call]:
    """Play."""
    return [Call("play", {})]


@frame(
    "verb:play word:from_top", "word:from_top", "verb:play whole/pronoun* again? verb:play? word:from_top", cost=-0.2
)
def play_from_start(m: Match) -> Sequence[Call]:
    """From the beginning."""
    return [Call("play", {"place": "1"})]


@frame("verb:loop only? scope", "verb:loop amount:bars")
def loop(m: Match) -> Sequence[Call]:
    """Repeat a stretch."""
    sense = m.get("scope")
    if sense is None:
        assert m.amount is not None
        return [Call("loop", {"place": "1", "bars": int(m.amount.value)})]
    found = find_scope(m.ground.project, sense.value.text).stretches[0]
    bar_of = m.ground.project.meter_map.bar_of
    first, last = bar_of(found.start_ticks) + 1, bar_of(found.end_ticks - 1) + 1
    return [Call("loop", {"place": str(first), "bars": last - first + 1})]


@frame("verb:set|add format")
def make_file(m: Match) -> Sequence[Call]:
    """A file of a format."""
    return export(m)


@frame(
    "verb:set|nudge|keep? topic:crossfader side", "verb:set|nudge? topic:crossfader move:way? amount:percent", cost=-0.2
)
def crossfader(m: Match) -> Sequence[Call]:
    """ "crossfader to the left", "the crossfader half way": between side A and side B."""
    side = m.get("side")
    if side is not None:
        return [Call("crossfade", {"place": float(side.value)})]
    assert m.amount is not None
    if m.amount.mode == "by" or m.has("move"):
        raise NotThere("to which place? such as: crossfader to the left, crossfader to the middle")
    return [Call("crossfade", {"place": m.amount.signed / 100})]


@frame("verb:stop whole/pronoun*")
def stop(m: Match) -> Sequence[Call]:
    """Stop."""
    return [Call("stop", {})]


@frame("verb:pause whole/pronoun*")
def pause(m: Match) -> Sequence[Call]:
    """Pause."""
    return [Call("pause", {})]


@frame("verb:set? topic:metronome verb:unmute|mute|set?", "verb:unmute|mute topic:metronome")
def metronome(m: Match) -> Sequence[Call]:
    """The click on or off."""
    off = any(sense.key == "mute" for sense in m.all("verb"))
    return [Call("metronome", {"on": "off" if off else "on"})]


@frame("verb:save whole/pronoun*")
def save(m: Match) -> Sequence[Call]:
    """Save the project."""
    return [Call("save", {})]


@frame(
    "verb:export only? scope? whole/pronoun* word:as? format* amount:bits|khz|hz* target? stems? word:as?",
    "verb:export stems whole/pronoun* format? target?",
    "verb:save whole/pronoun* word:as? format target? stems?",
)
def export(m: Match) -> Sequence[Call]:
    """Export a file named after the piece: formats, where it goes, bits and rate as said."""
    goes = m.get("target")
    plain = target(goes.key).format if goes else "wav"
    first, *others = [sense.key for sense in m.all("format")] or [plain]
    title = "-".join(m.ground.project.title.split()) or "song"
    arguments: dict[str, object] = {"file": f"{title}.{first}"}
    if goes:
        arguments["for"] = goes.key
    if (sense := m.get("scope")) is not None:
        find_scope(m.ground.project, sense.value.text).bars(m.ground.project)  # one stretch, or it says so
        named = "-".join(sense.value.text.split())
        arguments |= {"file": f"{title}-{named}.{first}", "only": sense.value.text}
    if others:
        arguments["also"] = ",".join(others)
    for sense in m.all("amount"):
        if sense.key == "bits":
            arguments["depth"] = f"{sense.value.value:g}"
        elif sense.value.value >= 8000:
            arguments["rate"] = int(sense.value.value)
    return [Call("export", arguments | ({"stems": True} if m.has("stems") else {}))]


# words for playing that start nothing: "let it hit on the drop"
_STRIKES = frozenset({"hit", "hits", "land", "lands", "sing", "sings"})


@frame("verb:seek scope:section|bar|bars|at", "verb:play scope:section|bar|from|at")
def seek(m: Match) -> Sequence[Call]:
    """Go to a section or bar; "play from" plays there."""
    sense = m.get("scope")
    assert sense is not None
    text = sense.value.text
    if any(one.span.text.casefold().split()[0] in _STRIKES for one in m.filled if one.sense.kind == "verb"):
        raise NotThere("play from there? such as: play from the drop")
    rows = {name.casefold(): first for name, first, _ in section_bars(m.ground.project)}
    bar = rows.get(text.casefold()) or (int(text.split("-")[0]) if text.split("-")[0].isdigit() else 0)
    if not bar:
        raise NotThere(f"there is no {text} here")
    verb = m.get("verb")
    words = " ".join(one.span.text.casefold() for one in m.filled)
    goes = any(one.sense.kind == "verb" and one.span.text.casefold() == "go" for one in m.filled)
    plays = (verb is not None and verb.key == "play" and not goes) or "play" in words or "start" in words
    return [Call("play" if plays else "seek", {"place": str(bar)})]
