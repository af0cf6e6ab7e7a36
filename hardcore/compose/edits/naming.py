"""Naming: what part words mean: `pad`, `dark rhodes`, `claves`, `reese`: roles, an instrument, and how it plays."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.vocabulary import plural, vocabulary
from hardcore.project import devices
from hardcore.project.devices import Device
from hardcore.project.roles import DRUMS, ROLES, Role


class Named(NamedTuple):
    """A part in words: the roles it may have, the instrument that is asked for, traits (and moods) of how it plays.

    group   the words mean several parts, such as drums
    """

    words: str
    roles: tuple[Role, ...]
    device: str | None = None
    traits: tuple[str, ...] = ()
    group: bool = False


def named(words: str, traits: Iterable[str] = ()) -> Named:
    """Return what part is meant by words of the vocabulary, a role or an instrument's id, adjectives before it.

    Raises UserError that names the nearest, or the word that says nothing.
    """
    row = words.casefold().replace("_", " ").split()
    for start in range(len(row)):
        for end in range(len(row), start, -1):
            found = _phrases().get(" ".join(row[start:end]))
            if found is not None:
                said = [*traits, *_adjectives(" ".join(row[:start])), *_adjectives(" ".join(row[end:]))]
                return found._replace(words=words, traits=tuple(dict.fromkeys((*found.traits, *said))))
    raise NotFound(f"no part is called '{words.strip()[:40]}'", nearest(words.strip(), _phrases()))


@cache
def _phrases() -> dict[str, Named]:
    found: dict[str, Named] = {}
    for entry in vocabulary().instruments:
        for phrase in entry.say:
            one = Named(phrase, entry.roles, entry.device, entry.traits, entry.group)
            found[phrase.casefold()] = one
            found.setdefault(plural(phrase.casefold()), one)
    for role in ROLES:
        found.setdefault(role.replace("_", " "), Named(role, (role,)))
    for device in devices.instruments().values():
        for role in ROLES:
            if device.roles[:1] == (role,):
                one = Named(device.name, (role,), device.id)
                found.setdefault(device.id.replace("_", " "), one)
                found.setdefault(device.name.casefold(), one)
    return found


def adjective(word: str) -> str:
    """Return the trait or mood that a word means for a part. Raises UserError naming the nearest."""
    known = _adjective_words()
    plain = " ".join(word.casefold().split())
    if plain not in known:
        raise UserError(f"'{word.strip()[:40]}' says nothing of how a part plays", nearest(plain, known))
    return known[plain]


def _adjectives(text: str) -> Iterable[str]:
    """Yield the traits and moods of a row of words, the longest phrases first. Raises UserError."""
    row = [word for word in text.split() if word not in ("a", "an", "the", "some", "and")]
    while row:
        size = next((n for n in range(len(row), 0, -1) if " ".join(row[:n]) in _adjective_words()), 1)
        yield adjective(" ".join(row[:size]))
        row = row[size:]


@cache
def _adjective_words() -> dict[str, str]:
    """Return traits by every word for them, and moods, which palettes and patterns know by their own word."""
    known = {phrase.casefold(): phrase.casefold() for entry in vocabulary().moods for phrase in entry.say}
    known |= {phrase.casefold(): entry.trait for entry in vocabulary().traits for phrase in entry.say}
    return known | {entry.trait: entry.trait for entry in vocabulary().traits}


def part_words() -> list[tuple[str, str]]:
    """Return words for parts with the roles they mean, for completion: those of the vocabulary, singular."""
    return [(phrase, ", ".join(entry.roles[:3])) for entry in vocabulary().instruments for phrase in entry.say[:1]]


def adjectives() -> list[str]:
    """Return the words for how a part plays."""
    return [entry.say[0] for entry in vocabulary().traits]


def device_for(part: Named, drum: bool) -> Device | None:
    """Return the instrument that a part's words mean for a drum or for another part: the one said, else the role's own.

    None where they mean none that fits.
    """
    if part.device is not None:
        wanted = devices.instrument(part.device)
        return wanted if drum == (wanted.roles[:1] != () and wanted.roles[0] in DRUMS) else None
    if part.words.casefold().startswith(("808", "909")):
        return None
    role = part.roles[0]
    fit = [device for device in devices.instruments().values() if device.roles[:1] == (role,)]
    return fit[0] if fit and (role in DRUMS) == drum else None
