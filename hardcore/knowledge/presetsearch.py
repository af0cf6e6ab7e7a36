"""Finding presets by a producer's words: `warm dark pad`, `trance pluck`, `gritty 303`. Every match says why.

Words are roles and instruments as prompts name them, moods with what is near them, styles of music (what their palettes
play), families and instruments of the catalogue, and words of the presets' own names.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from hardcore.knowledge import index
from hardcore.knowledge.presets import factory_presets
from hardcore.knowledge.vocabulary import plural, vocabulary
from hardcore.project.devices import instrument, instruments
from hardcore.project.roles import ROLES

LONGEST_PHRASE = 4
_FILLER = "a an the and with in of for or some sound sounds preset presets like that is very"
_LEFT_OUT = frozenset(_FILLER.split())
# What a mood is also called; a preset that has the mood itself answers better.
_NEAR = {
    "dark": "gloomy murky sombre black moody night sinister evil menacing",
    "bright": "brilliant shiny crisp sparkling light",
    "warm": "mellow cosy round lush",
    "soft": "gentle mellow delicate quiet tender",
    "hard": "aggressive heavy harsh angry",
    "distorted": "gritty crunchy overdriven saturated fuzzy",
    "dirty": "gritty filthy rough grimy nasty",
    "brutal": "extreme savage violent",
    "natural": "acoustic real organic live",
    "dry": "close direct",
    "short": "staccato tight plucky",
    "long": "sustained endless",
    "moving": "evolving animated modulated alive",
    "digital": "modern synthetic",
    "analogue": "analog vintage fat",
    "vintage": "old retro",
    "eighties": "retro 80s synthwave",
    "sixties": "retro 60s",
    "big": "huge massive epic large",
    "fat": "thick full phat",
    "wide": "stereo spacious broad",
    "dusty": "lofi lo-fi old vinyl",
    "deep": "low subby",
    "slow": "calm ambient",
    "calm": "peaceful relaxed chill",
    "airy": "breathy ethereal floating dreamy",
    "eerie": "spooky scary horror haunting creepy ghostly strange",
    "hollow": "empty square",
    "noisy": "hissy",
    "thin": "small weak",
    "tight": "snappy punchy",
    "punchy": "snappy hitting",
    "metallic": "metal steel iron",
    "industrial": "mechanical factory",
    "cold": "icy frozen winter",
    "clear": "clean pure",
    "clean": "clear pure",
    "pure": "clean simple",
    "smooth": "silky",
    "vocal": "voice human singing",
    "sacred": "church religious holy",
    "orchestral": "cinematic film symphonic",
    "rising": "riser build buildup uplifter",
    "falling": "downlifter drop",
    "echo": "delayed",
    "grainy": "granular glitchy",
    "wooden": "wood",
    "funky": "groovy",
    "tense": "suspense",
    "melodic": "tonal musical",
    "latin": "cuban brazilian",
    "eastern": "oriental asian",
    "sampled": "recorded",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A preset that can be found: those of the program, and the user's own, which have no moods."""

    name: str
    device: str
    roles: tuple[str, ...]
    moods: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


class Match(NamedTuple):
    """A preset that answers, how well, and why."""

    preset: Candidate
    score: float
    why: str


Term = Callable[[Candidate], tuple[float, str]]


def candidates() -> tuple[Candidate, ...]:
    """Return the program's presets as what can be found."""
    return tuple(
        Candidate(p.name, p.device, (p.role,), p.moods, tuple(insert.device for insert in p.effects))
        for p in factory_presets().values()
    )


def search(text: str, known: Iterable[Candidate]) -> tuple[list[Match], bool]:
    """Return the presets that answer, the best first, and whether they answer every word.

    When none answers every word, those that answer the most. Nothing for a text without a word that counts.
    """
    terms, whole_name = list(_terms(text)), " ".join(text.casefold().split())
    found: list[tuple[int, Match]] = []
    for preset in known:
        points = [term(preset) for term in terms]
        held = sum(score > 0 for score, _ in points)
        if terms and preset.name.casefold() == whole_name:
            held, points = len(terms), [(5.0, "its name"), *points]
        if held:
            why = ", ".join(dict.fromkeys(reason for score, reason in points if score > 0))
            found.append((held, Match(preset, sum(score for score, _ in points), why)))
    most = max((held for held, _ in found), default=0)
    best = [match for held, match in found if held == most]
    best.sort(key=lambda match: (-match.score, match.preset.name.casefold()))
    return best, most == len(terms) > 0


def words() -> Iterator[tuple[str, str]]:
    """Yield what may be said, with its kind, for completion."""
    yield from ((role.replace("_", " "), "role") for role in ROLES)
    yield from ((mood, "mood") for mood in sorted({mood for p in factory_presets().values() for mood in p.moods}))
    yield from ((family, "family") for family in dict.fromkeys(device.family for device in instruments().values()))
    yield from ((entry.name, "style") for entry in index.entries())


def _terms(text: str) -> Iterator[Term]:
    """Yield a term for each phrase, the longest known first; single words that are moods stay moods."""
    said = [word for word in re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", text.casefold()) if word not in _LEFT_OUT]
    at = 0
    while at < len(said):
        for length in range(min(LONGEST_PHRASE, len(said) - at), 0, -1):
            phrase = " ".join(said[at : at + length])
            if length > 1 and (phrase not in _meanings() or any(word in _moods() for word in said[at : at + length])):
                continue
            yield _term(phrase)
            at += length
            break


@cache
def _moods() -> Mapping[str, frozenset[str]]:
    """Return the moods that a word means: itself, or those it is near to."""
    own = {mood for preset in factory_presets().values() for mood in preset.moods}
    found = {mood: {mood} for mood in own}
    for mood, near in _NEAR.items():
        for word in near.split():
            found.setdefault(word, set()).add(mood)
    return {word: frozenset(moods & own) for word, moods in found.items()}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a phrase says of a sound: roles, an instrument, or the instruments of a style."""

    roles: frozenset[str] = frozenset()
    device: str | None = None
    style: str | None = None
    devices: frozenset[str] = frozenset()


@cache
def _meanings() -> Mapping[str, _Meaning]:
    found: dict[str, _Meaning] = {}
    for entry in index.entries():
        meaning = _Meaning(style=entry.name, devices=frozenset(entry.devices))
        for phrase in entry.phrases:
            found[phrase.casefold()] = meaning
    for device in instruments().values():
        for name in (device.name.casefold(), device.id.replace("_", " ")):
            found[name] = _Meaning(device=device.id)
    for family in {device.family for device in instruments().values()}:
        inside = frozenset(device.id for device in instruments().values() if device.family == family)
        for name in (family, family.removesuffix("s")):
            found.setdefault(name, _Meaning(style=family, devices=inside))
    for said in vocabulary().instruments:
        meaning = _Meaning(roles=frozenset(said.roles), device=said.device)
        for phrase in said.say:
            found.setdefault(phrase, meaning)
            found.setdefault(plural(phrase), meaning)
    for role in ROLES:
        found[role.replace("_", " ")] = _Meaning(roles=frozenset({role}))
    return found


def _term(phrase: str) -> Term:
    """Return how well a preset answers a phrase: the best of what it can mean."""
    moods, meaning = _moods().get(phrase, frozenset[str]()), _meanings().get(phrase)
    stem = phrase.removesuffix("s") if len(phrase) > 3 else phrase

    def term(preset: Candidate) -> tuple[float, str]:
        answers = [(0.0, "")]
        if phrase in preset.moods:
            answers.append((2.0, phrase))
        elif near := [mood for mood in preset.moods if mood in moods]:
            answers.append((1.5, near[0]))
        if re.search(rf"(?<!\w){re.escape(stem)}", preset.name.casefold()):
            answers.append((2.5, f"'{stem}' in its name"))
        answers += _meant(preset, meaning) if meaning is not None else []
        return max(answers)

    return term


def _meant(preset: Candidate, meaning: _Meaning) -> Iterator[tuple[float, str]]:
    if meaning.device is not None:
        # Who names an instrument means that one.
        yield (3.0, instrument(preset.device).name) if preset.device == meaning.device else (0.0, "")
    elif meaning.roles & set(preset.roles[:1]):
        yield 2.0, preset.roles[0].replace("_", " ")
    elif preset.device in instruments() and meaning.roles & set(instrument(preset.device).roles):
        yield 0.5, f"{instrument(preset.device).name} can be {sorted(meaning.roles)[0].replace('_', ' ')}"
    if preset.device in meaning.devices:
        yield 1.0, f"{meaning.style}"
