"""Standing orders: "every 8 bars launch the next scene", "after 4 bars go to the drop".

Sentences that ask for something again and again are rules; what comes after the scene that plays is its follow action.
"""

import re

from hardcore.language.guard import Footprint
from hardcore.language.plan import Call, Plan

_LEAD = r"(?:please |ok(?:ay)?,? |now |can you |could you )*"
_COUNTS = {"second": 2, "other": 2, "two": 2, "third": 3, "three": 3, "four": 4, "six": 6, "eight": 8, "sixteen": 16}
_EVERY = rf"(?:every|each)(?: (?P<count>\d+|{'|'.join(_COUNTS)}))? (?P<unit>beat|bar)s?"
_WHEN = r"(?:when(?:ever)?|as soon as|each time|every time) (?:the )?"
_TIMES = (
    _EVERY,
    rf"(?:{_WHEN})(?:music|song|player|playback) (?P<state>starts|stops|pauses)",
    rf"(?:{_WHEN}|at (?:the )?)marker (?P<marker>[\w-]+)(?: (?:comes|is reached))?",
    rf"{_WHEN}(?P<marked>[\w-]+) marker (?:comes|is reached)",
)
_DEEDS = (
    (r"(?:launch|start|play) (?:the |an? )?(?P<beside>next|previous|random)(?: scene| one)?", "launch {beside}"),
    (r"launch (?:the )?(?:scene |clip )?(?P<target>[\w:-]+)", "launch {target}"),
    (r"(?P<stop>stop|pause)(?: it| playing| (?:the )?(?:music|song|playback))?", "{stop}"),
    (r"(?:tell|remind|notify) me(?: that| to| about)? (?P<message>.+)", "notify {message}"),
)
_AFTER = rf"(?:after|in) (?P<count>\d+|{'|'.join(_COUNTS)}) bars?"
_GOES = r"(?:go(?: on)?|jump|switch|move(?: on)?|change)(?: to| into) "
_TO = (
    rf"(?:{_GOES}|launch |start |play )(?:the |an? )?(?P<beside>next|previous|first|last|other|random)(?: scene| one)",
    rf"(?:{_GOES}|launch )(?:the )?(?:scene )?(?P<target>[\w-]+)(?: scene)?",
)
_END = re.compile(r"[,.!]*(?: please| thanks| thank you| pls)?[.!]*$", re.IGNORECASE)


def standing_order(text: str) -> Plan | None:
    """Return the plan of a sentence that says when something is to happen by itself, or None."""
    plain = _END.sub("", text)
    if (follows := _follow_order(plain, text)) is not None:
        return follows
    for time in _TIMES:
        for deed, what in _DEEDS:
            for pattern in (rf"{_LEAD}{time}[,:]? {_LEAD}{deed}", rf"{_LEAD}{deed},? {time}"):
                if (match := re.fullmatch(pattern, plain, re.IGNORECASE)) is not None:
                    found = {name: value for name, value in match.groupdict().items() if value is not None}
                    arguments = {"when": _when(found), "what": what.format(**_lower(found))}
                    return Plan((Call("rule add", arguments, text),), Footprint(parts=frozenset(), whole=False))
    return None


def _follow_order(plain: str, text: str) -> Plan | None:
    """Return the plan of a sentence that says what follows the scene that plays, or None."""
    for to in _TO:
        for pattern in (rf"{_LEAD}{_AFTER}[,:]? {_LEAD}{to}", rf"{_LEAD}{to},? {_AFTER}"):
            if (match := re.fullmatch(pattern, plain, re.IGNORECASE)) is not None:
                found = match.groupdict()
                bars = _COUNTS.get(found["count"].lower()) or int(found["count"])
                beside = (found.get("beside") or "").lower()
                follower = {"random": "other"}.get(beside, beside) or found["target"]
                arguments = {"scene": "now", "follower": follower, "bars": bars}
                return Plan((Call("scene follow", arguments, text),), Footprint(parts=frozenset(), whole=False))
    return None


def _lower(found: dict[str, str]) -> dict[str, str]:
    """Return what was found, words of ours in small letters and names as they are."""
    return {name: value.lower() if name in ("beside", "stop") else value for name, value in found.items()}


def _when(found: dict[str, str]) -> str:
    """Return when, as `rule add` takes it."""
    if "unit" in found:
        count = found.get("count", "1").lower()
        number = _COUNTS.get(count) or int(count)
        unit = found["unit"].lower()
        return f"every {number} {unit}s" if number > 1 else f"every {unit}"
    if "state" in found:
        state = {"starts": "playing", "stops": "stopped", "pauses": "paused"}[found["state"].lower()]
        return f"transport {state}"
    return f"marker {found.get('marker') or found.get('marked')}"
