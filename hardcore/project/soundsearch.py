"""Finding sounds by words: `dark kick 50hz`, `loop 120-130 bpm`, `short bright hat`. Every match says why."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from hardcore.music.scale import Key
from hardcore.project.soundfacts import TYPE_OF, SoundFile, said_hz, said_key, said_type

_HEARD_WORDS = {"dark", "bright", "short", "long", "boomy", "noisy", "tonal", "quiet"}
_LEFT_OUT = {"a", "an", "the", "and", "with", "at", "in", "of", "for", "or", "some", "sound", "sample", "samples"}
# One number means about that much: two semitones for a pitch, 2 % for a tempo.
_PITCH_SLACK, _TEMPO_SLACK = 2 ** (2 / 12), 1.02
_NUMBER = r"(\d+(?:\.\d+)?)"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|–|\.\.|to)\s*{_NUMBER})?"


class Match(NamedTuple):
    """A sound that answers a question, how well, and why."""

    file: SoundFile
    score: float
    why: str


Term = Callable[[SoundFile], tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Query:
    """A question in parts: each term gives a sound points (0: it does not hold) and says why; `said` names them."""

    terms: tuple[Term, ...]
    said: tuple[str, ...]


def query(text: str) -> Query:
    """Return the terms in a text: numbers with hz, bpm or s, keys, types, and words."""
    terms: list[Term] = []
    said: list[str] = []
    rest = text.casefold()

    def take(pattern: str, made: Callable[[re.Match[str]], Term | None]) -> None:
        nonlocal rest
        while (match := re.search(pattern, rest)) is not None:
            term = made(match)
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
            if term is not None:
                terms.append(term)
                said.append(" ".join(match.group(0).split()))

    take(rf"(?<!\w){_RANGE}\s*hz\b", lambda m: _hz(*_span(m, _PITCH_SLACK)))
    take(rf"(?<!\w){_RANGE}\s*bpm\b", lambda m: _bpm(*_span(m, _TEMPO_SLACK)))
    take(rf"\bbpm\s*{_RANGE}", lambda m: _bpm(*_span(m, _TEMPO_SLACK)))
    take(rf"(?<!\w){_RANGE}\s*(?:s|sec|seconds?)\b", lambda m: _seconds(*_span(m, 1.25)))
    take(r"(?<!\w)[a-g](?:#|b|♯|♭)?\s*(?:minor|major|min|maj)\b", lambda m: _key(m.group(0)))
    for word in re.findall(r"[^\W_]+", rest):
        if word not in _LEFT_OUT:
            terms.append(_type(TYPE_OF[word]) if word in TYPE_OF else _word(word))
            said.append(word)
    return Query(tuple(terms), tuple(said))


def search(files: Iterable[SoundFile], asked: Query) -> tuple[list[Match], bool]:
    """Return the sounds that answer, the best first, and whether they answer every term.

    When none answers every term, those that answer the most. A sound that lies in several places comes once.
    """
    seen: set[str] = set()
    found: list[tuple[int, Match]] = []
    for file in files:
        if file.facts is None or file.facts.sha256 in seen:
            continue
        points = [term(file) for term in asked.terms]
        held = sum(score > 0 for score, _ in points)
        if held or not asked.terms:
            seen.add(file.facts.sha256)
            why = ", ".join(reason for score, reason in points if score > 0)
            found.append((held, Match(file, sum(score for score, _ in points), why)))
    most = max((held for held, _ in found), default=0)
    best = [match for held, match in found if held == most]
    best.sort(key=lambda match: (-match.score, match.file.name.casefold(), match.file.path))
    return best, most == len(asked.terms)


def _span(match: re.Match[str], slack: float) -> tuple[float, float]:
    low = float(match.group(1))
    high = float(match.group(2)) if match.group(2) else 0.0
    return (min(low, high), max(low, high)) if high else (low / slack, low * slack)


def _near(value: float | None, low: float, high: float) -> float:
    """Return 1 to 2 inside a span, 2 in its middle; 0 outside."""
    if value is None or not low <= value <= high:
        return 0.0
    middle, half = (low + high) / 2, (high - low) / 2
    return 2.0 - (abs(value - middle) / half if half else 0.0)


def _hz(low: float, high: float) -> Term:
    def term(file: SoundFile) -> tuple[float, str]:
        heard, named = file.facts.hz if file.facts else None, said_hz(file.path)
        if points := _near(heard, low, high):
            return points + (0.5 if _near(named, low, high) else 0.0), f"{heard:.1f} Hz"
        return _near(named, low, high), f"{named or 0:g} Hz by its name"

    return term


def _bpm(low: float, high: float) -> Term:
    def term(file: SoundFile) -> tuple[float, str]:
        bpm = file.facts.bpm if file.facts else None
        return _near(bpm, low, high), f"{bpm or 0:.1f} bpm"

    return term


def _seconds(low: float, high: float) -> Term:
    def term(file: SoundFile) -> tuple[float, str]:
        seconds = file.facts.seconds if file.facts else None
        return _near(seconds, low, high), f"{seconds or 0:.2f} s"

    return term


def _key(text: str) -> Term | None:
    words = re.sub(r"min(?:or)?\b", " minor", re.sub(r"maj(?:or)?\b", " major", text))
    wanted = Key.parse(" ".join(words.split())).name.casefold()

    def term(file: SoundFile) -> tuple[float, str]:
        key, named = file.facts.key if file.facts else None, said_key(file.path)
        if key is not None and Key.parse(key).name.casefold() == wanted:
            return 2.0, key
        is_named = named is not None and named.name.casefold() == wanted
        return (1.5, f"{named.name} by its name") if named is not None and is_named else (0.0, "")

    return term


def _type(kind: str) -> Term:
    def term(file: SoundFile) -> tuple[float, str]:
        heard = file.facts is not None and file.facts.type == kind
        named = said_type(file.path) == kind
        if heard and named:
            return 3.0, f"{kind} by sound and name"
        if heard or named:
            return (2.0 if named else 1.5), f"{kind} by {'sound' if heard else 'name'}"
        lies = any(TYPE_OF.get(word) == kind for word in file.words)
        return (0.5 if lies else 0.0), f"{kind} by its folder"

    return term


def _word(word: str) -> Term:
    def term(file: SoundFile) -> tuple[float, str]:
        if word in _HEARD_WORDS and file.facts and word in file.facts.words:
            about = f" ({file.facts.centroid_hz:.0f} Hz centre)" if word in ("dark", "bright") else ""
            return 2.0, f"{word}{about}"
        if word in file.words:
            return 1.5, f"'{word}' in its name"
        longer = next((known for known in file.words if len(word) >= 3 and word in known), None)
        return (1.0 if longer else 0.0), f"'{longer}' in its name"

    return term
