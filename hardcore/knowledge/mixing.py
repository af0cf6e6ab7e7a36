"""How parts share a mix, whatever the style: knowledge_base/mixing.yaml. A genre's strips say where its own differ."""

from functools import cache
from typing import Annotated

from pydantic import Field, ValidationError

from hardcore.errors import UserError
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.section import Section
from hardcore.knowledge.sound import LowCut, Place, Strip, Width
from hardcore.knowledge.source import folder, read_yaml
from hardcore.project.roles import ROLES, Role

FILE = "mixing.yaml"
OFF_HZ = 20.0


class Dip(Section):
    """A part is turned down by `gain` dB around `freq` Hz while the part `under` plays."""

    under: Role
    freq: Annotated[float, Field(ge=200, le=8000)]
    gain: Annotated[float, Field(ge=-12, le=0)]
    q: Annotated[float, Field(ge=0.2, le=12)] = 0.7


class RoleMix(Section):
    """A role's loudness (dB above the leading kick), its lowest frequency, its width, and where it makes room."""

    place: Place
    low_cut: LowCut = OFF_HZ
    width: Width = 100.0
    dips: Annotated[tuple[Dip, ...], Field(max_length=2)] = ()


class Mixing(Section):
    """What holds in every style."""

    roles: dict[Role, RoleMix]
    below_target: Annotated[float, Field(ge=0, le=20)]
    highest_reference: Annotated[float, Field(ge=-40, le=-5)]
    mono_below: Annotated[float, Field(ge=0, le=500)]


@cache
def mixing() -> Mixing:
    """Return what the file says. Raises UserError `file: key: what is wrong`."""
    try:
        found = Mixing.model_validate(read_yaml(folder() / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"{FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    missing = [role for role in ROLES if role not in found.roles]
    if missing:
        raise UserError(f"{FILE}: roles: {', '.join(missing)} have no place")
    return found


def role_mix(role: Role, strip: Strip) -> RoleMix:
    """Return a role's part of the mix, with what the genre's strip says in place of what holds everywhere."""
    own = {name: value for name in ("place", "low_cut", "width") if (value := getattr(strip, name)) is not None}
    return mixing().roles[role].evolve(**own)


def reference_lufs(known: Genre) -> float:
    """Return how loud a part at 0 dB is before the master: quieter where the whole is to be quiet."""
    every = mixing()
    return min(every.highest_reference, known.mix.target_lufs - every.below_target)


def wanted_lufs(known: Genre, role: Role) -> float:
    """Return how loud a role's part is to be before the master, LUFS."""
    return reference_lufs(known) + role_mix(role, known.mix.strips.get(role, Strip())).place
