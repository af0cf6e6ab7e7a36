"""Frames of one chord of the progression: "change the third chord to F minor", "the last chord a major seventh"."""

import re
from collections.abc import Sequence

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.nestedscopes import as_text, stretches
from hardcore.language.plan import Call
from hardcore.project.scope import length_bars

_ROOT = re.compile(r"[A-G][#b]?")
_ANOTHER = "which chord instead? such as: the third chord to Dm"


@frame(
    "verb:set|swap|play|use|transpose? nth_chord scope:section? chord",
    "verb:set|swap|play|use|transpose? nth_chord scope:section? key:key quality?",
    "verb:set|swap|play|use|add? nth_chord scope:section? quality",
    "verb:swap|use|play chord nth_chord scope:section?",
    "verb:set|use|play? quality nth_chord scope:section?",
    cost=-0.3,
)
def change_chord(m: Match) -> Sequence[Call]:
    """Another chord in one place of the progression, wherever that comes round; the others stay."""
    from hardcore.compose.edits.chords import chord_at

    nth, scope = m.get("nth_chord"), m.get("scope")
    assert nth is not None
    project = m.ground.project
    if project.arrangement and scope is None:
        raise NotThere("of which section? such as: the last chord of the chorus to Am")
    where = stretches(project, scope) if scope is not None else [(1, length_bars(project))]
    name, bars = chord_at(project, where, int(nth.value))
    new = m.get("chord", "key")
    quality = m.get("quality")
    root = _ROOT.match(str(new.value if new is not None else name))
    if root is None:
        raise NotThere(_ANOTHER)
    if new is not None and new.kind == "chord":
        wanted = str(new.value)
    elif quality is not None:
        minor = new is not None and "minor" in str(new.value) and str(quality.value) in ("7", "9", "6")
        wanted = f"{root[0]}{'m' if minor else ''}{quality.value}"
    else:
        wanted = root[0] + ("m" if "minor" in str(new and new.value) else "")
    if wanted == name:
        raise NotThere(f"that chord is {name} already")
    return [Call("chords set", {"names": wanted, "in": as_text([(bar, bar) for bar in bars])})]


@frame(
    "verb:extend|keep|pause|cut|remove|mute nth_chord scope:section? amount:bars|beats?",
    "verb:vary|swap|set nth_chord scope:section?",
)
def other_chord_edit(m: Match) -> Sequence[Call]:
    """What no command does to one chord: hold it, leave it out, another one."""
    raise NotThere("one chord can become another one; to hold one name them all, one a bar: Am Am F G")
