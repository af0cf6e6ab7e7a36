"""Names: sentences that end in a name of the user's own, "save this as night drive", "call it Blue"."""

import re

from hardcore.language.ground import Ground
from hardcore.language.guard import Footprint
from hardcore.language.plan import Call, Plan
from hardcore.language.spans import Part
from hardcore.project.scope import section_bars

_LEAD = r"^(?:please |ok(?:ay)?,? |now |can you |could you )*"
_THIS = r"(?:it|this|that|the (?:song|track|piece|project|thing)|my (?:song|track|project))"
_SAVE = re.compile(rf"{_LEAD}(?:save|store|keep)(?: {_THIS})? (?:as|under)(?: the name)? (?P<name>.+)$", re.IGNORECASE)
_TITLE = re.compile(
    rf"{_LEAD}(?:(?:call|name|title|rename) {_THIS}(?: to| as)?|(?:the |set the )?title(?: is| to|:)|name:)"
    r" (?P<name>.+)$",
    re.IGNORECASE,
)
_RENAME = re.compile(
    rf"{_LEAD}(?:rename|call|name) (?:the )?(?P<what>[\w ]+?)(?: (?:track|part|section))?"
    r" (?:(?:to|as|into) (?P<name>.+)|[\"'](?P<quoted>[^\"']+)[\"'])$",
    re.IGNORECASE,
)
_POLITE = re.compile(r"[,.!]*(?: please| thanks| thank you| pls)?[.!]*$", re.IGNORECASE)
_NO_NAME = re.compile(r"^(?:an? |the )?(?:wav|mp3|flac|ogg|midi|stems?|\d+ ?bit\b.*)(?: file)?$", re.IGNORECASE)


def given_name(text: str, ground: Ground) -> Plan | None:
    """Return the plan of a sentence that gives the piece, its file, a track or a section a name, or None."""
    for pattern, command in ((_SAVE, "save-as"), (_TITLE, "title")):
        match = pattern.match(text)
        name = _POLITE.sub("", match["name"]).strip(" \"'") if match else ""
        if match and name and not _NO_NAME.match(name):
            argument = {"file": f"{'-'.join(name.split())}.hcs"} if command == "save-as" else {"name": name}
            return Plan((Call(command, argument, text),), Footprint())
    return _renamed(text, ground)


def _renamed(text: str, ground: Ground) -> Plan | None:
    """Return the plan of "rename the pluck to stab", of a track or a section, or None."""
    match = _RENAME.match(text)
    name = _POLITE.sub("", match["name"] or match["quoted"]).strip(" \"'") if match else ""
    if match is None or not name:
        return None
    sections = [row[0] for row in section_bars(ground.project) if row[0].casefold() == match["what"].casefold()]
    if sections:
        return Plan((Call("section rename", {"section": sections[0], "name": name}, text),), Footprint())
    parts = [sense.value for sense in ground.parts().means(match["what"]) if isinstance(sense.value, Part)]
    if parts and len(parts[0].ids) == 1:
        return Plan((Call("track rename", {"track": parts[0].ids[0], "name": name}, text),), Footprint())
    return None
