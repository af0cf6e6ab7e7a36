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
    "hard": "aggressive heavy harsh angry gritty",
    "distorted": "gritty crunchy overdriven saturated fuzzy dirty rough",
    "dirty": "gritty filthy rough grimy nasty distorted",
    "rough": "gritty dirty raw",
    "brutal": "extreme savage violent",
    "natural": "acoustic real organic live",
    "dry": "close direct",
    "short": "staccato tight plucky",
    "long": "sustained endless",
    "moving": "evolving animated modulated alive wobbly wobbling",
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
# Adjectives of things: a wobbly bass is a wobble.
_THINGS = {
    "wobbly": "wobble", "wobbling": "wobble", "growly": "growl", "growling": "growl", "plucky": "pluck",
    "squelchy": "squelch", "stabby": "stab", "screeching": "screech",
}  # fmt: skip
# Words that mean several instruments, none of which is a role.
_KINDS = {"bell": ("glockenspiel", "music_box", "tubular_bell"), "chime": ("glockenspiel", "tubular_bell")}
# Who asks for one role takes the other too, only later.
_BESIDE = {"bass": "sub", "sub": "bass"}
# What a word is worth: the instrument itself, a word of the name, a role, a mood, one that is near, part of a name.
_DEVICE, _NAMED, _ROLE, _MOOD, _NEARLY, _PART, _MORE, _LITTLE = 3.0, 2.5, 2.0, 2.0, 1.5, 1.0, 0.25, 0.1


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


class Term(NamedTuple):
    """A phrase: how well a preset answers it and why; `is_needed` when what does not answer it is out of question."""

    points: Callable[[Candidate], tuple[float, str]]
    is_needed: bool = False


def candidates() -> tuple[Candidate, ...]:
    """Return the program's presets as what can be found."""
    return tuple(
        Candidate(p.name, p.device, (p.role,), p.moods, tuple(insert.device for insert in p.effects))
        for p in factory_presets().values()
    )


def search(text: str, known: Iterable[Candidate]) -> tuple[list[Match], bool]:
    """Return the presets that answer, the best first, and whether they answer every word.

    Who says a role, or a kind of instrument, gets nothing else, where there is any such preset. When none answers every
    word, those that answer the most. Nothing for a text without a word that counts.
    """
    terms, whole_name = list(_terms(text)), " ".join(text.casefold().split())
    found: list[tuple[int, Match]] = []
    for preset in _fitting(list(known), terms, whole_name):
        points = [term.points(preset) for term in terms]
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


def _fitting(known: list[Candidate], terms: list[Term], whole_name: str) -> list[Candidate]:
    """Return the presets that have what is needed, where any has; of roles that none has at once any will do."""
    needed = [{one for one in known if term.points(one)[0] > 0} for term in terms if term.is_needed]
    needed = [having for having in needed if having]
    if not needed:
        return known
    fitting = set.intersection(*needed) or set.union(*needed)
    return [one for one in known if one in fitting or one.name.casefold() == whole_name]


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
    """What a phrase says of a sound: roles, an instrument, or the instruments of a style or a `kind`."""

    roles: frozenset[str] = frozenset()
    device: str | None = None
    style: str | None = None
    devices: frozenset[str] = frozenset()
    is_kind: bool = False


@cache
def _meanings() -> Mapping[str, _Meaning]:
    found: dict[str, _Meaning] = {}
    for entry in index.entries():
        meaning = _Meaning(style=entry.name, devices=frozenset(entry.devices))
        for phrase in entry.phrases:
            # as it stands in a question: without the words that say nothing
            found[" ".join(word for word in phrase.casefold().split() if word not in _LEFT_OUT)] = meaning
    for device in instruments().values():
        for name in (device.name.casefold(), device.id.replace("_", " ")):
            found[name] = _Meaning(device=device.id)
    for kind, names in _KINDS.items():
        found[kind] = found[plural(kind)] = _Meaning(style=kind, devices=frozenset(names), is_kind=True)
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
    moods, meaning = _moods().get(phrase, frozenset[str]()), _meanings().get(_THINGS.get(phrase, phrase))
    is_needed = meaning is not None and (meaning.is_kind or (bool(meaning.roles) and meaning.device is None))
    stem = re.escape(phrase if phrase.endswith("ss") or len(phrase) < 4 else phrase.removesuffix("s"))
    word, part = re.compile(rf"(?<!\w){stem}s?(?!\w)"), re.compile(rf"(?<!\w){stem}")

    def points(preset: Candidate) -> tuple[float, str]:
        meant = list(_meant(preset, meaning)) if meaning is not None else []
        if is_needed and not any(score > 0 for score, _ in meant):
            return 0.0, ""
        answers = [(0.0, ""), *meant]
        near = [mood for mood in preset.moods if mood in moods]
        if phrase in preset.moods:
            answers.append((_MOOD + _MORE * (len(near) - 1), phrase))
        elif near:
            answers.append((_NEARLY + _MORE * (len(near) - 1), " and ".join(near)))
        name = preset.name.casefold()
        if word.search(name) or part.search(name):
            # that a bass is called one says little more than that it is one
            worth = _ROLE + _LITTLE if is_needed else _NAMED
            answers.append((worth if word.search(name) else _PART, f"'{phrase}' in its name"))
        return max(answers)

    return Term(points, is_needed)


def _meant(preset: Candidate, meaning: _Meaning) -> Iterator[tuple[float, str]]:
    if meaning.device is not None:
        # Who names an instrument means that one.
        yield (_DEVICE, instrument(preset.device).name) if preset.device == meaning.device else (0.0, "")
    elif meaning.roles & set(preset.roles[:1]):
        yield _ROLE, preset.roles[0].replace("_", " ")
    elif held := sorted(meaning.roles & set(preset.roles)):
        yield _PART, f"can be {held[0].replace('_', ' ')}"
    elif {_BESIDE.get(role) for role in meaning.roles} & set(preset.roles[:1]):
        yield _PART, preset.roles[0]
    if preset.device in meaning.devices:
        yield (_DEVICE if meaning.is_kind else _PART), f"{meaning.style}"
