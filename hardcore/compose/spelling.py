"""Spelling: a word that nothing is known of, but that is nearly the name of a style ("gaber", "tecno", "huose")."""

from collections.abc import Sequence
from functools import lru_cache

from hardcore.compose.lexicon import Piece
from hardcore.compose.styles import Style

LEAST_LETTERS, LONG_LETTERS = 5, 8


def respelled(row: Sequence[Piece], styles: Sequence[Style]) -> list[Piece]:
    """Return the pieces with the unknown word nearest to a style's phrase read as it, where no style is named."""
    if any(piece.kind in ("genre", "leaning") for piece in row):
        return list(row)
    phrases = tuple((style.id, phrase) for style in styles for phrase in style.phrases)
    near = [
        (found[0], at, found[1])
        for at, piece in enumerate(row)
        if piece.kind == "unknown" and (found := nearest_style(piece.text.casefold(), phrases))
    ]
    if not near:
        return list(row)
    _, best, style = min(near)
    return [
        piece._replace(kind="genre", style=style, slip=True) if at == best else piece for at, piece in enumerate(row)
    ]


@lru_cache(maxsize=4096)
def nearest_style(word: str, phrases: tuple[tuple[str, str], ...]) -> tuple[int, str] | None:
    """Return how many letters a word is from a phrase of a style, and its id; None where it is none's.

    One slip is forgiven, two in a phrase of eight letters or more; the first letter must be right.
    """
    found: list[tuple[int, int, str]] = []
    if not LEAST_LETTERS - 1 <= len(word) <= 30:
        return None
    for place, (style, phrase) in enumerate(phrases):
        letters = "".join(letter for letter in phrase.casefold() if letter.isalnum())
        most = 2 if len(letters) >= LONG_LETTERS else 1
        if len(letters) < LEAST_LETTERS or letters[0] != word[0] or abs(len(letters) - len(word)) > most:
            continue
        far = slips(word, letters)
        if far <= most:
            found.append((far, place, style))
    return (min(found)[0], min(found)[2]) if found else None


def slips(first: str, second: str) -> int:
    """Return how many letters were added, left out, changed or swapped with their neighbour (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for a in range(1, len(first) + 1):
        older, before, row = before, row, [a]
        for b in range(1, len(second) + 1):
            cost = first[a - 1] != second[b - 1]
            least = min(before[b] + 1, row[b - 1] + 1, before[b - 1] + cost)
            if a > 1 and b > 1 and first[a - 1] == second[b - 2] and first[a - 2] == second[b - 1]:
                least = min(least, older[b - 2] + 1)
            row.append(least)
    return row[-1]
