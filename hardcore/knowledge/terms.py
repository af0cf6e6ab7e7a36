"""Terms: what musicians call parameters and effects: knowledge_base/terms.yaml, loaded and checked once per process."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import UserError, nearest
from hardcore.knowledge.section import Section
from hardcore.knowledge.source import folder, read_yaml
from hardcore.project import devices
from hardcore.project.device import Device, Parameter

FILE = "terms.yaml"
Phrases = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1)]


class ParameterTerm(Section):
    """What a parameter is called, and the ids of parameters that it is, the nearest first."""

    say: Phrases
    means: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> "ParameterTerm":
        if unknown := [name for name in self.means if name not in _parameter_ids()]:
            raise ValueError(f"no device has a parameter '{unknown[0]}' ({nearest(unknown[0], _parameter_ids())})")
        return self


class EffectTerm(Section):
    """What an effect is called, what it is in the catalogue, and what it begins with.

    send   it is a send to a return of its kind where there is one
    """

    say: Phrases
    device: str
    settings: Mapping[str, float] = {}
    send: bool = False

    @model_validator(mode="after")
    def _known(self) -> "EffectTerm":
        try:
            for name, value in self.settings.items():
                devices.effect(self.device).checked(name, value)
            devices.effect(self.device)
        except UserError as error:
            raise ValueError(error.line()) from error
        return self


class Terms(Section):
    """The whole file. A phrase means one thing."""

    parameters: tuple[ParameterTerm, ...]
    effects: tuple[EffectTerm, ...]

    @model_validator(mode="after")
    def _once(self) -> "Terms":
        for terms in (self.parameters, self.effects):
            seen: set[str] = set()
            for phrase in (plain(phrase) for term in terms for phrase in term.say):
                if phrase in seen:
                    raise ValueError(f"'{phrase}' is there twice")
                seen.add(phrase)
        return self


@cache
def _parameter_ids() -> frozenset[str]:
    known = (*devices.instruments().values(), *devices.effects().values())
    return frozenset(parameter.id for device in known for parameter in device.shown)


@cache
def terms() -> Terms:
    """Return what the file says. Raises UserError `file: key: what is wrong`."""
    try:
        return Terms.model_validate(read_yaml(folder() / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "top level"
        raise UserError(f"{FILE}: {key}: {first['msg'].removeprefix('Value error, ')}") from error


def plain(words: str) -> str:
    """Return words as they are compared: lower case, no article, a hyphen or underscore as a space."""
    found = " ".join(words.casefold().replace("-", " ").replace("_", " ").split())
    return found.removeprefix("the ")


def parameter_called(device: Device, words: str) -> Parameter | None:
    """Return the parameter of a device that words mean: its id, else the nearest of the term; None for none."""
    known = {plain(parameter.id): parameter for parameter in device.shown}
    wanted = plain(words)
    if wanted in known:
        return known[wanted]
    meant = next((term.means for term in terms().parameters if wanted in map(plain, term.say)), ())
    return next((known[plain(name)] for name in meant if plain(name) in known), None)


def parameter_words(device: Device) -> Iterator[str]:
    """Yield what the parameters of a device are called: their ids, then the terms that mean one of them."""
    own = [parameter.id for parameter in device.shown]
    yield from own
    for term in terms().parameters:
        if set(term.means) & set(own):
            yield from term.say


def effect_called(words: str) -> EffectTerm:
    """Return the effect that words mean: an id of the catalogue, as it is there, or a term with its settings.

    Raises UserError naming the nearest.
    """
    wanted = plain(words)
    ids = {plain(device): device for device in devices.effects()}
    term = next((term for term in terms().effects if wanted in map(plain, term.say)), None)
    if wanted in ids:
        return EffectTerm(say=(wanted,), device=ids[wanted], send=term is not None and term.send)
    if term is None:
        raise UserError(f"no effect '{words}'", nearest(words, effect_words()))
    return term


def effect_words() -> Iterable[str]:
    """Return what effects are called: their ids, then the terms."""
    return (*devices.effects(), *(phrase for term in terms().effects for phrase in term.say))
