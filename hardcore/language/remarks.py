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
    if _is_praise(words):
        return ANSWER
    return known.get(words) or (ANSWER if _made_of(words, known) else None)


def _is_praise(words: tuple[str, ...]) -> bool:
    """Return whether a line only says how good something is: "cheers, sounds ace", "that drop is absolutely filthy"."""
    praise, around = _praise()
    said = [word for word in words if word not in around]
    return bool(said) and praise.issuperset(said)


def _made_of(words: tuple[str, ...], known: dict[tuple[str, ...], str]) -> bool:
    """Return whether a line is remarks one after the other: "ok thanks, perfect"."""
    ends = {0}
    for at in range(len(words)):
        if at in ends:
            ends |= {end for end in range(at + 1, len(words) + 1) if words[at:end] in known}
    return len(words) in ends


@cache
def _praise() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that praise, and those that may stand around them."""
    entry = next(one for one in read_yaml(folder() / "language" / "remarks.yaml") if "praise" in one)
    return frozenset(entry["praise"]), frozenset(entry["around"])


@cache
def _known() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    path = folder() / "language" / "remarks.yaml"
    for entry in read_yaml(path):
        if isinstance(entry, dict) and "praise" in entry:
            continue
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
