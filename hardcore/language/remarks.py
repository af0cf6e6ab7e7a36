"""Remarks: lines that ask for nothing, "thanks!", "nice", "brb"; they get a friendly line and change nothing."""

from functools import cache

from hardcore.errors import UserError
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.language.words import clean, tokens

ANSWER = "nothing changed"


def remark(text: str) -> str | None:
    """Return the answer to a line that is nothing but talk, or None."""
    words = tuple(token.word for token in tokens(clean(text)) if token.word[0].isalnum() or not token.word.isascii())
    if not words:
        return ANSWER if text.strip() else None
    known = _known()
    return known.get(words) or (ANSWER if _made_of(words, known) else None)


def _made_of(words: tuple[str, ...], known: dict[tuple[str, ...], str]) -> bool:
    """Return whether a line is remarks one after the other: "ok thanks, perfect"."""
    ends = {0}
    for at in range(len(words)):
        if at in ends:
            ends |= {end for end in range(at + 1, len(words) + 1) if words[at:end] in known}
    return len(words) in ends


@cache
def _known() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    path = folder() / "language" / "remarks.yaml"
    for entry in read_yaml(path):
        if not isinstance(entry, dict) or not isinstance(entry.get("say"), list):
            raise UserError(f"{path.name}: an entry needs `say`")
        for phrase in entry["say"]:
            words = tuple(
                token.word
                for token in tokens(clean(str(phrase)))
                if token.word[0].isalnum() or not token.word.isascii()
            )
            found[words] = str(entry.get("answer", ANSWER))
    return found
