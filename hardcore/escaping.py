"""Escaping: text of unknown origin as every surface shows it, so that no name or file steers the terminal of a reader.

What steers is a control character (ESC, BEL, C1), the direction of writing, an invisible letter or tag, half of a
surrogate pair, or a separator of lines that is no newline. Joiners stay: letters of Persian and emoji need them.
"""

import re

_STEERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def escaped(text: str) -> str:
    r"""Return lines with everything that could steer a terminal written out, such as `\x1b`; tabs become spaces."""
    return _STEERS.sub(lambda match: ascii(match[0])[1:-1], text.replace("\t", "    "))


def escaped_line(text: str) -> str:
    r"""Return `escaped` text as one line: a newline is written out as `\n`."""
    return text if text.isprintable() else escaped(text).replace("\n", "\\n")


def escaped_json(text: str) -> str:
    """Return JSON of the same value without any character that could steer a terminal."""
    return _STEERS.sub(lambda match: _units(match[0]), text)


def _units(letter: str) -> str:
    whole = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{whole[at : at + 4]}" for at in range(0, len(whole), 4))
