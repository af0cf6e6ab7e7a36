"""Names: sentences that end in a name of the user's own, "save this as night drive", "call it Blue"."""

import re

from hardcore.language.guard import ANYTHING, Footprint
from hardcore.language.plan import Call, Plan
from hardcore.language.referents import Ground
from hardcore.language.spans import Part
from hardcore.project.scope import section_bars

_LEAD = r"^(?:please |ok(?:ay)?,? |now |can you |could you )*"
_THIS = (
    r"(?:it|this (?:song|track|piece|tune|project|thing|one)|this|that|the (?:song|track|piece|project|thing)"
    r"|my (?:song|track|project))"
)
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
# "call the bass rumble": the last word is the name
_CALLED = re.compile(
    rf"{_LEAD}(?:rename|call|name) (?:the )?(?P<what>[\w ]+?)(?: (?:track|part|section))? (?P<name>[\w-]+)$",
    re.IGNORECASE,
)
_SOUND = r"(?:wav|aiff?|flac|ogg|mp3|midi?)"
_IMPORT = re.compile(
    rf"{_LEAD}(?:import|load|bring in|drop in|add|use)(?: in)?(?: (?:the|a|an|my|this))?(?: (?:audio|wav|midi))?"
    rf"(?: (?:file|sample|sound|loop|recording|stem))?(?: (?:called|named))?"
    rf" (?P<quote>[\"']?)(?P<file>[^\"']+?\.{_SOUND})(?P=quote)(?: (?:at|in|into|from) bar (?P<bar>\d+))?"
    rf"(?: (?:on|onto|into|to)(?: the)?(?: track)? (?P<track>[\w-]+)(?: track)?)?$",
    re.IGNORECASE,
)
_POLITE = re.compile(r"[,.!]*(?: please| thanks| thank you| pls)?[.!]*$", re.IGNORECASE)
_NO_NAME = re.compile(r"^(?:an? |the )?(?:wav|mp3|flac|ogg|midi|stems?|\d+ ?bit\b.*)(?: file)?$", re.IGNORECASE)


def given_name(text: str, ground: Ground) -> Plan | None:
    """Return the plan of a sentence that gives the piece, its file, a track or a section a name, or None."""
    if (found := _IMPORT.match(_POLITE.sub("", text))) is not None:
        given = {"file": found["file"], "track": found["track"], "at": found["bar"]}
        arguments = {name: value for name, value in given.items() if value is not None}
        return Plan((Call("import", arguments, text),), ANYTHING)
    for pattern, command in ((_SAVE, "save-as"), (_TITLE, "title")):
        match = pattern.match(text)
        name = _POLITE.sub("", match["name"]).strip(" \"'") if match else ""
        if match and name and not _NO_NAME.match(name):
            argument = {"file": f"{'-'.join(name.split())}.hcs"} if command == "save-as" else {"name": name}
            return Plan((Call(command, argument, text),), Footprint())
    return _renamed(text, ground)


def _renamed(text: str, ground: Ground) -> Plan | None:
    """Return the plan of "rename the pluck to stab", of a track or a section, or None."""
    match = _RENAME.match(text) or _CALLED.match(_POLITE.sub("", text))
    if match is None:
        return None
    given = match.groupdict()
    name = _POLITE.sub("", given["name"] or given.get("quoted") or "").strip(" \"'")
    if not name:
        return None
    sections = [row[0] for row in section_bars(ground.project) if row[0].casefold() == match["what"].casefold()]
    if sections:
        return Plan((Call("section rename", {"section": sections[0], "name": name}, text),), Footprint())
    parts = [sense.value for sense in ground.parts().means(match["what"]) if isinstance(sense.value, Part)]
    if parts and len(parts[0].ids) == 1:
        return Plan((Call("track rename", {"track": parts[0].ids[0], "name": name}, text),), Footprint())
    return None
