"""Notes by name: "play C4 Eb4 G4 on the bass" sounds them at once."""

import re

from hardcore.language.guard import Footprint
from hardcore.language.plan import Call, Plan
from hardcore.project.roles import UNTUNED
from hardcore.project.state import ProjectState

_NOTE = r"[a-g](?:#|b)?-?\d"
_PLAYED = re.compile(
    rf"(?:play|strike|sound) (?P<notes>{_NOTE}(?:(?:,? and|,)? {_NOTE})*)(?: (?:on|with) (?:the )?(?P<track>.+))?",
    re.IGNORECASE,
)


def named_notes(text: str, project: ProjectState) -> Plan | None:
    """Return the plan of a sentence that names notes to be heard now, or None.

    Without a track they sound on the first that hears a keyboard, else on the first that plays pitches.
    """
    match = _PLAYED.fullmatch(text.strip().rstrip(".!"))
    if match is None:
        return None
    notes = " ".join(re.findall(_NOTE, match["notes"], re.IGNORECASE))
    said = (match["track"] or "").casefold()
    played = [track for track in project.tracks if track.instrument is not None]
    heard = [track for track in played if track.midi_in is not None]
    pitched = [track for track in played if track.role not in UNTUNED]
    named = [track for track in played if track.name.casefold() == said]
    found = named if said else (heard or pitched or played)
    if not found:
        return None
    call = Call("play notes", {"track": found[0].id, "notes": notes}, text)
    return Plan((call,), Footprint(parts=frozenset(), whole=False))
