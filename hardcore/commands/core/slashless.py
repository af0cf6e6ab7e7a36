"""Commands that are said as they are, without a slash: nobody means a piece of music by `undo that` or `save night`."""

import re

_FILE = r'"[^"]+"|[^\s"]+'
_THING = r"(?:it|this|that|(?:the |my )?(?:song|piece|project|loop|track))"
_THIS = rf"(?:{_THING} )?"
_HALF = r"(?:half[ -]?(?:step|tone)|semitone)"
_LIFT = r"(?:(?:add |put )?(?:a )?(?:key (?:change|lift)|modulation)(?: up)?|modulate(?: up)?|go up|lift)"
_LAST = r"(?: (?:in|at|for|from|before)? ?(?:the )?(?:last|final) (?:chorus|hook|drop))"
_OPTIONS = r"(?: +--.*)?"
_ALONE = (
    r"(?i)(undo|redo|play|stop|pause|save|help)"
    r"(?: (?:it|that|this|again|now|please|the (?:last )?(?:change|step|edit|music|song|playback|project)|playing))*"
    r" ?[.!?]*"
)
# A part of the project, and what something is called in the user's library.
_PART = r"(?:the|this|my) (\w[\w-]*(?: \w[\w-]*)?)"
_OWN = r'"?([^"\s][^"]*?)"?'
_OF_PROJECT = r"(?!(?:tracks|parts|instruments|effects|chords|notes|sections|scenes|keys|songs)\b)"
# A pattern, compiled when a line is compared with it, and the command with its groups.
_RULES = (
    (rf"(export|import) {_THIS}(?:(?:as|to) )?((?:{_FILE}){_OPTIONS})", r"/\1 \2"),
    (rf"(?:save|keep) {_PART}(?:'s)? (?:sound|preset) as {_OWN}", r'/library save preset "\2" --from "\1"'),
    (rf"(?:save|keep) {_PART}(?:'s)? (?:strip|track) as {_OWN}", r'/library save track "\2" --from "\1"'),
    (rf"(?:save|keep) {_PART}(?:'s)? (?:effects|chain) as {_OWN}", r'/library save effects "\2" --from "\1"'),
    (rf"(?:save|keep) {_PART}(?:'s)? (?:clip|notes) as {_OWN}", r'/library save clip "\2" --from "\1"'),
    (rf"(?:save|keep) (?:the )?scene (\w+) as {_OWN}", r'/library save scene "\2" --from "\1"'),
    (rf"use my {_OWN} (?:on|for) (?:the |my )?([\w-]+)", r'/library put "\1" "\2"'),
    (r"(?:show (?:me )?|what(?:'s| is) in |list )my library\??", "/library list"),
    (rf"(?:what|which) {_OF_PROJECT}(\w+) (?:do I have|have I (?:saved|kept|got))\??", r"/library find \1"),
    (r"(?:what|which) (\w+) (?:do I have|are there) in my library\??", r"/library find \1"),
    (rf"save {_THIS}(?:(?:as|to|in) )?((?:{_FILE}))", r"/save \1"),
    (rf"open ((?:{_FILE}))", r"/open \1"),
    (rf"launch (?:the )?(?:scene |clip )?((?:{_FILE}){_OPTIONS})", r"/launch \1"),
    (r"play (?:from (?:bar )?|bar )(\d+)", r"/play \1"),
    (rf"critique(?: {_THING})?({_OPTIONS})", r"/critique\1"),
    (rf"critique (?:the |my )?([\w ]*\w)({_OPTIONS})", r'/critique --in "\1"\2'),
    (rf"(?:match {_THIS}(?:to )?|make {_THING} sound like )({_FILE})", r"/mix match \1"),
    (rf"(?:end|finish) {_THING}(?: properly| on the tonic)?|give {_THING} a(?:n| proper) ending", "/song end"),
    (rf"{_LIFT}(?: by)? an? {_HALF}{_LAST}?|{_LIFT}{_LAST}(?: up)?(?: by)? an? {_HALF}", "/song lift 1"),
    (rf"modulate up(?: (?:by )?a (?:whole )?(?:step|tone))?|{_LIFT}{_LAST}(?:(?: by)? a (?:step|tone))?", "/song lift"),
    (
        r"(?:no|remove the|take back the|undo the|without (?:the|a)) key (?:change|lift)"
        r"|take the key (?:change|lift) back",
        "/song lift 0",
    ),
    (rf"end {_THING} with a (hit|ritard|fade)", r"/song end \1"),
)
# What may stand after them and is no file's name.
_NO_FILE = r"(?i)/(?:export|import|save|open) (?:the|a|an|my|all|up|me|it|this|that|everything)(?: |$)"
_ENDING = r'(?i)\.(?:wav|flac|ogg|mp3|aiff?|midi?|hcs)"?(?: |$)'


def as_command(line: str) -> str | None:
    """Return the line with the slash that it could have, None where it is a sentence."""
    if re.match(r":[a-z]", line):  # as the earlier engine's prompt had it
        return f"/{line[1:]}"
    if alone := re.fullmatch(_ALONE, line):
        return f"/{alone[1].lower()}"
    for pattern, command in _RULES:
        if match := re.fullmatch(pattern, line, re.IGNORECASE):
            name, space, rest = match.expand(command).partition(" ")
            said = f"{name.lower()}{space}{rest}"
            is_file = not said.startswith(("/export", "/import", "/open", "/mix match")) or re.search(_ENDING, said)
            return said if is_file and not re.match(_NO_FILE, said) else None
    return None
