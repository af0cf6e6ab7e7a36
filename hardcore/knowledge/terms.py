"""Terms: what musicians call parameters and effects: knowledge_base/terms.yaml, loaded and checked once per process."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.section import Section
from hardcore.knowledge.source import folder, read_yaml
from hardcore.project import devices
from hardcore.project.device import Device, Parameter
from hardcore.project.plugin import is_plugin

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


class ColourTerm(Section):
    """What a dimension of colour or mood is called; `way` −1 where it is the opposite of it."""

    say: Phrases
    means: str
    way: Literal[-1, 1] = 1


class Terms(Section):
    """The whole file. A phrase means one thing."""

    parameters: tuple[ParameterTerm, ...]
    effects: tuple[EffectTerm, ...]
    colours: tuple[ColourTerm, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "Terms":
        for terms in (self.parameters, self.effects, self.colours):
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


def parameter_words(device: Device) -> tuple[str, ...]:
    """Return what the parameters of a device are called: their ids, then the terms that mean one of them."""
    own = [parameter.id for parameter in device.shown]
    meant = [phrase for term in terms().parameters if set(term.means) & set(own) for phrase in term.say]
    return tuple(dict.fromkeys((*own, *meant)))


def colour_called(words: str) -> tuple[str, int] | None:
    """Return the dimension that words mean and its way, 1 or −1; None for words that are none."""
    wanted = plain(words)
    named = next((term for term in terms().colours if wanted == term.means), None)
    term = named or next((term for term in terms().colours if wanted in map(plain, term.say)), None)
    if term is None:
        return None
    return term.means, 1 if named else term.way


def effect_called(words: str) -> EffectTerm:
    """Return the effect that words mean: a term, or an id of the catalogue. Raises UserError naming the nearest."""
    if is_plugin(words):
        return EffectTerm(say=(words,), device=devices.effect(words).id)
    wanted = plain(words)
    term = next((term for term in terms().effects if wanted in map(plain, term.say)), None)
    ids = {plain(device): device for device in devices.effects()}
    if term is None and wanted not in ids:
        raise NotFound(f"no effect '{words}'", nearest(words, effect_words()))
    return term or EffectTerm(say=(wanted,), device=ids[wanted])


def effect_words() -> tuple[str, ...]:
    """Return what effects are called: their ids, then the terms."""
    return tuple(dict.fromkeys((*devices.effects(), *(phrase for term in terms().effects for phrase in term.say))))
